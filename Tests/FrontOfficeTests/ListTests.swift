import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Lists")
struct ListTests {
    /// Every row of a list, page by page.
    private static func all(
        _ office: TestOffice, _ path: String, limit: Int
    ) async throws -> [String] {
        var ids: [String] = []
        var cursor: String?
        for _ in 0..<20 {
            let join = path.contains("?") ? "&" : "?"
            let page = try await office.call(
                .get, path + "\(join)limit=\(limit)" + (cursor.map { "&cursor=\($0)" } ?? ""))
            #expect(page.status == 200, "\(path): \(page.text)")
            #expect(page.data.count <= limit)
            ids += page.data.compactMap { $0["id"]?.string }
            cursor = page["next_cursor"].string
            if cursor == nil { return ids }
        }
        Issue.record("\(path) has no end")
        return ids
    }

    @Test(arguments: TestEngine.available)
    func `give every row once, whatever the size of the page`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let base = "/accounts/\(world.here)"
            for number in 0..<4 {
                try await office.receive(
                    "Hi", source: "x\(number)", from: "visitor-x\(number)", inbox: world.inbox)
                try await office.call(
                    .post, "/conversations/\(world.conversation)/messages", ["text": "Again"])
                try await office.call(.post, base + "/inquiries", ["kind": "order"])
                try await office.call(
                    .post, base + "/knowledge", ["question": "Parking \(number)?", "answer": "Yes"])
                try await office.call(.post, base + "/staff", ["name": .string("S\(number)")])
            }
            for path in [
                "/accounts", "/users", base + "/contacts", base + "/conversations",
                base + "/inquiries",
                base + "/knowledge", base + "/knowledge?query=parking", base + "/staff",
                base + "/members", "/conversations/\(world.conversation)/messages",
            ] {
                let whole = try await Self.all(office, path, limit: 200)
                #expect(whole.count >= 2, "\(path)")
                #expect(Set(whole).count == whole.count, "\(path)")
                for limit in [1, 2] {
                    #expect(try await Self.all(office, path, limit: limit) == whole, "\(path)")
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `refuse limits and cursors that are none`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let base = "/accounts/\(world.here)"
            for limit in ["0", "201", "-1", "x", "1.5", "%2B5", "99999999999999999999"] {
                let answer = try await office.call(.get, base + "/contacts?limit=\(limit)")
                #expect(answer.status == 422)
                #expect(answer.badFields == ["limit"], "\(limit)")
            }
            let page = try await office.call(.get, "/users?limit=1")
            let good = page["next_cursor"].string ?? ""
            #expect(!good.isEmpty)
            for path in [
                base + "/conversations?", "/conversations/\(world.conversation)/messages?",
                base + "/inquiries?", base + "/appointments?", base + "/knowledge?query=a&",
                "/accounts?", "/users?", base + "/contacts?", base + "/staff?", base + "/busy?",
                base + "/members?", base + "/webhooks?", "/audit?", "/jobs?",
            ] {
                for cursor in [
                    "x", "1", "x.y", "99999999999999999999.a", "%00", "a%00b", "account_1",
                    String(good.dropLast()), "A" + good, world.here,
                ] {
                    let answer = try await office.call(.get, path + "cursor=\(cursor)")
                    #expect(answer.status == 422, "\(path)\(cursor): \(answer.text)")
                    #expect(answer.badFields == ["cursor"], "\(path)\(cursor)")
                }
            }
            for cursor in ["-1", "x", "9223372036854775808"] {
                let answer = try await office.call(
                    .get, "/events?after=\(cursor)", headers: [.accept: "application/json"])
                #expect(answer.badFields == ["after"], "\(cursor)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `take a cursor of another business without showing it`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            for number in 0..<3 {
                try await office.call(
                    .post, "/accounts/\(world.here)/contacts", ["name": .string("C\(number)")])
                try await office.receive(
                    "Hi", source: "y\(number)", from: "v\(number)", inbox: world.inbox)
            }
            for list in ["contacts", "conversations"] {
                let page = try await office.call(.get, "/accounts/\(world.here)/\(list)?limit=1")
                let cursor = page["next_cursor"].string ?? ""
                let foreign = try await office.call(
                    .get, "/accounts/\(world.elsewhere)/\(list)?cursor=\(cursor)",
                    as: world.tokens[.stranger])
                #expect(foreign.status == 200)
                #expect(foreign.data.isEmpty)
            }
        }
    }
}

@Suite("What was made")
struct ListTests2 {
    @Test(arguments: TestEngine.available)
    func `is found at its Location with the version of its ETag`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            for route in [
                "POST /accounts", "POST /accounts/:id/contacts", "POST /accounts/:id/staff",
                "POST /accounts/:id/resources", "POST /accounts/:id/services",
                "POST /accounts/:id/holds", "POST /accounts/:id/appointments",
                "POST /accounts/:id/inboxes", "POST /accounts/:id/inquiries",
                "POST /accounts/:id/knowledge", "POST /accounts/:id/canned_responses",
            ] {
                let body = AccessRow.table[route]?.body?(world)
                let made = try await office.call(.post, world.address(route), body)
                #expect(made.status == 201, "\(route): \(made.text)")
                let location = made.headers[.location] ?? ""
                #expect(location.hasPrefix("/api/v1/") && location.hasSuffix(made.id), "\(route)")
                let found = try await office.call(.get, String(location.dropFirst("/api/v1".count)))
                #expect(found.status == 200, "\(route)")
                #expect(found.id == made.id)
                #expect(found.headers[.eTag] == made.headers[.eTag])
                #expect(found.headers[.eTag] == "\"1\"")
                #expect(found.headers[.cacheControl] == "no-store")
            }
            for path in ["/busy/", "/knowledge/", "/canned_responses/", "/holds/"] {
                let id = path + (world.ids[path] ?? "")
                let gone = try await office.call(.delete, id)
                #expect(gone.status == 204)
                #expect(gone.text.isEmpty)
                #expect(try await office.call(.delete, id).status == 404, "\(path)")
            }
        }
    }
}
