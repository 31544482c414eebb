import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

extension SiteRoutes {
    func addSignIn(to router: Router<WebContext>) {
        router.get("/sign-in") { [demo] request, _ in
            let next = LocalPath(request.uri.queryParameters.get("next"))
            var shown = SignInForm(next: next, hasDemo: demo != nil)
            shown.isReset = request.uri.queryParameters.get("reset") != nil
            return shown.page.response()
        }
        router.post("/sign-in") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            var shown = SignInForm(next: LocalPath(form["next"]), hasDemo: demo != nil)
            shown.email = form.text("email")
            do {
                let actor = try await gatekeeper.signIn(
                    email: shown.email, password: form["password"] ?? "",
                    from: context.clientAddress(of: request))
                let kind = try await gatekeeper.place(of: actor)
                if let step = try await gatekeeper.beginSecondStep(of: actor.user) {
                    return SecondStep.detour(step, next: shown.next, request)
                }
                return try await welcome(actor, kind, next: shown.next, request, context)
            } catch let refusal as Refusal {
                shown.refusal = refusal
                return refusal.response(on: shown.page)
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
            var response = Response.redirect(LocalPath(form["next"])?.text ?? "/sign-in")
            Cookies.clear(kind.cookie, on: &response)
            return response
        }
        addSecondStep(to: router)
        addHelp(to: router)
    }

    private func addSecondStep(to router: Router<WebContext>) {
        router.get("/sign-in/code") { request, _ in
            guard Cookies.value(SecondStep.cookie, in: request) != nil else {
                return Response.redirect("/sign-in")
            }
            let next = LocalPath(request.uri.queryParameters.get("next"))
            return SecondStep(next: next).page.response()
        }
        router.post("/sign-in/code") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            var shown = SecondStep(next: LocalPath(form["next"]))
            do {
                let actor = try await gatekeeper.finishSecondStep(
                    Cookies.value(SecondStep.cookie, in: request) ?? "", code: form.text("code"),
                    from: context.clientAddress(of: request))
                let kind = try await gatekeeper.place(of: actor)
                var response = try await welcome(actor, kind, next: shown.next, request, context)
                Cookies.clear(SecondStep.cookie, on: &response)
                return response
            } catch let refusal as Refusal where refusal.kind == .unauthenticated {
                var again = SignInForm(next: shown.next, hasDemo: demo != nil)
                again.refusal = refusal
                var response = refusal.response(on: again.page)
                Cookies.clear(SecondStep.cookie, on: &response)
                return response
            } catch let refusal as Refusal {
                shown.problems = FormProblems(refusal, known: ["code"])
                return refusal.response(on: shown.page)
            }
        }
    }

    /// For those who forgot the password: the office has no way to send a link, so people do.
    private func addHelp(to router: Router<WebContext>) {
        router.get("/sign-in/help") { _, _ in SignInHelp().page.response() }
        router.post("/sign-in/help") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            do {
                try helps.count(context.clientAddress(of: request))
                try await people.links.askForHelp(email: form.text("email"))
                return SignInHelp(isAsked: true).page.response()
            } catch let refusal as Refusal {
                return refusal.response(
                    on: SignInHelp(problems: FormProblems(refusal)).page)
            }
        }
    }

    /// Opens a session and leads to the person's own place.
    func welcome(
        _ actor: Actor, _ kind: SessionKind, next: LocalPath?, _ request: Request,
        _ context: WebContext
    ) async throws -> Response {
        let home = kind == .office ? "/desk" : "/portal"
        let target = next.flatMap { $0.isFor(kind) ? $0.text : nil } ?? home
        return try await signedIn(
            actor.user, kind, at: target, request, from: Origin(.browser, request, context))
    }

    /// A new session, never one that was there before the sign-in.
    func signedIn(
        _ user: UserID, _ kind: SessionKind, at target: String, _ request: Request,
        from origin: Origin = Origin()
    ) async throws -> Response {
        if let old = Cookies.value(kind.cookie, in: request),
            let (_, session) = try await gatekeeper.session(kind, cookie: old, isVisit: false)
        {
            try await gatekeeper.endSession(session)
        }
        let secret = try await gatekeeper.openSession(of: user, kind, from: origin)
        var response = Response.redirect(target)
        Cookies.set(
            kind.cookie, secret, maxAgeSeconds: kind.longestSeconds,
            secure: Cookies.isSecure(request), on: &response)
        if let language = try await gatekeeper.language(of: user) {
            Cookies.set(
                SpeakMiddleware.cookie, language.rawValue, maxAgeSeconds: 365 * 86_400,
                secure: Cookies.isSecure(request), on: &response)
        }
        return response
    }
}

extension Refusal {
    /// The page that says it, with the status and when to try again.
    func response(on page: Page) -> Response {
        var response = page.response(status: HTTPResponse.Status(code: kind.rawValue))
        if let seconds = retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }
}

private struct SignInForm {
    var next: LocalPath?
    var hasDemo: Bool
    var email = ""
    var refusal: Refusal?
    /// Comes from setting a new password.
    var isReset = false

    init(next: LocalPath?, hasDemo: Bool) {
        self.next = next
        self.hasDemo = hasDemo
    }

    private var alert: HTML {
        if let refusal { return FormProblems(refusal).alert }
        return isReset ? Gate.done(t("The new password is set. Sign in with it.")) : HTML()
    }

    private var foot: HTML {
        let trial: HTML = "<a href=\"/sign-up\">\(t("Start a trial for your business"))</a>"
        if !hasDemo { return "\(t("New here? {1}."), with: trial)" }
        return
            "\(t("New here? {1} or {2}."), with: trial, "<a href=\"/demo\">\(t("look at the demo"))</a>")"
    }

    var page: Page {
        let content: HTML = """
            \(alert)
            <form class="form" method="post" action="/sign-in">
            \(LocalPath.field(next))
            \(Field(name: "email", label: t("E-mail"), value: email, type: "email", autocomplete: "username", maxLength: 254).html)
            \(Field(name: "password", label: t("Password"), type: "password", autocomplete: "current-password", maxLength: 1024).html)
            <button class="btn btn-primary btn-block">\(t("Sign in"))</button>
            </form>
            <p class="gate-foot"><a href="/sign-in/help">\(t("You cannot sign in?"))</a></p>
            <p class="gate-foot">\(foot)</p>
            \(SiteParts.languages(back: "/sign-in"))
            """
        return Gate(
            title: t("Sign in"), note: t("For the office’s people and for businesses."),
            content: content
        ).page
    }
}

/// A public page with one narrow form.
struct Gate {
    var title: Phrase
    var note: Phrase?
    var content: HTML

    static func done(_ text: Phrase) -> HTML {
        """
        <div class="alert alert-booked" role="status">\(SiteParts.icon("check"))<div>\(text)</div></div>
        """
    }

    var page: Page {
        Page(
            title: t("\(title) · Autosecretary").text, bodyClass: "site-page gate-page",
            content: """
                <header>\(SiteParts.brand)</header>
                <main class="gate" id="main" tabindex="-1">
                <div class="gate-head"><h1>\(title)</h1>\(note.map { "<p>\($0)</p>" } ?? HTML())</div>
                \(content)
                </main>
                """, stylesheet: "public.css")
    }
}

/// The page between password and place: a code of the person's app.
private struct SecondStep {
    /// Holds what ties the second step to the first, for ten minutes.
    static let cookie = "autosecretary_step"

    var next: LocalPath?
    var problems = FormProblems()

    static func detour(_ secret: String, next: LocalPath?, _ request: Request) -> Response {
        let query = next.map { "?next=" + $0.escaped } ?? ""
        var response = Response.redirect("/sign-in/code" + query)
        Cookies.set(
            cookie, secret, maxAgeSeconds: 600, secure: Cookies.isSecure(request), on: &response)
        return response
    }

    init(next: LocalPath?) { self.next = next }

    var page: Page {
        let content: HTML = """
            \(problems.alert)
            <form class="form" method="post" action="/sign-in/code">
            \(LocalPath.field(next))
            \(Field(name: "code", label: t("Code"), error: problems["code"], hint: t("Six digits from the app, or one of the recovery codes."), autocomplete: "one-time-code", maxLength: 40).html)
            <button class="btn btn-primary btn-block">\(t("Continue"))</button>
            </form>
            <p class="gate-foot">\(t("Lost the phone and the codes? An admin of the office can reset the second factor."))</p>
            <p class="gate-foot"><a href="/sign-in">\(t("Begin again"))</a></p>
            """
        return Gate(
            title: t("The second step"),
            note: t("Open the authenticator app on your phone and type the code of Autosecretary."),
            content: content
        ).page
    }
}

private struct SignInHelp {
    var isAsked = false
    var problems = FormProblems()

    var page: Page {
        let form: HTML = """
            <form class="form" method="post" action="/sign-in/help">
            \(Field(name: "email", label: t("E-mail"), type: "email", autocomplete: "username", maxLength: 254).html)
            <button class="btn btn-primary btn-block">\(t("Ask for a link"))</button>
            </form>
            """
        let asked = Gate.done(
            t(
                "Noted. If this e-mail has a sign-in, those who may help see your request. Tell them too: they hand you the link."
            ))
        let content: HTML = """
            \(problems.alert)\(isAsked ? asked : form)
            <p class="gate-foot"><a href="/sign-in">\(t("Back to signing in"))</a></p>
            """
        return Gate(
            title: t("You cannot sign in?"),
            note: t(
                "Whoever gave you access can hand you a link for a new password: your business’s owner, or the office."
            ), content: content
        ).page
    }
}
