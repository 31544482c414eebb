import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Forms of the portal")
struct PortalFormTests {
    @Test func `save the profile, name what is wrong, and notice other hands`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            func save(_ zone: String, version: Int) async throws -> PortalBrowser.Answer {
                try await owner.post(
                    "/portal/mane/profile",
                    [
                        ("name", "Mane & Tail"), ("phone", "+1 212 555 0100"), ("address", ""),
                        ("time_zone", zone), ("locale", "en"), ("currency", "usd"),
                        ("version", "\(version)"),
                    ])
            }
            let bad = try await save("Mars/Olympus", version: 1)
            #expect(bad.status == 422)
            #expect(bad.text.contains("id=\"e-time_zone\""))
            #expect(bad.text.contains("value=\"Mane &amp; Tail\""))
            let good = try await save("America/New_York", version: 1)
            #expect(good.status == 303)
            #expect(good.headers[.location] == "/portal/mane/profile?saved=1")
            let stored = try await office.call(.get, "/accounts/\(account)")
            #expect(stored["name"] == "Mane & Tail")
            #expect(stored["currency"] == "USD")
            #expect(stored["address"] == .null)
            let stale = try await save("America/New_York", version: 1)
            #expect(stale.status == 412)
            #expect(stale.text.contains("Somebody else has changed this"))
        }
    }

    @Test(arguments: [
        ("45", 4500), ("19.50", 1950), ("19,5", 1950), ("1,200", 120_000), ("1 200.05", 120_005),
        ("0", 0), ("", nil), ("abc", -1), ("-5", -1), ("1.2.3", -1), ("19.505.1", -1),
        ("0.999", -1), ("99999999999999999999", -1), ("$5", -1),
    ])
    func `read prices as people type them`(text: String, minor: Int?) async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            try await office.call(.post, "/accounts/\(account)/staff", ["name": "Mia"])
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let answer = try await owner.post(
                "/portal/mane/services/new",
                [
                    ("name", "Cut"), ("duration_minutes", "45"), ("price", text), ("notice", "2"),
                    ("notice_unit", "60"), ("horizon_days", "30"), ("who", "any"),
                    ("is_active", "1"),
                ])
            let services = try await office.call(.get, "/accounts/\(account)/services").data
            if minor == -1 {
                #expect(answer.status == 422)
                #expect(answer.text.contains("id=\"e-price\""))
                #expect(services.isEmpty)
            } else {
                #expect(answer.status == 303, "\(answer.text)")
                #expect(services.first?["price"]?["amount"]?.int == minor)
                #expect(services.first?["min_notice_minutes"] == 120)
                #expect(services.first?["horizon"] == ["days": 30])
            }
        }
    }

    @Test func `keep hours with several windows, nights and closed dates`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let fields = [
                ("version", "1"), ("open", "1"), ("start-1", "09:00"), ("end-1", "13:00"),
                ("start-1", "18:00"), ("end-1", "00:00"), ("open", "6"), ("start-6", "22:00"),
                ("end-6", "02:00"), ("start-2", "09:00"), ("end-2", "17:00"),
                ("date", "2026-12-25"), ("date_start", ""), ("date_end", ""),
                ("date", "2026-12-24"), ("date_start", "09:00"), ("date_end", "12:00"),
                ("date", ""), ("date_start", ""), ("date_end", ""),
            ]
            #expect(try await owner.post("/portal/mane/hours", fields).status == 303)
            let stored = try await office.call(.get, "/accounts/\(account)/schedule")
            let monday: JSONValue = ["weekday": 1, "start": "09:00", "end": "13:00"]
            let evening: JSONValue = ["weekday": 1, "start": "18:00", "end": "24:00"]
            let night: JSONValue = ["weekday": 6, "start": "22:00", "end": "02:00"]
            #expect(stored["weekly"] == [monday, evening, night])
            #expect(
                stored["overrides"] == [
                    ["date": "2026-12-24", "windows": [["start": "09:00", "end": "12:00"]]],
                    ["date": "2026-12-25", "windows": []],
                ])
            let half = try await owner.post(
                "/portal/mane/hours",
                [("version", "2"), ("open", "1"), ("start-1", "09:00"), ("end-1", "")])
            #expect(half.status == 422)
            #expect(half.text.contains("Give both times"))
        }
    }

    @Test func `add and move rows without script`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let steps = [
                ("step_title", "Greet"), ("step_say", "Hello"), ("step_title", "Ask"),
                ("step_say", "What for?"),
            ]
            let moved = try await owner.post(
                "/portal/mane/script", steps + [("act", "up:step:1")])
            #expect(moved.status == 200)
            let first = moved.text.split(separator: "name=\"step_title\" value=\"").dropFirst()
                .first
            #expect(first?.hasPrefix("Ask\"") == true)
            #expect(try await office.call(.get, "/accounts/\(account)/guidance")["version"] == 0)
            let saved = try await owner.post(
                "/portal/mane/script",
                steps + [
                    ("step_title", ""), ("step_say", ""), ("greeting", "Good day"),
                    ("version", "0"),
                ])
            #expect(saved.status == 303)
            let sheet = try await office.call(.get, "/accounts/\(account)/guidance")
            #expect(sheet["steps"].array?.count == 2)
            #expect(sheet["greeting"] == "Good day")
            let untitled = try await owner.post(
                "/portal/mane/script",
                [("step_title", ""), ("step_say", "Words"), ("version", "1")])
            #expect(untitled.status == 422)
            #expect(untitled.text.contains("id=\"e-steps[0].title\""))
        }
    }

    @Test func `tell how an appointment went, once`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            try await office.call(.post, "/accounts/\(account)/staff", ["name": "Mia"])
            let service = try await office.call(
                .post, "/accounts/\(account)/services", ["name": "Cut", "duration_minutes": 60])
            let booked = try await office.call(
                .post, "/accounts/\(account)/appointments",
                [
                    "service_id": .string(service.id), "start": "2026-03-23T14:00:00Z",
                    "contact": ["name": "Dana"],
                ])
            #expect(booked.status == 201, "\(booked.text)")
            let staff = try await PortalBrowser.signIn(.staff, of: account, in: office)
            #expect(try await staff.get("/portal/mane/today").text.contains("Next up"))
            let early = try await staff.get("/portal/mane/appointments/\(booked.id)").text
            #expect(!early.contains("/no_show"))
            try await office.moveClock(to: TestOffice.start.advanced(byMinutes: 180))
            #expect(try await staff.get("/portal/mane/today").text.contains("How did it go?"))
            let path = "/portal/mane/appointments/\(booked.id)/complete"
            #expect(try await staff.post(path, [("version", "1")]).status == 303)
            let stored = try await office.call(.get, "/appointments/\(booked.id)")
            #expect(stored["status"] == "completed")
            let again = try await staff.post(path, [("version", "1")])
            #expect(again.status == 409)
        }
    }

    @Test func `make a calendar link, show it once, and revoke it`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            let other = try await office.makeAccount("other")
            let mia = try await office.call(.post, "/accounts/\(account)/staff", ["name": "Mia"])
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            #expect(try await owner.get("/portal/mane/calendars").text.contains("No links yet"))
            let made = try await owner.post(
                "/portal/mane/calendars/new", [("staff_id", mia.id), ("detail", "busy")])
            #expect(made.status == 200, "\(made.text)")
            let start = try #require(made.text.firstRange(of: "/api/v1/calendars/"))
            let path = String(made.text[start.lowerBound...].prefix { $0 != "<" })
            #expect(try await office.get(path).status == 200)
            let list = try await owner.get("/portal/mane/calendars")
            #expect(list.text.contains("Mia") && !list.text.contains(path))

            let wrong = try await owner.post(
                "/portal/mane/calendars/new", [("staff_id", "stf_none"), ("detail", "full")])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("id=\"e-staff_id\""))

            let id = try await office.call(.get, "/accounts/\(account)/calendar_feeds")
                .data[0]["id"]?.string ?? ""
            // Another business's address does not revoke it, nor do people without the right.
            let stranger = try await PortalBrowser.signIn(.owner, of: other, in: office)
            #expect(
                try await stranger.post("/portal/other/calendars/\(id)/revoke", []).status == 404)
            let staff = try await PortalBrowser.signIn(.staff, of: account, in: office)
            #expect(try await staff.get("/portal/mane/calendars").status == 403)
            #expect(
                try await staff.post("/portal/mane/calendars/\(id)/revoke", []).status == 403)
            #expect(try await office.get(path).status == 200)
            let gone = try await owner.post("/portal/mane/calendars/\(id)/revoke", [])
            #expect(gone.status == 303, "\(gone.text)")
            #expect(try await office.get(path).status == 404)
        }
    }

    @Test func `make a chat widget and show its line`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let fields = [("name", "Site"), ("color", "#2563eb"), ("greeting", "")]
            let bad = try await owner.post(
                "/portal/mane/widget/new", fields + [("domains", "mane street.example!")])
            #expect(bad.status == 422)
            #expect(bad.text.contains("id=\"e-domains\""))
            let made = try await owner.post(
                "/portal/mane/widget/new",
                fields + [("domains", "https://Mane.example/shop\n*.mane.example")])
            #expect(made.status == 303)
            let inbox = try await office.call(.get, "/accounts/\(account)/inboxes").data.first
            #expect(inbox?["config"]?["allowed_domains"] == ["mane.example", "*.mane.example"])
            let id = inbox?["id"]?.string ?? ""
            let page = try await owner.get("/portal/mane/widget").text
            #expect(page.contains("/widget.js&quot; data-inbox=&quot;\(id)&quot; async"))
        }
    }
}
