import Accounts
import Guidance
import Kernel
import WebShell

/// The first page: what the service is, and what it costs beside a receptionist in the office.
///
/// Every number comes from the office's settings or is worked out from them.
struct Landing {
    let economics: Economics
    let templates: [VerticalTemplate]
    let hasDemo: Bool

    var page: Page {
        let start =
            economics.trialDays == 0
            ? "Start" : "Try it free for \(economics.trialDays) days"
        let content: HTML = """
            \(header)
            <main id="main" tabindex="-1">
            \(hero(start))
            \(comparison)
            \(how)
            \(trades)
            \(closing(start))
            </main>
            \(SiteParts.footer(hasDemo: hasDemo))
            """
        return Page(
            title: "Autosecretary: a trained person at your front desk, without the desk",
            bodyClass: "site-page", content: content,
            description:
                "Trained people answer your clients, book them and pass on hard questions, for \(money(economics.serviceHourMinor)) an hour.",
            stylesheet: "public.css")
    }

    private func money(_ minor: Int64) -> String {
        Money(minor: minor, currency: economics.currency).text
    }

    private var header: HTML {
        """
        <header class="site-header"><div class="wrap">
        \(SiteParts.brand)
        <nav aria-label="Main">
        <a class="hide-phone" href="#cost">What it costs</a>
        <a class="hide-phone" href="#how">How it works</a>
        <a class="hide-phone" href="#trades">For whom</a>
        <a href="/sign-in">Sign in</a>
        <a class="btn btn-primary" href="/sign-up">Start</a>
        </nav>
        </div></header>
        """
    }

    private func hero(_ start: String) -> HTML {
        """
        <section class="hero"><div class="wrap">
        <div class="stack">
        <h1>A trained person at your front desk, without the desk</h1>
        <p class="lede">We answer your clients, book them into your schedule, say what you would say, and bring you only the questions that need you. From \(money(economics.serviceHourMinor)) an hour instead of \(money(economics.receptionistHourMinor)).</p>
        <div class="row"><a class="btn btn-primary btn-large" href="/sign-up">\(start)</a><a class="btn btn-large" href="\(hasDemo ? "/demo" : "#cost")">\(hasDemo ? "See it live" : "Compare the cost")</a></div>
        </div>
        \(glimpse)
        </div></section>
        """
    }

    /// A conversation as a client has it.
    private var glimpse: HTML {
        """
        <figure class="glimpse" aria-label="A client writes and is booked within a minute">
        <div class="glimpse-head"><span class="avatar avatar-small" aria-hidden="true">DW</span><span class="strong">Dana</span><span class="muted truncate">on your website</span><span class="badge badge-booked">\(SiteParts.icon("check")) Booked</span></div>
        <div class="messages">
        <div class="message"><p class="message-text">Hi! Could I move my colour to Thursday, any time after 4?</p></div>
        <div class="message message-out"><p class="message-text">Hello Dana, Alina here. Thursday at 4:15 with Tessa is free. Shall I move you?</p></div>
        <div class="message"><p class="message-text">Yes please!</p></div>
        <div class="message message-out"><p class="message-text">Done: Thursday at 4:15 with Tessa. See you then!</p><p class="message-meta">Alina · read \(SiteParts.icon("checks"))</p></div>
        </div>
        <figcaption class="glimpse-foot">\(SiteParts.icon("calendar"))<span>Root colour with Tessa</span><span class="num">Thu 4:15 pm</span></figcaption>
        </figure>
        """
    }

    // MARK: Cost

    private var comparison: HTML {
        let hours = economics.hoursPerMonth
        return """
            <section class="band band-quiet" id="cost" aria-labelledby="cost-title"><div class="wrap">
            <div class="band-head"><h2 id="cost-title">\(costTitle)</h2>
            <p>\(economics.hoursPerDay) hours on \(economics.daysPerMonth) days are \(hours) hours a month. This is what they cost.</p></div>
            \(chart)
            <div class="table-wrap"><table class="compare">
            <thead><tr><td></td><th scope="col">Receptionist in your office<small>employed by you</small></th><th scope="col" class="is-ours">Autosecretary<small>a trained person, off site</small></th></tr></thead>
            <tbody>
            \(rows)
            </tbody>
            <tfoot><tr><th scope="row">A month</th><td>\(economics.receptionistMonth.text)</td><td class="is-ours">\(economics.serviceMonth.text)\(savingNote)</td></tr></tfoot>
            </table></div>
            </div></section>
            """
    }

    private var costTitle: String {
        economics.saving.minor > 0
            ? "The same hours, \(economics.saving.text) less a month" : "The same hours, compared"
    }

    private var savingNote: HTML {
        let saving = economics.saving.minor
        guard saving > 0, economics.receptionistMonth.minor > 0 else { return HTML() }
        let percent = Int(saving * 100 / economics.receptionistMonth.minor)
        return "<small>\(economics.saving.text) less, \(percent)%</small>"
    }

    private var rows: HTML {
        let wages =
            "\(economics.receptionistWages.text) = \(economics.hoursPerMonth) h × \(money(economics.receptionistHourMinor))"
        let service =
            "\(economics.serviceMonth.text) = \(economics.hoursPerMonth) h × \(money(economics.serviceHourMinor))"
        let all: [(String, String, String)] = [
            (
                "An hour", "\(money(economics.receptionistHourMinor))",
                "\(money(economics.serviceHourMinor))"
            ),
            ("\(economics.hoursPerMonth) hours", wages, service),
            (
                "Desk, computer, telephone", "\(economics.desk.text) a month, and the space",
                "\(Money(minor: 0, currency: economics.currency).text): no office space at all"
            ),
            (
                "Illness and leave", "Nobody answers, or you do",
                "A colleague who knows your script takes over"
            ),
            ("Who answers", "One person", "A trained person, with your own words and prices"),
            (
                "Where clients reach you", "The telephone, while somebody is there",
                "The chat on your website and whatever you connect to it"
            ),
            (
                "What you see of it", "What you are told",
                "Every conversation, booking and question in your portal"
            ),
        ]
        return all.html { label, theirs, ours in
            "<tr><th scope=\"row\">\(label)</th><td>\(theirs)</td><td class=\"is-ours\">\(ours)</td></tr>\n"
        }
    }

    /// Two bars on one scale; the table below says the same in words.
    private var chart: HTML {
        let scale = Double(max(economics.receptionistMonth.minor, economics.serviceMonth.minor, 1))
        let wages = width(economics.receptionistWages.minor, scale)
        return """
            <div class="sum-chart" role="img" aria-label="A month: receptionist in your office \(economics.receptionistMonth.text), Autosecretary \(economics.serviceMonth.text)">
            <div class="sum-bar"><span>Receptionist in your office</span>
            <svg class="bar" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch-line" x1="0" y1="0" x2="0" y2="6"/></pattern></defs><rect class="bar-quiet" width="\(wages)%" height="100%" rx="3"/><rect class="bar-extra" x="\(wages)%" width="\(width(economics.deskMonthMinor, scale))%" height="100%" rx="3"/></svg>
            <b>\(economics.receptionistMonth.text)</b></div>
            <div class="sum-bar"><span>Autosecretary</span>
            <svg class="bar" aria-hidden="true"><rect width="\(width(economics.serviceMonth.minor, scale))%" height="100%" rx="3"/></svg>
            <b>\(economics.serviceMonth.text)</b></div>
            <p class="legend" aria-hidden="true"><span>Hatched: desk, computer and telephone, \(economics.desk.text) a month</span></p>
            </div>
            """
    }

    /// Percent of the scale with one decimal.
    private func width(_ minor: Int64, _ scale: Double) -> String {
        let tenths = Int((Double(max(0, minor)) / scale * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    // MARK: The rest

    private var how: HTML {
        let steps: [(String, String)] = [
            (
                "You say how you work",
                "Hours, services, prices, who does what, and the words you use. Your trade’s template has most of it filled in."
            ),
            (
                "One line on your website",
                "The chat appears on your pages in your colour. Other systems connect through the API."
            ),
            (
                "A trained person answers",
                "With your script and your answers in front of them, and every free time of your schedule."
            ),
            (
                "You keep the overview",
                "Today’s bookings on your phone, hard questions to answer, complaints, and what clients ask for."
            ),
        ]
        return """
            <section class="band" id="how" aria-labelledby="how-title"><div class="wrap">
            <div class="band-head"><h2 id="how-title">How it works</h2><p>You change anything at any time, and the next client hears it.</p></div>
            <ol class="how">\(steps.html { "<li><h3>\($0.0)</h3><p>\($0.1)</p></li>" })</ol>
            </div></section>
            """
    }

    private var trades: HTML {
        """
        <section class="band band-quiet" id="trades" aria-labelledby="trades-title"><div class="wrap">
        <div class="band-head"><h2 id="trades-title">Made for businesses that book</h2><p>Start from the template of your trade: services, prices, hours, a script and answers to what clients ask most.</p></div>
        <div class="verticals">
        \(templates.html { template in
            """
            <article class="vertical">\(SiteParts.icon(SiteParts.picture(ofVertical: template.name)))<h3>\(template.label)</h3><p>\(template.summary)</p>\(template.knowledge.first.map { "<q>\($0.question)</q>" } ?? HTML())<p><a href="/sign-up?vertical=\(template.name)">Start with this</a></p></article>
            """
        })
        </div>
        </div></section>
        """
    }

    private func closing(_ start: String) -> HTML {
        """
        <section class="band closing"><div class="wrap">
        <h2>Let your next client reach a person</h2>
        <p class="lede">Your trade’s template is filled in, so you can begin today. No card needed.</p>
        <a class="btn btn-primary btn-large" href="/sign-up">\(start)</a>
        </div></section>
        """
    }
}
