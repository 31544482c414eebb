import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import Store
import WebShell

/// The names under which a browser on this machine reaches this server.
///
/// A client's website is another origin than the office in real life. On one machine the other
/// loopback name makes it so: pages at `localhost` show sites at `127.0.0.1` and the other way
/// round.
struct Origins {
    let own: String
    /// "" when the server is reached by a real name: then there is no second one.
    let other: String

    init(_ request: Request) {
        let scheme = Cookies.isSecure(request) ? "https" : "http"
        let authority = request.head.authority ?? ""
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let port = parts.count > 1 ? ":" + parts[1].filter(\.isNumber) : ""
        switch parts.first {
        case "localhost":
            own = "\(scheme)://localhost\(port)"
            other = "\(scheme)://127.0.0.1\(port)"
        case "127.0.0.1":
            own = "\(scheme)://127.0.0.1\(port)"
            other = "\(scheme)://localhost\(port)"
        default:
            own = ""
            other = ""
        }
    }
}

extension SiteRoutes {
    func addTour(_ demo: Demo, to router: Router<WebContext>) {
        router.get("/demo") { [self] request, context in
            try tours.count(context.clientAddress(of: request))
            let wanted = request.uri.queryParameters.get("business")
            guard
                let business = demo.businesses.first(where: { $0.slug == wanted })
                    ?? demo.businesses.first
            else { throw Refusal.notFound() }
            let accounts = try await store.read { tx in
                try demo.businesses.compactMap {
                    try AccountDirectory.account(slug: $0.slug, in: tx)
                }
            }
            guard let account = accounts.first(where: { $0.slug == business.slug }) else {
                throw Refusal.notFound("The demo office is not in this database.")
            }
            let origins = Origins(request)
            let pane = Tour.Pane(rawValue: request.uri.queryParameters.get("pane") ?? "")
            let tour = Tour(
                account: account, accounts: accounts, logins: demo.logins, origins: origins,
                pane: pane ?? .site)
            var response = tour.page.response(frames: origins.other.isEmpty ? [] : [origins.other])
            try await openSessions(demo, business, account.id, request, &response)
            return response
        }
    }

    /// Signs the browser in as the receptionist and as the business's owner, unless it is signed in
    /// already as somebody who may see both.
    private func openSessions(
        _ demo: Demo, _ business: Demo.Business, _ account: AccountID, _ request: Request,
        _ response: inout Response
    ) async throws {
        let office = try await session(.office, request)
        if office == nil {
            try await open(.office, demo.receptionistEmail, request, &response)
        }
        let member = try await session(.account, request)
        if member?.memberships[account] == nil {
            try await open(.account, business.ownerEmail, request, &response)
        }
    }

    private func session(_ kind: SessionKind, _ request: Request) async throws -> Actor? {
        guard let cookie = Cookies.value(kind.cookie, in: request) else { return nil }
        return try await gatekeeper.session(kind, cookie: cookie)?.0
    }

    private func open(
        _ kind: SessionKind, _ email: String, _ request: Request, _ response: inout Response
    ) async throws {
        guard let actor = try await gatekeeper.actor(email: email) else { return }
        let secret = try await gatekeeper.openSession(of: actor.user, kind)
        Cookies.set(
            kind.cookie, secret, maxAgeSeconds: Gatekeeper.sessionSeconds,
            secure: Cookies.isSecure(request), on: &response)
    }
}

/// The tour: a client's website, the desk and the owner's portal side by side, all three alive.
struct Tour {
    enum Pane: String { case site, desk, portal }

    let account: Account
    let accounts: [Account]
    let logins: [SiteRoutes.Demo.Login]
    let origins: Origins
    let pane: Pane

    private var siteURL: String {
        // Cookies of this address do not go there, so the language does by name.
        "\(origins.other)/demo/sites/\(account.slug)?language=\(Tongue.current.language.rawValue)"
    }
    private var portalURL: String { "/portal/\(account.slug)/today" }

    var page: Page {
        let content: HTML = """
            \(topBar)
            \(guide)
            \(tabs)
            <main class="demo" id="main" tabindex="-1" data-demo data-pane="\(pane.rawValue)">
            <h1 class="sr-only">\(t("Demo: \(account.name)"))</h1>
            \(site)
            \(desk)
            \(portal)
            </main>
            """
        return Page(
            title: t("Demo: \(account.name) · Autosecretary").text, bodyClass: "demo-page",
            content: content, scripts: ["site/tour.js"])
    }

    private var topBar: HTML {
        """
        <header class="topbar">
        \(SiteParts.brand)
        <nav class="topbar-nav" aria-label="\(t("Businesses of the demo"))">
        \(accounts.html { one in
            """
            <a href="/demo?business=\(one.slug)"\(one.id == account.id ? " aria-current=\"page\"" : HTML())>\(SiteParts.icon(SiteParts.picture(ofVertical: one.vertical ?? ""))) <span>\(one.name)</span></a>
            """
        })
        </nav>
        <div class="topbar-end">
        <button class="btn btn-quiet" type="button" popovertarget="logins">\(SiteParts.icon("user"))<span class="hide-phone">\(t("Sign-ins"))</span><span class="only-phone">\(t("Menu"))</span></button>
        <a class="btn btn-primary hide-phone" href="/sign-up">\(t("Start your own"))</a>
        <div class="menu menu-user logins" id="logins" popover>
        <nav class="wide-hidden" aria-label="\(t("Businesses of the demo, menu"))">
        <p class="menu-head">\(t("Businesses"))</p>
        \(accounts.html { one in
            """
            <a class="menu-item" href="/demo?business=\(one.slug)"\(one.id == account.id ? " aria-current=\"page\"" : HTML())>\(SiteParts.icon(SiteParts.picture(ofVertical: one.vertical ?? ""))) \(one.name)</a>
            """
        })
        <hr></nav>
        <p class="menu-head">\(t("Everybody’s password is {1}"), with: "<code>\(logins.first?.password)</code>")</p>
        <dl>\(logins.html { "<div><dt>\($0.role)</dt><dd>\($0.email)</dd></div>" })</dl>
        <hr>
        <a class="menu-item" href="/sign-in">\(t("Sign in as somebody else"))</a>
        <hr>\(SiteParts.languages(back: "/demo?business=\(account.slug)"))
        </div>
        </div>
        </header>
        """
    }

    private var guide: HTML {
        let steps: [(Pane, Phrase, Phrase)] = [
            (
                .site, t("Write as a client"),
                t("Open the chat on the site and ask for an appointment.")
            ),
            (
                .desk, t("Answer as the receptionist"),
                t("Your message is in the desk’s queue. Reply, then press Book.")
            ),
            (
                .portal, t("Look as the owner"),
                t("The booking is in today’s or the week’s schedule at once.")
            ),
            (
                .portal, t("Change something"),
                t("Set another price or close early: site and desk follow.")
            ),
        ]
        return """
            <aside class="guide-frame" aria-label="\(t("What to try"))"><ol class="guide" tabindex="0">\(steps.html { pane, title, text in
                "<li data-step=\"\(pane.rawValue)\"><b>\(title)</b><span>\(text)</span></li>"
            })</ol></aside>
            """
    }

    private var tabs: HTML {
        func tab(_ one: Pane, _ label: Phrase, _ icon: String) -> HTML {
            """
            <a class="tab" href="/demo?business=\(account.slug)&amp;pane=\(one.rawValue)" data-tab="\(one.rawValue)"\(one == pane ? " aria-current=\"true\"" : HTML())>\(SiteParts.icon(icon)) \(label)</a>
            """
        }
        return """
            <nav class="demo-tabs" aria-label="\(t("Which of the three"))">\(tab(.site, t("Client’s site"), "chat"))\(tab(.desk, t("Desk"), "inbox"))\(tab(.portal, t("Portal"), "phone"))</nav>
            """
    }

    private var site: HTML {
        let host = (account.website ?? account.slug).replacing("https://", with: "")
        return """
            <section class="stage stage-site" aria-labelledby="stage-site">
            <div class="stage-head"><h2 id="stage-site">\(t("The client"))</h2><p>\(t("on \(account.name)’s website"))</p><a href="\(url: siteURL)" target="_blank" rel="noopener" aria-label="\(t("Open the site in a tab of its own"))">\(t("Open"))</a></div>
            <div class="window-frame"><div class="window-bar" aria-hidden="true"><i></i><i></i><i></i><span>\(host)</span></div>
            <iframe src="\(url: siteURL)" title="\(t("Website of \(account.name) with the chat"))"></iframe></div>
            </section>
            """
    }

    private var desk: HTML {
        """
        <section class="stage stage-desk" aria-labelledby="stage-desk">
        <div class="stage-head"><h2 id="stage-desk">\(t("The receptionist"))</h2><p>\(t("one desk for all businesses"))</p><a href="/desk" target="_blank" rel="noopener" aria-label="\(t("Open the desk in a tab of its own"))">\(t("Open"))</a></div>
        <div class="window-frame"><div class="window-bar" aria-hidden="true"><i></i><i></i><i></i><span>\(t("Desk"))</span></div>
        <iframe src="/desk" title="\(t("The receptionist’s desk"))"></iframe></div>
        </section>
        """
    }

    private var portal: HTML {
        """
        <section class="stage stage-portal" aria-labelledby="stage-portal">
        <div class="stage-head"><h2 id="stage-portal">\(t("The owner"))</h2><p>\(t("the portal, on a phone"))</p><a href="\(url: portalURL)" target="_blank" rel="noopener" aria-label="\(t("Open the portal in a tab of its own"))">\(t("Open"))</a></div>
        <div class="phone-frame"><iframe src="\(url: portalURL)" title="\(t("Portal of \(account.name)"))"></iframe></div>
        </section>
        """
    }
}
