import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

extension Origin {
    /// Of a request that somebody's browser sent.
    package init(_ means: Means = .browser, _ request: Request, _ context: WebContext) {
        self.init(
            means, address: context.clientAddress(of: request),
            agent: request.headers[.userAgent])
    }
}

/// Signs API calls in: by bearer token, or by a browser session with its CSRF token.
///
/// A page of ours says which session it speaks for (`X-Session`, or `session` in the query where
/// headers cannot be set), since one browser may hold both.
package struct APIAuthentication: RouterMiddleware {
    package typealias Context = WebContext
    let gatekeeper: Gatekeeper

    package init(_ gatekeeper: Gatekeeper) { self.gatekeeper = gatekeeper }

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let key = try Self.key(of: request) else { return try await next(request, context) }
        let response = try await gatekeeper.answer(key, onlyAsks: request.onlyAsks) { found in
            try await next(request, Self.admit(found, request, context))
        }
        if let response { return response }
        if key.kind == nil { throw Refusal.unauthenticated("This token is not valid.") }
        return try await next(request, context)
    }

    /// What the request shows; nil: nothing.
    private static func key(of request: Request) throws -> SignInKey? {
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else {
                throw Refusal.unauthenticated("This token is not valid.")
            }
            return SignInKey(token: String(parts[1]))
        }
        guard let kind = sessionKind(request),
            let cookie = Cookies.value(kind.cookie, in: request)
        else { return nil }
        return SignInKey(kind, cookie: cookie)
    }

    private static func admit(
        _ found: FoundSignIn, _ request: Request, _ context: WebContext
    ) throws -> WebContext {
        guard let session = found.session else {
            var (context, actor) = (context, found.actor)
            actor.origin = Origin(.token, request, context)
            actor.origin.token = found.actor.origin.token
            context.actor = actor
            return context
        }
        if request.method != .get, request.method != .head {
            let sent = HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] }
            guard sent == session.csrf else {
                throw Refusal.forbidden("The request did not come from our page.")
            }
        }
        if session.needsSecondFactor {
            throw Refusal(
                .forbidden, code: "second_factor_required",
                "The office asks for a second factor. Set yours up first.")
        }
        return context.signedIn(found, session.kind, request)
    }

    private static func sessionKind(_ request: Request) -> SessionKind? {
        let text =
            HTTPField.Name("X-Session").flatMap { request.headers[$0] }
            ?? request.uri.queryParameters.get("session")
        return text.flatMap(SessionKind.init(rawValue:))
    }
}

/// Signs pages in; those who are not go to the sign-in page and come back after.
package struct PageAuthentication: RouterMiddleware {
    package typealias Context = WebContext
    let gatekeeper: Gatekeeper
    let kind: SessionKind

    package init(_ gatekeeper: Gatekeeper, _ kind: SessionKind) {
        self.gatekeeper = gatekeeper
        self.kind = kind
    }

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let cookie = Cookies.value(kind.cookie, in: request) else {
            return try SignInDetour.response(to: request)
        }
        let key = SignInKey(kind, cookie: cookie)
        let response = try await gatekeeper.answer(key, onlyAsks: request.onlyAsks) { found in
            if found.session?.needsSecondFactor == true {
                guard request.method == .get else { throw Refusal.forbidden() }
                return Response.redirect("/me/second-factor?kind=\(kind.rawValue)")
            }
            return try await next(request, context.signedIn(found, kind, request))
        }
        return try response ?? SignInDetour.response(to: request)
    }
}

extension WebContext {
    /// As the person whose browser session was found.
    fileprivate func signedIn(
        _ found: FoundSignIn, _ kind: SessionKind, _ request: Request
    ) -> WebContext {
        var context = self
        context.actor = found.actor.limited(to: kind).coming(
            from: Origin(.browser, request, self))
        context.session = found.session
        return context
    }
}

extension Request {
    /// It changes nothing, and its answer has an end.
    fileprivate var onlyAsks: Bool {
        (method == .get || method == .head)
            && headers[.accept]?.contains("text/event-stream") != true
    }
}

/// Signs the pages of one's own sign-in in: `kind` in the query says which session is meant, else
/// it is the office's or, without one, the business's.
package struct OwnAuthentication: RouterMiddleware {
    package typealias Context = WebContext
    let gatekeeper: Gatekeeper

    package init(_ gatekeeper: Gatekeeper) { self.gatekeeper = gatekeeper }

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let named = request.uri.queryParameters.get("kind").flatMap(SessionKind.init(rawValue:))
        for kind in named.map({ [$0] }) ?? [.office, .account] {
            guard let cookie = Cookies.value(kind.cookie, in: request) else { continue }
            let key = SignInKey(kind, cookie: cookie)
            let response = try await gatekeeper.answer(key, onlyAsks: request.onlyAsks) { found in
                try await next(request, context.signedIn(found, kind, request))
            }
            if let response { return response }
        }
        return try SignInDetour.response(to: request)
    }
}

private enum SignInDetour {
    static func response(to request: Request) throws -> Response {
        guard request.method == .get else { throw Refusal.unauthenticated() }
        let path =
            request.uri.description.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        return .redirect("/sign-in?next=" + (path ?? "/"))
    }
}

extension Actor {
    /// An office session acts for the office, an account session for the person's accounts.
    package func limited(to kind: SessionKind) -> Actor {
        var actor = self
        if kind == .account { actor.officeRole = nil }
        return actor
    }

    package func coming(from origin: Origin) -> Actor {
        var actor = self
        actor.origin = origin
        return actor
    }
}
