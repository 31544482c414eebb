import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import WebShell

/// A "no" in WebDAV's words (RFC 4918 §16): the condition that does not hold, and why, for people.
struct DAVFailure: Error {
    var status: HTTPResponse.Status
    var condition: DAVName?
    var reason: Phrase?
    /// The address that stands in the way.
    var href: String?

    init(
        _ status: HTTPResponse.Status, _ condition: DAVName? = nil, _ reason: Phrase? = nil,
        href: String? = nil
    ) {
        self.status = status
        self.condition = condition
        self.reason = reason
        self.href = href
    }

    init(_ refusal: Refusal) {
        switch refusal.kind {
        case .invalid:
            self.init(.forbidden, .calendar("valid-calendar-object-resource"))
        case .conflict:
            self.init(.conflict)
        default: self.init(.init(code: refusal.kind.rawValue))
        }
        reason = Self.words(refusal)
    }

    /// Whole sentences instead of the names of the API's fields.
    private static func words(_ refusal: Refusal) -> Phrase {
        switch refusal.fields.first?.code {
        case "past": t("This time is in the past.")
        case "too_soon": t("This is sooner than this service may be booked.")
        case "too_far": t("This is outside the days that can be booked now.")
        case "not_offered": t("Visits of this service do not start at this time.")
        case "closed": t("This is outside opening hours.")
        default: refusal.detail
        }
    }

    var response: Response {
        var content = DAVText.none
        if let condition {
            content = .element(condition, href.map { .href($0) } ?? .none)
        }
        if let reason { content = content + .element(.dav("responsedescription"), .text(reason.text)) }
        return .dav(status, DAVText.document(.dav("error"), content))
    }
}

extension Response {
    static func dav(_ status: HTTPResponse.Status, _ xml: String) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "application/xml; charset=utf-8", .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: xml)))
    }
}

/// Says what went wrong in WebDAV's words, and asks for a sign-in where one is missing.
struct DAVProblems: RouterMiddleware {
    typealias Context = WebContext
    let challenge: String

    func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let failure as DAVFailure {
            return failure.response
        } catch let unfit as StaffCalendars.Unfit {
            let condition = DAVName.calendar("valid-calendar-data")
            return DAVFailure(.forbidden, condition, unfit.reason).response
        } catch {
            // A fault of ours is logged and told where all of them are.
            guard let refusal = ProblemMiddleware.refusal(for: error) else { throw error }
            var response = DAVFailure(refusal).response
            if refusal.kind == .unauthenticated {
                response.headers[.wwwAuthenticate] = challenge
            }
            if let allow = refusal.allow { response.headers[.allow] = allow }
            if let seconds = refusal.retryAfterSeconds {
                response.headers[.retryAfter] = "\(seconds)"
            }
            return response
        }
    }
}
