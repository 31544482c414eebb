import Kernel
import Store

enum LinkQueries {
    private static let columns: SQL =
        "id, purpose, user_id, account_id, role, created_by, created_at, expires_at"

    private static func read(_ row: Row) throws -> OneTimeLink {
        OneTimeLink(
            id: try row.text(0), purpose: try row.word(1), user: try row.id(2),
            account: row.idOrNil(3), role: row.textOrNil(4).flatMap(Role.init(rawValue:)),
            createdBy: try row.id(5), createdAt: try row.instant(6), expiresAt: try row.instant(7))
    }

    static func insert(_ link: OneTimeLink, hash: String, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO one_time_links
                (id, secret_hash, purpose, user_id, account_id, role, created_by, created_at,
                expires_at)
            VALUES (\(link.id), \(hash), \(link.purpose.rawValue), \(link.user), \(link.account),
                \(link.role?.rawValue), \(link.createdBy), \(link.createdAt), \(link.expiresAt))
            """)
    }

    static func link(
        hash: String, _ purpose: OneTimeLink.Purpose, now: Instant, in tx: Transaction
    ) throws -> OneTimeLink? {
        try tx.first(
            """
            SELECT \(columns)
            FROM one_time_links
            WHERE secret_hash = \(hash) AND purpose = \(purpose.rawValue) AND expires_at > \(now)
            """, read)
    }

    /// Uses it up; false: somebody else did meanwhile.
    static func use(_ link: OneTimeLink, in tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM one_time_links WHERE id = \(link.id)") == 1
    }

    /// Invitations of somebody into one business (nil: to the sign-in itself).
    static func revokeInvitations(
        of user: UserID, into account: AccountID?, in tx: Transaction
    ) throws {
        let place: SQL = account.map { "account_id = \($0)" } ?? "account_id IS NULL"
        try tx.execute(
            """
            DELETE FROM one_time_links
            WHERE user_id = \(user) AND purpose = 'invite' AND \(place)
            """)
    }

    static func revoke(
        _ purpose: OneTimeLink.Purpose, of user: UserID, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM one_time_links
            WHERE user_id = \(user) AND purpose = \(purpose.rawValue)
            """)
    }

    static func purge(before cutoff: Instant, in tx: Transaction) throws {
        try tx.execute("DELETE FROM one_time_links WHERE expires_at < \(cutoff)")
    }

    /// Whether some business waits for this person to accept.
    static func isAwaited(_ user: UserID, now: Instant, in tx: Transaction) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM one_time_links
            WHERE user_id = \(user) AND purpose = 'invite' AND account_id IS NOT NULL
                AND expires_at > \(now)
            """)
    }

    static func invitation(
        of user: UserID, into account: AccountID, in tx: Transaction
    ) throws -> OneTimeLink? {
        try tx.first(
            """
            SELECT \(columns)
            FROM one_time_links
            WHERE user_id = \(user) AND account_id = \(account) AND purpose = 'invite'
            """, read)
    }

    static func changeRole(_ link: OneTimeLink, to role: Role, in tx: Transaction) throws {
        try tx.execute(
            "UPDATE one_time_links SET role = \(role.rawValue) WHERE id = \(link.id)")
    }

    /// People who were invited into a business and have not accepted, expired ones included.
    static func awaited(
        in account: AccountID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [(user: User, role: Role)] {
        try tx.all(
            """
            SELECT \(PeopleQueries.columns), one_time_links.role
            FROM one_time_links JOIN users ON users.id = one_time_links.user_id
            WHERE one_time_links.account_id = \(account) AND one_time_links.purpose = 'invite'
                AND users.id > \(after ?? "")
                AND NOT EXISTS (
                    SELECT 1 FROM memberships
                    WHERE memberships.account_id = \(account) AND memberships.user_id = users.id
                )
            ORDER BY users.id
            LIMIT \(limit)
            """
        ) { (try PeopleQueries.read($0), try $0.word(PeopleQueries.columnCount)) }
    }
}
