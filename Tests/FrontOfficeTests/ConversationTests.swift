import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Conversations")
struct ConversationTests {
    @Test(arguments: TestEngine.available)
    func `are listed by how they stand, whose they are, where and with whom`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let first = try await office.makeInbox(of: account)
            let second = try await office.makeInbox(of: account)
            let agent = try await office.makeAgent("receptionist")
            let me = try await office.call(.get, "/me", as: agent)["user_id"].string ?? ""
            var talks: [String: String] = [:]
            for (name, inbox) in [("a", first), ("b", first), ("c", second), ("d", second)] {
                let received = try await office.call(
                    .post, "/inboxes/\(inbox)/inbound",
                    [
                        "source_id": .string("m-\(name)"), "text": "Hi",
                        "from": ["address": .string(name), "name": .string("Name \(name)")],
                    ])
                talks[received["conversation_id"].string ?? ""] = name
            }
            func id(_ name: String) -> String { talks.first { $0.value == name }?.key ?? "" }
            func names(_ query: String, as token: String? = nil) async throws -> Set<String> {
                let list = try await office.call(
                    .get, "/accounts/\(account)/conversations?\(query)",
                    as: token.map { .some($0) })
                #expect(list.status == 200, "\(query): \(list.text)")
                return Set(list.data.compactMap { talks[$0["id"]?.string ?? ""] })
            }
            try await office.call(.post, "/conversations/\(id("a"))/status", ["status": "resolved"])
            try await office.call(.post, "/conversations/\(id("b"))/status", ["status": "pending"])
            try await office.call(
                .post, "/conversations/\(id("c"))/assign", ["user_id": .string(me)])

            #expect(try await names("") == ["a", "b", "c", "d"])
            #expect(try await names("status=open") == ["c", "d"])
            #expect(try await names("status=resolved,pending") == ["a", "b"])
            #expect(try await names("status=snoozed") == [])
            #expect(try await names("assignee=me", as: agent) == ["c"])
            #expect(try await names("assignee=me") == [])
            #expect(try await names("assignee=\(me)&status=open") == ["c"])
            #expect(try await names("assignee=none") == ["a", "b", "d"])
            #expect(try await names("inbox=\(first)") == ["a", "b"])
            #expect(try await names("inbox=inb_none") == [])
            #expect(try await names("query=name+d") == ["d"])
            #expect(try await names("query=ame") == [])
            let list = try await office.call(.get, "/accounts/\(account)/conversations")
            #expect(JSONValue(parsing: list.text)?.serialized == list.text)
            for row in list.data {
                let id = row["id"]?.string ?? ""
                #expect(try await office.call(.get, "/conversations/\(id)").json == row)
            }
            for bad in ["closed", "open,closed", "OPEN", "'"] {
                let answer = try await office.call(
                    .get, "/accounts/\(account)/conversations?status=\(bad)")
                #expect(answer.badFields == ["status"], "\(bad)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `are given to agents of the office and to nobody else`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let path = "/conversations/\(world.conversation)/assign"
            let owner = try await office.call(.get, "/me", as: world.tokens[.owner])
            for id in [owner["user_id"], "user_none", "", .string(world.contact)] {
                let answer = try await office.call(.post, path, ["user_id": id])
                #expect(answer.status == 422, "\(id)")
                #expect(answer.badFields == ["user_id"])
            }
            let taken = try await office.call(.post, path, ["user_id": .string(world.agent)])
            #expect(taken["assignee_id"].string == world.agent)
            let stale = try await office.call(
                .post, path, ["user_id": nil], headers: [.ifMatch: "\"1\""])
            #expect(stale.status == 412)
            let given = try await office.call(.post, path, ["user_id": nil])
            #expect(given["assignee_id"] == .null)
            try await office.call(.patch, "/users/\(world.agent)", ["is_active": false])
            let gone = try await office.call(.post, path, ["user_id": .string(world.agent)])
            #expect(gone.badFields == ["user_id"])
            let team = try await office.call(.post, path, ["team_id": "team_1"])
            #expect(team.badFields == ["team_id"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `take messages only through active inboxes of their channel`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let chat = try await office.makeInbox(of: account, channel: "web_chat")
            #expect(try await office.receive("Hi", source: "m1", inbox: chat).status == 409)
            let inbox = try await office.makeInbox(of: account)
            #expect(try await office.receive("Hi", source: "m1", inbox: inbox).status == 202)
            try await office.call(.patch, "/inboxes/\(inbox)", ["is_active": false])
            #expect(try await office.receive("Hi", source: "m2", inbox: inbox).status == 409)
            #expect(try await office.receive("Hi", source: "m1", inbox: "inb_none").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a note wakes nobody and ends no waiting`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let received = try await office.receive("Hi", source: "m1", inbox: inbox)
            let path = "/conversations/\(received["conversation_id"].string ?? "")"
            try await office.call(
                .post, path + "/messages", ["text": "She is angry", "private": true])
            let after = try await office.call(.get, path)
            #expect(after["waiting_since"].string == TestOffice.start.description)
            #expect(after["unread"] == 1)
            #expect(after["preview"] == "Hi")
            #expect(after["assignee_id"] == .null)
            #expect(after["first_replied_at"] == .null)
        }
    }
}
