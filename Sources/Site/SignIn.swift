import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

extension SiteRoutes {
    func addSignIn(to router: Router<WebContext>) {
        router.get("/sign-in") { [demo] request, _ in
            let next = LocalPath(request.uri.queryParameters.get("next"))
            return SignInForm(next: next, hasDemo: demo != nil).page.response()
        }
        router.post("/sign-in") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            var shown = SignInForm(next: LocalPath(form["next"]), hasDemo: demo != nil)
            shown.email = form.text("email")
            do {
                let actor = try await gatekeeper.signIn(
                    email: shown.email, password: form["password"] ?? "",
                    from: context.clientAddress(of: request))
                return try await welcome(actor, next: shown.next, request)
            } catch let refusal as Refusal {
                shown.refusal = refusal
                var response = shown.page.response(
                    status: HTTPResponse.Status(code: refusal.kind.rawValue))
                if let seconds = refusal.retryAfterSeconds {
                    response.headers[.retryAfter] = "\(seconds)"
                }
                return response
            }
        }
        router.post("/sign-out") { [gatekeeper] request, context in
            let form = try await Form.readOpen(request, context)
            let kind = SessionKind(rawValue: form["kind"] ?? "") ?? .office
            if let cookie = Cookies.value(kind.cookie, in: request),
                let (_, session) = try await gatekeeper.session(kind, cookie: cookie)
            {
                guard form["_csrf"] == session.csrf else {
                    throw Refusal.forbidden("This form is too old. Load the page again.")
                }
                try await gatekeeper.endSession(session)
            }
            var response = Response.redirect("/sign-in")
            Cookies.clear(kind.cookie, on: &response)
            return response
        }
    }

    /// Opens a session and leads to the person's own place.
    private func welcome(
        _ actor: Actor, next: LocalPath?, _ request: Request
    ) async throws -> Response {
        let kind: SessionKind
        if actor.isOffice {
            kind = .office
        } else if !actor.memberships.isEmpty {
            kind = .account
        } else {
            throw Refusal.unauthenticated("The e-mail or the password is not right.")
        }
        let home = kind == .office ? "/desk" : "/portal"
        let target = next.flatMap { $0.isFor(kind) ? $0.text : nil } ?? home
        return try await signedIn(actor.user, kind, at: target, request)
    }

    func signedIn(
        _ user: UserID, _ kind: SessionKind, at target: String, _ request: Request
    ) async throws -> Response {
        let secret = try await gatekeeper.openSession(of: user, kind)
        var response = Response.redirect(target)
        Cookies.set(
            kind.cookie, secret, maxAgeSeconds: Gatekeeper.sessionSeconds,
            secure: Cookies.isSecure(request), on: &response)
        return response
    }
}

/// A place on this server to go on to after signing in; anything else is dropped, so that a link
/// to our sign-in page cannot lead away from here.
struct LocalPath: Equatable {
    let text: String

    init?(_ text: String?) {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 1000,
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    /// Whether a person with this session may be there at all; else they would come straight back.
    func isFor(_ kind: SessionKind) -> Bool {
        let first = text.dropFirst().prefix { !"/?#".contains($0) }
        switch first {
        case "portal": return kind == .account
        case "desk", "control": return kind == .office
        case "sign-in", "sign-up", "sign-out": return false
        default: return true
        }
    }
}

private struct SignInForm {
    var next: LocalPath?
    var hasDemo: Bool
    var email = ""
    var refusal: Refusal?

    init(next: LocalPath?, hasDemo: Bool) {
        self.next = next
        self.hasDemo = hasDemo
    }

    private var alert: HTML { refusal.map { FormProblems($0).alert } ?? HTML() }

    var page: Page {
        let content: HTML = """
            <header>\(SiteParts.brand)</header>
            <main class="gate" id="main" tabindex="-1">
            <div class="gate-head"><h1>Sign in</h1><p>For the office’s people and for businesses.</p></div>
            \(alert)
            <form class="form" method="post" action="/sign-in">
            \(next.map { "<input type=\"hidden\" name=\"next\" value=\"\($0.text)\">" } ?? HTML())
            \(Field(name: "email", label: "E-mail", value: email, type: "email", autocomplete: "username", maxLength: 254).html)
            \(Field(name: "password", label: "Password", type: "password", autocomplete: "current-password", maxLength: 1024).html)
            <button class="btn btn-primary btn-block">Sign in</button>
            </form>
            <p class="gate-foot">New here? <a href="/sign-up">Start a trial for your business</a>\(hasDemo ? " or <a href=\"/demo\">look at the demo</a>" : HTML()).</p>
            </main>
            """
        return Page(
            title: "Sign in · Autosecretary", bodyClass: "site-page gate-page", content: content,
            stylesheet: "public.css")
    }
}
