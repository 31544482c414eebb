import Accounts
import Booking
import Kernel
import WebShell

/// Where clients book by themselves, and until when they may change their minds.
extension PortalRoutes {
    func addBookingPage(to group: PortalGroup) {
        group.get("online") { call in try await showBookingPage(call, nil) }
        group.post("online") { call in try await submit(call, bookingPageForm) }
    }

    private func showBookingPage(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        let origin = call.origin
        return try await read(call, requiring: .manageAccount) { visit, tx in
            let account = visit.account.id
            let settings = try PublicBooking.settings(of: account, in: tx)
            let policy = try PublicBooking.policy(of: account, in: tx)
            let services = try Catalog.services(of: account, in: tx).filter(\.isActive)
            return BookingSettingsPage(
                visit: visit, isOpen: settings.isOpen, services: services, origin: origin,
                values: values ?? BookingSettingsPage.values(settings, policy, services)
            ).page
        }
    }

    private var bookingPageForm: Submission {
        Submission(
            fields: BookingSettingsPage.names + ["service_ids"],
            renaming: ["cutoff_minutes": "cutoff_hours"],
            show: { try await showBookingPage($0, $1) },
            save: { call, account, values in
                let policy = try BookingSettingsPage.policy(&values, account.currency)
                let all = try await catalog.services(of: account.id).filter(\.isActive)
                let chosen = values.all("service_ids")
                // Everything, also what is added later, unless something was left out.
                let isEverything = all.allSatisfy { chosen.contains($0.id.text) }
                try await booking.set(
                    page: [
                        "is_open": .bool(values.isOn("is_open")),
                        "greeting": values.optional("greeting"),
                        "asks_for": values.text("asks_for"),
                        "service_ids": isEverything ? .null : .list(chosen),
                    ], policy: policy, of: account.id, by: call.actor)
                return "online"
            })
    }
}

struct BookingSettingsPage: Sendable {
    static let names = [
        "is_open", "greeting", "asks_for", "cutoff_hours", "late_fee", "no_show_fee", "words",
    ]

    var visit: Visit
    var isOpen: Bool
    var services: [BookableService]
    var origin: String
    var values: FormValues

    static func values(
        _ settings: BookingPageSettings, _ policy: BookingPolicy, _ services: [BookableService]
    ) -> FormValues {
        let (hours, rest) = (policy.cutoffMinutes / 60, policy.cutoffMinutes % 60)
        var values = FormValues([
            "is_open": settings.isOpen ? "1" : "", "greeting": settings.greeting,
            "asks_for": settings.asksFor.rawValue,
            // Whole hours are what people say; what a program set otherwise is shown as it is.
            "cutoff_hours": policy.cutoffMinutes == 0
                ? "" : rest == 0 ? String(hours) : String(Double(policy.cutoffMinutes) / 60),
            "late_fee": policy.lateFee.map(PriceText.text),
            "no_show_fee": policy.noShowFee.map(PriceText.text), "words": policy.words,
        ])
        values.set("service_ids", services.filter(settings.offers).map(\.id.text))
        return values
    }

    /// The policy as the API reads it.
    static func policy(_ values: inout FormValues, _ currency: String) throws -> JSONValue {
        var problems: [Refusal.Field] = []
        func fee(_ name: String) -> JSONValue {
            let text = values[name]
            if text.isEmpty { return .null }
            guard let minor = PriceText.minor(text, currency), minor > 0 else {
                problems.append(.init(name, "price", "must be a sum such as 25 or 12.50."))
                return .null
            }
            return Money(minor: minor, currency: currency).json
        }
        var minutes = 0
        let hours = values["cutoff_hours"].replacing(",", with: ".")
        if !hours.isEmpty {
            if let number = Double(hours), (0...720).contains(number) {
                minutes = Int((number * 60).rounded())
            } else {
                problems.append(.init("cutoff_hours", "range", "must be between 0 and 720."))
            }
        }
        let body: JSONValue = [
            "cutoff_minutes": .number(minutes), "late_fee": fee("late_fee"),
            "no_show_fee": fee("no_show_fee"), "words": values.optional("words"),
        ]
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return body
    }

    private var address: String { "\(origin)/b/\(visit.account.slug)" }

    private var button: String {
        """
        <script src="\(origin)/booking.js" async></script>
        <a href="\(address)" data-autosecretary-book>\(t("Book a visit").text)</a>
        """
    }

    var page: Page {
        let fields = Fields(values)
        let currency = Phrase(verbatim: visit.account.currency)
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.onOff("is_open", t("Clients may book by themselves"), hint: t("They see the services below, your free times and nothing else.")))
            \(fields.area("greeting", t("Greeting"), .init(hint: t("Stands above the services."), isOptional: true, most: 600), rows: 2))
            \(fields.select("asks_for", t("Clients must leave"), [("either", t("a telephone number or e-mail")), ("phone", t("a telephone number")), ("email", t("an e-mail address")), ("both", t("both"))]))
            \(services.isEmpty ? HTML() : "<fieldset class=\"field\"><legend>\(t("Services on the page"))</legend><div class=\"chips\">\(services.html { fields.chip("service_ids", value: $0.id.text, Phrase(verbatim: $0.name)) })</div>\(fields.problem("service_ids"))</fieldset>")
            </div></div>
            <section class="card" aria-labelledby="policy"><header class="card-head"><h2 id="policy">\(t("When plans change"))</h2></header><div class="card-body form">
            \(fields.text("cutoff_hours", t("Clients may move or cancel until"), .init(unit: t("hours before"), hint: t("After that only by asking you or us. Empty: until the visit begins."), isOptional: true, mode: "decimal")))
            <div class="field-row">
            \(fields.text("late_fee", t("Fee for cancelling later"), .init(unit: currency, hint: t("With a fee, clients may still cancel by themselves."), isOptional: true, mode: "decimal")))
            \(fields.text("no_show_fee", t("Fee for not coming"), .init(unit: currency, isOptional: true, mode: "decimal")))
            </div>
            \(fields.area("words", t("In your own words"), .init(hint: t("Shown before a client books."), isOptional: true, most: 2000), rows: 3))
            </div></section>
            """
        let form = SettingsForm(
            visit: visit, action: "online", values: values, names: Self.names, body: body)
        return PortalFrame(
            visit: visit, section: .online, title: Section.online.name,
            content: Parts.head(
                Section.online.name,
                t("Clients choose a service and a time without calling anybody.")) + links
                + form.html, isNarrow: true
        ).page
    }

    private var links: HTML {
        guard isOpen else { return HTML() }
        return """
            <section class="card" aria-labelledby="link"><header class="card-head"><h2 id="link">\(t("Your page"))</h2><a class="btn btn-small" href="\(url: "/b/\(visit.account.slug)")" target="_blank" rel="noopener">\(t("Open it"))</a></header><div class="card-body stack">
            \(HTML.copyBox(address, isLine: true))
            <p class="small muted">\(t("A button for your own site: it opens the page over yours, and without scripts it is a link."))</p>
            \(HTML.copyBox(button))</div></section>
            """
    }
}
