import FrontOffice
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Logging
import NIOCore
import Store
import Synchronization
import TestSupport
import Testing

/// Somebody else's calendar server: answers as told and notes what it was asked.
final class CalendarHost: Sendable {
    struct Reply: Sendable {
        var status: HTTPResponse.Status = .ok
        var headers: HTTPFields = [:]
        var body = ""
    }
    struct Call: Sendable {
        var method: String
        var path: String
        var authorization: String?
        var ifNoneMatch: String?
    }
    private let state = Mutex((replies: [String: Reply](), calls: [Call]()))

    var calls: [Call] { state.withLock { $0.calls } }

    func answer(
        _ key: String, _ body: String = "", _ status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) {
        state.withLock { $0.replies[key] = Reply(status: status, headers: headers, body: body) }
    }

    static func run(
        _ body: @escaping @Sendable (CalendarHost, _ url: String) async throws -> Void
    ) async throws {
        let host = CalendarHost()
        let router = Router()
        for method in [HTTPRequest.Method.get, HTTPRequest.Method("REPORT")].compactMap({ $0 }) {
            router.on("**", method: method) { request, _ in
                let path = request.uri.path
                let reply = host.state.withLock { state in
                    state.calls.append(
                        Call(
                            method: method.rawValue, path: path,
                            authorization: request.headers[.authorization],
                            ifNoneMatch: request.headers[.ifNoneMatch]))
                    return state.replies["\(method.rawValue) \(path)"]
                        ?? Reply(status: .notFound)
                }
                let isKnown =
                    reply.headers[.eTag] != nil
                    && reply.headers[.eTag] == request.headers[.ifNoneMatch]
                return Response(
                    status: isKnown ? .notModified : reply.status, headers: reply.headers,
                    body: ResponseBody(byteBuffer: ByteBuffer(string: isKnown ? "" : reply.body)))
            }
        }
        var logger = Logger(label: "host")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: logger)
        try await application.test(.live) { client in
            try await body(host, "http://127.0.0.1:\(client.port ?? 0)")
        }
    }
}

@Suite("Outside calendars")
struct CalendarSourceTests {
    private static func event(_ uid: String, _ lines: String...) -> String {
        (["BEGIN:VEVENT", "UID:\(uid)", "DTSTAMP:20260301T000000Z"] + lines + ["END:VEVENT"])
            .joined(separator: "\r\n")
    }

    private static func file(_ events: String...) -> String {
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\n"
            + events.joined(separator: "\r\n") + "\r\nEND:VCALENDAR\r\n"
    }

    private static let weekly = event(
        "w", "DTSTART;TZID=America/New_York:20260325T100000",
        "DTEND;TZID=America/New_York:20260325T110000", "RRULE:FREQ=WEEKLY", "SUMMARY:Secret")

    private struct World {
        var office: TestOffice
        var account: String
        var staff: String
        var path: String

        init(_ office: TestOffice) async throws {
            self.office = office
            account = try await office.makeAccount()
            staff = try await office.call(
                .post, "/accounts/\(account)/staff", ["name": "Ann"]
            ).id
            path = "/staff/\(staff)/calendar_sources"
        }

        func starts() async throws -> [String] {
            try await office.call(.get, "/accounts/\(account)/busy?limit=200").data
                .compactMap { $0["start"]?.string }.sorted()
        }

        func moveClock(minutes: Int) async throws {
            try await office.moveClock(to: TestOffice.start.advanced(byMinutes: minutes))
        }
    }

    @Test(arguments: TestEngine.available)
    func `block what they say, are read again by jobs and keep what they said last`(
        engine: TestEngine
    ) async throws {
        try await CalendarHost.run { host, url in
            try await TestOffice.run(on: engine) { office in
                let world = try await World(office)
                host.answer(
                    "GET /a.ics",
                    Self.file(
                        Self.weekly,
                        Self.event(
                            "t", "DTSTART:20260324T140000Z", "DTEND:20260324T150000Z",
                            "TRANSP:TRANSPARENT"),
                        Self.event(
                            "c", "DTSTART:20260324T140000Z", "DTEND:20260324T150000Z",
                            "STATUS:CANCELLED"),
                        Self.event("bad", "SUMMARY:No start"),
                        Self.event("d", "DTSTART;VALUE=DATE:20260401", "SUMMARY:Off")),
                    headers: [.eTag: "\"1\""])
                let made = try await office.call(
                    .post, world.path,
                    [
                        "name": "Private", "url": .string(url + "/a.ics"), "username": "ann",
                        "password": "hush hush",
                    ])
                #expect(made.status == 201, "\(made.text)")
                #expect(!made.text.contains("hush") && made["has_password"].bool == true)
                #expect(host.calls.isEmpty, "nobody waits for it")
                try await world.moveClock(minutes: 1)
                let starts = try await world.starts()
                // A day back, 180 days ahead: 25 weeks and a half; the day off takes one of them in.
                #expect(starts.count == 26, "\(starts)")
                #expect(
                    starts.prefix(3) == [
                        "2026-03-25T14:00:00Z", "2026-04-01T04:00:00Z", "2026-04-08T14:00:00Z",
                    ])
                let rows = try await office.call(.get, "/accounts/\(world.account)/busy")
                #expect(!rows.text.contains("Secret") && rows.text.contains("Private"))
                #expect(rows.data[0]["source_id"]?.string == made.id)
                #expect(host.calls.last?.authorization == "Basic YW5uOmh1c2ggaHVzaA==")
                let stored = try await office.wiring.store.read { tx in
                    try tx.first("SELECT password FROM calendar_sources") { try $0.text(0) }
                }
                #expect(stored?.contains("hush") == false)

                try await world.moveClock(minutes: 60)
                #expect(host.calls.last?.ifNoneMatch == "\"1\"")
                #expect(try await world.starts() == starts)
                // It is away: what it said last counts.
                host.answer("GET /a.ics", "", .internalServerError)
                try await world.moveClock(minutes: 120)
                var shown = try await office.call(.get, "/calendar_sources/\(made.id)")
                #expect(shown["last_error"].string == "The address answered 500.")
                #expect(shown["last_success_at"].string != nil)
                #expect(try await world.starts() == starts)
                let torn = String(Self.file(Self.weekly).dropLast(20))
                for (index, wrong) in ["<html>", "BEGIN:VCALENDAR", torn].enumerated() {
                    host.answer("GET /a.ics", wrong)
                    try await world.moveClock(minutes: 180 + index * 60)
                    shown = try await office.call(.get, "/calendar_sources/\(made.id)")
                    #expect(shown["last_error"].string?.contains("alendar") == true, "\(wrong)")
                    #expect(try await world.starts() == starts)
                }
                // It says something else: all of it is replaced.
                host.answer(
                    "GET /a.ics",
                    Self.file(
                        Self.event("n", "DTSTART:20260324T160000Z", "DTEND:20260324T170000Z"),
                        Self.event("o", "DTSTART:20260324T163000Z", "DTEND:20260324T180000Z")))
                try await world.moveClock(minutes: 360)
                shown = try await office.call(.get, "/calendar_sources/\(made.id)")
                #expect(shown["last_error"] == .null && shown["event_count"].int == 1)
                #expect(try await world.starts() == ["2026-03-24T16:00:00Z"])

                let id = try await office.call(.get, "/accounts/\(world.account)/busy").data[0]
                let fixed = try await office.call(.delete, "/busy/\(id["id"]?.string ?? "")")
                #expect(fixed.status == 409)
                #expect(
                    try await office.call(.delete, "/calendar_sources/\(made.id)").status == 204)
                #expect(try await world.starts().isEmpty)
                #expect(try await office.call(.get, "/calendar_sources/\(made.id)").status == 404)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `are read from CalDAV collections, and behind redirects without the password`(
        engine: TestEngine
    ) async throws {
        try await CalendarHost.run { other, otherURL in
            try await CalendarHost.run { host, url in
                try await TestOffice.run(on: engine) { office in
                    let world = try await World(office)
                    host.answer("GET /dav/", "<html>")
                    let data = Self.file(Self.weekly).replacing("&", with: "&amp;")
                    let empty = "<D:response><D:href>/x</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"
                    host.answer(
                        "REPORT /dav/",
                        "<D:multistatus xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:response><D:href>/dav/1.ics</D:href><D:propstat><D:prop><C:calendar-data>\(data)</C:calendar-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>\(empty)</D:multistatus>",
                        .init(code: 207)
                    )
                    let dav = try await office.call(
                        .post, world.path, ["url": .string(url + "/dav/")])
                    try await world.moveClock(minutes: 1)
                    #expect(try await world.starts().count == 26)
                    let shown = try await office.call(.get, "/calendar_sources/\(dav.id)")
                    #expect(shown["last_error"] == .null, "\(shown.text)")
                    try await office.call(.delete, "/calendar_sources/\(dav.id)")

                    host.answer(
                        "GET /moved", "", .found, headers: [.location: otherURL + "/b.ics"])
                    other.answer("GET /b.ics", Self.file(Self.weekly))
                    host.answer("GET /round", "", .found, headers: [.location: "/round"])
                    let ids = try await [
                        "/moved", "/round", "/none",
                    ].asyncMap { path in
                        try await office.call(
                            .post, world.path,
                            ["url": .string(url + path), "username": "a", "password": "b"]
                        ).id
                    }
                    try await world.moveClock(minutes: 2)
                    #expect(try await world.starts().count == 26)
                    #expect(other.calls.count == 1 && other.calls[0].authorization == nil)
                    for (id, word) in [(ids[1], "too many times"), (ids[2], "404")] {
                        let answer = try await office.call(.get, "/calendar_sources/\(id)")
                        #expect(answer["last_error"].string?.contains(word) == true)
                        #expect(answer["last_success_at"] == .null)
                    }
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `never lead a business into private networks, nor take nonsense`(
        engine: TestEngine
    ) async throws {
        try await CalendarHost.run { host, url in
            try await TestOffice.run(on: engine) { office in
                let world = try await World(office)
                host.answer("GET /a.ics", Self.file(Self.weekly))
                let owner = try await office.makeMember("owner", of: world.account)
                let made = try await office.call(
                    .post, world.path, ["url": .string(url + "/a.ics")], as: owner)
                #expect(made.status == 201)
                // The office's own address that a business changes is the business's.
                let ours = try await office.call(
                    .post, world.path, ["url": .string(url + "/a.ics"), "password": "b"])
                let changed = try await office.call(
                    .patch, "/calendar_sources/\(ours.id)", ["url": .string(url + "/b.ics")],
                    as: owner)
                #expect(changed.status == 200 && changed["has_password"].bool == false)
                try await world.moveClock(minutes: 1)
                #expect(host.calls.isEmpty)
                for id in [made.id, ours.id] {
                    let shown = try await office.call(.get, "/calendar_sources/\(id)")
                    #expect(shown["last_error"].string == "The address is a private one.")
                }
                #expect(try await world.starts().isEmpty)
                for (body, field) in [
                    ([:], "url"), (["url": "ftp://x/a"], "url"), (["url": "nothing"], "url"),
                    (["url": "https://a:b@x.test/"], "url"), (["url": 5], "url"),
                    (["url": "https://x.test/", "username": "a:b"], "username"),
                    (["url": "https://x.test/", "name": ""], "name"),
                ] as [(JSONValue, String)] {
                    let answer = try await office.call(.post, world.path, body)
                    #expect(answer.status == 422 && answer.badFields == [field], "\(answer.text)")
                }
                let stranger = try await office.makeMember(
                    "owner", of: office.makeAccount("other"))
                let staff = try await office.makeMember("staff", of: world.account)
                for (token, status) in [(stranger, 404), (staff, 403)] {
                    let paths = [world.path, "/calendar_sources/\(made.id)"]
                    for path in paths {
                        #expect(
                            try await office.call(.get, path, as: token).status == status)
                    }
                    let gone = try await office.call(
                        .delete, "/calendar_sources/\(made.id)", as: token)
                    #expect(gone.status == status)
                }
            }
        }
    }
}

extension [String] {
    fileprivate func asyncMap<T>(_ body: (String) async throws -> T) async rethrows -> [T] {
        var result: [T] = []
        for one in self { result.append(try await body(one)) }
        return result
    }
}
