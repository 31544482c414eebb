import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing

/// A program on the other side: notes what it gets and answers as told, 200 when told nothing.
private final class Receiver: Sendable {
    struct Call: Sendable {
        var key: String?
        var type: String?
        var body: JSONValue
    }
    struct State: Sendable {
        var calls: [Call] = []
        var answers: [HTTPResponse.Status] = []
    }
    private let state = Mutex(State())

    var calls: [Call] { state.withLock { $0.calls } }

    func willAnswer(_ statuses: HTTPResponse.Status...) {
        state.withLock { $0.answers = statuses }
    }

    private func take(_ call: Call) -> HTTPResponse.Status {
        state.withLock { state in
            state.calls.append(call)
            return state.answers.isEmpty ? .ok : state.answers.removeFirst()
        }
    }

    /// Listens on a free port while the body runs.
    static func run(
        _ body: @escaping @Sendable (Receiver, _ url: String) async throws -> Void
    ) async throws {
        let receiver = Receiver()
        let router = Router()
        router.post("hook") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let call = Call(
                key: HTTPField.Name("idempotency-key").flatMap { request.headers[$0] },
                type: request.headers[.contentType],
                body: JSONValue(parsing: Array(bytes.readableBytesView)) ?? .null)
            let status = receiver.take(call)
            var response = Response(status: status)
            if status == .seeOther { response.headers[.location] = "/hook" }
            if status == .tooManyRequests { response.headers[.retryAfter] = "120" }
            return response
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: logger)
        try await application.test(.live) { client in
            try await body(receiver, "http://127.0.0.1:\(client.port ?? 0)/hook")
        }
    }
}

@Suite("An answer to a program's webhook")
struct WebhookTests {
    private struct Talk {
        var office: TestOffice
        var conversation: String

        init(
            _ office: TestOffice, _ url: String, in account: String, by token: String? = nil
        ) async throws {
            self.office = office
            let inbox = try await office.call(
                .post, "/accounts/\(account)/inboxes",
                ["name": "API", "channel": "api", "config": ["webhook_url": .string(url)]],
                as: token.map { .some($0) })
            #expect(inbox.status == 201, "\(inbox.text)")
            let received = try await office.receive(
                "Hello", source: "m1", from: "visitor-\(inbox.id)", inbox: inbox.id)
            conversation = received["conversation_id"].string ?? ""
        }

        func reply(_ text: String = "Good day") async throws -> String {
            let message = try await office.call(
                .post, "/conversations/\(conversation)/messages", ["text": .string(text)])
            #expect(message["status"] == "queued", "\(message.text)")
            return message.id
        }

        func message(_ id: String) async throws -> JSONValue {
            let list = try await office.call(.get, "/conversations/\(conversation)/messages")
            return list.data.first { $0["id"]?.string == id } ?? .null
        }

        func wait(_ seconds: Int) async throws {
            let now = try await office.call(.get, "/test_clock")["now"].string ?? ""
            let instant = try #require(Instant(rfc3339: now))
            try await office.moveClock(to: instant.advanced(bySeconds: seconds))
        }
    }

    @Test(arguments: TestEngine.available)
    func `is posted once with the message's id as its key`(engine: TestEngine) async throws {
        try await Receiver.run { receiver, url in
            try await TestOffice.run(on: engine) { office in
                let talk = try await Talk(office, url, in: try await office.makeAccount())
                let id = try await talk.reply("Good day\n👋")
                let note = try await office.call(
                    .post, "/conversations/\(talk.conversation)/messages",
                    ["text": "A secret note", "private": true])
                #expect(note["status"] == "sent")
                for _ in 0..<3 { try await talk.wait(60) }
                #expect(receiver.calls.count == 1)
                let call = try #require(receiver.calls.first)
                #expect(call.key == id)
                #expect(call.type == "application/json")
                #expect(call.body["message_id"]?.string == id)
                #expect(call.body["text"] == "Good day\n👋")
                #expect(call.body["to"]?.string?.hasPrefix("visitor-") == true)
                #expect(try await talk.message(id)["status"] == "sent")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `is tried again, later each time, while the program is in trouble`(
        engine: TestEngine
    ) async throws {
        try await Receiver.run { receiver, url in
            try await TestOffice.run(on: engine) { office in
                let talk = try await Talk(office, url, in: try await office.makeAccount())
                let id = try await talk.reply()
                receiver.willAnswer(.internalServerError, .badGateway, .tooManyRequests)
                try await talk.wait(0)
                #expect(receiver.calls.count == 1)
                try await talk.wait(1)
                #expect(receiver.calls.count == 1, "not at once")
                #expect(try await talk.message(id)["status"] == "queued")
                try await talk.wait(1)
                #expect(receiver.calls.count == 2)
                try await talk.wait(3)
                #expect(receiver.calls.count == 2, "the second pause is longer")
                try await talk.wait(1)
                #expect(receiver.calls.count == 3)
                // It asked for two minutes.
                try await talk.wait(119)
                #expect(receiver.calls.count == 3)
                try await talk.wait(1)
                #expect(receiver.calls.count == 4)
                #expect(Set(receiver.calls.map(\.key)) == [id])
                #expect(try await talk.message(id)["status"] == "sent")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `fails at once where trying again cannot help`(engine: TestEngine) async throws {
        try await Receiver.run { receiver, url in
            try await TestOffice.run(on: engine) { office in
                let talk = try await Talk(office, url, in: try await office.makeAccount())
                for status in [HTTPResponse.Status.badRequest, .gone, .seeOther] {
                    receiver.willAnswer(status)
                    let before = receiver.calls.count
                    let id = try await talk.reply()
                    try await talk.wait(3600)
                    #expect(receiver.calls.count == before + 1, "\(status): no redirect, no repeat")
                    let message = try await talk.message(id)
                    #expect(message["status"] == "failed")
                    #expect(message["failure"]?.string == "answered \(status.code)")
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `is given up after a day without anybody there`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            // Port 1 of loopback: nobody listens.
            let talk = try await Talk(
                office, "http://127.0.0.1:1/hook", in: try await office.makeAccount())
            let id = try await talk.reply()
            try await talk.wait(86_400)
            let message = try await talk.message(id)
            #expect(message["status"] == "failed")
            #expect(message["failure"]?.string?.isEmpty == false)
        }
    }

    @Test(arguments: TestEngine.available)
    func `goes to private addresses only where the office set them`(
        engine: TestEngine
    ) async throws {
        try await Receiver.run { receiver, url in
            try await TestOffice.run(on: engine) { office in
                let account = try await office.makeAccount()
                let owner = try await office.makeMember("owner", of: account)
                let port = url.split(separator: ":").last.map(String.init) ?? ""
                for address in [
                    url, "http://localhost:\(port)", "http://[::1]:\(port)",
                    "http://2130706433:\(port)",
                    "http://0x7f.1:\(port)", "http://[::ffff:127.0.0.1]:\(port)",
                    "http://0.0.0.0:\(port)", "http://169.254.169.254/latest/meta-data/",
                    "http://10.0.0.1/", "http://user:pass@127.0.0.1:\(port)",
                ] {
                    let talk = try await Talk(office, address, in: account, by: owner)
                    let id = try await talk.reply()
                    try await talk.wait(1)
                    let message = try await talk.message(id)
                    #expect(message["status"] == "failed", "\(address)")
                    #expect(message["failure"]?.string?.isEmpty == false)
                }
                #expect(receiver.calls.isEmpty)
                try await Self.expectOwnerCannotVouch(office, account, owner, url, receiver)
                // On a virtual clock not even the office calls the world.
                let far = try await Talk(office, "http://192.0.2.1/hook", in: account)
                let id = try await far.reply()
                try await far.wait(1)
                #expect(try await far.message(id)["status"] == "failed")
            }
        }
    }

    /// The office's mark is not the owner's to set, nor does it stay when the owner changes things.
    private static func expectOwnerCannotVouch(
        _ office: TestOffice, _ account: String, _ owner: String, _ url: String,
        _ receiver: Receiver
    ) async throws {
        let talk = try await Talk(office, url, in: account)
        let inbox =
            try await office.call(.get, "/conversations/\(talk.conversation)")["inbox_id"].string
            ?? ""
        let forged: JSONValue = ["config": ["webhook_url": .string(url), "set_by_office": true]]
        #expect(try await office.call(.patch, "/inboxes/\(inbox)", forged, as: owner).status == 200)
        let refused = try await talk.reply()
        try await talk.wait(1)
        #expect(try await talk.message(refused)["status"] == "failed")
        #expect(receiver.calls.isEmpty)
        #expect(try await office.call(.patch, "/inboxes/\(inbox)", forged).status == 200)
        let sent = try await talk.reply()
        try await talk.wait(1)
        #expect(try await talk.message(sent)["status"] == "sent")
        #expect(receiver.calls.count == 1)
    }

    @Test(arguments: TestEngine.available)
    func `is marked by receipts, forward only`(engine: TestEngine) async throws {
        try await Receiver.run { _, url in
            try await TestOffice.run(on: engine) { office in
                let talk = try await Talk(office, url, in: try await office.makeAccount())
                let id = try await talk.reply()
                try await talk.wait(1)
                func receipt(_ status: JSONValue, _ id: String) async throws -> Int {
                    try await office.call(.post, "/messages/\(id)/receipts", ["status": status])
                        .status
                }
                for (said, known) in [
                    ("sent", "sent"), ("delivered", "delivered"), ("failed", "delivered"),
                    ("read", "read"), ("delivered", "read"), ("failed", "read"), ("sent", "read"),
                ] {
                    #expect(try await receipt(.string(said), id) == 204)
                    #expect(try await talk.message(id)["status"]?.string == known, "after \(said)")
                }
                let note = try await office.call(
                    .post, "/conversations/\(talk.conversation)/messages",
                    ["text": "Note", "private": true])
                #expect(try await receipt("read", note.id) == 409)
                #expect(try await receipt("read", "msg_none") == 404)
                let other = try await talk.reply()
                try await talk.wait(1)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for status in ["read", "delivered", "delivered", "sent", "delivered"] {
                        group.addTask {
                            _ = try await office.call(
                                .post, "/messages/\(other)/receipts", ["status": .string(status)])
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await talk.message(other)["status"] == "read")
            }
        }
    }
}
