import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Store
import WebShell

/// The calendars of the staff for calendar programs (RFC 4791): `/dav`, found by `/.well-known/caldav`.
package struct CalDAVRoutes {
    static let mostXMLBytes = 2 * 1024 * 1024
    static let methods = [
        "OPTIONS", "GET", "HEAD", "PUT", "DELETE", "PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR",
        "MKCOL", "POST", "MOVE", "COPY", "LOCK", "UNLOCK", "PATCH", "ACL", "SEARCH",
    ].compactMap { HTTPRequest.Method($0) }

    let calendars: StaffCalendars
    var store: Store { calendars.store }

    package init(calendars: StaffCalendars) { self.calendars = calendars }

    /// `signIn` is behind the words for what goes wrong, so that a refused sign-in is told in them.
    package func add(
        to router: Router<WebContext>, signIn: some RouterMiddleware<WebContext>, challenge: String
    ) {
        let group = router.group("/dav").add(middleware: DAVProblems(challenge: challenge))
            .add(middleware: signIn)
        for method in Self.methods {
            router.on("/.well-known/caldav", method: method) { _, _ in
                Response(
                    status: .movedPermanently, headers: [.location: DAVAddress.root.path])
            }
            for path in ["", "**"] as [RouterPath] {
                group.on(path, method: method) { request, context in
                    try await answer(DAVCall(request, context))
                }
            }
        }
    }

    private func answer(_ call: DAVCall) async throws -> Response {
        guard call.actor.mayReadCalendars else {
            throw DAVFailure(
                .forbidden, .dav("need-privileges"), t("This token's scopes do not allow this."))
        }
        switch call.request.method.rawValue {
        case "OPTIONS":
            // Also where nothing is yet: programs ask before they write.
            let headers: HTTPFields = [.allow: Self.allowed(at: call.address)]
            return Response(status: .ok, headers: headers.davFeatures)
        case "PROPFIND": return try await propfind(call)
        case "REPORT": return try await report(call)
        case "GET", "HEAD": return try await get(call)
        case "PUT", "DELETE", "PROPPATCH", "MKCALENDAR", "MKCOL":
            guard call.actor.mayWriteCalendars else {
                throw DAVFailure(
                    .forbidden, .dav("need-privileges"), t("This token's scopes do not allow this."))
            }
            return try await write(call)
        default:
            throw Refusal(
                .method, code: "method_not_allowed", "There is nothing here for this method.",
                allow: Self.allowed(at: call.address))
        }
    }

    private static func allowed(at address: DAVAddress?) -> String {
        switch address {
        case .member: "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH"
        case .calendar: "OPTIONS, PROPFIND, PROPPATCH, REPORT"
        default: "OPTIONS, PROPFIND, PROPPATCH"
        }
    }

    private func write(_ call: DAVCall) async throws -> Response {
        switch call.request.method.rawValue {
        case "PUT": return try await put(call)
        case "DELETE": return try await delete(call)
        case "PROPPATCH": return try await proppatch(call)
        default:
            throw DAVFailure(
                .forbidden, .calendar("calendar-collection-location-ok"),
                t("There is one calendar for each of the staff; others cannot be made."))
        }
    }

    // MARK: One event

    private func get(_ call: DAVCall) async throws -> Response {
        guard case .member(call.actor.user, let staff, let name) = call.address else {
            guard let address = call.address else { throw Refusal.notFound() }
            _ = try await resource(at: address, for: call.actor)
            throw Refusal(
                .method, code: "method_not_allowed", "There is nothing here for this method.",
                allow: Self.allowed(at: address))
        }
        let calendars = calendars
        let (entry, text) = try await store.read { tx in
            let calendar = try StaffCalendars.calendar(staff, for: call.actor, in: tx)
            guard let entry = try calendars.entry(named: name, of: calendar, in: tx) else {
                throw Refusal.notFound()
            }
            return (entry, calendars.speaking(of: calendar) { entry.text })
        }
        let headers: HTTPFields = [
            .eTag: entry.etag, .contentType: "text/calendar; charset=utf-8",
            .cacheControl: "private, no-cache",
        ]
        if DAVCall.tags(call.request.headers[.ifNoneMatch])?.contains(entry.etag) == true {
            return Response(status: .notModified, headers: headers)
        }
        var response = Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
        if call.request.method == .head {
            response.body = .init()
            response.headers[.contentLength] = String(text.utf8.count)
        }
        return response
    }

    private func put(_ call: DAVCall) async throws -> Response {
        guard case .member(call.actor.user, let staff, let name) = call.address else {
            guard let address = call.address else { throw Refusal.notFound() }
            _ = try await resource(at: address, for: call.actor)
            throw Refusal(
                .method, code: "method_not_allowed", "There is nothing here for this method.",
                allow: Self.allowed(at: address))
        }
        if let type = call.request.headers[.contentType], !type.lowercased().contains("calendar") {
            throw DAVFailure(
                .unsupportedMediaType, .calendar("supported-calendar-data"),
                t("Only calendars (text/calendar) are kept here."))
        }
        let body: ByteBuffer
        do {
            body = try await call.request.wholeBody(call.context, upTo: StaffCalendars.mostBytes)
        } catch let refusal as Refusal where refusal.kind == .tooLarge {
            throw DAVFailure(
                .contentTooLarge, .calendar("max-resource-size"), t("The event is too large."))
        }
        guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw StaffCalendars.Unfit(reason: t("The text is not UTF-8."))
        }
        do {
            let written = try await calendars.put(
                text, named: name, in: staff, call.condition, by: call.actor)
            var response = Response(status: written.isNew ? .created : .noContent)
            if let etag = written.etag { response.headers[.eTag] = etag }
            return response
        } catch let same as StaffCalendars.SameUID {
            throw DAVFailure(
                .forbidden, .calendar("no-uid-conflict"),
                t("This calendar has an event with this UID already."),
                href: DAVAddress.member(call.actor.user, staff, name: same.name).path)
        }
    }

    private func delete(_ call: DAVCall) async throws -> Response {
        guard case .member(call.actor.user, let staff, let name) = call.address else {
            guard let address = call.address else { throw Refusal.notFound() }
            _ = try await resource(at: address, for: call.actor)
            throw DAVFailure(
                .forbidden, .dav("need-privileges"), t("The calendar of somebody stays."))
        }
        try await calendars.delete(named: name, in: staff, call.condition, by: call.actor)
        return Response(status: .noContent)
    }

    // MARK: What is where

    /// What is at an address; throws as a stranger hears it.
    func resource(at address: DAVAddress, for actor: Actor) async throws -> DAVResource {
        try await store.read { tx in
            try Self.resource(at: address, for: actor, calendars, in: tx)
        }
    }

    static func resource(
        at address: DAVAddress, for actor: Actor, _ calendars: StaffCalendars, in tx: Transaction
    ) throws -> DAVResource {
        let kind: DAVResource.Kind
        switch address {
        case .root: kind = .root
        case .principals: kind = .principals
        case .principal(actor.user): kind = .principal
        case .home(actor.user): kind = .home
        case .calendar(actor.user, let staff):
            kind = .calendar(try StaffCalendars.calendar(staff, for: actor, in: tx))
        case .member(actor.user, let staff, let name):
            let calendar = try StaffCalendars.calendar(staff, for: actor, in: tx)
            guard let entry = try calendars.entry(named: name, of: calendar, in: tx) else {
                throw Refusal.notFound()
            }
            kind = .entry(calendar, entry)
        default: throw Refusal.notFound()
        }
        return DAVResource(kind: kind, address: address, actor: actor)
    }
}

extension HTTPFields {
    /// With what this server can do (RFC 4918 §18, RFC 4791 §5.1).
    var davFeatures: HTTPFields {
        var fields = self
        if let name = HTTPField.Name("DAV") { fields[name] = "1, 3, calendar-access" }
        return fields
    }
}

/// One request of a calendar program.
struct DAVCall: Sendable {
    let request: Request
    let context: WebContext
    let actor: Actor
    /// nil: nothing has such an address.
    let address: DAVAddress?

    init(_ request: Request, _ context: WebContext) throws {
        self.request = request
        self.context = context
        actor = try context.requireActor()
        address = DAVAddress(request.uri.path)
    }

    /// The body as XML; nil when there is none.
    func xml() async throws -> DAVElement? {
        let bytes = Array(
            try await request.wholeBody(context, upTo: CalDAVRoutes.mostXMLBytes)
                .readableBytesView)
        if bytes.isEmpty { return nil }
        guard let element = DAVElement(bytes) else {
            throw DAVFailure(.badRequest, nil, t("The body is no XML that is read here."))
        }
        return element
    }

    var condition: StaffCalendars.Condition {
        var condition = StaffCalendars.Condition()
        condition.tags = Self.tags(request.headers[.ifMatch])
        condition.isNew = request.headers[.ifNoneMatch]?.contains("*") ?? false
        return condition
    }

    /// Entity tags of a header; ours have no commas.
    static func tags(_ header: String?) -> [String]? {
        header?.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    }
}
