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
import Synchronization
import TestSupport
import Testing

/// The production wiring with its log in view: what `TestOffice` keeps quiet.
struct WatchedOffice: Sendable {
    let wiring: Wiring
    let client: any TestClientProtocol
    let lines: LogLines

    /// Opens the office on a database that may hold something already.
    static func run(
        on url: String, level: Logger.Level = .trace,
        configure: (inout Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (WatchedOffice) async throws -> Void
    ) async throws {
        var configuration = Configuration(database: url, resources: try TestResources.root())
        configuration.testClock = TestOffice.start
        configuration.passwordRounds = 16
        configure(&configuration)
        let lines = LogLines()
        var logger = Logger(label: "test") { _ in
            LineLogHandler(format: .json, sink: { lines.add($0) })
        }
        logger.logLevel = level
        let wiring = try await Wiring.open(configuration, logger: logger)
        let application = Application(router: wiring.router().router, logger: logger)
        do {
            try await application.test(.router) { client in
                try await body(WatchedOffice(wiring: wiring, client: client, lines: lines))
            }
        } catch {
            try wiring.store.close()
            throw error
        }
        try wiring.store.close()
    }

    /// The same on a fresh database.
    static func run(
        on engine: TestEngine, configure: (inout Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (WatchedOffice) async throws -> Void
    ) async throws {
        let database = try await engine.makeDatabase()
        do { try await run(on: database.url, configure: configure, body) } catch {
            try await database.remove()
            throw error
        }
        try await database.remove()
    }

    func admin() async throws -> String {
        let user = try await wiring.people.createOfficeUser(
            .init(email: "ada@office.test", name: "Ada Admin", role: .admin, password: nil),
            by: .system)
        return try await wiring.gatekeeper.createToken(
            of: user.id, name: "test", scopes: ["admin"], by: .system)
    }

    @discardableResult
    func send(
        _ method: HTTPRequest.Method, _ path: String, token: String? = nil,
        _ body: JSONValue? = nil, headers extra: HTTPFields = [:], raw: String? = nil
    ) async throws -> (status: Int, headers: HTTPFields, text: String, json: JSONValue) {
        var headers = extra
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil { headers[.contentType] = "application/json" }
        let text = raw ?? body?.serialized
        return try await client.execute(
            uri: path, method: method, headers: headers,
            body: text.map { ByteBuffer(string: $0) }
        ) { response in
            let text = String(buffer: response.body)
            return (
                response.status.code, response.headers, text, JSONValue(parsing: text) ?? .null
            )
        }
    }

    /// An answer that must be a success; its JSON.
    func call(
        _ method: HTTPRequest.Method, _ path: String, token: String, _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        let answer = try await send(method, "/api/v1" + path, token: token, body)
        #expect((200..<300).contains(answer.status), "\(method) \(path): \(answer.text)")
        return answer.json
    }
}

/// Captured lines of the log.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
    var text: String { all.joined(separator: "\n") }
    /// Those with a field of this value.
    func having(_ field: String, _ value: String) -> [JSONValue] {
        all.compactMap { JSONValue(parsing: $0) }.filter { $0[field]?.string == value }
    }
}

extension JSONValue {
    /// Text at a key, or nothing.
    func text(_ key: String) -> String { self[key]?.string ?? "" }
}
