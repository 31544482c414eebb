import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

extension ControlRoutes {
    func addPeople(to group: RouterGroup<WebContext>) {
        group.get("people") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            return try await list(call).response()
        }
        group.get("people/new") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            return form(call, nil, FormState(["role": Role.receptionist.rawValue])).response()
        }
        group.post("people") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            return try await create(call)
        }
        group.get("people/:id") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let user = try await person(call.id(), for: call.actor)
            return form(call, user, Self.state(of: user)).response()
        }
        group.post("people/:id") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            return try await update(call)
        }
    }

    /// An office is some hundreds of people at most.
    private func everybody(for actor: Actor) async throws -> [User] {
        var users: [User] = []
        var after: String?
        repeat {
            let page = try await people.officeUsers(Paging(limit: 199, after: after), for: actor)
            users += page
            after = page.count == 200 ? page.last?.id.text : nil
        } while after != nil && users.count < 2000
        return users
    }

    private func person(_ id: UserID, for actor: Actor) async throws -> User {
        guard let user = try await everybody(for: actor).first(where: { $0.id == id }) else {
            throw Refusal.notFound()
        }
        return user
    }

    // MARK: List

    private func list(_ call: ControlCall) async throws -> Page {
        let users = try await everybody(for: call.actor)
            .sorted { ($0.isActive ? 0 : 1, $0.name) < ($1.isActive ? 0 : 1, $1.name) }
        let onDuty = users.count { $0.isOnDuty && $0.isActive }
        let add: HTML =
            "<a class=\"btn btn-primary\" href=\"/control/people/new\">\(ControlParts.icon("plus")) Add a person</a>"
        let content: HTML = """
            \(ControlParts.head("People", "The office’s own. \(onDuty) of \(users.count(where: \.isActive)) on duty now.", add))
            <div class="card"><div class="table-wrap"><table class="table table-hover table-cards">
            <thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col">Role</th><th scope="col">Now</th></tr></thead>
            <tbody>\(users.html(row))</tbody>
            </table></div></div>
            """
        return ControlFrame(call, .people, "People", content).page
    }

    private func row(_ user: User) -> HTML {
        let initials = user.name.split(separator: " ").prefix(2).compactMap(\.first)
            .map { String($0) }.joined()
        let now: HTML =
            !user.isActive
            ? "<span class=\"badge\">Deactivated</span>"
            : user.isOnDuty
                ? "<span class=\"badge badge-booked\">On duty</span>"
                : "<span class=\"muted\">Off duty</span>"
        return """
            <tr>
            <th scope="row"><div class="business-cell"><span class="avatar" aria-hidden="true">\(initials)</span><a href="/control/people/\(user.id)">\(user.name)</a></div></th>
            <td data-label="E-mail">\(user.email)</td>
            <td data-label="Role">\(ControlParts.words(user.officeRole?.rawValue ?? ""))</td>
            <td data-label="Now">\(now)</td>
            </tr>
            """
    }

    // MARK: Form

    private static let fields = ["name", "email", "role", "password", "version"]

    private static func state(of user: User) -> FormState {
        FormState([
            "name": user.name, "email": user.email, "role": user.officeRole?.rawValue ?? "",
            "version": "\(user.version)",
        ])
    }

    private func create(_ call: ControlCall) async throws -> Response {
        let form = try await call.form()
        var state = FormState(form, Self.fields)
        do {
            var members = state.json(["name", "email", "role"])
            // Without one nobody could sign in.
            members["password"] = .string(form["password"] ?? "")
            var input = try Input(.object(members))
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.office)
            try input.finish()
            _ = try await people.createOfficeUser(draft, by: call.actor)
            return .redirect("/control/people?saved=1")
        } catch let refusal as Refusal {
            state.take(refusal, fields: Self.fields)
            return self.form(call, nil, state).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    private func update(_ call: ControlCall) async throws -> Response {
        let form = try await call.form()
        let id: UserID = call.id()
        var state = FormState(form, Self.fields)
        do {
            var body: [String: JSONValue]
            switch form["act"] {
            case "deactivate": body = ["is_active": false]
            case "activate": body = ["is_active": true]
            default:
                body = state.json(["role"])
                body["name"] = .string(state["name"])
                if let password = form["password"], !password.isEmpty {
                    body["password"] = .string(password)
                }
            }
            _ = try await people.updateOfficeUser(
                id, .object(body), expecting: Int(state["version"]), by: call.actor)
            return .redirect("/control/people?saved=1")
        } catch let refusal as Refusal where refusal.kind != .notFound {
            let user = try await person(id, for: call.actor)
            state.values["email"] = user.email
            if form["act"] != nil { state = Self.state(of: user) }
            state.take(refusal, fields: Self.fields)
            return self.form(call, user, state).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    private func form(_ call: ControlCall, _ user: User?, _ state: FormState) -> Page {
        let roles = Role.office.map { (value: $0.rawValue, label: ControlParts.words($0.rawValue)) }
        let action = user.map { "/control/people/\($0.id)" } ?? "/control/people"
        let email: HTML =
            user == nil
            ? ControlParts.input("email", "E-mail", state, type: "email", max: 254)
            : """
            <div class="field"><label for="email">E-mail</label><input class="input" id="email" value="\(state["email"])" readonly></div>
            """
        let passwordHint =
            user == nil
            ? "At least 10 characters. Tell it to them in person."
            : "Leave it empty to keep the present one. A new one signs them out everywhere."
        let content: HTML = """
            \(ControlParts.head(user?.name ?? "Add a person", user.map { $0.isActive ? nil : "Deactivated: cannot sign in." } ?? nil))
            \(ControlParts.alert(state))
            <form class="card" method="post" action="\(action)"><div class="card-body form">
            \(ControlParts.csrf(call))<input type="hidden" name="version" value="\(state["version"])">
            <div class="field-row">\(ControlParts.input("name", "Name", state, max: 120))\(email)</div>
            <div class="field-row">\(ControlParts.select("role", "Role", roles, state, hint: "Receptionists and assistants answer; supervisors also take businesses on; admins do everything."))\(ControlParts.input("password", user == nil ? "Password" : "New password", state, type: "password", hint: passwordHint, isRequired: user == nil))</div>
            </div><div class="card-foot"><button class="btn btn-primary">\(user == nil ? "Add" : "Save")</button><a class="btn btn-quiet" href="/control/people">Everybody</a></div></form>
            \(user.map { access(call, $0) } ?? HTML())
            """
        return ControlFrame(call, .people, user?.name ?? "Add a person", content).page
    }

    /// Taking the sign-in away, or giving it back; oneself is left out.
    private func access(_ call: ControlCall, _ user: User) -> HTML {
        if user.id == call.actor.user { return HTML() }
        let text =
            user.isActive
            ? "Deactivating signs them out everywhere at once. What they wrote stays. You can undo it."
            : "They can sign in again with the password they had."
        return """
            <form class="card" method="post" action="/control/people/\(user.id)"><div class="card-body spread">
            \(ControlParts.csrf(call))<input type="hidden" name="version" value="\(user.version)">
            <p class="muted small">\(text)</p>
            <button class="btn\(user.isActive ? " btn-danger" : "")" name="act" value="\(user.isActive ? "deactivate" : "activate")">\(user.isActive ? "Deactivate" : "Activate again")</button>
            </div></form>
            """
    }
}
