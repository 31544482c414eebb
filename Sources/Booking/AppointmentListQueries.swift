import Kernel
import Store

/// Appointments with the names of their service, contact and staff.
enum AppointmentListQueries {
    private static let summaries: SQL = """
        SELECT \(AppointmentQueries.columns), s.name, c.name, a.time_zone
        FROM appointments p
        JOIN accounts a ON a.id = p.account_id
        JOIN services s ON s.id = p.service_id AND s.account_id = p.account_id
        LEFT JOIN contacts c ON c.id = p.contact_id AND c.account_id = p.account_id
        """

    private static func read(_ row: Row) throws -> AppointmentSummary {
        let next = AppointmentQueries.columnCount
        return AppointmentSummary(
            appointment: try AppointmentQueries.read(row), serviceName: try row.text(next),
            contactName: row.textOrNil(next + 1), staffNames: [],
            zone: Zone(try row.text(next + 2)) ?? .utc)
    }

    static func appointments(
        of account: AccountID, _ filter: AppointmentFilter, after cursor: AppointmentCursor?,
        limit: Int, now: Instant, in tx: Transaction
    ) throws -> [AppointmentSummary] {
        let order: SQL =
            filter.isReversed
            ? "p.starts_at DESC, p.id DESC" : "p.starts_at, p.id"
        let found = try tx.all(
            """
            \(summaries)
            WHERE p.account_id = \(account) AND \(AppointmentQueries.isAlive("p", at: now))
                AND \(conditions(filter, after: cursor))
            ORDER BY \(order)
            LIMIT \(limit)
            """, read)
        return try named(found, account, in: tx)
    }

    static func appointment(
        _ id: AppointmentID, of account: AccountID, in tx: Transaction
    ) throws -> AppointmentSummary? {
        let found = try tx.all(
            "\(summaries) WHERE p.account_id = \(account) AND p.id = \(id)", read)
        return try named(found, account, in: tx).first
    }

    private static func named(
        _ summaries: [AppointmentSummary], _ account: AccountID, in tx: Transaction
    ) throws -> [AppointmentSummary] {
        let staff = Set(summaries.flatMap(\.appointment.staff))
        if staff.isEmpty { return summaries }
        let names = try tx.all("SELECT id, name FROM staff WHERE account_id = \(account)") { row in
            (try row.id(0, StaffID.self), try row.text(1))
        }
        let nameOf = Dictionary(names) { first, _ in first }
        return summaries.map { summary in
            var summary = summary
            summary.staffNames = summary.appointment.staff.compactMap { nameOf[$0] }
            return summary
        }
    }

    private static func conditions(
        _ filter: AppointmentFilter, after cursor: AppointmentCursor?
    ) -> SQL {
        var conditions: SQL = "p.status IN (\(list: filter.statuses.map(\.rawValue)))"
        if let from = filter.from { conditions = conditions + " AND p.ends_at > \(from)" }
        if let to = filter.to { conditions = conditions + " AND p.starts_at < \(to)" }
        if let contact = filter.contact {
            conditions = conditions + " AND p.contact_id = \(contact)"
        }
        if let series = filter.series { conditions = conditions + " AND p.series_id = \(series)" }
        if let staff = filter.staff {
            let place = "% \(staff) %"
            conditions = conditions + " AND ' ' || p.staff_ids || ' ' LIKE \(place)"
        }
        if let cursor {
            conditions = conditions + " AND (p.starts_at, p.id) > (\(cursor.start), \(cursor.id))"
        }
        return conditions
    }
}
