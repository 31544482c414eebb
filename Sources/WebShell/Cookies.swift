import HTTPTypes
import Hummingbird
import Kernel

package enum Cookies {
    package static func value(_ name: String, in request: Request) -> String? {
        request.cookies[name]?.value
    }

    /// A session cookie: not readable by scripts, not sent by other sites' forms.
    package static func set(
        _ name: String, _ value: String, maxAgeSeconds: Int, secure: Bool,
        on response: inout Response
    ) {
        response.setCookie(
            Cookie(
                name: name, value: value, maxAge: maxAgeSeconds, path: "/", secure: secure,
                httpOnly: true, sameSite: .lax))
    }

    package static func clear(_ name: String, on response: inout Response) {
        response.setCookie(
            Cookie(name: name, value: "", maxAge: 0, path: "/", httpOnly: true, sameSite: .lax))
    }

    /// Whether the browser reached us by TLS, as the proxy before us says it.
    package static func isSecure(_ request: Request) -> Bool {
        forwardedProtocol.flatMap { request.headers[$0] } == "https"
    }

    private static let forwardedProtocol = HTTPField.Name("X-Forwarded-Proto")
}
