import Kernel
import Testing

@Suite("Zones")
struct TimeZoneTests {
    private func instant(_ zone: Zone, _ date: String, _ time: String) throws -> String {
        let date = try #require(LocalDate(date))
        let time = try #require(LocalTime(time))
        return zone.instant(date, time).description
    }

    private func occurrences(_ zone: Zone, _ date: String, _ time: String) throws -> [String] {
        let date = try #require(LocalDate(date))
        let time = try #require(LocalTime(time))
        return zone.occurrences(of: date, time).map(\.description)
    }

    @Test(arguments: [
        "UTC", "Etc/UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Asia/Calcutta",
        "US/Eastern", "America/Argentina/Buenos_Aires", "Europe/Kyiv", "EST5EDT", "Etc/GMT+5",
    ])
    func `an IANA name is accepted`(name: String) {
        #expect(Zone(name)?.identifier == name)
    }

    @Test(arguments: [
        "", "Foo/Bar", "Europe/Nowhere", "europe/london", "GMT+3", "UTC+3", "PST", "IST",
        "SystemV/AST4", "Factory", "localtime", "../etc/passwd", "posix/Europe/Paris",
        "Europe/London ", "Europe/London\0", "Etc/GMT+99", "+02:00",
    ])
    func `anything else is not a zone`(name: String) {
        #expect(Zone(name) == nil)
    }

    @Test func `zones of the same name are equal`() throws {
        let one = try #require(Zone("Europe/London"))
        let other = try #require(Zone("Europe/London"))
        #expect(one == other)
        #expect(Set([one, other]).count == 1)
        #expect(Zone("UTC") == .utc)
    }

    @Test func `New York's clock in 2026 and 2027`() throws {
        let zone = try #require(Zone("America/New_York"))
        #expect(try instant(zone, "2026-03-08", "01:59") == "2026-03-08T06:59:00Z")
        #expect(try instant(zone, "2026-03-08", "03:00") == "2026-03-08T07:00:00Z")
        // RFC 5545 §3.3.5: read with the offset before the gap, so 02:30 means 03:30.
        #expect(try instant(zone, "2026-03-08", "02:30") == "2026-03-08T07:30:00Z")
        #expect(try instant(zone, "2026-03-08", "03:30") == "2026-03-08T07:30:00Z")
        #expect(try instant(zone, "2026-03-08", "02:00") == "2026-03-08T07:00:00Z")
        #expect(try instant(zone, "2027-03-14", "02:15") == "2027-03-14T07:15:00Z")
        // The first of the two.
        #expect(try instant(zone, "2026-11-01", "01:30") == "2026-11-01T05:30:00Z")
        #expect(try instant(zone, "2026-11-01", "02:00") == "2026-11-01T07:00:00Z")
        #expect(try instant(zone, "2027-11-07", "01:00") == "2027-11-07T05:00:00Z")
    }

    @Test func `London's clock in 2026 and 2027`() throws {
        let zone = try #require(Zone("Europe/London"))
        #expect(try instant(zone, "2026-03-29", "00:59") == "2026-03-29T00:59:00Z")
        #expect(try instant(zone, "2026-03-29", "01:30") == "2026-03-29T01:30:00Z")
        #expect(try instant(zone, "2026-03-29", "02:30") == "2026-03-29T01:30:00Z")
        #expect(try instant(zone, "2026-10-25", "01:30") == "2026-10-25T00:30:00Z")
        #expect(try instant(zone, "2026-10-25", "02:00") == "2026-10-25T02:00:00Z")
        #expect(try instant(zone, "2027-03-28", "01:00") == "2027-03-28T01:00:00Z")
        #expect(try instant(zone, "2027-10-31", "01:59") == "2027-10-31T00:59:00Z")
    }

    @Test func `a skipped time occurs never and a repeated one twice`() throws {
        let zone = try #require(Zone("America/New_York"))
        #expect(try occurrences(zone, "2026-03-08", "02:30") == [])
        #expect(try occurrences(zone, "2026-03-08", "03:00") == ["2026-03-08T07:00:00Z"])
        #expect(
            try occurrences(zone, "2026-11-01", "01:30")
                == ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"])
        #expect(
            try occurrences(zone, "2026-11-01", "01:00")
                == ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"])
        #expect(try occurrences(zone, "2026-11-01", "02:00") == ["2026-11-01T07:00:00Z"])
        #expect(try occurrences(zone, "2026-06-01", "12:00") == ["2026-06-01T16:00:00Z"])
    }

    @Test func `a clock that changes at midnight keeps the days in touch`() throws {
        // Santiago skips 00:00–01:00 in September and repeats 23:00–24:00 in April.
        let zone = try #require(Zone("America/Santiago"))
        #expect(try instant(zone, "2026-09-05", "24:00") == "2026-09-06T04:00:00Z")
        #expect(try instant(zone, "2026-09-06", "00:00") == "2026-09-06T04:00:00Z")
        #expect(try occurrences(zone, "2026-09-06", "00:00") == [])
        #expect(try instant(zone, "2026-04-04", "23:30") == "2026-04-05T02:30:00Z")
        #expect(try occurrences(zone, "2026-04-04", "23:30").count == 2)
        #expect(try instant(zone, "2026-04-05", "00:00") == "2026-04-05T04:00:00Z")
        let (date, minute) = zone.local(at: try #require(Instant(rfc3339: "2026-04-05T03:30:00Z")))
        #expect((date.description, minute) == ("2026-04-04", 1410))
    }

    @Test func `a half-hour change and odd offsets`() throws {
        let lordHowe = try #require(Zone("Australia/Lord_Howe"))
        #expect(try instant(lordHowe, "2026-10-04", "02:10") == "2026-10-03T15:40:00Z")
        let kathmandu = try #require(Zone("Asia/Kathmandu"))
        #expect(kathmandu.offsetSeconds(at: Instant(milliseconds: 1_800_000_000_000)) == 20_700)
    }

    @Test(arguments: [
        "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago",
        "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo",
    ])
    func `every instant is among the occurrences of what the clock shows`(name: String) throws {
        let zone = try #require(Zone(name))
        var instant = try #require(Instant(rfc3339: "2025-12-31T23:00:00Z"))
        let end = try #require(Instant(rfc3339: "2028-01-01T00:00:00Z"))
        while instant < end {
            let (date, minute) = zone.local(at: instant)
            let time = try #require(LocalTime(minutes: minute))
            let found = zone.occurrences(of: date, time)
            let (offset, until) = zone.offset(at: instant)
            guard
                found.contains(instant), found.count <= 2, found.sorted() == found,
                zone.instant(date, time) == found[0], instant < until,
                offset == Int64(zone.offsetSeconds(at: instant)) * 1000
            else {
                Issue.record("\(name): \(instant) shows \(date) \(time), which is \(found)")
                return
            }
            instant = instant.advanced(byMinutes: 30)
        }
    }

    @Test func `the table reaches from 1970 to 2100`() throws {
        let zone = try #require(Zone("America/New_York"))
        #expect(try instant(zone, "1970-01-01", "00:00") == "1970-01-01T05:00:00Z")
        #expect(try instant(zone, "2100-07-01", "12:00") == "2100-07-01T16:00:00Z")
        #expect(try instant(zone, "2100-12-01", "12:00") == "2100-12-01T17:00:00Z")
    }
}
