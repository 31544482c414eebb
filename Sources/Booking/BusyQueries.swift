import Kernel
import Store

enum BusyQueries {
    private static let columns: SQL = """
        id, account_id, party_id, starts_at, ends_at, reason, is_transparent, created_at,
        source_id
        """

    private static func read(_ row: Row) throws -> BusyTime {
        let range = TimeRange(start: try row.instant(3), end: try row.instant(4))
        guard let range else { throw StoreError.corrupt("busy time ends before it starts") }
        return BusyTime(
            id: try row.text(0), account: try row.id(1),
            party: row.textOrNil(2).flatMap(PartyID.init), range: range,
            reason: row.textOrNil(5), isTransparent: try row.bool(6),
            createdAt: try row.instant(7), source: row.textOrNil(8))
    }

    static func insert(_ busy: BusyTime, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO busy (\(columns))
            VALUES (\(busy.id), \(busy.account), \(busy.party?.text), \(busy.range.start),
                \(busy.range.end), \(busy.reason), \(busy.isTransparent), \(busy.createdAt),
                \(busy.source))
            """)
    }

    static func busy(_ id: String, in tx: Transaction) throws -> BusyTime? {
        try tx.first("SELECT \(columns) FROM busy WHERE id = \(id)", read)
    }

    @discardableResult
    static func delete(_ id: String, of account: AccountID, in tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM busy WHERE id = \(id) AND account_id = \(account)") == 1
    }

    static func update(_ busy: BusyTime, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE busy
            SET starts_at = \(busy.range.start), ends_at = \(busy.range.end),
                reason = \(busy.reason), is_transparent = \(busy.isTransparent)
            WHERE id = \(busy.id) AND account_id = \(busy.account)
            """)
    }

    /// What comes from a calendar is replaced as a whole.
    static func deleteAll(from source: String, of account: AccountID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM busy WHERE account_id = \(account) AND source_id = \(source)")
    }

    /// Those of one party that were made here, which its calendar shows.
    static func own(
        of party: PartyID, account: AccountID, from: Instant, to: Instant, in tx: Transaction
    ) throws -> [BusyTime] {
        try tx.all(
            """
            SELECT \(columns) FROM busy
            WHERE account_id = \(account) AND party_id = \(party.text) AND source_id IS NULL
                AND ends_at > \(from) AND starts_at < \(to)
            ORDER BY id
            """, read)
    }

    static func busy(
        of account: AccountID, from: Instant?, to: Instant?, after: String?, limit: Int,
        in tx: Transaction
    ) throws -> [BusyTime] {
        try tx.all(
            """
            SELECT \(columns) FROM busy
            WHERE account_id = \(account) AND ends_at > \(from ?? .earliest)
                AND starts_at <= \(to?.advanced(byMilliseconds: -1) ?? .latest)
                AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    /// What keeps parties of the account from being booked in this range.
    static func blocks(
        of account: AccountID, overlapping range: TimeRange, in tx: Transaction
    ) throws -> [BusyTime] {
        try tx.all(
            """
            SELECT \(columns) FROM busy
            WHERE account_id = \(account) AND ends_at > \(range.start)
                AND starts_at < \(range.end) AND is_transparent = 0
            """, read)
    }

    /// Takes the locks by which bookings and busy times of the same parties wait for each other;
    /// always in the order of ids, so that two of them cannot wait in a circle. nil: all parties.
    static func lock(
        _ parties: Set<PartyID>?, of account: AccountID, in tx: Transaction
    ) throws {
        var (staff, resources): (SQL, SQL) = ("", "")
        if let parties {
            staff = "AND id IN (\(list: parties.compactMap(\.staffID).sorted()))"
            resources = "AND id IN (\(list: parties.compactMap(\.resourceID).sorted()))"
        }
        _ = try tx.all(
            """
            SELECT id FROM resources WHERE account_id = \(account) \(resources)
            ORDER BY id \(.forUpdate)
            """
        ) { _ in () }
        _ = try tx.all(
            """
            SELECT id FROM staff WHERE account_id = \(account) \(staff)
            ORDER BY id \(.forUpdate)
            """
        ) { _ in () }
    }
}
