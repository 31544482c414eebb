import Accounts
import Booking
import Kernel
import WebShell

/// The calendar: a day by people or rooms, a week of all or of one.
struct CalendarPage: Sendable {
    var visit: CalendarVisit
    var query: CalendarQuery
    var sheet: CalendarSheet
    /// Comes from a form that has just moved one.
    var hasMoved: Bool

    private var pane: CalendarPane { CalendarPane(visit: visit, query: query, sheet: sheet) }

    private var title: Phrase {
        let text =
            query.view == .day
            ? BusinessTime.heading(query.date)
            : BusinessTime.span(query.first, query.first.adding(days: 6))
        return Phrase(verbatim: text)
    }

    var content: CalendarContent {
        CalendarContent(
            title: t("Calendar"),
            html: """
                \(hasMoved ? CalendarParts.done(t("The appointment is moved.")) : HTML())
                \(head)\(tools)
                <div class="calendar-note" data-calendar-note hidden></div>
                <div class="card calendar-card">\(pane.html)</div>
                \(legend)\(Self.keys.html)
                """)
    }

    private func address(_ change: (inout CalendarQuery) -> Void) -> String {
        visit.path(query.with(change).address)
    }

    // MARK: Head

    private var head: HTML {
        let shown = pane.appointments.filter { $0.appointment.status != .held }
        let count = shown.count
        let note = Phrase.plural(
            count, one: "\(count) appointment", other: "\(count) appointments")
        return CalendarParts.head(
            title, note: "<span data-live-part=\"note\">\(note)</span>",
            """
            <nav class="day-switch" aria-label="\(t("Other days"))">\(step(-1, "left"))<a class="btn" data-key="t" href="\(url: address { $0.date = visit.today })"\(isToday ? " aria-current=\"date\"" : HTML())>\(t("Today"))</a>\(step(1, "right"))\(jump)</nav>
            """)
    }

    private var isToday: Bool {
        query.first <= visit.today && visit.today < query.first.adding(days: query.days)
    }

    private func step(_ direction: Int, _ icon: String) -> HTML {
        let date = query.date.adding(days: direction * query.days)
        let name: Phrase =
            query.view == .day
            ? Phrase(verbatim: BusinessTime.long(date))
            : t(direction < 0 ? "The week before" : "The week after")
        let key: HTML = direction < 0 ? "k" : "j"
        return
            "<a class=\"btn btn-icon\" data-key=\"\(key)\" href=\"\(url: address { $0.date = date })\" aria-label=\"\(name)\">\(CalendarParts.icon(icon))</a>"
    }

    /// Any other date.
    private var jump: HTML {
        """
        <form class="date-jump" method="get" action="\(url: visit.path("calendar"))" data-jump>\(kept)<input class="input" type="date" name="date" value="\(query.date.description)" aria-label="\(t("Go to a date"))" required><button class="btn" data-without-script>\(t("Go"))</button></form>
        """
    }

    /// What else the address says, as hidden fields.
    private var kept: HTML {
        query.fields.html {
            "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">"
        }
    }

    // MARK: What is shown

    private func choice(_ name: Phrase, _ isOn: Bool, key: HTML = HTML(), _ address: String)
        -> HTML
    {
        "<a class=\"btn\"\(key.isEmpty ? key : " data-key=\"\(key)\"") href=\"\(url: address)\"\(isOn ? " aria-current=\"true\"" : HTML())>\(name)</a>"
    }

    private var tools: HTML {
        let views: HTML = """
            <nav class="btn-group" aria-label="\(t("View"))">\(choice(t("Day"), query.view == .day, key: "d", toDay))\(choice(t("Week"), query.view == .week, key: "w", address { $0.view = .week }))</nav>
            """
        let canceled: HTML = """
            <a class="btn btn-quiet" href="\(url: address { $0.withCanceled.toggle() })">\(t(query.withCanceled ? "Hide cancelled" : "Show cancelled"))</a>
            """
        return """
            <div class="calendar-tools">\(views)\(query.view == .day ? columns : people)<span class="calendar-tools-end">\(canceled)\(paper)\(export)</span></div>
            """
    }

    /// From a week to its day that is today, or its first.
    private var toDay: String {
        address {
            if query.view == .week { $0.date = isToday ? visit.today : query.first }
            $0.view = .day
        }
    }

    private var columns: HTML {
        if !sheet.resources.contains(where: \.isActive) { return HTML() }
        return """
            <nav class="btn-group" aria-label="\(t("Columns"))">\(choice(t("Staff"), query.columns == .staff, address { $0.columns = .staff }))\(choice(t("Rooms and things"), query.columns == .resources, address { $0.columns = .resources }))</nav>
            """
    }

    private var people: HTML {
        StaffChoice(
            staff: sheet.staff, chosen: query.staff, label: t("Whose week"),
            action: visit.path("calendar"),
            kept: query.with { $0.staff = nil }.fields
                + [(name: "date", value: query.date.description)]
        ).html
    }

    private var paper: HTML {
        let date = query.view == .day ? query.date : isToday ? visit.today : query.first
        return
            "<a class=\"btn btn-quiet\" data-key=\"p\" href=\"\(url: visit.path("day-sheet"))?date=\(date)\">\(CalendarParts.icon("script"))\(t("Day sheet"))</a>"
    }

    private var export: HTML {
        let last = query.first.adding(days: query.days - 1)
        return """
            <details class="calendar-export"><summary class="btn btn-quiet">\(CalendarParts.icon("down"))\(t("Export"))</summary>
            <form class="menu form" method="get" action="\(url: visit.path("appointments.csv"))"><p class="menu-head">\(t("A table for spreadsheet programs (CSV)"))</p>
            <div class="field"><label for="export-from">\(t("From"))</label><input class="input" id="export-from" type="date" name="from" value="\(query.first.description)" required></div>
            <div class="field"><label for="export-to">\(t("To, this day too"))</label><input class="input" id="export-to" type="date" name="to" value="\(last.description)" required></div>
            <button class="btn btn-primary">\(t("Download"))</button></form></details>
            """
    }

    // MARK: Foot

    private var legend: HTML {
        var states = StatusWords.legend
        if query.withCanceled { states.append(.canceled) }
        let hint: HTML =
            visit.canBook
            ? "<span class=\"calendar-hint\" data-with-script hidden>\(t("Drag to move, or focus one and press {1}. All keys: {2}"), with: "<kbd>M</kbd>", "<button class=\"btn btn-small btn-quiet\" type=\"button\" data-calendar-help aria-label=\"\(t("Keyboard"))\" aria-keyshortcuts=\"?\"><kbd>?</kbd></button>")</span>"
            : HTML()
        return """
            <p class="legend calendar-legend">\(states.html {
                "<span><i class=\"state-key \(StatusWords.look($0))\"></i>\(StatusWords.name($0))</span>"
            })\(hint)</p>
            """
    }

    /// The keyboard map, on `?`.
    private static let keys = InEachLanguage {
        let map: [(Phrase, Phrase)] = [
            ("M", t("Pick up the focused appointment")),
            ("↑ ↓", t("While it is picked up: the free times before and after")),
            ("← →", t("While it is picked up: the column beside")),
            (t("Enter"), t("Put it there")), ("Esc", t("Leave it where it was")),
            ("Z", t("Undo the last move")), ("T", t("Today")), ("J  K", t("Next, previous")),
            ("D  W", t("Day, week")), ("P", t("Day sheet")), ("?", t("This list")),
        ]
        return """
            <dialog class="dialog" id="calendar-keys" aria-labelledby="calendar-keys-title">
            <div class="dialog-head"><h2 id="calendar-keys-title">\(t("Keyboard"))</h2></div>
            <div class="dialog-body"><dl class="facts keys">\(map.html { "<dt><kbd>\($0.0)</kbd></dt><dd>\($0.1)</dd>" })</dl></div>
            <form method="dialog" class="dialog-foot"><button class="btn">\(t("Close"))</button></form>
            </dialog>
            """
    }
}
