import Booking
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing

/// Those who wait for a time. The clock stands at Monday, 2026-03-23 13:00 UTC, nine in New York.
@Suite("The waiting list")
struct WaitlistTests {
    /// One person, one service of an hour, and a Tuesday of three hours that is fully booked.
    struct World {
        let office: TestOffice
        let account: String
        let service: String
        var booked: [String] = []

        static func run(
            on engine: TestEngine, _ test: @escaping @Sendable (World) async throws -> Void
        ) async throws {
            try await TestOffice.run(on: engine) { office in
                let account = try await office.makeAccount("mane")
                try await office.call(
                    .put, "/accounts/\(account)/schedule",
                    ["weekly": [["weekday": 2, "start": "09:00", "end": "12:00"]]])
                try await office.call(.post, "/accounts/\(account)/staff", ["name": "Mia"])
                let service = try await office.call(
                    .post, "/accounts/\(account)/services",
                    ["name": "Cut", "duration_minutes": 60]
                ).id
                try await office.call(
                    .put, "/accounts/\(account)/booking_page", ["is_open": true])
                var world = World(office: office, account: account, service: service)
                for hour in 13...15 {
                    world.booked.append(try await world.book("2026-03-24T\(hour):00:00Z").id)
                }
                try await test(world)
            }
        }

        func book(_ start: String) async throws -> TestOffice.Answer {
            try await office.call(
                .post, "/accounts/\(account)/appointments",
                [
                    "service_id": .string(service), "start": .string(start),
                    "contact": ["name": "Ann"],
                ])
        }

        func join(_ name: String, _ more: [String: JSONValue] = [:]) async throws
            -> TestOffice.Answer
        {
            let body: [String: JSONValue] = [
                "service_id": .string(service), "from": "2026-03-24T00:00:00Z",
                "to": "2026-03-25T00:00:00Z",
                "contact": [
                    "name": .string(name),
                    "contact_points": [
                        ["channel": "email", "address": .string("\(name)@example.com")]
                    ],
                ],
            ]
            return try await office.call(
                .post, "/accounts/\(account)/waitlist", .object(body.merging(more) { $1 }))
        }

        func status(_ id: String) async throws -> String? {
            try await office.call(.get, "/waitlist/\(id)")["status"].string
        }

        /// Lets the jobs run that are due.
        func pass(seconds: Int = 1) async throws {
            try await office.moveClock(
                to: office.wiring.ambient.now().advanced(bySeconds: seconds))
        }

        func cancel(_ id: String) async throws {
            let answer = try await office.call(.post, "/appointments/\(id)/cancel", [:])
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is offered what becomes free, the first in line first`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            let first = try await world.join("kim").id
            let second = try await world.join("lee").id
            try await world.pass()
            #expect(try await world.status(first) == "waiting")
            try await world.cancel(world.booked[1])
            try await world.pass()
            #expect(try await world.status(first) == "offered")
            #expect(try await world.status(second) == "waiting")
            // Kept for the one who is asked, and they are told.
            #expect(try await world.book("2026-03-24T14:00:00Z").status == 409)
            let told = try await world.office.call(
                .get, "/accounts/\(world.account)/deliveries?purpose=waitlist_offered")
            #expect(told.data.map { $0["to"] } == ["kim@example.com"])
            // Half an hour later it is the next one's turn.
            try await world.pass(seconds: 1801)
            #expect(try await world.status(first) == "lapsed")
            #expect(try await world.status(second) == "offered")
            let claimed = try await world.office.call(.post, "/waitlist/\(second)/claim", [:])
            #expect(claimed.status == 201)
            #expect(claimed["start"] == "2026-03-24T14:00:00Z")
            #expect(try await world.status(second) == "booked")
            let again = try await world.office.call(.post, "/waitlist/\(second)/claim", [:])
            #expect(again.status == 409)
            let late = try await world.office.call(.post, "/waitlist/\(first)/claim", [:])
            #expect(late.status == 409)
        }
    }

    @Test(arguments: TestEngine.available)
    func `two times go to two who wait, and who leaves gives back`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            var ids: [String] = []
            for name in ["kim", "lee", "pat"] { ids.append(try await world.join(name).id) }
            try await world.cancel(world.booked[0])
            try await world.cancel(world.booked[2])
            try await world.pass()
            func statuses() async throws -> [String?] {
                var list: [String?] = []
                for id in ids { list.append(try await world.status(id)) }
                return list
            }
            #expect(try await statuses() == ["offered", "offered", "waiting"])
            let left = try await world.office.call(.delete, "/waitlist/\(ids[0])")
            #expect(left.status == 204)
            try await world.pass()
            #expect(try await statuses() == ["canceled", "offered", "offered"])
            let open = try await world.office.call(
                .get, "/accounts/\(world.account)/waitlist")
            #expect(open.data.compactMap { $0["id"]?.string } == Array(ids.dropFirst()))
        }
    }

    @Test(arguments: TestEngine.available)
    func `names what is wrong and writes nothing`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            for (field, body): (String, [String: JSONValue]) in [
                ("to", ["to": "2026-03-23T00:00:00Z"]),
                ("to", ["from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"]),
                ("to", ["to": "2026-12-30T00:00:00Z"]), ("from", ["from": "soon"]),
                ("service_id", ["service_id": "svc_none"]), ("staff_id", ["staff_id": "stf_x"]),
                ("party_size", ["party_size": 2]), ("contact_id", ["contact": .null]),
            ] {
                let answer = try await world.join("kim", body)
                #expect(answer.status == 422, "\(field)")
                #expect(answer.text.contains("\"field\":\"\(field)\""), "\(field) \(answer.text)")
            }
            let list = try await world.office.call(.get, "/accounts/\(world.account)/waitlist")
            #expect(list.data.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is joined at the booking page, and an offer taken by its link`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            let visitor = PortalBrowser(office: world.office)
            let base = "/b/mane/s/\(world.service)"
            #expect(try await visitor.get(base).text.contains(base + "/wait"))
            let fields = [
                ("from", "2026-03-24"), ("days", "1"), ("name", "Kim"),
                ("email", "kim@example.com"),
            ]
            let nameless = try await visitor.post(
                base + "/wait", fields.filter { $0.0 != "name" })
            #expect(nameless.status == 422)
            let joined = try await visitor.post(base + "/wait", fields)
            #expect(joined.text.contains("You are on the waiting list"))
            try await world.cancel(world.booked[1])
            try await world.pass()
            let entry = try #require(
                try await world.office.call(.get, "/accounts/\(world.account)/waitlist").data
                    .first?["id"]?.string)
            let links = VisitLinks(ambient: world.office.wiring.ambient)
            let token = try await world.office.wiring.store.write { tx in
                try links.token(WaitlistID(entry), .offer, in: tx)
            }
            // A link to an offer opens no visit, and the other way round.
            #expect(try await visitor.get("/b/mane/v/\(token)").status == 404)
            #expect(try await visitor.get("/b/mane/w/\(entry).AAAA").status == 404)
            let page = try await visitor.get("/b/mane/w/\(token)")
            #expect(page.text.contains("Tuesday, 24 March, 10:00–11:00"))
            let taken = try await visitor.post("/b/mane/w/\(token)", [("act", "take")])
            #expect(taken.headers[.location]?.hasPrefix("/b/mane/v/appt_") == true)
            let twice = try await visitor.post("/b/mane/w/\(token)", [("act", "take")])
            #expect(twice.status == 409)
        }
    }
}
