import Kernel
import Store

enum AccountQueries {
    static let columns: SQL = """
        id, slug, name, time_zone, locale, currency, vertical, hue, phone, address, website,
        state, trial_ends_at, version, created_at
        """

    static func read(_ row: Row) throws -> Account {
        Account(
            id: try row.id(0), slug: try row.text(1), name: try row.text(2),
            timeZone: try row.text(3), locale: try row.text(4), currency: try row.text(5),
            vertical: row.textOrNil(6), hue: try row.int(7), phone: row.textOrNil(8),
            address: row.textOrNil(9), website: row.textOrNil(10), state: try row.word(11),
            trialEndsAt: try row.instantOrNil(12), version: try row.int(13),
            createdAt: try row.instant(14))
    }

    static func count(in tx: Transaction) throws -> Int {
        try tx.count("SELECT COUNT(*) FROM accounts")
    }

    static func insert(_ account: Account, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO accounts (\(columns))
            VALUES (\(account.id), \(account.slug), \(account.name), \(account.timeZone),
                \(account.locale), \(account.currency), \(account.vertical), \(account.hue),
                \(account.phone), \(account.address), \(account.website),
                \(account.state.rawValue), \(account.trialEndsAt), \(account.version),
                \(account.createdAt))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ account: Account, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            UPDATE accounts
            SET slug = \(account.slug), name = \(account.name), time_zone = \(account.timeZone),
                locale = \(account.locale), currency = \(account.currency),
                vertical = \(account.vertical), phone = \(account.phone),
                address = \(account.address), website = \(account.website),
                state = \(account.state.rawValue), version = \(account.version)
            WHERE id = \(account.id) AND version = \(account.version - 1)
            """)
        if written != 1 { throw StoreError.busy("account \(account.id)") }
    }

    static func account(_ id: AccountID, in tx: Transaction) throws -> Account? {
        try tx.first("SELECT \(columns) FROM accounts WHERE id = \(id)", read)
    }

    static func account(slug: String, in tx: Transaction) throws -> Account? {
        try tx.first("SELECT \(columns) FROM accounts WHERE slug = \(slug)", read)
    }

    static func accounts(
        after: String?, limit: Int, among ids: [AccountID]?, in tx: Transaction
    ) throws -> [Account] {
        let whose: SQL = ids.map { "AND id IN (\(list: $0))" } ?? ""
        return try tx.all(
            """
            SELECT \(columns)
            FROM accounts
            WHERE id > \(after ?? "") \(whose)
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }
}
