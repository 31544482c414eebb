import Accounts
import Foundation
import FrontOffice
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Logging
import NIOCore
import Store
import Testing

/// An office under test: the production wiring on a fresh database and a frozen clock, with an
/// admin's token at hand. When it closes, jobs that died are a failure.
package struct TestOffice: Sendable {
    package let wiring: Wiring
    package let client: any TestClientProtocol
    /// A bearer token of the office's admin.
    package let admin: String
    /// 09:00 on a Monday in New York.
    package static let start = Instant(milliseconds: 1_774_270_800_000)  // 2026-03-23T13:00:00Z

    /// Opens an office, runs the test, closes and removes it. `overHTTP`: calls go through a port of
    /// this machine, as streams need.
    package static func run(
        on engine: TestEngine, overHTTP: Bool = false,
        _ body: @escaping @Sendable (TestOffice) async throws -> Void
    ) async throws {
        let database = try await engine.makeOfficeDatabase()
        do { try await run(on: database, overHTTP: overHTTP, body) } catch {
            try await database.remove()
            throw error
        }
        try await database.remove()
    }

    private static func run(
        on database: TestDatabase, overHTTP: Bool,
        _ body: @escaping @Sendable (TestOffice) async throws -> Void
    ) async throws {
        var configuration = Configuration(
            database: database.url, resources: try TestResources.root())
        configuration.testClock = start
        configuration.passwordRounds = 16
        let files = FileManager.default.temporaryDirectory.appendingPathComponent(
            "as-files-" + Ambient.live().secret(bytes: 9))
        configuration.files = files.path
        defer { try? FileManager.default.removeItem(at: files) }  // Maybe nothing was stored.
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let wiring = try await Wiring.open(configuration, logger: logger)
        let user = try await wiring.people.createOfficeUser(
            .init(email: "admin@office.test", name: "Ada Admin", role: .admin, password: nil),
            by: .system)
        let token = try await wiring.gatekeeper.createToken(
            of: user.id, name: "test", scopes: ["admin"], by: .system)
        let application = Application(responder: wiring.responder(), logger: logger)
        do {
            try await application.test(overHTTP ? .ahc(.http) : .router) { client in
                try await body(TestOffice(wiring: wiring, client: client, admin: token))
            }
        } catch {
            try wiring.store.close()
            throw error
        }
        let dead = try await wiring.store.read { tx in
            try tx.all("SELECT kind, last_error FROM jobs WHERE state = 'dead'") { row in
                "\(try row.text(0)): \(row.textOrNil(1) ?? "")"
            }
        }
        #expect(dead.isEmpty, "jobs died: \(dead)")
        try wiring.store.close()
    }

    /// One answer of the API.
    package struct Answer: Sendable {
        package var status: Int
        package var headers: HTTPFields
        package var text: String
        package var json: JSONValue { JSONValue(parsing: text) ?? .null }

        package subscript(key: String) -> JSONValue { json[key] ?? .null }
        /// The `data` of a list.
        package var data: [JSONValue] { json["data"]?.array ?? [] }
        /// `field` of each error of a problem.
        package var badFields: [String] {
            (json["errors"]?.array ?? []).compactMap { $0["field"]?.string }
        }
        package var id: String { json["id"]?.string ?? "" }
    }

    /// Calls `/api/v1` + path; as the admin unless told otherwise (`as: nil` is signed out).
    @discardableResult
    package func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil,
        as token: String?? = nil, headers extra: HTTPFields = [:], raw: String? = nil
    ) async throws -> Answer {
        var headers = extra
        let bearer: String? = token ?? admin
        if let bearer { headers[.authorization] = "Bearer \(bearer)" }
        if body != nil || raw != nil, headers[.contentType] == nil {
            headers[.contentType] = "application/json"
        }
        return try await send(
            method, "/api/v1" + path, headers: headers, body: raw ?? body?.serialized)
    }

    /// Calls any address of the server.
    package func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, path, headers: headers)
    }

    /// The same by any method, with nothing added.
    package func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> Answer {
        try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers,
                text: String(buffer: response.body))
        }
    }

    // MARK: A small world

    /// A business in New York, open on weekdays 09:00–17:00; answers its id.
    package func makeAccount(_ slug: String = "mane") async throws -> String {
        let account = try await call(
            .post, "/accounts",
            [
                "name": .string("Business \(slug)"), "slug": .string(slug),
                "time_zone": "America/New_York",
            ])
        #expect(account.status == 201)
        let weekly = (1...5).map { day -> JSONValue in
            ["weekday": .number(day), "start": "09:00", "end": "17:00"]
        }
        try await call(.put, "/accounts/\(account.id)/schedule", ["weekly": .array(weekly)])
        return account.id
    }

    /// An inbox of channel `api`; answers its id.
    package func makeInbox(
        of account: String, channel: String = "api", config: JSONValue = [:]
    ) async throws -> String {
        let inbox = try await call(
            .post, "/accounts/\(account)/inboxes",
            ["name": "Inbox", "channel": .string(channel), "config": config])
        #expect(inbox.status == 201, "\(inbox.text)")
        return inbox.id
    }

    /// A person of the office with a role; answers their token.
    package func makeAgent(
        _ role: String, email: String? = nil, scopes: [JSONValue] = ["admin"]
    ) async throws -> String {
        let user = try await call(
            .post, "/users",
            [
                "email": .string(email ?? "\(role)@office.test"), "name": .string("Agent \(role)"),
                "role": .string(role),
            ])
        #expect(user.status == 201, "\(user.text)")
        return try await token(of: user.id, scopes)
    }

    /// A member of an account; answers their token.
    package func makeMember(_ role: String, of account: String) async throws -> String {
        let user = try await call(
            .post, "/accounts/\(account)/members",
            [
                "email": .string("\(role)-\(account)@business.test"), "name": .string("Member"),
                "role": .string(role),
            ])
        #expect(user.status == 201, "\(user.text)")
        return try await token(of: user.id, ["admin"])
    }

    private func token(of user: String, _ scopes: [JSONValue]) async throws -> String {
        let token = try await call(
            .post, "/users/\(user)/tokens", ["name": "test", "scopes": .array(scopes)])
        #expect(token.status == 201, "\(token.text)")
        return token["token"].string ?? ""
    }

    /// A message through an inbox of channel `api`.
    @discardableResult
    package func receive(
        _ text: String, source: String, from address: String = "visitor-1", inbox: String
    ) async throws -> Answer {
        try await call(
            .post, "/inboxes/\(inbox)/inbound",
            [
                "source_id": .string(source), "text": .string(text),
                "from": ["address": .string(address), "name": "Dana"],
            ])
    }

    /// Moves the virtual clock, running everything that falls due.
    package func moveClock(to instant: Instant) async throws {
        let answer = try await call(.post, "/test_clock", ["now": .instant(instant)])
        #expect(answer.status == 200, "\(answer.text)")
    }
}
