import Accounts
import Kernel
import WebShell

/// Who looks into the appointment book of which business, and from which place.
package struct CalendarVisit: Sendable {
    package var actor: Actor
    package var account: Account
    package var zone: Zone
    package var now: Instant
    /// Of the events: what happens after it is news to whoever looks at this page.
    package var cursor: Int64
    /// Of the session that every form names.
    package var csrf: String
    /// What the addresses of this business begin with there: `/portal/mane`.
    package var base: String

    package init(
        actor: Actor, account: Account, zone: Zone, now: Instant, cursor: Int64, csrf: String,
        base: String
    ) {
        self.actor = actor
        self.account = account
        self.zone = zone
        self.now = now
        self.cursor = cursor
        self.csrf = csrf
        self.base = base
    }

    package var canBook: Bool { actor.can(.book, in: account.id) }
    package var today: LocalDate { zone.date(at: now) }

    package func path(_ rest: String) -> String { base + "/" + rest }

    /// Attributes of a time: a script says it on the reader's clock too, where that differs.
    package func moment(_ instant: Instant) -> HTML {
        HTML.moment(instant, account.timeZone)
    }

    var token: HTML { "<input type=\"hidden\" name=\"_csrf\" value=\"\(csrf)\">" }

    /// The part of a stretch that lies on a date, in minutes of that day; nil: none of it.
    package func span(_ range: TimeRange, on date: LocalDate) -> (start: Int, end: Int)? {
        let start = zone.local(at: range.start)
        let end = zone.local(at: range.end)
        guard start.date <= date, end.date >= date else { return nil }
        let first = start.date < date ? 0 : start.minuteOfDay
        let last = end.date > date ? 1440 : end.minuteOfDay
        return last > first ? (first, last) : nil
    }
}

/// What a place puts its own frame around.
package struct CalendarContent: Sendable {
    package enum Look: Sendable { case wide, narrow }

    package var title: Phrase
    package var html: HTML
    package var look: Look

    package init(title: Phrase, html: HTML, look: Look = .wide) {
        self.title = title
        self.html = html
        self.look = look
    }
}

/// Small pieces of the calendar's pages.
enum CalendarParts {
    static func icon(_ name: String) -> HTML {
        HTML.icon(name)
    }

    static func head(_ title: Phrase, note: HTML, _ end: HTML = HTML()) -> HTML {
        """
        <header class="page-head"><div><h1>\(title)</h1>\(note.isEmpty ? note : "<p>\(note)</p>")</div>\(end)</header>
        """
    }

    static func alert(_ text: Phrase, _ more: HTML = HTML()) -> HTML {
        "<div class=\"alert alert-late\" role=\"alert\">\(icon("alert"))<div><p>\(text)</p>\(more)</div></div>"
    }

    static func done(_ text: Phrase) -> HTML {
        "<div class=\"alert alert-booked\" role=\"status\">\(icon("check"))<div>\(text)</div></div>"
    }
}
