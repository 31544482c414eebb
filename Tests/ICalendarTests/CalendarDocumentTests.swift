import ICalendar
import Kernel
import Testing

@Suite("Calendars as text")
struct CalendarDocumentTests {
    private static func instant(_ text: String) throws -> Instant {
        try #require(Instant(rfc3339: text))
    }

    private static func document(
        _ summary: String, _ description: String? = nil, zone: String = "America/New_York"
    ) throws -> CalendarDocument {
        let start = try instant("2026-03-06T15:00:00Z")
        var event = CalendarEvent(
            uid: "appt_1@autosecretary", start: start, end: start.advanced(byMinutes: 30),
            summary: summary, createdAt: start, changedAt: start)
        event.description = description
        return CalendarDocument(
            name: "Mane Street", zone: try #require(Zone(zone)), events: [event])
    }

    /// Lines as a reader unfolds them (RFC 5545 §3.1).
    private static func lines(_ text: String) -> [String] {
        text.replacing("\r\n ", with: "").split(separator: "\r\n").map(String.init)
    }

    @Test func `has the wall clock of its zone, with the zone's rules`() throws {
        let lines = Self.lines(try Self.document("Cut").text)
        #expect(lines.first == "BEGIN:VCALENDAR" && lines.last == "END:VCALENDAR")
        for line in [
            "VERSION:2.0", "TZID:America/New_York", "UID:appt_1@autosecretary",
            "DTSTART;TZID=America/New_York:20260306T100000",
            "DTEND;TZID=America/New_York:20260306T103000", "DTSTAMP:20260306T150000Z",
            "SEQUENCE:0", "SUMMARY:Cut", "STATUS:CONFIRMED", "X-WR-CALNAME:Mane Street",
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(!lines.contains { $0.hasPrefix("METHOD") })
        let utc = Self.lines(try Self.document("Cut", zone: "UTC").text)
        #expect(utc.contains("DTSTART:20260306T150000Z"))
        #expect(!utc.contains("BEGIN:VTIMEZONE"))
    }

    @Test(arguments: [
        String(repeating: "Стрижка и окраска, мытьё; ", count: 20),
        String(repeating: "😀", count: 100), String(repeating: "длинноеслово", count: 30),
        "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil", "back\\slash, comma; semicolon: colon",
        "bell \u{7} and null-ish \u{1}", "tail \\", "",
    ])
    func `folds and escapes whatever people write`(words: String) throws {
        let text = try Self.document(words, words).text
        for line in text.split(separator: "\r\n", omittingEmptySubsequences: false) {
            #expect(line.utf8.count <= 75)
            #expect(!line.contains("\n") && !line.contains("\r"))
            #expect(line.unicodeScalars.allSatisfy { $0 == "\t" || $0.value >= 0x20 })
        }
        let lines = Self.lines(text)
        #expect(lines.filter { $0.hasPrefix("UID:") }.count == 1)
        #expect(lines.filter { $0 == "BEGIN:VEVENT" }.count == 1)
        let summary = lines.first { $0.hasPrefix("SUMMARY:") }?.dropFirst("SUMMARY:".count)
        let expected = words.replacing("\r\n", with: "\n")
            .unicodeScalars.filter { $0 == "\n" || $0.value >= 0x20 }
            .reduce(into: "") { $0.unicodeScalars.append($1) }
            .replacing("\\", with: "\\\\").replacing(",", with: "\\,")
            .replacing(";", with: "\\;").replacing("\n", with: "\\n")
        #expect(String(summary ?? "") == expected)
    }

    @Test func `is the same text as long as nothing changes`() throws {
        #expect(try Self.document("Cut").text == Self.document("Cut").text)
    }

    @Test func `is written by many at once`() async throws {
        let expected = try Self.document("Cut").text
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<50 { group.addTask { try? Self.document("Cut").text } }
            for await text in group { #expect(text == expected) }
        }
    }
}

@Suite("Rules of what happens again")
struct RecurrenceRuleTests {
    private static func dates(
        _ rule: String, from start: String = "2026-03-06T15:00:00Z"
    ) throws -> [String] {
        let zone = try #require(Zone("America/New_York"))
        let first = try #require(Instant(rfc3339: start))
        return try RecurrenceRule(rule).dates(from: first, in: zone).map(\.description)
    }

    @Test func `give their dates`() throws {
        #expect(
            try Self.dates("FREQ=WEEKLY;COUNT=4")
                == ["2026-03-06", "2026-03-13", "2026-03-20", "2026-03-27"])
        #expect(
            try Self.dates("RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260310T140000Z")
                == ["2026-03-06", "2026-03-08", "2026-03-10"])
        #expect(
            try Self.dates("RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260310T135959Z").count == 2,
            "10:00 there is 14:00 in UTC from the 8th on")
        #expect(
            try Self.dates("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", from: "2026-03-27T15:00:00Z")
                == ["2026-03-27", "2026-04-24"])
        #expect(
            try Self.dates("FREQ=MONTHLY;COUNT=3", from: "2026-01-31T15:00:00Z")
                == ["2026-01-31", "2026-03-31", "2026-05-31"])
        // The evening there is the next day in UTC.
        #expect(
            try Self.dates("FREQ=WEEKLY;BYDAY=FR;COUNT=2", from: "2026-03-07T02:00:00Z")
                == ["2026-03-06", "2026-03-13"])
    }

    @Test(arguments: [
        ("FREQ=WEEKLY", RecurrenceRule.Fault.endless), ("FREQ=HOURLY;COUNT=3", .tooFrequent),
        ("FREQ=DAILY;BYHOUR=1,2;COUNT=3", .tooFrequent), ("", .malformed), ("soon", .malformed),
        ("FREQ=WEEKLY;COUNT=0", .malformed), ("FREQ=WEEKLY;COUNT=-1", .malformed),
        ("FREQ=WEEKLY;COUNT=9999", .tooMany), ("FREQ=WEEKLY;COUNT=2\r\nUID:x", .malformed),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", .malformed),
    ])
    func `are refused when they have no end, or are none`(
        text: String, fault: RecurrenceRule.Fault
    ) {
        #expect(throws: fault) { try RecurrenceRule(text) }
    }

    @Test func `stop at a year of days`() {
        #expect(throws: RecurrenceRule.Fault.tooMany) {
            try Self.dates("FREQ=DAILY;UNTIL=20990101T000000Z")
        }
    }
}
