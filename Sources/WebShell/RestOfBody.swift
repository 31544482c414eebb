import HTTPTypes
import Hummingbird
import NIOCore

/// Reads what a handler left of a body when the client wants the connection closed.
///
/// Such a client may send everything before it reads the answer, and on closing nothing reads what
/// it sends: it would wait for ever. On kept connections the HTTP server does this by itself.
package struct RestOfBody: RouterMiddleware {
    package typealias Context = WebContext

    /// Bytes thrown away before the connection is closed all the same.
    private static let bound = 64 * 1024 * 1024

    package init() {}

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard request.headers[.connection]?.lowercased() == "close" else {
            return try await next(request, context)
        }
        // A body can be iterated once; this stream goes on where the handler stopped.
        var parts = request.body.makeAsyncIterator()
        let body = AsyncThrowingStream { try await parts.next() }
        var watched = request
        watched.body = RequestBody(asyncSequence: body)
        let response = try await next(watched, context)
        var seen = 0
        for try await part in body {
            seen += part.readableBytes
            if seen > Self.bound { break }
        }
        return response
    }
}
