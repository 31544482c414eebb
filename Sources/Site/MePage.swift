import Accounts
import Kernel
import WebShell

/// The frame of the pages about one's own sign-in.
struct MeFrame {
    var call: MeCall
    var title: Phrase
    var note: Phrase?
    var content: HTML
    /// Leads back to the page of the whole.
    var isPart = false

    var page: Page {
        let isOffice = call.session.kind == .office
        let home = isOffice ? "/desk" : "/portal"
        let back: HTML =
            isPart
            ? "<p class=\"back-link\"><a href=\"\(url: call.path())\">\(SiteParts.icon("left"))\(t("Your sign-in"))</a></p>"
            : HTML()
        let saved: HTML = call.isSaved ? Gate.done(t("Saved.")) : HTML()
        return Page(
            title: t("\(title) · Autosecretary").text, bodyClass: "control-page me-page",
            content: """
                <header class="topbar">
                <a class="brand" href="\(home)" aria-label="Autosecretary"><img class="brand-mark" src="/assets/images/mark.svg" alt="" width="24" height="24"><span class="brand-name">Autosecretary</span></a>
                <nav class="topbar-nav" aria-label="\(t("Places"))"><a href="\(home)">\(isOffice ? t("Desk") : t("Portal"))</a><a href="\(url: call.path())" aria-current="page">\(t("Your sign-in"))</a></nav>
                <div class="topbar-end"><form method="post" action="/sign-out">\(call.token)<input type="hidden" name="kind" value="\(call.session.kind.rawValue)"><button class="btn btn-quiet">\(t("Sign out"))</button></form></div>
                </header>
                <main class="control-main" id="main" tabindex="-1">
                \(back)\(saved)<header class="page-head"><div><h1>\(title)</h1>\(note.map { "<p>\($0)</p>" } ?? HTML())</div></header>
                \(content)
                </main>
                """,
            scripts: ["lib/sign-out.js"])
    }
}

struct MePage {
    var call: MeCall
    var user: User
    var factor: SecondFactors.State
    var sessions: [SignedIn]
    var tokens: [APIToken]
    var now: Instant
    var newToken: String?
    /// The part of the page that was sent, and what is wrong there.
    var problems: (part: String, problems: FormProblems) = ("", FormProblems())

    var page: Page {
        MeFrame(
            call: call, title: t("Your sign-in"), note: Phrase(verbatim: user.email),
            content: "\(profile)\(password)\(secondFactor)\(browsers)\(keys)"
        ).page
    }

    private func problems(of part: String) -> FormProblems {
        problems.part == part ? problems.problems : FormProblems()
    }

    private func card(
        _ id: String, _ title: Phrase, _ note: Phrase?, _ body: HTML, end: HTML = HTML()
    ) -> HTML {
        """
        <section class="card" aria-labelledby="\(id)"><div class="card-head"><div><h2 id="\(id)">\(title)</h2>\(note.map { "<p class=\"hint\">\($0)</p>" } ?? HTML())</div>\(end)</div>\(body)</section>
        """
    }

    private var profile: HTML {
        let wrong = problems(of: "profile")
        let languages: [(value: String, name: Phrase)] =
            [("", t("As the browser asks"))]
            + Language.allCases.map { ($0.rawValue, Phrase(verbatim: $0.ownName)) }
        return card(
            "profile", t("You"), nil,
            """
            <form class="card-body form" method="post" action="\(url: call.path())">\(call.token)\(wrong.alert)
            <div class="field-row">\(Field(name: "name", label: t("Name"), value: user.name, error: wrong["name"], autocomplete: "name", maxLength: 120).html)
            <div class="field"><label for="locale">\(t("Language"))</label><select class="input" id="locale" name="locale">\(languages.html {
                "<option value=\"\($0.value)\"\(attribute: "selected", if: $0.value == user.locale?.rawValue ?? "")>\($0.name)</option>"
            })</select></div></div>
            <div class="form-actions"><button class="btn btn-primary">\(t("Save"))</button></div></form>
            """)
    }

    private var password: HTML {
        let wrong = problems(of: "password")
        return card(
            "password-head", t("Password"),
            t("At least 10 characters. A new one signs you out everywhere else."),
            """
            <form class="card-body form" method="post" action="\(url: call.path("/password"))">\(call.token)\(wrong.alert)
            <input type="hidden" name="email" value="\(user.email)" autocomplete="username">
            <div class="field-row">\(Field(name: "present", label: t("Present password"), error: wrong["present"], type: "password", autocomplete: "current-password", maxLength: 1024).html)\(Field(name: "password", label: t("New password"), error: wrong["password"], type: "password", autocomplete: "new-password").html)</div>
            <div class="form-actions"><button class="btn">\(t("Change the password"))</button></div></form>
            """)
    }

    private var secondFactor: HTML {
        let state: HTML =
            factor.isOn
            ? "<span class=\"badge badge-booked\">\(t("On"))</span>"
            : "<span class=\"badge\">\(t("Off"))</span>"
        let count = factor.codesLeft
        let text: Phrase =
            factor.isOn
            ? Phrase.plural(
                count, one: "Signing in asks for a code. \(count) recovery code is left.",
                other: "Signing in asks for a code. \(count) recovery codes are left.")
            : t("A code from an app on your phone, asked for after the password.")
        return card(
            "factor", t("Second factor"), nil,
            """
            <div class="card-body spread"><p class="small">\(text)</p><a class="btn" href="\(url: call.path("/second-factor"))">\(factor.isOn ? t("Change") : t("Set up"))</a></div>
            """, end: state)
    }

    // MARK: Browsers

    private var browsers: HTML {
        let isOnly = sessions.count < 2
        let others: HTML = """
            <form class="card-foot" method="post" action="\(url: call.path("/sessions"))">\(call.token)
            \(isOnly ? HTML() : "<button class=\"btn\" name=\"others\" value=\"1\">\(t("Sign out everywhere else"))</button>")
            <button class="btn btn-quiet" name="everywhere" value="1">\(t("Sign out everywhere, here too"))</button></form>
            """
        return card(
            "browsers", t("Where you are signed in"), nil,
            "<ul class=\"list\">\(sessions.html(browser))</ul>\(others)")
    }

    private func browser(_ session: SignedIn) -> HTML {
        let isThis = session.isThis(call.session)
        let end: HTML =
            isThis
            ? "<span class=\"badge badge-accent\">\(t("This browser"))</span>"
            : """
            <form method="post" action="\(url: call.path("/sessions"))">\(call.token)<button class="btn btn-small" name="id" value="\(session.id)" aria-label="\(t("Sign out: \(UserAgent(session.agent).words)"))">\(t("Sign out"))</button></form>
            """
        let place: Phrase = session.kind == .office ? t("Office") : t("Portal")
        return """
            <li class="list-item"><span class="list-main"><span class="strong">\(UserAgent(session.agent).words)</span><span class="hint setting-note">\(place) · \(session.address ?? "") · \(Self.ago(session.seenAt, now))</span></span><span class="list-end">\(end)</span></li>
            """
    }

    static func ago(_ instant: Instant, _ now: Instant) -> Phrase {
        let minutes = Int(max(0, now.milliseconds - instant.milliseconds) / 60_000)
        switch minutes {
        case ..<6: return t("used just now")
        case ..<60:
            return Phrase.plural(
                minutes, one: "used \(minutes) minute ago", other: "used \(minutes) minutes ago")
        case ..<1440:
            let hours = minutes / 60
            return Phrase.plural(
                hours, one: "used \(hours) hour ago", other: "used \(hours) hours ago")
        default:
            let days = minutes / 1440
            return Phrase.plural(
                days, one: "used \(days) day ago", other: "used \(days) days ago")
        }
    }

    // MARK: Tokens

    private var keys: HTML {
        let wrong = problems(of: "token")
        let scopes: [(value: String, name: Phrase)] = [
            ("read", t("Read only")), ("write", t("Read and change")),
            ("admin", t("Everything that you may do")),
        ]
        let fresh: HTML =
            newToken.map {
                """
                <div class="card-body"><div class="alert alert-booked" role="status">\(SiteParts.icon("check"))<div><p>\(t("Copy the token now; it is not shown again."))</p><p><code class="secret">\($0)</code></p></div></div></div>
                """
            } ?? HTML()
        return card(
            "tokens", t("API tokens"), t("Keys with which programs act as you."),
            """
            \(fresh)<ul class="list">\(tokens.html(key))</ul>
            <form class="card-body form" method="post" action="\(url: call.path("/tokens"))">\(call.token)\(wrong.alert)
            <div class="field-row">\(Field(name: "token_name", label: t("What it is for"), error: wrong["token_name"], maxLength: 120).html)
            <div class="field"><label for="scope">\(t("May do"))</label><select class="input" id="scope" name="scope">\(scopes.html {
                "<option value=\"\($0.value)\">\($0.name)</option>"
            })</select></div></div>
            <div class="form-actions"><button class="btn">\(t("Make a token"))</button></div></form>
            """)
    }

    private func key(_ token: APIToken) -> HTML {
        let date = Zone.utc.date(at: token.createdAt)
        return """
            <li class="list-item"><span class="list-main"><span class="strong" dir="auto">\(token.name)</span><span class="hint setting-note">\(token.scopes.joined(separator: ", ")) · \(Tongue.current.calendar.long(date))</span></span><span class="list-end"><form method="post" action="\(url: call.path("/tokens"))">\(call.token)<button class="btn btn-small btn-danger" name="revoke" value="\(token.id)" aria-label="\(t("Revoke \(token.name)"))">\(t("Revoke"))</button></form></span></li>
            """
    }
}

/// A browser's own name for itself, in the words of people.
struct UserAgent {
    let browser: String?
    let system: String?

    init(_ text: String?) {
        let text = text ?? ""
        // Each also claims to be those after it.
        browser =
            [
                ("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex Browser"),
                ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
                ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
            ].first { text.contains($0.0) }?.1
        system =
            [
                ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
                ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
                ("Linux", "Linux"),
            ].first { text.contains($0.0) }?.1
    }

    var words: Phrase {
        switch (browser, system) {
        case (let browser?, let system?): t("\(browser) on \(system)")
        case (let name?, nil), (nil, let name?): Phrase(verbatim: name)
        case (nil, nil): t("A browser")
        }
    }
}
