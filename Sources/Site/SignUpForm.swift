import Accounts
import Guidance
import Kernel
import WebShell

/// The sign-up form: what was typed, and what is wrong with it.
struct SignUpForm {
    static let fields: Set<String> = [
        "business_name", "name", "email", "password", "vertical", "time_zone", "currency",
    ]

    let templates: [VerticalTemplate]
    let trialDays: Int
    var businessName = ""
    var name = ""
    var email = ""
    var vertical = ""
    var country = Country(code: "us") {
        didSet {
            timeZone = country.zones[0].id
            currency = country.currency
        }
    }
    var timeZone = "America/New_York"
    var currency = "USD"
    var problems = FormProblems()

    init(templates: [VerticalTemplate], trialDays: Int) {
        self.templates = templates
        self.trialDays = trialDays
    }

    mutating func take(_ form: Form) {
        businessName = form.text("business_name")
        name = form.text("name")
        email = form.text("email")
        vertical = form.text("vertical")
        country = Country(code: form.text("country"))
        if form.has("time_zone") { timeZone = form.text("time_zone") }
        if form.has("currency") { currency = form.text("currency") }
    }

    struct Checked: Sendable {
        var business: AccountDirectory.Draft
        var name: String
        var email: String
    }

    /// All the bad fields at once.
    func checked(password: String) throws -> Checked {
        var input = try Input([
            "business_name": .string(businessName), "name": .string(name),
            "email": .string(email), "password": .string(password),
            "time_zone": .string(timeZone), "currency": .string(currency),
        ])
        let business = input.text("business_name", max: 120)
        let person = input.text("name", max: 120)
        let address = EmailAddress(input.text("email", max: 254))
        if address == nil, !email.isEmpty {
            input.reject("email", "email", "This is not an e-mail address.")
        }
        let secret = input.text("password", max: 200)
        if !secret.isEmpty, secret.count < 10 {
            input.reject("password", "too_short", "A password has at least 10 characters.")
        }
        if Zone(timeZone) == nil { input.reject("time_zone", "time_zone", "Choose a time zone.") }
        if !Country.currencies.contains(currency) {
            input.reject("currency", "currency", "Choose a currency.")
        }
        if templates.named(vertical) == nil {
            input.reject("vertical", "unknown", "Choose what comes nearest.")
        }
        try input.finish()
        return Checked(
            business: .init(
                name: business, slug: "", timeZone: timeZone,
                locale: Tongue.current.language.rawValue, currency: currency, vertical: vertical),
            name: person, email: address?.text ?? "")
    }

    // MARK: Page

    var page: Page {
        let trial: Phrase =
            trialDays == 0
            ? t("No card needed.")
            : Phrase.plural(
                trialDays,
                one:
                    "Free for \(trialDays) day, no card. Your hours, services and script are filled in from your trade; you change what differs.",
                other:
                    "Free for \(trialDays) days, no card. Your hours, services and script are filled in from your trade; you change what differs."
            )
        let content: HTML = """
            <header>\(SiteParts.brand)</header>
            <main class="gate gate-wide" id="main" tabindex="-1">
            <div class="gate-head"><h1>\(t("Start your front office"))</h1><p>\(trial)</p></div>
            \(problems.alert)
            <form class="form" method="post" action="/sign-up" data-sign-up>
            \(verticals)
            \(field("business_name", t("Name of the business"), businessName, "organization", 120))
            <div class="field-row">\(field("name", t("Your name"), name, "name", 120))\(Field(name: "email", label: t("E-mail"), value: email, error: problems["email"], type: "email", autocomplete: "email", maxLength: 254).html)</div>
            \(Field(name: "password", label: t("Password"), error: problems["password"], hint: t("At least 10 characters."), type: "password", autocomplete: "new-password").html)
            \(places)
            <button class="btn btn-primary btn-block">\(trialDays == 0 ? t("Start") : t("Start the trial"))</button>
            </form>
            <p class="gate-foot">\(t("You have a sign-in already? {1}."), with: "<a href=\"/sign-in\">\(t("Sign in"))</a>")</p>
            \(SiteParts.languages(back: "/sign-up"))
            </main>
            """
        return Page(
            title: t("Start a trial · Autosecretary").text, bodyClass: "site-page gate-page",
            content: content, scripts: ["site/sign-up.js"], stylesheet: "public.css")
    }

    private func field(
        _ name: String, _ label: Phrase, _ value: String, _ autocomplete: String, _ max: Int
    ) -> HTML {
        Field(
            name: name, label: label, value: value, error: problems[name],
            autocomplete: autocomplete, maxLength: max
        ).html
    }

    private var verticals: HTML {
        """
        <fieldset class="field"><legend>\(t("What do you do?"))</legend>
        <div class="pick-vertical">
        \(templates.html { template in
            """
            <label class="choice"><input type="radio" name="vertical" value="\(template.name)"\(attribute: "checked", if: template.name == vertical)>\(SiteParts.icon(SiteParts.picture(ofVertical: template.name)))<span class="choice-main">\(template.spoken().label)</span></label>
            """
        })
        </div>
        \(Field.below("vertical", problems["vertical"], nil))
        </fieldset>
        """
    }

    private var places: HTML {
        """
        <div class="field-row">
        <div class="field"><label for="country">\(t("Country"))</label>
        <select class="input" id="country" name="country" autocomplete="country">
        \(Country.all.html { one in
            "<option value=\"\(one.code)\" data-zone=\"\(one.zones[0].id)\" data-currency=\"\(one.currency)\"\(attribute: "selected", if: one.code == country.code)>\(one.name)</option>"
        })
        </select></div>
        <div class="field"><label for="time_zone">\(t("Time zone"))</label>
        <select class="input" id="time_zone" name="time_zone">
        \(Country.all.html { one in
            "<optgroup label=\"\(one.name)\">\(one.zones.html { "<option value=\"\($0.id)\"\(attribute: "selected", if: $0.id == timeZone)>\($0.city)</option>" })</optgroup>"
        })
        </select>\(Field.below("time_zone", problems["time_zone"], nil))</div>
        <div class="field"><label for="currency">\(t("Currency"))</label>
        <select class="input" id="currency" name="currency">
        \(Country.currencies.html {
            "<option\(attribute: "selected", if: $0 == currency)>\($0)</option>"
        })
        </select>\(Field.below("currency", problems["currency"], nil))</div>
        </div>
        """
    }
}
