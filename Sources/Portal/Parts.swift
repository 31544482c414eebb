import Booking
import Kernel
import Planner
import WebShell

/// Small pieces that the portal's pages share.
enum Parts {
    static func icon(_ name: String) -> HTML {
        HTML.icon(name)
    }

    static func largeIcon(_ name: String) -> HTML {
        "<svg class=\"icon icon-large\" aria-hidden=\"true\"><use href=\"/assets/images/icons.svg#i-\(name)\"/></svg>"
    }

    static let mark: HTML =
        "<img class=\"brand-mark\" src=\"/assets/images/mark.svg\" alt=\"\" width=\"24\" height=\"24\">"

    static func head(_ title: Phrase, _ note: Phrase? = nil, _ end: HTML = HTML()) -> HTML {
        head(title, note: note.map { "\($0)" } ?? HTML(), end)
    }

    static func head(_ title: Phrase, note: HTML, _ end: HTML = HTML()) -> HTML {
        """
        <header class="page-head"><div><h1>\(title)</h1>\(note.isEmpty ? note : "<p>\(note)</p>")</div>\(end)</header>
        """
    }

    static func empty(_ picture: String, _ title: Phrase, _ text: Phrase, _ end: HTML = HTML())
        -> HTML
    {
        "<div class=\"empty\">\(icon(picture))<h2>\(title)</h2><p>\(text)</p>\(end)</div>"
    }

    static var saved: HTML {
        """
        <div class="alert alert-booked" role="status">\(icon("check"))<div>\(t("Saved. We see it on our desk at once."))</div></div>
        """
    }

    static func alert(_ text: Phrase, _ more: HTML = HTML()) -> HTML {
        "<div class=\"alert alert-late\" role=\"alert\">\(icon("alert"))<div><p>\(text)</p>\(more)</div></div>"
    }

    static func primary(_ text: Phrase, _ address: String, icon name: String = "plus") -> HTML {
        "<a class=\"btn btn-primary\" href=\"\(url: address)\">\(icon(name))\(text)</a>"
    }

    static func status(_ status: Appointment.Status) -> HTML { StatusWords.badge(status) }

    /// A figure, written as the language groups its digits.
    static func number(_ number: Int) -> Phrase {
        Phrase(verbatim: Tongue.current.number(number))
    }

    static func off(_ isActive: Bool, _ word: Phrase) -> HTML {
        isActive ? HTML() : "<span class=\"badge\">\(word)</span>"
    }
}

extension Parts {
    /// To the list that a page belongs to.
    static func back(_ visit: Visit, _ section: Section) -> HTML {
        "<p class=\"back-link\"><a href=\"\(url: visit.path(section.rawValue))\">\(icon("left"))\(section.name)</a></p>"
    }
}
