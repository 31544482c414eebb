import Accounts
import Hummingbird
import Kernel
import WebShell

extension ControlRoutes {
    /// Who may do what, read off the rules themselves.
    func addRoles(to group: RouterGroup<WebContext>) {
        group.get("roles") { request, context in
            let call = try ControlCall(request, context)
            let content: HTML = """
                \(ControlParts.head(t("Roles"), t("What each role may do. A person of the office has one role everywhere; a member has one in each business.")))
                \(Self.table(t("The office’s people"), Role.office))
                \(Self.table(t("A business’s members"), Role.account))
                """
            return ControlFrame(call, .people, t("Roles"), content).page.response()
        }
    }

    private static func table(_ title: Phrase, _ roles: [Role]) -> HTML {
        let permissions = Permission.allCases.filter { permission in
            roles.contains { $0.permissions.contains(permission) }
        }
        return """
            <section class="card card-wide"><div class="card-head"><h2>\(title)</h2></div><div class="table-wrap"><table class="table roles">
            <thead><tr><th scope="col">\(t("May"))</th>\(roles.html { "<th scope=\"col\">\($0.title)</th>" })</tr></thead>
            <tbody>\(permissions.html { permission in
                """
                <tr><th scope="row">\(permission.words)</th>\(roles.html { cell($0.permissions.contains(permission)) })</tr>
                """
            })</tbody></table></div></section>
            """
    }

    private static func cell(_ isAllowed: Bool) -> HTML {
        isAllowed
            ? "<td>\(ControlParts.icon("check"))<span class=\"sr-only\">\(t("yes"))</span></td>"
            : "<td><span class=\"faint\" aria-hidden=\"true\">–</span><span class=\"sr-only\">\(t("no"))</span></td>"
    }
}

extension Permission {
    /// What it lets one do, in plain words.
    var words: Phrase {
        switch self {
        case .manageOffice: t("Manage the team, tokens and settings of the office")
        case .createAccounts: t("Take businesses on, pause and end them")
        case .viewAccount: t("See a business: schedule, conversations, inquiries, numbers")
        case .manageAccount: t("Change a business’s hours, services, script, channels and members")
        case .converse: t("Write to clients, keep contacts, record inquiries")
        case .book: t("Book, move and cancel appointments")
        case .serve: t("Be on duty and take conversations")
        }
    }
}
