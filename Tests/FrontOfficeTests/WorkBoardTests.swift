import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import Work

@Suite struct `Work that was given up` {
    /// Jobs as they stand after their life: one dead, one waiting, one at work.
    private static func furnish(_ office: TestOffice) async throws {
        let ambient = office.wiring.ambient
        let end = Instant.latest.advanced(byDays: 1)
        try await office.wiring.store.write { tx in
            for (kind, runAt) in [
                ("purge.sessions", TestOffice.start), ("test.waits", end), ("test.works", end),
            ] {
                try JobQueue.enqueue(
                    kind, account: nil, [:], at: runAt, uniqueKey: kind, ambient: ambient, in: tx)
            }
            try tx.execute(
                """
                UPDATE jobs SET state = 'dead', died_at = run_at, attempts = 12,
                    last_error = '<script>alert(1)</script>'
                WHERE kind = 'purge.sessions'
                """)
            try tx.execute(
                "UPDATE jobs SET lease = 'x', leased_until = \(end) WHERE kind = 'test.works'")
        }
    }

    private static func kinds(_ office: TestOffice, _ query: String) async throws -> [String] {
        try await office.call(.get, "/jobs" + query).data.compactMap { $0["kind"]?.string }
    }

    @Test(arguments: TestEngine.available)
    func `is listed, done again or deleted by admins`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            try await Self.furnish(office)
            #expect(try await Self.kinds(office, "?state=ready") == ["test.waits"])
            #expect(try await Self.kinds(office, "?state=running") == ["test.works"])
            #expect(
                try await Self.kinds(office, "") == ["test.works", "test.waits", "purge.sessions"])
            #expect(try await office.call(.get, "/jobs?state=done").badFields == ["state"])
            let dead = try await office.call(.get, "/jobs?state=dead&limit=1").data
            let id = dead.first?["id"]?.string ?? ""
            #expect(dead.first?["attempts"] == 12)
            #expect(dead.first?["payload"] == nil)

            let again = try await office.call(.post, "/jobs/\(id)/retry")
            #expect(again.status == 200, "\(again.text)")
            #expect(again["state"] == "ready")
            #expect(again["attempts"] == 0)
            #expect(try await office.call(.post, "/jobs/\(id)/retry").status == 409)
            #expect(try await office.call(.delete, "/jobs/\(id)").status == 409)
            try await office.moveClock(to: TestOffice.start)
            #expect(try await office.call(.post, "/jobs/\(id)/retry").status == 404, "it was done")
            let types = try await office.call(
                .get, "/events?limit=200", headers: [.accept: "application/json"]
            ).data.compactMap { $0["type"]?.string }
            #expect(types.contains("job.retried"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `has no twin and is deleted for good`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            try await Self.furnish(office)
            let id = try await office.call(.get, "/jobs?state=dead").data[0]["id"]?.string ?? ""
            let ambient = office.wiring.ambient
            try await office.wiring.store.write { tx in
                try JobQueue.enqueue(
                    "purge.sessions", account: nil, [:], at: Instant.latest.advanced(byDays: 1),
                    uniqueKey: "purge.sessions", ambient: ambient, in: tx)
            }
            #expect(try await office.call(.post, "/jobs/\(id)/retry").status == 409)
            #expect(try await office.call(.delete, "/jobs/\(id)").status == 204)
            #expect(try await office.call(.delete, "/jobs/\(id)").status == 404)
            #expect(try await Self.kinds(office, "?state=dead").isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is nobody's business but the admins'`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            try await Self.furnish(office)
            let id = try await office.call(.get, "/jobs?state=dead").data[0]["id"]?.string ?? ""
            let reader = try await office.makeAgent(
                "admin", email: "reader@office.test", scopes: ["read", "jobs:write"])
            for token in [
                try await office.makeAgent("supervisor"), try await office.makeAgent("coach"),
                try await office.makeMember("owner", of: try await office.makeAccount()),
            ] {
                #expect(try await office.call(.get, "/jobs", as: token).status == 403)
                #expect(try await office.call(.delete, "/jobs/\(id)", as: token).status == 403)
            }
            #expect(try await office.call(.get, "/jobs", as: reader).status == 200)
            #expect(try await office.call(.post, "/jobs/\(id)/retry", as: reader).status == 403)
            #expect(try await office.call(.delete, "/jobs/\(id)", as: reader).status == 403)
            #expect(try await office.call(.delete, "/jobs/\(id)").status == 204)
        }
    }
}
