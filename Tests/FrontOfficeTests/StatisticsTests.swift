import FrontOffice
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Logging
import Store
import TestSupport
import Testing
import WebShell

@Suite("Statistics")
struct StatisticsTests {
    private static let week = "?from=2026-03-23T00:00:00Z&to=2026-03-30T00:00:00Z"

    @Test(arguments: TestEngine.available)
    func `count what was recorded, every kind of inquiry among it`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let other = try await office.makeAccount("other")
            let inbox = try await office.makeInbox(of: account)
            let base = "/accounts/\(account)"
            let received = try await office.receive("Hi", source: "m1", inbox: inbox)
            let talk = received["conversation_id"]
            // The kinds, as the refusal of an unknown one lists them.
            let refusal = try await office.call(.post, base + "/inquiries", ["kind": "?"])
            let words = refusal["errors"].array?.first?["message"]?.string ?? ""
            let kinds =
                words.dropLast().split(separator: ": ").last?
                .split(separator: ", ").map(String.init) ?? []
            #expect(kinds.count >= 7)
            for (index, kind) in kinds.enumerated() {
                for _ in 0...index {
                    let made = try await office.call(
                        .post, base + "/inquiries",
                        ["kind": .string(kind), "conversation_id": talk, "disposition": "answered"])
                    #expect(made.status == 201, "\(made.text)")
                }
            }
            try await office.call(
                .post, base + "/inquiries", ["kind": "order", "channel": "phone"])
            try await office.call(.post, "/accounts/\(other)/inquiries", ["kind": "order"])

            let numbers = try await office.call(.get, base + "/statistics" + Self.week)
            let counted = numbers["inquiries"]
            let byKind = counted["by_kind"]?.object ?? [:]
            #expect(Set(byKind.keys) == Set(kinds))
            for (index, kind) in kinds.enumerated() {
                #expect(byKind[kind]?.int == index + (kind == "order" ? 2 : 1), "\(kind)")
            }
            let total = counted["total"]?.int
            #expect(total == kinds.count * (kinds.count + 1) / 2 + 1)
            let list = try await office.call(.get, base + "/inquiries?limit=200")
            #expect(list.data.count == total)
            for key in ["by_kind", "by_channel", "by_outcome"] {
                let sum = (counted[key]?.object ?? [:]).values.reduce(0) { $0 + ($1.int ?? 0) }
                #expect(sum == total, "\(key)")
            }
            #expect(counted["by_channel"]?["phone"] == 1)
            #expect(counted["by_outcome"]?["none"] == 1)
            // Nine o'clock in New York, by the business's own clock.
            #expect(counted["by_hour"]?.array?[9].int == total)
            #expect(
                counted["by_date"]?.array?.first { $0["date"] == "2026-03-23" }?["count"]?.int
                    == total)
            #expect(numbers["conversations"]["opened"] == 1)
            #expect(numbers["messages"]["incoming"] == 1)
            let stranger = try await office.call(.get, "/accounts/\(other)/statistics" + Self.week)
            #expect(stranger["inquiries"]["total"] == 1)
        }
    }
}

@Suite("Settings of the office")
struct StatisticsTests2 {
    @Test(arguments: TestEngine.available)
    func `are changed by the admin alone, and kept`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let before = try await office.call(.get, "/settings")
            #expect(before["trial_days"] == 14)
            let changed = try await office.call(
                .patch, "/settings", ["trial_days": 30, "currency": "EUR", "unknown": 1])
            #expect(changed.status == 200)
            #expect(changed["trial_days"] == 30)
            #expect(changed["hours_per_day"] == before["hours_per_day"])
            for role in ["supervisor", "receptionist", "coach"] {
                let agent = try await office.makeAgent(role)
                let refused = try await office.call(
                    .patch, "/settings", ["trial_days": 1], as: agent)
                #expect(refused.status == 403)
                #expect(try await office.call(.get, "/settings", as: agent).json == changed.json)
            }
        }
    }
}

@Suite("The test clock")
struct StatisticsTests3 {
    @Test(arguments: TestEngine.available)
    func `goes forward only, and everything sees it`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            #expect(
                try await office.call(.get, "/test_clock")["now"].string
                    == TestOffice.start.description)
            let later = TestOffice.start.advanced(byDays: 3)
            try await office.moveClock(to: later)
            let back = try await office.call(
                .post, "/test_clock", ["now": .instant(later.advanced(byMilliseconds: -1))])
            #expect(back.status == 422)
            #expect(back.badFields == ["now"])
            try await office.moveClock(to: later)
            let account = try await office.makeAccount()
            let made = try await office.call(.get, "/accounts/\(account)")
            #expect(made["created_at"].string == later.description)
        }
    }

    @Test func `is not there on a clock that runs by itself`() async throws {
        let database = try await TestEngine.sqlite.makeDatabase()
        let configuration = Configuration(
            database: database.url, resources: try TestResources.root())
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let wiring = try await Wiring.open(configuration, logger: logger)
        let (router, listing) = wiring.router()
        #expect(!listing.all.contains { $0.contains("test_clock") })
        try await Application(router: router, logger: logger).test(.router) { client in
            for (path, status) in [("/api/v1/test_clock", 404), ("/api/v1/me", 401)] {
                let answer = try await client.execute(uri: path, method: .get)
                #expect(answer.status.code == status, "\(path)")
            }
        }
        try wiring.store.close()
        try await database.remove()
    }
}
