import Kernel
import Store

enum FactorQueries {
    struct Factor: Sendable {
        var secret: String
        var isConfirmed: Bool
        var lastStep: Int64
        var createdAt: Instant
    }

    static func factor(
        of user: UserID, locking: Bool = false, in tx: Transaction
    ) throws -> Factor? {
        let lock: SQL = locking ? "\(SQL.Dialect.forUpdate)" : ""
        return try tx.first(
            """
            SELECT secret, confirmed_at, last_step, created_at
            FROM second_factors
            WHERE user_id = \(user) \(lock)
            """
        ) {
            Factor(
                secret: try $0.text(0), isConfirmed: try $0.instantOrNil(1) != nil,
                lastStep: try $0.int64(2), createdAt: try $0.instant(3))
        }
    }

    static func isOn(_ user: UserID, in tx: Transaction) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM second_factors WHERE user_id = \(user) AND confirmed_at IS NOT NULL
            """)
    }

    /// Those of the people who have one.
    static func on(among users: [UserID], in tx: Transaction) throws -> Set<UserID> {
        Set(
            try tx.all(
                """
                SELECT user_id FROM second_factors
                WHERE confirmed_at IS NOT NULL AND user_id IN (\(list: users))
                """
            ) { try $0.id(0, UserID.self) })
    }

    static func insert(
        _ user: UserID, sealed: String, at now: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO second_factors (user_id, secret, created_at)
            VALUES (\(user), \(sealed), \(now))
            """)
    }

    static func confirm(
        _ user: UserID, step: Int64, at now: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE second_factors SET confirmed_at = \(now), last_step = \(step)
            WHERE user_id = \(user)
            """)
    }

    /// false: somebody used a code of this step or a later one meanwhile.
    static func use(_ step: Int64, of user: UserID, in tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE second_factors SET last_step = \(step)
            WHERE user_id = \(user) AND last_step < \(step)
            """) == 1
    }

    static func delete(of user: UserID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM recovery_codes WHERE user_id = \(user)")
        try tx.execute("DELETE FROM second_factors WHERE user_id = \(user)")
    }

    static func replaceCodes(of user: UserID, _ hashes: [String], in tx: Transaction) throws {
        try tx.execute("DELETE FROM recovery_codes WHERE user_id = \(user)")
        for hash in hashes {
            try tx.execute(
                "INSERT INTO recovery_codes (user_id, code_hash) VALUES (\(user), \(hash))")
        }
    }

    static func useCode(_ hash: String, of user: UserID, in tx: Transaction) throws -> Bool {
        try tx.execute(
            "DELETE FROM recovery_codes WHERE user_id = \(user) AND code_hash = \(hash)") == 1
    }

    static func codesLeft(of user: UserID, in tx: Transaction) throws -> Int {
        try tx.count("SELECT COUNT(*) FROM recovery_codes WHERE user_id = \(user)")
    }
}
