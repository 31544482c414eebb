import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("The list of events")
struct EventListTests {
    private static func events(
        _ office: TestOffice, _ query: String = "", as token: String?? = nil
    ) async throws -> TestOffice.Answer {
        let answer = try await office.call(
            .get, "/events" + query, as: token, headers: [.accept: "application/json"])
        #expect(answer.status == 200, "\(query): \(answer.text)")
        return answer
    }

    @Test(arguments: TestEngine.available)
    func `tells every change once, in order, from where a reader left off`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let received = try await office.receive("Hello", source: "m1", inbox: inbox)
            let id = received["conversation_id"].string ?? ""
            let reply = try await office.call(
                .post, "/conversations/\(id)/messages", ["text": "Hi"])
            try await office.call(.post, "/conversations/\(id)/status", ["status": "resolved"])
            try await office.receive("Hello", source: "m1", inbox: inbox)  // Known: no event.
            try await office.call(.post, "/conversations/\(id)/status", ["status": "wrong"])

            let whole = try await Self.events(office, "?account=\(account)")
            #expect(
                whole.data.compactMap { $0["type"]?.string } == [
                    "account.created", "schedule.updated", "inbox.created", "contact.created",
                    "conversation.created", "message.received", "message.created",
                    "conversation.status_changed",
                ])
            #expect(whole.data[6]["subject"]?.string == reply.id)
            #expect(whole.data.allSatisfy { $0["account_id"]?.string == account })
            #expect(Set(whole.data.compactMap { $0["id"]?.string }).count == 8)

            var pieces: [JSONValue] = []
            var cursor = "0"
            for _ in 0..<20 {
                let page = try await Self.events(
                    office, "?account=\(account)&limit=3&after=\(cursor)")
                pieces += page.data
                cursor = page["next_cursor"].string ?? ""
                if page.data.isEmpty { break }
            }
            #expect(pieces == whole.data)
            // The header of browsers that resume goes before the address.
            let resumed = try await office.call(
                .get, "/events?after=0",
                headers: [.accept: "application/json", lastEventID: cursor])
            #expect(resumed.data.isEmpty)
            try await office.receive("More", source: "m2", inbox: inbox)
            let news = try await Self.events(office, "?after=\(cursor)")
            #expect(news.data.compactMap { $0["type"]?.string } == ["message.received"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `shows a business its own and nothing of others or the office`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            try await office.call(.patch, "/settings", ["trial_days": 20])
            let owner = world.tokens[.owner]
            let theirs = try await Self.events(office, "?limit=200", as: owner)
            #expect(!theirs.data.isEmpty)
            #expect(theirs.data.allSatisfy { $0["account_id"]?.string == world.here })
            let narrowed = try await Self.events(
                office, "?limit=200&account=\(world.here)", as: owner)
            #expect(narrowed.data == theirs.data)
            let stranger = try await Self.events(office, "?limit=200", as: world.tokens[.stranger])
            #expect(stranger.data.allSatisfy { $0["account_id"]?.string == world.elsewhere })
            #expect(
                try await Self.events(office, as: world.tokens[.subscriber]).data.isEmpty)
            let all = try await Self.events(office, "?limit=200", as: world.tokens[.coach])
            #expect(all.data.contains { $0["type"] == "settings.updated" })
            for headers: HTTPFields in [[:], [.accept: "application/json"]] {
                let peep = try await office.call(
                    .get, "/events?account=\(world.here)", as: world.tokens[.stranger],
                    headers: headers)
                #expect(peep.status == 404)
                let unsigned = try await office.call(
                    .get, "/events", as: .some(nil), headers: headers)
                #expect(unsigned.status == 401)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `names ids and versions, never the words of people`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let secret = "Zyzzyva"
            let base = "/accounts/\(account)"
            let received = try await office.receive(
                "I am \(secret)", source: "m1", from: secret + "-1", inbox: inbox)
            let id = received["conversation_id"].string ?? ""
            let talk = "/conversations/\(id)"
            let text = JSONValue.string(secret)
            let staff = try await office.call(.post, base + "/staff", ["name": text])
            let service = try await office.call(
                .post, base + "/services", ["name": text, "duration_minutes": 30])
            let contact = try await office.call(
                .post, base + "/contacts",
                [
                    "name": text, "notes": text,
                    "contact_points": [["channel": "email", "address": "zyzzyva@zyzzyva.test"]],
                ])
            let booked = try await office.call(
                .post, base + "/appointments",
                [
                    "service_id": .string(service.id), "start": "2026-03-24T15:00:00Z",
                    "contact_id": .string(contact.id), "notes": text,
                ])
            let calls: [(HTTPRequest.Method, String, JSONValue)] = [
                (.post, talk + "/messages", ["text": text]),
                (.post, talk + "/messages", ["text": text, "private": true]),
                (.patch, base, ["name": text]), (.put, base + "/guidance", ["greeting": text]),
                (.post, base + "/knowledge", ["question": text, "answer": text]),
                (.post, base + "/inquiries", ["kind": "order", "topic": text, "notes": text]),
                (.patch, "/contacts/\(contact.id)", ["name": text]),
                (.patch, "/staff/\(staff.id)", ["phone": "+12025550123", "name": text]),
                (.post, "/appointments/\(booked.id)/cancel", ["reason": text]),
                (
                    .post, base + "/busy",
                    [
                        "of": "account", "start": "2026-04-24T15:00:00Z",
                        "end": "2026-04-24T16:00:00Z", "reason": text,
                    ]
                ),
                (.post, "/users", ["name": text, "email": "zyzzyva@x.test", "role": "coach"]),
                (
                    .post, base + "/members",
                    ["name": text, "email": "zyzzyva2@x.test", "role": "owner"]
                ),
            ]
            for (method, path, body) in calls {
                let answer = try await office.call(method, path, body)
                #expect((200..<300).contains(answer.status), "\(path): \(answer.text)")
            }
            let list = try await Self.events(office, "?limit=200")
            #expect(list.data.count >= calls.count + 5)
            #expect(!list.text.lowercased().contains("zyzzyva"))
            #expect(!list.text.contains("2025550123"))
        }
    }
}

private let lastEventID = HTTPField.Name("Last-Event-ID") ?? .ifMatch
