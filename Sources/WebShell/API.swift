import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Store
import Synchronization

/// One call of the API by somebody who is known.
package struct APICall: Sendable {
    package let request: Request
    package let context: WebContext
    package let actor: Actor
    /// The parsed body; an empty object when there was none.
    package let body: JSONValue

    /// A path parameter as an id.
    package func id<Kind>(
        _ name: String = "id", _ type: Identifier<Kind>.Type = Identifier<Kind>.self
    ) -> Identifier<Kind> { Identifier(context.parameters.get(name) ?? "") }

    package func query(_ name: String) -> String? {
        request.uri.queryParameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// An instant of the query, which must be there.
    package func instant(_ name: String) throws -> Instant {
        guard let value = try optionalInstant(name) else {
            throw Refusal.invalid(name, "required", "is required.")
        }
        return value
    }

    package func optionalInstant(_ name: String) throws -> Instant? {
        guard let text = query(name) else { return nil }
        // An unescaped plus in a query arrives as a space.
        guard let value = Instant(rfc3339: text.replacing(" ", with: "+")) else {
            throw Refusal.invalid(
                name, "instant", "must be an RFC 3339 instant between 1970 and 2100.")
        }
        return value
    }

    package func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = query(name) else { return nil }
        // Int reads "+5" as well.
        guard !text.hasPrefix("+"), let value = Int(text), range.contains(value) else {
            throw Refusal.invalid(
                name, "range", "must be a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// `limit` and `cursor` of a list.
    package func paging() throws -> Paging {
        let limit = try integer("limit", in: 1...200) ?? 50
        guard let cursor = query("cursor") else { return Paging(limit: limit, after: nil) }
        guard cursor.utf8.count <= 300, let position = OpaqueCursor.position(cursor) else {
            throw Refusal.invalid("cursor", "cursor", "is not a cursor of this list.")
        }
        return Paging(limit: limit, after: position)
    }

    /// `from` and `to` of the query, each of which may be missing.
    package func period() throws -> (from: Instant?, to: Instant?) {
        let (from, to) = (try optionalInstant("from"), try optionalInstant("to"))
        if let from, let to, to <= from {
            throw Refusal.invalid("to", "order", "must be after from.")
        }
        return (from, to)
    }

    /// The version of `If-Match: "7"`; nil when the header is absent, or `*`.
    package func expectedVersion() throws -> Int? {
        guard let header = request.headers[.ifMatch], header != "*" else { return nil }
        guard let version = Int(header.replacing("\"", with: "").replacing("W/", with: "")) else {
            throw Refusal.stale()
        }
        return version
    }

    package func input() throws -> Input { try Input(body) }
}

package struct APIAnswer: Sendable {
    package var status: HTTPResponse.Status
    package var body: JSONValue?
    /// Instead of `body`: JSON that is written already.
    package var written: [UInt8]?
    package var location: String?
    package var version: Int?
    /// Shows something once that is stored nowhere readable, such as a token.
    package var holdsSecret = false

    /// The same, marked as holding a secret.
    package var secret: APIAnswer {
        var answer = self
        answer.holdsSecret = true
        return answer
    }

    package static func ok(_ body: JSONValue, version: Int? = nil) -> APIAnswer {
        APIAnswer(status: .ok, body: body, location: nil, version: version)
    }

    package static func created(
        _ body: JSONValue, at location: String, version: Int? = nil
    ) -> APIAnswer {
        APIAnswer(status: .created, body: body, location: location, version: version)
    }

    package static func accepted(_ body: JSONValue) -> APIAnswer {
        APIAnswer(status: .accepted, body: body, location: nil, version: nil)
    }

    package static let noContent = APIAnswer(
        status: .noContent, body: nil, location: nil, version: nil)

    package var response: Response {
        if let written { return Response.json(written: written, status: status) }
        guard let body else { return Response(status: status) }
        var response = Response.json(body, status: status)
        if let location { response.headers[.location] = location }
        if let version { response.headers[.eTag] = "\"\(version)\"" }
        return response
    }
}

/// The routes under `/api/v1`: each names the resource that scopes speak of.
package struct APIRoutes {
    package typealias Handler = @Sendable (APICall) async throws -> APIAnswer

    private let group: RouterGroup<WebContext>
    package let idempotency: Idempotency
    /// `METHOD /path` of everything registered, for the check against openapi.yaml.
    package let listing: RouteListing

    package init(_ group: RouterGroup<WebContext>, store: Store, ambient: Ambient) {
        self.group = group
        idempotency = Idempotency(store: store, ambient: ambient)
        listing = RouteListing()
    }

    package func get(_ path: String, _ resource: String, _ handler: @escaping Handler) {
        add(.get, path, resource, administers: false, handler)
    }

    package func post(
        _ path: String, _ resource: String, administers: Bool = false, _ handler: @escaping Handler
    ) {
        add(.post, path, resource, administers: administers, handler)
    }

    package func put(_ path: String, _ resource: String, _ handler: @escaping Handler) {
        add(.put, path, resource, administers: false, handler)
    }

    package func patch(
        _ path: String, _ resource: String, administers: Bool = false, _ handler: @escaping Handler
    ) {
        add(.patch, path, resource, administers: administers, handler)
    }

    package func delete(
        _ path: String, _ resource: String, administers: Bool = false, _ handler: @escaping Handler
    ) {
        add(.delete, path, resource, administers: administers, handler)
    }

    /// A route that answers by itself (streams), after sign-in and scope were checked.
    package func stream(
        _ path: String, _ resource: String,
        _ handler: @escaping @Sendable (APICall) async throws -> Response
    ) {
        listing.add(.get, path)
        group.get(RouterPath(path)) { request, context in
            let actor = try Self.permitted(context, resource, writes: false, administers: false)
            return try await handler(
                APICall(request: request, context: context, actor: actor, body: .object([:])))
        }
    }

    /// A route that reads its body by itself, piece by piece, and answers in its own way (uploads).
    package func raw(
        _ method: HTTPRequest.Method, _ path: String, _ resource: String,
        _ handler: @escaping @Sendable (APICall) async throws -> Response
    ) {
        listing.add(method, path)
        group.on(RouterPath(path), method: method) { request, context in
            let writes = ![.get, .head, .options].contains(method)
            let actor = try Self.permitted(context, resource, writes: writes, administers: false)
            return try await handler(
                APICall(request: request, context: context, actor: actor, body: .object([:])))
        }
    }

    private func add(
        _ method: HTTPRequest.Method, _ path: String, _ resource: String, administers: Bool,
        _ handler: @escaping Handler
    ) {
        listing.add(method, path)
        group.on(RouterPath(path), method: method) { [idempotency] request, context in
            let actor = try Self.permitted(
                context, resource, writes: method != .get, administers: administers)
            let (body, bytes) =
                method == .get ? (.object([:]), []) : try await Self.body(request, context)
            // What is put replaces the whole: nothing would wipe it.
            if method == .put, bytes.isEmpty {
                throw Refusal(.malformed, code: "malformed", "The body is not JSON.")
            }
            let call = APICall(request: request, context: context, actor: actor, body: body)
            guard method == .post, let name = HTTPField.Name("Idempotency-Key"),
                let key = request.headers[name]
            else { return try await handler(call).response }
            return try await idempotency.once(
                key: key, by: actor, path: request.uri.path, body: bytes,
                seal: AnswerSeal(of: request, context)
            ) { try await handler(call) }
        }
    }

    private static func permitted(
        _ context: WebContext, _ resource: String, writes: Bool, administers: Bool
    ) throws -> Actor {
        let actor = try context.requireActor()
        guard actor.hasScope(resource, writes: writes, administers: administers) else {
            throw Refusal.forbidden("This token's scopes do not allow this.")
        }
        return actor
    }

    private static func body(
        _ request: Request, _ context: WebContext
    ) async throws -> (JSONValue, [UInt8]) {
        let buffer = try await request.wholeBody(context)
        let bytes = Array(buffer.readableBytesView)
        if bytes.isEmpty { return (.object([:]), []) }
        if let type = request.headers[.contentType], !isJSON(type) {
            throw Refusal(.unsupported, code: "unsupported", "The body must be JSON.")
        }
        guard let value = JSONValue(parsing: bytes) else {
            throw Refusal(.malformed, code: "malformed", "The body is not JSON.")
        }
        return (value, bytes)
    }

    /// `application/json`, or a type built on it (RFC 6839 §3.1).
    private static func isJSON(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
        return name == "application/json" || name == "text/json" || name.hasSuffix("+json")
    }

    /// Says of every known address which methods it takes (RFC 9110 §15.5.6). Called when all
    /// routes were added.
    package func refuseOtherMethods() {
        for (path, methods) in listing.methods {
            let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
            for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete]
            where !methods.contains(method) {
                group.on(RouterPath(path), method: method) { _, context -> Response in
                    _ = try context.requireActor()
                    throw Refusal(
                        .method, code: "method_not_allowed",
                        "There is nothing here for this method.", allow: allowed)
                }
            }
        }
    }
}

package final class RouteListing: Sendable {
    private let routes = Mutex<[String: [HTTPRequest.Method]]>([:])

    func add(_ method: HTTPRequest.Method, _ path: String) {
        routes.withLock { $0[path, default: []].append(method) }
    }

    var methods: [String: [HTTPRequest.Method]] { routes.withLock { $0 } }

    /// Sorted `METHOD /path` lines.
    package var all: [String] {
        methods.flatMap { path, methods in methods.map { "\($0.rawValue) \(path)" } }.sorted()
    }
}
