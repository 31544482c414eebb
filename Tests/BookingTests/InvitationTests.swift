import HTTPTypes
import Kernel
import TestSupport
import Testing

/// What a message must be so that no calendar program has to guess (RFC 5545, RFC 5546 §3.2).
private enum StrictCalendar {
    static func problems(_ text: String, method: String) -> [String] {
        var problems: [String] = []
        let bytes = Array(text.utf8)
        for index in bytes.indices where bytes[index] == 10 {
            if index == 0 || bytes[index - 1] != 13 { problems.append("a bare line feed") }
        }
        if !text.hasSuffix("\r\n") { problems.append("no end of the last line") }
        for line in bytes.split(separator: 10) {
            if line.count - 1 > 75 { problems.append("a line of \(line.count - 1) octets") }
            if String(validating: line, as: UTF8.self) == nil {
                problems.append("a letter is folded apart")
            }
        }
        let lines = text.replacing("\r\n ", with: "").split(separator: "\r\n").map(String.init)
        func count(_ name: String) -> Int {
            lines.count { $0.hasPrefix(name + ":") || $0.hasPrefix(name + ";") }
        }
        if lines.first != "BEGIN:VCALENDAR" || lines.last != "END:VCALENDAR" {
            problems.append("no calendar")
        }
        let once = [
            "VERSION", "PRODID", "METHOD", "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE",
            "ORGANIZER", "SUMMARY", "STATUS",
        ]
        for name in once where count(name) != 1 { problems.append("\(name) \(count(name)) times") }
        if !lines.contains("METHOD:\(method)") { problems.append("another method") }
        if (count("ATTENDEE") == 1) != (method != "PUBLISH") { problems.append("attendees") }
        if (method == "CANCEL") != lines.contains("STATUS:CANCELLED") { problems.append("status") }
        for line in lines where line.hasPrefix("DT") {
            if !line.hasSuffix("Z") { problems.append("a time not in UTC: \(line)") }
        }
        return problems
    }
}

@Suite("Invitations")
struct InvitationTests {
    @Test(arguments: TestEngine.available)
    func `ask, move and cancel under one UID with a sequence that rises`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await CalDAVWorld.make(office)
            let name = String(repeating: "Анастасия ", count: 8) + "\"Dana\"; Lee"
            let contact = try await office.call(
                .post, world.base + "/contacts",
                [
                    "name": .string(name),
                    "contact_points": [
                        ["channel": "sms", "address": "+12025550123"],
                        ["channel": "email", "address": "dana@mail.test"],
                    ],
                ])
            #expect(contact.status == 201, "\(contact.text)")
            let made = try await office.call(
                .post, world.base + "/appointments",
                [
                    "service_id": .string(world.service), "start": "2026-03-24T15:00:00Z",
                    "contact_id": .string(contact.id), "notes": "Pays late",
                ])
            let path = "/appointments/\(made.id)/invitation.ics"
            func message(_ method: String, sequence: Int) async throws -> String {
                let answer = try await office.call(.get, path)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(
                    answer.headers[.contentType]
                        == "text/calendar; charset=utf-8; method=\(method)")
                #expect(StrictCalendar.problems(answer.text, method: method) == [])
                let text = answer.text.replacing("\r\n ", with: "")
                #expect(text.contains("UID:\(made.id)@autosecretary\r\n"))
                #expect(text.contains("SEQUENCE:\(sequence)\r\n"))
                #expect(!text.contains("Pays late"))
                return text
            }
            let asked = try await message("REQUEST", sequence: 0)
            #expect(asked.contains(":mailto:dana@mail.test\r\n"))
            #expect(asked.contains("SUMMARY:Cut & wash – Business mane\r\n"))
            // Words of ours change nothing for the client.
            try await office.call(.patch, "/appointments/\(made.id)", ["notes": "Other"])
            _ = try await message("REQUEST", sequence: 0)
            let moved = try await office.call(
                .patch, "/appointments/\(made.id)", ["start": "2026-03-25T15:00:00Z"])
            #expect(moved.status == 200, "\(moved.text)")
            let again = try await message("REQUEST", sequence: 1)
            #expect(again.contains("DTSTART:20260325T150000Z\r\n"))
            try await office.call(.post, "/appointments/\(made.id)/cancel", [:])
            _ = try await message("CANCEL", sequence: 2)
            // The same in the calendar that the staff read.
            let feed = try await office.call(.post, world.base + "/calendar_feeds", [:])
            let id = try await world.book("2026-03-26T15:00:00Z")
            let shown = try await office.get(feed["path"].string ?? "").text
            #expect(shown.contains("UID:\(id)@autosecretary\r\n"))
            // Without an address nobody is asked.
            let bare = try await office.call(.get, "/appointments/\(id)/invitation.ics")
            #expect(StrictCalendar.problems(bare.text, method: "PUBLISH") == [])

            let hold = try await office.call(
                .post, world.base + "/holds",
                ["service_id": .string(world.service), "start": "2026-03-27T15:00:00Z"])
            let held = try await office.call(.get, "/appointments/\(hold.id)/invitation.ics")
            #expect(held.status == 409)
            let stranger = try await office.makeMember("owner", of: office.makeAccount("other"))
            #expect(try await office.call(.get, path, as: stranger).status == 404)
        }
    }
}
