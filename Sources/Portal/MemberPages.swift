import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// Who may sign in for the business.
extension PortalRoutes {
    func addMembers(to group: PortalGroup) {
        group.get("members") { call in
            let account = try await account(call)
            let members = try await people.places(
                in: account.id, Paging(limit: 200, after: nil), for: call.actor)
            return try await read(call, requiring: .manageAccount) { visit, _ in
                MemberListPage(visit: visit, members: members).page
            }
        }
        group.get("members/new") { call in
            try await showInvitation(call, FormValues(["role": Role.staff.rawValue]))
        }
        group.post("members/new") { call in try await invite(call) }
        group.get("members/:id") { call in try await showMember(call, nil) }
        group.post("members/:id") { call in try await changeMember(call) }
        group.post("members/:id/link") { call in
            let (account, form) = (try await account(call), try await call.form())
            let id: UserID = call.id()
            let link =
                form["act"] == "reset"
                ? try await people.links.resetLink(for: id, by: call.actor)
                : try await people.links.invite(id, into: account.id, by: call.actor)
            let member = try await people.member(id, of: account.id, for: call.actor)
            return try await handed(call, member.user.name, link)
        }
        group.post("members/:id/remove") { call in
            let (account, form) = (try await account(call), try await call.form())
            do {
                try await people.removeMember(
                    call.id(), of: account.id, expecting: Int(form["version"] ?? ""),
                    by: call.actor)
                return Response.redirect(Visit.path(account, "members") + "?saved=1")
            } catch let refusal as Refusal where refusal.kind != .notFound {
                return try await showMember(call, refusal).response(
                    status: HTTPResponse.Status(code: refusal.kind.rawValue))
            }
        }
    }

    private func showInvitation(_ call: PortalCall, _ values: FormValues) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, _ in
            InvitationPage(visit: visit, values: values).page
        }
    }

    private func invite(_ call: PortalCall) async throws -> Response {
        let (account, form) = (try await account(call), try await call.form())
        var values = FormValues(form, InvitationPage.names)
        do {
            var input = try Input([
                "name": values.text("name"), "email": values.text("email"),
                "role": values.text("role"),
            ])
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.account)
            try input.finish()
            let added = try await people.addMember(draft, of: account.id, by: call.actor)
            guard let invitation = added.invitation else {
                return Response.redirect(Visit.path(account, "members") + "?saved=1")
            }
            return try await handed(call, draft.name, invitation)
        } catch let refusal as Refusal {
            try values.take(refusal, renaming: [:])
            return try await showInvitation(call, values).response(status: values.status)
        }
    }

    private func handed(
        _ call: PortalCall, _ name: String, _ link: OneTimeLink.Handed
    ) async throws -> Response {
        let address = call.origin + link.path
        return try await read(call, requiring: .manageAccount) { visit, _ in
            HandedLinkPage(visit: visit, name: name, address: address, link: link).page
        }.response()
    }

    private func showMember(_ call: PortalCall, _ refusal: Refusal?) async throws -> Page {
        let account = try await account(call)
        let member = try await people.member(call.id(), of: account.id, for: call.actor)
        return try await read(call, requiring: .manageAccount) { visit, _ in
            MemberPage(visit: visit, member: member, refusal: refusal).page
        }
    }

    private func changeMember(_ call: PortalCall) async throws -> Response {
        let (account, form) = (try await account(call), try await call.form())
        do {
            _ = try await people.updateMember(
                call.id(), of: account.id, ["role": .string(form.text("role"))],
                expecting: Int(form["version"] ?? ""), by: call.actor)
            return Response.redirect(Visit.path(account, "members") + "?saved=1")
        } catch let refusal as Refusal where refusal.kind != .notFound {
            return try await showMember(call, refusal).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }
}

struct MemberListPage: Sendable {
    var visit: Visit
    var members: [PeopleDirectory.Member]

    var page: Page {
        let content: HTML = """
            \(Parts.head(Section.members.name, t("They sign in with their e-mail and see this business only."), Parts.primary(t("Give access"), visit.path("members/new"))))
            <ul class="card list">\(members.html(item))</ul>
            """
        return PortalFrame(
            visit: visit, section: .members, title: Section.members.name, content: content,
            isNarrow: true
        ).page
    }

    private func item(_ member: PeopleDirectory.Member) -> HTML {
        let user = member.user
        let state: HTML =
            member.isAwaited || user.state == .invited
            ? " <span class=\"badge badge-waiting\">\(t("Invited"))</span>"
            : user.resetAskedAt == nil
                ? HTML() : " <span class=\"badge badge-late\">\(t("Cannot sign in"))</span>"
        let isMe = user.id == visit.actor.user
        return """
            <li><a class="list-item" href="\(url: visit.path("members/\(user.id)"))"><span class="avatar" aria-hidden="true">\(Words.initials(user.name))</span><span class="list-main"><span class="strong" dir="auto">\(user.name)</span>\(isMe ? " <span class=\"muted\">\(t("(you)"))</span>" : HTML())\(state)<span class="hint setting-note">\(user.email)</span></span>
            <span class="list-end">\(Words.role(member.role))</span></a></li>
            """
    }
}

struct InvitationPage: Sendable {
    static let names = ["name", "email", "role"]
    static var roles: [(Role, Phrase)] {
        [
            (Role.staff, t("Staff: the schedule and inquiries")),
            (Role.owner, t("Owner: everything, settings too")),
            (Role.specialist, t("Specialist: looks, answers hard questions")),
        ]
    }

    var visit: Visit
    var values: FormValues

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.text("name", t("Name"), .init(most: 120)))
            \(fields.text("email", t("E-mail"), .init(type: "email", hint: t("They sign in with it."), most: 254)))
            \(fields.select("role", t("May see and do"), Self.roles.map { (value: $0.0.rawValue, text: $0.1) }, .init(hint: t("Next you get a link to hand to them; they choose their own password."))))
            </div></div>
            """
        let form = SettingsForm(
            visit: visit, action: "members/new", values: values, names: Self.names, body: body,
            button: t("Make an invitation"), back: "members")
        return PortalFrame(
            visit: visit, section: .members, title: t("Give access"),
            content: Parts.back(visit, .members) + Parts.head(t("Give access")) + form.html,
            isNarrow: true
        ).page
    }
}

/// One person with access: what they may do, links for them, and taking it away.
struct MemberPage: Sendable {
    var visit: Visit
    var member: PeopleDirectory.Member
    var refusal: Refusal?

    private var user: User { member.user }
    private var isMe: Bool { user.id == visit.actor.user }
    private var isInvited: Bool { member.isAwaited || user.state == .invited }

    var page: Page {
        let name = Phrase(verbatim: user.name)
        let content: HTML = """
            \(Parts.back(visit, .members))\(Parts.head(name, Phrase(verbatim: user.email)))
            \(refusal.map { Parts.alert($0.detail) } ?? HTML())
            \(isMe ? own : role + link + removal)
            """
        return PortalFrame(
            visit: visit, section: .members, title: name, content: content, isNarrow: true
        ).page
    }

    private var own: HTML {
        """
        <p>\(t("This is you. What you may do here another owner can change."))</p><p><a class="btn" href="/me?kind=account">\(t("Your sign-in"))</a></p>
        """
    }

    private var version: HTML {
        "<input type=\"hidden\" name=\"version\" value=\"\(user.version)\">"
    }

    private var role: HTML {
        """
        <form class="card" method="post" action="\(url: visit.path("members/\(user.id)"))">\(visit.token)\(version)
        <div class="card-body form"><div class="field"><label for="role">\(t("May see and do"))</label><select class="input" id="role" name="role">\(InvitationPage.roles.html {
            "<option value=\"\($0.0.rawValue)\"\(attribute: "selected", if: $0.0 == member.role)>\($0.1)</option>"
        })</select></div></div>
        <div class="card-foot"><button class="btn btn-primary">\(t("Save"))</button></div></form>
        """
    }

    private var link: HTML {
        let text: Phrase =
            isInvited
            ? t("They have not come yet. A new invitation voids the one before.")
            : t("When they forgot their password: a link for a new one, to hand to them.")
        return """
            <form class="card" method="post" action="\(url: visit.path("members/\(user.id)/link"))">\(visit.token)
            <div class="card-body spread"><p class="small">\(text)</p><button class="btn" name="act" value="\(isInvited ? "invite" : "reset")">\(isInvited ? t("New invitation") : t("Link for a new password"))</button></div></form>
            """
    }

    private var removal: HTML {
        Confirm(
            visit: visit, action: "members/\(user.id)/remove", label: t("Take access away"),
            question: t("They are signed out of this business at once. What they wrote stays."),
            button: t("Take access away"), version: user.version
        ).html
    }
}

/// A link to hand over, shown this once.
struct HandedLinkPage: Sendable {
    var visit: Visit
    var name: String
    var address: String
    var link: OneTimeLink.Handed

    var page: Page {
        let content: HTML = """
            \(Parts.back(visit, .members))\(Parts.head(link.title, link.note(for: name)))
            <div class="card card-body"><p class="small">\(t("The link; it is not shown again"))</p>
            \(HTML.copyBox(address, isLine: true))</div>
            """
        return PortalFrame(
            visit: visit, section: .members, title: link.title, content: content, isNarrow: true
        ).page
    }
}
