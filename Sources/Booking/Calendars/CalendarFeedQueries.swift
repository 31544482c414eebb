import Kernel
import Store

enum CalendarFeedQueries {
    private static let columns: SQL =
        "id, account_id, staff_id, detail, created_by, created_at, last_read_at"

    private static func read(_ row: Row) throws -> CalendarFeed {
        CalendarFeed(
            id: try row.id(0), account: try row.id(1), staff: row.idOrNil(2),
            detail: try row.word(3), createdBy: row.idOrNil(4), createdAt: try row.instant(5),
            lastReadAt: try row.instantOrNil(6))
    }

    static func insert(_ feed: CalendarFeed, secretHash: String, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO calendar_feeds
                (id, account_id, staff_id, detail, secret_hash, created_by, created_at)
            VALUES (\(feed.id), \(feed.account), \(feed.staff), \(feed.detail.rawValue),
                \(secretHash), \(feed.createdBy), \(feed.createdAt))
            """)
    }

    static func feed(_ id: CalendarFeedID, in tx: Transaction) throws -> CalendarFeed? {
        try tx.first("SELECT \(columns) FROM calendar_feeds WHERE id = \(id)", read)
    }

    static func feed(secretHash: String, in tx: Transaction) throws -> CalendarFeed? {
        try tx.first("SELECT \(columns) FROM calendar_feeds WHERE secret_hash = \(secretHash)", read)
    }

    static func feeds(
        of account: AccountID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [CalendarFeed] {
        try tx.all(
            """
            SELECT \(columns) FROM calendar_feeds
            WHERE account_id = \(account) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    static func count(of account: AccountID, in tx: Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) FROM calendar_feeds WHERE account_id = \(account)") {
            try $0.int(0)
        } ?? 0
    }

    static func delete(_ feed: CalendarFeed, in tx: Transaction) throws {
        try tx.execute(
            "DELETE FROM calendar_feeds WHERE id = \(feed.id) AND account_id = \(feed.account)")
    }

    static func noteRead(_ feed: CalendarFeed, at now: Instant, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE calendar_feeds SET last_read_at = \(now)
            WHERE id = \(feed.id) AND account_id = \(feed.account)
            """)
    }

    /// When each appointment was last changed.
    static func changes(
        of account: AccountID, from: Instant, to: Instant, in tx: Transaction
    ) throws -> [AppointmentID: Instant] {
        let found = try tx.all(
            """
            SELECT id, updated_at FROM appointments
            WHERE account_id = \(account) AND ends_at > \(from) AND starts_at < \(to)
            """
        ) { row in (try row.id(0, AppointmentID.self), try row.instant(1)) }
        return Dictionary(found) { first, _ in first }
    }
}
