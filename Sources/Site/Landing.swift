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
        let days = economics.trialDays
        let start =
            days == 0
            ? t("Start")
            : Phrase.plural(
                days, one: "Try it free for \(days) day", other: "Try it free for \(days) days")
        let content: HTML = """
            \(header)
            <main id="main" tabindex="-1">
            \(hero(start))
            \(comparison)
            \(how)
            \(trades)
            \(closing(start))
            </main>
            \(SiteParts.footer(hasDemo: hasDemo, back: "/"))
            """
        return Page(
            title: t("Autosecretary: a trained person at your front desk, without the desk").text,
            bodyClass: "site-page", content: content,
            description:
                t(
                    "Trained people answer your clients, book them and pass on hard questions, for \(money(economics.serviceHourMinor)) an hour."
                ).text,
            stylesheet: "public.css")
    }

    private func money(_ minor: Int64) -> String {
        Money(minor: minor, currency: economics.currency).text
    }

    private var header: HTML {
        """
        <header class="site-header"><div class="wrap">
        \(SiteParts.brand)
        <nav aria-label="\(t("Main"))">
        <a class="hide-phone" href="#cost">\(t("What it costs"))</a>
        <a class="hide-phone" href="#how">\(t("How it works"))</a>
        <a class="hide-phone" href="#trades">\(t("For whom"))</a>
        <a href="/sign-in">\(t("Sign in"))</a>
        <a class="btn btn-primary" href="/sign-up">\(t("Start"))</a>
        </nav>
        </div></header>
        """
    }

    private func hero(_ start: Phrase) -> HTML {
        """
        <section class="hero"><div class="wrap">
        <div class="stack">
        <h1>\(t("A trained person at your front desk, without the desk"))</h1>
        <p class="lede">\(t("We answer your clients, book them into your schedule, say what you would say, and bring you only the questions that need you. From \(money(economics.serviceHourMinor)) an hour instead of \(money(economics.receptionistHourMinor))."))</p>
        <div class="row"><a class="btn btn-primary btn-large" href="/sign-up">\(start)</a><a class="btn btn-large" href="\(hasDemo ? "/demo" : "#cost")">\(hasDemo ? t("See it live") : t("Compare the cost"))</a></div>
        </div>
        \(glimpse)
        </div></section>
        """
    }

    /// A conversation as a client has it.
    private var glimpse: HTML {
        """
        <figure class="glimpse" aria-label="\(t("A client writes and is booked within a minute"))">
        <div class="glimpse-head"><span class="avatar avatar-small" aria-hidden="true">\(t("DW"))</span><span class="strong">\(t("Dana"))</span><span class="muted truncate">\(t("on your website"))</span><span class="badge badge-booked">\(SiteParts.icon("check")) \(t("Booked"))</span></div>
        <div class="messages">
        <div class="message"><p class="message-text">\(t("Hi! Could I move my colour to Thursday, any time after 4?"))</p></div>
        <div class="message message-out"><p class="message-text">\(t("Hello Dana, Alina here. Thursday at 4:15 with Tessa is free. Shall I move you?"))</p></div>
        <div class="message"><p class="message-text">\(t("Yes please!"))</p></div>
        <div class="message message-out"><p class="message-text">\(t("Done: Thursday at 4:15 with Tessa. See you then!"))</p><p class="message-meta">\(t("Alina · read")) \(SiteParts.icon("checks"))</p></div>
        </div>
        <figcaption class="glimpse-foot">\(SiteParts.icon("calendar"))<span>\(t("Root colour with Tessa"))</span><span class="num">\(t("Thu 4:15 pm"))</span></figcaption>
        </figure>
        """
    }

    // MARK: Cost

    private var comparison: HTML {
        """
        <section class="band band-quiet" id="cost" aria-labelledby="cost-title"><div class="wrap">
        <div class="band-head"><h2 id="cost-title">\(costTitle)</h2>
        <p>\(hoursText)</p></div>
        \(chart)
        <div class="table-wrap"><table class="compare">
        <thead><tr><td></td><th scope="col">\(t("Receptionist in your office"))<small>\(t("employed by you"))</small></th><th scope="col" class="is-ours">Autosecretary<small>\(t("a trained person, off site"))</small></th></tr></thead>
        <tbody>
        \(rows)
        </tbody>
        <tfoot><tr><th scope="row">\(t("A month"))</th><td>\(economics.receptionistMonth.text)</td><td class="is-ours">\(economics.serviceMonth.text)\(savingNote)</td></tr></tfoot>
        </table></div>
        </div></section>
        """
    }

    private var hoursText: Phrase {
        let (daily, days) = (economics.hoursPerDay, economics.daysPerMonth)
        let hours = economics.hoursPerMonth
        return Phrase.plural(
            days,
            one:
                "\(daily) hours on \(days) day are \(hours) hours a month. This is what they cost.",
            other:
                "\(daily) hours on \(days) days are \(hours) hours a month. This is what they cost."
        )
    }

    private var costTitle: Phrase {
        economics.saving.minor > 0
            ? t("The same hours, \(economics.saving.text) less a month")
            : t("The same hours, compared")
    }

    private var savingNote: HTML {
        let saving = economics.saving.minor
        guard saving > 0, economics.receptionistMonth.minor > 0 else { return HTML() }
        let percent = Int(saving * 100 / economics.receptionistMonth.minor)
        return "<small>\(t("\(economics.saving.text) less, \(percent)%"))</small>"
    }

    private var rows: HTML {
        let hours = economics.hoursPerMonth
        let (theirs, ours) = (
            money(economics.receptionistHourMinor), money(economics.serviceHourMinor)
        )
        let (wages, service) = (economics.receptionistWages.text, economics.serviceMonth.text)
        let all: [(Phrase, Phrase, Phrase)] = [
            (t("An hour"), Phrase(verbatim: theirs), Phrase(verbatim: ours)),
            (
                Phrase.plural(hours, one: "\(hours) hour", other: "\(hours) hours"),
                t("\(wages) = \(hours) h × \(theirs)"), t("\(service) = \(hours) h × \(ours)")
            ),
            (
                t("Desk, computer, telephone"), t("\(economics.desk.text) a month, and the space"),
                t("\(money(0)): no office space at all")
            ),
            (
                t("Illness and leave"), t("Nobody answers, or you do"),
                t("A colleague who knows your script takes over")
            ),
            (
                t("Who answers"), t("One person"),
                t("A trained person, with your own words and prices")
            ),
            (
                t("Where clients reach you"), t("The telephone, while somebody is there"),
                t("The chat on your website and whatever you connect to it")
            ),
            (
                t("What you see of it"), t("What you are told"),
                t("Every conversation, booking and question in your portal")
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
            <div class="sum-chart" role="img" aria-label="\(t("A month: receptionist in your office \(economics.receptionistMonth.text), Autosecretary \(economics.serviceMonth.text)"))">
            <div class="sum-bar"><span>\(t("Receptionist in your office"))</span>
            <svg class="bar" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch-line" x1="0" y1="0" x2="0" y2="6"/></pattern></defs><rect class="bar-quiet" width="\(wages)%" height="100%" rx="3"/><rect class="bar-extra" x="\(wages)%" width="\(width(economics.deskMonthMinor, scale))%" height="100%" rx="3"/></svg>
            <b>\(economics.receptionistMonth.text)</b></div>
            <div class="sum-bar"><span>Autosecretary</span>
            <svg class="bar" aria-hidden="true"><rect width="\(width(economics.serviceMonth.minor, scale))%" height="100%" rx="3"/></svg>
            <b>\(economics.serviceMonth.text)</b></div>
            <p class="legend" aria-hidden="true"><span>\(t("Hatched: desk, computer and telephone, \(economics.desk.text) a month"))</span></p>
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
        let steps: [(Phrase, Phrase)] = [
            (
                t("You say how you work"),
                t(
                    "Hours, services, prices, who does what, and the words you use. Your trade’s template has most of it filled in."
                )
            ),
            (
                t("One line on your website"),
                t(
                    "The chat appears on your pages in your colour. Other systems connect through the API."
                )
            ),
            (
                t("A trained person answers"),
                t(
                    "With your script and your answers in front of them, and every free time of your schedule."
                )
            ),
            (
                t("You keep the overview"),
                t(
                    "Today’s bookings on your phone, hard questions to answer, complaints, and what clients ask for."
                )
            ),
        ]
        return """
            <section class="band" id="how" aria-labelledby="how-title"><div class="wrap">
            <div class="band-head"><h2 id="how-title">\(t("How it works"))</h2><p>\(t("You change anything at any time, and the next client hears it."))</p></div>
            <ol class="how">\(steps.html { "<li><h3>\($0.0)</h3><p>\($0.1)</p></li>" })</ol>
            </div></section>
            """
    }

    private var trades: HTML {
        """
        <section class="band band-quiet" id="trades" aria-labelledby="trades-title"><div class="wrap">
        <div class="band-head"><h2 id="trades-title">\(t("Made for businesses that book"))</h2><p>\(t("Start from the template of your trade: services, prices, hours, a script and answers to what clients ask most."))</p></div>
        <div class="verticals">
        \(templates.map { $0.spoken() }.html { template in
            """
            <article class="vertical">\(SiteParts.icon(SiteParts.picture(ofVertical: template.name)))<h3>\(template.label)</h3><p>\(template.summary)</p>\(template.knowledge.first.map { "<q>\($0.question)</q>" } ?? HTML())<p><a href="/sign-up?vertical=\(template.name)">\(t("Start with this"))</a></p></article>
            """
        })
        </div>
        </div></section>
        """
    }

    private func closing(_ start: Phrase) -> HTML {
        """
        <section class="band closing"><div class="wrap">
        <h2>\(t("Let your next client reach a person"))</h2>
        <p class="lede">\(t("Your trade’s template is filled in, so you can begin today. No card needed."))</p>
        <a class="btn btn-primary btn-large" href="/sign-up">\(start)</a>
        </div></section>
        """
    }
}
