import HTTPTypes
import Hummingbird

/// What every answer tells the browser, whoever made it: to guess no types, to tell other sites
/// nothing of our addresses, to hand out no sensors, to keep our windows apart from others', and, once
/// reached by TLS, to come by TLS only.
package struct SecurityHeaders: RouterMiddleware {
    package typealias Context = WebContext

    private static let always: [(HTTPField.Name, String)] = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        (
            "Permissions-Policy",
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
                + "magnetometer=(), microphone=(self), midi=(), payment=(), usb=()"
        ),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }

    /// What is no page loads nothing and stands in no frame. Files of ours may be a worker, which
    /// fetches from here.
    private static func policy(_ path: String) -> String {
        path == "/sw.js" || path.hasPrefix("/assets/")
            ? "default-src 'self'; frame-ancestors 'none'"
            : "default-src 'none'; frame-ancestors 'none'"
    }

    private static let tls = HTTPField.Name("Strict-Transport-Security")

    package init() {}

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.always where response.headers[name] == nil {
            response.headers[name] = value
        }
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = Self.policy(request.uri.path)
        }
        if let name = Self.tls, Cookies.isSecure(request) {
            response.headers[name] = "max-age=63072000"
        }
        return response
    }
}
