import Accounts
import Conversations
import Kernel
import WebShell

/// The chat on the business's own site.
extension PortalRoutes {
    func addWidget(to group: PortalGroup) {
        group.get("widget") { call in try await showWidgets(call) }
        group.get("widget/new") { call in
            try await showWidget(
                call,
                FormValues([
                    "name": t("Our site").text, "color": WidgetPage.usualColor, "is_active": "1",
                ]))
        }
        group.post("widget/new") { call in try await submit(call, widgetForm) }
        group.get("widget/:id") { call in try await showWidget(call, nil) }
        group.post("widget/:id") { call in try await submit(call, widgetForm) }
    }

    private func showWidgets(_ call: PortalCall) async throws -> Page {
        let account = try await account(call)
        let found = try await inboxes.inboxes(
            of: account.id, Paging(limit: 200, after: nil), for: call.actor)
        let origin = call.origin
        return try await read(call, requiring: .manageAccount) { visit, _ in
            WidgetListPage(
                visit: visit, widgets: found.filter { $0.channel == "web_chat" }, origin: origin
            ).page
        }
    }

    /// nil: a new one.
    private func widget(_ call: PortalCall, of account: Account) async throws -> Inbox? {
        guard call.namesOne else { return nil }
        let inbox = try await inboxes.inbox(call.id(), for: call.actor)
        guard inbox.account == account.id, inbox.channel == "web_chat" else {
            throw Refusal.notFound()
        }
        return inbox
    }

    private func showWidget(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        let inbox = try await widget(call, of: try await account(call))
        let origin = call.origin
        return try await read(call, requiring: .manageAccount) { visit, _ in
            WidgetPage(
                visit: visit, inbox: inbox, origin: origin,
                values: values ?? inbox.map(WidgetPage.values) ?? FormValues()
            ).page
        }
    }

    private var widgetForm: Submission {
        Submission(
            fields: WidgetPage.names,
            renaming: ["config.allowed_domains": "domains"].merging(
                ["greeting", "reply_time", "color"].map { ("config." + $0, $0) }
            ) { first, _ in first },
            show: { try await showWidget($0, $1) },
            save: { call, account, values in
                let inbox = try await widget(call, of: account)
                var config = inbox?.config.object ?? [:]
                config["greeting"] = values["greeting"].isEmpty ? nil : values.text("greeting")
                config["reply_time"] =
                    values["reply_time"].isEmpty ? nil : values.text("reply_time")
                config["color"] = values["color"].isEmpty ? nil : values.text("color")
                config["allowed_domains"] = .list(WidgetPage.domains(values["domains"]))
                var body: [String: JSONValue] = [
                    "name": values.text("name"), "config": .object(config),
                ]
                guard let inbox else {
                    body["channel"] = "web_chat"
                    let made = try await inboxes.create(
                        .object(body), in: account.id, by: call.actor)
                    return "widget/\(made.id)"
                }
                body["is_active"] = .bool(values.isOn("is_active"))
                _ = try await inboxes.update(
                    inbox.id, .object(body), expecting: values.version, by: call.actor)
                return "widget/\(inbox.id)"
            })
    }
}

struct WidgetListPage: Sendable {
    var visit: Visit
    var widgets: [Inbox]
    var origin: String

    var page: Page {
        let add = Parts.primary(t("Add a widget"), visit.path("widget/new"))
        let content: HTML = """
            \(Parts.head(Section.widget.name, t("Visitors of your site write, our people answer."), widgets.isEmpty ? HTML() : add))
            \(widgets.isEmpty ? nothing : widgets.html(card))
            """
        return PortalFrame(
            visit: visit, section: .widget, title: Section.widget.name, content: content,
            isNarrow: true
        ).page
    }

    static let end: HTML = "<code>&lt;/body&gt;</code>"

    private func card(_ widget: Inbox) -> HTML {
        """
        <section class="card"><header class="card-head"><h2>\(widget.name) \(Parts.off(widget.isActive, t("Switched off")))</h2>
        <a class="btn btn-small" href="\(url: visit.path("widget/\(widget.id)"))">\(t("Change"))</a></header>
        <div class="card-body stack stack-tight"><p class="small muted">\(t("Put this line before {1} on every page of your site."), with: Self.end)</p>
        \(WidgetPage.snippet(widget, origin))</div></section>
        """
    }

    private var nothing: HTML {
        "<div class=\"card\">\(Parts.empty("chat", t("No chat on your site yet"), t("Choose a greeting and a colour, then put one line into your pages."), Parts.primary(t("Make the widget"), visit.path("widget/new"))))</div>"
    }
}

struct WidgetPage: Sendable {
    static let names = ["name", "greeting", "reply_time", "color", "domains", "is_active"]
    static let usualColor = "#2563eb"

    var visit: Visit
    /// nil: a new one.
    var inbox: Inbox?
    var origin: String
    var values: FormValues

    static func values(of inbox: Inbox) -> FormValues {
        let domains = (inbox.config["allowed_domains"]?.array ?? []).compactMap(\.string)
        return FormValues([
            "name": inbox.name, "greeting": inbox.config["greeting"]?.string,
            "reply_time": inbox.config["reply_time"]?.string,
            "color": inbox.config["color"]?.string ?? usualColor,
            "domains": domains.joined(separator: "\n"), "is_active": inbox.isActive ? "1" : nil,
            "version": String(inbox.version),
        ])
    }

    /// One host a line; people paste whole addresses, of which only the host counts.
    static func domains(_ text: String) -> [String] {
        text.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map { entry in
            var host = entry
            if let scheme = host.firstRange(of: "://") { host = host[scheme.upperBound...] }
            return host.prefix { $0 != "/" }.lowercased()
        }
    }

    static func snippet(_ inbox: Inbox, _ origin: String) -> HTML {
        let line = "<script src=\"\(origin)/widget.js\" data-inbox=\"\(inbox.id)\" async></script>"
        return HTML.copyBox(line)
    }

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.text("name", t("Name of the widget"), .init(hint: t("For yourself, when you have several sites."), most: 120)))
            \(fields.area("greeting", t("Greeting"), .init(hint: t("Shown before the visitor writes. Empty: “Hi! How can we help?”"), isOptional: true, most: 400), rows: 2))
            <div class="field-row">
            \(fields.text("reply_time", t("How fast we answer"), .init(hint: t("Empty: “Usually answers in a minute”."), isOptional: true, most: 120)))
            \(fields.text("color", t("Colour"), .init(type: "color")))
            </div>
            \(fields.area("domains", t("Sites that may show it"), .init(hint: t("One a line, such as example.com or *.example.com. Empty: any site."), isOptional: true), rows: 3))
            \(inbox == nil ? HTML() : fields.onOff("is_active", t("Switched on"), hint: t("Off: the chat disappears from your site.")))
            </div></div>
            """
        let form = SettingsForm(
            visit: visit, action: inbox.map { "widget/\($0.id)" } ?? "widget/new",
            values: values, names: Self.names, body: body,
            button: t(inbox == nil ? "Make the widget" : "Save"), back: "widget")
        let install: HTML =
            inbox.map {
                """
                <section class="card"><header class="card-head"><h2>\(t("Put it on your site"))</h2></header>
                <div class="card-body stack stack-tight"><p class="small muted">\(t("Before {1} on every page. The chat appears in the corner."), with: WidgetListPage.end)</p>\(Self.snippet($0, origin))</div></section>
                """
            } ?? HTML()
        let title = inbox.map { Phrase(verbatim: $0.name) } ?? t("New chat widget")
        return PortalFrame(
            visit: visit, section: .widget, title: title,
            content: Parts.back(visit, .widget) + Parts.head(title) + install + form.html,
            isNarrow: true
        ).page
    }
}
