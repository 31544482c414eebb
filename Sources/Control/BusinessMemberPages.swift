import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// Who signs in for a business, as the office sees and helps them.
extension ControlRoutes {
    func addBusinessMembers(to group: RouterGroup<WebContext>) {
        group.get("businesses/:id/members") { [self] request, context in
            try await memberList(try ControlCall(request, context)).response()
        }
        group.get("businesses/:id/members/new") { [self] request, context in
            let call = try ControlCall(request, context)
            return try await newMember(call, FormState(["role": Role.owner.rawValue])).response()
        }
        group.post("businesses/:id/members/new") { [self] request, context in
            try await inviteMember(try ControlCall(request, context))
        }
        group.get("businesses/:id/members/:member") { [self] request, context in
            try await member(try ControlCall(request, context), nil).response()
        }
        group.post("businesses/:id/members/:member") { [self] request, context in
            try await changeMember(try ControlCall(request, context))
        }
    }

    private static func path(_ account: Account, _ rest: String = "") -> String {
        "/control/businesses/\(account.id)/members" + (rest.isEmpty ? "" : "/" + rest)
    }

    private static func member(_ call: ControlCall) -> UserID {
        UserID(call.context.parameters.get("member") ?? "")
    }

    private func business(_ call: ControlCall) async throws -> Account {
        try await accounts.account(call.id(), for: call.actor)
    }

    private static var roles: [(value: String, label: Phrase)] {
        [
            (Role.owner.rawValue, t("Owner: everything, settings too")),
            (Role.staff.rawValue, t("Staff: the schedule and inquiries")),
            (Role.specialist.rawValue, t("Specialist: looks, answers hard questions")),
        ]
    }

    // MARK: All

    private func memberList(_ call: ControlCall) async throws -> Page {
        let account = try await business(call)
        let members = try await people.places(
            in: account.id, Paging(limit: 200, after: nil), for: call.actor)
        let seen = try await people.lastSeen(in: account.id, for: call.actor)
        let add: HTML =
            "<a class=\"btn btn-primary\" href=\"\(Self.path(account, "new"))\">\(ControlParts.icon("plus"))\(t("Give access"))</a>"
        let list: HTML =
            members.isEmpty
            ? "<section class=\"card\"><p class=\"card-body muted\">\(t("Nobody yet. Invite its owner, and they set up the rest."))</p></section>"
            : "<ul class=\"card list\">\(members.html { item($0, account, seen[$0.user.id]) })</ul>"
        let content = Self.back(account) + ControlParts.head(
            t("Who signs in for it"), Phrase(verbatim: account.name), add) + list
        return ControlFrame(call, .businesses, t("Who signs in for it"), content).page
    }

    private func item(
        _ member: PeopleDirectory.Member, _ account: Account, _ seen: Instant?
    ) -> HTML {
        let user = member.user
        return """
            <li><a class="list-item" href="\(Self.path(account, user.id.text))"><span class="list-main"><span class="strong" dir="auto">\(user.name)</span> \(Self.badge(member))<span class="hint setting-note">\(user.email)</span><span class="hint setting-note">\(Self.seen(member, seen, account))</span></span>
            <span class="list-end">\(member.role.title)</span></a></li>
            """
    }

    private static func badge(_ member: PeopleDirectory.Member) -> HTML {
        if member.isAwaited || member.user.state == .invited {
            return "<span class=\"badge badge-waiting\">\(t("Invited"))</span>"
        }
        if !member.user.isActive { return "<span class=\"badge\">\(t("Deactivated"))</span>" }
        return member.user.resetAskedAt == nil
            ? HTML() : "<span class=\"badge badge-late\">\(t("Cannot sign in"))</span>"
    }

    private static func seen(
        _ member: PeopleDirectory.Member, _ seen: Instant?, _ account: Account
    ) -> Phrase {
        guard let seen else {
            let isInvited = member.isAwaited || member.user.state == .invited
            return isInvited ? t("Has not accepted yet") : t("Not signed in now")
        }
        let (date, minute) = (Zone(account.timeZone) ?? .utc).local(at: seen)
        let minutes = minute % 60
        let clock = "\(minute / 60):\(minutes < 10 ? "0" : "")\(minutes)"
        return t("Last here \(Tongue.current.calendar.short(date)), \(clock)")
    }

    private static func back(_ account: Account, all: Bool = false) -> HTML {
        let (path, label) =
            all
            ? (Self.path(account), t("Who signs in for it"))
            : ("/control/businesses/\(account.id)", Phrase(verbatim: account.name))
        return
            "<p class=\"back-link\"><a href=\"\(path)\">\(ControlParts.icon("left"))\(label)</a></p>"
    }

    // MARK: A new one

    private static let fields = ["name", "email", "role"]

    private func newMember(_ call: ControlCall, _ state: FormState) async throws -> Page {
        let account = try await business(call)
        let hint = t("You get a link to hand to them; they choose their own password.")
        let content: HTML = """
            \(Self.back(account, all: true))\(ControlParts.head(t("Give access"), Phrase(verbatim: account.name)))
            \(ControlParts.alert(state))
            <form class="card" method="post" action="\(Self.path(account, "new"))"><div class="card-body form">
            \(ControlParts.csrf(call))
            <div class="field-row">\(ControlParts.input("name", t("Name"), state, max: 120))\(ControlParts.input("email", t("E-mail"), state, type: "email", max: 254))</div>
            \(ControlParts.select("role", t("May see and do"), Self.roles, state, hint: hint))
            </div><div class="card-foot"><button class="btn btn-primary">\(t("Make an invitation"))</button><a class="btn btn-quiet" href="\(Self.path(account))">\(t("Back"))</a></div></form>
            """
        return ControlFrame(call, .businesses, t("Give access"), content).page
    }

    private func inviteMember(_ call: ControlCall) async throws -> Response {
        let (account, form) = (try await business(call), try await call.form())
        var state = FormState(form, Self.fields)
        do {
            var input = try Input([
                "name": .string(state["name"]), "email": .string(state["email"]),
                "role": .string(state["role"]),
            ])
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.account)
            try input.finish()
            let added = try await people.addMember(draft, of: account.id, by: call.actor)
            guard let invitation = added.invitation else {
                return .redirect(Self.path(account) + "?saved=1")
            }
            return handedLink(call, account, draft.name, invitation).response()
        } catch let refusal as Refusal where refusal.kind != .notFound {
            state.take(refusal, fields: Self.fields)
            return try await newMember(call, state).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    // MARK: One

    private func changeMember(_ call: ControlCall) async throws -> Response {
        let (account, form) = (try await business(call), try await call.form())
        let (id, version) = (Self.member(call), Int(form["version"] ?? ""))
        do {
            switch form["act"] {
            case "invite", "reset":
                let link =
                    form["act"] == "reset"
                    ? try await people.links.resetLink(for: id, by: call.actor)
                    : try await people.links.invite(id, into: account.id, by: call.actor)
                let member = try await people.member(id, of: account.id, for: call.actor)
                return handedLink(call, account, member.user.name, link).response()
            case "remove":
                try await people.removeMember(
                    id, of: account.id, expecting: version, by: call.actor)
                return .redirect(Self.path(account) + "?saved=1")
            default:
                _ = try await people.updateMember(
                    id, of: account.id, ["role": .string(form.text("role"))],
                    expecting: version, by: call.actor)
                return .redirect(Self.path(account) + "?saved=1")
            }
        } catch let refusal as Refusal where refusal.kind != .notFound {
            return try await member(call, refusal).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    private func member(_ call: ControlCall, _ refusal: Refusal?) async throws -> Page {
        let account = try await business(call)
        let member = try await people.member(Self.member(call), of: account.id, for: call.actor)
        let user = member.user
        var state = FormState(["role": member.role.rawValue])
        if let refusal { state.take(refusal, fields: ["role"]) }
        let action = Self.path(account, user.id.text)
        let open: HTML = """
            <form class="card" method="post" action="\(action)">\(ControlParts.csrf(call))<input type="hidden" name="version" value="\(user.version)">
            """
        let isInvited = member.isAwaited || user.state == .invited
        let link: Phrase =
            isInvited
            ? t("They have not come yet. A new invitation voids the one before.")
            : t("When they forgot their password: a link for a new one, to hand to them.")
        let removal: Phrase =
            isInvited
            ? t("The invitation is void at once.")
            : t("They are signed out of this business at once. What they wrote stays.")
        let remove = isInvited ? t("Withdraw the invitation") : t("Take access away")
        let content: HTML = """
            \(Self.back(account, all: true))\(ControlParts.head(Phrase(verbatim: user.name), Phrase(verbatim: user.email), Self.badge(member)))
            \(ControlParts.alert(state))
            \(open)<div class="card-body form">\(ControlParts.select("role", t("May see and do"), Self.roles, state))</div>
            <div class="card-foot"><button class="btn btn-primary">\(t("Save"))</button></div></form>
            \(open)<div class="card-body spread"><p class="small">\(link)</p><button class="btn" name="act" value="\(isInvited ? "invite" : "reset")">\(isInvited ? t("New invitation") : t("Link for a new password"))</button></div></form>
            <details class="confirm"><summary class="btn btn-danger">\(ControlParts.icon("x"))\(remove)</summary>
            \(open)<div class="card-body stack stack-tight"><p class="small">\(removal)</p>
            <div class="form-actions"><button class="btn btn-danger" name="act" value="remove">\(remove)</button></div></div></form></details>
            """
        return ControlFrame(call, .businesses, Phrase(verbatim: user.name), content).page
    }

    /// A link to hand over, shown this once.
    private func handedLink(
        _ call: ControlCall, _ account: Account, _ name: String, _ link: OneTimeLink.Handed
    ) -> Page {
        let content =
            Self.back(account, all: true) + ControlParts.head(link.title, link.note(for: name))
            + ControlParts.shownOnce(
                call.request.origin + link.path, next: t("Who signs in for it"), Self.path(account))
        return ControlFrame(call, .businesses, link.title, content).page
    }
}
