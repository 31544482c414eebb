import Accounts
import Guidance
import Hummingbird
import Kernel
import Store
import WebShell

/// Answers to what the business's clients ask.
extension PortalRoutes {
    private static let onePage = 50

    func addKnowledge(to group: PortalGroup) {
        group.get("knowledge") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                let paging = Paging(limit: Self.onePage, after: call.query("after"))
                let found = try GuidanceBook.articles(
                    of: visit.account.id, query: call.query("query"), paging, for: visit.actor,
                    in: tx)
                return KnowledgeListPage(
                    visit: visit, query: call.query("query") ?? "",
                    hits: Array(found.prefix(paging.limit)),
                    next: found.count > paging.limit ? found[paging.limit - 1].cursor : nil
                ).page
            }
        }
        group.get("knowledge/new") { call in
            try await showArticle(call, FormValues(["question": call.query("question")]))
        }
        group.post("knowledge/new") { call in try await submit(call, newArticle) }
        group.get("knowledge/:id") { call in try await showArticle(call, nil) }
        group.post("knowledge/:id") { call in try await submit(call, changedArticle) }
        group.post("knowledge/:id/delete") { call in
            let form = try await call.form()
            let account = try await account(call)
            let article = try await article(call, of: account)
            try await guidance.deleteArticle(
                article.id, expecting: Int(form.text("version")), by: call.actor)
            return Response.redirect(Visit.path(account, "knowledge") + "?saved=1")
        }
    }

    /// nil: the stored values of the article in the address.
    private func showArticle(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            var article: KnowledgeArticle?
            if call.namesOne {
                article = try GuidanceBook.article(call.id(), for: visit.actor, in: tx)
                guard article?.account == visit.account.id else { throw Refusal.notFound() }
            }
            let stored = article.map {
                FormValues([
                    "question": $0.question, "answer": $0.answer, "version": String($0.version),
                ])
            }
            return ArticlePage(
                visit: visit, article: article, values: values ?? stored ?? FormValues()
            ).page
        }
    }

    private func article(
        _ call: PortalCall, of account: Account
    ) async throws -> KnowledgeArticle {
        let article = try await guidance.article(call.id(), for: call.actor)
        guard article.account == account.id else { throw Refusal.notFound() }
        return article
    }

    private var newArticle: Submission {
        Submission(
            fields: ["question", "answer"], show: { try await showArticle($0, $1) },
            save: { call, account, values in
                _ = try await guidance.createArticle(
                    Self.body(values), in: account.id, by: call.actor)
                return "knowledge"
            })
    }

    private var changedArticle: Submission {
        Submission(
            fields: ["question", "answer"], show: { try await showArticle($0, $1) },
            save: { call, account, values in
                let article = try await article(call, of: account)
                _ = try await guidance.updateArticle(
                    article.id, Self.body(values), expecting: values.version, by: call.actor)
                return "knowledge"
            })
    }

    private static func body(_ values: FormValues) -> JSONValue {
        ["question": values.text("question"), "answer": values.text("answer")]
    }
}

struct KnowledgeListPage: Sendable {
    var visit: Visit
    var query: String
    var hits: [KnowledgeHit]
    /// Where the next page begins.
    var next: String?

    var page: Page {
        let content: HTML = """
            \(Parts.head(Section.knowledge.name, t("What our people find when a client asks."), Parts.primary(t("New answer"), visit.path("knowledge/new"))))
            <form class="input-with" role="search" action="\(url: visit.path("knowledge"))">\(Parts.icon("search"))
            <label class="sr-only" for="query">\(t("Search your answers"))</label>
            <input class="input" id="query" name="query" type="search" value="\(query)" placeholder="\(t("Search your answers"))" autocomplete="off"></form>
            \(hits.isEmpty ? nothing : list)
            """
        return PortalFrame(
            visit: visit, section: .knowledge, title: Section.knowledge.name, content: content,
            isNarrow: true
        ).page
    }

    private var list: HTML {
        """
        <ul class="card list">\(hits.html { hit in
            """
            <li><a class="list-item" href="\(url: visit.path("knowledge/\(hit.article.id)"))"><span class="list-main"><span class="strong" dir="auto">\(hit.article.question)</span><span class="hint setting-note clamp" dir="auto">\(hit.article.answer)</span></span>
            <span class="list-end">\(hit.article.uses > 0 ? "\(Self.used(hit.article.uses))" : HTML())</span>\(Parts.icon("right"))</a></li>
            """
        })</ul>
        \(next.map { "<p><a class=\"btn\" href=\"\(url: visit.path("knowledge"))?query=\(Self.escaped(query))&amp;after=\(Self.escaped($0))\">\(t("More"))</a></p>" } ?? HTML())
        """
    }

    private static func used(_ count: Int) -> Phrase {
        Phrase.plural(count, one: "Used \(count) time", other: "Used \(count) times")
    }

    private var nothing: HTML {
        if !query.isEmpty {
            return Parts.empty(
                "search", t("Nothing found for “\(query)”"),
                t("Every word has to be in the question or the answer."),
                Parts.primary(
                    t("Add this answer"),
                    visit.path("knowledge/new") + "?question=" + Self.escaped(query)))
        }
        return Parts.empty(
            "book", t("No answers yet"),
            t(
                "Write down what clients ask most: parking, payment, how long it takes. "
                    + "We find it while they wait."),
            Parts.primary(t("Add the first answer"), visit.path("knowledge/new")))
    }

    /// For a query of an address.
    static func escaped(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126:
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                output += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return output
    }
}

struct ArticlePage: Sendable {
    var visit: Visit
    /// nil: a new one.
    var article: KnowledgeArticle?
    var values: FormValues

    var page: Page {
        let fields = Fields(values)
        let action = article.map { "knowledge/\($0.id)" } ?? "knowledge/new"
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.text("question", t("Question"), .init(hint: t("As a client would ask it."), most: 500)))
            \(fields.area("answer", t("Answer"), .init(hint: t("As you would say it. We read it out or send it."), most: 8000), rows: 6))
            </div></div>
            """
        let form = SettingsForm(
            visit: visit, action: action, values: values, names: ["question", "answer"],
            body: body, back: "knowledge")
        let title = t(article == nil ? "New answer" : "Answer")
        return PortalFrame(
            visit: visit, section: .knowledge, title: title,
            content: Parts.back(visit, .knowledge) + Parts.head(title) + form.html + delete,
            isNarrow: true
        ).page
    }

    private var delete: HTML {
        guard let article else { return HTML() }
        return Confirm(
            visit: visit, action: "knowledge/\(article.id)/delete", label: t("Delete this answer"),
            question: t("We shall not find it any more. This cannot be taken back."),
            button: t("Delete the answer"), version: article.version
        ).html
    }
}
