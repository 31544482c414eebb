import FrontOffice
import HTTPTypes
import Kernel
import TestSupport
import Testing
import WebShell

@Suite("Roles and strangers")
struct AccessTests {
    @Test func `every route of the API has a row in the table`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let routes = Set(office.wiring.router().listing.all)
            let known = Set(AccessRow.table.keys)
            #expect(
                routes.subtracting(known).sorted() == [],
                "Routes without a row in AccessTable.swift: who may call them?")
            #expect(known.subtracting(routes).sorted() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `nobody gets more from a route than their role gives`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            for (route, row) in AccessRow.table {
                let unsigned = try await Self.call(office, world, route, row, as: nil)
                #expect(unsigned.status == 401, "\(route) signed out")
                let forged = try await Self.call(office, world, route, row, as: "ast_forged")
                #expect(forged.status == 401, "\(route) with a forged token")
                for visitor in Visitor.allCases where !row.need.allowed.contains(visitor) {
                    let answer = try await Self.call(
                        office, world, route, row, as: world.tokens[visitor])
                    #expect(
                        answer.status == row.need.refusal(for: visitor),
                        "\(route) as \(visitor.rawValue): \(answer.text)")
                    #expect(answer.headers[.contentType] == "application/problem+json")
                }
            }
            try await Self.expectUntouched(office, world)
        }
    }

    @Test(arguments: TestEngine.available)
    func `everybody gets from a route what their role gives`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            // What takes things away comes last, and moving the clock last of all.
            let order = AccessRow.table.sorted { Self.rank($0.key) < Self.rank($1.key) }
            for (route, row) in order {
                let isOnce = Self.rank(route) > 0
                let visitors = Visitor.allCases.filter(row.need.allowed.contains)
                for visitor in isOnce ? visitors.suffix(1) : visitors {
                    let answer = try await Self.call(
                        office, world, route, row, as: world.tokens[visitor])
                    // The second of a kind may be refused as a twin.
                    #expect(
                        (200..<300).contains(answer.status) || [409, 422].contains(answer.status),
                        "\(route) as \(visitor.rawValue): \(answer.status) \(answer.text)")
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `ids of another business in bodies and queries find nothing`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let thief = world.tokens[.stranger] ?? ""
            let base = "/accounts/\(world.elsewhere)"
            func expect(
                _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue, _ fields: [String]
            ) async throws {
                let answer = try await office.call(method, path, body, as: thief)
                #expect(answer.status == 422, "\(path) \(body.serialized): \(answer.text)")
                #expect(answer.badFields == fields, "\(path) \(body.serialized)")
            }
            for (field, kind) in [
                ("conversation_id", "/conversations/"), ("contact_id", "/contacts/"),
                ("appointment_id", "/appointments/"),
            ] {
                let body: JSONValue = .object([
                    "kind": "question", field: .string(world.ids[kind] ?? ""),
                ])
                try await expect(.post, base + "/inquiries", body, [field])
            }
            try await office.call(.post, base + "/staff", ["name": "Eve"], as: thief)
            let own = try await office.call(
                .post, base + "/services", ["name": "Own", "duration_minutes": 30], as: thief)
            #expect(own.status == 201, "\(own.text)")
            let start: JSONValue = "2026-03-24T15:00:00Z"
            try await expect(
                .post, base + "/appointments",
                [
                    "service_id": .string(own.id), "start": start,
                    "contact_id": .string(world.contact),
                ],
                ["contact_id"])
            try await expect(
                .post, base + "/appointments",
                [
                    "service_id": .string(world.service), "start": start,
                    "contact": ["name": "Eve"],
                ], ["service_id"])
            try await expect(
                .post, base + "/holds", ["service_id": .string(world.service), "start": start],
                ["service_id"])
            try await expect(
                .post, base + "/busy",
                ["of": .string(world.staff), "start": start, "end": "2026-03-24T16:00:00Z"], ["of"])
            try await expect(
                .post, base + "/staff", ["name": "Eve", "user_id": .string(world.agent)],
                ["user_id"])
            let foreignHold = try await office.call(
                .post, base + "/appointments",
                ["hold_id": .string(world.ids["/holds/"] ?? ""), "contact": ["name": "Eve"]],
                as: thief)
            #expect([404, 409, 422].contains(foreignHold.status), "\(foreignHold.text)")

            let ownInbox = try await office.makeInbox(of: world.elsewhere)
            let received = try await office.receive("Hi", source: "e1", inbox: ownInbox)
            let talk = received["conversation_id"].string ?? ""
            try await expect(
                .post, "/conversations/\(talk)/messages",
                ["text": "x", "inbox_id": .string(world.inbox)], ["inbox_id"])
            // The same source id and sender in another business are another message and person.
            let twin = try await office.receive("Mine", source: "m1", inbox: ownInbox)
            #expect(twin["conversation_id"].string == talk)
            try await Self.expectUntouched(office, world)
        }
    }

    private static func rank(_ route: String) -> Int {
        if route == "POST /test_clock" { return 2 }
        return route.hasPrefix("DELETE") ? 1 : 0
    }

    private static func call(
        _ office: TestOffice, _ world: AccessWorld, _ route: String, _ row: AccessRow,
        as token: String?
    ) async throws -> TestOffice.Answer {
        let method = HTTPRequest.Method(String(route.prefix { $0 != " " })) ?? .get
        let query = row.query.replacing(":here", with: world.here)
            .replacing(":service", with: world.service)
        // Events: the list, since a stream has no end.
        return try await office.call(
            method, world.address(route) + query, row.body?(world), as: .some(token),
            headers: [.accept: "application/json"])
    }

    private static func expectUntouched(_ office: TestOffice, _ world: AccessWorld) async throws {
        let account = try await office.call(.get, "/accounts/\(world.here)")
        #expect(account["name"] == "Business here")
        #expect(account["version"] == 1)
        let messages = try await office.call(.get, "/conversations/\(world.conversation)/messages")
        #expect(messages.data.map { $0["text"]?.string } == ["Hello", "Good day"])
        let appointment = try await office.call(.get, world.address("GET /appointments/:id"))
        #expect(appointment["status"] == "confirmed")
        for (path, name) in [("/contacts/", "Dana"), ("/staff/", "Maria"), ("/services/", "Cut")] {
            let thing = try await office.call(.get, path + (world.ids[path] ?? ""))
            #expect(thing["name"].string == name)
            #expect(thing["version"] == 1)
        }
    }
}
