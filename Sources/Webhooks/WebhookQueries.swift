import Kernel
import Store

enum WebhookQueries {
    static let columns: SQL = """
        id, account_id, url, description, events, is_active, set_by_office, secret,
        previous_secret, previous_until, failures, failing_since, disabled_at, disabled_reason,
        version, created_at
        """

    static func read(_ row: Row) throws -> Webhook {
        Webhook(
            id: try row.id(0), account: try row.id(1), url: try row.text(2),
            description: row.textOrNil(3),
            events: (try row.json(4).array ?? []).compactMap(\.string),
            isActive: try row.bool(5), isSetByOffice: try row.bool(6), secret: try row.text(7),
            previousSecret: row.textOrNil(8), previousUntil: try row.instantOrNil(9),
            failures: try row.int(10), failingSince: try row.instantOrNil(11),
            disabledAt: try row.instantOrNil(12),
            disabledReason: try row.textOrNil(13) == nil ? nil : row.word(13),
            version: try row.int(14), createdAt: try row.instant(15))
    }

    static func insert(_ webhook: Webhook, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO webhooks (\(columns))
            VALUES (\(webhook.id), \(webhook.account), \(webhook.url), \(webhook.description),
                \(JSONValue.list(webhook.events)), \(webhook.isActive),
                \(webhook.isSetByOffice), \(webhook.secret), \(webhook.previousSecret),
                \(webhook.previousUntil), \(webhook.failures), \(webhook.failingSince),
                \(webhook.disabledAt), \(webhook.disabledReason?.rawValue), \(webhook.version),
                \(webhook.createdAt))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ webhook: Webhook, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            UPDATE webhooks
            SET url = \(webhook.url), description = \(webhook.description),
                events = \(JSONValue.list(webhook.events)), is_active = \(webhook.isActive),
                set_by_office = \(webhook.isSetByOffice), secret = \(webhook.secret),
                previous_secret = \(webhook.previousSecret),
                previous_until = \(webhook.previousUntil), failures = \(webhook.failures),
                failing_since = \(webhook.failingSince), disabled_at = \(webhook.disabledAt),
                disabled_reason = \(webhook.disabledReason?.rawValue),
                version = \(webhook.version)
            WHERE id = \(webhook.id) AND account_id = \(webhook.account)
                AND version = \(webhook.version - 1)
            """)
        if written != 1 { throw StoreError.busy("webhook \(webhook.id)") }
    }

    static func delete(_ webhook: Webhook, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM webhook_deliveries
            WHERE webhook_id = \(webhook.id) AND account_id = \(webhook.account)
            """)
        try tx.execute(
            "DELETE FROM webhooks WHERE id = \(webhook.id) AND account_id = \(webhook.account)")
    }

    static func accountExists(_ id: AccountID, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM accounts WHERE id = \(id)")
    }

    static func webhook(
        _ id: WebhookID, locking: Bool = false, in tx: Transaction
    ) throws -> Webhook? {
        let lock: SQL = locking ? "\(.forUpdate)" : ""
        return try tx.first("SELECT \(columns) FROM webhooks WHERE id = \(id) \(lock)", read)
    }

    static func webhooks(
        of account: AccountID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [Webhook] {
        try tx.all(
            """
            SELECT \(columns)
            FROM webhooks
            WHERE account_id = \(account) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    static func count(of account: AccountID, in tx: Transaction) throws -> Int {
        try tx.count("SELECT COUNT(*) FROM webhooks WHERE account_id = \(account)")
    }

    static func countDisabled(of account: AccountID, in tx: Transaction) throws -> Int {
        try tx.count(
            """
            SELECT COUNT(*) FROM webhooks
            WHERE account_id = \(account) AND disabled_at IS NOT NULL
            """)
    }

    /// Who may want to hear of something: id and patterns of the endpoints that are on.
    static func listeners(
        of account: AccountID, in tx: Transaction
    ) throws -> [(id: WebhookID, events: [String])] {
        try tx.all(
            """
            SELECT id, events FROM webhooks
            WHERE account_id = \(account) AND is_active = 1
            ORDER BY id
            """
        ) { row in
            (id: try row.id(0), events: (try row.json(1).array ?? []).compactMap(\.string))
        }
    }

    // MARK: How it goes; no version, since nobody edits this

    static func noteSuccess(_ webhook: Webhook, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE webhooks SET failures = 0, failing_since = NULL
            WHERE id = \(webhook.id) AND account_id = \(webhook.account)
                AND failing_since IS NOT NULL
            """)
    }

    static func noteFailure(_ webhook: Webhook, at now: Instant, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE webhooks
            SET failures = failures + 1, failing_since = COALESCE(failing_since, \(now))
            WHERE id = \(webhook.id) AND account_id = \(webhook.account)
            """)
    }
}
