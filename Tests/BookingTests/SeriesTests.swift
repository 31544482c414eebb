import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Visits that repeat")
struct SeriesTests {
    private struct World {
        var office: TestOffice
        var account: String
        var base: String
        var service: String
        var ann: String

        static func make(
            _ office: TestOffice, _ more: [String: JSONValue] = [:]
        ) async throws -> World {
            let account = try await office.makeAccount()
            let base = "/accounts/\(account)"
            let ann = try await office.call(.post, base + "/staff", ["name": "Ann"])
            let fields: [String: JSONValue] = ["name": "Lesson", "duration_minutes": 60]
            let service = try await office.call(
                .post, base + "/services", .object(fields.merging(more) { $1 }))
            #expect(service.status == 201, "\(service.text)")
            return World(
                office: office, account: account, base: base, service: service.id, ann: ann.id)
        }

        func book(
            _ start: String, _ rule: JSONValue? = nil, _ more: [String: JSONValue] = [:]
        ) async throws -> TestOffice.Answer {
            var body: [String: JSONValue] = [
                "service_id": .string(service), "start": .string(start),
                "contact": ["name": "Dana"],
            ]
            body["recurrence"] = rule
            return try await office.call(
                .post, base + "/appointments", .object(body.merging(more) { $1 }))
        }

        func starts(_ query: String = "") async throws -> [String] {
            try await office.call(.get, base + "/appointments?limit=200" + query)
                .data.compactMap { $0["start"]?.string }
        }
    }

    @Test(arguments: TestEngine.available)
    func `keep their time of day when the clock changes`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            // The account is in New York: summer time ends on 1 November 2026.
            let world = try await World.make(office)
            let made = try await world.book(
                "2026-10-20T14:00:00Z", ["rrule": "FREQ=WEEKLY;COUNT=4"])
            #expect(made.status == 201, "\(made.text)")
            let expected = [
                "2026-10-20T14:00:00Z", "2026-10-27T14:00:00Z", "2026-11-03T15:00:00Z",
                "2026-11-10T15:00:00Z",
            ]
            let series = made["series"]["appointments"]?.array ?? []
            #expect(series.compactMap { $0["start"]?.string } == expected)
            #expect(made["start"].string == expected[0])
            let id = made["series_id"].string ?? ""
            #expect(try await world.starts("&series_id=\(id)") == expected)
            #expect(series.allSatisfy { $0["series_id"]?.string == id })
            // The desk hears of each, the client once.
            let events = try await office.call(
                .get, "/events?account=\(world.account)&limit=200",
                headers: [.accept: "application/json"]
            ).data.filter { $0["type"] == "appointment.confirmed" }
            #expect(
                events.map { $0["payload"]?["series_following"]?.int } == [3, 0, 0, 0])
        }
    }

    @Test(arguments: TestEngine.available)
    func `are booked whole or not at all, and say which cannot be had`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office)
            #expect(try await world.book("2026-04-07T15:00:00Z").status == 201)
            try await office.call(
                .post, world.base + "/busy",
                [
                    "of": .string(world.ann), "start": "2026-04-14T00:00:00Z",
                    "end": "2026-04-15T00:00:00Z",
                ])
            let rule: JSONValue = ["rrule": "FREQ=WEEKLY;COUNT=5"]
            let refused = try await world.book("2026-03-31T15:00:00Z", rule)
            #expect(refused.status == 409, "\(refused.text)")
            #expect(refused["code"].string == "slot_taken")
            let taken = refused["occurrences"].array ?? []
            #expect(
                taken.compactMap { $0["start"]?.string }
                    == ["2026-04-07T15:00:00Z", "2026-04-14T15:00:00Z"])
            #expect(taken.allSatisfy { !($0["alternatives"]?.array ?? []).isEmpty })
            #expect(try await world.starts() == ["2026-04-07T15:00:00Z"], "nothing half-done")

            let made = try await world.book(
                "2026-03-31T15:00:00Z",
                ["rrule": "FREQ=WEEKLY;COUNT=5", "on_conflict": "skip"])
            #expect(made.status == 201, "\(made.text)")
            #expect(
                (made["series"]["refused"]?.array ?? []).compactMap { $0["start"]?.string }
                    == ["2026-04-07T15:00:00Z", "2026-04-14T15:00:00Z"])
            #expect(
                try await world.starts("&series_id=\(made["series_id"].string ?? "")")
                    == ["2026-03-31T15:00:00Z", "2026-04-21T15:00:00Z", "2026-04-28T15:00:00Z"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `begin with the hold that was made for them`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office)
            let hold = try await office.call(
                .post, world.base + "/holds",
                ["service_id": .string(world.service), "start": "2026-03-31T15:00:00Z"])
            #expect(hold.status == 201)
            let made = try await office.call(
                .post, world.base + "/appointments",
                [
                    "hold_id": .string(hold.id), "contact": ["name": "Dana"],
                    "recurrence": ["rrule": "FREQ=DAILY;INTERVAL=2;COUNT=2"],
                ])
            #expect(made.status == 201, "\(made.text)")
            #expect(made.id == hold.id)
            #expect(
                try await world.starts() == ["2026-03-31T15:00:00Z", "2026-04-02T15:00:00Z"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `end together from one of them on`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office)
            let made = try await world.book(
                "2026-03-31T15:00:00Z", ["rrule": "FREQ=WEEKLY;COUNT=4"])
            let ids = (made["series"]["appointments"]?.array ?? []).compactMap {
                $0["id"]?.string
            }
            try #require(ids.count == 4)
            let gone = try await office.call(
                .post, "/appointments/\(ids[1])/cancel",
                ["scope": "following", "reason": "Moves away"])
            #expect(gone.status == 200, "\(gone.text)")
            #expect(gone["also_canceled"].array?.compactMap(\.string) == [ids[2], ids[3]])
            #expect(try await world.starts() == ["2026-03-31T15:00:00Z"])
            // The time is free again.
            #expect(try await world.book("2026-04-14T15:00:00Z").status == 201)
            let again = try await office.call(
                .post, "/appointments/\(ids[1])/cancel", ["scope": "following"])
            #expect(again.status == 409)
            let alone = try await office.call(
                .post, "/appointments/\(ids[0])/cancel", ["scope": "everything"])
            #expect(alone.badFields == ["scope"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `count for the limits of a day and a week`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office, ["limits": ["per_week": 2]])
            let made = try await world.book(
                "2026-03-30T15:00:00Z",
                ["rrule": "FREQ=DAILY;COUNT=4", "on_conflict": "skip"])
            #expect(made.status == 201, "\(made.text)")
            #expect((made["series"]["appointments"]?.array ?? []).count == 2)
            #expect((made["series"]["refused"]?.array ?? []).count == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `need a rule that ends and begins with the first visit`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office)
            let bad: [(JSONValue, String)] = [
                ("weekly", "recurrence"), ([:], "recurrence.rrule"),
                (["rrule": 5], "recurrence.rrule"), (["rrule": "FREQ=WEEKLY"], "recurrence.rrule"),
                (["rrule": "FREQ=HOURLY;COUNT=2"], "recurrence.rrule"),
                (["rrule": "FREQ=DAILY;COUNT=105"], "recurrence.rrule"),
                (["rrule": "FREQ=DAILY;UNTIL=20990101T000000Z"], "recurrence.rrule"),
                (["rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=2"], "recurrence.rrule"),
                (["rrule": "FREQ=WEEKLY;COUNT=2", "until": "x"], "recurrence.until"),
                (["rrule": "FREQ=WEEKLY;COUNT=2", "on_conflict": "x"], "recurrence.on_conflict"),
            ]
            for (rule, field) in bad {
                let answer = try await world.book("2026-03-31T15:00:00Z", rule)
                #expect(answer.status == 422, "\(rule.serialized): \(answer.text)")
                #expect(answer.badFields == [field], "\(rule.serialized)")
            }
            #expect(try await world.starts().isEmpty)
            let stranger = try await world.book(
                "2026-03-31T15:00:00Z", ["rrule": "FREQ=WEEKLY;COUNT=2"],
                ["staff_id": "stf_unknown"])
            #expect(stranger.badFields == ["staff_id"], "\(stranger.text)")
        }
    }
}
