import Kernel
import Store

/// Who is taken when; bookings that share a class share the rows of one of them.
enum AllocationQueries {
    static func insert(
        _ allocation: Offer.NewAllocation, of appointment: Appointment, ambient: Ambient,
        in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO allocations
                (id, account_id, appointment_id, party_id, starts_at, ends_at)
            VALUES (\(ambient.newID("alc")), \(appointment.account), \(appointment.id),
                \(allocation.party.text), \(allocation.range.start), \(allocation.range.end))
            """)
    }

    /// Gives up what the appointment takes; others of the same class keep it.
    static func free(_ appointment: Appointment, at now: Instant, in tx: Transaction) throws {
        let heir = try tx.first(
            """
            SELECT p.id FROM appointments p
            WHERE p.account_id = \(appointment.account) AND p.service_id = \(appointment.service)
                AND p.starts_at = \(appointment.start)
                AND p.staff_ids = \(AppointmentQueries.text(appointment.staff))
                AND p.resource_ids = \(AppointmentQueries.text(appointment.resources))
                AND p.id <> \(appointment.id) AND p.status <> 'canceled'
                AND \(AppointmentQueries.isAlive("p", at: now))
            ORDER BY p.id
            LIMIT 1
            """
        ) { try $0.text(0) }
        if let heir {
            try tx.execute(
                """
                UPDATE allocations SET appointment_id = \(heir)
                WHERE account_id = \(appointment.account) AND appointment_id = \(appointment.id)
                """)
        } else {
            try tx.execute(
                """
                DELETE FROM allocations
                WHERE account_id = \(appointment.account) AND appointment_id = \(appointment.id)
                """)
        }
    }

    struct Taken {
        var party: PartyID
        var range: TimeRange
        var owner: AppointmentID
        var session: SessionKey
    }

    /// What bookings of one class have in common.
    struct SessionKey: Hashable {
        var service: ServiceID
        var start: Instant
        var staff: String
        var resources: String
    }

    /// What is taken in this range by bookings and holds, other than `unseen`.
    static func taken(
        of account: AccountID, in range: TimeRange, at now: Instant, except unseen: AppointmentID?,
        in tx: Transaction
    ) throws -> [Taken] {
        let unseen = unseen?.text ?? ""
        // An owner that does not count leaves its rows to the others of its class.
        let rows: [Taken?] = try tx.all(
            """
            SELECT a.party_id, a.starts_at, a.ends_at, p.id, p.service_id, p.starts_at,
                p.staff_ids, p.resource_ids
            FROM allocations a
            JOIN appointments p ON p.id = a.appointment_id AND p.account_id = a.account_id
            WHERE a.account_id = \(account) AND a.ends_at > \(range.start)
                AND a.starts_at < \(range.end)
                AND (
                    (p.id <> \(unseen) AND \(AppointmentQueries.isAlive("p", at: now)))
                    OR EXISTS (
                        SELECT 1 FROM appointments o
                        WHERE o.account_id = p.account_id AND o.service_id = p.service_id
                            AND o.starts_at = p.starts_at AND o.staff_ids = p.staff_ids
                            AND o.resource_ids = p.resource_ids AND o.id <> p.id
                            AND o.id <> \(unseen) AND o.status <> 'canceled'
                            AND \(AppointmentQueries.isAlive("o", at: now))))
            """
        ) { row in
            let range = TimeRange(start: try row.instant(1), end: try row.instant(2))
            guard let party = PartyID(try row.text(0)), let range else { return nil }
            return Taken(
                party: party, range: range, owner: try row.id(3),
                session: SessionKey(
                    service: try row.id(4), start: try row.instant(5), staff: try row.text(6),
                    resources: try row.text(7)))
        }
        return rows.compactMap { $0 }
    }

    /// The seats that are taken in the classes of a service with starts in this range.
    static func seats(
        of service: ServiceID, account: AccountID, in range: TimeRange, at now: Instant,
        except unseen: AppointmentID?, in tx: Transaction
    ) throws -> [SessionKey: Int] {
        let rows = try tx.all(
            """
            SELECT p.starts_at, p.staff_ids, p.resource_ids, SUM(p.party_size)
            FROM appointments p
            WHERE p.account_id = \(account) AND p.service_id = \(service)
                AND p.starts_at >= \(range.start) AND p.starts_at < \(range.end)
                AND p.status <> 'canceled' AND p.id <> \(unseen?.text ?? "")
                AND \(AppointmentQueries.isAlive("p", at: now))
            GROUP BY p.starts_at, p.staff_ids, p.resource_ids
            """
        ) { row in
            (
                SessionKey(
                    service: service, start: try row.instant(0), staff: try row.text(1),
                    resources: try row.text(2)),
                try row.int(3)
            )
        }
        return Dictionary(rows, uniquingKeysWith: +)
    }

    /// The bookings of a service that count for its limits.
    static func counted(
        of service: ServiceID, account: AccountID, in range: TimeRange, at now: Instant,
        except unseen: AppointmentID?, in tx: Transaction
    ) throws -> [CountedBooking] {
        try tx.all(
            """
            SELECT p.starts_at, p.ends_at, p.staff_ids FROM appointments p
            WHERE p.account_id = \(account) AND p.service_id = \(service)
                AND p.starts_at >= \(range.start) AND p.starts_at < \(range.end)
                AND p.status <> 'canceled' AND p.id <> \(unseen?.text ?? "")
                AND \(AppointmentQueries.isAlive("p", at: now))
            """
        ) { row in
            let start = try row.instant(0)
            let milliseconds = try row.instant(1).milliseconds - start.milliseconds
            return CountedBooking(
                start: start, minutes: Int(milliseconds / 60_000),
                staff: AppointmentQueries.ids(try row.text(2)))
        }
    }
}
