import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Store
import WebShell

/// Who is it? Passwords, browser sessions and API tokens.
package struct Gatekeeper: Sendable {
    let store: Store
    let ambient: Ambient
    let passwords: Passwords
    /// Sign-in attempts per address and per e-mail.
    private let byAddress = Throttle(limit: 20, per: .seconds(300))
    private let byEmail = Throttle(limit: 10, per: .seconds(900))
    package static let sessionSeconds = 14 * 86_400

    package init(store: Store, ambient: Ambient, passwords: Passwords) {
        self.store = store
        self.ambient = ambient
        self.passwords = passwords
    }

    /// Checks a password; the refusal is the same whatever was wrong.
    package func signIn(email: String, password: String, from address: String) async throws -> Actor
    {
        try byAddress.count(address)
        try byEmail.count(email.lowercased())
        let wrong = Refusal.unauthenticated("The e-mail or the password is not right.")
        let folded = EmailAddress(email)?.text ?? ""
        let found = try await store.read { tx -> (Actor, String?)? in
            guard let user = try PeopleQueries.user(email: folded, in: tx), user.isActive else {
                return nil
            }
            return (
                try Self.actor(user, in: tx), try PeopleQueries.passwordHash(of: user.id, in: tx)
            )
        }
        guard password.utf8.count <= 1024,
            try await passwords.verify(password, against: found?.1), let actor = found?.0
        else { throw wrong }
        return actor
    }

    /// Opens a browser session; answers the cookie's value.
    package func openSession(of user: UserID, _ kind: SessionKind) async throws -> String {
        let (secret, csrf, now) = (ambient.secret(), ambient.secret(), ambient.now())
        try await store.write { tx in
            try PeopleQueries.insertSession(
                hash: secretHash(secret), user: user, kind: kind.rawValue, csrf: csrf, at: now,
                until: now.advanced(bySeconds: Self.sessionSeconds), in: tx)
        }
        return secret
    }

    package func endSession(_ session: BrowserSession) async throws {
        try await store.write { tx in try PeopleQueries.endSession(hash: session.storedID, in: tx) }
    }

    /// The person behind a session cookie; nil when it is unknown, expired or shut out.
    package func session(
        _ kind: SessionKind, cookie: String
    ) async throws -> (Actor, BrowserSession)? {
        let (hash, now) = (secretHash(cookie), ambient.now())
        return try await store.read { tx in
            guard
                let session = try PeopleQueries.session(
                    hash: hash, kind: kind.rawValue, now: now, in: tx),
                let user = try PeopleQueries.user(session.user, in: tx), user.isActive
            else { return nil }
            let actor = try Self.actor(user, in: tx)
            guard kind == .office ? actor.isOffice : !actor.memberships.isEmpty else { return nil }
            return (actor, BrowserSession(kind: kind, csrf: session.csrf, storedID: hash))
        }
    }

    /// The person behind a bearer token, limited to its scopes.
    package func bearer(_ token: String) async throws -> Actor? {
        let hash = secretHash(token)
        return try await store.read { tx in
            guard let found = try PeopleQueries.token(hash: hash, in: tx),
                let user = try PeopleQueries.user(found.user, in: tx), user.isActive
            else { return nil }
            var actor = try Self.actor(user, in: tx)
            actor.scopes = found.scopes
            return actor
        }
    }

    /// Makes an API token of a user; the answer is the only time it is seen.
    package func createToken(
        of user: UserID, name: String, scopes: [String], by actor: Actor
    ) async throws -> String {
        if user != actor.user { try actor.require(.manageOffice) }
        let (secret, id, now) = ("ast_" + ambient.secret(), ambient.newID("tok"), ambient.now())
        try await store.write { tx in
            guard let owner = try PeopleQueries.user(user, in: tx) else { throw Refusal.notFound() }
            // A token does what its owner may do: who acts for a business now makes none for the
            // office.
            if owner.officeRole != nil, !actor.isOffice { throw Refusal.forbidden() }
            try PeopleQueries.insertToken(
                id: id, user: user, name: name, hash: secretHash(secret), scopes: scopes, at: now,
                in: tx)
        }
        return secret
    }

    package static func actor(_ user: User, in tx: Transaction) throws -> Actor {
        Actor(
            user: user.id, name: user.name, email: user.email, officeRole: user.officeRole,
            memberships: try PeopleQueries.memberships(of: user.id, in: tx))
    }

    package func actor(email: String) async throws -> Actor? {
        try await store.read { tx in
            try PeopleQueries.user(email: email, in: tx).map { try Self.actor($0, in: tx) }
        }
    }

    /// Words that a token's scope may be.
    package static func isScope(_ text: String) -> Bool {
        if ["read", "write", "admin"].contains(text) { return true }
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        return halves.count == 2 && ["read", "write"].contains(String(halves[1]))
            && !halves[0].isEmpty
            && halves[0].utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
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
        var context = context
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer",
                let actor = try await gatekeeper.bearer(String(parts[1]))
            else { throw Refusal.unauthenticated("This token is not valid.") }
            context.actor = actor
        } else if let kind = Self.sessionKind(request),
            let cookie = Cookies.value(kind.cookie, in: request),
            let (actor, session) = try await gatekeeper.session(kind, cookie: cookie)
        {
            if request.method != .get, request.method != .head {
                let sent = HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] }
                guard sent == session.csrf else {
                    throw Refusal.forbidden("The request did not come from our page.")
                }
            }
            context.actor = actor.limited(to: kind)
            context.session = session
        }
        return try await next(request, context)
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
        guard let cookie = Cookies.value(kind.cookie, in: request),
            let (actor, session) = try await gatekeeper.session(kind, cookie: cookie)
        else {
            guard request.method == .get else { throw Refusal.unauthenticated() }
            return .redirect("/sign-in?next=" + Self.escaped(request.uri.description))
        }
        var context = context
        context.actor = actor.limited(to: kind)
        context.session = session
        return try await next(request, context)
    }

    private static func escaped(_ path: String) -> String {
        path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "/"
    }
}

extension Actor {
    /// An office session acts for the office, an account session for the person's accounts.
    package func limited(to kind: SessionKind) -> Actor {
        var actor = self
        if kind == .account { actor.officeRole = nil }
        return actor
    }
}
