import Accounts
import HTTPTypes
import Hummingbird
import ICalendar
import Kernel
import NIOCore
import Store
import WebShell

/// What programs look for: REPORT (RFC 4791 §7, RFC 6578 §3.2).
extension CalDAVRoutes {
    private static let mostHrefs = 10_000

    func report(_ call: DAVCall) async throws -> Response {
        guard case .calendar(call.actor.user, let staff) = call.address else {
            guard let address = call.address else { throw Refusal.notFound() }
            let found = try await resource(at: address, for: call.actor)
            return try await principals(call, found)
        }
        guard let body = try await call.xml() else {
            throw DAVFailure(.badRequest, nil, t("The body is not what this method takes."))
        }
        switch body.name {
        case .calendar("calendar-query"): return try await query(body, staff, call.actor)
        case .calendar("calendar-multiget"): return try await multiget(body, staff, call.actor)
        case .calendar("free-busy-query"): return try await freeBusy(body, staff, call.actor)
        case .dav("sync-collection"): return try await sync(body, staff, call.actor)
        default: throw DAVFailure(.forbidden, .dav("supported-report"))
        }
    }

    // MARK: People

    /// Who is there to be found: oneself (RFC 3744 §9.4, §9.5).
    private func principals(_ call: DAVCall, _ place: DAVResource) async throws -> Response {
        switch place.kind {
        case .root, .principals, .principal: break
        default: throw DAVFailure(.forbidden, .dav("supported-report"))
        }
        guard let body = try await call.xml() else {
            throw DAVFailure(.badRequest, nil, t("The body is not what this method takes."))
        }
        if body.name == .dav("principal-search-property-set") {
            let property = DAVText.element(
                .dav("principal-search-property"),
                .element(.dav("prop"), .element(.dav("displayname"))))
            return .dav(.ok, DAVText.document(.dav("principal-search-property-set"), property))
        }
        guard body.name == .dav("principal-property-search") else {
            throw DAVFailure(.forbidden, .dav("supported-report"))
        }
        let address = DAVAddress.principal(call.actor.user)
        let own = try await resource(at: address, for: call.actor)
        let fits = body.all(.dav("property-search")).allSatisfy { search in
            let text = search.first(.dav("match"))?.text.lowercased() ?? ""
            let names = search.first(.dav("prop"))?.children.map(\.name) ?? []
            return names.allSatisfy { $0 == .dav("displayname") }
                && (text.isEmpty || call.actor.name.lowercased().contains(text))
        }
        let names = body.first(.dav("prop"))?.children.map(\.name) ?? []
        return Self.multistatus(fits ? [Self.response(own, .these(names), calendars)] : [])
    }

    // MARK: What of each member

    /// The properties that a report wants, the event's text among them.
    private struct Shape {
        var names: [DAVName]
        var expand: DAVTimeRange?

        init(_ body: DAVElement) throws {
            let list = body.first(.dav("prop"))?.children
            names = list?.map(\.name) ?? [.dav("getetag")]
            if let data = list?.first(where: { $0.name == .calendar("calendar-data") }) {
                expand = try data.first(.calendar("expand")).map { try DAVTimeRange($0) }
            }
        }
    }

    private static func response(
        _ entry: CalendarEntry, _ shape: Shape, _ calendar: StaffCalendar, _ actor: Actor
    ) -> DAVText {
        let resource = DAVResource(
            kind: .entry(calendar, entry),
            address: .member(actor.user, calendar.staff.id, name: entry.name), actor: actor)
        var (found, missing): ([DAVText], [DAVText]) = ([], [])
        for name in shape.names {
            if name == .calendar("calendar-data") {
                found.append(.element(name, .text(text(of: entry, shape.expand, calendar))))
            } else if let value = resource.value(name) {
                found.append(.element(name, value))
            } else {
                missing.append(.element(name))
            }
        }
        return response(resource.address.path, found: found, missing: missing)
    }

    private static func text(
        of entry: CalendarEntry, _ expand: DAVTimeRange?, _ calendar: StaffCalendar
    ) -> String {
        let text = entry.text
        guard let expand, case .object(let object) = entry.source, object.isRepeating else {
            return text
        }
        // What is kept was read before; a rule without end is cut at what is asked for.
        do {
            return try CalendarReading.expanded(
                text, in: calendar.zone, from: expand.from, to: expand.to,
                most: StaffCalendars.mostOccurrences)
        } catch { return text }
    }

    // MARK: Queries

    private func query(
        _ body: DAVElement, _ staff: StaffID, _ actor: Actor
    ) async throws -> Response {
        let filter = try DAVFilter(body.first(.calendar("filter")))
        let shape = try Shape(body)
        let calendars = calendars
        let responses = try await store.read { tx in
            let calendar = try StaffCalendars.calendar(staff, for: actor, in: tx)
            let range = filter.range.flatMap { TimeRange(start: $0.from, end: $0.to) }
            return try calendars.speaking(of: calendar) {
                try calendars.entries(of: calendar, within: range, in: tx)
                    .filter { try filter.fits($0, in: calendar.zone) }
                    .map { Self.response($0, shape, calendar, actor) }
            }
        }
        return Self.multistatus(responses)
    }

    private func multiget(
        _ body: DAVElement, _ staff: StaffID, _ actor: Actor
    ) async throws -> Response {
        let shape = try Shape(body)
        let hrefs = body.all(.dav("href")).map { href in
            String(href.text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
                .reversed())
        }
        guard hrefs.count <= Self.mostHrefs else {
            throw DAVFailure(.forbidden, .dav("number-of-matches-within-limits"))
        }
        let calendars = calendars
        let responses = try await store.read { tx in
            let calendar = try StaffCalendars.calendar(staff, for: actor, in: tx)
            // One by one is cheaper for a few; for many everything is read once.
            let all: [String: CalendarEntry]? =
                hrefs.count <= 20
                ? nil
                : Dictionary(
                    try calendars.entries(of: calendar, in: tx).map { ($0.name, $0) }
                ) { first, _ in first }
            return try calendars.speaking(of: calendar) {
                try hrefs.map { href in
                    guard case .member(actor.user, staff, let name) = DAVAddress(href),
                        let entry = try all?[name]
                            ?? calendars.entry(named: name, of: calendar, in: tx)
                    else { return Self.gone(href) }
                    return Self.response(entry, shape, calendar, actor)
                }
            }
        }
        return Self.multistatus(responses)
    }

    // MARK: What is new

    private func sync(
        _ body: DAVElement, _ staff: StaffID, _ actor: Actor
    ) async throws -> Response {
        let shape = try Shape(body)
        let level = body.first(.dav("sync-level"))?.text ?? "1"
        guard level == "1" else {
            throw DAVFailure(.forbidden, .dav("sync-traversal-supported"), t("Ask for level 1."))
        }
        let unknown = DAVFailure(
            .forbidden, .dav("valid-sync-token"), t("This token is not of this calendar."))
        var position: Int64 = 0
        if let text = body.first(.dav("sync-token"))?.text.filter({ !$0.isWhitespace }),
            !text.isEmpty
        {
            guard let token = DAVSyncToken(text), token.staff == staff else { throw unknown }
            position = token.position
        }
        let limit = body.first(.dav("limit"))?.first(.dav("nresults")).flatMap { Int($0.text) }
        if let limit, limit < 1 {
            throw DAVFailure(.forbidden, .dav("number-of-matches-within-limits"))
        }
        let (calendars, after) = (calendars, position)
        let answer = try await store.write { tx -> ([DAVText], DAVSyncToken)? in
            let calendar = try StaffCalendars.calendar(staff, for: actor, in: tx)
            guard
                let news = try calendars.changes(
                    of: calendar, after: after, limit: limit, in: tx)
            else { return nil }
            var responses: [DAVText] = try calendars.speaking(of: calendar) {
                try news.changes.map { change in
                    let address = DAVAddress.member(actor.user, staff, name: change.name)
                    guard change.etag != nil,
                        let entry = try calendars.entry(named: change.name, of: calendar, in: tx)
                    else { return Self.gone(address.path) }
                    return Self.response(entry, shape, calendar, actor)
                }
            }
            if news.isCut {
                responses.append(
                    Self.gone(
                        DAVAddress.calendar(actor.user, staff).path,
                        "HTTP/1.1 507 Insufficient Storage"))
            }
            return (responses, DAVSyncToken(staff, news.position))
        }
        guard let (responses, token) = answer else { throw unknown }
        return Self.multistatus(
            responses, .element(.dav("sync-token"), .text(token.text)))
    }

    // MARK: Free or not

    private func freeBusy(
        _ body: DAVElement, _ staff: StaffID, _ actor: Actor
    ) async throws -> Response {
        guard let element = body.first(.calendar("time-range")) else {
            throw DAVFailure(.badRequest, nil, t("The body is not what this method takes."))
        }
        let range = try DAVTimeRange(element)
        guard let wanted = TimeRange(start: range.from, end: range.to) else {
            throw Refusal.notFound()
        }
        let (calendars, ambient) = (calendars, calendars.ambient)
        let text = try await store.read { tx in
            let calendar = try StaffCalendars.calendar(staff, for: actor, in: tx)
            var taken: [TimeRange] = []
            for entry in try calendars.entries(of: calendar, within: wanted, in: tx) {
                let found = try entry.occurrences(
                    from: wanted.start, to: wanted.end, in: calendar.zone)
                taken += found.filter(\.takesTime).compactMap {
                    TimeRange(start: $0.start, end: $0.end)
                }
            }
            // Also what was imported, and when the whole business is closed.
            taken += try BusyQueries.blocks(
                of: calendar.account.id, overlapping: wanted, in: tx
            ).filter { $0.party == nil || $0.party == calendar.party }.map(\.range)
            let cut = taken.compactMap { $0.intersection(wanted) }
            return FreeBusyDocument(
                uid: "\(staff)@autosecretary", range: wanted, taken: cut, madeAt: ambient.now()
            ).text
        }
        var response = Response(
            status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
        response.headers[.contentType] = "text/calendar; charset=utf-8"
        return response
    }
}
