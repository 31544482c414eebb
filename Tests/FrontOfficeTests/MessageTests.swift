import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("A message comes in and is answered")
struct MessageTests {
    @Test(arguments: TestEngine.available)
    func `the same source id again answers the same ids and stores nothing twice`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let first = try await office.receive("Hello", source: "m1", inbox: inbox)
            let again = try await office.receive("Hello again", source: "m1", inbox: inbox)
            #expect(first.status == 202)
            #expect(again.json == first.json)
            let id = first["conversation_id"].string ?? ""
            let messages = try await office.call(.get, "/conversations/\(id)/messages")
            #expect(messages.data.map { $0["text"]?.string } == ["Hello"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a reply takes the conversation, ends the waiting and is sent`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let agent = try await office.makeAgent("receptionist")
            let received = try await office.receive("Are you open?", source: "m1", inbox: inbox)
            let id = received["conversation_id"].string ?? ""
            let before = try await office.call(.get, "/conversations/\(id)", as: agent)
            #expect(before["waiting_since"].string == TestOffice.start.description)
            #expect(before["unread"] == 1)

            let reply = try await office.call(
                .post, "/conversations/\(id)/messages", ["text": "Until five."], as: agent)
            #expect(reply.status == 201)
            #expect(reply["status"] == "sent")
            #expect(reply["direction"] == "outgoing")

            let after = try await office.call(.get, "/conversations/\(id)", as: agent)
            #expect(after["waiting_since"] == .null)
            #expect(after["assignee_name"] == "Agent receptionist")
            #expect(after["unread"] == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `many first messages of one sender at once make one contact and one conversation`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let conversations = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        // Each message is delivered twice, as careful senders do.
                        let answer = try await office.receive(
                            "Hello \(number)", source: "m\(number / 2)", inbox: inbox)
                        #expect(answer.status == 202, "\(answer.text)")
                        return answer["conversation_id"].string ?? ""
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(conversations.count == 1)
            let contacts = try await office.call(.get, "/accounts/\(account)/contacts")
            #expect(contacts.data.count == 1)
            let id = conversations.first ?? ""
            let messages = try await office.call(.get, "/conversations/\(id)/messages")
            #expect(messages.data.count == 8)
        }
    }

    @Test(arguments: TestEngine.available)
    func `text is stored as it came, whatever its script`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let texts = [
                "<script>alert(1)</script>", "שלום עולם", "👩‍👩‍👧‍👦 Ünïcode", "a'b\"c\\d\n\te", "Здравствуйте",
                "'; DROP TABLE messages; --", "%_\\",
            ]
            var id = ""
            for (index, text) in texts.enumerated() {
                let answer = try await office.receive(text, source: "m\(index)", inbox: inbox)
                #expect(answer.status == 202, "\(answer.text)")
                id = answer["conversation_id"].string ?? ""
            }
            let messages = try await office.call(.get, "/conversations/\(id)/messages")
            #expect(messages.data.compactMap { $0["text"]?.string } == texts)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a resolved conversation is reopened within a day and followed by a new one after`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let first = try await office.receive("One", source: "m1", inbox: inbox)
            let id = first["conversation_id"].string ?? ""
            try await office.call(.post, "/conversations/\(id)/status", ["status": "resolved"])
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 23 * 3600))
            let second = try await office.receive("Two", source: "m2", inbox: inbox)
            #expect(second["conversation_id"].string == id)
            try await office.call(.post, "/conversations/\(id)/status", ["status": "resolved"])
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 48 * 3600))
            let third = try await office.receive("Three", source: "m3", inbox: inbox)
            #expect(third["conversation_id"].string != id)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a snoozed conversation comes back when its time has come`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let received = try await office.receive("One", source: "m1", inbox: inbox)
            let id = received["conversation_id"].string ?? ""
            let until = TestOffice.start.advanced(bySeconds: 3600)
            let past = try await office.call(
                .post, "/conversations/\(id)/status",
                ["status": "snoozed", "snoozed_until": .instant(TestOffice.start)])
            #expect(past.status == 422)
            #expect(past.badFields == ["snoozed_until"])
            try await office.call(
                .post, "/conversations/\(id)/status",
                ["status": "snoozed", "snoozed_until": .instant(until)])
            try await office.moveClock(to: until.advanced(bySeconds: -1))
            #expect(try await office.call(.get, "/conversations/\(id)")["status"] == "snoozed")
            try await office.moveClock(to: until)
            #expect(try await office.call(.get, "/conversations/\(id)")["status"] == "open")
        }
    }

    @Test(arguments: TestEngine.available)
    func `private notes stay in the office`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let owner = try await office.makeMember("owner", of: account)
            let received = try await office.receive("Hello", source: "m1", inbox: inbox)
            let id = received["conversation_id"].string ?? ""
            let note = try await office.call(
                .post, "/conversations/\(id)/messages", ["text": "Rude man", "private": true])
            #expect(note.status == 201)

            let seen = try await office.call(.get, "/conversations/\(id)/messages", as: owner)
            #expect(seen.data.map { $0["text"]?.string } == ["Hello"])
            let events = try await office.call(
                .get, "/events?after=0", as: owner, headers: [.accept: "application/json"])
            #expect(!events.text.contains(note.id))
            let own = try await office.call(
                .post, "/conversations/\(id)/messages", ["text": "x", "private": true], as: owner)
            #expect(own.status == 403)
            let all = try await office.call(.get, "/conversations/\(id)/messages")
            #expect(all.data.count == 2)
        }
    }
}
