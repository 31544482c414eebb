import Accounts
import Hummingbird
import Kernel
import Notices
import WebShell

/// What clients are told by the program, and the list of everything that went out.
extension PortalRoutes {
    func addNotices(to group: PortalGroup) {
        group.get("notices") { call in try await showNotices(call, nil) }
        group.post("notices") { call in try await submit(call, noticeForm) }
        group.get("deliveries") { call in try await showDeliveries(call) }
    }

    private func showNotices(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            let settings = try NoticeOffice.settings(of: visit.account.id, in: tx)
            return NoticeSettingsPage(
                visit: visit, values: values ?? NoticeSettingsPage.values(settings)
            ).page
        }
    }

    private var noticeForm: Submission {
        Submission(
            fields: NoticeSettingsPage.names + ["version"],
            renaming: ["review_after_minutes": "review_hours"],
            show: { try await showNotices($0, $1) },
            save: { call, account, values in
                let body = try NoticeSettingsPage.body(&values)
                _ = try await notices.setSettings(
                    body, of: account.id, expecting: values.version, by: call.actor)
                return "notices"
            })
    }

    private func showDeliveries(_ call: PortalCall) async throws -> Page {
        let account = try await account(call, requiring: .viewAccount)
        let status = call.query("status").flatMap(Notice.Status.init)?.rawValue
        let paging = Paging(limit: 50, after: call.query("after").flatMap(OpaqueCursor.position))
        let found = try await notices.deliveries(
            of: account.id, status: status, purpose: nil, isReversed: true, paging,
            for: call.actor)
        return try await read(call) { visit, _ in
            DeliveriesPage(
                visit: visit, status: status, deliveries: Array(found.prefix(paging.limit)),
                next: found.count > paging.limit
                    ? OpaqueCursor.text(DeliveryCursor.text(after: found[paging.limit - 1])) : nil
            ).page
        }
    }
}

struct NoticeSettingsPage: Sendable {
    static let names = ["reminders", "told", "review_hours", "review_link", "asks_review"]
    /// Hours that are offered; others come by the API and stay.
    private static let offered = [10_080, 4320, 2880, 1440, 720, 240, 120, 60]
    private static let purposes: [(Notice.Purpose, Phrase)] = [
        (.confirmed, t("When they are booked")), (.rescheduled, t("When their visit is moved")),
        (.canceled, t("When their visit is cancelled")),
        (.offered, t("When a time becomes free that they wait for")),
        (.askedToMove, t("When you cannot keep it and need another time")),
    ]

    var visit: Visit
    var values: FormValues

    static func values(_ settings: NoticeSettings) -> FormValues {
        var values = FormValues([
            "review_link": settings.reviewLink,
            "asks_review": settings.reviewAfterMinutes == nil ? "" : "1",
            "review_hours": String((settings.reviewAfterMinutes ?? 120) / 60),
            "version": String(settings.version),
        ])
        values.set("reminders", settings.reminders.map(String.init))
        values.set("told", purposes.map(\.0).filter(settings.wants).map(\.rawValue))
        return values
    }

    static func body(_ values: inout FormValues) throws -> JSONValue {
        let told = Set(values.all("told"))
        let silenced = purposes.map(\.0.rawValue).filter { !told.contains($0) }
        var minutes: JSONValue = .null
        if values.isOn("asks_review") {
            guard let hours = Int(values["review_hours"]), (0...336).contains(hours) else {
                throw Refusal.invalid("review_hours", "range", "must be between 0 and 336.")
            }
            minutes = .number(hours * 60)
        }
        return [
            "reminders_minutes_before": .array(
                values.all("reminders").compactMap { Int($0) }.map { .number($0) }),
            "silenced": .list(silenced), "review_after_minutes": minutes,
            "review_link": values.optional("review_link"),
        ]
    }

    var page: Page {
        let fields = Fields(values)
        let own = values.all("reminders").compactMap { Int($0) }
        let times = Set(Self.offered + own).sorted(by: >)
        let body: HTML = """
            <section class="card" aria-labelledby="told"><header class="card-head"><h2 id="told">\(t("Clients are told"))</h2></header><div class="card-body stack stack-tight">
            \(Self.purposes.html { fields.check("told", value: $0.0.rawValue, $0.1) })
            <p class="hint">\(t("In the chat where it was arranged, in their own language. Who has only an e-mail address is written to by e-mail; those texts wait in the list of messages until your mailbox is connected."))</p></div></section>
            <section class="card" aria-labelledby="remind"><header class="card-head"><h2 id="remind">\(t("Reminders before the visit"))</h2></header><div class="card-body stack stack-tight">
            <div class="chips">\(times.html { fields.chip("reminders", value: String($0), Self.before($0)) })</div>
            \(fields.problem("reminders_minutes_before"))
            <p class="hint">\(t("Five at most. Who books later than that is not reminded at once."))</p></div></section>
            <section class="card" aria-labelledby="review"><header class="card-head"><h2 id="review">\(t("How was it?"))</h2></header><div class="card-body form">
            \(fields.onOff("asks_review", t("Ask after the visit"), hint: t("When you have marked it as done.")))
            <div class="field-row">\(fields.number("review_hours", t("How long after"), unit: t("hours")))
            \(fields.text("review_link", t("Where they can tell others"), .init(type: "url", hint: t("Your page on a map or a review site."), isOptional: true, most: 500)))</div></div></section>
            """
        let form = SettingsForm(
            visit: visit, action: "notices", values: values,
            names: Self.names + ["reminders_minutes_before"], body: body)
        return PortalFrame(
            visit: visit, section: .notices, title: Section.notices.name,
            content: Parts.head(
                Section.notices.name, t("By itself, so that nobody has to think of it."))
                + form.html, isNarrow: true
        ).page
    }

    static func before(_ minutes: Int) -> Phrase {
        if minutes % 1440 == 0 {
            let days = minutes / 1440
            return .plural(days, one: "\(days) day before", other: "\(days) days before")
        }
        if minutes % 60 == 0 {
            let hours = minutes / 60
            return .plural(hours, one: "\(hours) hour before", other: "\(hours) hours before")
        }
        return .plural(
            minutes, one: "\(minutes) minute before", other: "\(minutes) minutes before")
    }
}

struct DeliveriesPage: Sendable {
    var visit: Visit
    var status: String?
    var deliveries: [Delivery]
    var next: String?

    var page: Page {
        let content: HTML = """
            \(Parts.head(Section.deliveries.name, t("Everything that went out to clients, and what could not.")))
            \(filter)
            \(deliveries.isEmpty ? nothing : "<ul class=\"card list\">\(deliveries.html(item))</ul>")
            \(next.map { "<p><a class=\"btn\" href=\"\(url: address(status, after: $0))\">\(t("Earlier ones"))</a></p>" } ?? HTML())
            """
        return PortalFrame(
            visit: visit, section: .deliveries, title: Section.deliveries.name, content: content
        ).page
    }

    private func address(_ status: String?, after: String? = nil) -> String {
        let query = [status.map { "status=\($0)" }, after.map { "after=\($0)" }]
            .compactMap { $0 }.joined(separator: "&")
        return visit.path("deliveries") + (query.isEmpty ? "" : "?" + query)
    }

    private var filter: HTML {
        let choices: [(String?, Phrase)] = [
            (nil, t("All")), ("queued", t("Waiting to be sent")), ("sent", t("Sent")),
            ("failed", t("Failed")), ("refused", t("Not sent")),
        ]
        return """
            <nav aria-label="\(t("Which ones"))"><ul class="chips">\(choices.html { value, name in
                "<li><a class=\"chip\" href=\"\(url: address(value))\"\(status == value ? " aria-current=\"true\"" : HTML())>\(name)</a></li>"
            })</ul></nav>
            """
    }

    private var nothing: HTML {
        "<div class=\"card\">\(Parts.empty("mail", t("Nothing here"), t("Confirmations, reminders and what our people write to your clients stand here.")))</div>"
    }

    private func item(_ one: Delivery) -> HTML {
        let date = visit.zone.date(at: one.at)
        let when = "\(BusinessTime.day(date, today: visit.today)), \(BusinessTime.clock(one.at, visit.zone))"
        let who = one.contactName ?? t("Visitor").text
        let way = [Self.channel(one.channel)?.text, one.to].compactMap { $0 }
            .joined(separator: " · ")
        let text: HTML = """
            <details class="delivery-text"><summary>\(t("Text"))</summary>\(HTML.copyBox(one.text))</details>
            """
        return """
            <li class="list-item list-lines"><span class="list-main"><span><strong dir="auto">\(who)</strong> <span class="muted">\(Self.purpose(one.purpose))</span> \(Self.status(one.status))</span>
            <span class="small muted">\(when)\(way.isEmpty ? "" : " · " + way)</span>
            \(Self.reason(one.reason).map { "<span class=\"small\">\($0)</span>" } ?? HTML())\(text)</span></li>
            """
    }

    static func purpose(_ word: String) -> Phrase {
        switch Notice.Purpose(rawValue: word) {
        case .confirmed: t("confirmation")
        case .rescheduled: t("visit moved")
        case .canceled: t("visit cancelled")
        case .reminder: t("reminder")
        case .askedToMove: t("another time needed")
        case .offered: t("a time became free")
        case .review: t("how it was")
        case nil: t("message")
        }
    }

    private static func status(_ word: String) -> HTML {
        switch Notice.Status(rawValue: word) {
        case .queued: "<span class=\"badge badge-waiting\">\(t("Waiting to be sent"))</span>"
        case .sent: "<span class=\"badge badge-booked\">\(t("Sent"))</span>"
        case .delivered: "<span class=\"badge badge-booked\">\(t("Delivered"))</span>"
        case .read: "<span class=\"badge badge-booked\">\(t("Read"))</span>"
        case .failed: "<span class=\"badge badge-late\">\(t("Failed"))</span>"
        case .refused: "<span class=\"badge badge-late\">\(t("Not sent"))</span>"
        case nil: HTML()
        }
    }

    private static func reason(_ word: String?) -> Phrase? {
        switch word {
        case nil: nil
        case "no_email_channel": t("Waits until a mailbox is connected. You can copy the text and send it yourself.")
        case "no_address": t("There is no address of this client.")
        case "no_channel": t("No channel that reaches this client is connected.")
        case .some(let other): Phrase(verbatim: other)
        }
    }

    private static func channel(_ word: String?) -> Phrase? {
        switch word.flatMap(Channel.init) {
        case .webChat: t("Website chat")
        case .email: t("E-mail")
        case .api: t("Another system")
        case .some(let other): Phrase(verbatim: other.rawValue)
        case nil: nil
        }
    }
}
