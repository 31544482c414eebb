import HTTPTypes
import Hummingbird
import Kernel
import Store
import WebShell

/// What programs ask about: PROPFIND and PROPPATCH (RFC 4918 §9.1, §9.2).
extension CalDAVRoutes {
    /// Which properties are wanted.
    enum Wanted: Sendable {
        case all
        case names
        case these([DAVName])

        var needsPosition: Bool {
            switch self {
            case .all: true
            case .names: false
            case .these(let names): names.contains { DAVResource.needPosition.contains($0) }
            }
        }
    }

    func propfind(_ call: DAVCall) async throws -> Response {
        guard let address = call.address else { throw Refusal.notFound() }
        let wanted = try await Self.wanted(call.xml())
        let depth = HTTPField.Name("Depth").flatMap { call.request.headers[$0] } ?? "0"
        guard ["0", "1"].contains(depth) else {
            // Members have nothing below them, so for those it does not matter.
            throw DAVFailure(
                depth.lowercased() == "infinity" ? .forbidden : .badRequest,
                .dav("propfind-finite-depth"), t("Ask for a depth of 0 or 1."))
        }
        let calendars = calendars
        @Sendable func look(_ tx: Transaction) throws -> [DAVText] {
            var resources = [try Self.resource(at: address, for: call.actor, calendars, in: tx)]
            if depth == "1" {
                resources += try Self.below(resources[0], for: call.actor, calendars, in: tx)
            }
            return try resources.map { resource in
                var resource = resource
                if wanted.needsPosition, case .calendar(let calendar) = resource.kind {
                    resource.position =
                        try calendars.changes(of: calendar, after: 0, limit: 0, in: tx)?.last
                }
                return Self.response(resource, wanted, calendars)
            }
        }
        // What is new is noted when it is asked for.
        let responses =
            wanted.needsPosition && address.mayHoldCalendar
            ? try await store.write { tx in try look(tx) }
            : try await store.read { tx in try look(tx) }
        return Self.multistatus(responses)
    }

    private static func below(
        _ resource: DAVResource, for actor: Actor, _ calendars: StaffCalendars, in tx: Transaction
    ) throws -> [DAVResource] {
        switch resource.kind {
        case .root:
            return try [.principals, .home(actor.user)].map { address in
                try Self.resource(at: address, for: actor, calendars, in: tx)
            }
        case .principals:
            let address = DAVAddress.principal(actor.user)
            return [try Self.resource(at: address, for: actor, calendars, in: tx)]
        case .principal, .entry: return []
        case .home:
            return try StaffCalendars.calendars(of: actor, in: tx).map { calendar in
                DAVResource(
                    kind: .calendar(calendar),
                    address: .calendar(actor.user, calendar.staff.id), actor: actor)
            }
        case .calendar(let calendar):
            return try calendars.entries(of: calendar, in: tx).map { entry in
                DAVResource(
                    kind: .entry(calendar, entry),
                    address: .member(actor.user, calendar.staff.id, name: entry.name),
                    actor: actor)
            }
        }
    }

    static func wanted(_ body: DAVElement?) throws -> Wanted {
        guard let body else { return .all }
        guard body.name == .dav("propfind") else {
            throw DAVFailure(.badRequest, nil, t("The body is not what this method takes."))
        }
        if body.first(.dav("propname")) != nil { return .names }
        if let list = body.first(.dav("prop")) { return .these(list.children.map(\.name)) }
        return .all
    }

    /// What one resource says to the question.
    static func response(
        _ resource: DAVResource, _ wanted: Wanted, _ calendars: StaffCalendars
    ) -> DAVText {
        var (found, missing): ([DAVText], [DAVText]) = ([], [])
        switch wanted {
        case .names: found = resource.names.map { .element($0) }
        case .all:
            found = resource.names.compactMap { name in
                resource.value(name).map { .element(name, $0) }
            }
        case .these(let names):
            for name in names {
                if let value = resource.value(name) {
                    found.append(.element(name, value))
                } else {
                    missing.append(.element(name))
                }
            }
        }
        return response(resource.address.path, found: found, missing: missing)
    }

    static func response(
        _ href: String, found: [DAVText], missing: [DAVText]
    ) -> DAVText {
        var content = DAVText.href(href)
        if !found.isEmpty || missing.isEmpty {
            content = content + propstat(found, "HTTP/1.1 200 OK")
        }
        if !missing.isEmpty { content = content + propstat(missing, "HTTP/1.1 404 Not Found") }
        return .element(.dav("response"), content)
    }

    static func propstat(
        _ properties: [DAVText], _ status: String, _ more: DAVText = .none
    ) -> DAVText {
        .element(
            .dav("propstat"),
            .element(.dav("prop"), .joined(properties))
                + .element(.dav("status"), .text(status)) + more)
    }

    /// A member that is not there.
    static func gone(_ href: String, _ status: String = "HTTP/1.1 404 Not Found") -> DAVText {
        .element(
            .dav("response"), .href(href) + .element(.dav("status"), .text(status)))
    }

    static func multistatus(_ responses: [DAVText], _ more: DAVText = .none) -> Response {
        .dav(
            .init(code: 207, reasonPhrase: "Multi-Status"),
            DAVText.document(.dav("multistatus"), .joined(responses) + more))
    }

    /// Names and colours are the program's own affair here: each is refused, none is forgotten.
    func proppatch(_ call: DAVCall) async throws -> Response {
        guard let address = call.address else { throw Refusal.notFound() }
        guard let body = try await call.xml(), body.name == .dav("propertyupdate") else {
            throw DAVFailure(.badRequest, nil, t("The body is not what this method takes."))
        }
        let resource = try await resource(at: address, for: call.actor)
        let names = body.children.flatMap { $0.all(.dav("prop")).flatMap(\.children).map(\.name) }
        let reason: Phrase = "This is set in the portal, or not at all."
        let refused = Self.propstat(
            names.map { .element($0) }, "HTTP/1.1 403 Forbidden",
            .element(.dav("error"), .element(.dav("cannot-modify-protected-property")))
                + .element(.dav("responsedescription"), .text(reason.text)))
        return Self.multistatus([
            .element(.dav("response"), .href(resource.address.path) + refused)
        ])
    }
}

extension DAVAddress {
    fileprivate var mayHoldCalendar: Bool {
        switch self {
        case .home, .calendar: true
        default: false
        }
    }
}
