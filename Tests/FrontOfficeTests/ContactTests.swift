import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing

@Suite("Contacts")
struct ContactTests {
    private static func found(
        _ office: TestOffice, _ account: String, _ query: String
    ) async throws -> [String] {
        let list = try await office.call(.get, "/accounts/\(account)/contacts?query=\(query)")
        #expect(list.status == 200, "\(query): \(list.text)")
        return list.data.compactMap { $0["name"]?.string }
    }

    @Test(arguments: TestEngine.available)
    func `are found by the beginnings of words, as people type them`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let other = try await office.makeAccount("other")
            let people: [(String, String)] = [
                ("Dana Miller", "dana.miller@example.com"), ("Алёна Королёва", "alyona@example.ru"),
                ("José O'Brien", "+1 (202) 555-0123"), ("100% Sure_Thing", "sure@example.com"),
            ]
            for (name, address) in people {
                let channel = address.hasPrefix("+") ? "sms" : "email"
                let made = try await office.call(
                    .post, "/accounts/\(account)/contacts",
                    [
                        "name": .string(name),
                        "contact_points": [
                            ["channel": .string(channel), "address": .string(address)]
                        ],
                    ])
                #expect(made.status == 201, "\(made.text)")
            }
            try await office.call(.post, "/accounts/\(other)/contacts", ["name": "Dana Other"])
            let queries: [(String, [String])] = [
                ("dana", ["Dana Miller"]), ("MIL", ["Dana Miller"]),
                ("miller+dana", ["Dana Miller"]),
                ("da+mi+exa", ["Dana Miller"]), ("iller", []), ("dana+x", []),
                ("dana.miller@example.com", ["Dana Miller"]), ("12025550123", ["José O'Brien"]),
                ("%D0%B0%D0%BB%D0%B5%D0%BD%D0%B0", ["Алёна Королёва"]),  // алена
                ("%D0%90%D0%BB%D1%91%D0%BD", ["Алёна Королёва"]),  // Алён
                ("%D0%BA%D0%BE%D1%80%D0%BE%D0%BB%D0%B5%D0%B2%D0%B0", ["Алёна Королёва"]),
                ("jos%C3%A9", ["José O'Brien"]), ("jose%CC%81", ["José O'Brien"]),
                ("o'brien", ["José O'Brien"]), ("%25", people.map(\.0)), ("_", people.map(\.0)),
                ("100%25", ["100% Sure_Thing"]), ("sure_th", ["100% Sure_Thing"]),
                ("'%20OR%20'1'='1", []), ("%00dana", ["Dana Miller"]), ("", people.map(\.0)),
            ]
            for (query, names) in queries {
                #expect(try await Self.found(office, account, query) == names, "\(query)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `keep addresses in one form, once each`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let made = try await office.call(
                .post, "/accounts/\(account)/contacts",
                [
                    "name": "Dana",
                    "contact_points": [
                        ["channel": "email", "address": "Dana@Example.COM"],
                        ["channel": "email", "address": "dana@example.com"],
                        ["channel": "sms", "address": "+1 (202) 555-0123"],
                    ],
                ])
            let points = made["contact_points"].array ?? []
            #expect(points.count == 2)
            #expect(points.map { $0["address"]?.string } == ["dana@example.com", "+12025550123"])
            #expect(points.allSatisfy { $0["verified"] == false }, "typing proves nothing")
            let found = try await office.call(.get, "/contacts/\(made.id)")
            #expect(
                Set((found["contact_points"].array ?? []).map(\.serialized))
                    == Set(points.map(\.serialized)))
        }
    }

    @Test(arguments: TestEngine.available)
    func `keep what was proved when their addresses are replaced`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            try await office.receive("Hi", source: "m1", from: "dana-1", inbox: inbox)
            let list = try await office.call(.get, "/accounts/\(account)/contacts")
            let id = list.data.first?["id"]?.string ?? ""
            func addresses(_ answer: TestOffice.Answer) -> Set<String> {
                Set(
                    (answer["contact_points"].array ?? []).map {
                        "\($0["address"]?.string ?? "") \($0["verified"]?.bool ?? false)"
                    })
            }
            let changed = try await office.call(
                .patch, "/contacts/\(id)",
                [
                    "contact_points": [
                        ["channel": "email", "address": "d@example.com", "verified": true]
                    ]
                ])
            #expect(addresses(changed) == ["dana-1 true", "d@example.com false"])
            let emptied = try await office.call(.patch, "/contacts/\(id)", ["contact_points": []])
            #expect(addresses(emptied) == ["dana-1 true"])
            let untouched = try await office.call(.patch, "/contacts/\(id)", ["name": nil])
            #expect(addresses(untouched) == ["dana-1 true"])
            #expect(untouched["name"] == .null)
            // They are still the sender.
            try await office.receive("Hi again", source: "m2", from: "dana-1", inbox: inbox)
            #expect(try await office.call(.get, "/accounts/\(account)/contacts").data.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `who only claims an address do not become its owner`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let claimed = try await office.call(
                .post, "/accounts/\(account)/contacts",
                ["name": "Eve", "contact_points": [["channel": "api", "address": "dana-1"]]])
            let received = try await office.receive(
                "Hi", source: "m1", from: "dana-1", inbox: inbox)
            let talk = received["conversation_id"].string ?? ""
            let conversation = try await office.call(.get, "/conversations/\(talk)")
            #expect(conversation["contact_id"].string != claimed.id)
            #expect(conversation["contact_name"] == "Dana")
        }
    }
}
