import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// Signs programs in that know only a name and a password (RFC 7617): the name is the person's
/// e-mail, the password one of their API tokens. The account's own password opens nothing here; it
/// would go round the second factor.
package struct BasicAuthentication: RouterMiddleware {
    package typealias Context = WebContext

    let gatekeeper: Gatekeeper
    /// Wrong ones of an address; tokens cannot be guessed, but trying costs us.
    private let failures = Throttle(limit: 30, per: .seconds(300))

    package init(_ gatekeeper: Gatekeeper) { self.gatekeeper = gatekeeper }

    package static let challenge = #"Basic realm="Autosecretary", charset="UTF-8""#

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization] else {
            throw Refusal.unauthenticated("Sign in with your e-mail and an API token.")
        }
        var context = context
        guard let (email, token) = Self.credentials(header),
            var actor = try await gatekeeper.bearer(token),
            email.map({ $0.lowercased() == actor.email.lowercased() }) ?? true
        else {
            try failures.count(context.clientAddress(of: request))
            throw Refusal.unauthenticated("The e-mail or the token is not right.")
        }
        let origin = actor.origin
        actor.origin = Origin(.token, request, context)
        actor.origin.token = origin.token
        context.actor = actor
        return try await next(request, context)
    }

    /// `Basic` of e-mail and token, or the token alone as `Bearer`.
    private static func credentials(_ header: String) -> (email: String?, token: String)? {
        let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        if parts[0].lowercased() == "bearer" { return (nil, parts[1]) }
        guard parts[0].lowercased() == "basic", let bytes = Data(base64Encoded: parts[1]),
            bytes.count <= 1000, let text = String(data: bytes, encoding: .utf8),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
