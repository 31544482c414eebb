import ICalendar
import Kernel
import Store

/// Events that programs wrote, and what programs were told.
enum StaffCalendarQueries {
    private static let columns: SQL = """
        id, account_id, staff_id, name, uid, component, content, etag, is_repeating, created_by, created_at,
        updated_at
        """

    private static func read(_ row: Row) throws -> CalendarObject {
        CalendarObject(
            id: try row.id(0), account: try row.id(1), staff: try row.id(2),
            name: try row.text(3), uid: try row.text(4), component: try row.word(5),
            content: try row.text(6), etag: try row.text(7), isRepeating: try row.bool(8),
            createdBy: row.idOrNil(9), createdAt: try row.instant(10),
            updatedAt: try row.instant(11))
    }

    // MARK: Events

    static func objects(
        of staff: StaffID, account: AccountID, in tx: Transaction
    ) throws -> [CalendarObject] {
        try tx.all(
            """
            SELECT \(columns) FROM calendar_objects
            WHERE account_id = \(account) AND staff_id = \(staff)
            ORDER BY id
            """, read)
    }

    static func object(
        named name: String, of staff: StaffID, account: AccountID, in tx: Transaction
    ) throws -> CalendarObject? {
        try tx.first(
            """
            SELECT \(columns) FROM calendar_objects
            WHERE account_id = \(account) AND staff_id = \(staff) AND name = \(name)
            """, read)
    }

    static func object(
        uid: String, of staff: StaffID, account: AccountID, in tx: Transaction
    ) throws -> CalendarObject? {
        try tx.first(
            """
            SELECT \(columns) FROM calendar_objects
            WHERE account_id = \(account) AND staff_id = \(staff) AND uid = \(uid)
            """, read)
    }

    static func count(
        of staff: StaffID, account: AccountID, in tx: Transaction
    ) throws -> Int {
        try tx.count(
            """
            SELECT COUNT(*) FROM calendar_objects
            WHERE account_id = \(account) AND staff_id = \(staff)
            """)
    }

    static func insert(_ object: CalendarObject, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO calendar_objects (\(columns))
            VALUES (\(object.id), \(object.account), \(object.staff), \(object.name),
                \(object.uid), \(object.component.rawValue), \(object.content), \(object.etag), \(object.isRepeating),
                \(object.createdBy), \(object.createdAt), \(object.updatedAt))
            """)
    }

    static func update(_ object: CalendarObject, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE calendar_objects
            SET content = \(object.content), etag = \(object.etag),
                is_repeating = \(object.isRepeating), updated_at = \(object.updatedAt)
            WHERE id = \(object.id) AND account_id = \(object.account)
            """)
    }

    static func delete(_ object: CalendarObject, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM calendar_objects
            WHERE id = \(object.id) AND account_id = \(object.account)
            """)
    }

    /// Those that happen again and again, of every business, a page at a time.
    static func repeating(
        after id: String, limit: Int, in tx: Transaction
    ) throws -> [(id: CalendarObjectID, account: AccountID)] {
        try tx.all(
            """
            SELECT id, account_id FROM calendar_objects
            WHERE is_repeating = 1 AND id > \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        ) { (try $0.id(0), try $0.id(1)) }
    }

    static func object(
        _ id: CalendarObjectID, of account: AccountID, in tx: Transaction
    ) throws -> CalendarObject? {
        try tx.first(
            """
            SELECT \(columns) FROM calendar_objects
            WHERE id = \(id) AND account_id = \(account)
            """, read)
    }

    // MARK: What programs were told

    struct Mark: Sendable {
        var name: String
        var etag: String
        var isGone: Bool
        var position: Int64
    }

    static func marks(
        of staff: StaffID, account: AccountID, in tx: Transaction
    ) throws -> [Mark] {
        try tx.all(
            """
            SELECT name, etag, is_gone, position FROM calendar_marks
            WHERE account_id = \(account) AND staff_id = \(staff)
            ORDER BY position
            """
        ) {
            Mark(
                name: try $0.text(0), etag: try $0.text(1), isGone: try $0.bool(2),
                position: try $0.int64(3))
        }
    }

    static func put(
        _ mark: Mark, of staff: StaffID, account: AccountID, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO calendar_marks (staff_id, name, account_id, etag, is_gone, position)
            VALUES (\(staff), \(mark.name), \(account), \(mark.etag), \(mark.isGone),
                \(mark.position))
            ON CONFLICT (staff_id, name) DO UPDATE
            SET etag = excluded.etag, is_gone = excluded.is_gone, position = excluded.position
            """)
    }
}
