import FrontOffice
import HTTPTypes
import Kernel
import TestSupport
import Testing

/// Changing hours in the portal, and what comes of the bookings that fall outside.
@Suite("Bookings outside hours, in the portal")
struct DisplacedPageTests {
    private static func book(
        _ office: TestOffice, _ account: String, _ start: String
    ) async throws -> String {
        let services = try await office.call(.get, "/accounts/\(account)/services").data
        let answer = try await office.call(
            .post, "/accounts/\(account)/appointments",
            [
                "service_id": services.first?["id"] ?? .null, "start": .string(start),
                "contact": [
                    "name": "Dana <b>",
                    "contact_points": [["channel": "email", "address": "dana@example.com"]],
                ],
            ])
        #expect(answer.status == 201)
        return answer.id
    }

    @Test(arguments: TestEngine.available)
    func `are listed after the change and arranged with one button`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount("mane")
            try await office.call(.post, "/accounts/\(account)/staff", ["name": "Mia"])
            try await office.call(
                .post, "/accounts/\(account)/services", ["name": "Cut", "duration_minutes": 60])
            let early = try await Self.book(office, account, "2026-03-24T13:00:00Z")
            let kept = try await Self.book(office, account, "2026-03-24T18:00:00Z")
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            #expect(try await owner.get("/portal/mane/displaced").text.contains("Nothing is left"))
            try await office.call(
                .put, "/accounts/\(account)/schedule",
                ["weekly": [["weekday": 2, "start": "12:00", "end": "17:00"]]])
            let page = try await owner.get("/portal/mane/displaced")
            #expect(page.text.contains("value=\"\(early)\""))
            #expect(!page.text.contains("value=\"\(kept)\""))
            #expect(page.text.contains("Dana &lt;b&gt;"))
            #expect(page.text.contains("Closed then"))
            let none = try await owner.post("/portal/mane/displaced", [("act", "cancel")])
            #expect(none.status == 422)
            let asked = try await owner.post(
                "/portal/mane/displaced", [("act", "ask"), ("visit", early), ("visit", kept)])
            #expect(asked.text.contains("1 client is asked to choose another time."))
            #expect(asked.text.contains("1 booking is as it was"))
            let moved = try await owner.post(
                "/portal/mane/displaced", [("act", "move"), ("visit", early)])
            #expect(moved.text.contains("1 booking is moved, and the client is told."))
            let stored = try await office.call(.get, "/appointments/\(early)")
            #expect(stored["start"] == "2026-03-24T16:00:00Z")
            let told = try await office.call(.get, "/accounts/\(account)/deliveries?limit=200")
            #expect(
                told.data.suffix(2).map { $0["purpose"] }
                    == ["booking_asked_to_move", "booking_rescheduled"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `are nobody else's to see or arrange`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount("mane")
            let other = try await office.makeAccount("other")
            try await office.call(.post, "/accounts/\(account)/staff", ["name": "Mia"])
            try await office.call(
                .post, "/accounts/\(account)/services", ["name": "Cut", "duration_minutes": 60])
            let visit = try await Self.book(office, account, "2026-03-24T13:00:00Z")
            try await office.call(.put, "/accounts/\(account)/schedule", ["weekly": []])
            let fields = [("act", "cancel"), ("visit", visit)]
            let stranger = try await PortalBrowser.signIn(.owner, of: other, in: office)
            #expect(try await stranger.get("/portal/mane/displaced").status == 404)
            #expect(try await stranger.post("/portal/mane/displaced", fields).status == 404)
            // Through one's own business, another's visit is no visit.
            let through = try await stranger.post("/portal/other/displaced", fields)
            #expect(through.text.contains("1 booking is as it was"))
            let looker = try await PortalBrowser.signIn(.specialist, of: account, in: office)
            #expect(try await looker.get("/portal/mane/displaced").status == 200)
            #expect(try await looker.post("/portal/mane/displaced", fields).status == 403)
            let forged = try await looker.post("/portal/mane/displaced", fields, csrf: "x")
            #expect(forged.status == 403)
            let stored = try await office.call(.get, "/appointments/\(visit)")
            #expect(stored["status"] == "confirmed")
        }
    }
}
