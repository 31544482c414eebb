import Accounts
import Kernel
import WebShell

/// Small pieces that the desk's panes share.
enum DeskParts {
    static func icon(_ name: String) -> HTML {
        HTML.icon(name)
    }

    static func largeIcon(_ name: String) -> HTML {
        "<svg class=\"icon icon-large\" aria-hidden=\"true\"><use href=\"/assets/images/icons.svg#i-\(name)\"/></svg>"
    }

    /// A channel's picture and its name for those who do not see it.
    static func channel(_ channel: String) -> HTML {
        let (picture, name) = known(channel)
        return "\(icon(picture))<span class=\"sr-only\">\(name)</span>"
    }

    static func channelName(_ channel: String) -> Phrase { known(channel).name }

    private static func known(_ channel: String) -> (picture: String, name: Phrase) {
        switch channel {
        case "web_chat": ("chat", t("Web chat"))
        case "email": ("mail", t("E-mail"))
        case "sms": ("sms", t("SMS"))
        case "telegram": ("telegram", Phrase(verbatim: "Telegram"))
        case "whatsapp": ("whatsapp", Phrase(verbatim: "WhatsApp"))
        case "messenger": ("messenger", Phrase(verbatim: "Messenger"))
        case "phone": ("phone", t("Phone"))
        default: ("inbox", Phrase(verbatim: "API"))
        }
    }

    /// The first letters of up to two words of a name.
    static func initials(_ name: String) -> String {
        name.split(separator: " ").prefix(2).compactMap(\.first).map { String($0) }.joined()
            .uppercased()
    }

    static func empty(_ picture: String, _ title: Phrase, _ text: Phrase) -> HTML {
        empty(picture, title, html: "\(text)")
    }

    static func empty(_ picture: String, _ title: Phrase, html text: HTML) -> HTML {
        "<div class=\"empty\">\(icon(picture))<h2>\(title)</h2><p>\(text)</p></div>"
    }

    /// The place in the palette as the stylesheet counts it.
    static func hue(_ index: Int) -> Int { index % 12 + 1 }
}

/// The desk's frame: top bar and three panes, filled by fragments.
struct DeskFrame {
    var actor: Actor
    var csrf: String
    var isOnDuty: Bool
    var onDutyCount: Int
    var cursor: Int64
    var selected: String?
    var queue: HTML
    var thread: HTML
    var side: HTML

    var page: Page {
        Page(
            title: t("Desk · Autosecretary").text, bodyClass: "desk-page",
            content: HTML(joining: [topBar] + panes + [Self.foot.html]),
            scripts: ["desk/desk.js", "lib/app.js", "lib/sign-out.js"], facts: ["session": "office", "csrf": csrf],
            app: .desk)
    }

    private var topBar: HTML {
        """
        <header class="topbar">
        <a class="brand" href="/desk" aria-label="\(t("Autosecretary, desk"))"><img class="brand-mark" src="/assets/images/mark.svg" alt="" width="24" height="24"><span class="brand-name">Autosecretary</span></a>
        <nav class="topbar-nav" aria-label="\(t("Places"))">
        <a href="/desk" aria-current="page">\(t("Desk"))</a>
        <a href="/desk/calendar">\(t("Calendar"))</a>
        \(actor.can(.createAccounts) ? "<a href=\"/control\">\(t("Control room"))</a>" : HTML())
        </nav>
        <div class="topbar-end">
        <span class="line-state" data-line data-state="open" data-lost="\(t("Connection lost, trying again…"))" role="status"></span>
        <button class="btn btn-quiet duty" type="button" data-act="duty" aria-pressed="\(isOnDuty ? "true" : "false")">
        <span class="dot-state" aria-hidden="true"></span><span data-duty-text>\(isOnDuty ? t("On duty") : t("Off duty"))</span></button>
        <button class="btn btn-quiet btn-icon hide-phone" type="button" data-act="sound" aria-pressed="true" aria-label="\(t("Sound when somebody writes"))">\(DeskParts.icon("bell"))</button>
        <button class="btn btn-quiet btn-icon hide-phone" type="button" data-act="help" aria-label="\(t("Keyboard shortcuts"))" aria-keyshortcuts="?"><kbd>?</kbd></button>
        <button class="btn btn-quiet btn-icon" type="button" popovertarget="user-menu" aria-label="\(t("\(actor.name), menu"))"><span class="avatar avatar-small" aria-hidden="true">\(DeskParts.initials(actor.name))</span></button>
        <div class="menu menu-user" id="user-menu" popover>
        <p class="menu-head">\(actor.name) · \(actor.officeRole?.title.text)</p>
        <button class="menu-item" type="button" data-push hidden>\(t("Notices on this device"))</button>
        <a class="menu-item" href="/desk/calendar">\(t("Calendar"))</a>
        <a class="menu-item" href="/me?kind=office">\(t("Your sign-in"))</a>
        <form method="post" action="/sign-out">
        <input type="hidden" name="_csrf" value="\(csrf)"><input type="hidden" name="kind" value="office">
        <button class="menu-item">\(t("Sign out"))</button></form>
        </div>
        </div>
        </header>
        """
    }

    private var panes: [HTML] {
        let opening: HTML = """
        <main class="desk" data-desk data-pane="\(selected == nil ? "queue" : "conversation")" data-user="\(actor.user)" data-cursor="\(cursor)"\(selected.map { " data-conversation=\"\($0)\"" } ?? HTML())>
        <h1 class="sr-only">\(t("Desk"))</h1>
        <section class="pane queue" id="queue" aria-label="\(t("Queue"))">
        """
        let rest: HTML = """
        </section>
        <div class="splitter" aria-hidden="true"></div>
        <section class="pane conversation" id="main" tabindex="-1" aria-label="\(t("Conversation"))">\(thread)</section>
        <div class="splitter" aria-hidden="true"></div>
        <section class="pane side" id="side" aria-label="\(t("Business and client"))">\(side)</section>
        </main>
        """
        return [opening, queue, rest]
    }

    private static let foot = InEachLanguage { tabBar + keys }

    private static var tabBar: HTML {
        """
        <nav class="tabbar desk-tabbar" aria-label="\(t("Panes"))">
        <button class="only-phone" type="button" data-act="back">\(DeskParts.largeIcon("inbox"))\(t("Queue"))</button>
        <button type="button" data-act="thread">\(DeskParts.largeIcon("chat"))\(t("Conversation"))</button>
        <button type="button" data-act="side">\(DeskParts.largeIcon("building"))\(t("Business"))</button>
        </nav>
        """
    }

    /// The keyboard map, on `?`.
    private static var keys: HTML {
        let map: [(Phrase, Phrase)] = [
            ("1 – 9", t("Open that conversation of the queue")), ("J  U", t("Next, previous")),
            ("R", t("Reply")), ("N", t("Private note")), ("/", t("In the reply: canned responses")),
            ("B", t("Book")), ("K", t("Search knowledge")), ("C", t("Client card")),
            ("I", t("Record the inquiry")), ("T", t("Take it")), ("S", t("Snooze for an hour")),
            ("E", t("Resolve")), ("Z", t("Undo the last of these two")), ("Esc", t("Leave a field")),
            (t("Alt + key"), t("The same inside a field")),
        ]
        return """
            <dialog class="dialog" id="keys" aria-labelledby="keys-title">
            <div class="dialog-head"><h2 id="keys-title">\(t("Keyboard"))</h2></div>
            <dl class="facts keys">\(map.html { "<dt><kbd>\($0.0)</kbd></dt><dd>\($0.1)</dd>" })</dl>
            <form method="dialog" class="form-actions"><button class="btn">\(t("Close"))</button></form>
            </dialog>
            """
    }
}
