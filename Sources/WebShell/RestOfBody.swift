import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Synchronization

/// Whether somebody has read the request's body, which can be done once only.
package final class BodyState: Sendable {
    private let isRead = Mutex(false)

    /// Answers whether it was unread so far.
    func take() -> Bool {
        isRead.withLock { isRead in
            defer { isRead = true }
            return !isRead
        }
    }
}

/// Reads the bodies that nobody asked for when the client wants the connection closed.
///
/// Such a client may send everything before it reads the answer, and on closing nothing reads what
/// it sends: it would wait for ever. On kept connections the HTTP server does this by itself.
package struct RestOfBody: RouterMiddleware {
    package typealias Context = WebContext

    package init() {}

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        if request.isClosing, request.hasBody, context.bodyState.take() {
            _ = try await request.body.firstBytes(0, drainsRest: true)
        }
        return response
    }
}

extension Request {
    fileprivate var isClosing: Bool { headers[.connection]?.lowercased() == "close" }

    fileprivate var hasBody: Bool {
        headers[.transferEncoding] != nil || (headers[.contentLength].flatMap { Int($0) } ?? 0) > 0
    }

    /// The body as it comes, for those who store it piece by piece; nil when it was read before.
    package func bodyParts(_ context: WebContext) -> RequestBody? {
        context.bodyState.take() ? body : nil
    }

    /// The whole body; throws `tooLarge` when it is longer than the bound, in bytes.
    package func wholeBody(_ context: WebContext, upTo bound: Int? = nil) async throws -> ByteBuffer {
        guard context.bodyState.take() else { return ByteBuffer() }
        let bound = bound ?? context.maxUploadSize
        guard let buffer = try await body.firstBytes(bound, drainsRest: isClosing) else {
            throw Refusal(.tooLarge, code: "too_large", "The body is too large.")
        }
        return buffer
    }
}

extension RequestBody {
    /// Bytes thrown away before the connection is closed all the same.
    private static let drained = 64 * 1024 * 1024

    /// The body, or nil when it has more bytes than the bound.
    fileprivate func firstBytes(_ bound: Int, drainsRest: Bool) async throws -> ByteBuffer? {
        var buffer = ByteBuffer()
        var seen = 0
        for try await var part in self {
            seen += part.readableBytes
            if seen <= bound {
                buffer.writeBuffer(&part)
            } else if !drainsRest || seen > Self.drained {
                return nil
            }
        }
        return seen > bound ? nil : buffer
    }
}
