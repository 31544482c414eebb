import Accounts
import Hummingbird
import Kernel
import Store
import WebShell
import Webhooks

/// Programs of the business that hear what happens here.
extension PortalRoutes {
    private static let onePage = 30

    func addWebhooks(to group: PortalGroup) {
        group.get("webhooks") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                let webhooks = try WebhookDirectory.webhooks(
                    of: visit.account.id, Paging(limit: WebhookDirectory.most, after: nil),
                    for: visit.actor, in: tx)
                return WebhookListPage(visit: visit, webhooks: webhooks).page
            }
        }
        group.get("webhooks/new") { call in
            try await showNewWebhook(call, FormValues(["scope": WebhookForm.all]))
        }
        group.post("webhooks/new") { call in try await makeWebhook(call) }
        group.get("webhooks/:id") { call in try await showWebhook(call, nil) }
        group.post("webhooks/:id") { call in try await submit(call, webhookForm) }
        group.post("webhooks/:id/switch") { call in
            let (account, webhook, form) = try await named(call)
            let isActive = form.text("is_active") == "1"
            _ = try await webhooks.update(
                webhook.id, ["is_active": .bool(isActive)], expecting: nil, by: call.actor)
            return .redirect(Visit.path(account, "webhooks/\(webhook.id)"))
        }
        group.post("webhooks/:id/secret") { call in
            let (_, webhook, form) = try await named(call)
            let (changed, secret) = try await webhooks.rotateSecret(
                webhook.id, expecting: Int(form.text("version")), by: call.actor)
            return try await showSecret(call, changed, secret, isNew: false).response()
        }
        group.post("webhooks/:id/delete") { call in
            let (account, webhook, form) = try await named(call)
            try await webhooks.delete(
                webhook.id, expecting: Int(form.text("version")), by: call.actor)
            return .redirect(Visit.path(account, "webhooks"))
        }
        addWebhookDeliveries(to: group)
    }

    private func addWebhookDeliveries(to group: PortalGroup) {
        group.post("webhooks/:id/test") { call in
            let (account, webhook, _) = try await named(call)
            let delivery = try await webhooks.test(webhook.id, by: call.actor)
            return .redirect(
                Visit.path(account, "webhooks/\(webhook.id)/deliveries/\(delivery.id)"))
        }
        group.get("webhooks/:id/deliveries/:delivery") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                let webhook = try Self.webhook(call, of: visit.account, in: tx)
                let (delivery, attempts) = try Self.delivery(call, of: webhook, in: tx)
                return WebhookDeliveryPage(
                    visit: visit, webhook: webhook, delivery: delivery, attempts: attempts
                ).page
            }
        }
        group.post("webhooks/:id/deliveries/:delivery/resend") { call in
            let (account, webhook, _) = try await named(call)
            let old = try await store.read { tx in
                try Self.delivery(call, of: webhook, in: tx).delivery
            }
            let delivery = try await webhooks.resend(old.id, by: call.actor)
            return .redirect(
                Visit.path(account, "webhooks/\(webhook.id)/deliveries/\(delivery.id)"))
        }
    }

    // MARK: Finding

    /// One of the business in the address.
    private static func webhook(
        _ call: PortalCall, of account: Account, in tx: Transaction
    ) throws -> Webhook {
        let webhook = try WebhookDirectory.webhook(call.id(), for: call.actor, in: tx)
        guard webhook.account == account.id else { throw Refusal.notFound() }
        return webhook
    }

    private static func delivery(
        _ call: PortalCall, of webhook: Webhook, in tx: Transaction
    ) throws -> (delivery: WebhookDelivery, attempts: [WebhookAttempt]) {
        let id = WebhookDeliveryID(call.context.parameters.get("delivery") ?? "")
        let found = try WebhookDirectory.delivery(id, for: call.actor, in: tx)
        guard found.delivery.webhook == webhook.id else { throw Refusal.notFound() }
        return found
    }

    /// The form of a button, with the endpoint that it is about.
    private func named(_ call: PortalCall) async throws -> (Account, Webhook, Form) {
        let form = try await call.form()
        let account = try await account(call)
        let webhook = try await store.read { tx in try Self.webhook(call, of: account, in: tx) }
        return (account, webhook, form)
    }

    // MARK: Forms

    private func showNewWebhook(_ call: PortalCall, _ values: FormValues) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, _ in
            NewWebhookPage(visit: visit, values: values).page
        }
    }

    /// No redirect: the secret is shown in this answer and never again.
    private func makeWebhook(_ call: PortalCall) async throws -> Response {
        let form = try await call.form()
        let account = try await account(call)
        var values = FormValues(form, WebhookForm.names)
        do {
            let made = try await webhooks.create(
                WebhookForm.body(values), in: account.id, by: call.actor)
            return try await showSecret(call, made.webhook, made.secret, isNew: true).response()
        } catch let refusal as Refusal {
            try values.take(refusal)
            return try await showNewWebhook(call, values).response(status: values.status)
        }
    }

    private func showSecret(
        _ call: PortalCall, _ webhook: Webhook, _ secret: String, isNew: Bool
    ) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, _ in
            WebhookSecretPage(visit: visit, webhook: webhook, secret: secret, isNew: isNew).page
        }
    }

    private func showWebhook(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            let webhook = try Self.webhook(call, of: visit.account, in: tx)
            let paging = Paging(limit: Self.onePage, after: call.query("after"))
            let found = try WebhookDirectory.deliveries(
                of: webhook.id, paging, for: visit.actor, in: tx)
            return WebhookPage(
                visit: visit, webhook: webhook, values: values ?? WebhookForm.values(of: webhook),
                deliveries: Array(found.prefix(paging.limit)),
                next: found.count > paging.limit ? found[paging.limit - 1].id.text : nil
            ).page
        }
    }

    private var webhookForm: Submission {
        Submission(
            fields: WebhookForm.names, show: { try await showWebhook($0, $1) },
            save: { call, account, values in
                let webhook = try await store.read { tx in
                    try Self.webhook(call, of: account, in: tx)
                }
                _ = try await webhooks.update(
                    webhook.id, WebhookForm.body(values), expecting: values.version,
                    by: call.actor)
                return "webhooks/\(webhook.id)"
            })
    }
}

/// What a person fills in about an endpoint.
enum WebhookForm {
    static let names = ["url", "description", "scope", "events"]
    static let all = "all"

    static func values(of webhook: Webhook) -> FormValues {
        let hearsAll = webhook.events.contains(WebhookEvents.everything)
        var values = FormValues([
            "url": webhook.url, "description": webhook.description,
            "scope": hearsAll ? all : "some", "version": String(webhook.version),
        ])
        // A program may have chosen `message.*`; people see the types that it stands for.
        let types = WebhookEvents.groups.flatMap { $0.types.map(\.type) }
        values.set("events", hearsAll ? [] : types.filter(webhook.wants))
        return values
    }

    static func body(_ values: FormValues) -> JSONValue {
        let hearsAll = values["scope"] != "some"
        return [
            "url": values.text("url"), "description": values.optional("description"),
            "events": .list(hearsAll ? [WebhookEvents.everything] : values.all("events")),
        ]
    }

    /// `isNew`: the list of events is open as soon as somebody chooses from it.
    static func fields(_ values: FormValues, isNew: Bool) -> HTML {
        let fields = Fields(values)
        let isOpen =
            values["scope"] == "some" && (isNew || values.problem("events") != nil)
        let count = values.all("events").count
        let choose =
            count == 0
            ? t("Choose the events") : t("Choose the events (chosen: \(count))")
        let look = Fields.Look(
            type: "url", hint: t("Starts with https:// and takes POST requests."), most: 2000,
            mode: "url")
        return """
            <div class="card"><div class="card-body form">
            \(fields.text("url", t("Address"), look))
            \(fields.text("description", t("What it is"), .init(hint: t("For yourself: “Our CRM”, “Order sheet”."), isOptional: true, most: 200)))
            <fieldset class="stack stack-tight event-scope"><legend>\(t("What it hears"))</legend>
            \(fields.check("scope", value: all, t("Everything"), type: "radio"))
            \(fields.check("scope", value: "some", t("Only what I choose"), type: "radio"))
            \(fields.problem("events"))
            <details class="event-list"\(attribute: "open", if: isOpen)><summary class="small">\(choose)</summary>
            \(WebhookEvents.groups.html { group in
                """
                <fieldset class="event-group"><legend class="overline">\(group.name)</legend>\(group.types.html { event in
                    "<label class=\"check\"><input type=\"checkbox\" name=\"events\" value=\"\(event.type)\"\(attribute: "checked", if: values.has("events", event.type))> <span>\(event.text)<code class=\"event-type\">\(event.type)</code></span></label>"
                })</fieldset>
                """
            })</details></fieldset>
            </div></div>
            """
    }
}
