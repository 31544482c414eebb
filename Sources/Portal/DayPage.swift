import Accounts
import Booking
import Contacts
import Inquiries
import Kernel
import PhoneNumbers
import Planner
import Reports
import WebShell

/// A day of the business: who is next, who comes when, what clients asked.
struct DayPage: Sendable {
    var visit: Visit
    var date: LocalDate
    var sheet: CalendarSheet
    /// The client who is next.
    var nextContact: Contact?
    /// Of today, whatever day is shown.
    var statistics: AccountStatistics

    private var isToday: Bool { date == visit.today }
    private var items: AppointmentItems { AppointmentItems(visit: visit) }
    private var schedule: Schedule { sheet.schedule }

    /// Without holds: those are somebody's thinking aloud, not who comes.
    private var appointments: [AppointmentSummary] {
        sheet.appointments.filter { $0.appointment.status != .held }
    }

    var page: Page {
        let content: HTML = """
            \(head)\(closures)\(isToday ? "\(next)\(questions)\(stats)" : HTML())\(unmarked)
            <section class="stack stack-tight" aria-labelledby="schedule"><h2 class="sr-only" id="schedule">\(t("Schedule"))</h2>\(grid)</section>
            \(isToday ? kinds : HTML())
            """
        return PortalFrame(
            visit: visit, section: .today,
            title: isToday ? t("Today") : Phrase(verbatim: BusinessTime.heading(date)),
            content: content, isLive: true, hasCalendar: true
        ).page
    }

    // MARK: Head

    private var head: HTML {
        let day = BusinessTime.heading(date)
        let title = isToday ? greeting : Phrase(verbatim: day)
        let note =
            isToday ? Phrase(joining: [Phrase(verbatim: day + "."), openText]) : openText
        func link(_ days: Int, _ icon: String) -> HTML {
            let other = date.adding(days: days)
            return
                "<a class=\"btn btn-icon\" href=\"\(url: visit.path("today"))?date=\(other)\" aria-label=\"\(BusinessTime.long(other))\">\(Parts.icon(icon))</a>"
        }
        return Parts.head(
            title, note,
            """
            <nav class="day-switch" aria-label="\(t("Day"))">\(link(-1, "left"))<a class="btn" href="\(url: visit.path("today"))"\(isToday ? " aria-current=\"date\"" : HTML())>\(t("Today"))</a>\(link(1, "right"))</nav>
            """)
    }

    private var firstName: String {
        visit.actor.name.split(separator: " ").first.map(String.init) ?? visit.actor.name
    }

    private var greeting: Phrase {
        switch visit.zone.local(at: visit.now).minuteOfDay / 60 {
        case 4..<12: t("Good morning, \(firstName)")
        case 12..<18: t("Good afternoon, \(firstName)")
        default: t("Good evening, \(firstName)")
        }
    }

    private var openText: Phrase {
        let windows = schedule.windows(on: date)
        if windows.isEmpty { return t(isToday ? "You are closed today." : "You are closed.") }
        let times = windows.map { window in
            let last = BusinessTime.end(visit.zone.local(at: window.end).minuteOfDay)
            return "\(BusinessTime.clock(window.start, visit.zone))–\(last)"
        }
        return t("Open \(times.joined(separator: ", ")).")
    }

    /// Time off of the whole business.
    private var closures: HTML {
        sheet.busy.filter { $0.party == nil && !$0.isTransparent }.html { closure in
            guard let span = visit.calendar.span(closure.range, on: date) else { return HTML() }
            return """
                <div class="alert alert-waiting">\(Parts.icon("clock"))<div>\(Self.closed(span, closure.reason))</div></div>
                """
        }
    }

    private static func closed(_ span: (start: Int, end: Int), _ reason: String?) -> Phrase {
        let times = "\(BusinessTime.clock(span.start))–\(BusinessTime.end(span.end))"
        return switch (span == (0, 1440), reason) {
        case (true, let reason?): t("Nothing can be booked all day: \(reason).")
        case (true, nil): t("Nothing can be booked all day.")
        case (false, let reason?): t("Nothing can be booked \(times): \(reason).")
        case (false, nil): t("Nothing can be booked \(times).")
        }
    }

    // MARK: Next

    /// Whoever comes next, or the one who is here when nobody else comes today.
    static func next(
        of appointments: [AppointmentSummary], at now: Instant
    ) -> AppointmentSummary? {
        let open = appointments.filter {
            !$0.appointment.status.isFinal && $0.appointment.status != .held
                && $0.appointment.end > now
        }.sorted {
            ($0.appointment.start, $0.appointment.id) < ($1.appointment.start, $1.appointment.id)
        }
        return open.first { $0.appointment.start > now } ?? open.first
    }

    private var next: HTML {
        guard let summary = Self.next(of: appointments, at: visit.now) else { return HTML() }
        let appointment = summary.appointment
        let phone = nextContact?.points.first { ["phone", "sms", "whatsapp"].contains($0.channel) }
        let call: HTML =
            phone.map { point in
                let shown = point.shown(in: visit.account.phoneRegion)
                return
                    "<a class=\"btn\" href=\"\(url: "tel:" + point.address)\" title=\"\(shown)\" aria-label=\"\(t("Call \(shown)"))\">\(Parts.icon("phone"))\(t("Call"))</a>"
            } ?? HTML()
        let address = visit.path("appointments/\(appointment.id)")
        return """
            <section class="next-up" aria-labelledby="next"><p class="when"><span class="overline">\(t(appointment.start <= visit.now ? "Now" : "Next up"))</span><b><time\(visit.moment(appointment.start))>\(BusinessTime.clock(appointment.start, visit.zone))</time></b><span class="small muted">\(wait(appointment))</span></p>
            <div><h2 id="next" dir="auto">\(StatusWords.client(summary))</h2><p class="small muted">\(Self.what(summary))</p>\(appointment.notes.map { "<p class=\"small\" dir=\"auto\">\($0)</p>" } ?? HTML())</div>
            <p class="row">\(call)<a class="btn" href="\(url: address)">\(t("Open the appointment"))</a></p></section>
            """
    }

    private static func what(_ summary: AppointmentSummary) -> HTML {
        let staff =
            summary.staffNames.isEmpty ? "" : " · " + summary.staffNames.joined(separator: ", ")
        return "<span dir=\"auto\">\(summary.serviceName)</span>\(staff)"
    }

    /// Those that are over and nobody has said how they went.
    private var unmarked: HTML {
        let over = appointments.filter { items.isToMark($0.appointment) }
        if over.isEmpty || !visit.canBook { return HTML() }
        return """
            <section class="card"><header class="card-head"><h2>\(t("How did it go?"))</h2><span class="badge badge-waiting">\(t("\(over.count) to mark"))</span></header>
            <ul class="list">\(over.prefix(8).html { summary in
                """
                <li class="list-item to-mark"><span class="list-main"><a class="strong" href="\(url: visit.path("appointments/\(summary.appointment.id)"))" dir="auto">\(StatusWords.client(summary))</a><span class="hint setting-note">\(BusinessTime.clock(summary.appointment.start, visit.zone)) · \(Self.what(summary))</span></span><span class="row">\(AppointmentActions(visit: visit, appointment: summary.appointment).outcome)</span></li>
                """
            })</ul></section>
            """
    }

    private func wait(_ appointment: Appointment) -> Phrase {
        let until = appointment.start > visit.now ? appointment.start : appointment.end
        let minutes = Int((until.milliseconds - visit.now.milliseconds + 59_999) / 60_000)
        let time = BusinessTime.duration(minutes)
        return appointment.start > visit.now ? t("in \(time)") : t("\(time) left")
    }

    // MARK: Schedule

    private var grid: HTML {
        if sheet.appointments.isEmpty, sheet.busy.allSatisfy({ $0.party == nil }) {
            let title = t(isToday ? "Nobody is booked today" : "Nobody is booked")
            return """
                <div class="card">\(Parts.empty("calendar", title, t("Appointments appear here the moment our people book them.")))</div>
                """
        }
        let pane = CalendarPane(
            visit: visit.calendar, query: CalendarQuery(date: date, view: .day), sheet: sheet,
            isListOnPhone: true)
        return """
            <div class="calendar-note" data-calendar-note hidden></div><div class="card calendar-card">\(pane.html)</div>
            """
    }

    // MARK: Inquiries

    private var questions: HTML {
        guard let oldest = visit.openQuestions.last else { return HTML() }
        let count = visit.openQuestions.count
        let text = oldest.inquiry.topic ?? oldest.inquiry.notes ?? t("a hard question").text
        let waiting = Phrase.plural(
            count, one: "\(count) question waits for you.",
            other: "\(count) questions wait for you.")
        let which = t(count == 1 ? "It is: “{1}”" : "The oldest: “{1}”")
        return """
            <a class="alert alert-waiting" href="\(url: visit.path("inquiries"))#questions">\(Parts.icon("question"))<div><b>\(waiting)</b> \(which, with: "<span dir=\"auto\">\(text)</span>")</div>\(Parts.icon("right"))</a>
            """
    }

    private var stats: HTML {
        let booked = statistics.appointments.booked
        let response = statistics.firstResponse.median.map(BusinessTime.seconds) ?? "—"
        let figures = [
            (t("Appointments"), Parts.number(appointments.count)),
            (t("Booked today"), Parts.number(booked)),
            (t("Inquiries"), Parts.number(statistics.inquiries.total)),
            (t("Answered in"), Phrase(verbatim: response)),
        ]
        return """
            <dl class="stats">\(figures.html { "<div class=\"stat\"><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" })</dl>
            """
    }

    private var kinds: HTML {
        let numbers = statistics.inquiries
        if numbers.total == 0 { return HTML() }
        let kinds = Statistics.kinds.filter { (numbers.byKind[$0] ?? 0) > 0 }
        let chart = BarChart(
            t("Inquiries today by kind"),
            kinds.map {
                .init(Words.kind($0), numbers.byKind[$0] ?? 0, mark: InquiryParts.mark($0))
            })
        return """
            <section class="card"><header class="card-head"><h2>\(t("What clients wanted today"))</h2><a class="small" href="\(url: visit.path("inquiries"))?days=1">\(t("One by one"))</a></header>\(chart.rows)</section>
            """
    }
}
