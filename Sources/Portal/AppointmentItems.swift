import Booking
import Kernel
import WebShell

/// Appointments and busy times as items of a grid.
struct AppointmentItems: Sendable {
    var visit: Visit

    /// The part of an appointment that lies on a date, in minutes; nil: none of it.
    func span(_ range: TimeRange, on date: LocalDate) -> (start: Int, end: Int)? {
        let start = visit.zone.local(at: range.start)
        let end = visit.zone.local(at: range.end)
        guard start.date <= date, end.date >= date else { return nil }
        let first = start.date < date ? 0 : start.minuteOfDay
        let last = end.date > date ? 1440 : end.minuteOfDay
        return last > first ? (first, last) : nil
    }

    func item(_ summary: AppointmentSummary, lane: Int, on date: LocalDate) -> TimeGrid.Item? {
        let appointment = summary.appointment
        guard let range = TimeRange(start: appointment.start, end: appointment.end),
            let span = span(range, on: date)
        else { return nil }
        return TimeGrid.Item(
            lane: lane, start: span.start, end: span.end, content: content(summary),
            state: state(appointment))
    }

    func item(_ busy: BusyTime, who: Phrase, lane: Int, on date: LocalDate) -> TimeGrid.Item? {
        guard let span = span(busy.range, on: date) else { return nil }
        return TimeGrid.Item(
            lane: lane, start: span.start, end: span.end,
            content: """
                <div class="appointment"><span class="when">\(PortalTime.clock(span.start))<small>\(PortalTime.end(span.end))</small></span><span class="who">\(busy.reason.map { Phrase(verbatim: $0) } ?? t("Away"))</span><span class="what">\(who)</span></div>
                """,
            state: "is-busy")
    }

    private func state(_ appointment: Appointment) -> String? {
        if appointment.status == .canceled { return "is-canceled" }
        if appointment.status.isFinal { return "is-done" }
        return appointment.start <= visit.now && visit.now < appointment.end ? "is-now" : nil
    }

    private func content(_ summary: AppointmentSummary) -> HTML {
        let appointment = summary.appointment
        let staff: HTML =
            summary.staffNames.isEmpty
            ? HTML()
            : "<span class=\"staff\"> · \(summary.staffNames.joined(separator: ", "))</span>"
        let party: HTML =
            appointment.partySize > 1 ? " · \(Self.people(appointment.partySize))" : HTML()
        return """
            <a class="appointment" href="\(url: visit.path("appointments/\(appointment.id)"))"><span class="when"><time datetime="\(appointment.start.description)">\(PortalTime.clock(appointment.start, visit.zone))</time><small>\(PortalTime.clock(appointment.end, visit.zone))</small></span><span class="who" dir="auto">\(Self.client(summary))</span><span class="what"><span dir="auto">\(summary.serviceName)</span>\(party)\(staff)</span>\(badge(appointment))</a>
            """
    }

    private func badge(_ appointment: Appointment) -> HTML {
        // Over and nobody has said how it went.
        if isToMark(appointment) {
            return "<span class=\"badge badge-waiting\">\(t("To mark"))</span>"
        }
        return appointment.status == .confirmed ? HTML() : Parts.status(appointment.status)
    }

    func isToMark(_ appointment: Appointment) -> Bool {
        !appointment.status.isFinal && appointment.end <= visit.now
    }

    static func people(_ count: Int) -> Phrase {
        Phrase.plural(count, one: "\(count) person", other: "\(count) people")
    }

    static func client(_ summary: AppointmentSummary) -> Phrase {
        if let name = summary.contactName, !name.isEmpty { return Phrase(verbatim: name) }
        guard let contact = summary.appointment.contact else { return t("Client") }
        return t("Visitor \(contact.text.suffix(4).uppercased())")
    }
}

/// What can be done with an appointment, as small forms.
struct AppointmentActions: Sendable {
    var visit: Visit
    var appointment: Appointment

    /// Once it has begun one can say how it went.
    var outcome: HTML {
        guard visit.canBook, !appointment.status.isFinal, appointment.start <= visit.now else {
            return HTML()
        }
        return button("complete", t("Done"), "check", isMain: true)
            + button("no_show", t("Did not come"), "x")
    }

    var cancel: HTML {
        guard visit.canBook, !appointment.status.isFinal else { return HTML() }
        return Confirm(
            visit: visit, action: path("cancel"), label: t("Cancel the appointment"),
            question: t(
                "The time becomes free for others. "
                    + "If it was booked in a chat, the client is told there."),
            button: t("Cancel the appointment"), icon: "x",
            fields: """
                <div class="field"><label for="reason">\(t("Reason")) <span class="optional">\(t("optional"))</span></label><input class="input" id="reason" name="reason" maxlength="500" autocomplete="off"></div>
                """,
            version: appointment.version
        ).html
    }

    private func path(_ act: String) -> String { "appointments/\(appointment.id)/\(act)" }

    private func button(
        _ act: String, _ text: Phrase, _ icon: String, isMain: Bool = false
    ) -> HTML {
        """
        <form method="post" action="\(url: visit.path(path(act)))">\(visit.token)<input type="hidden" name="version" value="\(appointment.version)"><button class="btn\(isMain ? " btn-primary" : HTML())">\(Parts.icon(icon))\(text)</button></form>
        """
    }
}
