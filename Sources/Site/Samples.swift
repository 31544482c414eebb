import Accounts
import Booking
import Conversations
import HTTPTypes
import Hummingbird
import Kernel
import PhoneNumbers
import Store
import WebShell

extension SiteRoutes {
    /// Websites of the demo's businesses, as their own web designers might have made them.
    func addSamples(to router: Router<WebContext>) {
        router.get("/demo/sites/:slug") { [self] request, context in
            let slug = context.parameters.get("slug") ?? ""
            guard demo?.businesses.contains(where: { $0.slug == slug }) == true else {
                throw Refusal.notFound()
            }
            let now = ambient.now()
            let origins = Origins(request)
            let (account, inbox) = try await widget(of: slug)
            let sample = try await store.read { tx in
                SampleSite(
                    account: account, services: try Catalog.services(of: account.id, in: tx),
                    staff: try Catalog.staff(of: account.id, in: tx),
                    schedule: try Catalog.hours(of: account, in: tx), now: now,
                    inbox: inbox, office: origins.other,
                    tongue: Language(tag: account.locale).flatMap { tongues[$0] } ?? .english)
            }
            // Shown in a frame from another address, where the visitor's choice is not known.
            let wished = request.uri.queryParameters.get("language")
                .flatMap(Language.init(rawValue:)).flatMap { tongues[$0] }
            return Tongue.$current.withValue(wished ?? Tongue.current) {
                sample.html.response(policy: Self.policy(origins))
            }
        }
    }

    /// Open to all, so only what the business shows on its site is read by the program itself.
    private func widget(of slug: String) async throws -> (Account, InboxID?) {
        let account = try await store.read { tx in
            try AccountDirectory.account(slug: slug, in: tx)
        }
        guard let account else { throw Refusal.notFound() }
        let found = try await inboxes.inboxes(
            of: account.id, Paging(limit: 50, after: nil), for: .system)
        return (account, found.first { $0.channel == "web_chat" && $0.isActive }?.id)
    }

    /// What a careful business would allow on its site: itself and the office's chat.
    private static func policy(_ origins: Origins) -> String {
        let office = origins.other.isEmpty ? "'self'" : origins.other
        let frames = origins.other.isEmpty ? "'self'" : "\(origins.own) \(origins.other)"
        return "default-src 'none'; style-src 'self'; img-src 'self' data:; "
            + "script-src \(office); connect-src \(office); base-uri 'none'; form-action 'none'; "
            + "frame-ancestors \(frames)"
    }
}

/// A website of a business of the demo. Services, prices, people and hours are the real ones, so
/// what the owner changes in the portal shows here.
struct SampleSite {
    let account: Account
    let services: [BookableService]
    let staff: [StaffMember]
    let schedule: Schedule
    let now: Instant
    let inbox: InboxID?
    /// The office's origin; "" when it is this one.
    let office: String
    /// What the business says is said in its own language, everything around it in the visitor's.
    let tongue: Tongue

    private func own(_ phrase: Phrase) -> String { phrase.text(in: tongue) }

    var html: HTML {
        """
        <!doctype html>
        <html lang="\(Tongue.current.language.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(account.name)</title>
        <link rel="icon" href="/assets/images/mark.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/styles/sample.css">
        </head>
        <body class="sample sample-\(account.vertical)">
        \(header)
        <main>
        \(hero)
        \(promises)
        \(menu)
        <div class="sample-two">
        \(opening)
        \(people)
        </div>
        </main>
        \(footer)
        \(script)
        </body>
        </html>
        """
    }

    /// The one line that a business puts on its pages.
    private var script: HTML {
        guard let inbox else { return HTML() }
        return
            "<script src=\"\(url: office + "/widget.js")\" data-inbox=\"\(inbox)\" async></script>"
    }

    private var header: HTML {
        """
        <header class="sample-head"><a class="sample-name" href="#top" id="top">\(account.name)</a>
        <nav aria-label="\(t("Page"))"><a href="#services">\(account.vertical == "food_delivery" ? t("Order") : t("Services"))</a><a href="#hours">\(t("Hours"))</a><a href="#people">\(t("Team"))</a></nav>
        \(account.phone.map { "<span class=\"sample-phone\">\(HTML.phone($0, in: account.phoneRegion))</span>" } ?? HTML())
        </header>
        """
    }

    private var hero: HTML {
        """
        <section class="sample-hero">
        <div><p class="sample-kicker" lang="\(account.locale)">\(own(words.kicker))</p><h1 lang="\(account.locale)">\(own(words.headline))</h1><p lang="\(account.locale)">\(own(words.text))</p>
        <p class="sample-open"><span class="sample-dot\(schedule.isOpen(at: now) ? " is-open" : "")" aria-hidden="true"></span>\(openNow)</p></div>
        <svg class="sample-art" aria-hidden="true" viewBox="0 0 16 16"><use href="/assets/images/icons.svg#i-\(SiteParts.picture(ofVertical: account.vertical ?? ""))"/></svg>
        </section>
        """
    }

    private var promises: HTML {
        """
        <ul class="sample-promises" lang="\(account.locale)">\(words.promises.html { "<li><strong>\(own($0.0))</strong> \(own($0.1))</li>" })</ul>
        """
    }

    private var menu: HTML {
        """
        <section id="services"><h2>\(account.vertical == "food_delivery" ? t("Order") : t("Services and prices"))</h2>
        <ul class="sample-services">
        \(services.filter(\.isActive).html { service in
            """
            <li><h3 lang="\(account.locale)">\(service.name)</h3><p class="sample-price">\(price(service))</p><p lang="\(account.locale)">\(service.description)</p><p class="sample-time">\(Self.length(service.durationMinutes))</p></li>
            """
        })
        </ul>
        <p class="sample-note">\(t("Ask or book in the chat, at the bottom right of this page. A person answers."))</p>
        </section>
        """
    }

    private func price(_ service: BookableService) -> String {
        guard let price = service.price else { return t("On request").text }
        return price.minor == 0 ? t("Free").text : price.text
    }

    private var opening: HTML {
        let today = schedule.zone.date(at: now)
        return """
            <section id="hours"><h2>\(t("Opening hours"))</h2>
            <table class="sample-hours"><tbody>
            \((0..<7).html { offset in
                let date = today.startOfWeek.adding(days: offset)
                let windows = schedule.hours.windows(on: date)
                let hours = windows.map { "\(clock($0.start)) – \(clock($0.end))" }
                return "<tr\(date == today ? " class=\"is-today\"" : HTML())><th scope=\"row\">\(Self.weekday(date))</th><td>\(hours.isEmpty ? t("Closed").text : hours.joined(separator: ", "))</td></tr>"
            })
            </tbody></table></section>
            """
    }

    private var people: HTML {
        """
        <section id="people"><h2 lang="\(account.locale)">\(own(words.people))</h2>
        <ul class="sample-people">\(staff.filter(\.isActive).html { "<li><span aria-hidden=\"true\">\($0.name.prefix(1))</span>\($0.name)</li>" })</ul>
        \(account.address.map { "<h2>\(t("Where we are"))</h2><address>\($0)</address>" } ?? HTML())
        </section>
        """
    }

    private var footer: HTML {
        """
        <footer class="sample-foot"><p>\(account.name)\(account.address.map { " · " + $0 })</p><p>\(t("A made-up business of the Autosecretary demo."))</p></footer>
        """
    }
}

// MARK: - Words

extension SampleSite {
    /// At the head of a line.
    private static func weekday(_ date: LocalDate) -> String {
        let name = Tongue.current.calendar.weekday(date)
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    private var openNow: Phrase {
        if let opening = schedule.opening(at: now) {
            return t("Open now, until \(clock(at: opening.end))")
        }
        guard let next = schedule.nextOpening(after: now) else { return t("Closed at the moment") }
        let date = schedule.zone.date(at: next)
        let time = clock(at: next)
        switch date.daysSinceEpoch - schedule.zone.date(at: now).daysSinceEpoch {
        case 0: return t("Closed now. Opens today at \(time)")
        case 1: return t("Closed now. Opens tomorrow at \(time)")
        default:
            return t("Closed now. Opens \(Tongue.current.calendar.weekday(date)) at \(time)")
        }
    }

    private func clock(at instant: Instant) -> String {
        clock(minutes: schedule.zone.local(at: instant).minuteOfDay)
    }

    private func clock(_ time: LocalTime) -> String { clock(minutes: time.minutes) }

    /// As people of the place write it, unless they read it in a language that does not.
    private func clock(minutes: Int) -> String {
        let (hour, rest) = (minutes / 60 % 24, minutes % 60)
        let padded = (rest < 10 ? "0" : "") + String(rest)
        guard schedule.zone.identifier.hasPrefix("America/"), Tongue.current.language == .english
        else { return "\(hour):\(padded)" }
        return "\((hour + 11) % 12 + 1):\(padded) \(hour < 12 ? "am" : "pm")"
    }

    private static func length(_ minutes: Int) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60)
        if hours == 0 { return t("\(rest) min").text }
        return rest == 0 ? t("\(hours) h").text : t("\(hours) h \(rest) min").text
    }
}
