import Accounts
import Kernel
import WebShell

/// The business's particulars, the set-up list and the list of settings.
extension PortalRoutes {
    private static let profile = [
        "name", "phone", "address", "website", "time_zone", "locale", "currency",
    ]

    func addProfile(to group: PortalGroup) {
        group.get("settings") { call in
            try await read(call, requiring: .manageAccount) { visit, _ in
                SettingsPage(visit: visit).page
            }
        }
        group.get("setup") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                SetUpPage(visit: visit, setUp: try SetUp(of: visit.account, in: tx)).page
            }
        }
        group.get("profile") { call in
            try await read(call, requiring: .manageAccount) { visit, _ in
                ProfilePage(visit: visit, values: Self.values(of: visit.account)).page
            }
        }
        group.post("profile") { call in try await submit(call, profileForm) }
    }

    private static func values(of account: Account) -> FormValues {
        FormValues([
            "name": account.name, "phone": account.shownPhone, "address": account.address,
            "website": account.website, "time_zone": account.timeZone, "locale": account.locale,
            "currency": account.currency, "version": String(account.version),
        ])
    }

    private var profileForm: Submission {
        Submission(
            fields: Self.profile,
            show: { call, values in
                try await read(call, requiring: .manageAccount) { visit, _ in
                    ProfilePage(visit: visit, values: values).page
                }
            },
            save: { call, account, values in
                let body: JSONValue = [
                    "name": values.text("name"), "phone": values.optional("phone"),
                    "address": values.optional("address"), "website": values.optional("website"),
                    "time_zone": values.text("time_zone"), "locale": values.text("locale"),
                    "currency": .string(values["currency"].uppercased()),
                ]
                _ = try await accounts.update(
                    account.id, body, expecting: values.version, by: call.actor)
                return "profile"
            })
    }
}

struct ProfilePage: Sendable {
    var visit: Visit
    var values: FormValues

    private static let zones = [
        "America/Anchorage", "America/Chicago", "America/Denver", "America/Halifax",
        "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Phoenix",
        "America/Sao_Paulo", "America/Toronto", "America/Vancouver", "Asia/Almaty",
        "Asia/Bangkok", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jerusalem", "Asia/Kolkata",
        "Asia/Novosibirsk", "Asia/Singapore", "Asia/Tbilisi", "Asia/Tokyo", "Asia/Yekaterinburg",
        "Atlantic/Reykjavik", "Australia/Brisbane", "Australia/Perth", "Australia/Sydney",
        "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels",
        "Europe/Budapest", "Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki",
        "Europe/Istanbul", "Europe/Kaliningrad", "Europe/Kyiv", "Europe/Lisbon", "Europe/London",
        "Europe/Madrid", "Europe/Minsk", "Europe/Moscow", "Europe/Oslo", "Europe/Paris",
        "Europe/Prague", "Europe/Riga", "Europe/Rome", "Europe/Samara", "Europe/Sofia",
        "Europe/Stockholm", "Europe/Tallinn", "Europe/Vienna", "Europe/Vilnius", "Europe/Warsaw",
        "Europe/Zurich", "Pacific/Auckland", "Pacific/Honolulu", "UTC",
    ]
    private static let currencies = [
        "USD", "EUR", "GBP", "AED", "AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "GEL", "HUF", "ILS",
        "INR", "JPY", "KZT", "MXN", "NOK", "NZD", "PLN", "RUB", "SEK", "SGD", "THB", "TRY", "UAH",
    ]
    private static let locales = [("en", "English"), ("ru", "Русский")]

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.text("name", t("Name of the business"), .init(hint: t("As we say it when we answer."), most: 120, autocomplete: "organization")))
            \(fields.area("address", t("Address"), .init(hint: t("Clients ask how to find you; say it the way you would."), isOptional: true, most: 300), rows: 2))
            <div class="field-row">
            \(fields.text("phone", t("Telephone"), .init(type: "tel", isOptional: true, most: 40, autocomplete: "tel")))
            \(fields.text("website", t("Web site"), .init(type: "url", isOptional: true, most: 300, autocomplete: "url")))
            </div></div></div>
            <div class="card"><div class="card-body form">
            <div class="field-row">
            \(fields.text("time_zone", t("Time zone"), .init(hint: t("Your wall clock: appointments and hours follow it."), list: "zones")))
            <datalist id="zones">\(Self.zones.html { "<option value=\"\($0)\"></option>" })</datalist>
            </div><div class="field-row">
            \(fields.select("currency", t("Currency of prices"), options(Self.currencies.map { ($0, $0) }, with: values["currency"])))
            \(fields.select("locale", t("Language"), options(Self.locales, with: values["locale"])))
            </div></div></div>
            """
        let form = SettingsForm(
            visit: visit, action: "profile", values: values,
            names: ["name", "phone", "address", "website", "time_zone", "currency", "locale"],
            body: body)
        return PortalFrame(
            visit: visit, section: .profile, title: Section.profile.name,
            content: Parts.head(
                Section.profile.name, t("What everybody who answers for you sees first."))
                + form.html, isNarrow: true
        ).page
    }

    private func options(
        _ known: [(String, String)], with present: String
    ) -> [(value: String, text: Phrase)] {
        let isKnown = known.contains { $0.0 == present } || present.isEmpty
        return ((isKnown ? [] : [(present, present)]) + known)
            .map { (value: $0.0, text: Phrase(verbatim: $0.1)) }
    }
}

/// All the settings as a list: the menu of a phone.
struct SettingsPage: Sendable {
    var visit: Visit

    var page: Page {
        let content: HTML = """
            \(Parts.head(t("Settings")))
            \(group(t("Your business"), Section.business))
            \(group(t("What we say for you"), Section.words))
            \(group(t("Connections"), Section.connections))
            """
        return PortalFrame(
            visit: visit, section: .settings, title: t("Settings"), content: content, isNarrow: true
        ).page
    }

    private func group(_ title: Phrase, _ sections: [Section]) -> HTML {
        """
        <section class="stack stack-tight"><h2>\(title)</h2>
        <ul class="card list">\(sections.html { section in
            """
            <li><a class="list-item" href="\(url: visit.path(section.rawValue))">\(Parts.largeIcon(section.icon))<span class="list-main"><span class="strong">\(section.name)</span><span class="hint setting-note">\(section.summary)</span></span>\(Parts.icon("right"))</a></li>
            """
        })</ul></section>
        """
    }
}

/// What is left to tell us before we can answer, step by step.
struct SetUpPage: Sendable {
    var visit: Visit
    var setUp: SetUp

    var page: Page {
        let (done, all) = (setUp.done.count, SetUp.Step.allCases.count)
        let content: HTML = """
            \(Parts.head(t(setUp.isDone ? "You are set up" : "Welcome to your front office"), trial))
            <div class="card"><div class="card-body stack stack-tight">
            <p class="spread small"><span class="strong">\(t("\(done) of \(all) done"))</span>\(setUp.isDone ? HTML() : "<span class=\"muted\">\(t("Two minutes a step"))</span>")</p>
            <progress value="\(done)" max="\(all)" aria-label="\(t("\(done) of \(all) steps done"))"></progress></div>
            <ol class="checklist">\(SetUp.Step.allCases.html(item))</ol></div>
            \(setUp.isDone ? "<p>\(Parts.primary(t("See today's schedule"), visit.path("today"), icon: "calendar"))</p>" : HTML())
            """
        return PortalFrame(
            visit: visit, section: .setup, title: t("Set-up"), content: content, isNarrow: true
        ).page
    }

    private var trial: Phrase {
        let left = SetUp.Step.allCases.count - setUp.done.count
        let words =
            left == 0
            ? t("Our people can greet your clients, answer and book.")
            : Phrase.plural(
                left, one: "\(left) step is left before we answer in your name.",
                other: "\(left) steps are left before we answer in your name.")
        guard let end = visit.account.trialEndsAt, visit.account.state == .trialing else {
            return words
        }
        let last = BusinessTime.long(visit.zone.date(at: end))
        return Phrase(joining: [words, t("Your trial runs until \(last).")])
    }

    private func item(_ step: SetUp.Step) -> HTML {
        let isDone = setUp.done.contains(step)
        let (name, words) = Self.words(step)
        let isFilledIn = isDone && visit.account.vertical != nil && setUp.filledIn.contains(step)
        let note = isFilledIn ? t("Filled in for your trade: have a look") : words
        let isNext = setUp.next == step
        return """
            <li\(isDone ? " class=\"is-done\"" : HTML())><a class="list-item" href="\(url: visit.path(step.rawValue))"\(isNext ? " aria-current=\"step\"" : HTML())>
            <span class="checkmark">\(isDone ? Parts.icon("check") : HTML())</span>
            <span class="list-main"><span class="strong">\(name)</span><span class="sr-only">\(t(isDone ? ", done" : ", to do"))</span><span class="hint setting-note">\(note)</span></span>
            \(isNext ? "<span class=\"btn btn-primary btn-small\">\(t("Start"))</span>" : Parts.icon("right"))</a></li>
            """
    }

    private static func words(_ step: SetUp.Step) -> (Phrase, Phrase) {
        switch step {
        case .profile:
            (
                t("Business profile"), t("Your address and telephone, so that clients find you")
            )
        case .hours: (t("Opening hours"), t("When we may book clients in"))
        case .services: (t("Services and prices"), t("What clients can book, and who does it"))
        case .script: (t("Script"), t("How we greet your clients and what we ask them"))
        case .widget: (t("Chat on your site"), t("One line for your web pages"))
        }
    }
}
