import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing

@Suite("Tokens")
struct TokenTests {
    private static func token(
        _ office: TestOffice, of user: String, _ scopes: [JSONValue]
    ) async throws -> String {
        let made = try await office.call(
            .post, "/users/\(user)/tokens", ["name": "t", "scopes": .array(scopes)])
        #expect(made.status == 201)
        return made["token"].string ?? ""
    }

    private static func user(_ office: TestOffice, _ role: String) async throws -> String {
        let user = try await office.call(
            .post, "/users",
            ["email": .string("\(role)@x.test"), "name": .string(role), "role": .string(role)])
        #expect(user.status == 201)
        return user.id
    }

    @Test(arguments: TestEngine.available)
    func `do what their scopes say and no more`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let user = try await Self.user(office, "admin")
            let base = "/accounts/\(world.here)"
            let newContact: JSONValue = ["name": "New"]
            let cancel = "/appointments/\(world.ids["/appointments/"] ?? "")/cancel"
            // Scopes; then the status of: reading contacts, making one, reading appointments,
            // cancelling one, adding an office user.
            let table: [([JSONValue], [Int])] = [
                (["read"], [200, 403, 200, 403, 403]),
                (["write"], [200, 201, 200, 200, 403]),
                (["contacts:read"], [200, 403, 403, 403, 403]),
                (["contacts:write"], [200, 201, 403, 403, 403]),
                (["appointments:write"], [403, 403, 200, 409, 403]),
                (["contacts:read", "appointments:read"], [200, 403, 200, 403, 403]),
                (["users:write"], [403, 403, 403, 403, 403]),
                ([], [403, 403, 403, 403, 403]),
                (["admin"], [200, 201, 200, 409, 201]),
            ]
            for (scopes, expected) in table {
                let token = try await Self.token(office, of: user, scopes)
                let statuses = [
                    try await office.call(.get, base + "/contacts", as: token).status,
                    try await office.call(.post, base + "/contacts", newContact, as: token).status,
                    try await office.call(.get, base + "/appointments", as: token).status,
                    try await office.call(.post, cancel, [:], as: token).status,
                    try await office.call(
                        .post, "/users",
                        ["email": "made@x.test", "name": "M", "role": "receptionist"], as: token
                    ).status,
                ]
                #expect(statuses == expected, "\(scopes)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `give nobody more than their owner has`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await Self.user(office, "receptionist")
            let limited = try await Self.token(office, of: user, ["read", "tokens:write"])
            // A limited token makes no wider one.
            let wider = try await office.call(
                .post, "/users/\(user)/tokens", ["name": "wide", "scopes": ["admin"]], as: limited)
            #expect(wider.status == 403)
            let full = try await Self.token(office, of: user, ["admin"])
            #expect(try await office.call(.get, "/settings", as: full).status == 200)
            #expect(
                try await office.call(.patch, "/settings", ["trial_days": 1], as: full).status
                    == 403)
            let admin = try await office.call(.get, "/me")["user_id"].string ?? ""
            let stolen = try await office.call(
                .post, "/users/\(admin)/tokens", ["name": "stolen"], as: full)
            #expect(stolen.status == 403)
            let nobody = try await office.call(.post, "/users/user_none/tokens", ["name": "t"])
            #expect(nobody.status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `end with their owner's access, and follow a change of role`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await Self.user(office, "supervisor")
            let token = try await Self.token(office, of: user, ["admin"])
            let account: JSONValue = ["name": "A", "slug": "a", "time_zone": "UTC"]
            #expect(try await office.call(.post, "/accounts", account, as: token).status == 201)
            try await office.call(.patch, "/users/\(user)", ["role": "coach"])
            let other: JSONValue = ["name": "B", "slug": "b", "time_zone": "UTC"]
            #expect(try await office.call(.post, "/accounts", other, as: token).status == 403)
            #expect(try await office.call(.get, "/me", as: token)["role"] == "coach")
            try await office.call(.patch, "/users/\(user)", ["is_active": false])
            #expect(try await office.call(.get, "/me", as: token).status == 401)
            try await office.call(.patch, "/users/\(user)", ["is_active": true])
            #expect(
                try await office.call(.get, "/me", as: token).status == 401, "ended for good")
            // Nobody shuts themselves out, so there is always an admin.
            let admin = try await office.call(.get, "/me")["user_id"].string ?? ""
            for change: JSONValue in [["is_active": false], ["role": "coach"]] {
                #expect(try await office.call(.patch, "/users/\(admin)", change).status == 403)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `are stored as hashes only, and shown once`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await Self.user(office, "admin")
            let token = try await Self.token(office, of: user, ["admin"])
            #expect(token.utf8.count >= 32)
            let hash = secretHash(token)
            let stored = try await office.wiring.store.read { tx in
                try tx.all("SELECT token_hash FROM tokens") { try $0.text(0) }
            }
            #expect(stored.contains(hash))
            #expect(!stored.contains(token))
            // The hash itself is no key, nor is anything near the token.
            for wrong in [hash, "", String(token.dropLast()), token + "x", token.uppercased()] {
                #expect(try await office.call(.get, "/me", as: wrong).status == 401)
            }
            for header in [token, "Basic \(token)", "Bearer", "Bearer  ", "bearer\(token)"] {
                let answer = try await office.get("/api/v1/me", headers: [.authorization: header])
                #expect(answer.status == 401, "\(header)")
            }
            let lower = try await office.get(
                "/api/v1/me", headers: [.authorization: "bearer \(token)"])
            #expect(lower.status == 200)
            // A key that is not good is refused even where a good cookie comes with it.
            let list = try await office.call(.get, "/users")
            #expect(!list.text.contains("hash"))
            #expect(!list.text.contains("password"))
        }
    }
}
