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
        group.post("people/rules") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let form = try await call.form()
            _ = try await settings.updateEconomics(
                ["require_second_factor": .bool(form["require_second_factor"] != nil)],
                by: call.actor)
            return Response.redirect("/control/people?saved=1")
        }
        group.get("people/:id") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let (user, _) = try await people.person(call.id(), for: call.actor)
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

    // MARK: List

    private func list(_ call: ControlCall) async throws -> Page {
        let users = try await everybody(for: call.actor)
            .sorted { ($0.isActive ? 0 : 1, $0.name) < ($1.isActive ? 0 : 1, $1.name) }
        let onDuty = users.count { $0.isOnDuty && $0.isActive }
        let isRequired = try await settings.requiresSecondFactor()
        let add: HTML = """
            <div class="row"><a class="btn" href="/control/roles">\(t("Roles"))</a><a class="btn" href="/control/audit">\(t("Changes"))</a><a class="btn btn-primary" href="/control/people/new">\(ControlParts.icon("plus"))\(t("Add a person"))</a></div>
            """
        let content: HTML = """
            \(ControlParts.head(t("Team"), t("The office’s own. \(onDuty) of \(users.count(where: \.isActive)) on duty now."), add))
            <div class="card"><div class="table-wrap"><table class="table table-hover table-cards">
            <thead><tr><th scope="col">\(t("Name"))</th><th scope="col">\(t("E-mail"))</th><th scope="col">\(t("Role"))</th><th scope="col">\(t("Second factor"))</th><th scope="col">\(t("Now"))</th></tr></thead>
            <tbody>\(users.html(row))</tbody>
            </table></div></div>
            <form class="card" method="post" action="/control/people/rules"><div class="card-body spread">\(ControlParts.csrf(call))
            <div><label class="switch-label"><input class="switch" type="checkbox" role="switch" name="require_second_factor" value="1"\(attribute: "checked", if: isRequired)> \(t("Everybody in the office needs a second factor"))</label>
            <p class="hint">\(t("Who has none sets it up before anything else. Tokens of programs go on working."))</p></div>
            <button class="btn">\(t("Save"))</button></div></form>
            """
        return ControlFrame(call, .people, t("Team"), content).page
    }

    private func row(_ user: User) -> HTML {
        let initials = user.name.split(separator: " ").prefix(2).compactMap(\.first)
            .map { String($0) }.joined()
        let factor: HTML =
            user.hasSecondFactor ? "\(t("On"))" : "<span class=\"muted\">\(t("Off"))</span>"
        return """
            <tr>
            <th scope="row"><div class="business-cell"><span class="avatar" aria-hidden="true">\(initials)</span><a href="/control/people/\(user.id)">\(user.name)</a></div></th>
            <td data-label="\(t("E-mail"))">\(user.email)</td>
            <td data-label="\(t("Role"))">\(user.officeRole?.title.text ?? "")</td>
            <td data-label="\(t("Second factor"))">\(factor)</td>
            <td data-label="\(t("Now"))">\(Self.badge(user))</td>
            </tr>
            """
    }

    private static func badge(_ user: User) -> HTML {
        switch user.state {
        case .deactivated: return "<span class=\"badge\">\(t("Deactivated"))</span>"
        case .invited: return "<span class=\"badge badge-waiting\">\(t("Invited"))</span>"
        case .active:
            if user.resetAskedAt != nil {
                return "<span class=\"badge badge-late\">\(t("Cannot sign in"))</span>"
            }
            return user.isOnDuty
                ? "<span class=\"badge badge-booked\">\(t("On duty"))</span>"
                : "<span class=\"muted\">\(t("Off duty"))</span>"
        }
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
            if let password = form["password"], !password.isEmpty {
                members["password"] = .string(password)
            }
            var input = try Input(.object(members))
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.office)
            try input.finish()
            let added = try await people.addOfficeUser(draft, by: call.actor)
            guard let invitation = added.invitation else {
                return Response.redirect("/control/people?saved=1")
            }
            return handed(call, added.user, invitation).response()
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
            if let answer = try await act(form["act"] ?? "", on: id, call) { return answer }
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
            return Response.redirect("/control/people?saved=1")
        } catch let refusal as Refusal where refusal.kind != .notFound {
            let (user, _) = try await people.person(id, for: call.actor)
            state.values["email"] = user.email
            if form["act"] != nil { state = Self.state(of: user) }
            state.take(refusal, fields: Self.fields)
            return self.form(call, user, state).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    /// What is done with a sign-in besides changing it; nil: it is none of those.
    private func act(_ act: String, on id: UserID, _ call: ControlCall) async throws -> Response? {
        switch act {
        case "invite":
            let (user, _) = try await people.person(id, for: call.actor)
            return handed(call, user, try await people.links.invite(id, by: call.actor)).response()
        case "reset":
            let (user, _) = try await people.person(id, for: call.actor)
            return handed(call, user, try await people.links.resetLink(for: id, by: call.actor))
                .response()
        case "factor": try await gatekeeper.factors.reset(of: id, by: call.actor)
        case "sign-out": try await gatekeeper.endSessions(of: id, by: call.actor)
        default: return nil
        }
        return Response.redirect("/control/people/\(id)?saved=1")
    }

    private func form(_ call: ControlCall, _ user: User?, _ state: FormState) -> Page {
        let roles = Role.office.map { (value: $0.rawValue, label: $0.title) }
        let action = user.map { "/control/people/\($0.id)" } ?? "/control/people"
        let email: HTML =
            user == nil
            ? ControlParts.input("email", t("E-mail"), state, type: "email", max: 254)
            : """
            <div class="field"><label for="email">\(t("E-mail"))</label><input class="input" id="email" value="\(state["email"])" readonly></div>
            """
        let passwordHint: Phrase =
            user == nil
            ? t("Left empty, you get a link by which they choose their own.")
            : t("Leave it empty to keep the present one. A new one signs them out everywhere.")
        let title = user.map { Phrase(verbatim: $0.name) } ?? t("Add a person")
        let content: HTML = """
            \(ControlParts.head(title, user?.isActive == false ? t("Deactivated: cannot sign in.") : nil))
            \(ControlParts.alert(state))
            <form class="card" method="post" action="\(action)"><div class="card-body form">
            \(ControlParts.csrf(call))<input type="hidden" name="version" value="\(state["version"])">
            <div class="field-row">\(ControlParts.input("name", t("Name"), state, max: 120))\(email)</div>
            <div class="field-row">\(ControlParts.select("role", t("Role"), roles, state, hint: t("Receptionists and assistants answer; supervisors also take businesses on; admins do everything.")))\(ControlParts.input("password", user == nil ? t("Password") : t("New password"), state, type: "password", hint: passwordHint, isRequired: false))</div>
            </div><div class="card-foot"><button class="btn btn-primary">\(user == nil ? t("Add") : t("Save"))</button><a class="btn btn-quiet" href="/control/people">\(t("Team"))</a></div></form>
            \(user.map { help(call, $0) + access(call, $0) } ?? HTML())
            """
        return ControlFrame(call, .people, title, content).page
    }

    /// Helping somebody in: links to hand over, and what to do about a lost phone.
    private func help(_ call: ControlCall, _ user: User) -> HTML {
        guard user.isActive else { return HTML() }
        func button(_ act: StaticString, _ text: Phrase) -> HTML {
            "<button class=\"btn\" name=\"act\" value=\"\(HTML(stringLiteral: act))\">\(text)</button>"
        }
        let asked: HTML =
            user.resetAskedAt == nil
            ? HTML()
            : "<p class=\"small\">\(t("They asked for a link: make sure that it is them."))</p>"
        return """
            <form class="card" method="post" action="/control/people/\(user.id)"><div class="card-head"><h2>\(t("Signing in"))</h2></div><div class="card-body stack stack-tight">
            \(ControlParts.csrf(call))\(asked)
            <div class="row">\(user.hasPassword ? button("reset", t("Link for a new password")) : button("invite", t("New invitation")))\(button("sign-out", t("Sign out everywhere")))\(user.hasSecondFactor && user.id != call.actor.user ? button("factor", t("Reset the second factor")) : HTML())</div>
            </div></form>
            """
    }

    /// Taking the sign-in away, or giving it back; oneself is left out.
    private func access(_ call: ControlCall, _ user: User) -> HTML {
        if user.id == call.actor.user { return HTML() }
        let text: Phrase =
            user.isActive
            ? t(
                "Deactivating signs them out everywhere at once and ends their tokens. What they wrote stays. You can undo it."
            )
            : t("They can sign in again with the password they had.")
        return """
            <form class="card" method="post" action="/control/people/\(user.id)"><div class="card-body spread">
            \(ControlParts.csrf(call))<input type="hidden" name="version" value="\(user.version)">
            <p class="muted small">\(text)</p>
            <button class="btn\(user.isActive ? " btn-danger" : "")" name="act" value="\(user.isActive ? "deactivate" : "activate")">\(user.isActive ? t("Deactivate") : t("Activate again"))</button>
            </div></form>
            """
    }

    /// A link to hand over, shown this once.
    private func handed(
        _ call: ControlCall, _ user: User, _ link: OneTimeLink.Handed
    ) -> Page {
        let content =
            ControlParts.head(link.title, link.note(for: user.name))
            + ControlParts.shownOnce(
                call.request.origin + link.path, next: t("Team"), "/control/people")
        return ControlFrame(call, .people, link.title, content).page
    }
}
