import Accounts
import Booking
import Kernel
import Planner
import Store
import WebShell

/// What clients can book.
extension PortalRoutes {
    func addServices(to group: PortalGroup) {
        group.get("services") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                ServiceListPage(
                    visit: visit,
                    services: try Catalog.services(of: visit.account.id, in: tx),
                    staff: try Catalog.staff(of: visit.account.id, in: tx)
                ).page
            }
        }
        group.get("services/new") { call in try await showService(call, nil) }
        group.post("services/new") { call in
            try await submit(
                call,
                serviceForm { call, account, body in
                    _ = try await catalog.createService(body, in: account.id, by: call.actor)
                })
        }
        group.get("services/:id") { call in try await showService(call, nil) }
        group.post("services/:id") { call in
            try await submit(
                call,
                serviceForm { call, account, body in
                    _ = try await catalog.updateService(
                        call.id(), body, expecting: body["expected"]?.int, by: call.actor)
                })
        }
    }

    private static func service(
        _ call: PortalCall, of account: Account, in tx: Transaction
    ) throws -> BookableService? {
        guard call.namesOne else { return nil }
        let service = try Catalog.service(call.id(), for: call.actor, in: tx)
        guard service.account == account.id else { throw Refusal.notFound() }
        return service
    }

    private func showService(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            let service = try Self.service(call, of: visit.account, in: tx)
            let staff = try Catalog.staff(of: visit.account.id, in: tx)
            let resources = try Catalog.resources(of: visit.account.id, in: tx)
            return ServicePage(
                visit: visit, service: service, staff: staff, resources: resources,
                values: values
                    ?? ServiceForm.values(of: service, staff: staff, resources: resources)
            ).page
        }
    }

    private func serviceForm(
        _ write: @escaping @Sendable (PortalCall, Account, JSONValue) async throws -> Void
    ) -> Submission {
        Submission(
            fields: ServiceForm.names, renaming: ServiceForm.renaming,
            show: { try await showService($0, $1) },
            save: { call, account, values in
                let (stored, resources, count) = try await store.read { tx in
                    (
                        try Self.service(call, of: account, in: tx),
                        try Catalog.resources(of: account.id, in: tx),
                        try Catalog.services(of: account.id, in: tx).count
                    )
                }
                var body = ServiceForm.body(
                    &values, account: account, stored: stored, resources: resources)
                try values.finish()
                if case .object(var members) = body {
                    if stored == nil { members["position"] = .number(count) }
                    members["expected"] = .number(values.version)
                    body = .object(members)
                }
                try await write(call, account, body)
                return "services"
            })
    }
}

struct ServiceListPage: Sendable {
    var visit: Visit
    var services: [BookableService]
    var staff: [StaffMember]

    var page: Page {
        let content: HTML = """
            \(Parts.head(Section.services.name, t("What our people can book, and the prices they say."), services.isEmpty ? HTML() : Parts.primary(t("Add a service"), visit.path("services/new"))))
            \(services.isEmpty ? nothing : list)
            """
        return PortalFrame(
            visit: visit, section: .services, title: Section.services.name, content: content,
            isNarrow: true
        ).page
    }

    private var list: HTML {
        let sorted = services.filter(\.isActive) + services.filter { !$0.isActive }
        return """
            <ul class="card list">\(sorted.html { service in
                """
                <li><a class="list-item" href="\(url: visit.path("services/\(service.id)"))"><span class="list-main"><span class="strong" dir="auto">\(service.name)</span> \(Parts.off(service.isActive, t("Not offered")))<span class="hint setting-note">\(BusinessTime.duration(service.durationMinutes)) · \(who(service))</span></span>
                <span class="list-end num">\(service.price.map(Self.price) ?? "—")</span>\(Parts.icon("right"))</a></li>
                """
            })</ul>
            """
    }

    private static func price(_ price: Money) -> String {
        price.minor == 0 ? t("free").text : price.text
    }

    private func who(_ service: BookableService) -> Phrase {
        guard let pool = service.rules.requires.first(where: { $0.label == "staff" }) else {
            return Phrase(
                verbatim: service.rules.requires.map(\.label).joined(separator: ", "))
        }
        guard let members = pool.members else { return t("anyone") }
        let ids = Set(members.compactMap(\.staffID))
        let names = staff.filter { ids.contains($0.id) }.map(\.name)
        return names.count > 3
            ? StatusWords.people(names.count)
            : Phrase(verbatim: names.joined(separator: ", "))
    }

    private var nothing: HTML {
        let hasStaff = staff.contains(where: \.isActive)
        let text = t(
            "A haircut, a consultation, a repair: "
                + "what it is called, how long it takes, what it costs.")
        return """
            <div class="card">\(hasStaff
                ? Parts.empty("tag", t("No services yet"), text, Parts.primary(t("Add the first service"), visit.path("services/new")))
                : Parts.empty("users", t("First, who works here?"), t("A service is booked with somebody. Add your staff, then your services."), Parts.primary(t("Add staff"), visit.path("staff/new"))))</div>
            """
    }
}

struct ServicePage: Sendable {
    var visit: Visit
    /// nil: a new one.
    var service: BookableService?
    var staff: [StaffMember]
    var resources: [BookableResource]
    var values: FormValues

    var page: Page {
        let form = SettingsForm(
            visit: visit, action: service.map { "services/\($0.id)" } ?? "services/new",
            values: values, names: ServiceForm.names, body: what + when + who + offered,
            back: "services")
        let title = service.map { Phrase(verbatim: $0.name) } ?? t("New service")
        return PortalFrame(
            visit: visit, section: .services, title: title,
            content: Parts.back(visit, .services) + Parts.head(title) + form.html, isNarrow: true
        ).page
    }

    private var what: HTML {
        let fields = Fields(values)
        let kept = service?.price.flatMap {
            $0.currency == visit.account.currency ? nil : $0.currency
        }
        let currency = kept ?? visit.account.currency
        return """
            <div class="card"><div class="card-body form">
            \(fields.text("name", t("Name of the service"), .init(most: 120)))
            \(fields.area("description", t("Description"), .init(hint: t("What we may tell a client about it."), isOptional: true, most: 4000), rows: 2))
            <div class="field-row">
            \(fields.text("price", t("Price"), .init(unit: Phrase(verbatim: currency), hint: kept == nil ? nil : t("A new price will be in \(visit.account.currency)."), isOptional: true, mode: "decimal")))
            \(fields.number("duration_minutes", t("Takes"), unit: t("min")))
            </div></div></div>
            """
    }

    private var when: HTML {
        let fields = Fields(values)
        return """
            <fieldset class="stack stack-tight"><legend><h2>\(t("When it can be booked"))</h2></legend>
            <div class="card"><div class="card-body form"><div class="field-row">
            \(fields.number("slot_interval_minutes", t("A start every"), unit: t("min"), hint: t("Empty: one after the other."), isOptional: true))
            \(fields.number("buffer_before_minutes", t("Kept free before"), unit: t("min"), isOptional: true))
            \(fields.number("buffer_after_minutes", t("Kept free after"), unit: t("min"), isOptional: true))
            </div><div class="field-row">
            \(fields.number("notice", t("At least this long ahead"), isOptional: true))
            \(fields.select("notice_unit", t("Counted in"), ServiceForm.units.map { (value: $0.0, text: $0.1) }))
            \(fields.number("horizon_days", t("At most ahead"), unit: t("days"), hint: dates, isOptional: true))
            </div></div></div></fieldset>
            """
    }

    private var dates: Phrase? {
        guard case .dates(let from, let to) = service?.rules.horizon else { return nil }
        let (first, last) = (BusinessTime.short(from), BusinessTime.short(to))
        return t("Now from \(first) to \(last); a number replaces this.")
    }

    private var who: HTML {
        if let service, ServiceForm.isBeyondForm(service.rules, resources) {
            return """
                <div class="alert"><div>\(t("Who and what takes part in this service was set up in detail by the office. It stays as it is; ask us to change it."))</div></div>
                """
        }
        let fields = Fields(values)
        let active = staff.filter { $0.isActive || values.has("staff", $0.id.text) }
        return """
            <fieldset class="stack stack-tight"><legend><h2>\(t("Who does it"))</h2></legend>
            <div class="card"><div class="card-body stack who-does">
            \(fields.check("who", value: "any", t("Anyone of the staff who is free"), type: "radio"))
            \(fields.check("who", value: "some", t("Only these"), type: "radio"))
            <div class="chips who-some" role="group" aria-label="\(t("Only these"))">\(active.html { fields.chip("staff", value: $0.id.text, Phrase(verbatim: $0.name)) })</div>
            \(resources.isEmpty ? HTML() : fields.check("who", value: "none", t("Nobody, it needs a room or thing only"), type: "radio"))
            \(fields.problem("staff"))</div></div></fieldset>
            \(ServiceForm.kinds(resources).html(needs))
            """
    }

    private func needs(_ kind: String) -> HTML {
        let fields = Fields(values)
        return """
            <fieldset class="stack stack-tight"><legend><h2>\(t("Takes up one \(kind)"))</h2></legend>
            <div class="card"><div class="card-body stack stack-tight"><p class="hint">\(t("Tick those that will do. None ticked: it needs none."))</p>
            <div class="chips">\(resources.filter { $0.kind == kind && $0.isActive }.html {
                fields.chip("resources", value: $0.id.text, Phrase(verbatim: $0.name))
            })</div></div></div></fieldset>
            """
    }

    private var offered: HTML {
        """
        <div class="card"><div class="card-body">\(Fields(values).onOff("is_active", t("Offered to clients"), hint: t("Off: nobody can book it; what is booked stays.")))</div></div>
        """
    }
}
