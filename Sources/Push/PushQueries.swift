import Kernel
import Store

enum PushQueries {
    private static let columns: SQL =
        "id, user_id, kind, endpoint, public_key, secret, language, created_at"

    private static func subscription(_ row: Row) throws -> PushSubscription {
        PushSubscription(
            id: try row.id(0), user: try row.id(1), kind: try row.word(2),
            endpoint: try row.text(3), publicKey: try row.text(4), secret: try row.text(5),
            language: try row.text(6), createdAt: try row.instant(7))
    }

    /// A browser has one subscription; whoever signed in there last gets the news.
    static func save(_ value: PushSubscription, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO push_subscriptions
                (id, user_id, kind, endpoint, public_key, secret, language, created_at)
            VALUES (\(value.id), \(value.user), \(value.kind.rawValue), \(value.endpoint),
                \(value.publicKey), \(value.secret), \(value.language), \(value.createdAt))
            ON CONFLICT (endpoint) DO UPDATE
            SET id = excluded.id, user_id = excluded.user_id, kind = excluded.kind,
                public_key = excluded.public_key, secret = excluded.secret,
                language = excluded.language, created_at = excluded.created_at
            """)
    }

    static func subscription(_ id: PushSubscriptionID, in tx: Transaction) throws
        -> PushSubscription?
    {
        try tx.first(
            "SELECT \(columns) FROM push_subscriptions WHERE id = \(id)", subscription)
    }

    static func subscriptions(
        of user: UserID, limit: Int, in tx: Transaction
    ) throws -> [PushSubscription] {
        try tx.all(
            """
            SELECT \(columns) FROM push_subscriptions
            WHERE user_id = \(user) ORDER BY created_at DESC, id LIMIT \(limit)
            """, subscription)
    }

    /// Beyond this many the oldest browsers of a person are forgotten.
    static func keep(_ most: Int, of user: UserID, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM push_subscriptions
            WHERE user_id = \(user) AND id NOT IN (
                SELECT id FROM push_subscriptions WHERE user_id = \(user)
                ORDER BY created_at DESC, id LIMIT \(most))
            """)
    }

    static func delete(_ id: PushSubscriptionID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM push_subscriptions WHERE id = \(id)")
    }

    static func delete(endpoint: String, of user: UserID, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM push_subscriptions
            WHERE endpoint = \(endpoint) AND user_id = \(user)
            """)
    }

    /// Browsers of the agents who answer now: one's own, or with nil everybody's on duty.
    static func ofAgents(_ assignee: UserID?, in tx: Transaction) throws -> [PushSubscriptionID] {
        try tx.all(
            """
            SELECT push_subscriptions.id FROM push_subscriptions
            JOIN users ON users.id = push_subscriptions.user_id
            WHERE push_subscriptions.kind = 'office' AND users.is_active = 1
                AND users.is_on_duty = 1 AND users.office_role IS NOT NULL
                AND (CAST(\(assignee) AS TEXT) IS NULL OR users.id = \(assignee))
            LIMIT 1000
            """
        ) { try $0.id(0) }
    }

    /// Browsers of a business's members in these roles.
    static func ofMembers(
        of account: AccountID, _ roles: [Role], in tx: Transaction
    ) throws -> [PushSubscriptionID] {
        try tx.all(
            """
            SELECT push_subscriptions.id FROM push_subscriptions
            JOIN users ON users.id = push_subscriptions.user_id
            JOIN memberships ON memberships.user_id = users.id
            WHERE push_subscriptions.kind = 'account' AND users.is_active = 1
                AND memberships.account_id = \(account)
                AND memberships.role IN (\(list: roles.map(\.rawValue)))
            LIMIT 1000
            """
        ) { try $0.id(0) }
    }

    static func identity(in tx: Transaction) throws -> String? {
        try tx.first("SELECT value FROM settings WHERE key = 'push_identity'") {
            try $0.json(0).string
        }.flatMap { $0 }
    }

    /// The first process to come keeps its key; answers the one that holds.
    static func saveIdentity(_ sealed: String, now: Instant, in tx: Transaction) throws -> String {
        try tx.execute(
            """
            INSERT INTO settings (key, value, updated_at)
            VALUES ('push_identity', \(JSONValue.string(sealed)), \(now))
            ON CONFLICT (key) DO NOTHING
            """)
        return try identity(in: tx) ?? sealed
    }
}
