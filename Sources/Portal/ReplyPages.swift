import Accounts
import Guidance
import Hummingbird
import Kernel
import Store
import WebShell

/// Texts that our people send with a shortcut.
extension PortalRoutes {
    func addReplies(to group: PortalGroup) {
        group.get("replies") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                let replies = try GuidanceBook.responses(
                    of: visit.account.id, Paging(limit: 500, after: nil), for: visit.actor, in: tx)
                return ReplyListPage(visit: visit, replies: replies).page
            }
        }
        group.get("replies/new") { call in try await showReply(call, FormValues()) }
        group.post("replies/new") { call in try await submit(call, newReply) }
        group.get("replies/:id") { call in try await showReply(call, nil) }
        group.post("replies/:id") { call in try await submit(call, changedReply) }
        group.post("replies/:id/delete") { call in
            let form = try await call.form()
            let account = try await account(call)
            let reply = try await reply(call, of: account)
            try await guidance.deleteResponse(
                reply.id, expecting: Int(form.text("version")), by: call.actor)
            return Response.redirect(Visit.path(account, "replies") + "?saved=1")
        }
    }

    /// One of the business's own; the office's are not changed here.
    private func reply(_ call: PortalCall, of account: Account) async throws -> CannedResponse {
        let reply = try await guidance.response(call.id(), for: call.actor)
        guard reply.account == account.id else { throw Refusal.notFound() }
        return reply
    }

    private func showReply(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        let isNew = !call.namesOne
        let account = try await account(call)
        let reply = isNew ? nil : try await reply(call, of: account)
        let stored = reply.map {
            FormValues([
                "shortcut": $0.shortcut, "title": $0.title, "text": $0.text,
                "version": String($0.version),
            ])
        }
        return try await read(call, requiring: .manageAccount) { visit, _ in
            ReplyPage(visit: visit, reply: reply, values: values ?? stored ?? FormValues()).page
        }
    }

    private var newReply: Submission {
        Submission(
            fields: ReplyPage.names, show: { try await showReply($0, $1) },
            save: { call, account, values in
                _ = try await guidance.createResponse(
                    Self.body(values), in: account.id, by: call.actor)
                return "replies"
            })
    }

    private var changedReply: Submission {
        Submission(
            fields: ReplyPage.names, show: { try await showReply($0, $1) },
            save: { call, account, values in
                let reply = try await reply(call, of: account)
                _ = try await guidance.updateResponse(
                    reply.id, Self.body(values), expecting: values.version, by: call.actor)
                return "replies"
            })
    }

    private static func body(_ values: FormValues) -> JSONValue {
        .object(
            Dictionary(uniqueKeysWithValues: ReplyPage.names.map { ($0, values.text($0)) }))
    }
}

struct ReplyListPage: Sendable {
    var visit: Visit
    var replies: [CannedResponse]

    var page: Page {
        let own = replies.filter { $0.account != nil }
        let office = replies.filter { $0.account == nil }
        let content: HTML = """
            \(Parts.head(Section.replies.name, t("Our people type a slash and the shortcut; the text is there to send."), Parts.primary(t("Add a reply"), visit.path("replies/new"))))
            \(own.isEmpty ? nothing : "<ul class=\"card list\">\(own.html(item))</ul>")
            \(office.isEmpty ? HTML() : """
                <section class="stack stack-tight"><h2>\(t("The office's own"))</h2><p class="hint">\(t("For every business. Yours with the same shortcut takes its place."))</p>
                <ul class="card list">\(office.html { "<li><span class=\"list-item\">\(Self.words($0))</span></li>" })</ul></section>
                """)
            """
        return PortalFrame(
            visit: visit, section: .replies, title: Section.replies.name, content: content,
            isNarrow: true
        ).page
    }

    private func item(_ reply: CannedResponse) -> HTML {
        "<li><a class=\"list-item\" href=\"\(url: visit.path("replies/\(reply.id)"))\">\(Self.words(reply))\(Parts.icon("right"))</a></li>"
    }

    private static func words(_ reply: CannedResponse) -> HTML {
        """
        <span class="list-main"><span class="strong" dir="auto">\(reply.title)</span> <code class="muted">/\(reply.shortcut)</code><span class="hint setting-note clamp" dir="auto">\(reply.text)</span></span>
        """
    }

    private var nothing: HTML {
        "<div class=\"card\">\(Parts.empty("slash", t("No replies of your own yet"), t("What do you write again and again? The way to you, what to bring, how to pay.")))</div>"
    }
}

struct ReplyPage: Sendable {
    static let names = ["shortcut", "title", "text"]

    var visit: Visit
    /// nil: a new one.
    var reply: CannedResponse?
    var values: FormValues

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form"><div class="field-row">
            \(fields.text("title", t("Name of the reply"), .init(most: 120)))
            \(fields.text("shortcut", t("Shortcut"), .init(hint: t("a–z, 0–9 and hyphens, for example way-to-us."), most: 40)))</div>
            \(fields.area("text", t("Text"), .init(hint: t("You may write {{contact.name}}, {{agent.name}} and {{account.name}}."), most: 4000), rows: 5))
            </div></div>
            """
        let form = SettingsForm(
            visit: visit, action: reply.map { "replies/\($0.id)" } ?? "replies/new",
            values: values, names: Self.names, body: body, back: "replies")
        let title = t(reply == nil ? "New reply" : "Ready reply")
        let delete: HTML =
            reply.map {
                Confirm(
                    visit: visit, action: "replies/\($0.id)/delete", label: t("Delete this reply"),
                    question: t("The shortcut will stop working. This cannot be taken back."),
                    button: t("Delete the reply"), version: $0.version
                ).html
            } ?? HTML()
        return PortalFrame(
            visit: visit, section: .replies, title: title,
            content: Parts.back(visit, .replies) + Parts.head(title) + form.html + delete,
            isNarrow: true
        ).page
    }
}
