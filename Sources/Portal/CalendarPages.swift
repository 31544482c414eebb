import Accounts
import Booking
import Hummingbird
import Kernel
import WebShell

/// Links at which calendar programs read the business's bookings.
extension PortalRoutes {
    func addCalendars(to group: PortalGroup) {
        group.get("calendars") { call in
            let account = try await account(call)
            let links = try await calendars.feeds(
                of: account.id, Paging(limit: CalendarFeeds.most, after: nil), for: call.actor)
            return try await read(call, requiring: .manageAccount) { visit, tx in
                CalendarListPage(
                    visit: visit, links: links,
                    staff: try Catalog.staff(of: visit.account.id, in: tx)
                ).page
            }
        }
        group.get("calendars/new") { call in
            let usual = FormValues(["detail": CalendarFeed.Detail.full.rawValue])
            return try await showNewCalendar(call, usual)
        }
        group.post("calendars/new") { call in try await makeCalendar(call) }
        group.post("calendars/:id/revoke") { call in
            let account = try await account(call)
            _ = try await call.form()
            try await calendars.revoke(call.id(), of: account.id, by: call.actor)
            return .redirect(Visit.path(account, "calendars") + "?saved=1")
        }
    }

    private func showNewCalendar(_ call: PortalCall, _ values: FormValues) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            NewCalendarPage(
                visit: visit, values: values,
                staff: try Catalog.staff(of: visit.account.id, in: tx)
            ).page
        }
    }

    private func makeCalendar(_ call: PortalCall) async throws -> Response {
        let (account, form) = (try await account(call), try await call.form())
        var values = FormValues(form, NewCalendarPage.names)
        do {
            let staff = values["staff_id"]
            let made = try await calendars.create(
                [
                    "staff_id": staff.isEmpty ? .null : .string(staff),
                    "detail": values.text("detail"),
                ], of: account.id, by: call.actor)
            let address = call.origin + CalendarFeedRoutes.path(made.secret)
            return try await read(call, requiring: .manageAccount) { visit, _ in
                CalendarAddressPage(visit: visit, address: address).page
            }.response()
        } catch let refusal as Refusal {
            try values.take(refusal, renaming: [:])
            return try await showNewCalendar(call, values).response(status: values.status)
        }
    }
}

struct CalendarListPage: Sendable {
    var visit: Visit
    var links: [CalendarFeed]
    var staff: [StaffMember]

    var page: Page {
        let make = Parts.primary(t("Make a link"), visit.path("calendars/new"))
        let list: HTML =
            links.isEmpty
            ? Parts.empty(
                "calendar", t("No links yet"),
                t(
                    "With a link, the calendar of your telephone or computer shows what is booked. It looks by itself every few hours."
                ), make)
            : "<ul class=\"card list\">\(links.html(item))</ul>"
        let content: HTML = """
            \(Parts.head(Section.calendars.name, t("Whoever has a link sees the bookings, without signing in. Revoke it when you no longer know who has it."), links.isEmpty ? HTML() : make))
            \(list)
            """
        return PortalFrame(
            visit: visit, section: .calendars, title: Section.calendars.name, content: content,
            isNarrow: true
        ).page
    }

    private func item(_ link: CalendarFeed) -> HTML {
        let whose: Phrase =
            link.staff.map { id in
                Phrase(verbatim: staff.first { $0.id == id }?.name ?? id.text)
            } ?? t("Everybody’s bookings")
        return """
            <li class="card-body stack stack-tight"><div><span class="strong" dir="auto">\(whose)</span>
            <span class="hint setting-note">\(CalendarWords.detail(link.detail))</span>
            <span class="hint setting-note">\(t("Made on \(date(link.createdAt))")) · \(read(link))</span></div>
            \(Confirm(
                visit: visit, action: "calendars/\(link.id)/revoke", label: t("Revoke"),
                question: t("Calendars that use this link keep what they have and hear nothing new. It cannot be brought back."),
                button: t("Revoke the link")).html)</li>
            """
    }

    private func read(_ link: CalendarFeed) -> Phrase {
        guard let at = link.lastReadAt else { return t("no calendar has used it yet") }
        return t("last read on \(date(at))")
    }

    private func date(_ instant: Instant) -> String {
        BusinessTime.short(visit.zone.date(at: instant), today: visit.today)
    }
}

struct NewCalendarPage: Sendable {
    static let names = ["staff_id", "detail"]

    var visit: Visit
    var values: FormValues
    var staff: [StaffMember]

    var page: Page {
        let fields = Fields(values)
        let people =
            [("", t("Everybody’s bookings"))]
            + staff.filter(\.isActive).map { ($0.id.text, Phrase(verbatim: $0.name)) }
        let details = CalendarFeed.Detail.allCases.map { ($0.rawValue, CalendarWords.detail($0)) }
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.select("staff_id", t("Whose bookings"), people))
            \(fields.select("detail", t("What it shows"), details))
            </div></div>
            """
        let form = SettingsForm(
            visit: visit, action: "calendars/new", values: values, names: Self.names, body: body,
            button: t("Make the link"), back: "calendars")
        return PortalFrame(
            visit: visit, section: .calendars, title: t("Make a link"),
            content: Parts.back(visit, .calendars) + Parts.head(t("Make a link")) + form.html,
            isNarrow: true
        ).page
    }
}

/// The address, shown this once.
struct CalendarAddressPage: Sendable {
    var visit: Visit
    var address: String

    var page: Page {
        let title = t("The link to your calendar")
        let content: HTML = """
            \(Parts.back(visit, .calendars))\(Parts.head(title, t("In your calendar program choose “Subscribe to a calendar” or “Add by address”, and paste it there.")))
            <div class="card card-body"><p class="small">\(t("The link; it is not shown again"))</p>
            \(HTML.copyBox(address, isLine: true))</div>
            """
        return PortalFrame(
            visit: visit, section: .calendars, title: title, content: content, isNarrow: true
        ).page
    }
}

private enum CalendarWords {
    static func detail(_ detail: CalendarFeed.Detail) -> Phrase {
        switch detail {
        case .full: t("Service, client and notes")
        case .busy: t("Only that the time is taken")
        }
    }
}
