import Foundation
import FrontOffice
import HTTPTypes
import HummingbirdTesting
import Kernel
import NIOCore
import Store
import TestSupport
import Testing

/// Clients who book without a sign-in, and those who try more than that. Monday, 09:00 in New York.
@Suite("The booking page")
struct PublicBookingTests {
    /// A business with one person and one service of an hour, whose page is open.
    struct World {
        let office: TestOffice
        let account: String
        let service: String
        let staff: String
        /// Somebody without any sign-in.
        let visitor: PortalBrowser

        static func run(
            on engine: TestEngine, _ test: @escaping @Sendable (World) async throws -> Void
        ) async throws {
            try await TestOffice.run(on: engine) { office in
                let account = try await office.makeAccount("mane")
                let staff = try await office.call(
                    .post, "/accounts/\(account)/staff", ["name": "Mia Long"]
                ).id
                let service = try await office.call(
                    .post, "/accounts/\(account)/services",
                    [
                        "name": "Cut & <dry>", "duration_minutes": 60,
                        "slot_interval_minutes": 60,
                        "price": ["amount": 4500, "currency": "USD"],
                    ]
                ).id
                let world = World(
                    office: office, account: account, service: service, staff: staff,
                    visitor: PortalBrowser(office: office))
                try await world.page(["is_open": true])
                try await test(world)
            }
        }

        func page(_ body: JSONValue) async throws {
            let answer = try await office.call(.put, "/accounts/\(account)/booking_page", body)
            #expect(answer.status == 200)
        }

        func policy(_ body: JSONValue) async throws {
            let answer = try await office.call(.put, "/accounts/\(account)/booking_policy", body)
            #expect(answer.status == 200)
        }

        var base: String { "/b/mane/s/\(service)" }

        /// Chooses a time; answers where the details are typed.
        func choose(_ start: String) async throws -> PortalBrowser.Answer {
            try await visitor.post(base, [("start", start), ("party", "1")])
        }

        func book(
            _ start: String, hold: String = "", _ more: [(String, String)] = []
        ) async throws -> PortalBrowser.Answer {
            var fields = [
                ("start", start), ("hold", hold), ("party", "1"), ("name", "Dana Reed"),
                ("email", "dana@example.com"),
            ]
            for (name, value) in more {
                fields.removeAll { $0.0 == name }
                fields.append((name, value))
            }
            return try await visitor.post(base + "/details", fields)
        }

        /// Books, and answers the path of the visit.
        func visit(_ start: String) async throws -> String {
            let answer = try await book(start)
            #expect(answer.status == 303)
            let place = try #require(answer.headers[.location])
            return String(place.prefix { $0 != "?" })
        }

        func appointments(_ query: String = "") async throws -> [JSONValue] {
            try await office.call(.get, "/accounts/\(account)/appointments\(query)").data
        }
    }

    static func query(_ name: String, in address: String?) -> String? {
        URLComponents(string: address ?? "")?.queryItems?.first { $0.name == name }?.value
    }

    @Test(arguments: TestEngine.available)
    func `leads from service to time to details to a visit`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let front = try await world.visitor.get("/b/mane")
            #expect(front.status == 200)
            #expect(front.text.contains("Cut &amp; &lt;dry&gt;"))
            let times = try await world.visitor.get(world.base + "?date=2026-03-24")
            #expect(times.text.contains("value=\"2026-03-24T13:00:00Z\""))
            #expect(!times.text.contains("value=\"2026-03-24T21:00:00Z\""))
            let chosen = try await world.choose("2026-03-24T14:00:00Z")
            #expect(chosen.status == 303)
            let details = try #require(chosen.headers[.location])
            let hold = try #require(Self.query("hold", in: details))
            #expect(try await world.visitor.get(details).text.contains("Kept for you until"))
            // Kept for this one means gone for others.
            let again = try await world.choose("2026-03-24T14:00:00Z")
            #expect(again.status == 409)
            #expect(again.text.contains("Somebody has just taken this time"))
            let booked = try await world.book("2026-03-24T14:00:00Z", hold: hold)
            #expect(booked.status == 303)
            let path = try #require(booked.headers[.location])
            let visit = try await world.visitor.get(path)
            #expect(visit.text.contains("You are booked"))
            let stored = try await world.appointments()
            #expect(stored.map { $0["status"] } == ["confirmed"])
            #expect(stored.first?["start"] == "2026-03-24T14:00:00Z")
            let contact = try #require(stored.first?["contact_id"]?.string)
            let person = try await world.office.call(.get, "/contacts/\(contact)")
            #expect(person["name"] == "Dana Reed")
            #expect(
                person["contact_points"]
                    == [["channel": "email", "address": "dana@example.com", "verified": false]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `offers other times and keeps what was typed`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            _ = try await world.visit("2026-03-24T14:00:00Z")
            let late = try await world.book("2026-03-24T14:00:00Z", [("name", "Kim <b>")])
            #expect(late.status == 409)
            #expect(late.text.contains("value=\"Kim &lt;b&gt;\""))
            #expect(late.text.contains("value=\"2026-03-24T15:00:00Z\""))
            for (field, value) in [
                ("name", ""), ("email", "nobody"), ("email", ""), ("phone", "12"),
            ] {
                let wrong = try await world.book("2026-03-24T15:00:00Z", [(field, value)])
                #expect(wrong.status == 422, "\(field) \(value)")
                #expect(wrong.text.contains("aria-invalid=\"true\""), "\(field) \(value)")
            }
            #expect(try await world.appointments().count == 1)
            // What a page sends may be anything.
            for start in ["", "soon", "1970-01-01T00:00:00Z", "2026-03-24T15:07:00Z"] {
                let answer = try await world.choose(start)
                #expect(answer.status < 500, "\(start)")
                #expect(answer.headers[.location] == nil, "\(start)")
            }
            for path in [
                "?date=tomorrow", "?from=9999-99-99", "?party=-3", "?party=99999999999999",
                "?staff=stf_nobody", "?date=2100-01-01&from=1970-01-01",
            ] {
                #expect([200, 404].contains(try await world.visitor.get(world.base + path).status))
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a kept time that was let go is booked if it is free`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let place = try await world.choose("2026-03-24T14:00:00Z").headers[.location]
            let hold = try #require(Self.query("hold", in: place))
            try await world.office.moveClock(
                to: world.office.wiring.ambient.now().advanced(bySeconds: 601))
            let page = try await world.visitor.get(place ?? "")
            #expect(page.text.contains("has been let go"))
            #expect(try await world.book("2026-03-24T14:00:00Z", hold: hold).status == 303)
            // Choosing another time gives the first one back at once.
            let next = try await world.choose("2026-03-25T14:00:00Z").headers[.location]
            let second = try #require(Self.query("hold", in: next))
            let other = try await world.visitor.post(world.base, [("release", second)])
            #expect(other.status == 200)
            #expect(try await world.appointments("?status=held").isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a visit is moved and cancelled by its link until the cut-off`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            try await world.policy(["cutoff_minutes": 1440])
            let path = try await world.visit("2026-03-26T14:00:00Z")
            let file = try await world.visitor.get(path + "/visit.ics")
            #expect(file.text.contains("DTSTART:20260326T140000Z"))
            #expect(file.text.contains("METHOD:PUBLISH"))
            #expect(!file.text.contains("dana@example.com"))
            let moved = try await world.visitor.post(
                path + "/move", [("start", "2026-03-27T15:00:00Z")])
            #expect(moved.headers[.location] == path + "?moved=1")
            #expect(
                try await world.appointments().map { $0["start"] } == ["2026-03-27T15:00:00Z"])
            let taken = try await world.visit("2026-03-26T14:00:00Z")
            let onto = try await world.visitor.post(
                taken + "/move", [("start", "2026-03-27T15:00:00Z")])
            #expect(onto.status == 409)
            let gone = try await world.visitor.post(path + "/cancel", [("reason", "ill")])
            #expect(gone.status == 303)
            #expect(try await world.visitor.get(path).text.contains("Your visit is cancelled"))
            let struck = try await world.visitor.get(path + "/visit.ics").text
            #expect(struck.contains("METHOD:CANCEL"))
            // It was moved once before.
            #expect(struck.contains("SEQUENCE:2"))
            #expect(
                try await world.appointments("?status=canceled").map { $0["canceled_reason"] }
                    == ["ill"])
            // A day before it is too late, and there is no fee to buy oneself free.
            try await world.office.moveClock(to: try #require(Instant(rfc3339: "2026-03-25T14:00:00.001Z")))
            #expect(!(try await world.visitor.get(taken).text.contains(taken + "/move")))
            for act in ["/cancel", "/move"] {
                let late = try await world.visitor.post(
                    taken + act, [("start", "2026-03-30T15:00:00Z")])
                #expect(late.status != 303 || late.headers[.location] == taken)
            }
            #expect(try await world.appointments().count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `cancelling late costs what was said and agreed to`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let fee: JSONValue = ["amount": 2000, "currency": "USD"]
            try await world.policy(["cutoff_minutes": 10_080, "late_fee": fee])
            let path = try await world.visit("2026-03-24T14:00:00Z")
            let page = try await world.visitor.get(path + "/cancel")
            #expect(page.text.contains("value=\"2000 USD\""))
            for agreed in [[], [("fee", "1 USD")], [("fee", "2000 EUR")], [("fee", "x")]] {
                let answer = try await world.visitor.post(path + "/cancel", agreed)
                #expect(answer.status == 409)
            }
            #expect(try await world.appointments().count == 1)
            let done = try await world.visitor.post(path + "/cancel", [("fee", "2000 USD")])
            #expect(done.status == 303)
            let stored = try await world.appointments("?status=canceled")
            #expect(stored.map { $0["fee"] } == [fee])
            #expect(stored.map { $0["fee_reason"] } == ["late_cancellation"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `the cut-off is not held against whom the business lets down`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            try await world.policy(["cutoff_minutes": 43_200])
            let path = try await world.visit("2026-03-24T14:00:00Z")
            #expect(!(try await world.visitor.get(path).text.contains(path + "/move")))
            let closed: JSONValue = ["weekly": [["weekday": 3, "start": "09:00", "end": "12:00"]]]
            try await world.office.call(.put, "/accounts/\(world.account)/schedule", closed)
            try await world.office.call(
                .post, "/accounts/\(world.account)/displaced", ["action": "ask"])
            #expect(try await world.visitor.get(path).text.contains(path + "/move"))
            let moved = try await world.visitor.post(
                path + "/move", [("start", "2026-03-25T14:00:00Z")])
            #expect(moved.headers[.location] == path + "?moved=1")
            // Settled: from here on the cut-off holds again.
            #expect(!(try await world.visitor.get(path).text.contains(path + "/move")))
        }
    }

    @Test(arguments: TestEngine.available)
    func `the form of page and policy saves both or neither`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let owner = try await PortalBrowser.signIn(
                .owner, of: world.account, in: world.office)
            func save(_ greeting: String) async throws -> Int {
                try await owner.post(
                    "/portal/mane/online",
                    [
                        ("is_open", "1"), ("greeting", greeting), ("asks_for", "phone"),
                        ("cutoff_hours", "1.5"), ("late_fee", "12.50"),
                        ("service_ids", world.service),
                    ]
                ).status
            }
            func policy() async throws -> TestOffice.Answer {
                try await world.office.call(.get, "/accounts/\(world.account)/booking_policy")
            }
            #expect(try await save(String(repeating: "x", count: 601)) == 422)
            #expect(try await policy()["version"] == 0)
            #expect(try await save("Welcome") == 303)
            #expect(try await policy()["cutoff_minutes"] == 90)
            #expect(try await policy()["late_fee"] == ["amount": 1250, "currency": "USD"])
            let page = try await world.office.call(
                .get, "/accounts/\(world.account)/booking_page")
            #expect(page["asks_for"] == "phone")
            // Everything on offer, also what is added later.
            #expect(page["service_ids"] == .null)
        }
    }

    @Test(arguments: TestEngine.available)
    func `fees of the desk need a policy that has them`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            _ = try await world.visit("2026-03-24T14:00:00Z")
            let id = try #require(try await world.appointments().first?["id"]?.string)
            let charge: JSONValue = ["charge_fee": true]
            let none = try await world.office.call(.post, "/appointments/\(id)/no_show", charge)
            #expect(none.status == 422)
            #expect(none.text.contains("\"field\":\"charge_fee\""))
            try await world.policy(["no_show_fee": ["amount": 3000, "currency": "USD"]])
            let charged = try await world.office.call(.post, "/appointments/\(id)/no_show", charge)
            #expect(charged["fee"] == ["amount": 3000, "currency": "USD"])
            #expect(charged["fee_reason"] == "no_show")
            for bad: JSONValue in [
                ["cutoff_minutes": -1], ["late_fee": ["amount": 0, "currency": "USD"]],
                ["late_fee": ["amount": 5, "currency": "EUR"]], ["cutoff_hours": 3],
            ] {
                let path = "/accounts/\(world.account)/booking_policy"
                #expect(try await world.office.call(.put, path, bad).status == 422, "\(bad)")
            }
        }
    }
}
