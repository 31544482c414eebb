import Accounts
import Booking
import Kernel
import Store
import WebShell

/// Rooms, chairs, lifts: what a booking takes up.
extension PortalRoutes {
    func addResources(to group: PortalGroup) {
        group.get("resources") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                ResourceListPage(
                    visit: visit,
                    resources: try Catalog.resources(of: visit.account.id, in: tx)
                ).page
            }
        }
        group.get("resources/new") { call in try await showResource(call, nil) }
        group.post("resources/new") { call in try await submit(call, resourceForm) }
        group.get("resources/:id") { call in try await showResource(call, nil) }
        group.post("resources/:id") { call in try await submit(call, resourceForm) }
    }

    private static func resource(
        _ call: PortalCall, of account: Account, in tx: Transaction
    ) throws -> BookableResource? {
        guard call.namesOne else { return nil }
        let resource = try Catalog.resource(call.id(), for: call.actor, in: tx)
        guard resource.account == account.id else { throw Refusal.notFound() }
        return resource
    }

    private func showResource(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            let resource = try Self.resource(call, of: visit.account, in: tx)
            let kinds = Set(try Catalog.resources(of: visit.account.id, in: tx).map(\.kind))
            let stored = FormValues([
                "name": resource?.name, "kind": resource?.kind,
                "is_active": resource?.isActive ?? true ? "1" : nil,
                "version": resource.map { String($0.version) },
            ])
            return ResourcePage(
                visit: visit, resource: resource, kinds: kinds.sorted(), values: values ?? stored
            ).page
        }
    }

    private var resourceForm: Submission {
        Submission(
            fields: ResourcePage.names, show: { try await showResource($0, $1) },
            save: { call, account, values in
                let stored = try await store.read { tx in
                    try Self.resource(call, of: account, in: tx)
                }
                let body: JSONValue = [
                    "name": values.text("name"), "kind": .string(values["kind"].lowercased()),
                    "is_active": .bool(values.isOn("is_active")),
                ]
                if values["kind"].lowercased() == "staff" {
                    values.reject("kind", t("People are added under Staff."))
                    try values.finish()
                }
                if let stored {
                    _ = try await catalog.updateResource(
                        stored.id, body, expecting: values.version, by: call.actor)
                } else {
                    _ = try await catalog.createResource(body, in: account.id, by: call.actor)
                }
                return try await next("resources", of: account, by: call.actor)
            })
    }
}

struct ResourceListPage: Sendable {
    var visit: Visit
    var resources: [BookableResource]

    var page: Page {
        let sorted = resources.filter(\.isActive) + resources.filter { !$0.isActive }
        let add = Parts.primary(t("Add one"), visit.path("resources/new"))
        let list: HTML = """
            <ul class="card list">\(sorted.html { resource in
                """
                <li><a class="list-item" href="\(url: visit.path("resources/\(resource.id)"))"><span class="list-main"><span class="strong" dir="auto">\(resource.name)</span> \(Parts.off(resource.isActive, t("Not in use")))<span class="hint setting-note">\(resource.kind)</span></span>\(Parts.icon("right"))</a></li>
                """
            })</ul>
            """
        let nothing: HTML = """
            <div class="card">\(Parts.empty("box", t("Nothing here, and that is fine"), t("Add a room, a chair or a lift only when there are fewer of them than people who need them: then it cannot be booked twice."), add))</div>
            """
        return PortalFrame(
            visit: visit, section: .resources, title: Section.resources.name,
            content: Parts.head(
                Section.resources.name, t("What a booking takes up beside a person."),
                resources.isEmpty ? HTML() : add) + (resources.isEmpty ? nothing : list),
            isNarrow: true
        ).page
    }
}

struct ResourcePage: Sendable {
    static let names = ["name", "kind", "is_active"]

    var visit: Visit
    /// nil: a new one.
    var resource: BookableResource?
    var kinds: [String]
    var values: FormValues

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form"><div class="field-row">
            \(fields.text("name", t("Name of the room or thing"), .init(hint: t("For example, Room 2."), most: 120)))
            \(fields.text("kind", t("Kind"), .init(hint: t("One word, such as room. A service needs one of a kind."), most: 60, list: "kinds")))
            <datalist id="kinds">\(kinds.html { "<option value=\"\($0)\"></option>" })</datalist></div>
            \(fields.onOff("is_active", t("In use")))
            </div></div>
            """
        let form = SettingsForm(
            visit: visit, action: resource.map { "resources/\($0.id)" } ?? "resources/new",
            values: values, names: Self.names, body: body, back: "resources")
        let title = resource.map { Phrase(verbatim: $0.name) } ?? t("New room or thing")
        return PortalFrame(
            visit: visit, section: .resources, title: title,
            content: Parts.back(visit, .resources) + Parts.head(title) + form.html, isNarrow: true
        ).page
    }
}
