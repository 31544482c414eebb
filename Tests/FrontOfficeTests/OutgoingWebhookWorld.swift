import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing
import Webhooks

/// A program that hears of events: notes what it gets, byte for byte, and answers as told.
final class EventReceiver: Sendable {
    struct Call: Sendable {
        var id: String
        var timestamp: String
        var signatures: [String]
        var text: String
        var body: JSONValue { JSONValue(parsing: text) ?? .null }
        var type: String? { body["type"]?.string }

        /// Whether one of its signatures is by this secret, as the specification computes it.
        func isSigned(with secret: String) -> Bool {
            guard let seconds = Int64(timestamp) else { return false }
            let wanted = WebhookSignature.header(
                id: id, timestamp: seconds, body: text, secrets: [secret])
            return signatures.contains(wanted)
        }
    }
    struct Reply: Sendable {
        var status: HTTPResponse.Status
        var headers: HTTPFields = [:]
        var body = ""
    }
    private struct State: Sendable {
        var calls: [Call] = []
        var replies: [Reply] = []
        var always = Reply(status: .ok, body: "thanks")
    }
    private let state = Mutex(State())

    var calls: [Call] { state.withLock { $0.calls } }
    var types: [String] { calls.compactMap(\.type) }

    func willAlwaysAnswer(
        _ status: HTTPResponse.Status, headers: HTTPFields = [:], _ body: String = ""
    ) {
        state.withLock { $0.always = Reply(status: status, headers: headers, body: body) }
    }

    func willAnswer(_ replies: Reply...) { state.withLock { $0.replies = replies } }

    func forget() { state.withLock { $0.calls = [] } }

    private func take(_ call: Call) -> Reply {
        state.withLock { state in
            state.calls.append(call)
            return state.replies.isEmpty ? state.always : state.replies.removeFirst()
        }
    }

    /// Listens on a free port of loopback while the body runs.
    static func run(
        _ body: @escaping @Sendable (EventReceiver, _ url: String) async throws -> Void
    ) async throws {
        let receiver = EventReceiver()
        let router = Router()
        router.post("**") { request, _ in
            func header(_ name: String) -> String {
                HTTPField.Name(name).flatMap { request.headers[$0] } ?? ""
            }
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let reply = receiver.take(
                Call(
                    id: header("webhook-id"), timestamp: header("webhook-timestamp"),
                    signatures: header("webhook-signature").split(separator: " ").map(String.init),
                    text: String(buffer: bytes)))
            return Response(
                status: reply.status, headers: reply.headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: reply.body)))
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: logger)
        try await application.test(.live) { client in
            try await body(receiver, "http://127.0.0.1:\(client.port ?? 0)/events?key=abc")
        }
    }
}

/// An office, a business in it and an endpoint of that business.
struct WebhookWorld: Sendable {
    let office: TestOffice
    let receiver: EventReceiver
    let url: String
    let account: String
    let webhook: String
    let secret: String

    /// The endpoint is set by the office, which alone may name loopback.
    static func run(
        on engine: TestEngine, events: [String] = ["*"],
        _ body: @escaping @Sendable (WebhookWorld) async throws -> Void
    ) async throws {
        try await EventReceiver.run { receiver, url in
            try await TestOffice.run(on: engine) { office in
                let account = try await office.makeAccount()
                let made = try await office.call(
                    .post, "/accounts/\(account)/webhooks",
                    ["url": .string(url), "events": .list(events), "description": "Our CRM"])
                #expect(made.status == 201, "\(made.text)")
                let world = WebhookWorld(
                    office: office, receiver: receiver, url: url, account: account,
                    webhook: made.id, secret: made["secret"].string ?? "")
                try await world.wait(0)
                receiver.forget()
                try await body(world)
            }
        }
    }

    /// Something happens: a contact is made, which raises one event; answers the contact's id.
    @discardableResult
    func happen(_ name: String = "Dana") async throws -> String {
        let contact = try await office.call(
            .post, "/accounts/\(account)/contacts", ["name": .string(name)])
        #expect(contact.status == 201, "\(contact.text)")
        return contact.id
    }

    func now() async throws -> Instant {
        let text = try await office.call(.get, "/test_clock")["now"].string ?? ""
        return try #require(Instant(rfc3339: text))
    }

    func wait(_ seconds: Int) async throws {
        try await office.moveClock(to: try await now().advanced(bySeconds: seconds))
    }

    func endpoint() async throws -> TestOffice.Answer {
        try await office.call(.get, "/webhooks/\(webhook)")
    }

    /// Newest first.
    func deliveries(_ query: String = "") async throws -> [JSONValue] {
        let list = try await office.call(.get, "/webhooks/\(webhook)/deliveries\(query)")
        #expect(list.status == 200, "\(list.text)")
        return list.data
    }

    func delivery(_ id: String) async throws -> TestOffice.Answer {
        try await office.call(.get, "/webhook_deliveries/\(id)")
    }
}
