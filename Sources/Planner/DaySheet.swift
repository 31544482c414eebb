import Accounts
import Booking
import Contacts
import Kernel
import PhoneNumbers
import WebShell

/// A day on paper: who comes when, with telephone numbers and room to write.
struct DaySheet: Sendable {
    var visit: CalendarVisit
    var date: LocalDate
    var sheet: CalendarSheet
    /// One of the staff alone.
    var staff: StaffID?
    var points: [ContactID: [Contact.Point]]

    private var rows: [AppointmentSummary] {
        sheet.appointments.filter { summary in
            summary.appointment.status != .held
                && (staff.map(summary.appointment.staff.contains) ?? true)
        }
    }

    var page: Page {
        let rows = rows
        let heading = BusinessTime.heading(date)
        let year = "\(heading) \(date.year)"
        return Page(
            title: "\(heading) · \(visit.account.name)", bodyClass: "sheet-page",
            content: """
                <main class="day-sheet" id="main" tabindex="-1"><div class="sheet-tools"><a class="btn" href="\(url: visit.path(CalendarQuery(date: date, view: .day).address))">\(CalendarParts.icon("left"))\(t("Calendar"))</a><button class="btn btn-primary" type="button" data-print hidden>\(t("Print"))</button>\(people)</div>
                <header><h1>\(year)</h1><p>\(visit.account.name)\(name.map { " · \($0)" } ?? HTML())</p><p>\(Phrase.plural(rows.count, one: "\(rows.count) appointment", other: "\(rows.count) appointments"))</p></header>
                \(rows.isEmpty ? "<p>\(t("Nobody is booked"))</p>" : table(rows))\(away)
                </main>
                """,
            scripts: ["planner/print.js"])
    }

    private var name: String? { sheet.staff.first { $0.id == staff }?.name }

    private var people: HTML {
        StaffChoice(
            staff: sheet.staff, chosen: staff, label: t("Whose day"),
            action: visit.path("day-sheet"), kept: [(name: "date", value: date.description)]
        ).html
    }

    private func table(_ rows: [AppointmentSummary]) -> HTML {
        """
        <table class="sheet-table"><thead><tr><th scope="col">\(t("Time"))</th><th scope="col">\(t("Client"))</th><th scope="col">\(t("Phone"))</th><th scope="col">\(t("Service"))</th><th scope="col">\(t("With"))</th><th scope="col">\(t("Notes"))</th></tr></thead>
        <tbody>\(rows.html(row))</tbody></table>
        """
    }

    private func row(_ summary: AppointmentSummary) -> HTML {
        let appointment = summary.appointment
        let start = BusinessTime.clock(appointment.start, visit.zone)
        let end = BusinessTime.clock(appointment.end, visit.zone)
        let state: HTML =
            appointment.status == .confirmed
            ? HTML() : "<br><small>\(StatusWords.name(appointment.status))</small>"
        let party: HTML =
            appointment.partySize > 1
            ? "<br><small>\(StatusWords.people(appointment.partySize))</small>" : HTML()
        let phone = appointment.contact.flatMap { points[$0]?.first { $0.phone != nil } }
        return """
            <tr><th scope="row">\(start)–\(end)\(state)</th><td dir="auto">\(StatusWords.client(summary))\(party)</td><td>\(phone.map { HTML.phone($0.address, in: visit.account.phoneRegion) } ?? HTML())</td><td dir="auto">\(summary.serviceName)</td><td dir="auto">\(summary.staffNames.joined(separator: ", "))</td><td dir="auto">\(appointment.notes)</td></tr>
            """
    }

    /// Who is away, and when.
    private var away: HTML {
        let times = sheet.busy.filter { time in
            staff == nil || time.party == nil || time.party?.staffID == staff
        }.compactMap { time -> HTML? in
            guard let span = visit.span(time.range, on: date) else { return nil }
            let who =
                sheet.staff.first { $0.id == time.party?.staffID }?.name
                ?? sheet.resources.first { $0.id == time.party?.resourceID }?.name
                ?? t("Everybody").text
            let hours = "\(BusinessTime.clock(span.start))–\(BusinessTime.end(span.end))"
            return "<li>\(hours) · \(who)\(time.reason.map { " · \($0)" } ?? HTML())</li>"
        }
        if times.isEmpty { return HTML() }
        return "<section><h2>\(t("Not to be had"))</h2><ul>\(times)</ul></section>"
    }
}
