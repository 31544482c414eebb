import Kernel
import Store

enum CalendarSourceQueries {
    private static let columns: SQL = """
        id, account_id, party_id, name, url, username, password, is_set_by_office, etag, modified,
        event_count, checked_at, succeeded_at, failed_at, failure, version, created_at
        """

    private static func read(_ row: Row) throws -> CalendarSource {
        guard let party = PartyID(try row.text(2)) else {
            throw StoreError.corrupt("a calendar source of nobody")
        }
        var source = CalendarSource(
            id: try row.id(0), account: try row.id(1), party: party, name: try row.text(3),
            url: try row.text(4), username: row.textOrNil(5), password: row.textOrNil(6),
            isSetByOffice: try row.bool(7), createdAt: try row.instant(16))
        source.etag = row.textOrNil(8)
        source.modified = row.textOrNil(9)
        source.eventCount = try row.int(10)
        source.checkedAt = try row.instantOrNil(11)
        source.succeededAt = try row.instantOrNil(12)
        source.failedAt = try row.instantOrNil(13)
        source.failure = row.textOrNil(14)
        source.version = try row.int(15)
        return source
    }

    static func insert(_ source: CalendarSource, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO calendar_sources (id, account_id, party_id, name, url, username, password,
                is_set_by_office, created_at)
            VALUES (\(source.id), \(source.account), \(source.party.text), \(source.name),
                \(source.url), \(source.username), \(source.password), \(source.isSetByOffice),
                \(source.createdAt))
            """)
    }

    static func update(_ source: CalendarSource, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE calendar_sources
            SET name = \(source.name), url = \(source.url), username = \(source.username),
                password = \(source.password), is_set_by_office = \(source.isSetByOffice),
                etag = \(source.etag), modified = \(source.modified),
                event_count = \(source.eventCount), checked_at = \(source.checkedAt),
                succeeded_at = \(source.succeededAt), failed_at = \(source.failedAt),
                failure = \(source.failure), version = \(source.version)
            WHERE id = \(source.id) AND account_id = \(source.account)
            """)
    }

    static func delete(_ source: CalendarSource, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM calendar_sources
            WHERE id = \(source.id) AND account_id = \(source.account)
            """)
    }

    static func source(
        _ id: CalendarSourceID, locked: Bool = false, in tx: Transaction
    ) throws -> CalendarSource? {
        let lock: SQL = locked ? "\(.forUpdate)" : ""
        return try tx.first(
            "SELECT \(columns) FROM calendar_sources WHERE id = \(id) \(lock)", read)
    }

    static func sources(
        of party: PartyID, account: AccountID, after: String? = nil, limit: Int,
        in tx: Transaction
    ) throws -> [CalendarSource] {
        try tx.all(
            """
            SELECT \(columns) FROM calendar_sources
            WHERE account_id = \(account) AND party_id = \(party.text) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    /// Of every business, those that were not looked at since.
    static func due(
        before: Instant, after id: String, limit: Int, in tx: Transaction
    ) throws -> [(id: CalendarSourceID, account: AccountID)] {
        try tx.all(
            """
            SELECT id, account_id FROM calendar_sources
            WHERE COALESCE(checked_at, 0) <= \(before) AND id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        ) { (try $0.id(0), try $0.id(1)) }
    }

    /// The times that it blocks, in order.
    static func ranges(of source: CalendarSource, in tx: Transaction) throws -> [TimeRange] {
        try tx.all(
            """
            SELECT starts_at, ends_at FROM busy
            WHERE account_id = \(source.account) AND source_id = \(source.id.text)
            ORDER BY starts_at, ends_at
            """
        ) { TimeRange(start: try $0.instant(0), end: try $0.instant(1)) }.compactMap { $0 }
    }
}
