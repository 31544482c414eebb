import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// The sections of the portal, in the order of its menu.
enum Section: String, Sendable {
    case setup, today, week, inquiries
    case profile, hours, services, staff, resources, script, knowledge, replies, widget, members
    /// The list of settings, where there is no room for them in the menu.
    case settings

    static let daily: [Section] = [.today, .week, .inquiries]
    static let words: [Section] = [.knowledge, .script, .replies]
    static let business: [Section] = [.profile, .services, .hours, .staff, .resources]
    static let connections: [Section] = [.widget, .members]
    static let allSettings = words + business + connections

    var isSetting: Bool { !Self.daily.contains(self) && self != .setup }

    var name: String {
        switch self {
        case .setup: "Set-up"
        case .today: "Today"
        case .week: "Week"
        case .inquiries: "Inquiries"
        case .profile: "Business profile"
        case .hours: "Hours"
        case .services: "Services"
        case .staff: "Staff"
        case .resources: "Rooms and things"
        case .script: "Script"
        case .knowledge: "Answers"
        case .replies: "Ready replies"
        case .widget: "Website chat"
        case .members: "People with access"
        case .settings: "Settings"
        }
    }

    var icon: String {
        switch self {
        case .setup: "checks"
        case .today: "home"
        case .week: "calendar"
        case .inquiries: "inbox"
        case .profile: "building"
        case .hours: "clock"
        case .services: "tag"
        case .staff: "users"
        case .resources: "box"
        case .script: "script"
        case .knowledge: "book"
        case .replies: "slash"
        case .widget: "code"
        case .members: "key"
        case .settings: "settings"
        }
    }

    /// What one does there, for the list of settings.
    var summary: String {
        switch self {
        case .profile: "Name, address, telephone, time zone, currency"
        case .hours: "When you are open, holidays and other dates that differ"
        case .services: "What clients can book, how long it takes and what it costs"
        case .staff: "Who serves clients, with their own hours"
        case .resources: "Rooms, chairs and lifts that a booking takes up"
        case .script: "How we greet your clients and lead the conversation"
        case .knowledge: "Answers to what clients ask"
        case .replies: "Texts that we send with a shortcut"
        case .widget: "The chat on your site"
        case .members: "Who may sign in here"
        default: ""
        }
    }
}

/// The portal's frame: menu at the side, or at the foot of a phone, and one column of content.
struct PortalFrame {
    var visit: Visit
    var section: Section
    var title: String
    var content: HTML
    /// Forms read best in a narrow column.
    var isNarrow = false
    /// Fetched anew when something happens at the business.
    var isLive = false

    var page: Page {
        Page(
            title: "\(title) · \(visit.account.name)", bodyClass: "portal-page",
            content: "\(topBar)\(sideNav)\(main)\(tabBar)", scripts: ["portal/portal.js"],
            facts: ["session": "account", "csrf": visit.csrf, "account": visit.account.id.text])
    }

    private var main: HTML {
        """
        <main class="portal-main\(isNarrow ? " is-narrow" : HTML())" id="main" tabindex="-1"\(attribute: "data-live", if: isLive)>
        \(visit.isSaved ? Parts.saved : HTML())\(content)
        </main>
        """
    }

    // MARK: Menus

    private var sideNav: HTML {
        """
        <nav class="side-nav" aria-label="Portal">
        <a class="brand" href="\(url: visit.path())">\(Parts.mark)<span class="brand-name">Autosecretary</span></a>
        \(businessSwitch)
        <ul>\(visit.setUp == nil ? HTML() : link(.setup))\(Section.daily.html(link))</ul>
        \(visit.canManage ? settings : HTML())
        <div class="side-nav-foot">\(person)</div>
        </nav>
        """
    }

    private var settings: HTML {
        """
        <div><h2 class="overline">What we say for you</h2><ul>\(Section.words.html(link))</ul></div>
        <div><h2 class="overline">Your business</h2><ul>\(Section.business.html(link))</ul></div>
        <div><h2 class="overline">Connections</h2><ul>\(Section.connections.html(link))</ul></div>
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
            return
                "<span class=\"count\" aria-label=\"\(Words.count(count, "open question", "open questions"))\">\(count)</span>"
        default: return HTML()
        }
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
            <details class="account-switcher"><summary class="account-switch" aria-label="\(visit.account.name), choose another business">\(face)\(Parts.icon("down"))</summary>
            <div class="menu">\(visit.businesses.html { business in
                """
                <a class="menu-item" href="\(url: Visit.path(business, ""))"\(business.id == visit.account.id ? " aria-current=\"true\"" : HTML())>\(badge(business))\(business.name)</a>
                """
            })</div></details>
            """
    }

    private var person: HTML {
        let role = visit.actor.role(in: visit.account.id).map(Words.role) ?? ""
        return """
            <details class="person"><summary><span class="avatar avatar-small" aria-hidden="true">\(Words.initials(visit.actor.name))</span><span class="truncate">\(visit.actor.name)</span></summary>
            <div class="menu"><p class="menu-head">\(visit.actor.email) · \(role)</p>
            <form method="post" action="/sign-out">\(visit.token)<input type="hidden" name="kind" value="account">
            <button class="menu-item">Sign out</button></form></div></details>
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
            <button type="button" popovertarget="more"\(isElsewhere ? " aria-current=\"page\"" : HTML())>\(Parts.largeIcon("more"))More</button>
            """ : HTML()
        return """
            <nav class="tabbar" aria-label="Portal, short">\(tabs.html { tab in
                "<a href=\"\(url: visit.path(tab.rawValue))\"\(current(tab))>\(Parts.largeIcon(tab.icon))\(tab.name)</a>"
            })\(more)</nav>\(visit.canManage ? sheet : HTML())
            """
    }

    private var sheet: HTML {
        """
        <div class="sheet" id="more" popover><nav aria-label="More">\(Section.allSettings.html { target in
            "<a class=\"menu-item\" href=\"\(url: visit.path(target.rawValue))\"\(current(target))>\(Parts.largeIcon(target.icon))\(target.name)</a>"
        })</nav></div>
        """
    }

    // MARK: Without a business

    /// For somebody whose memberships open nothing here.
    static func withoutBusiness(csrf: String) -> Page {
        Page(
            title: "Portal", bodyClass: "plain",
            content: """
                <main class="error-page" id="main"><h1>No business to show</h1>
                <p>Your sign-in does not open the portal of any business. Ask its owner for access.</p>
                <form method="post" action="/sign-out"><input type="hidden" name="_csrf" value="\(csrf)"><input type="hidden" name="kind" value="account"><button class="btn">Sign out</button></form></main>
                """)
    }
}
