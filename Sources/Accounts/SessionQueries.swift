import Kernel
import Store
import WebShell

/// Tokens and sessions.
extension PeopleQueries {
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

    /// A token and whose it is.
    static func token(hash: String, in tx: Transaction) throws -> (
        id: String, user: User, memberships: [AccountID: Role], scopes: Set<String>
    )? {
        let found = try tx.all(
            """
            SELECT \(signInColumns), tokens.id, tokens.scopes
            FROM tokens
            JOIN users ON users.id = tokens.user_id
            LEFT JOIN memberships ON memberships.user_id = users.id
            WHERE tokens.token_hash = \(hash) AND tokens.revoked_at IS NULL
            """
        ) { row in
            (
                try readSignIn(row), try row.text(signInColumnCount),
                Set(try row.text(signInColumnCount + 1).split(separator: " ").map(String.init))
            )
        }
        return found.first.map { ($0.1, $0.0.user, memberships(found.map(\.0)), $0.2) }
    }

    /// A person with one of their memberships: one answer says who it is and what they may do.
    private static let signInColumns: SQL = """
        \(columns), memberships.account_id, memberships.role
        """
    private static let signInColumnCount = columnCount + 2

    private typealias SignInRow = (user: User, membership: (AccountID, Role)?)

    private static func readSignIn(_ row: Row) throws -> SignInRow {
        let account: AccountID? = row.idOrNil(columnCount)
        return (try read(row), try account.map { ($0, try row.word(columnCount + 1)) })
    }

    private static func memberships(_ rows: [SignInRow]) -> [AccountID: Role] {
        Dictionary(rows.compactMap(\.membership), uniquingKeysWith: { first, _ in first })
    }

    private static func readToken(_ row: Row) throws -> APIToken {
        APIToken(
            id: try row.text(0), user: try row.id(1), name: try row.text(2),
            scopes: try row.text(3).split(separator: " ").map(String.init),
            createdAt: try row.instant(4), revokedAt: try row.instantOrNil(5))
    }

    private static let tokenColumns: SQL = "id, user_id, name, scopes, created_at, revoked_at"

    static func tokens(
        of user: UserID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [APIToken] {
        try tx.all(
            """
            SELECT \(tokenColumns) FROM tokens
            WHERE user_id = \(user) AND revoked_at IS NULL AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, readToken)
    }

    static func token(id: String, in tx: Transaction) throws -> APIToken? {
        try tx.first(
            "SELECT \(tokenColumns) FROM tokens WHERE id = \(id) AND revoked_at IS NULL",
            readToken)
    }

    static func revokeToken(id: String, at now: Instant, in tx: Transaction) throws {
        try tx.execute(
            "UPDATE tokens SET revoked_at = \(now) WHERE id = \(id) AND revoked_at IS NULL")
    }

    static func revokeTokens(of user: UserID, at now: Instant, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE tokens SET revoked_at = \(now)
            WHERE user_id = \(user) AND revoked_at IS NULL
            """)
    }

    // MARK: Sessions

    static func insertSession(
        _ session: SignedIn, hash: String, csrf: String, until end: Instant, in tx: Transaction
    ) throws {
        try tx.execute("DELETE FROM sessions WHERE expires_at <= \(session.createdAt)")
        try tx.execute(
            """
            INSERT INTO sessions
                (id_hash, user_id, kind, csrf, created_at, expires_at, id, address, agent, seen_at)
            VALUES (\(hash), \(session.user), \(session.kind.rawValue), \(csrf),
                \(session.createdAt), \(end), \(session.id), \(session.address),
                \(session.agent), \(session.seenAt))
            """)
    }

    /// A live session of a kind, used since `idleSince`, and whose it is; `security` is what the
    /// office asks of everybody.
    static func session(
        hash: String, kind: SessionKind, now: Instant, idleSince: Instant, in tx: Transaction
    ) throws -> (
        user: User, memberships: [AccountID: Role], csrf: String, seenAt: Instant,
        expiresAt: Instant, security: JSONValue
    )? {
        let found = try tx.all(
            """
            SELECT \(signInColumns), sessions.csrf, sessions.seen_at, sessions.expires_at,
                (SELECT value FROM settings WHERE settings.key = 'security')
            FROM sessions
            JOIN users ON users.id = sessions.user_id
            LEFT JOIN memberships ON memberships.user_id = users.id
            WHERE sessions.id_hash = \(hash) AND sessions.kind = \(kind.rawValue)
                AND sessions.expires_at > \(now) AND sessions.seen_at > \(idleSince)
            """
        ) { row in
            (
                try readSignIn(row), try row.text(signInColumnCount),
                try row.instant(signInColumnCount + 1), try row.instant(signInColumnCount + 2),
                try row.json(signInColumnCount + 3)
            )
        }
        return found.first.map {
            ($0.0.user, memberships(found.map(\.0)), $0.1, $0.2, $0.3, $0.4)
        }
    }

    /// The session was used, at most one write a few minutes.
    static func touchSession(hash: String, at now: Instant, in tx: Transaction) throws {
        try tx.execute(
            "UPDATE sessions SET seen_at = \(now) WHERE id_hash = \(hash) AND seen_at < \(now)")
    }

    /// The same session under another secret; false: it ended meanwhile.
    static func rotateSession(
        hash: String, to newHash: String, csrf: String, in tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE sessions SET id_hash = \(newHash), csrf = \(csrf) WHERE id_hash = \(hash)
            """) == 1
    }

    static func sessions(of user: UserID, now: Instant, in tx: Transaction) throws -> [SignedIn] {
        try tx.all(
            """
            SELECT id, user_id, kind, created_at, seen_at, address, agent, id_hash
            FROM sessions
            WHERE user_id = \(user) AND expires_at > \(now)
            ORDER BY seen_at DESC, id
            LIMIT 200
            """
        ) { row in
            guard let kind = SessionKind(rawValue: try row.text(2)) else {
                throw StoreError.corrupt("a session of an unknown kind")
            }
            return SignedIn(
                id: try row.text(0), user: try row.id(1), kind: kind,
                createdAt: try row.instant(3), seenAt: try row.instant(4),
                address: row.textOrNil(5), agent: row.textOrNil(6), storedID: try row.text(7))
        }
    }

    /// Whether somebody signed in from this network and still is.
    static func hasSession(
        _ user: UserID, from network: String, now: Instant, in tx: Transaction
    ) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM sessions
            WHERE user_id = \(user) AND address = \(network) AND expires_at > \(now)
            """)
    }

    static func endSession(hash: String, in tx: Transaction) throws {
        try tx.execute("DELETE FROM sessions WHERE id_hash = \(hash)")
    }

    /// One of somebody's own sessions, by its public id; false: there is none.
    static func endSession(id: String, of user: UserID, in tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM sessions WHERE id = \(id) AND user_id = \(user)") == 1
    }

    static func endSessions(
        of user: UserID, except hash: String? = nil, in tx: Transaction
    ) throws {
        try tx.execute(
            "DELETE FROM sessions WHERE user_id = \(user) AND id_hash <> \(hash ?? "")")
    }
}
