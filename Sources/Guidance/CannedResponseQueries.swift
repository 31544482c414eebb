import Kernel
import Store

enum CannedResponseQueries {
    static let columns: SQL = "id, account_id, shortcut, title, text, version, created_at"

    private static func read(_ row: Row) throws -> CannedResponse {
        CannedResponse(
            id: try row.id(0), account: row.idOrNil(1), shortcut: try row.text(2),
            title: try row.text(3), text: try row.text(4), version: try row.int(5),
            createdAt: try row.instant(6))
    }

    /// Whose it is; null is the office.
    private static func owner(_ account: AccountID?) -> SQL {
        account.map { "account_id = \($0)" } ?? "account_id IS NULL"
    }

    static func count(of account: AccountID?, in tx: Transaction) throws -> Int {
        try tx.count("SELECT COUNT(*) FROM canned_responses WHERE \(owner(account))")
    }

    static func insert(_ response: CannedResponse, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO canned_responses (\(columns))
            VALUES (\(response.id), \(response.account), \(response.shortcut),
                \(response.title), \(response.text), \(response.version),
                \(response.createdAt))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ response: CannedResponse, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            UPDATE canned_responses
            SET shortcut = \(response.shortcut), title = \(response.title),
                text = \(response.text), version = \(response.version)
            WHERE id = \(response.id) AND \(owner(response.account))
                AND version = \(response.version - 1)
            """)
        if written != 1 { throw StoreError.busy("the reply was written meanwhile") }
    }

    static func delete(_ response: CannedResponse, in tx: Transaction) throws {
        let deleted = try tx.execute(
            """
            DELETE FROM canned_responses
            WHERE id = \(response.id) AND \(owner(response.account))
                AND version = \(response.version)
            """)
        if deleted != 1 { throw StoreError.busy("the reply was written meanwhile") }
    }

    static func response(_ id: CannedResponseID, in tx: Transaction) throws -> CannedResponse? {
        try tx.first("SELECT \(columns) FROM canned_responses WHERE id = \(id)", read)
    }

    static func responses(
        of account: AccountID, after shortcut: String?, limit: Int, in tx: Transaction
    ) throws -> [CannedResponse] {
        try tx.all(
            """
            SELECT \(columns)
            FROM canned_responses
            WHERE (account_id = \(account)
                    OR (account_id IS NULL AND NOT EXISTS (
                        SELECT 1 FROM canned_responses AS own
                        WHERE own.account_id = \(account)
                            AND own.shortcut = canned_responses.shortcut)))
                AND shortcut > \(shortcut ?? "")
            ORDER BY shortcut
            LIMIT \(limit)
            """, read)
    }

    static func officeResponses(
        after shortcut: String?, limit: Int, in tx: Transaction
    ) throws -> [CannedResponse] {
        try tx.all(
            """
            SELECT \(columns)
            FROM canned_responses
            WHERE account_id IS NULL AND shortcut > \(shortcut ?? "")
            ORDER BY shortcut
            LIMIT \(limit)
            """, read)
    }

    static func shortcuts(of account: AccountID, in tx: Transaction) throws -> Set<String> {
        Set(
            try tx.all(
                "SELECT shortcut FROM canned_responses WHERE account_id = \(account)"
            ) { try $0.text(0) })
    }
}
