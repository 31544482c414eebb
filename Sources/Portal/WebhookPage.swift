import Kernel
import WebShell
import Webhooks

/// One endpoint: how it goes, what was sent, what it hears.
struct WebhookPage: Sendable {
    var visit: Visit
    var webhook: Webhook
    var values: FormValues
    var deliveries: [WebhookDelivery]
    /// Where the next page begins.
    var next: String?

    private var path: String { "webhooks/\(webhook.id)" }

    var page: Page {
        let title = Phrase(verbatim: webhook.description ?? WebhookParts.host(webhook.url))
        let form = SettingsForm(
            visit: visit, action: path, values: values, names: WebhookForm.names,
            body: WebhookForm.fields(values, isNew: false), back: "webhooks")
        let content: HTML = """
            \(Parts.back(visit, .webhooks))\(Parts.head(title, nil, WebhookParts.state(webhook)))
            \(notice)\(actions)\(log)
            <section class="stack"><h2>\(t("Settings"))</h2>\(form.html)</section>
            \(secret)\(delete)
            """
        return PortalFrame(
            visit: visit, section: .webhooks, title: title, content: content, isNarrow: true
        ).page
    }

    private var notice: HTML {
        if let at = webhook.disabledAt {
            return """
                <div class="alert alert-late" role="alert">\(Parts.icon("alert"))<div class="stack stack-tight"><p class="strong">\(t("We stopped calling this address (\(WebhookParts.moment(at, visit)))."))</p>
                <p>\(WebhookParts.reason(webhook)) \(t("What happened since then was not sent. When the program is well again, switch the webhook on; from the log below anything can be sent again."))</p>
                <div class="form-actions">\(button("switch", t("Switch it on"), isOn: true, "btn-primary"))\(button("switch", t("Leave it off"), isOn: false))</div></div></div>
                """
        }
        guard webhook.isActive, let since = webhook.failingSince else { return HTML() }
        return """
            <div class="alert alert-waiting" role="status">\(Parts.icon("alert"))<div>\(t("Nothing arrives there since \(WebhookParts.moment(since, visit)). We try again for three days, then stop."))</div></div>
            """
    }

    private var actions: HTML {
        let onOff: HTML =
            webhook.disabledAt != nil
            ? HTML()
            : webhook.isActive
                ? button("switch", t("Switch off"), isOn: false)
                : button("switch", t("Switch on"), isOn: true, "btn-primary")
        return "<div class=\"form-actions\">\(button("test", t("Send a test")))\(onOff)</div>"
    }

    /// A form of one button.
    private func button(
        _ action: String, _ label: Phrase, isOn: Bool? = nil, _ look: StaticString = ""
    ) -> HTML {
        """
        <form method="post" action="\(url: visit.path("\(path)/\(action)"))">\(visit.token)\(isOn.map { "<input type=\"hidden\" name=\"is_active\" value=\"\($0 ? "1" : "0")\">" } ?? HTML())<button class="btn \(HTML(stringLiteral: look))">\(label)</button></form>
        """
    }

    // MARK: What was sent

    private var log: HTML {
        let older: HTML =
            next.map {
                "<p><a class=\"btn\" href=\"\(url: visit.path(path))?after=\($0)\">\(t("Older"))</a></p>"
            } ?? HTML()
        let list: HTML =
            deliveries.isEmpty
            ? "<p class=\"card-body muted\">\(t("Nothing has been sent yet. The next event will appear here."))</p>"
            : "<ul class=\"list\">\(deliveries.html(row))</ul>"
        return """
            <section class="card"><header class="card-head"><h2>\(t("What was sent"))</h2></header>\(list)</section>\(older)
            """
    }

    private func row(_ delivery: WebhookDelivery) -> HTML {
        let problem: HTML =
            delivery.failure.map {
                "<span class=\"hint setting-note truncate\">\(WebhookParts.failure($0, status: delivery.answerStatus))</span>"
            } ?? HTML()
        return """
            <li><a class="list-item" href="\(url: visit.path("\(path)/deliveries/\(delivery.id)"))"><span class="list-main"><code>\(delivery.type)</code>\(problem)</span>
            <span class="list-end delivery-end">\(WebhookParts.status(delivery))<span class="muted">\(WebhookParts.when(delivery.createdAt, visit))</span></span>\(Parts.icon("right"))</a></li>
            """
    }

    // MARK: The rest

    private var secret: HTML {
        let until: HTML =
            webhook.previousUntil.flatMap { $0 > visit.now ? $0 : nil }.map {
                "<p class=\"small\">\(t("The old secret signs too until \(WebhookParts.moment($0, visit))."))</p>"
            } ?? HTML()
        let confirm = Confirm(
            visit: visit, action: "\(path)/secret", label: t("Make a new secret"),
            question: t(
                "The new one is shown once. The old one keeps signing for 24 hours, then it ends."
            ),
            button: t("Make a new secret"), icon: "key", version: webhook.version)
        return """
            <section class="stack stack-tight"><h2>\(t("Signing secret"))</h2>
            <p class="hint">\(t("It was shown when it was made and cannot be shown again."))</p>\(until)\(confirm.html)</section>
            """
    }

    private var delete: HTML {
        Confirm(
            visit: visit, action: "\(path)/delete", label: t("Delete this webhook"),
            question: t(
                "Its log goes with it, and what is still to be sent is not sent. This cannot be taken back."
            ),
            button: t("Delete the webhook"), version: webhook.version
        ).html
    }
}

/// One delivery: the body and every attempt with its answer.
struct WebhookDeliveryPage: Sendable {
    var visit: Visit
    var webhook: Webhook
    var delivery: WebhookDelivery
    var attempts: [WebhookAttempt]

    private var path: String { "webhooks/\(webhook.id)/deliveries/\(delivery.id)" }

    var page: Page {
        let content: HTML = """
            <p class="back-link"><a href="\(url: visit.path("webhooks/\(webhook.id)"))">\(Parts.icon("left"))\(webhook.description ?? WebhookParts.host(webhook.url))</a></p>
            \(Parts.head(Phrase(verbatim: delivery.type), Phrase(verbatim: WebhookParts.when(delivery.createdAt, visit)), WebhookParts.status(delivery)))
            \(waiting)\(resend)
            <section class="card"><header class="card-head"><h2>\(t("Attempts"))</h2></header>\(list)</section>
            <section class="card"><header class="card-head"><h2>\(t("What we sent"))</h2></header><div class="card-body stack stack-tight">
            <dl class="facts"><dt>webhook-id</dt><dd><code>\(delivery.id)</code></dd></dl>
            <pre class="payload" tabindex="0"><code>\(WebhookJSON.pretty(delivery.payload))</code></pre></div></section>
            """
        return PortalFrame(
            visit: visit, section: .webhooks, title: Phrase(verbatim: delivery.type),
            content: content,
            isNarrow: true
        ).page
    }

    private var waiting: HTML {
        guard delivery.status == .waiting else { return HTML() }
        guard delivery.attempts > 0, let next = delivery.nextAttemptAt else {
            return """
                <p><a class="btn" href="\(url: visit.path(path))">\(t("Has it arrived? Look again"))</a></p>
                """
        }
        return
            "<p class=\"muted\">\(t("The next attempt is at \(WebhookParts.moment(next, visit))."))</p>"
    }

    private var resend: HTML {
        if !webhook.isActive, !delivery.isTest { return HTML() }
        if delivery.status == .waiting, delivery.attempts == 0 { return HTML() }
        return """
            <form class="form-actions" method="post" action="\(url: visit.path("\(path)/resend"))">\(visit.token)<button class="btn">\(t("Send it again"))</button></form>
            """
    }

    private var list: HTML {
        if attempts.isEmpty {
            return
                "<p class=\"card-body muted\">\(delivery.failure.map { WebhookParts.failure($0, status: nil) } ?? t("None yet."))</p>"
        }
        return """
            <ol class="list">\(attempts.reversed().html { attempt in
                """
                <li class="attempt"><div class="spread"><span>\(mark(attempt))</span><span class="muted small">\(WebhookParts.when(attempt.at, visit)) · \(t("\(attempt.milliseconds) ms"))</span></div>\(answer(attempt))</li>
                """
            })</ol>
            """
    }

    private func mark(_ attempt: WebhookAttempt) -> HTML {
        let badge: HTML =
            attempt.failure == nil
            ? "<span class=\"badge badge-booked\">\(attempt.answerStatus ?? 0)</span>"
            : "<span class=\"badge badge-late\">\(attempt.answerStatus.map(String.init) ?? t("No answer").text)</span>"
        guard attempt.answerStatus == nil, let failure = attempt.failure else { return badge }
        return
            "\(badge) <span class=\"small\">\(WebhookParts.failure(failure, status: nil))</span>"
    }

    private func answer(_ attempt: WebhookAttempt) -> HTML {
        guard let answer = attempt.answer, !answer.isEmpty else { return HTML() }
        let cut: HTML =
            attempt.isAnswerCut
            ? "<p class=\"hint\">\(t("Only the first 4 KB are kept."))</p>" : HTML()
        return """
            <details class="answer"><summary class="small">\(t("The answer"))</summary><pre class="payload" tabindex="0"><code>\(answer)</code></pre>\(cut)</details>
            """
    }
}

/// JSON as people read it.
enum WebhookJSON {
    static func pretty(_ text: String) -> String {
        guard let value = JSONValue(parsing: text) else { return text }
        return lines(of: value, indent: "")
    }

    private static func lines(of value: JSONValue, indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .object(let members) where !members.isEmpty:
            let rows = members.sorted { $0.key < $1.key }.map { key, value in
                inner + JSONValue.string(key).serialized + ": " + lines(of: value, indent: inner)
            }
            return "{\n" + rows.joined(separator: ",\n") + "\n" + indent + "}"
        case .array(let values) where !values.isEmpty:
            let rows = values.map { inner + lines(of: $0, indent: inner) }
            return "[\n" + rows.joined(separator: ",\n") + "\n" + indent + "]"
        default: return value.serialized
        }
    }
}
