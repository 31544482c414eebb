import Kernel
import Store

enum PeopleQueries {
    static let columns: SQL = """
        users.id, users.email, users.name, users.office_role, users.is_active, users.is_on_duty,
        users.version, users.created_at, users.locale,
        CASE WHEN users.password_hash IS NULL THEN 0 ELSE 1 END, users.reset_asked_at,
        CASE WHEN EXISTS (
            SELECT 1 FROM second_factors
            WHERE second_factors.user_id = users.id AND second_factors.confirmed_at IS NOT NULL
        ) THEN 1 ELSE 0 END
        """
    /// Where further columns of a joined query begin.
    static let columnCount = 12

    static func read(_ row: Row) throws -> User {
        User(
            id: try row.id(0), email: try row.text(1), name: try row.text(2),
            officeRole: row.textOrNil(3).flatMap(Role.init(rawValue:)),
            isActive: try row.bool(4), isOnDuty: try row.bool(5), version: try row.int(6),
            createdAt: try row.instant(7),
            locale: row.textOrNil(8).flatMap(Language.init(rawValue:)),
            hasPassword: try row.bool(9), hasSecondFactor: try row.bool(11),
            resetAskedAt: try row.instantOrNil(10))
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
                is_active = \(user.isActive), locale = \(user.locale?.rawValue),
                version = \(user.version),
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
        ) { (try read($0), try $0.word(columnCount)) }
    }

    static func role(
        of user: UserID, in account: AccountID, in tx: Transaction
    ) throws -> Role? {
        try tx.first(
            """
            SELECT role FROM memberships WHERE account_id = \(account) AND user_id = \(user)
            """
        ) { try $0.word(0) }
    }

    static func isMember(
        _ user: UserID, of account: AccountID, in tx: Transaction
    ) throws -> Bool { try role(of: user, in: account, in: tx) != nil }

    static func setMembership(
        _ user: UserID, _ role: Role, in account: AccountID, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE memberships SET role = \(role.rawValue)
            WHERE account_id = \(account) AND user_id = \(user)
            """)
    }

    static func deleteMembership(
        _ user: UserID, in account: AccountID, in tx: Transaction
    ) throws {
        try tx.execute(
            "DELETE FROM memberships WHERE account_id = \(account) AND user_id = \(user)")
    }

    /// The owners, held until the end: two who take each other's place away must not both succeed.
    static func lockedOwners(of account: AccountID, in tx: Transaction) throws -> [UserID] {
        try tx.all(
            """
            SELECT memberships.user_id
            FROM memberships
            WHERE memberships.account_id = \(account) AND memberships.role = 'owner'
            ORDER BY memberships.user_id \(SQL.Dialect.forUpdate)
            """
        ) { try $0.id(0) }
    }

    static func lockedAdmins(in tx: Transaction) throws -> [UserID] {
        try tx.all(
            """
            SELECT id FROM users
            WHERE office_role = 'admin' AND is_active = 1
            ORDER BY id \(SQL.Dialect.forUpdate)
            """
        ) { try $0.id(0) }
    }

    /// The business whose record tells what happens to somebody's sign-in: their only one.
    static func home(of user: UserID, in tx: Transaction) throws -> AccountID? {
        guard try self.user(user, in: tx)?.officeRole == nil else { return nil }
        let places = try memberships(of: user, in: tx)
        return places.count == 1 ? places.keys.first : nil
    }

    static func setResetAsked(_ now: Instant, email: String, in tx: Transaction) throws {
        try tx.execute(
            "UPDATE users SET reset_asked_at = \(now) WHERE email = \(email) AND is_active = 1")
    }

    static func setResetAsked(_ now: Instant?, of user: UserID, in tx: Transaction) throws {
        try tx.execute("UPDATE users SET reset_asked_at = \(now) WHERE id = \(user)")
    }

    static func memberships(of user: UserID, in tx: Transaction) throws -> [AccountID: Role] {
        let rows = try tx.all(
            "SELECT account_id, role FROM memberships WHERE user_id = \(user)"
        ) { (try $0.id(0, AccountID.self), try $0.word(1, Role.self)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }
}
