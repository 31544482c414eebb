import Kernel
import WebShell
import Webhooks

/// The endpoints of the business.
struct WebhookListPage: Sendable {
    var visit: Visit
    var webhooks: [Webhook]

    var page: Page {
        let add = Parts.primary(t("Add a webhook"), visit.path("webhooks/new"))
        let isFull = webhooks.count >= WebhookDirectory.most
        let content: HTML = """
            \(Parts.head(Section.webhooks.name, t("Your own programs hear at once what happens here."), webhooks.isEmpty || isFull ? HTML() : add))
            \(webhooks.isEmpty ? nothing : "<ul class=\"card list\">\(webhooks.html(item))</ul>")
            """
        return PortalFrame(
            visit: visit, section: .webhooks, title: Section.webhooks.name, content: content,
            isNarrow: true
        ).page
    }

    private func item(_ webhook: Webhook) -> HTML {
        """
        <li><a class="list-item" href="\(url: visit.path("webhooks/\(webhook.id)"))"><span class="list-main"><span class="strong" dir="auto">\(webhook.description ?? WebhookParts.host(webhook.url))</span><span class="hint setting-note truncate">\(webhook.url)</span></span>
        <span class="list-end">\(WebhookParts.state(webhook))</span>\(Parts.icon("right"))</a></li>
        """
    }

    private var nothing: HTML {
        let text = t(
            "Give the address of a program, for example your CRM: bookings, messages and inquiries arrive there the moment they happen."
        )
        return
            "<div class=\"card\">\(Parts.empty("external", t("No webhooks yet"), text, Parts.primary(t("Add a webhook"), visit.path("webhooks/new"))))</div>"
    }
}

struct NewWebhookPage: Sendable {
    var visit: Visit
    var values: FormValues

    var page: Page {
        let title = t("New webhook")
        let form = SettingsForm(
            visit: visit, action: "webhooks/new", values: values, names: WebhookForm.names,
            body: WebhookForm.fields(values, isNew: true), button: t("Add the webhook"),
            back: "webhooks")
        return PortalFrame(
            visit: visit, section: .webhooks, title: title,
            content: Parts.back(visit, .webhooks) + Parts.head(title) + form.html, isNarrow: true
        ).page
    }
}

/// The one time that a signing secret is shown.
struct WebhookSecretPage: Sendable {
    var visit: Visit
    var webhook: Webhook
    var secret: String
    var isNew: Bool

    var page: Page {
        let title = t("The signing secret")
        let overlap: HTML =
            isNew
            ? HTML()
            : "<p>\(t("For 24 hours we sign with the old secret too, so that there is time to put the new one in."))</p>"
        let content: HTML = """
            \(Parts.back(visit, .webhooks))\(Parts.head(title, Phrase(verbatim: webhook.description ?? WebhookParts.host(webhook.url))))
            <div class="alert alert-waiting" role="status">\(Parts.icon("key"))<div><p>\(t("Copy it now: it is shown this once."))</p>\(overlap)</div></div>
            <section class="card"><div class="card-body stack">
            \(HTML.copyBox(secret, isLine: true))
            <p class="small muted">\(t("Your program checks with it that a request comes from us. Any library of the Standard Webhooks specification does that."))</p></div></section>
            <div class="form-actions"><a class="btn btn-primary" href="\(url: visit.path("webhooks/\(webhook.id)"))">\(t("I have copied it"))</a></div>
            """
        return PortalFrame(
            visit: visit, section: .webhooks, title: title, content: content, isNarrow: true
        ).page
    }
}

enum WebhookParts {
    static func host(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        return String(url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" })
    }

    static func state(_ webhook: Webhook) -> HTML {
        if webhook.disabledAt != nil {
            return "<span class=\"badge badge-late\">\(t("Stopped"))</span>"
        }
        if !webhook.isActive { return "<span class=\"badge\">\(t("Switched off"))</span>" }
        return webhook.failingSince == nil
            ? "<span class=\"badge badge-booked\">\(t("On"))</span>"
            : "<span class=\"badge badge-waiting\">\(t("Failing"))</span>"
    }

    static func status(_ delivery: WebhookDelivery) -> HTML {
        switch delivery.status {
        case .delivered: "<span class=\"badge badge-booked\">\(t("Delivered"))</span>"
        case .failed: "<span class=\"badge badge-late\">\(t("Failed"))</span>"
        case .waiting where delivery.attempts == 0:
            "<span class=\"badge\">\(t("On its way"))</span>"
        case .waiting: "<span class=\"badge badge-waiting\">\(t("Will be tried again"))</span>"
        }
    }

    static func reason(_ webhook: Webhook) -> Phrase {
        switch webhook.disabledReason {
        case .gone?:
            t("The other side answered 410: it does not want these requests any more.")
        case .failing?: t("Nothing has arrived there for three days.")
        case .tooManyFailures?, nil: t("Too many attempts have failed one after the other.")
        }
    }

    static func when(_ instant: Instant, _ visit: Visit) -> String {
        let date = visit.zone.date(at: instant)
        return
            "\(BusinessTime.day(date, today: visit.today)) \(BusinessTime.clock(instant, visit.zone))"
    }

    /// The same inside a sentence, where "today" would not do.
    static func moment(_ instant: Instant, _ visit: Visit) -> String {
        let date = visit.zone.date(at: instant)
        return "\(BusinessTime.short(date)), \(BusinessTime.clock(instant, visit.zone))"
    }

    /// Why an attempt failed, in the reader's language where it is one of our own sentences.
    static func failure(_ text: String, status: Int?) -> Phrase {
        if let status { return t("It answered \(status).") }
        return failures.first { $0.key == text } ?? Phrase(verbatim: text)
    }

    private static let failures: [Phrase] = [
        t("The address is a private one."),
        t("The address must be an http or https URL."),
        t("The host must be written in plain letters."),
        t("Only loopback is called on a virtual clock."),
        t("There was no answer within 10 seconds."),
        t("The connection was closed without an answer."),
        t("The webhook was switched off."),
        t("Sent again by a person."),
    ]
}
