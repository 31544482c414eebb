import Kernel
import Store

enum GuidanceQueries {
    static func sheet(of account: AccountID, in tx: Transaction) throws -> GuidanceSheet? {
        try tx.first(
            """
            SELECT greeting, tone, about, steps, version, updated_at
            FROM guidance
            WHERE account_id = \(account)
            """
        ) { row in
            var sheet = GuidanceSheet(account: account)
            sheet.greeting = try row.text(0)
            sheet.tone = try row.text(1)
            sheet.about = try row.text(2)
            sheet.steps = (try row.json(3).array ?? []).map {
                GuidanceSheet.Step(title: $0["title"]?.string ?? "", say: $0["say"]?.string ?? "")
            }
            sheet.version = try row.int(4)
            sheet.updatedAt = try row.instant(5)
            return sheet
        }
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func save(_ sheet: GuidanceSheet, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            INSERT INTO guidance
                (account_id, greeting, tone, about, steps, version, updated_at)
            VALUES (\(sheet.account), \(sheet.greeting), \(sheet.tone), \(sheet.about),
                \(JSONValue.array(sheet.steps.map(\.json))), \(sheet.version),
                \(sheet.updatedAt))
            ON CONFLICT (account_id) DO UPDATE
            SET greeting = excluded.greeting, tone = excluded.tone, about = excluded.about,
                steps = excluded.steps, version = excluded.version,
                updated_at = excluded.updated_at
            WHERE guidance.version = \(sheet.version - 1)
            """)
        if written != 1 { throw StoreError.busy("guidance was written meanwhile") }
    }
}
