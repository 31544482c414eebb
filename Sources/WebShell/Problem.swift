import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore
import Store

/// Turns errors into answers, in one place: RFC 9457 problems for programs, a page for people.
package struct ProblemMiddleware: RouterMiddleware {
    package typealias Context = WebContext

    package init() {}

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let refusal = Self.refusal(for: error)
            if refusal == nil {
                context.logger.error(
                    "Request failed",
                    metadata: [
                        "http.route": "\(context.endpointPath ?? "unmatched")",
                        "error": "\(error)",
                    ])
            }
            return Self.isForPeople(request)
                ? Self.page(refusal, id: context.id) : Self.problem(refusal, id: context.id)
        }
    }

    /// nil: a fault of ours.
    package static func refusal(for error: any Error) -> Refusal? {
        switch error {
        case let refusal as Refusal: return refusal
        case StoreError.busy, StoreError.overlap:
            return .conflict("Somebody else changed this at the same moment. Try again.")
        case StoreError.duplicate:
            return .conflict("This exists already.")
        case StoreError.unavailable:
            return unavailable("The database cannot be reached just now. Try again in a moment.")
        case StoreError.unknownOutcome:
            return unavailable(
                "The database went away while this was saved. Look before you try again.")
        case is NIOTooManyBytesError: return refusal(status: .contentTooLarge)
        case let error as HTTPError: return refusal(status: error.status)
        default: return nil
        }
    }

    private static func unavailable(_ detail: Phrase) -> Refusal {
        Refusal(.unavailable, code: "unavailable", detail, retryAfterSeconds: 2)
    }

    private static func refusal(status: HTTPResponse.Status) -> Refusal? {
        switch status.code {
        case 400: Refusal(.malformed, code: "malformed", "The request could not be read.")
        case 401: .unauthenticated()
        case 403: .forbidden()
        case 404: .notFound()
        case 405:
            Refusal(.method, code: "method_not_allowed", "There is nothing here for this method.")
        case 413: Refusal(.tooLarge, code: "too_large", "The body is too large.")
        case 415: Refusal(.unsupported, code: "unsupported", "The body must be JSON.")
        case 400..<500: Refusal(.malformed, code: "malformed", "The request could not be served.")
        default: nil
        }
    }

    private static func isForPeople(_ request: Request) -> Bool {
        let path = request.uri.path
        if path.hasPrefix("/api/") || path.hasPrefix("/widget/") || path.hasPrefix("/hooks/") {
            return false
        }
        return request.headers[.accept]?.contains("text/html") ?? false
    }

    package static func problem(_ refusal: Refusal?, id: String) -> Response {
        let status = HTTPResponse.Status(code: refusal?.kind.rawValue ?? 500)
        var members: [String: JSONValue] = refusal?.extra ?? [:]
        members["type"] = .string("about:blank")
        members["title"] = .string(Self.title(status.code))
        members["status"] = .int(Int64(status.code))
        members["code"] = .string(refusal?.code ?? "internal")
        let unknown: Phrase = t("Something went wrong here. Quote the request id \(id).")
        members["detail"] = .string((refusal?.detail ?? unknown).text)
        if let refusal, !refusal.fields.isEmpty {
            members["errors"] = .array(
                refusal.fields.map {
                    [
                        "field": .string($0.field), "code": .string($0.code),
                        "message": .string($0.message.text),
                    ]
                })
        }
        var response = Response.json(.object(members), status: status)
        response.headers[.contentType] = "application/problem+json"
        if let allow = refusal?.allow { response.headers[.allow] = allow }
        if let seconds = refusal?.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }

    /// The status in words, as RFC 9110 §15 names it.
    private static func title(_ code: Int) -> String {
        switch code {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 503: "Service Unavailable"
        default: "Internal Server Error"
        }
    }

    private static func page(_ refusal: Refusal?, id: String) -> Response {
        let code = refusal?.kind.rawValue ?? 500
        let title =
            switch code {
            case 404: t("There is nothing here")
            case 403: t("This is not for your role")
            case 401: t("Please sign in")
            case 429: t("A little slower, please")
            case 500: t("Something went wrong")
            default: t("That did not work")
            }
        let known =
            code == 404 ? t("The address may be old, or it was never one.") : refusal?.detail
        let detail = known ?? t("We have noted it. If it stays so, tell us this number.")
        let content: HTML = """
            <main class="error-page"><p class="error-code">\(code)</p><h1>\(title)</h1>
            <p>\(detail)</p><p class="muted">\(t("Request \(id)"))</p>
            <p><a class="btn" href="/">\(t("To the first page"))</a></p></main>
            """
        return Page(title: title.text, bodyClass: "plain", content: content)
            .response(status: HTTPResponse.Status(code: code))
    }
}

extension Response {
    package static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        return json(written: bytes, status: status)
    }

    static func json(written bytes: [UInt8], status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    package static func redirect(_ address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
    }

    package static func noContent() -> Response { Response(status: .noContent) }
}
