import Foundation
import Hummingbird
import Kernel
import NIOCore

/// The fields of a submitted HTML form.
package struct Form: Sendable {
    private var fields: [String: [String]] = [:]

    package init() {}

    /// Parses `application/x-www-form-urlencoded` (WHATWG URL §5.1).
    package init(urlencoded text: String) {
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(halves[0]) else { continue }
            let value = halves.count > 1 ? Self.decoded(halves[1]) ?? "" : ""
            fields[name, default: []].append(value)
        }
    }

    /// Reads the body and checks the form's CSRF field against the session.
    package static func read(_ request: Request, _ context: WebContext) async throws -> Form {
        let form = try await readOpen(request, context)
        guard let session = context.session, !session.csrf.isEmpty, form["_csrf"] == session.csrf
        else {
            throw Refusal.forbidden("This form is too old. Load the page again and resend it.")
        }
        return form
    }

    /// Reads a form of a page that needs no session (sign-in, sign-up). `SameSite` cookies and the
    /// origin check of `checkOrigin` stand in for the token there.
    package static func readOpen(_ request: Request, _ context: WebContext) async throws -> Form {
        try checkOrigin(request)
        let buffer = try await request.wholeBody(context)
        return Form(urlencoded: String(buffer: buffer))
    }

    /// A browser says where a form comes from; other sites are refused.
    package static func checkOrigin(_ request: Request) throws {
        guard let origin = request.headers[.origin],
            let host = request.head.authority
        else { return }
        guard origin == "http://" + host || origin == "https://" + host else {
            throw Refusal.forbidden("This form was sent from another site.")
        }
    }

    package subscript(name: String) -> String? { fields[name]?.first }

    package func all(_ name: String) -> [String] { fields[name] ?? [] }

    package func has(_ name: String) -> Bool { fields[name] != nil }

    /// Trimmed text, "" when absent.
    package func text(_ name: String) -> String {
        (fields[name]?.first ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
            .replacing("\r\n", with: "\n")
    }

    /// The fields as a JSON object of texts, for verbs that read `Input`.
    package func json(_ names: [String]) -> [String: JSONValue] {
        var output: [String: JSONValue] = [:]
        for name in names where fields[name] != nil { output[name] = .string(text(name)) }
        return output
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
