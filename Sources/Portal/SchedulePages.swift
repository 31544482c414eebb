import Accounts
import Booking
import Contacts
import Hummingbird
import Inquiries
import Kernel
import Reports
import Store
import WebShell

/// Who comes when.
extension PortalRoutes {
    func addSchedule(to group: PortalGroup) {
        group.get("today") { call in try await showDay(call) }
        group.get("week") { call in try await showWeek(call) }
        group.get("appointments/:id") { call in try await showAppointment(call, problem: nil) }
        group.post("appointments/:id/complete") { call in
            try await change(call) { id, version, _ in
                _ = try await appointments.complete(id, expecting: version, by: call.actor)
            }
        }
        group.post("appointments/:id/no_show") { call in
            try await change(call) { id, version, _ in
                _ = try await appointments.noShow(id, expecting: version, by: call.actor)
            }
        }
        group.post("appointments/:id/cancel") { call in
            try await change(call) { id, version, form in
                let reason = String(form.text("reason").prefix(500))
                _ = try await appointments.cancel(
                    id, reason: reason.isEmpty ? nil : reason, expecting: version,
                    by: call.actor)
            }
        }
    }

    private func showDay(_ call: PortalCall) async throws -> Page {
        let account = try await account(call, requiring: .viewAccount)
        let zone = Zone(account.timeZone) ?? .utc
        let today = zone.date(at: ambient.now())
        let date = call.date("date") ?? today
        let range = PortalTime.range(date, days: 1, zone)
        let busy = try await busy(account, range, call)
        return try await read(call) { visit, tx in
            let day = PortalTime.range(visit.today, days: 1, visit.zone)
            let appointments = try Self.appointments(visit, range, in: tx)
            let client = DayPage.next(of: appointments, at: visit.now)?.appointment.contact
            return DayPage(
                visit: visit, date: date, schedule: try Catalog.hours(of: visit.account, in: tx),
                staff: try Catalog.staff(of: visit.account.id, in: tx),
                appointments: appointments, busy: busy,
                nextContact: try client.map {
                    try ContactBook.contact($0, for: visit.actor, in: tx)
                },
                statistics: try Statistics.statistics(
                    of: visit.account.id, from: day.lowerBound, to: day.upperBound,
                    for: visit.actor, in: tx)
            ).page
        }
    }

    private func showWeek(_ call: PortalCall) async throws -> Page {
        let account = try await account(call, requiring: .viewAccount)
        let zone = Zone(account.timeZone) ?? .utc
        let monday = (call.date("from") ?? zone.date(at: ambient.now())).startOfWeek
        let range = PortalTime.range(monday, days: 7, zone)
        let busy = try await busy(account, range, call)
        let chosen = call.query("staff").map { StaffID($0) }
        return try await read(call) { visit, tx in
            WeekPage(
                visit: visit, monday: monday, chosen: chosen,
                schedule: try Catalog.hours(of: visit.account, in: tx),
                staff: try Catalog.staff(of: visit.account.id, in: tx),
                appointments: try Self.appointments(visit, range, in: tx), busy: busy
            ).page
        }
    }

    private func busy(
        _ account: Account, _ range: Range<Instant>, _ call: PortalCall
    ) async throws -> [BusyTime] {
        try await catalog.busy(
            of: account.id, from: range.lowerBound, to: range.upperBound,
            Paging(limit: 200, after: nil), for: call.actor)
    }

    /// Holds are somebody's thinking aloud, not the business's schedule.
    private static func appointments(
        _ visit: Visit, _ range: Range<Instant>, in tx: Transaction
    ) throws -> [AppointmentSummary] {
        try AppointmentBook.summaries(
            of: visit.account.id, from: range.lowerBound, to: range.upperBound, limit: 1000,
            now: visit.now, in: tx
        ).filter { $0.appointment.status != .held }
    }

    // MARK: One appointment

    private func showAppointment(_ call: PortalCall, problem: Phrase?) async throws -> Page {
        try await read(call) { visit, tx in
            let found = try AppointmentBook.summary(call.id(), of: visit.account.id, in: tx)
            guard let found, found.appointment.status != .held else { throw Refusal.notFound() }
            let contact = try found.appointment.contact.map {
                try ContactBook.contact($0, for: visit.actor, in: tx)
            }
            return AppointmentPage(
                visit: visit, summary: found, contact: contact, problem: problem
            ).page
        }
    }

    private func change(
        _ call: PortalCall,
        _ act: @Sendable (AppointmentID, Int?, Form) async throws -> Void
    ) async throws -> Response {
        let form = try await call.form()
        let account = try await account(call, requiring: .book)
        let appointment = try await appointments.appointment(call.id(), for: call.actor)
        guard appointment.account == account.id else { throw Refusal.notFound() }
        do {
            try await act(appointment.id, Int(form.text("version")), form)
        } catch let refusal as Refusal where refusal.kind == .conflict || refusal.kind == .stale {
            return try await showAppointment(call, problem: refusal.detail)
                .response(status: .conflict)
        }
        let zone = Zone(account.timeZone) ?? .utc
        let date = zone.date(at: appointment.start)
        return Response.redirect(Visit.path(account, "today") + "?date=\(date)&saved=1")
    }
}
