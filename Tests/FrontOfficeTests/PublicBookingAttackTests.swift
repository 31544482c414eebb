import Foundation
import FrontOffice
import HTTPTypes
import HummingbirdTesting
import Kernel
import NIOCore
import Store
import TestSupport
import Testing

/// Those who try more than booking.
extension PublicBookingTests {
    @Test(arguments: TestEngine.available)
    func `forged, foreign and closed addresses open nothing`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let path = try await world.visit("2026-03-24T14:00:00Z")
            let token = String(path.split(separator: "/").last ?? "")
            let (id, signature) = (token.prefix { $0 != "." }, token.drop { $0 != "." })
            let hold = try await world.choose("2026-03-24T15:00:00Z").headers[.location]
            let held = try #require(Self.query("hold", in: hold))
            var flipped = Array(signature)
            flipped[5] = flipped[5] == "A" ? "B" : "A"
            for forged in [
                "\(id)", "\(id).", "\(id).AAAAAAAAAAAAAAAAAAAAAA", "\(id)\(String(flipped))",
                // A signature is of one visit, and of one purpose.
                "appt_\(signature)", "\(held.prefix { $0 != "." })\(signature)", held,
                token + "x", String(repeating: "a", count: 5000),
            ] {
                for rest in ["", "/move", "/cancel", "/visit.ics"] {
                    let answer = try await world.visitor.get("/b/mane/v/\(forged)\(rest)")
                    #expect(answer.status == 404, "\(forged.prefix(60))\(rest)")
                }
            }
            _ = try await world.office.makeAccount("other")
            #expect(try await world.visitor.get("/b/other/v/\(token)").status == 404)
            #expect(try await world.visitor.get("/b/other").status == 404)
            #expect(try await world.visitor.get("/b/nobody").status == 404)
            try await world.page(["is_open": false])
            #expect(try await world.visitor.get("/b/mane").status == 404)
            #expect(try await world.visitor.get(world.base).status == 404)
            #expect(try await world.book("2026-03-24T16:00:00Z").status == 404)
            // What was booked stays theirs.
            #expect(try await world.visitor.get(path).status == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a service that is not on the page cannot be booked there`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            let hidden = try await world.office.call(
                .post, "/accounts/\(world.account)/services",
                ["name": "Staff training", "duration_minutes": 60]
            ).id
            try await world.page(
                ["is_open": true, "service_ids": .array([.string(world.service)])])
            #expect(!(try await world.visitor.get("/b/mane").text.contains("Staff training")))
            #expect(try await world.visitor.get("/b/mane/s/\(hidden)").status == 404)
            let fields = [
                ("start", "2026-03-24T14:00:00Z"), ("name", "Dana"), ("email", "d@example.com"),
            ]
            let booked = try await world.visitor.post("/b/mane/s/\(hidden)/details", fields)
            #expect(booked.status == 404)
            #expect(
                try await world.visitor.post("/b/mane/s/\(hidden)", fields).status == 404)
            let foreign = try await world.office.call(
                .put, "/accounts/\(world.account)/booking_page", ["service_ids": ["svc_x"]])
            #expect(foreign.text.contains("\"field\":\"service_ids[0]\""))
            #expect(try await world.appointments().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `whoever types somebody's address gains nothing`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let owner = try await world.office.call(
                .post, "/accounts/\(world.account)/contacts",
                [
                    "name": "Dana Reed", "notes": "Allergic to ammonia",
                    "contact_points": [["channel": "email", "address": "dana@example.com"]],
                ]
            ).id
            try await world.office.wiring.store.write { tx in
                try tx.execute(
                    "UPDATE contact_points SET is_verified = 1 WHERE contact_id = \(owner)")
            }
            let path = try await world.visit("2026-03-24T14:00:00Z")
            let stored = try await world.appointments().first?["contact_id"]?.string
            #expect(stored != owner)
            #expect(!(try await world.visitor.get(path).text.contains("ammonia")))
            // The same words again are the same, still unproved, contact.
            _ = try await world.visit("2026-03-24T15:00:00Z")
            #expect(
                Set(try await world.appointments().map { $0["contact_id"]?.string })
                    == [stored])
        }
    }

    @Test(arguments: TestEngine.available)
    func `programs and crowds are kept within bounds`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let trapped = try await world.book(
                "2026-03-24T14:00:00Z", [("website", "https://spam.example")])
            #expect(trapped.status == 422)
            #expect(try await world.appointments().isEmpty)
            var statuses: [Int] = []
            for _ in 0..<45 { statuses.append(try await world.choose("soon").status) }
            #expect(statuses.last == 429)
            #expect(statuses.first == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `speaks Russian to those who do`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let text = try await world.office.client.execute(
                uri: world.base + "?date=2026-03-24", method: .get,
                headers: [.acceptLanguage: "ru-RU"]
            ) { String(buffer: $0.body) }
            #expect(text.contains("Вторник, 24 марта"))
            #expect(text.contains("Все услуги"))
            #expect(text.contains("lang=\"ru\""))
        }
    }
}
