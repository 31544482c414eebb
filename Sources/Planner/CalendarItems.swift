import Booking
import Kernel
import WebShell

/// Appointments, holds and busy times as items of a grid.
struct CalendarItems: Sendable {
    var visit: CalendarVisit

    /// In each of these lanes.
    func items(
        _ summary: AppointmentSummary, in lanes: [Int], on date: LocalDate
    ) -> [TimeGrid.Item] {
        let appointment = summary.appointment
        guard let range = TimeRange(start: appointment.start, end: appointment.end),
            let span = visit.span(range, on: date)
        else { return [] }
        return lanes.map { lane in
            TimeGrid.Item(
                lane: lane, start: span.start, end: span.end, content: content(summary),
                look: look(appointment), id: appointment.id.text)
        }
    }

    func items(
        _ busy: BusyTime, who: Phrase?, in lanes: [Int], on date: LocalDate
    ) -> [TimeGrid.Item] {
        guard let span = visit.span(busy.range, on: date) else { return [] }
        let what = busy.reason.map { Phrase(verbatim: $0) } ?? t(who == nil ? "Closed" : "Away")
        let content: HTML = """
            <div class="appointment"><span class="when">\(BusinessTime.clock(span.start))<small>\(BusinessTime.end(span.end))</small></span><span class="who" dir="auto">\(what)</span><span class="what">\(who ?? t("Everybody"))</span></div>
            """
        return lanes.enumerated().map { place, lane in
            TimeGrid.Item(
                lane: lane, start: span.start, end: span.end, content: content,
                look: busy.isTransparent ? "is-busy is-transparent" : "is-busy",
                isEcho: place > 0)
        }
    }

    private func look(_ appointment: Appointment) -> String {
        let look = StatusWords.look(appointment.status)
        let isNow =
            !appointment.status.isFinal && appointment.status != .held
            && appointment.start <= visit.now && visit.now < appointment.end
        return isNow ? look + " is-now" : look
    }

    private func content(_ summary: AppointmentSummary) -> HTML {
        let appointment = summary.appointment
        let staff: HTML =
            summary.staffNames.isEmpty
            ? HTML()
            : "<span class=\"staff\"> · \(summary.staffNames.joined(separator: ", "))</span>"
        let party: HTML =
            appointment.partySize > 1 ? " · \(StatusWords.people(appointment.partySize))" : HTML()
        let inside: HTML = """
            <span class="when"><time datetime="\(appointment.start.description)">\(BusinessTime.clock(appointment.start, visit.zone))</time><small>\(BusinessTime.clock(appointment.end, visit.zone))</small></span><span class="who" dir="auto">\(who(summary))</span><span class="what"><span dir="auto">\(summary.serviceName)</span>\(party)\(staff)</span>\(badge(appointment))
            """
        if appointment.status == .held { return "<div class=\"appointment\">\(inside)</div>" }
        return """
            <a class="appointment" href="\(url: visit.path("appointments/\(appointment.id)"))"\(facts(summary))>\(inside)</a>
            """
    }

    private func who(_ summary: AppointmentSummary) -> Phrase {
        let held = summary.appointment
        guard held.status == .held, let until = held.expiresAt else {
            return StatusWords.client(summary)
        }
        return t("Held until \(BusinessTime.clock(until, visit.zone))")
    }

    /// What a script needs to move it.
    private func facts(_ summary: AppointmentSummary) -> HTML {
        let appointment = summary.appointment
        guard visit.canBook, [.pending, .confirmed].contains(appointment.status) else {
            return HTML()
        }
        return """
             draggable="false" data-movable="\(appointment.id)" data-version="\(appointment.version)" data-service="\(appointment.service)" data-staff="\(appointment.staff.map(\.text).joined(separator: " "))" data-resources="\(appointment.resources.map(\.text).joined(separator: " "))" data-start="\(appointment.start.description)" data-end="\(appointment.end.description)" data-name="\(StatusWords.client(summary))" aria-keyshortcuts="M"
            """
    }

    private func badge(_ appointment: Appointment) -> HTML {
        // Over and nobody has said how it went.
        let isOpen = [.pending, .confirmed].contains(appointment.status)
        if isOpen, appointment.end <= visit.now {
            return "<span class=\"badge badge-waiting\">\(t("To mark"))</span>"
        }
        // The name of a hold says it.
        let isPlain = appointment.status == .confirmed || appointment.status == .held
        return isPlain ? HTML() : StatusWords.badge(appointment.status)
    }
}
