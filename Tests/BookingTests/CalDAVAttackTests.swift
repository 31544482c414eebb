import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Staff calendars refuse")
struct CalDAVAttackTests {
    @Test(arguments: TestEngine.available)
    func `whoever is not let in`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            let id = try await world.book("2026-03-24T15:00:00Z")
            for header in [
                CalDAVWorld.basic("other@mane.test", world.token),
                CalDAVWorld.basic(CalDAVWorld.email, "ast_wrong"),
                CalDAVWorld.basic(CalDAVWorld.email, ""), "Basic", "Basic !!!!", "Digest x",
                CalDAVWorld.basic("", world.token),
            ] {
                let answer = try await world.dav("PROPFIND", world.calendar, as: header)
                #expect(answer.status == 401, "\(header)")
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Basic realm=") == true)
            }
            // The account's own password opens nothing.
            try await office.call(
                .post, world.base + "/members",
                [
                    "email": "pat@mane.test", "name": "Pat", "role": "owner",
                    "password": "a long and good password 7",
                ])
            let password = CalDAVWorld.basic("pat@mane.test", "a long and good password 7")
            #expect(try await world.dav("PROPFIND", "/dav/", as: password).status == 401)

            // Another business's people, and a colleague without the right.
            let other = try await office.makeAccount("other")
            let stranger = try await office.makeMember("owner", of: other)
            let me = try await office.call(.get, "/me", as: stranger)["id"].string ?? ""
            for path in [
                world.calendar, world.calendar + id + ".ics", "/dav/principals/\(world.user)/",
                "/dav/calendars/\(me)/\(world.ann)/",
                "/dav/calendars/\(me)/\(world.ann)/\(id).ics",
            ] {
                for method in ["PROPFIND", "GET", "DELETE", "REPORT", "PUT"] {
                    let answer = try await world.dav(
                        method, path, method == "PUT" ? CalDAVWorld.event("x") : nil,
                        as: "Bearer \(stranger)")
                    #expect(answer.status == 404, "\(method) \(path)")
                }
            }
            let colleague = "/dav/calendars/\(world.user)/\(world.bob)/"
            for method in ["PROPFIND", "REPORT"] {
                let body = method == "REPORT" ? "<a/>" : nil
                #expect(try await world.dav(method, colleague, body).status == 403)
            }
            let put = try await world.dav("PUT", colleague + "x.ics", CalDAVWorld.event("x"))
            #expect(put.status == 403)
            let left = try await office.call(.get, "/appointments/\(id)")
            #expect(left["status"].string == "confirmed")
        }
    }

    @Test(arguments: TestEngine.available)
    func `roles and scopes that only look`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office, role: "specialist")
            let id = try await world.book("2026-03-24T15:00:00Z")
            let path = world.calendar + id + ".ics"
            let event = try await world.dav("GET", path)
            #expect(event.status == 200)
            #expect(try await world.dav("PUT", path, event.text).status == 403)
            #expect(try await world.dav("DELETE", path).status == 403)
            let new = world.calendar + "new.ics"
            #expect(try await world.dav("PUT", new, CalDAVWorld.event("x")).status == 403)
            #expect(try await world.busy().isEmpty)
            let view = try await world.dav("PROPFIND", world.calendar)
            #expect(!view.text.contains("write-content"))

            for (scopes, reads) in [(["read"], true), (["contacts:write"], false)] {
                let made = try await office.call(
                    .post, "/users/\(world.user)/tokens",
                    ["name": "t", "scopes": .list(scopes)])
                let header = CalDAVWorld.basic(CalDAVWorld.email, made["token"].string ?? "")
                let read = try await world.dav("GET", path, as: header)
                #expect(read.status == (reads ? 200 : 403))
                let write = try await world.dav("DELETE", path, as: header)
                #expect(write.status == 403)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `events that cannot be kept, and leave nothing behind`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            let path = world.calendar + "x.ics"
            let event = CalDAVWorld.event("x")
            let many = (0..<10_000).map { "BEGIN:VEVENT\r\nUID:\($0)\r\nEND:VEVENT" }
            let crowd = "BEGIN:VCALENDAR\r\n\(many.joined(separator: "\r\n"))\r\nEND:VCALENDAR\r\n"
            let few =
                "BEGIN:VCALENDAR\r\n\(many.prefix(3000).joined(separator: "\r\n"))\r\n"
                + "END:VCALENDAR\r\n"
            let deep =
                String(repeating: "BEGIN:VEVENT\r\n", count: 5000)
                + String(repeating: "END:VEVENT\r\n", count: 5000)
            for (text, word) in [
                ("", "calendar"), ("hello", "calendar"),
                (event.replacing("UID:x\r\n", with: ""), "UID"),
                (event.replacing("DTSTART:20260324T140000Z\r\n", with: ""), "start"),
                (event.replacing("20260324T150000Z", with: "20260324T130000Z"), "ends before"),
                (event.replacing("20260324", with: "22000324"), "years"),
                (event.replacing("DTSTART:20260324T140000Z", with: "DTSTART:soon"), "start"),
                (CalDAVWorld.event("x", "20260324T140000Z", "20260324T150000Z",
                    "RRULE:FREQ=SECONDLY"), "every hour"),
                (CalDAVWorld.event("x", "20260324T140000Z", "20260324T150000Z",
                    "RRULE:FREQ=HOURLY"), "too often"),
                (few, "several"), (deep, "calendar"),
                (event.replacing("VEVENT", with: "VTIMEZONE"), "no event"),
            ] as [(String, String)] {
                let answer = try await world.dav("PUT", path, text)
                #expect(answer.status == 403, "\(word): \(answer.status) \(answer.text)")
                #expect(answer.text.contains(word), "\(word): \(answer.text)")
            }
            #expect(try await world.dav("PUT", path, crowd).status == 413)
            let wrong = try await world.dav(
                "PUT", path, "{}", headers: [.contentType: "application/json"])
            #expect(wrong.status == 415)
            #expect(try await world.dav("GET", path).status == 404)
            #expect(try await world.busy().isEmpty)

            // Folded in the middle of a letter, as some programs do.
            let folded = CalDAVWorld.calendar([
                "UID:ru", "DTSTART;VALUE=DATE:20260324", "SUMMARY:\(String(repeating: "Ж", count: 70))",
            ])
            #expect(try await world.dav("PUT", path, folded).status == 201)
            #expect(try await world.busy()[0]["start"]?.string == "2026-03-24T04:00:00Z")
            #expect(try await world.busy()[0]["end"]?.string == "2026-03-25T04:00:00Z")
        }
    }

    @Test(arguments: TestEngine.available)
    func `hostile bodies and addresses`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            _ = try await world.book("2026-03-24T15:00:00Z")
            let bomb = """
                <?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
                <D:propfind xmlns:D="DAV:"><D:prop><D:displayname>&b;</D:displayname></D:prop></D:propfind>
                """
            let file =
                "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><x>&f;</x>"
            let nested =
                String(repeating: "<a>", count: 3000) + String(repeating: "</a>", count: 3000)
            let wide = "<a>" + String(repeating: "<b/>", count: 30_000) + "</a>"
            let hidden = "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-!DOCTYPE a+AD4-<a/>"
            for body in [bomb, file, nested, wide, hidden, "<a", "{}", "<a/><b/>", "&#0;"] {
                for method in ["PROPFIND", "REPORT", "PROPPATCH"] {
                    let answer = try await world.dav(method, world.calendar, body)
                    #expect(answer.status == 400, "\(method) \(body.prefix(40)): \(answer.text)")
                    #expect(!answer.text.contains("root:"))
                }
            }
            let large = "<a>" + String(repeating: "x", count: 3_000_000) + "</a>"
            #expect(try await world.dav("REPORT", world.calendar, large).status == 413)
            for path in [
                "/dav/../portal", "/dav/%2e%2e/x", "/dav/calendars/%2e%2e/\(world.ann)/",
                "/dav/calendars/\(world.user)/%2e%2e/x.ics", world.calendar + "%2e%2e%2fx.ics",
                world.calendar + "a%5cb.ics", world.calendar + "a%00b.ics", "/dav/nothing",
                world.calendar + "a/b.ics", "/dav/principals/user_none/",
                world.calendar + String(repeating: "a", count: 300) + ".ics",
            ] {
                for method in ["GET", "PUT", "PROPFIND", "DELETE"] {
                    let answer = try await world.dav(
                        method, path, method == "PUT" ? CalDAVWorld.event("x") : nil)
                    #expect(answer.status == 404, "\(method) \(path): \(answer.status)")
                }
            }
            // Others' addresses in a list are nothing.
            let list = try await world.dav(
                "REPORT", world.calendar,
                "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><C:calendar-data/></D:prop><D:href>/dav/calendars/\(world.user)/\(world.bob)/x.ics</D:href><D:href>/dav/../../etc/passwd</D:href><D:href>http://[::1</D:href></C:calendar-multiget>"
            )
            #expect(list.status == 207)
            #expect(list.text.split(separator: "404 Not Found").count == 4)
            let depth = try await world.dav("PROPFIND", world.home, depth: "infinity")
            #expect(depth.status == 403 && depth.text.contains("propfind-finite-depth"))
            for method in ["POST", "MOVE", "COPY", "LOCK"] {
                #expect(try await world.dav(method, world.calendar).status == 405)
            }
            #expect(try await world.dav("DELETE", world.calendar).status == 403)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an owner opens everybody's calendar`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office, role: "owner")
            let home = try await world.dav("PROPFIND", world.home, depth: "1")
            #expect(home.text.contains(world.ann) && home.text.contains(world.bob))
            let id = try await world.book("2026-03-24T15:00:00Z", with: world.bob)
            let path = "/dav/calendars/\(world.user)/\(world.bob)/\(id).ics"
            #expect(try await world.dav("GET", path).status == 200)
            // It is Bob's, not Ann's.
            #expect(try await world.dav("GET", world.calendar + id + ".ics").status == 404)
        }
    }
}
