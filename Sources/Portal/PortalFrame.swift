import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// The sections of the portal, in the order of its menu.
enum Section: String, Sendable {
    case setup, today, calendar, inquiries
    case profile, hours, services, staff, resources, script, knowledge, replies, widget, members
    case online, waitlist, notices, deliveries, webhooks, calendars, contacts, audit, retention
    /// The list of settings, where there is no room for them in the menu.
    case settings

    static let daily: [Section] = [.today, .calendar, .inquiries]
    static let words: [Section] = [.knowledge, .script, .replies]
    static let business: [Section] = [.profile, .services, .hours, .staff, .resources]
    static let connections: [Section] = [.online, .waitlist, .notices, .deliveries, .widget, .calendars, .webhooks, .members, .retention, .audit]
    static let allSettings = words + business + connections

    var isSetting: Bool { !Self.daily.contains(self) && self != .setup && self != .contacts }

    var name: Phrase {
        switch self {
        case .setup: t("Set-up")
        case .today: t("Today")
        case .calendar: t("Calendar")
        case .inquiries: t("Inquiries")
        case .contacts: t("Clients")
        case .profile: t("Business profile")
        case .hours: t("Hours")
        case .services: t("Services")
        case .staff: t("Staff")
        case .resources: t("Rooms and things")
        case .script: t("Script")
        case .knowledge: t("Answers")
        case .replies: t("Ready replies")
        case .waitlist: t("Waiting list")
        case .notices: t("What clients are told")
        case .deliveries: t("Messages sent")
        case .online: t("Booking page")
        case .widget: t("Website chat")
        case .webhooks: t("Webhooks")
        case .calendars: t("Calendar links")
        case .members: t("People with access")
        case .audit: t("Changes")
        case .retention: t("How long data is kept")
        case .settings: t("Settings")
        }
    }

    var icon: String {
        switch self {
        case .setup: "checks"
        case .today: "home"
        case .calendar: "calendar"
        case .inquiries: "inbox"
        case .contacts: "user"
        case .profile: "building"
        case .hours: "clock"
        case .services: "tag"
        case .staff: "users"
        case .resources: "box"
        case .script: "script"
        case .knowledge: "book"
        case .replies: "slash"
        case .waitlist: "clock"
        case .notices: "bell"
        case .deliveries: "mail"
        case .online: "external"
        case .widget: "code"
        case .webhooks: "external"
        case .calendars: "calendar"
        case .members: "key"
        case .audit: "checks"
        case .retention: "lock"
        case .settings: "settings"
        }
    }

    /// What one does there, for the list of settings.
    var summary: Phrase {
        switch self {
        case .profile: t("Name, address, telephone, time zone, currency")
        case .hours: t("When you are open, holidays and other dates that differ")
        case .services: t("What clients can book, how long it takes and what it costs")
        case .staff: t("Who serves clients, with their own hours")
        case .resources: t("Rooms, chairs and lifts that a booking takes up")
        case .script: t("How we greet your clients and lead the conversation")
        case .knowledge: t("Answers to what clients ask")
        case .replies: t("Texts that we send with a shortcut")
        case .waitlist: t("Who is offered a time that becomes free")
        case .notices: t("Confirmations, reminders, and how it was")
        case .deliveries: t("Everything that went out to clients, and what could not")
        case .online: t("Where clients book by themselves, and until when they may change their minds")
        case .widget: t("The chat on your site")
        case .contacts: t("Who they are, and what is kept of them")
        case .calendars: t("Your bookings in the calendar of a telephone or computer")
        case .webhooks: t("Programs of yours that hear what happens here")
        case .members: t("Who may sign in here")
        case .audit: t("Who changed what, and when")
        case .retention: t("What is deleted every night because it is old")
        default: Phrase(verbatim: "")
        }
    }
}

/// The portal's frame: menu at the side, or at the foot of a phone, and one column of content.
struct PortalFrame {
    var visit: Visit
    var section: Section
    var title: Phrase
    var content: HTML
    /// Forms read best in a narrow column.
    var isNarrow = false
    /// As wide as the window.
    var isWide = false
    /// Fetched anew when something happens at the business.
    var isLive = false
    var hasCalendar = false

    var page: Page {
        Page(
            title: "\(title.text) · \(visit.account.name)", bodyClass: "portal-page",
            content: "\(topBar)\(sideNav)\(main)\(tabBar)",
            scripts: ["portal/portal.js", "lib/app.js"]
                + (hasCalendar ? ["planner/calendar.js"] : []),
            facts: ["session": "account", "csrf": visit.csrf, "account": visit.account.id.text,
                "cursor": String(visit.cursor)],
            app: .portal)
    }

    private var main: HTML {
        """
        <main class="portal-main\(isNarrow ? " is-narrow" : HTML())\(isWide ? " is-wide" : HTML())" id="main" tabindex="-1"\(attribute: "data-live", if: isLive)>
        \(visit.isSaved ? Parts.saved : HTML())\(stopped)\(content)
        </main>
        """
    }

    // MARK: Menus

    private var sideNav: HTML {
        """
        <nav class="side-nav" aria-label="\(t("Portal"))">
        <a class="brand" href="\(url: visit.path())">\(Parts.mark)<span class="brand-name">Autosecretary</span></a>
        \(businessSwitch)
        <ul>\(visit.setUp == nil ? HTML() : link(.setup))\(Section.daily.html(link))\(link(.contacts))</ul>
        \(visit.canManage ? settings : HTML())
        <div class="side-nav-foot">\(person)</div>
        </nav>
        """
    }

    private var settings: HTML {
        """
        <div><h2 class="overline">\(t("What we say for you"))</h2><ul>\(Section.words.html(link))</ul></div>
        <div><h2 class="overline">\(t("Your business"))</h2><ul>\(Section.business.html(link))</ul></div>
        <div><h2 class="overline">\(t("Connections"))</h2><ul>\(Section.connections.html(link))</ul></div>
        """
    }

    private func link(_ target: Section) -> HTML {
        """
        <li><a href="\(url: visit.path(target.rawValue))"\(current(target))>\(Parts.icon(target.icon))\(target.name)\(badge(target))</a></li>
        """
    }

    private func current(_ target: Section) -> HTML {
        target == section ? " aria-current=\"page\"" : HTML()
    }

    private func badge(_ target: Section) -> HTML {
        switch target {
        case .setup:
            guard let setUp = visit.setUp else { return HTML() }
            return
                "<span class=\"count count-quiet\">\(setUp.done.count)/\(SetUp.Step.allCases.count)</span>"
        case .inquiries where !visit.openQuestions.isEmpty:
            let count = visit.openQuestions.count
            let words = Phrase.plural(
                count, one: "\(count) open question", other: "\(count) open questions")
            return "<span class=\"count\" aria-label=\"\(words)\">\(count)</span>"
        case .webhooks where visit.stoppedWebhooks > 0:
            return "<span class=\"count\">\(visit.stoppedWebhooks)</span>"
        default: return HTML()
        }
    }

    /// On every page: whoever relies on a program has to hear that it hears nothing.
    private var stopped: HTML {
        if visit.stoppedWebhooks == 0 || section == .webhooks { return HTML() }
        return """
            <div class="alert alert-late" role="status">\(Parts.icon("alert"))<div>\(t("A program of yours no longer hears what happens here: its webhook failed and was stopped.")) <a href="\(url: visit.path("webhooks"))">\(t("See why"))</a></div></div>
            """
    }

    private var topBar: HTML {
        """
        <header class="topbar">
        \(visit.businesses.count > 1 ? businessSwitch : "\(badge(visit.account))<span class=\"strong truncate\">\(visit.account.name)</span>")
        <div class="topbar-end">\(person)</div>
        </header>
        """
    }

    /// A business's letter on its own hue.
    private func badge(_ account: Account) -> HTML {
        "<span class=\"avatar avatar-small\" data-hue=\"\(account.hue % 12 + 1)\" aria-hidden=\"true\">\(account.name.prefix(1).uppercased())</span>"
    }

    /// The businesses of one person; a plain name where there is one only.
    private var businessSwitch: HTML {
        let face: HTML = """
            \(badge(visit.account))<span class="truncate">\(visit.account.name)</span>
            """
        if visit.businesses.count < 2 { return "<p class=\"account-switch\">\(face)</p>" }
        return """
            <details class="account-switcher"><summary class="account-switch" aria-label="\(t("\(visit.account.name), choose another business"))">\(face)\(Parts.icon("down"))</summary>
            <div class="menu">\(visit.businesses.html { business in
                """
                <a class="menu-item" href="\(url: Visit.path(business, ""))"\(business.id == visit.account.id ? " aria-current=\"true\"" : HTML())>\(badge(business))\(business.name)</a>
                """
            })</div></details>
            """
    }

    private var person: HTML {
        let role = visit.actor.role(in: visit.account.id).map { Words.role($0).text } ?? ""
        return """
            <details class="person"><summary><span class="avatar avatar-small" aria-hidden="true">\(Words.initials(visit.actor.name))</span><span class="truncate">\(visit.actor.name)</span></summary>
            <div class="menu"><p class="menu-head">\(visit.actor.email) · \(role)</p>
            <button class="menu-item" type="button" data-push hidden>\(t("Notices on this device"))</button>
            <a class="menu-item" href="/me?kind=account">\(t("Your sign-in"))</a>
            <form method="post" action="/sign-out">\(visit.token)<input type="hidden" name="kind" value="account">
            <button class="menu-item">\(t("Sign out"))</button></form></div></details>
            """
    }

    private var tabBar: HTML {
        var tabs = Section.daily
        if visit.setUp != nil {
            tabs.append(.setup)
        } else if visit.canManage {
            tabs.append(.knowledge)
        }
        let isElsewhere = !tabs.contains(section)
        let more: HTML =
            visit.canManage
            ? """
            <button type="button" popovertarget="more"\(isElsewhere ? " aria-current=\"page\"" : HTML())>\(Parts.largeIcon("more"))\(t("More"))</button>
            """ : HTML()
        return """
            <nav class="tabbar" aria-label="\(t("Portal, short"))">\(tabs.html { tab in
                "<a href=\"\(url: visit.path(tab.rawValue))\"\(current(tab))>\(Parts.largeIcon(tab.icon))\(tab.name)</a>"
            })\(more)</nav>\(visit.canManage ? sheet : HTML())
            """
    }

    private var sheet: HTML {
        """
        <div class="sheet" id="more" popover><nav aria-label="\(t("More"))">\(([.contacts] + Section.allSettings).html { target in
            "<a class=\"menu-item\" href=\"\(url: visit.path(target.rawValue))\"\(current(target))>\(Parts.largeIcon(target.icon))\(target.name)</a>"
        })</nav></div>
        """
    }

    // MARK: Without a business

    /// For somebody whose memberships open nothing here.
    static func withoutBusiness(csrf: String) -> Page {
        Page(
            title: t("Portal").text, bodyClass: "plain",
            content: """
                <main class="error-page" id="main"><h1>\(t("No business to show"))</h1>
                <p>\(t("Your sign-in does not open the portal of any business. Ask its owner for access."))</p>
                <form method="post" action="/sign-out"><input type="hidden" name="_csrf" value="\(csrf)"><input type="hidden" name="kind" value="account"><button class="btn">\(t("Sign out"))</button></form></main>
                """)
    }
}
