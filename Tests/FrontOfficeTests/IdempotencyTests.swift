import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing

private let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .ifMatch

@Suite("The same request again")
struct IdempotencyTests {
    @discardableResult
    private static func contact(
        _ office: TestOffice, _ account: String, key: String, _ name: JSONValue = "Dana",
        as token: String?? = nil
    ) async throws -> TestOffice.Answer {
        try await office.call(
            .post, "/accounts/\(account)/contacts", ["name": name], as: token,
            headers: [idempotencyKey: key])
    }

    private static func count(_ office: TestOffice, _ account: String) async throws -> Int {
        try await office.call(.get, "/accounts/\(account)/contacts").data.count
    }

    @Test(arguments: TestEngine.available)
    func `answers the first result for a day`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let first = try await Self.contact(office, account, key: "k1")
            let again = try await Self.contact(office, account, key: "k1")
            #expect(first.status == 201)
            #expect(again.status == 201)
            #expect(again.json == first.json)
            #expect(again.headers[.location] == first.headers[.location])
            #expect(again.headers[.eTag] == first.headers[.eTag])
            let day = TestOffice.start.advanced(byDays: 1)
            try await office.moveClock(to: day.advanced(byMilliseconds: -1))
            #expect(try await Self.contact(office, account, key: "k1").id == first.id)
            #expect(try await Self.count(office, account) == 1)
            try await office.moveClock(to: day)
            let later = try await Self.contact(office, account, key: "k1")
            #expect(later.status == 201)
            #expect(later.id != first.id)
        }
    }

    @Test(arguments: TestEngine.available)
    func `shows a secret again to the same credential, and the database never`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let user = try await office.call(
                .post, "/users",
                ["email": "pat@office.test", "name": "Pat", "role": "receptionist"])
            let requests: [(String, JSONValue, String)] = [
                ("/users/\(user.id)/tokens", ["name": "t", "scopes": ["read"]], "token"),
                ("/users/\(user.id)/reset_link", [:], "link"),
                (
                    "/accounts/\(account)/webhooks",
                    ["url": "https://192.0.2.1/", "events": ["*"]], "secret"
                ),
            ]
            for (path, body, member) in requests {
                let key: HTTPFields = [idempotencyKey: member]
                let first = try await office.call(.post, path, body, headers: key)
                let again = try await office.call(.post, path, body, headers: key)
                let secret = first[member].string ?? ""
                #expect(first.status == 201 && !secret.isEmpty, "\(first.text)")
                #expect(again.status == 201 && again.json == first.json)
                let stored = try await office.wiring.store.read { tx in
                    try tx.all("SELECT body FROM idempotency_keys WHERE key = \(member)") {
                        try $0.text(0)
                    }
                }
                #expect(stored.count == 1 && !(stored.first ?? secret).contains(secret))
            }
            // Another token of the same person has another key to it.
            let me = try await office.call(.get, "/me")
            let other = try await office.call(
                .post, "/users/\(me["user_id"].string ?? "")/tokens", ["name": "second", "scopes": ["admin"]])
            let (path, body, member) = requests[0]
            let answer = try await office.call(
                .post, path, body, as: other["token"].string, headers: [idempotencyKey: member])
            #expect(answer.status == 409 && answer["code"].string == "answer_lost", "\(answer.text)")
        }
    }

    @Test(arguments: TestEngine.available)
    func `with another body or address is refused`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let other = try await office.makeAccount("other")
            try await Self.contact(office, account, key: "k1")
            for answer in [
                try await Self.contact(office, account, key: "k1", "Eve"),
                try await Self.contact(office, other, key: "k1"),
                try await office.call(
                    .post, "/accounts/\(account)/contacts", headers: [idempotencyKey: "k1"],
                    raw: #"{ "name": "Dana" }"#),
            ] {
                #expect(answer.status == 409)
                #expect(answer["code"] == "idempotency_mismatch")
            }
            // Somebody else's key of the same name is another key.
            let agent = try await office.makeAgent("receptionist")
            let theirs = try await Self.contact(office, account, key: "k1", "Eve", as: agent)
            #expect(theirs.status == 201)
            #expect(theirs["name"] == "Eve")
            #expect(try await Self.count(office, account) == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `may be put right after a refusal`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            #expect(try await Self.contact(office, account, key: "k1", 5).status == 422)
            #expect(try await Self.contact(office, account, key: "k1").status == 201)
            for key in [String(repeating: "k", count: 256), ""] {
                let answer = try await Self.contact(office, account, key: key)
                #expect(answer.status == 422, "\(key.count)")
                #expect(answer.badFields == ["Idempotency-Key"])
            }
            let longest = String(repeating: "k", count: 255)
            #expect(try await Self.contact(office, account, key: longest).status == 201)
        }
    }

    @Test(arguments: TestEngine.available)
    func `many times at once is done once`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let answers = try await withThrowingTaskGroup(of: TestOffice.Answer.self) { group in
                for _ in 0..<12 {
                    group.addTask { try await Self.contact(office, account, key: "k1") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // Those that come second wait for the first and get its answer.
            #expect(
                answers.map(\.status) == Array(repeating: 201, count: 12),
                "\(answers.first { $0.status != 201 }?.text ?? "")")
            #expect(Set(answers.map(\.id)).count == 1)
            #expect(try await Self.count(office, account) == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `after its process died is done once, or not again`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            func leave(committed: Bool) async throws {
                // As `kill -9` leaves it: with the effect and without the answer, or before both.
                try await office.wiring.store.write { tx in
                    try tx.execute("UPDATE idempotency_keys SET status = NULL, body = NULL")
                    if !committed {
                        try tx.execute("UPDATE idempotency_keys SET committed_at = NULL")
                    }
                }
            }
            try await Self.contact(office, account, key: "k1")
            try await leave(committed: true)
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 31))
            let lost = try await Self.contact(office, account, key: "k1")
            #expect(lost.status == 409)
            #expect(lost["code"] == "answer_lost")
            #expect(try await Self.count(office, account) == 1)

            try await Self.contact(office, account, key: "k2")
            try await leave(committed: false)
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 42))
            #expect(try await Self.contact(office, account, key: "k2").status == 201)
        }
    }

    @Test(arguments: TestEngine.available)
    func `that lost its claim is undone`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let store = office.wiring.store
            // Somebody takes over while the first is at work.
            store.react { event, tx in
                guard event.type == "contact.created" else { return }
                try tx.execute("UPDATE idempotency_keys SET claim = 'other' WHERE key = 'k1'")
            }
            let answer = try await Self.contact(office, account, key: "k1")
            #expect(answer.status == 409)
            #expect(try await Self.count(office, account) == 0)
            let free = try await Self.contact(office, account, key: "k2")
            #expect(free.status == 201)
        }
    }

    @Test(arguments: TestEngine.available)
    func `answers without a body stay without one`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let received = try await office.receive("Hi", source: "m1", inbox: inbox)
            let path = "/conversations/\(received["conversation_id"].string ?? "")/read"
            for _ in 0..<2 {
                let answer = try await office.call(.post, path, headers: [idempotencyKey: "k1"])
                #expect(answer.status == 204)
                #expect(answer.text.isEmpty)
            }
        }
    }
}

@Suite("Versions")
struct IdempotencyTests2 {
    @Test(arguments: TestEngine.available)
    func `a change that was based on an older version is refused`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            for kind in [
                "/accounts/", "/contacts/", "/inboxes/", "/staff/", "/resources/", "/services/",
                "/inquiries/", "/knowledge/", "/canned_responses/", "/appointments/",
            ] {
                let path = kind + (world.ids[kind] ?? "")
                let seen = try await office.call(.get, path)
                let tag = seen.headers[.eTag] ?? ""
                #expect(tag == "\"\(seen["version"].int ?? 0)\"", "\(path)")
                let change: JSONValue = ["notes": "x"]
                let first = try await office.call(.patch, path, change, headers: [.ifMatch: tag])
                #expect(first.status == 200, "\(path): \(first.text)")
                #expect(first.headers[.eTag] == "\"\((seen["version"].int ?? 0) + 1)\"", "\(path)")
                for stale in [tag, "W/" + tag, "\"999\"", "\"x\"", ""] {
                    let second = try await office.call(
                        .patch, path, change, headers: [.ifMatch: stale])
                    #expect(second.status == 412, "\(path) \(stale)")
                    #expect(second["code"] == "stale")
                }
                let any = try await office.call(.patch, path, change, headers: [.ifMatch: "*"])
                #expect(any.status == 200)
            }
            let talk = "/conversations/\(world.conversation)/status"
            for (method, path, change) in [
                (HTTPRequest.Method.patch, "/me", JSONValue.object(["name": "Ada"])),
                (.post, talk, ["status": "pending"]),
            ] {
                let seen = try await office.call(method, path, change)
                let tag = seen.headers[.eTag] ?? ""
                #expect(seen.status == 200 && !tag.isEmpty, "\(path): \(seen.text)")
                for status in [200, 412] {
                    let answer = try await office.call(
                        method, path, change, headers: [.ifMatch: tag])
                    #expect(answer.status == status, "\(path): \(answer.text)")
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `of many changes to one version at once exactly one is made`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let kinds = [
                "/accounts/", "/contacts/", "/inboxes/", "/users/", "/services/", "/staff/",
                "/resources/",
            ]
            for kind in kinds {
                let path = kind + (world.ids[kind] ?? "")
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            try await office.call(
                                .patch, path, ["name": .string("Name \(number)")],
                                headers: [.ifMatch: "\"1\""]
                            ).status
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.count { $0 == 200 } == 1, "\(path): \(statuses)")
                #expect(
                    statuses.allSatisfy { [200, 409, 412].contains($0) }, "\(path): \(statuses)")
            }
        }
    }
}
