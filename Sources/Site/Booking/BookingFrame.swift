import Accounts
import Booking
import HTTPTypes
import Hummingbird
import Kernel
import PhoneNumbers
import WebShell

/// The frame around the pages at which clients book: the business's name, not ours, comes first.
struct BookingFrame {
    var account: Account
    var title: Phrase
    /// How far one is: service, time, details; nil: not on the way.
    var step: Int?
    var content: HTML
    /// The page's own path, for the switch of languages.
    var back: String

    static func path(_ account: Account, _ rest: String = "") -> String {
        "/b/\(account.slug)" + (rest.isEmpty ? "" : "/" + rest)
    }

    var page: Page {
        let content: HTML = """
            <header class="book-head" data-hue="\(account.hue % 12 + 1)"><div class="book-wrap">
            <span class="book-mark" aria-hidden="true">\(String(account.name.prefix(1)).uppercased())</span>
            <div class="book-name"><a href="\(url: Self.path(account))">\(account.name)</a>\(place)</div>
            </div></header>
            <main class="book-wrap book-main" id="main" tabindex="-1">
            \(step.map(steps) ?? HTML())
            \(self.content)
            </main>
            <footer class="book-wrap book-foot">\(SiteParts.languages(back: back))<span>\(t("Booking by {1}"), with: "<a href=\"/\">Autosecretary</a>")</span></footer>
            """
        return Page(
            title: "\(title.text) · \(account.name)", bodyClass: "site-page book-page",
            content: content, scripts: ["site/book.js"], stylesheet: "public.css")
    }

    /// May stand in the business's own pages; is not for search engines beyond its front.
    func response(status: HTTPResponse.Status = .ok) -> Response {
        let policy = Page.policy().replacing("frame-ancestors 'self'", with: "frame-ancestors *")
        var response = page.html.response(status: status, policy: policy)
        if let name = HTTPField.Name("X-Robots-Tag"), step != 1 {
            response.headers[name] = "noindex"
        }
        return response
    }

    private var place: HTML {
        let phone = account.phoneNumber.map { number -> HTML in
            "<a href=\"\(url: "tel:" + number.text)\">\(account.shownPhone)</a>"
        }
        let address = account.address.map { address -> HTML in "<span>\(address)</span>" }
        let parts = [address, phone].compactMap { $0 }
        return parts.isEmpty ? HTML() : "<p>\(parts)</p>"
    }

    private func steps(_ step: Int) -> HTML {
        let names = [t("Service"), t("Time"), t("Your details")]
        return """
            <ol class="book-steps" aria-label="\(t("Steps"))">\(names.enumerated().html { place, name in
                let state: HTML = place + 1 == step ? " aria-current=\"step\"" : place + 1 < step ? " class=\"is-done\"" : HTML()
                return "<li\(state)><span>\(name)</span></li>"
            })</ol>
            """
    }
}

/// Times and sums as these pages say them.
enum BookingWords {
    static func price(_ price: Money?) -> String? {
        price.map { $0.minor == 0 ? t("Free").text : $0.text }
    }

    /// `Tuesday, 24 November, 14:00–14:45`.
    static func span(_ start: Instant, _ end: Instant, _ zone: Zone) -> HTML {
        let day = BusinessTime.heading(zone.date(at: start))
        let (from, to) = (BusinessTime.clock(start, zone), BusinessTime.clock(end, zone))
        return "<time\(HTML.moment(start, zone.identifier))>\(day), \(from)–\(to)</time>"
    }

    /// A time before the start: `24 hours`, `2 days`.
    static func before(_ minutes: Int) -> Phrase {
        if minutes % 1440 == 0 {
            let days = minutes / 1440
            return .plural(days, one: "\(days) day", other: "\(days) days")
        }
        if minutes % 60 == 0 {
            let hours = minutes / 60
            return .plural(hours, one: "\(hours) hour", other: "\(hours) hours")
        }
        return .plural(minutes, one: "\(minutes) minute", other: "\(minutes) minutes")
    }

    /// What holds for those who change their minds; nil: nothing in particular.
    static func policy(_ policy: BookingPolicy) -> HTML {
        var lines: [Phrase] = []
        let until = before(policy.cutoffMinutes)
        if policy.cutoffMinutes > 0 {
            lines.append(t("You can move or cancel up to \(until) before the visit."))
            if let fee = policy.lateFee {
                lines.append(t("Cancelling later costs \(fee.text)."))
            }
        }
        if let fee = policy.noShowFee {
            lines.append(t("Not coming without a word costs \(fee.text)."))
        }
        let own: HTML = policy.words.map { "<p class=\"book-words\">\($0)</p>" } ?? HTML()
        if lines.isEmpty { return own }
        return "<p>\(Phrase(joining: lines))</p>\(own)"
    }
}
