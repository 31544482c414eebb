import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// Chooses the language in which a request is answered: what the person chose, else what the
/// browser or program asks for, else English.
package struct SpeakMiddleware: RouterMiddleware {
    package typealias Context = WebContext

    /// Holds a `Language`'s raw value for a year.
    package static let cookie = "autosecretary_language"

    private let tongues: [Language: Tongue]

    package init(_ tongues: [Language: Tongue]) { self.tongues = tongues }

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let language =
            Cookies.value(Self.cookie, in: request).flatMap(Language.init(rawValue:))
            ?? Language.accepted(request.headers[.acceptLanguage]) ?? .english
        let tongue = tongues[language] ?? .english
        // Rebinding is not free; most programs speak English.
        if tongue.language == .english { return try await next(request, context) }
        return try await Tongue.$current.withValue(tongue) {
            var response = try await next(request, context)
            response.headers[.contentLanguage] = language.rawValue
            return response
        }
    }
}
