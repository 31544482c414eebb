import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Staff calendars in programs")
struct CalDAVTests {
    private static let query = """
        <C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop>
        <D:getetag/><C:calendar-data>EXPAND</C:calendar-data></D:prop><C:filter>
        <C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
        <C:time-range start="FROM" end="TO"/></C:comp-filter></C:comp-filter></C:filter>
        </C:calendar-query>
        """

    private static func query(_ from: String, _ to: String, expand: Bool = false) -> String {
        let inner = expand ? "<C:expand start=\"\(from)\" end=\"\(to)\"/>" : ""
        return query.replacing("FROM", with: from).replacing("TO", with: to)
            .replacing("EXPAND", with: inner)
    }

    private static func sync(_ token: String, limit: Int? = nil) -> String {
        let limit = limit.map { "<D:limit><D:nresults>\($0)</D:nresults></D:limit>" } ?? ""
        return "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>\(token)</D:sync-token>"
            + "<D:sync-level>1</D:sync-level>\(limit)<D:prop><D:getetag/></D:prop>"
            + "</D:sync-collection>"
    }

    private static func token(_ text: String) -> String {
        text.split(separator: "<D:sync-token>").last?.split(separator: "<").first.map(String.init)
            ?? ""
    }

    @Test(arguments: TestEngine.available)
    func `are found from the well-known address to the event`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            let id = try await world.book("2026-03-24T15:00:00Z")
            for method in ["GET", "PROPFIND"] {
                let moved = try await world.dav(method, "/.well-known/caldav")
                #expect(moved.status == 301 && moved.headers[.location] == "/dav/")
            }
            let options = try await world.dav("OPTIONS", world.calendar)
            let features = try #require(HTTPField.Name("DAV"))
            #expect(options.headers[features]?.contains("calendar-access") == true)
            #expect(options.headers[.allow]?.contains("REPORT") == true)

            let root = try await world.dav(
                "PROPFIND", "/dav/",
                "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:current-user-principal/></D:prop></D:propfind>",
                depth: "0")
            #expect(root.status == 207)
            #expect(root.text.contains("/dav/principals/\(world.user)/"))
            let principal = try await world.dav("PROPFIND", "/dav/principals/\(world.user)/")
            #expect(principal.text.contains("<C:calendar-home-set><D:href>\(world.home)<"))
            let home = try await world.dav("PROPFIND", world.home, depth: "1")
            #expect(home.text.contains(world.calendar) && !home.text.contains(world.bob))
            let members = try await world.dav("PROPFIND", world.calendar, depth: "1")
            #expect(members.text.contains("\(world.calendar)\(id).ics"))

            let event = try await world.dav("GET", world.calendar + id + ".ics")
            #expect(event.status == 200)
            #expect(event.text.contains("UID:\(id)@autosecretary\r\n"))
            #expect(event.text.contains("SUMMARY:Cut & wash – Dana\r\n"))
            #expect(event.text.contains("DTSTART:20260324T150000Z\r\n"))
            let tag = event.headers[.eTag] ?? ""
            let known = try await world.dav(
                "GET", world.calendar + id + ".ics", headers: [.ifNoneMatch: tag])
            #expect(known.status == 304)
            let patched = try await world.dav(
                "PROPPATCH", world.calendar,
                "<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><D:displayname>X</D:displayname></D:prop></D:set></D:propertyupdate>"
            )
            #expect(patched.status == 207 && patched.text.contains("403 Forbidden"))
            #expect(patched.text.contains("cannot-modify-protected-property"))
            let made = try await world.dav("MKCALENDAR", world.home + "mine/")
            #expect(made.status == 403)
        }
    }

    @Test(arguments: TestEngine.available)
    func `move and cancel bookings with every check`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            let id = try await world.book("2026-03-24T15:00:00Z")
            _ = try await world.book("2026-03-24T17:00:00Z")
            let path = world.calendar + id + ".ics"
            let event = try await world.dav("GET", path)
            func moved(_ start: String, _ end: String) -> String {
                event.text.replacing("20260324T150000Z", with: start)
                    .replacing("20260324T153000Z", with: end)
            }
            let tag = event.headers[.eTag] ?? ""
            // Taken, closed, past, longer, repeated, another's event.
            for (start, end, status, word) in [
                ("20260324T170000Z", "20260324T173000Z", 409, "taken"),
                ("20260323T120000Z", "20260323T123000Z", 403, "past"),
                ("20260325T030000Z", "20260325T033000Z", 403, "opening hours"),
                ("20260325T150500Z", "20260325T153500Z", 403, "do not start"),
                ("20260324T150000Z", "20260324T160000Z", 403, "follows from its service"),
            ] {
                let answer = try await world.dav("PUT", path, moved(start, end))
                #expect(answer.status == status, "\(start): \(answer.text)")
                #expect(answer.text.contains("responsedescription"))
                #expect(answer.text.contains(word), "\(start): \(answer.text)")
            }
            let repeated = event.text.replacing("DTEND:", with: "RRULE:FREQ=DAILY\r\nDTEND:")
            #expect(try await world.dav("PUT", path, repeated).status == 403)
            let other = event.text.replacing(id, with: "appt_other")
            #expect(try await world.dav("PUT", path, other).status == 403)

            // The same people or nobody: Bob is free then, but he is not Ann.
            let fine = moved("20260325T150000Z", "20260325T153000Z")
            let stale = try await world.dav("PUT", path, fine, headers: [.ifMatch: "\"x\""])
            #expect(stale.status == 412)
            let good = try await world.dav("PUT", path, fine, headers: [.ifMatch: tag])
            #expect(good.status == 204, "\(good.text)")
            #expect(good.headers[.eTag] == nil)
            let now = try await office.call(.get, "/appointments/\(id)")
            #expect(now["start"].string == "2026-03-25T15:00:00Z")
            #expect(now["staff_ids"].array?.compactMap(\.string) == [world.ann])
            let again = try await world.dav("GET", path)
            #expect(again.text.contains("SEQUENCE:1\r\n") && again.headers[.eTag] != tag)

            let old = try await world.dav("DELETE", path, headers: [.ifMatch: tag])
            #expect(old.status == 412)
            let gone = try await world.dav(
                "DELETE", path, headers: [.ifMatch: again.headers[.eTag] ?? ""])
            #expect(gone.status == 204)
            #expect(try await world.dav("GET", path).status == 404)
            #expect(try await world.dav("DELETE", path).status == 404)
            let after = try await office.call(.get, "/appointments/\(id)")
            #expect(after["status"].string == "canceled")
            // What was cancelled is not brought back as something else.
            #expect(try await world.dav("PUT", path, fine).status == 403)
        }
    }

    @Test(arguments: TestEngine.available)
    func `turn what is written there into busy time`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            let path = world.calendar + "dentist%20@1.ics"
            let all = try await world.starts("2026-03-24")
            #expect(all.contains("2026-03-24T14:00:00Z"))
            let made = try await world.dav(
                "PUT", path, CalDAVWorld.event("d1"), headers: [.ifNoneMatch: "*"])
            #expect(made.status == 201, "\(made.text)")
            let tag = made.headers[.eTag] ?? ""
            #expect(!tag.isEmpty)
            let twice = try await world.dav(
                "PUT", path, CalDAVWorld.event("d1"), headers: [.ifNoneMatch: "*"])
            #expect(twice.status == 412)
            let copy = try await world.dav(
                "PUT", world.calendar + "copy.ics", CalDAVWorld.event("d1"))
            #expect(copy.status == 403 && copy.text.contains("no-uid-conflict"))
            #expect(copy.text.contains("dentist%20@1.ics"))
            let without = try await world.starts("2026-03-24")
            #expect(Set(all).subtracting(without).count == 2)
            #expect(!without.contains("2026-03-24T14:30:00Z"))
            #expect(try await world.busy().compactMap { $0["reason"]?.string } == ["Dentist"])
            let id = try await world.busy()[0]["id"]?.string ?? ""
            #expect(try await office.call(.delete, "/busy/\(id)").status == 409)
            let back = try await world.dav("GET", path)
            #expect(back.text == CalDAVWorld.event("d1") && back.headers[.eTag] == tag)

            let later = CalDAVWorld.event("d1", "20260324T180000Z", "20260324T190000Z")
            let bare = later.replacing("\r\n", with: "\n")
            let changed = try await world.dav("PUT", path, bare, headers: [.ifMatch: tag])
            // Line ends were mended, so that it is to be read again.
            #expect(changed.status == 204 && changed.headers[.eTag] == nil)
            #expect(try await world.dav("GET", path).text == later)
            #expect(try await world.starts("2026-03-24").contains("2026-03-24T14:00:00Z"))
            #expect(try await !world.starts("2026-03-24").contains("2026-03-24T18:00:00Z"))
            for free in ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"] {
                let text = CalDAVWorld.event(
                    "d1", "20260324T180000Z", "20260324T190000Z", free)
                #expect(try await world.dav("PUT", path, text).status == 204)
                #expect(try await world.busy().isEmpty)
            }
            #expect(try await world.dav("DELETE", path).status == 204)
            #expect(try await world.dav("GET", path).status == 404)

            // A busy time that was made here is there too, and can be moved.
            let own = try await office.call(
                .post, world.base + "/busy",
                [
                    "of": .string(world.ann), "start": "2026-03-26T14:00:00Z",
                    "end": "2026-03-26T15:00:00Z", "reason": "Lunch",
                ])
            let name = world.calendar + own.id + ".ics"
            let lunch = try await world.dav("GET", name)
            #expect(lunch.text.contains("SUMMARY:Lunch"))
            let moved = lunch.text.replacing("20260326T1500", with: "20260326T1600")
            #expect(try await world.dav("PUT", name, moved).status == 204)
            let end = try await office.call(.get, "/busy/\(own.id)")["end"].string
            #expect(end == "2026-03-26T16:00:00Z")
            #expect(try await world.dav("DELETE", name).status == 204)
            #expect(try await office.call(.get, "/busy/\(own.id)").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `keep what repeats, over a clock change, with exceptions and without an end`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            // London changes its clock on 29 March: 14:00 is 14:00Z before and 13:00Z after.
            let text = """
                BEGIN:VCALENDAR
                VERSION:2.0
                PRODID:-//Test//EN
                BEGIN:VEVENT
                UID:weekly
                DTSTAMP:20260301T000000Z
                DTSTART;TZID=Europe/London:20260326T140000
                DTEND;TZID=Europe/London:20260326T150000
                RRULE:FREQ=WEEKLY
                EXDATE;TZID=Europe/London:20260409T140000
                SUMMARY:Course
                END:VEVENT
                BEGIN:VEVENT
                UID:weekly
                RECURRENCE-ID;TZID=Europe/London:20260416T140000
                DTSTAMP:20260301T000000Z
                DTSTART;TZID=Europe/London:20260417T160000
                DTEND;TZID=Europe/London:20260417T170000
                SUMMARY:Course\\, moved
                END:VEVENT
                END:VCALENDAR
                """
            let path = world.calendar + "weekly.ics"
            #expect(try await world.dav("PUT", path, text).status == 201)
            let starts = try await world.busy().compactMap { $0["start"]?.string }.sorted()
            #expect(
                starts.prefix(5) == [
                    "2026-03-26T14:00:00Z", "2026-04-02T13:00:00Z", "2026-04-17T15:00:00Z",
                    "2026-04-23T13:00:00Z", "2026-04-30T13:00:00Z",
                ])
            #expect(starts.count == 56, "400 days of weeks, without the one that is left out")

            let found = try await world.dav(
                "REPORT", world.calendar,
                Self.query("20260401T000000Z", "20260420T000000Z", expand: true), depth: "1")
            #expect(found.status == 207)
            #expect(found.text.contains("DTSTART:20260402T130000Z"))
            #expect(found.text.contains("RECURRENCE-ID:20260416T130000Z"))
            #expect(!found.text.contains("RRULE") && !found.text.contains("20260409T"))
            let none = try await world.dav(
                "REPORT", world.calendar, Self.query("20260403T000000Z", "20260416T000000Z"))
            #expect(none.status == 207 && !none.text.contains("weekly.ics"))

            let free = try await world.dav(
                "REPORT", world.calendar,
                "<C:free-busy-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:time-range start=\"20260401T000000Z\" end=\"20260420T000000Z\"/></C:free-busy-query>"
            )
            #expect(free.status == 200)
            #expect(free.text.contains("FREEBUSY:20260402T130000Z/20260402T140000Z"))
            #expect(free.text.contains("FREEBUSY:20260417T150000Z/20260417T160000Z"))

            // A year later the days that have come near are blocked as well.
            try await office.moveClock(to: TestOffice.start.advanced(byMinutes: 1))
            try await office.moveClock(to: TestOffice.start.advanced(byDays: 60))
            let later = try await world.office.call(
                .get, world.base + "/busy?limit=200&from=2027-05-01T00:00:00Z")
            #expect(later.data.count > 3)
            #expect(try await world.dav("DELETE", path).status == 204)
            #expect(try await world.busy().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `tell what is new since a program last asked`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            let first = try await world.book("2026-03-24T15:00:00Z")
            let second = try await world.book("2026-03-24T16:00:00Z")
            var answer = try await world.dav("REPORT", world.calendar, Self.sync(""))
            #expect(answer.status == 207)
            #expect(answer.text.contains(first) && answer.text.contains(second))
            var token = Self.token(answer.text)
            answer = try await world.dav("REPORT", world.calendar, Self.sync(token))
            #expect(!answer.text.contains("<D:response>") && Self.token(answer.text) == token)

            try await office.call(.post, "/appointments/\(first)/cancel", [:])
            let third = try await world.book("2026-03-25T16:00:00Z")
            let contact = try await office.call(.get, "/appointments/\(second)")["contact_id"]
            try await office.call(
                .patch, "/contacts/\(contact.string ?? "")", ["name": "Dana Lee"])
            answer = try await world.dav("REPORT", world.calendar, Self.sync(token))
            for id in [first, second, third] { #expect(answer.text.contains(id)) }
            #expect(answer.text.contains("404 Not Found"))
            token = Self.token(answer.text)

            // Piece by piece.
            var names: Set<Substring> = []
            var next = ""
            for _ in 0..<5 {
                answer = try await world.dav("REPORT", world.calendar, Self.sync(next, limit: 1))
                next = Self.token(answer.text)
                for part in answer.text.split(separator: "<D:href>") where part.contains(".ics") {
                    names.insert(part.prefix { $0 != "<" })
                }
                if !answer.text.contains("507") { break }
            }
            #expect(names.count == 3 && next == token)
            for bad in [
                "x", "urn:autosecretary:sync:\(world.bob):1",
                "urn:autosecretary:sync:\(world.ann):999",
            ] {
                let refused = try await world.dav("REPORT", world.calendar, Self.sync(bad))
                #expect(refused.status == 403 && refused.text.contains("valid-sync-token"))
            }
            let many = try await world.dav(
                "REPORT", world.calendar,
                "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><C:calendar-data/></D:prop><D:href>\(world.calendar)\(third).ics</D:href><D:href>\(world.calendar)nothing.ics</D:href></C:calendar-multiget>"
            )
            #expect(many.text.contains("UID:\(third)") && many.text.contains("404 Not Found"))
        }
    }
}
