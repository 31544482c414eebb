import Accounts
import Booking
import Contacts
import Hummingbird
import Kernel
import PhoneNumbers
import Planner
import Store
import WebShell

/// The calendars of the businesses that the receptionist serves: the same that their owners see.
extension DeskRoutes {
    func addCalendar(to group: RouterGroup<WebContext>) {
        group.get("calendar") { [store] request, context in
            let actor = try Self.agent(context)
            let wanted = request.uri.queryParameters.get("business")
            let accounts = try await store.read { tx in
                try AccountDirectory.accounts(for: actor, in: tx)
            }
            guard let account = accounts.first(where: { $0.slug == wanted }) ?? accounts.first
            else { return Self.noBusiness(actor, context).response() }
            let words = CalendarWish(request).words
            return Response.redirect(Self.base(account) + "/calendar" + words)
        }
        let business = group.group("businesses/:account")
        CalendarRoutes(store: store, ambient: ambient, book: book) { request, context, now, tx in
            let visit = try Self.visit(context, now, tx)
            let others = try AccountDirectory.accounts(for: visit.actor, in: tx)
            let wish = CalendarWish(request)
            return .init(visit) { content in
                DeskCalendarFrame(visit: visit, others: others, wish: wish, content: content).page
            }
        }.add(to: business)
        business.get("appointments/:id") { [store, ambient] request, context in
            let now = ambient.now()
            return try await store.read { tx in
                let visit = try Self.visit(context, now, tx)
                let id = AppointmentID(context.parameters.get("id") ?? "")
                let found = try AppointmentBook.summary(id, of: visit.account.id, in: tx)
                guard let found, found.appointment.status != .held else {
                    throw Refusal.notFound()
                }
                let contact = try found.appointment.contact.map {
                    try ContactBook.contact($0, for: visit.actor, in: tx)
                }
                let page = DeskAppointmentPage(
                    visit: visit, summary: found, contact: contact,
                    move: try MoveForm(of: found, on: nil, visit, ambient: ambient, in: tx))
                return DeskCalendarFrame(
                    visit: visit, others: try AccountDirectory.accounts(for: visit.actor, in: tx),
                    wish: CalendarWish(request), content: page.content
                ).page
            }.response()
        }
    }

    static func base(_ account: Account) -> String { "/desk/businesses/\(account.slug)" }

    private static func visit(
        _ context: WebContext, _ now: Instant, _ tx: Transaction
    ) throws -> CalendarVisit {
        let actor = try agent(context)
        let slug = context.parameters.get("account") ?? ""
        guard let account = try AccountDirectory.account(slug: slug, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: account.id)
        return CalendarVisit(
            actor: actor, account: account, zone: Zone(account.timeZone) ?? .utc, now: now,
            cursor: try EventLog.head(in: tx), csrf: context.session?.csrf ?? "", base: base(account))
    }

    private static func noBusiness(_ actor: Actor, _ context: WebContext) -> Page {
        Page(
            title: t("Calendar").text, bodyClass: "plain",
            content: """
                <main class="error-page" id="main"><h1>\(t("No business to show"))</h1><p>\(t("As soon as the office serves a business, its calendar is here."))</p><p><a class="btn" href="/desk">\(t("Desk"))</a></p></main>
                """)
    }
}

/// Which days were looked at, for the way to another business.
struct CalendarWish: Sendable {
    var fields: [(name: String, value: String)]

    init(_ request: Request) {
        fields = ["view", "date"].compactMap { name in
            request.uri.queryParameters.get(name).flatMap { value in
                let isPlain = value.utf8.allSatisfy {
                    (97...122).contains($0) || (48...57).contains($0) || $0 == 45
                }
                return isPlain && !value.isEmpty ? (name, value) : nil
            }
        }
    }

    var words: String {
        fields.isEmpty ? "" : "?" + fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
}

/// The desk's bar above a calendar, with the choice of business.
struct DeskCalendarFrame: Sendable {
    var visit: CalendarVisit
    var others: [Account]
    var wish: CalendarWish
    var content: CalendarContent

    var page: Page {
        Page(
            title: "\(content.title.text) · \(visit.account.name)", bodyClass: "planner-page",
            content: """
                \(topBar)
                <main class="portal-main\(content.look == .wide ? " is-wide" : " is-narrow")" id="main" tabindex="-1">\(business)\(content.html)</main>
                """,
            scripts: ["planner/calendar.js", "lib/app.js", "lib/sign-out.js"],
            facts: [
                "session": "office", "csrf": visit.csrf, "account": visit.account.id.text,
                "cursor": String(visit.cursor),
            ], app: .desk)
    }

    private var business: HTML {
        let hidden = wish.fields.html {
            "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">"
        }
        return """
            <form class="business-jump" method="get" action="/desk/calendar" data-jump><span class="dot" data-hue="\(DeskParts.hue(visit.account.hue))" aria-hidden="true"></span>\(hidden)<select class="input" name="business" aria-label="\(t("Business"))">\(others.html {
                "<option value=\"\($0.slug)\"\(attribute: "selected", if: $0.id == visit.account.id)>\($0.name)</option>"
            })</select><button class="btn" data-without-script>\(t("Show"))</button></form>
            """
    }

    private var topBar: HTML {
        let actor = visit.actor
        return """
            <header class="topbar">
            <a class="brand" href="/desk" aria-label="\(t("Autosecretary, desk"))"><img class="brand-mark" src="/assets/images/mark.svg" alt="" width="24" height="24"><span class="brand-name">Autosecretary</span></a>
            <nav class="topbar-nav" aria-label="\(t("Places"))"><a href="/desk">\(t("Desk"))</a><a href="/desk/calendar" aria-current="page">\(t("Calendar"))</a>\(actor.can(.createAccounts) ? "<a href=\"/control\">\(t("Control room"))</a>" : HTML())</nav>
            <div class="topbar-end"><button class="btn btn-quiet btn-icon" type="button" popovertarget="user-menu" aria-label="\(t("\(actor.name), menu"))"><span class="avatar avatar-small" aria-hidden="true">\(DeskParts.initials(actor.name))</span></button>
            <div class="menu menu-user" id="user-menu" popover><p class="menu-head">\(actor.name) · \(actor.officeRole?.title.text)</p>
            <a class="menu-item" href="/desk">\(t("Desk"))</a>
            <a class="menu-item" href="/me?kind=office">\(t("Your sign-in"))</a>
            <form method="post" action="/sign-out"><input type="hidden" name="_csrf" value="\(visit.csrf)"><input type="hidden" name="kind" value="office"><button class="menu-item">\(t("Sign out"))</button></form></div></div>
            </header>
            """
    }
}

/// One appointment as the desk sees it: who, what, when, and where it can go.
struct DeskAppointmentPage: Sendable {
    var visit: CalendarVisit
    var summary: AppointmentSummary
    var contact: Contact?
    var move: MoveForm?

    private var appointment: Appointment { summary.appointment }

    var content: CalendarContent {
        let date = visit.zone.date(at: appointment.start)
        let start = BusinessTime.clock(appointment.start, visit.zone)
        let end = BusinessTime.clock(appointment.end, visit.zone)
        return CalendarContent(
            title: StatusWords.client(summary),
            html: """
                <p class="back-link"><a href="\(url: visit.path("calendar"))?view=day&amp;date=\(date)">\(DeskParts.icon("left"))\(BusinessTime.day(date, today: visit.today))</a></p>
                <header class="page-head"><div><h1 dir="auto">\(StatusWords.client(summary))</h1><p>\(BusinessTime.heading(date)), <time\(visit.moment(appointment.start))>\(start)–\(end)</time></p></div>\(StatusWords.badge(appointment.status))</header>
                <section class="card"><dl class="facts card-body">\(facts)</dl></section>
                \(move?.html ?? HTML())
                """, look: .narrow)
    }

    private var facts: HTML {
        var output: HTML = "<dt>\(t("Service"))</dt><dd dir=\"auto\">\(summary.serviceName)</dd>"
        func add(_ name: Phrase, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            output += "<dt>\(name)</dt><dd dir=\"auto\">\(value)</dd>"
        }
        add(t("With"), summary.staffNames.joined(separator: ", "))
        add(t("Price"), appointment.price?.text)
        add(t("Note"), appointment.notes)
        for point in contact?.points ?? [] where point.phone != nil {
            output +=
                "<dt>\(DeskParts.channelName(point.channel))</dt><dd>\(HTML.phone(point.address, in: visit.account.phoneRegion))</dd>"
        }
        if let conversation = appointment.conversation {
            output +=
                "<dt>\(t("Arranged in"))</dt><dd><a href=\"/desk/conversations/\(conversation)\">\(t("this conversation"))</a></dd>"
        }
        add(t("Reason"), appointment.canceledReason)
        return output
    }
}
