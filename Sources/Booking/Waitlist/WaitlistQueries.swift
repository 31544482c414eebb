import Kernel
import Store

enum WaitlistQueries {
    private static let columns: SQL = """
        id, account_id, service_id, contact_id, staff_id, party_size, from_at, to_at, status,
        hold_id, offered_start, offered_until, appointment_id, version, created_at
        """

    private static func read(_ row: Row) throws -> WaitlistEntry {
        var entry = WaitlistEntry(
            id: try row.id(0), account: try row.id(1), service: try row.id(2),
            contact: try row.id(3), from: try row.instant(6), to: try row.instant(7),
            createdAt: try row.instant(14))
        entry.staff = row.idOrNil(4)
        entry.partySize = try row.int(5)
        entry.status = try row.word(8)
        entry.hold = row.idOrNil(9)
        entry.offeredStart = try row.instantOrNil(10)
        entry.offeredUntil = try row.instantOrNil(11)
        entry.appointment = row.idOrNil(12)
        entry.version = try row.int(13)
        return entry
    }

    static func insert(_ entry: WaitlistEntry, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO waitlist (\(columns))
            VALUES (\(entry.id), \(entry.account), \(entry.service), \(entry.contact),
                \(entry.staff), \(entry.partySize), \(entry.from), \(entry.to),
                \(entry.status.rawValue), \(entry.hold), \(entry.offeredStart),
                \(entry.offeredUntil), \(entry.appointment), \(entry.version),
                \(entry.createdAt))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ entry: WaitlistEntry, in tx: Transaction) throws {
        let changed = try tx.execute(
            """
            UPDATE waitlist
            SET status = \(entry.status.rawValue), hold_id = \(entry.hold),
                offered_start = \(entry.offeredStart), offered_until = \(entry.offeredUntil),
                appointment_id = \(entry.appointment), version = \(entry.version)
            WHERE id = \(entry.id) AND account_id = \(entry.account)
                AND version = \(entry.version - 1)
            """)
        guard changed == 1 else { throw StoreError.busy("waitlist entry") }
    }

    static func entry(_ id: WaitlistID, in tx: Transaction) throws -> WaitlistEntry? {
        try tx.first("SELECT \(columns) FROM waitlist WHERE id = \(id)", read)
    }

    static func entries(
        of account: AccountID, _ statuses: [WaitlistEntry.Status], after: String?, limit: Int,
        in tx: Transaction
    ) throws -> [WaitlistEntry] {
        try tx.all(
            """
            SELECT \(columns) FROM waitlist
            WHERE account_id = \(account) AND status IN (\(list: statuses.map(\.rawValue)))
                AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    /// Those whose turn comes first, first; what they wait for lies ahead.
    static func waiting(
        of account: AccountID, at now: Instant, limit: Int, in tx: Transaction
    ) throws -> [WaitlistEntry] {
        try tx.all(
            """
            SELECT \(columns) FROM waitlist
            WHERE account_id = \(account) AND status = 'waiting' AND to_at > \(now)
            ORDER BY created_at, id
            LIMIT \(limit)
            """, read)
    }

    static func countWaiting(
        of contact: ContactID, account: AccountID, in tx: Transaction
    ) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) FROM waitlist
            WHERE account_id = \(account) AND contact_id = \(contact)
                AND status IN ('waiting', 'offered')
            """
        ) { try $0.int(0) } ?? 0
    }

    static func anyoneWaits(in account: AccountID, _ tx: Transaction) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM waitlist WHERE account_id = \(account) AND status = 'waiting'")
    }
}
