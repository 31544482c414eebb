import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Logging
import Store
import TestSupport
import Testing
import WebShell
import Work

@Suite("The log")
struct LogTests {
    private static let header = HTTPField.Name("X-Request-Id")

    @Test(arguments: TestEngine.available)
    func `tells of a whole day and gives nobody away`(engine: TestEngine) async throws {
        let secrets = Secrets()
        try await WatchedOffice.run(on: engine) { office in
            let admin = try await office.admin()
            let account = try await Self.live(secrets, in: office, admin)
            let log = office.lines.text
            for secret in secrets.all + [admin] {
                #expect(!log.localizedCaseInsensitiveContains(secret), "the log has \(secret)")
            }
            #expect(!log.contains("ast_"), "a token is in the log")
            for line in office.lines.all {
                let json = try #require(JSONValue(parsing: line), "not JSON: \(line)")
                #expect(json["time"] != nil && json["level"] != nil && json["message"] != nil)
            }
            let requests = office.lines.all.compactMap { JSONValue(parsing: $0) }
                .filter { $0["http.route"] != nil && $0["http.status"] != nil }
            #expect(requests.count >= 15)
            for line in requests {
                #expect(!line.text("request.id").isEmpty)
                #expect(!line.text("http.route").contains("?"))
                #expect(line["duration_ms"] != nil)
            }
            #expect(
                requests.contains {
                    $0.text("account.id") == account && $0.text("user.id").hasPrefix("user_")
                })
        }
    }

    @Test func `a request's own id is kept when its shape is safe`() async throws {
        try await WatchedOffice.run(on: .sqlite) { office in
            let name = try #require(Self.header)
            let good = try await office.send(.get, "/nowhere", headers: [name: "trace-0123.ABC_9"])
            #expect(good.headers[name] == "trace-0123.ABC_9")
            #expect(office.lines.having("request.id", "trace-0123.ABC_9").count == 1)
            for bad in [
                "short", "with space 123", "a@b.example.org", String(repeating: "x", count: 65),
            ] {
                let answer = try await office.send(.get, "/nowhere", headers: [name: bad])
                let given = try #require(answer.headers[name])
                #expect(given != bad && RequestLog.isSafe(given))
            }
            let problem = try await office.send(
                .get, "/api/v1/accounts/none", token: try await office.admin(),
                headers: [name: "trace-in-problem"])
            #expect(problem.status == 404 && problem.headers[name] == "trace-in-problem")
        }
    }

    @Test(arguments: [
        ("mail bob.smith@example.com now", "mail [e-mail] now"),
        ("from <bob@x.org>, yes", "from <[e-mail]>, yes"),
        ("call +1 202 555 0123.", "call [number]."),
        ("call +12025550123", "call [number]"), ("8 (926) 123-45-67", "[number]"),
        ("peer 203.0.113.9:4431 left", "peer [address] left"),
        ("peer 2001:db8::1 left", "peer [address] left"),
        ("listening on 127.0.0.1:8080", "listening on 127.0.0.1:8080"),
        ("GET /x?token=abc done", "GET /x?… done"),
        ("Bearer ast_AbCdEfGhIjKlMnOpQrStUvWxYz012345", "Bearer [token]"),
        ("due 2026-03-23T13:00:00Z", "due 2026-03-23T13:00:00Z"), ("took 1500 ms", "took 1500 ms"),
    ])
    func `scrubs what must not be in it`(text: String, expected: String) {
        #expect(Redaction.scrubbed(text) == expected)
    }

    @Test func `does not quote the data that an error quotes`() {
        let text = "invalid input syntax for type bigint: \"Dana's diagnosis\""
        #expect(Redaction.error(text) == "invalid input syntax for type bigint: \"…\"")
    }

    @Test func `a line is one line, whoever wrote into it`() {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in
            LineLogHandler(format: .text, sink: { lines.add($0) })
        }
        logger.info("first\nsecond", metadata: ["field": "a\nlevel=error forged"])
        #expect(lines.all.count == 1 && !lines.text.contains("\n"))
    }
}

/// What the day holds that must not be written down.
private struct Secrets: Sendable {
    let text = "My knee hurts since Tuesday"
    let reply = "Take the afternoon slot"
    let email = "dana.client@private.example"
    let phone = "+12025550147"
    let password = "correct-horse-battery"
    let calendar = "cal-secret-7f3a9b"
    let query = "diagnosis"
    let name = "Dana Secretive"

    var all: [String] {
        [text, reply, email, phone, password, calendar, query, name, "2025550147"]
    }
}

extension LogTests {
    /// Sign-ins, chats, bookings and mistakes; answers the account's id.
    private static func live(
        _ secrets: Secrets, in office: WatchedOffice, _ admin: String
    ) async throws -> String {
        let account = try await office.call(
            .post, "/accounts", token: admin,
            ["name": "Mane", "slug": "mane", "time_zone": "America/New_York"]
        ).text("id")
        _ = try await office.call(
            .post, "/accounts/\(account)/members", token: admin,
            [
                "email": .string(secrets.email), "name": .string(secrets.name), "role": "owner",
                "password": .string(secrets.password),
            ])
        _ = try await office.call(
            .post, "/accounts/\(account)/contacts", token: admin,
            [
                "name": .string(secrets.name),
                "contact_points": [["channel": "sms", "address": .string(secrets.phone)]],
            ])
        // Its webhook cannot be reached: the job fails and is tried again.
        let inbox = try await office.call(
            .post, "/accounts/\(account)/inboxes", token: admin,
            [
                "name": "In", "channel": "api",
                "config": ["webhook_url": .string("http://127.0.0.1:1/\(secrets.calendar)")],
            ]
        ).text("id")
        let talk = try await office.call(
            .post, "/inboxes/\(inbox)/inbound", token: admin,
            [
                "source_id": "s1", "text": .string(secrets.text),
                "from": ["address": .string(secrets.phone), "name": .string(secrets.name)],
            ]
        ).text("conversation_id")
        _ = try await office.call(
            .post, "/conversations/\(talk)/messages", token: admin, ["text": .string(secrets.reply)]
        )
        try await office.wiring.worker.runDue()
        for path in [
            "/accounts/\(account)/contacts?query=\(secrets.query)",
            "/accounts/\(account)/conversations?query=\(secrets.email)",
        ] { _ = try await office.call(.get, path, token: admin) }
        // Mistakes.
        let wrong = "email=\(secrets.email)&password=\(secrets.password)x"
        try await office.send(
            .post, "/sign-in", headers: [.contentType: "application/x-www-form-urlencoded"],
            raw: wrong)
        try await office.send(.get, "/calendars/\(secrets.calendar).ics")
        try await office.send(.get, "/api/v1/accounts/\(secrets.phone)", token: admin)
        try await office.send(.get, "/api/v1/accounts", token: "ast_\(secrets.calendar)")
        try await office.send(
            .post, "/api/v1/accounts/\(account)/contacts", token: admin,
            headers: [.contentType: "application/json"], raw: "{\"name\": \"\(secrets.name)")
        try await office.send(
            .post, "/api/v1/accounts/\(account)/contacts", token: admin,
            ["name": .string(secrets.name), "time_zone": .string(secrets.query)])
        try await office.send(
            .post, "/widget/v1/\(inbox)/messages", ["text": .string(secrets.text)])
        for _ in 0..<3 { try await office.send(.get, "/\(secrets.email)?q=\(secrets.phone)") }
        // A fault of the program's own, with somebody's words in its text.
        office.wiring.logger.error(
            "Request failed",
            metadata: [
                "error": "\(StoreError.other(code: "1", message: "near \"\(secrets.text)\""))"
            ])
        return account
    }
}
