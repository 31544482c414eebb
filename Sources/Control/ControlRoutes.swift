import Accounts
import Guidance
import HTTPTypes
import Hummingbird
import Kernel
import Privacy
import Store
import WebShell

/// The control room: the office's businesses, its people and its numbers.
package struct ControlRoutes: Sendable {
    /// Takes a business on with everything that belongs to it; an empty slug is made from the name.
    package typealias Opening =
        @Sendable (
            _ business: AccountDirectory.Draft, _ template: VerticalTemplate?,
            _ trialDays: Int?, _ owner: PeopleDirectory.Draft?, _ actor: Actor
        ) async throws -> Account

    let store: Store
    let ambient: Ambient
    let accounts: AccountDirectory
    let people: PeopleDirectory
    let gatekeeper: Gatekeeper
    let settings: OfficeSettings
    let templates: [VerticalTemplate]
    let privacy: PrivacyOffice
    let open: Opening

    package init(
        store: Store, ambient: Ambient, accounts: AccountDirectory, people: PeopleDirectory,
        gatekeeper: Gatekeeper, settings: OfficeSettings, templates: [VerticalTemplate], privacy: PrivacyOffice,
        open: @escaping Opening
    ) {
        self.store = store
        self.ambient = ambient
        self.accounts = accounts
        self.people = people
        self.gatekeeper = gatekeeper
        self.settings = settings
        self.templates = templates
        self.privacy = privacy
        self.open = open
    }

    /// `group` is `/control`, behind the sign-in of the office's people.
    package func add(to group: RouterGroup<WebContext>) {
        addBusinesses(to: group)
        addBusinessMembers(to: group)
        addPeople(to: group)
        addRoles(to: group)
        addAudit(to: group)
        addSettings(to: group)
        addPrivacy(to: group)
        addJobs(to: group)
    }
}

/// One request of somebody who may be here.
struct ControlCall: Sendable {
    let request: Request
    let context: WebContext
    let actor: Actor

    init(
        _ request: Request, _ context: WebContext,
        requiring permission: Permission = .createAccounts
    ) throws {
        self.request = request
        self.context = context
        actor = try context.requireActor()
        try actor.require(.createAccounts)
        try actor.require(permission)
    }

    var csrf: String { context.session?.csrf ?? "" }
    var isSaved: Bool { query("saved") != nil }

    func query(_ name: String) -> String? {
        request.uri.queryParameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    func id<Kind>(_ type: Identifier<Kind>.Type = Identifier<Kind>.self) -> Identifier<Kind> {
        Identifier(context.parameters.get("id") ?? "")
    }

    func form() async throws -> Form { try await Form.read(request, context) }
}

/// What was typed into a form and what is wrong with it.
struct FormState: Sendable {
    var values: [String: String]
    private(set) var errors: [String: String] = [:]
    /// What belongs to no field.
    private(set) var alert: String?

    init(_ values: [String: String] = [:]) { self.values = values }

    /// Never keeps a password.
    init(_ form: Form, _ names: [String]) {
        values = [:]
        for name in names where name != "password" { values[name] = form.text(name) }
    }

    subscript(name: String) -> String { values[name] ?? "" }

    mutating func take(_ refusal: Refusal, fields: [String], renaming: [String: String] = [:]) {
        for field in refusal.fields {
            let name = renaming[field.field] ?? field.field
            guard fields.contains(name), errors[name] == nil else { continue }
            errors[name] = field.sentence
        }
        if errors.isEmpty { alert = refusal.detail.text }
    }

    mutating func reject(_ name: String, _ message: String) { errors[name] = message }

    func error(_ name: String) -> String? { errors[name] }
    var hasErrors: Bool { !errors.isEmpty || alert != nil }

    /// The fields that are not empty, for a verb's input.
    func json(_ names: [String]) -> [String: JSONValue] {
        var output: [String: JSONValue] = [:]
        for name in names where !self[name].isEmpty { output[name] = .string(self[name]) }
        return output
    }
}
