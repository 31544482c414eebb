import Kernel
import Store

enum PeopleQueries {
    static let columns: SQL =
        "users.id, users.email, users.name, users.office_role, users.is_active, users.is_on_duty, users.version, users.created_at"

    static func read(_ row: Row) throws -> User {
        User(
            id: try row.id(0), email: try row.text(1), name: try row.text(2),
            officeRole: row.textOrNil(3).flatMap(Role.init(rawValue:)),
            isActive: try row.bool(4), isOnDuty: try row.bool(5), version: try row.int(6),
            createdAt: try row.instant(7))
    }

    static func insert(_ user: User, passwordHash: String?, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO users (id, email, name, office_role, password_hash, created_at)
            VALUES (\(user.id), \(user.email), \(user.name), \(user.officeRole?.rawValue),
                \(passwordHash), \(user.createdAt))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ user: User, passwordHash: String?, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            UPDATE users
            SET name = \(user.name), office_role = \(user.officeRole?.rawValue),
                is_active = \(user.isActive), version = \(user.version),
                password_hash = COALESCE(\(passwordHash), password_hash)
            WHERE id = \(user.id) AND version = \(user.version - 1)
            """)
        if written != 1 { throw StoreError.busy("user \(user.id)") }
    }

    static func setDuty(_ isOnDuty: Bool, of user: UserID, in tx: Transaction) throws {
        try tx.execute("UPDATE users SET is_on_duty = \(isOnDuty) WHERE id = \(user)")
    }

    static func user(_ id: UserID, in tx: Transaction) throws -> User? {
        try tx.first("SELECT \(columns) FROM users WHERE id = \(id)", read)
    }

    static func user(email: String, in tx: Transaction) throws -> User? {
        try tx.first("SELECT \(columns) FROM users WHERE email = \(email)", read)
    }

    static func passwordHash(of user: UserID, in tx: Transaction) throws -> String? {
        try tx.first("SELECT password_hash FROM users WHERE id = \(user)") { $0.textOrNil(0) }
            .flatMap { $0 }
    }

    static func officeUsers(after: String?, limit: Int, in tx: Transaction) throws -> [User] {
        try tx.all(
            """
            SELECT \(columns) FROM users
            WHERE office_role IS NOT NULL AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    static func insertMembership(
        _ user: UserID, _ role: Role, in account: AccountID, at now: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO memberships (account_id, user_id, role, created_at)
            VALUES (\(account), \(user), \(role.rawValue), \(now))
            """)
    }

    static func members(
        of account: AccountID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [(user: User, role: Role)] {
        try tx.all(
            """
            SELECT \(columns), memberships.role
            FROM memberships JOIN users ON users.id = memberships.user_id
            WHERE memberships.account_id = \(account) AND users.id > \(after ?? "")
            ORDER BY users.id
            LIMIT \(limit)
            """
        ) { (try read($0), try $0.word(8)) }
    }

    static func memberships(of user: UserID, in tx: Transaction) throws -> [AccountID: Role] {
        let rows = try tx.all(
            "SELECT account_id, role FROM memberships WHERE user_id = \(user)"
        ) { (try $0.id(0, AccountID.self), try $0.word(1, Role.self)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Tokens and sessions

    static func insertToken(
        id: String, user: UserID, name: String, hash: String, scopes: [String], at now: Instant,
        in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO tokens (id, user_id, name, token_hash, scopes, created_at)
            VALUES (\(id), \(user), \(name), \(hash), \(scopes.joined(separator: " ")), \(now))
            """)
    }

    static func token(hash: String, in tx: Transaction) throws -> (
        user: UserID, scopes: Set<String>
    )? {
        try tx.first(
            "SELECT user_id, scopes FROM tokens WHERE token_hash = \(hash) AND revoked_at IS NULL"
        ) { (try $0.id(0), Set(try $0.text(1).split(separator: " ").map(String.init))) }
    }

    static func insertSession(
        hash: String, user: UserID, kind: String, csrf: String, at now: Instant, until end: Instant,
        in tx: Transaction
    ) throws {
        try tx.execute("DELETE FROM sessions WHERE expires_at <= \(now)")
        try tx.execute(
            """
            INSERT INTO sessions (id_hash, user_id, kind, csrf, created_at, expires_at)
            VALUES (\(hash), \(user), \(kind), \(csrf), \(now), \(end))
            """)
    }

    static func session(
        hash: String, kind: String, now: Instant, in tx: Transaction
    ) throws -> (user: UserID, csrf: String)? {
        try tx.first(
            """
            SELECT user_id, csrf FROM sessions
            WHERE id_hash = \(hash) AND kind = \(kind) AND expires_at > \(now)
            """
        ) { (try $0.id(0), try $0.text(1)) }
    }

    static func endSession(hash: String, in tx: Transaction) throws {
        try tx.execute("DELETE FROM sessions WHERE id_hash = \(hash)")
    }

    static func endSessions(of user: UserID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM sessions WHERE user_id = \(user)")
    }
}
