import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import WebShell

/// Requests that only ask go on with a sign-in of a moment ago and make sure of it in their own
/// transaction: nothing that ended may show anything once more, whoever ended it.
@Suite("Sign-ins of a moment ago")
struct RecentSignInTests {
    private struct World {
        var office: TestOffice
        var account: String
        var member: String
        var token: String
        /// Another process on the same database.
        var other: Store

        /// Reading a list, a page's worth of the API that asks nothing else, and somebody's own
        /// account.
        func statuses() async throws -> [Int] {
            var statuses: [Int] = []
            for path in ["/me", "/accounts/\(account)", "/accounts/\(account)/conversations"] {
                statuses.append(try await office.call(.get, path, as: token).status)
            }
            return statuses
        }

        func change(_ sql: SQL) async throws {
            #expect(try await other.write { tx in try tx.execute(sql) } == 1)
        }
    }

    private static func run(
        on engine: TestEngine, _ body: @escaping @Sendable (World) async throws -> Void
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.call(
                .post, "/accounts", ["name": "A", "slug": "a", "time_zone": "UTC"]
            ).id
            let member = try await office.call(
                .post, "/accounts/\(account)/members",
                ["email": "o@x.test", "name": "Olga", "role": "owner"])
            #expect(member.status == 201)
            let user = member.id
            let token = try await office.wiring.gatekeeper.createToken(
                of: UserID(user), name: "t", scopes: ["read"], by: .system)
            let other = try Store(url: office.wiring.configuration.database, connections: 2)
            let world = World(
                office: office, account: account, member: user, token: token, other: other)
            for _ in 0..<3 { #expect(try await world.statuses() == [200, 200, 200]) }
            try await body(world)
            try other.close()
        }
    }

    @Test(arguments: TestEngine.available)
    func `a token that another process revokes is worth nothing at once`(
        engine: TestEngine
    ) async throws {
        try await Self.run(on: engine) { world in
            let hash = secretHash(world.token)
            try await world.change(
                "UPDATE tokens SET revoked_at = \(TestOffice.start) WHERE token_hash = \(hash)")
            #expect(try await world.statuses() == [401, 401, 401])
            try await world.change("UPDATE tokens SET revoked_at = NULL WHERE token_hash = \(hash)")
            #expect(try await world.statuses() == [200, 200, 200])
            try await world.change("UPDATE users SET is_active = 0 WHERE id = \(world.member)")
            #expect(try await world.statuses() == [401, 401, 401])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a membership, a role or scopes that change count from the next request`(
        engine: TestEngine
    ) async throws {
        try await Self.run(on: engine) { world in
            try await world.change(
                "UPDATE memberships SET role = 'staff' WHERE user_id = \(world.member)")
            let me = try await world.office.call(.get, "/me", as: world.token)
            #expect(me["memberships"].array?.first?["role"]?.string == "staff")
            try await world.change("DELETE FROM memberships WHERE user_id = \(world.member)")
            #expect(try await world.statuses() == [200, 404, 404])
            try await world.change(
                "UPDATE users SET office_role = 'coach' WHERE id = \(world.member)")
            #expect(try await world.statuses() == [200, 200, 200])
            let coach = try await world.office.call(.get, "/me", as: world.token)
            #expect(coach["role"] == "coach")
            try await world.change("UPDATE tokens SET scopes = 'contacts:read' WHERE name = 't'")
            #expect(try await world.statuses().last == 403)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a page's session ends at once, and a second factor that is asked for is asked at once`(
        engine: TestEngine
    ) async throws {
        try await Self.run(on: engine) { world in
            let (gatekeeper, office) = (world.office.wiring.gatekeeper, world.office)
            let admin = try await office.call(.get, "/me")["user_id"].string ?? ""
            let cookie = try await gatekeeper.openSession(of: UserID(admin), .office)
            let headers: HTTPFields = [.cookie: "\(SessionKind.office.cookie)=\(cookie)"]
            func desk() async throws -> (Int, String?) {
                let answer = try await office.get("/desk", headers: headers)
                return (answer.status, answer.headers[.location])
            }
            for _ in 0..<3 { #expect(try await desk().0 == 200) }
            try await office.call(.patch, "/settings", ["require_second_factor": true])
            #expect(try await desk().1?.hasPrefix("/me/second-factor") == true)
            try await world.change("DELETE FROM settings WHERE key = 'security'")
            for _ in 0..<3 { #expect(try await desk().0 == 200) }
            try await world.change("UPDATE sessions SET kind = 'account'")
            #expect(try await desk().1?.hasPrefix("/sign-in") == true)
            try await world.change("UPDATE sessions SET kind = 'office'")
            for _ in 0..<3 { #expect(try await desk().0 == 200) }
            try await world.change("DELETE FROM sessions")
            #expect(try await desk().1?.hasPrefix("/sign-in") == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `answers stay right while somebody writes all the time`(engine: TestEngine) async throws {
        try await Self.run(on: engine) { world in
            // The membership comes and goes; every answer fits one of the two, and the last one
            // the last change.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<40 {
                            for status in try await world.statuses().dropFirst() {
                                #expect([200, 404].contains(status))
                            }
                        }
                    }
                }
                for turn in 0..<30 {
                    try await world.change("DELETE FROM memberships")
                    #expect(try await world.statuses() == [200, 404, 404], "\(turn)")
                    try await world.change(
                        """
                        INSERT INTO memberships (user_id, account_id, role, created_at)
                        VALUES (\(world.member), \(world.account), 'owner', \(TestOffice.start))
                        """)
                    #expect(try await world.statuses() == [200, 200, 200], "\(turn)")
                }
                try await group.waitForAll()
            }
        }
    }
}
