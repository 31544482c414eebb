import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// One request about one's own sign-in.
struct MeCall: Sendable {
    let request: Request
    let context: WebContext
    let actor: Actor
    let session: BrowserSession

    init(_ request: Request, _ context: WebContext) throws {
        self.request = request
        self.context = context
        actor = try context.requireActor()
        guard let session = context.session else { throw Refusal.unauthenticated() }
        self.session = session
    }

    var isSaved: Bool { request.uri.queryParameters.get("saved") != nil }

    /// An address of these pages: it says which of the browser's two sessions is meant.
    func path(_ rest: String = "", isSaved: Bool = false) -> String {
        "/me\(rest)?kind=\(session.kind.rawValue)" + (isSaved ? "&saved=1" : "")
    }

    func form() async throws -> Form { try await Form.read(request, context) }

    var token: HTML { "<input type=\"hidden\" name=\"_csrf\" value=\"\(session.csrf)\">" }
}

/// Everybody's own sign-in: name, language, password, second factor, browsers and tokens.
extension SiteRoutes {
    func addMe(to router: Router<WebContext>) {
        let group = router.group("/me").add(middleware: OwnAuthentication(gatekeeper))
        group.get { [self] request, context in
            try await mePage(MeCall(request, context)).page.response()
        }
        group.post { [self] request, context in
            let call = try MeCall(request, context)
            let form = try await call.form()
            return try await showing(call, "profile", ["name", "locale"]) {
                let locale = form.text("locale")
                let user = try await people.updateMe(
                    [
                        "name": .string(form.text("name")),
                        "locale": locale.isEmpty ? nil : .string(locale),
                    ], by: call.actor)
                var response = Response.redirect(call.path(isSaved: true))
                if let language = user.locale {
                    Cookies.set(
                        SpeakMiddleware.cookie, language.rawValue, maxAgeSeconds: 365 * 86_400,
                        secure: Cookies.isSecure(request), on: &response)
                } else {
                    Cookies.clear(SpeakMiddleware.cookie, on: &response)
                }
                return response
            }
        }
        group.post("password") { [self] request, context in
            let call = try MeCall(request, context)
            let form = try await call.form()
            return try await showing(call, "password", ["present", "password"]) {
                try await gatekeeper.changePassword(
                    from: form["present"] ?? "", to: form["password"] ?? "", by: call.actor,
                    keeping: call.session)
                return try await rotated(call, to: call.path(isSaved: true))
            }
        }
        addSessions(to: group)
        addTokens(to: group)
        addFactor(to: group)
    }

    /// Goes on under a new session secret, so that an old copy of the cookie opens nothing.
    func rotated(_ call: MeCall, to target: String) async throws -> Response {
        rotated(call, try await gatekeeper.rotate(call.session), on: Response.redirect(target))
    }

    func rotated(_ call: MeCall, _ secret: String, on response: Response) -> Response {
        var response = response
        let kind = call.session.kind
        Cookies.set(
            kind.cookie, secret, maxAgeSeconds: kind.longestSeconds,
            secure: Cookies.isSecure(call.request), on: &response)
        return response
    }

    private func addSessions(to group: RouterGroup<WebContext>) {
        group.post("sessions") { [self] request, context in
            let call = try MeCall(request, context)
            let form = try await call.form()
            if let id = form["id"], !id.isEmpty {
                try await gatekeeper.endSession(id, of: call.actor)
                return Response.redirect(call.path(isSaved: true))
            }
            let isEverywhere = form["everywhere"] != nil
            try await gatekeeper.endSessions(
                of: call.actor, except: isEverywhere ? nil : call.session)
            guard isEverywhere else { return Response.redirect(call.path(isSaved: true)) }
            var response = Response.redirect("/sign-in")
            Cookies.clear(call.session.kind.cookie, on: &response)
            return response
        }
    }

    private func addTokens(to group: RouterGroup<WebContext>) {
        group.post("tokens") { [self] request, context in
            let call = try MeCall(request, context)
            let form = try await call.form()
            if let id = form["revoke"] {
                try await gatekeeper.revokeToken(id, by: call.actor)
                return Response.redirect(call.path(isSaved: true))
            }
            return try await showing(call, "token", ["token_name", "scope"]) {
                var input = try Input([
                    "token_name": .string(form.text("token_name")),
                    "scope": .string(form.text("scope")),
                ])
                let name = input.text("token_name", max: 120)
                let scope = input.text("scope", max: 60)
                if !["read", "write", "admin"].contains(scope), !scope.isEmpty {
                    input.reject("scope", "unknown", "Choose what it may do.")
                }
                try input.finish()
                let token = try await gatekeeper.createToken(
                    of: call.actor.user, name: name, scopes: [scope], by: call.actor)
                var shown = try await mePage(call)
                shown.newToken = token
                return shown.page.response()
            }
        }
    }

    private func mePage(_ call: MeCall) async throws -> MePage {
        MePage(
            call: call, user: try await people.me(call.actor),
            factor: try await gatekeeper.factors.state(of: call.actor.user),
            sessions: try await gatekeeper.sessions(of: call.actor.user),
            tokens: try await gatekeeper.tokens(
                of: call.actor.user, Paging(limit: 199, after: nil), for: call.actor),
            now: ambient.now())
    }

    /// What a refusal says is shown in the part of the page that it belongs to.
    private func showing(
        _ call: MeCall, _ part: String, _ fields: Set<String>,
        _ act: () async throws -> Response
    ) async throws -> Response {
        do { return try await act() } catch let refusal as Refusal {
            var shown = try await mePage(call)
            shown.problems = (part, FormProblems(refusal, known: fields))
            return refusal.response(on: shown.page)
        }
    }

    // MARK: The second factor

    private func addFactor(to group: RouterGroup<WebContext>) {
        group.get("second-factor") { [self] request, context in
            try await factorPage(MeCall(request, context)).page.response()
        }
        group.post("second-factor") { [self] request, context in
            let call = try MeCall(request, context)
            let form = try await call.form()
            let code = form.text("code")
            do {
                switch form["act"] {
                case "off":
                    try await gatekeeper.factors.turnOff(code, by: call.actor)
                    return try await rotated(call, to: call.path(isSaved: true))
                case "codes":
                    let codes = try await gatekeeper.factors.renewCodes(code, by: call.actor)
                    return CodesPage(call: call, codes: codes).page.response()
                default:
                    let codes = try await gatekeeper.factors.confirm(code, by: call.actor)
                    let secret = try await gatekeeper.rotate(call.session)
                    return rotated(
                        call, secret, on: CodesPage(call: call, codes: codes).page.response())
                }
            } catch let refusal as Refusal {
                var shown = try await factorPage(call)
                shown.act = form["act"] ?? ""
                shown.problems = FormProblems(refusal, known: ["code"])
                return refusal.response(on: shown.page)
            }
        }
    }

    private func factorPage(_ call: MeCall) async throws -> FactorPage {
        let state = try await gatekeeper.factors.state(of: call.actor.user)
        return FactorPage(
            call: call, state: state,
            enrolment: state.isOn ? nil : try await gatekeeper.factors.enrol(call.actor),
            isRequired: call.session.needsSecondFactor)
    }
}
