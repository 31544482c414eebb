import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Calendar links")
struct CalendarFeedTests {
    private struct World {
        var office: TestOffice
        var base: String
        var ann: String
        var bob: String
        var service: String

        static func make(_ office: TestOffice) async throws -> World {
            let base = "/accounts/\(try await office.makeAccount())"
            let ann = try await office.call(.post, base + "/staff", ["name": "Ann"])
            let bob = try await office.call(.post, base + "/staff", ["name": "Bob"])
            let service = try await office.call(
                .post, base + "/services", ["name": "Cut, wash", "duration_minutes": 30])
            return World(
                office: office, base: base, ann: ann.id, bob: bob.id, service: service.id)
        }

        func book(_ start: String, _ staff: String, _ name: String) async throws -> String {
            let made = try await office.call(
                .post, base + "/appointments",
                [
                    "service_id": .string(service), "start": .string(start),
                    "staff_id": .string(staff), "contact": ["name": .string(name)],
                    "notes": "Gate code 7",
                ])
            #expect(made.status == 201, "\(made.text)")
            return made.id
        }

        func link(_ body: JSONValue) async throws -> TestOffice.Answer {
            let made = try await office.call(.post, base + "/calendar_feeds", body)
            #expect(made.status == 201, "\(made.text)")
            return made
        }

        func read(_ link: TestOffice.Answer) async throws -> String {
            let answer = try await office.get(link["path"].string ?? "")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/calendar; charset=utf-8")
            return answer.text.replacing("\r\n ", with: "")
        }
    }

    @Test(arguments: TestEngine.available)
    func `show what is booked, with whom they are for, as much as they may`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office)
            let first = try await world.book("2026-03-24T15:00:00Z", world.ann, "Dana Lee")
            let second = try await world.book("2026-03-24T16:00:00Z", world.bob, "Erin")
            let gone = try await world.book("2026-03-25T16:00:00Z", world.ann, "Gone")
            try await office.call(.post, "/appointments/\(gone)/cancel", [:])

            let all = try await world.link([:])
            let text = try await world.read(all)
            #expect(text.contains("UID:\(first)@autosecretary\r\n"))
            #expect(text.contains("UID:\(second)@autosecretary\r\n"))
            #expect(!text.contains(gone))
            #expect(text.contains("SUMMARY:Cut\\, wash – Dana Lee\r\n"))
            #expect(text.contains("DESCRIPTION:Gate code 7\r\n"))
            #expect(text.contains("LOCATION:Ann\r\n"))

            let own = try await world.read(world.link(["staff_id": .string(world.bob)]))
            #expect(own.contains(second) && !own.contains(first))

            try await office.call(.patch, world.base, ["locale": "ru"])
            let busy = try await world.read(world.link(["detail": "busy"]))
            #expect(busy.contains("SUMMARY:Занято\r\n"))
            #expect(busy.contains(first))
            for word in ["Dana", "Gate", "Cut"] { #expect(!busy.contains(word), "\(word)") }

            let moved = try await office.call(
                .patch, "/appointments/\(first)", ["start": "2026-03-26T15:00:00Z"])
            #expect(moved.status == 200, "\(moved.text)")
            let after = try await world.read(all)
            #expect(after.contains("SEQUENCE:1\r\n"))
            #expect(after != text)
        }
    }

    @Test(arguments: TestEngine.available)
    func `spare those who have read them, and end when they are revoked`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office)
            _ = try await world.book("2026-03-24T15:00:00Z", world.ann, "Dana")
            let link = try await world.link([:])
            let path = link["path"].string ?? ""
            let seen = try await office.get(path)
            let tag = seen.headers[.eTag] ?? ""
            for known in [tag, "W/" + tag, "\"x\", " + tag] {
                let again = try await office.get(path, headers: [.ifNoneMatch: known])
                #expect(again.status == 304 && again.text.isEmpty, "\(known)")
                #expect(again.headers[.eTag] == tag)
            }
            #expect(try await office.get(path, headers: [.ifNoneMatch: "\"x\""]).status == 200)
            _ = try await world.book("2026-03-24T16:00:00Z", world.ann, "Erin")
            #expect(try await office.get(path, headers: [.ifNoneMatch: tag]).status == 200)
            #expect(try await office.get(path.replacing("/api/v1", with: "")).status == 200)

            let list = try await office.call(.get, world.base + "/calendar_feeds")
            #expect(list.data.count == 1 && list.data[0]["path"] == nil)
            #expect(list.data[0]["last_read_at"]?.string != nil)
            #expect(!list.text.contains(path.split(separator: "/").last.map(String.init) ?? "?"))
            #expect(
                try await office.call(.delete, "/calendar_feeds/\(link.id)").status == 204)
            #expect(try await office.get(path).status == 404)
            #expect(
                try await office.call(.delete, "/calendar_feeds/\(link.id)").status == 404)
            for name in ["", "x", ".ics", "x.ics", "\(link.id).ics", "%00.ics"] {
                #expect(try await office.get("/api/v1/calendars/" + name).status == 404, "\(name)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `are refused for people of other businesses`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await World.make(office)
            let other = "/accounts/\(try await office.makeAccount("other"))"
            for (body, field) in [
                (["staff_id": .string(world.ann)] as JSONValue, "staff_id"),
                (["staff_id": "stf_none"], "staff_id"), (["detail": "everything"], "detail"),
                (["staff_id": 5], "staff_id"),
            ] {
                let answer = try await office.call(.post, other + "/calendar_feeds", body)
                #expect(answer.status == 422, "\(answer.text)")
                #expect(answer.badFields == [field])
            }
        }
    }
}
