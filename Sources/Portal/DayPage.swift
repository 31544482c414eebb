import Booking
import Inquiries
import Kernel
import Reports
import WebShell

/// A day of the business: who is next, who comes when, what clients asked.
struct DayPage: Sendable {
    var visit: Visit
    var date: LocalDate
    var schedule: Schedule
    var staff: [StaffMember]
    var appointments: [AppointmentSummary]
    var busy: [BusyTime]
    /// Of today, whatever day is shown.
    var statistics: AccountStatistics

    private var isToday: Bool { date == visit.today }
    private var items: AppointmentItems { AppointmentItems(visit: visit) }

    var page: Page {
        let content: HTML = """
            \(head)\(closures)\(isToday ? next : HTML())\(unmarked)
            <section class="stack stack-tight" aria-labelledby="schedule"><div class="spread"><h2 id="schedule">\(isToday ? "Today" : PortalTime.weekday(date))</h2><p class="small muted">\(summaryLine)</p></div>
            \(grid)</section>
            \(isToday ? today : HTML())
            """
        return PortalFrame(
            visit: visit, section: .today,
            title: isToday ? "Today" : PortalTime.long(date), content: content, isLive: true
        ).page
    }

    // MARK: Head

    private var head: HTML {
        let title = isToday ? "\(greeting), \(firstName)" : PortalTime.long(date)
        let note = isToday ? "\(PortalTime.long(date)). \(openText)" : openText
        func link(_ days: Int, _ label: String, _ icon: String) -> HTML {
            "<a class=\"btn btn-icon\" href=\"\(url: visit.path("today"))?date=\(date.adding(days: days))\" aria-label=\"\(label)\">\(Parts.icon(icon))</a>"
        }
        return Parts.head(
            title, note,
            """
            <nav class="day-switch" aria-label="Day">\(link(-1, "The day before", "left"))\(isToday ? HTML() : "<a class=\"btn\" href=\"\(url: visit.path("today"))\">Today</a>")\(link(1, "The day after", "right"))</nav>
            """)
    }

    private var firstName: String {
        visit.actor.name.split(separator: " ").first.map(String.init) ?? visit.actor.name
    }

    private var greeting: String {
        switch visit.zone.local(at: visit.now).minuteOfDay / 60 {
        case 4..<12: "Good morning"
        case 12..<18: "Good afternoon"
        default: "Good evening"
        }
    }

    private var openText: String {
        let windows = schedule.windows(on: date)
        if windows.isEmpty { return isToday ? "You are closed today." : "You are closed." }
        let texts = windows.map { window in
            let end = visit.zone.local(at: window.end)
            let last = end.minuteOfDay == 0 ? "24:00" : PortalTime.clock(end.minuteOfDay)
            return "\(PortalTime.clock(window.start, visit.zone))–\(last)"
        }
        return "Open \(texts.joined(separator: ", "))."
    }

    /// Time off of the whole business.
    private var closures: HTML {
        busy.filter { $0.party == nil && !$0.isTransparent }.html { closure in
            guard let span = items.span(closure.range, on: date) else { return HTML() }
            let times = span == (0, 1440)
                ? "all day"
                : "\(PortalTime.clock(span.start))–\(span.end == 1440 ? "24:00" : PortalTime.clock(span.end))"
            return """
                <div class="alert alert-waiting">\(Parts.icon("clock"))<div>Nothing can be booked \(times)\(closure.reason.map { ": \($0)" } ?? HTML()).</div></div>
                """
        }
    }

    // MARK: Next

    /// Whoever comes next, or the one who is here when nobody else comes today.
    private var next: HTML {
        let open = appointments.filter {
            !$0.appointment.status.isFinal && $0.appointment.end > visit.now
        }.sorted { ($0.appointment.start, $0.appointment.id) < ($1.appointment.start, $1.appointment.id) }
        guard let summary = open.first(where: { $0.appointment.start > visit.now }) ?? open.first
        else { return HTML() }
        let appointment = summary.appointment
        let address = visit.path("appointments/\(appointment.id)")
        return """
            <section class="next-up" aria-labelledby="next"><p class="when"><span class="overline">\(appointment.start <= visit.now ? "Now" : "Next up")</span><b>\(PortalTime.clock(appointment.start, visit.zone))</b><span class="small muted">\(wait(appointment))</span></p>
            <div><h2 id="next" dir="auto">\(AppointmentItems.client(summary))</h2><p class="small muted">\(Self.what(summary))</p>\(appointment.notes.map { "<p class=\"small\" dir=\"auto\">\($0)</p>" } ?? HTML())</div>
            <div class="row"><a class="btn" href="\(url: address)">Open</a></div></section>
            """
    }

    private static func what(_ summary: AppointmentSummary) -> HTML {
        let staff = summary.staffNames.isEmpty ? "" : " · " + summary.staffNames.joined(separator: ", ")
        return "<span dir=\"auto\">\(summary.serviceName)</span>\(staff)"
    }

    /// Those that are over and nobody has said how they went.
    private var unmarked: HTML {
        let over = appointments.filter { items.isToMark($0.appointment) }
        if over.isEmpty || !visit.canBook { return HTML() }
        return """
            <section class="card"><header class="card-head"><h2>How did it go?</h2><span class="badge badge-waiting">\(over.count) to mark</span></header>
            <ul class="list">\(over.prefix(8).html { summary in
                """
                <li class="list-item to-mark"><span class="list-main"><a class="strong" href="\(url: visit.path("appointments/\(summary.appointment.id)"))" dir="auto">\(AppointmentItems.client(summary))</a><span class="hint setting-note">\(PortalTime.clock(summary.appointment.start, visit.zone)) · \(Self.what(summary))</span></span><span class="row">\(AppointmentActions(visit: visit, appointment: summary.appointment).outcome)</span></li>
                """
            })</ul></section>
            """
    }

    private func wait(_ appointment: Appointment) -> String {
        let until = appointment.start > visit.now ? appointment.start : appointment.end
        let minutes = Int((until.milliseconds - visit.now.milliseconds + 59_999) / 60_000)
        let text = PortalTime.duration(minutes)
        return appointment.start > visit.now ? "in \(text)" : "\(text) left"
    }

    // MARK: Schedule

    private var summaryLine: String {
        let count = appointments.count
        if count == 0 { return "" }
        return Words.count(count, "appointment", "appointments")
    }

    private var grid: HTML {
        if appointments.isEmpty, busy.allSatisfy({ $0.party == nil }) {
            return """
                <div class="card">\(Parts.empty("calendar", isToday ? "Nobody is booked today" : "Nobody is booked", "Appointments appear here the moment our people book them."))</div>
                """
        }
        let (lanes, laneOf) = lanes
        let booked = appointments.compactMap { summary in
            items.item(
                summary, lane: summary.appointment.staff.compactMap { laneOf[$0] }.first ?? lanes.count - 1,
                on: date)
        }
        let away = busy.compactMap { time -> TimeGrid.Item? in
            guard let id = time.party?.staffID, let lane = laneOf[id] else { return nil }
            return items.item(time, who: lanes[lane].title, lane: lane, on: date)
        }
        let columns = lanes.map { TimeGrid.Lane(title: "\($0.title)") }
        let now = isToday ? visit.zone.local(at: visit.now).minuteOfDay : nil
        return "<div class=\"card\">\(TimeGrid(lanes: columns, items: booked + away, hours: hours, now: now).html)</div>"
    }

    /// A column for everybody who works here or has an appointment, and one for what needs nobody.
    private var lanes: (lanes: [(title: String, id: StaffID?)], laneOf: [StaffID: Int]) {
        let busyIDs = Set(appointments.flatMap(\.appointment.staff))
        var lanes: [(title: String, id: StaffID?)] = staff
            .filter { $0.isActive || busyIDs.contains($0.id) }.map { ($0.name, $0.id) }
        let laneOf = Dictionary(
            uniqueKeysWithValues: lanes.enumerated().compactMap { place, lane in
                lane.id.map { ($0, place) }
            })
        let isOther = appointments.contains { summary in
            !summary.appointment.staff.contains { laneOf[$0] != nil }
        }
        if isOther || lanes.isEmpty { lanes.append(("Without staff", nil)) }
        return (lanes, laneOf)
    }

    private var hours: Range<Int> {
        let windows = schedule.windows(on: date).compactMap { items.span($0, on: date) }
        guard let first = windows.map(\.start).min(), let last = windows.map(\.end).max() else {
            return 9..<17
        }
        return (first / 60)..<max(first / 60 + 1, (last + 59) / 60)
    }

    // MARK: Inquiries

    private var today: HTML {
        let numbers = statistics.inquiries
        let kinds = Statistics.kinds.filter { (numbers.byKind[$0] ?? 0) > 0 }
        let chart = BarChart(
            "Inquiries today by kind",
            kinds.map { .init(Words.kind($0), numbers.byKind[$0] ?? 0, mark: InquiryParts.mark($0)) })
        let asked: HTML = numbers.total == 0
            ? Parts.empty("inbox", "No inquiries yet today", "What clients ask for is counted here while we answer.")
            : "<div class=\"card-body\">\(chart.rows)</div>"
        return """
            <div class="panels"><section class="card"><header class="card-head"><h2>Inquiries today</h2><a class="small" href="\(url: visit.path("inquiries"))?days=1">\(numbers.total) in all</a></header>\(asked)</section>
            <section class="card"><header class="card-head"><h2>Hard questions</h2>\(visit.openQuestions.isEmpty ? HTML() : "<span class=\"badge badge-waiting\">\(visit.openQuestions.count) open</span>")</header>\(questions)</section></div>
            """
    }

    private var questions: HTML {
        if visit.openQuestions.isEmpty {
            return Parts.empty("question", "None open", "What we could not answer for you waits here.")
        }
        return """
            <ul class="list">\(visit.openQuestions.prefix(5).html { entry in
                "<li>\(InquiryParts.question(entry, visit))</li>"
            })</ul>
            """
    }
}
