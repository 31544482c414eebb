import Accounts
import Kernel
import WebShell

/// Who may sign in for the business.
extension PortalRoutes {
    func addMembers(to group: PortalGroup) {
        group.get("members") { call in
            let account = try await account(call)
            let members = try await people.members(
                of: account.id, Paging(limit: 200, after: nil), for: call.actor)
            return try await read(call, requiring: .manageAccount) { visit, _ in
                MemberListPage(visit: visit, members: members).page
            }
        }
        group.get("members/new") { call in
            try await showInvitation(call, FormValues(["role": Role.staff.rawValue]))
        }
        group.post("members/new") { call in try await submit(call, invitation) }
    }

    private func showInvitation(_ call: PortalCall, _ values: FormValues) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, _ in
            InvitationPage(visit: visit, values: values).page
        }
    }

    private var invitation: Submission {
        Submission(
            fields: InvitationPage.names, show: { try await showInvitation($0, $1) },
            save: { call, account, values in
                var input = try Input([
                    "name": values.text("name"), "email": values.text("email"),
                    "role": values.text("role"), "password": values.optional("password"),
                ])
                let draft = PeopleDirectory.Draft(reading: &input, roles: Role.account)
                if draft.password == nil { input.reject("password", "required", "is required.") }
                try input.finish()
                _ = try await people.createMember(draft, of: account.id, by: call.actor)
                return "members"
            })
    }
}

struct MemberListPage: Sendable {
    var visit: Visit
    var members: [(user: User, role: Role)]

    var page: Page {
        let content: HTML = """
            \(Parts.head(Section.members.name, "They sign in with their e-mail and see this business only.", Parts.primary("Give access", visit.path("members/new"))))
            <ul class="card list">\(members.html { member in
                """
                <li><span class="list-item"><span class="avatar" aria-hidden="true">\(Words.initials(member.user.name))</span><span class="list-main"><span class="strong" dir="auto">\(member.user.name)</span>\(member.user.id == visit.actor.user ? " <span class=\"muted\">(you)</span>" : HTML())<span class="hint setting-note">\(member.user.email)</span></span>
                <span class="list-end">\(Words.role(member.role))</span></span></li>
                """
            })</ul>
            <p class="hint">To take access away, ask the office.</p>
            """
        return PortalFrame(
            visit: visit, section: .members, title: Section.members.name, content: content,
            isNarrow: true
        ).page
    }
}

struct InvitationPage: Sendable {
    static let names = ["name", "email", "role", "password"]
    private static let roles = [
        (Role.staff, "Staff: the schedule and inquiries"),
        (Role.owner, "Owner: everything, settings too"),
        (Role.specialist, "Specialist: looks, answers hard questions"),
    ]

    var visit: Visit
    var values: FormValues

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.text("name", "Name", .init(most: 120)))
            \(fields.text("email", "E-mail", .init(type: "email", hint: "They sign in with it.", most: 254)))
            \(fields.select("role", "May see and do", Self.roles.map { (value: $0.0.rawValue, text: $0.1) }))
            \(fields.text("password", "First password", .init(type: "password", hint: "Tell it to them yourself. Whoever has a sign-in already keeps their own.", most: 200, autocomplete: "new-password")))
            </div></div>
            """
        let form = SettingsForm(
            visit: visit, action: "members/new", values: values, names: Self.names, body: body,
            button: "Give access", back: "members")
        return PortalFrame(
            visit: visit, section: .members, title: "Give access",
            content: Parts.back(visit, .members) + Parts.head("Give access") + form.html,
            isNarrow: true
        ).page
    }
}
