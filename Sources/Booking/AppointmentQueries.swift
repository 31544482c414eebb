import Kernel
import Store

enum AppointmentQueries {
    static let columns: SQL = """
        p.id, p.account_id, p.status, p.service_id, p.contact_id, p.conversation_id, p.starts_at,
        p.ends_at, p.party_size, p.staff_ids, p.resource_ids, p.notes, p.expires_at,
        p.price_minor, p.price_currency, p.booked_by, p.canceled_reason, p.canceled_at, p.version,
        p.created_at, p.series_id, p.fee_minor, p.fee_currency, p.fee_reason,
        p.asked_to_move_at, p.sequence
        """
    static let columnCount = 26

    static func read(_ row: Row) throws -> Appointment {
        var appointment = Appointment(
            id: try row.id(0), account: try row.id(1), status: try row.word(2),
            service: try row.id(3), contact: row.idOrNil(4), conversation: row.idOrNil(5),
            start: try row.instant(6), end: try row.instant(7), partySize: try row.int(8),
            staff: ids(try row.text(9)), resources: ids(try row.text(10)),
            notes: row.textOrNil(11), expiresAt: try row.instantOrNil(12), price: nil,
            bookedBy: row.idOrNil(15), canceledReason: row.textOrNil(16),
            canceledAt: try row.instantOrNil(17), version: try row.int(18),
            createdAt: try row.instant(19))
        appointment.series = row.idOrNil(20)
        appointment.askedToMoveAt = try row.instantOrNil(24)
        if let minor = try row.intOrNil(21) {
            appointment.fee = AppointmentFee(
                sum: Money(minor: minor, currency: try row.text(22)), reason: try row.word(23))
        }
        appointment.sequence = try row.int(25)
        if let minor = try row.intOrNil(13) {
            appointment.price = Money(minor: minor, currency: try row.text(14))
        }
        return appointment
    }

    /// Ids of one column: sorted, with spaces between, so that equal sets are equal texts and one
    /// of them can be found.
    static func ids<Kind>(_ text: String) -> [Identifier<Kind>] {
        text.split(separator: " ").map { Identifier(String($0)) }
    }

    static func text<Kind>(_ ids: [Identifier<Kind>]) -> String {
        ids.map(\.text).joined(separator: " ")
    }

    // MARK: One appointment

    static func account(of id: AppointmentID, in tx: Transaction) throws -> AccountID? {
        try tx.first("SELECT account_id FROM appointments WHERE id = \(id)") { try $0.id(0) }
    }

    static func appointment(
        _ id: AppointmentID, of account: AccountID, now: Instant, locked: Bool = false,
        in tx: Transaction
    ) throws -> Appointment? {
        let lock: SQL = locked ? "\(.forUpdate)" : ""
        return try tx.first(
            """
            SELECT \(columns) FROM appointments p
            WHERE p.id = \(id) AND p.account_id = \(account) AND \(isAlive("p", at: now))
            \(lock)
            """, read)
    }

    /// Where a contact is invited: by mail, else by telephone (RFC 5545 §3.3.3).
    static func calendarAddress(
        of contact: ContactID, account: AccountID, in tx: Transaction
    ) throws -> String? {
        let points = try tx.all(
            """
            SELECT channel, address FROM contact_points
            WHERE account_id = \(account) AND contact_id = \(contact)
                AND channel IN ('email', 'phone', 'sms', 'whatsapp')
            ORDER BY is_verified DESC, created_at, address
            """
        ) { (channel: try $0.text(0), address: try $0.text(1)) }
        if let mail = points.first(where: { $0.channel == "email" }) {
            return "mailto:\(mail.address)"
        }
        return points.first { $0.address.hasPrefix("+") }.map { "tel:\($0.address)" }
    }

    /// When it was last changed.
    static func changedAt(
        _ id: AppointmentID, of account: AccountID, in tx: Transaction
    ) throws -> Instant? {
        try tx.first(
            "SELECT updated_at FROM appointments WHERE id = \(id) AND account_id = \(account)"
        ) { try $0.instant(0) }
    }

    /// What a contact has booked from now on, by its start.
    static func coming(
        of contact: ContactID, in account: AccountID, after now: Instant, in tx: Transaction
    ) throws -> [Appointment] {
        try tx.all(
            """
            SELECT \(columns) FROM appointments p
            WHERE p.account_id = \(account) AND p.contact_id = \(contact)
                AND p.status IN ('pending', 'confirmed') AND p.starts_at > \(now)
            ORDER BY p.starts_at, p.id
            """, read)
    }

    static func insert(_ appointment: Appointment, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO appointments (id, account_id, status, service_id, contact_id,
                conversation_id, starts_at, ends_at, party_size, staff_ids, resource_ids, notes,
                expires_at, price_minor, price_currency, booked_by, version, created_at, updated_at,
                series_id)
            VALUES (\(appointment.id), \(appointment.account), \(appointment.status.rawValue),
                \(appointment.service), \(appointment.contact), \(appointment.conversation),
                \(appointment.start), \(appointment.end), \(appointment.partySize),
                \(text(appointment.staff)), \(text(appointment.resources)), \(appointment.notes),
                \(appointment.expiresAt), \(appointment.price?.minor),
                \(appointment.price?.currency), \(appointment.bookedBy), \(appointment.version),
                \(appointment.createdAt), \(appointment.createdAt),
                \(appointment.series))
            """)
    }

    static func update(
        _ appointment: Appointment, at now: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE appointments
            SET status = \(appointment.status.rawValue), contact_id = \(appointment.contact),
                conversation_id = \(appointment.conversation), starts_at = \(appointment.start),
                ends_at = \(appointment.end), party_size = \(appointment.partySize),
                staff_ids = \(text(appointment.staff)),
                resource_ids = \(text(appointment.resources)), notes = \(appointment.notes),
                expires_at = \(appointment.expiresAt), price_minor = \(appointment.price?.minor),
                price_currency = \(appointment.price?.currency),
                booked_by = \(appointment.bookedBy), series_id = \(appointment.series),
                canceled_reason = \(appointment.canceledReason),
                canceled_at = \(appointment.canceledAt),
                fee_minor = \(appointment.fee?.sum.minor),
                fee_currency = \(appointment.fee?.sum.currency),
                fee_reason = \(appointment.fee?.reason.rawValue),
                asked_to_move_at = \(appointment.askedToMoveAt), version = \(appointment.version),
                sequence = \(appointment.sequence), updated_at = \(now)
            WHERE id = \(appointment.id) AND account_id = \(appointment.account)
            """)
    }

    static func delete(_ appointment: Appointment, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM appointments
            WHERE id = \(appointment.id) AND account_id = \(appointment.account)
            """)
    }

    static func expiredHolds(
        of account: AccountID, at now: Instant, in tx: Transaction
    ) throws -> [Appointment] {
        try tx.all(
            """
            SELECT \(columns) FROM appointments p
            WHERE p.account_id = \(account) AND p.status = 'held' AND p.expires_at <= \(now)
            ORDER BY p.id
            \(.forUpdate)
            """, read)
    }

    /// Everything but a hold whose time is up; `p` is the name of the table in the statement.
    static func isAlive(_ p: SQL, at now: Instant) -> SQL {
        "(\(p).status <> 'held' OR \(p).expires_at > \(now))"
    }

    /// The appointment whose rows a class shares, though it be a hold whose time is up.
    static func owner(
        _ id: AppointmentID, of account: AccountID, in tx: Transaction
    ) throws -> Appointment? {
        try tx.first(
            """
            SELECT \(columns) FROM appointments p
            WHERE p.id = \(id) AND p.account_id = \(account)
            """, read)
    }

    static func contact(
        of conversation: ConversationID, account: AccountID, in tx: Transaction
    ) throws -> ContactID? {
        try tx.first(
            """
            SELECT contact_id FROM conversations
            WHERE id = \(conversation) AND account_id = \(account)
            """
        ) { try $0.id(0) }
    }
}
