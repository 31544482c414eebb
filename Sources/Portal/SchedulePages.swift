import Accounts
import Booking
import Contacts
import Hummingbird
import Inquiries
import Kernel
import Planner
import Reports
import Store
import WebShell

/// Who comes when.
extension PortalRoutes {
    func addSchedule(to group: PortalGroup) {
        group.get("today") { call in try await showDay(call) }
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

    /// The calendar, its paper and its table.
    func addCalendar(to group: PortalGroup) {
        CalendarRoutes(store: store, ambient: ambient, book: appointments) {
            request, context, now, tx in
            let visit = try Visit(PortalCall(request, context), now: now, in: tx)
            return .init(visit.calendar) { content in
                PortalFrame(
                    visit: visit, section: .calendar, title: content.title,
                    content: content.html, isNarrow: content.look == .narrow,
                    isWide: content.look == .wide, hasCalendar: content.look == .wide
                ).page
            }
        }.add(to: group.group)
        // Where the week was before there was a calendar.
        group.group.get("week") { [store] request, context in
            let call = try PortalCall(request, context)
            let account = try await store.read { tx in try Visit.account(call, in: tx) }
            let date = call.date("from").map { "&date=\($0)" } ?? ""
            return Response.redirect(Visit.path(account, "calendar") + "?view=week" + date)
        }
    }

    private func showDay(_ call: PortalCall) async throws -> Page {
        try await read(call) { visit, tx in
            let date = call.date("date") ?? visit.today
            let day = BusinessTime.range(visit.today, days: 1, visit.zone)
            let sheet = try CalendarSheet(of: visit.calendar, from: date, days: 1, in: tx)
            let client = DayPage.next(of: sheet.appointments, at: visit.now)?
                .appointment.contact
            return DayPage(
                visit: visit, date: date, sheet: sheet,
                nextContact: try client.map {
                    try ContactBook.contact($0, for: visit.actor, in: tx)
                },
                statistics: try Statistics.statistics(
                    of: visit.account.id, from: day.lowerBound, to: day.upperBound,
                    for: visit.actor, in: tx)
            ).page
        }
    }

    // MARK: One appointment

    private func showAppointment(_ call: PortalCall, problem: Phrase?) async throws -> Page {
        let ambient = ambient
        return try await read(call) { visit, tx in
            let found = try AppointmentBook.summary(call.id(), of: visit.account.id, in: tx)
            guard let found, found.appointment.status != .held else { throw Refusal.notFound() }
            let contact = try found.appointment.contact.map {
                try ContactBook.contact($0, for: visit.actor, in: tx)
            }
            return AppointmentPage(
                visit: visit, summary: found, contact: contact, problem: problem,
                move: try MoveForm(
                    of: found, on: nil, visit.calendar, ambient: ambient, in: tx)
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
