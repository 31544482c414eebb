import Kernel
import Testing

@Suite("Opening hours")
struct TimeOpeningHoursTests {
    private let newYork: Zone
    private let london: Zone

    init() throws {
        newYork = try #require(Zone("America/New_York"))
        london = try #require(Zone("Europe/London"))
    }

    private func hours(
        _ weekly: String..., overrides: [String: [String]] = [:]
    ) throws -> OpeningHours {
        func day(_ text: String) throws -> OpeningHours.DayWindow {
            let edges = text.split(separator: "-").map(String.init)
            let start = try #require(LocalTime(edges[0]))
            let end = try #require(LocalTime(edges[1]))
            return try #require(OpeningHours.DayWindow(start: start, end: end))
        }
        var windows: [OpeningHours.Window] = []
        for text in weekly {
            let parts = text.split(separator: " ").map(String.init)
            for character in parts[0] {
                let weekday = try #require(character.wholeNumberValue)
                let hours = try day(parts[1])
                windows.append(
                    try #require(
                        OpeningHours.Window(
                            weekday: weekday, start: hours.start, end: hours.end)))
            }
        }
        var dates: [LocalDate: [OpeningHours.DayWindow]] = [:]
        for (text, list) in overrides {
            dates[try #require(LocalDate(text))] = try list.map(day)
        }
        return OpeningHours(weekly: windows, overrides: dates)
    }

    /// The windows of some days, as local wall-clock text of each edge with its date.
    private func windows(
        _ hours: OpeningHours, _ from: String, days: Int, _ zone: Zone
    ) throws -> [String] {
        let date = try #require(LocalDate(from))
        let start = zone.instant(date, .midnight)
        let end = zone.instant(date.adding(days: days), .midnight)
        return hours.windows(from: start, to: end, zone: zone).map { range in
            [range.start, range.end].map { edge in
                let (date, minute) = zone.local(at: edge)
                let time = LocalTime(minutes: minute) ?? .midnight
                return "\(date.day) \(time)"
            }.joined(separator: "–")
        }
    }

    @Test func `several windows a day`() throws {
        let hours = try hours("1 09:00-12:00", "1 13:00-17:00")
        // 2026-11-23 is a Monday.
        #expect(
            try windows(hours, "2026-11-23", days: 7, newYork)
                == ["23 09:00–23 12:00", "23 13:00–23 17:00"])
    }

    @Test func `an end that is not after the start runs past midnight`() throws {
        let bar = try hours("5 20:00-02:00", "7 09:00-09:00")
        #expect(
            try windows(bar, "2026-11-23", days: 7, newYork)
                == ["22 09:00–23 09:00", "27 20:00–28 02:00", "29 09:00–30 09:00"])
        #expect(try windows(bar, "2026-11-28", days: 1, newYork) == ["27 20:00–28 02:00"])
        let late = try hours("5 20:00-00:00", "6 20:00-24:00")
        #expect(
            try windows(late, "2026-11-27", days: 2, newYork)
                == ["27 20:00–28 00:00", "28 20:00–29 00:00"])
    }

    @Test func `an override replaces the date's own windows and leaves the night before`() throws {
        let bar = try hours(
            "1234567 20:00-02:00", overrides: ["2026-11-25": [], "2026-11-27": ["12:00-13:00"]])
        #expect(
            try windows(bar, "2026-11-25", days: 3, newYork)
                == ["24 20:00–25 02:00", "26 20:00–27 02:00", "27 12:00–27 13:00"])
    }

    @Test func `windows that overlap are one and windows that touch stay apart`() throws {
        let shop = try hours("1 09:00-12:00", "1 11:00-14:00", "1 14:00-16:00")
        #expect(
            try windows(shop, "2026-11-23", days: 1, newYork)
                == ["23 09:00–23 14:00", "23 14:00–23 16:00"])
        #expect(
            try windows(.always, "2026-11-23", days: 2, newYork)
                == ["23 00:00–24 00:00", "24 00:00–25 00:00"])
    }

    @Test func `a night that overlaps the next morning is one opening`() throws {
        let shop = try hours("1 22:00-06:00", "2 05:00-08:00")
        #expect(try windows(shop, "2026-11-24", days: 1, newYork) == ["23 22:00–24 08:00"])
        #expect(try windows(shop, "2026-11-23", days: 1, newYork) == ["23 22:00–24 08:00"])
    }

    @Test func `a chain of overlapping windows is whole wherever the question begins`() throws {
        // Overlaps from Monday 09:00 to Sunday 09:30 without a break.
        let hours = try hours("123456 09:00-09:30", "123456 09:15-09:15", "123456 09:20-09:10")
        let date = try #require(LocalDate("2026-11-23"))
        let start = newYork.instant(date, .midnight).advanced(byMinutes: 9 * 60)
        for minutes in stride(from: 0, to: 6 * 1440, by: 333) {
            let from = start.advanced(byMinutes: minutes)
            let found = hours.windows(
                from: from, to: from.advanced(byMinutes: 1), zone: newYork)
            #expect(found.map(\.start) == [start])
            #expect(found.map(\.minutes) == [6 * 1440 + 15])
        }
    }

    @Test func `overlapping windows that never pause are cut at local midnight`() throws {
        let hours = try hours("1234567 09:00-09:00", "1234567 08:00-10:00")
        #expect(
            try windows(hours, "2026-11-23", days: 2, newYork)
                == ["23 00:00–24 00:00", "24 00:00–25 00:00"])
        let touching = try self.hours("1234567 09:00-09:00")
        #expect(
            try windows(touching, "2026-11-23", days: 1, newYork)
                == ["22 09:00–23 09:00", "23 09:00–24 09:00"])
    }

    @Test(arguments: [
        ("2026-03-08", 23), ("2026-11-01", 25), ("2027-03-14", 23), ("2027-11-07", 25),
        ("2026-06-01", 24),
    ])
    func `an open day in New York has as many hours as the clock gives it`(
        text: String, hours: Int
    ) throws {
        let date = try #require(LocalDate(text))
        let noon = newYork.instant(date, .midnight).advanced(byMinutes: 720)
        let day = OpeningHours.always.windows(
            from: noon, to: noon.advanced(byMinutes: 1), zone: newYork)
        #expect(day.map(\.minutes) == [hours * 60])
    }

    @Test func `a window inside the gap vanishes and an edge inside it moves`() throws {
        // London skips 01:00–02:00 on 2026-03-29.
        let closed = try hours("7 01:00-02:00", "7 01:30-02:00")
        #expect(try windows(closed, "2026-03-29", days: 1, london) == [])
        let moved = try hours("7 01:30-04:00")
        #expect(try windows(moved, "2026-03-29", days: 1, london) == ["29 02:30–29 04:00"])
        let night = try hours("6 22:00-01:30")
        #expect(try windows(night, "2026-03-28", days: 1, london) == ["28 22:00–29 02:30"])
    }

    @Test func `an edge inside a repeated hour is its first occurrence`() throws {
        // London repeats 01:00–02:00 on 2026-10-25.
        let date = try #require(LocalDate("2026-10-25"))
        let midnight = london.instant(date, .midnight)
        func minutes(_ text: String) throws -> [Int] {
            try hours(text).windows(
                from: midnight, to: midnight.advanced(byDays: 1), zone: london
            ).map(\.minutes)
        }
        #expect(try minutes("7 00:00-01:30") == [90])
        #expect(try minutes("7 01:30-02:00") == [90])
        #expect(try minutes("7 00:00-03:00") == [240])
    }

    @Test func `only what shares time with the question is answered, but whole`() throws {
        let shop = try hours("1234567 09:00-17:00")
        let date = try #require(LocalDate("2026-11-23"))
        let nine = newYork.instant(date, .midnight).advanced(byMinutes: 540)
        let five = nine.advanced(byMinutes: 480)
        #expect(shop.windows(from: five, to: five.advanced(byMinutes: 60), zone: newYork) == [])
        #expect(shop.windows(from: nine.advanced(byMinutes: -60), to: nine, zone: newYork) == [])
        #expect(shop.windows(from: nine, to: nine, zone: newYork) == [])
        #expect(
            shop.windows(
                from: five.advanced(byMilliseconds: -1), to: five, zone: newYork
            ).map(\.start) == [nine])
    }
}

@Suite("Opening hours as JSON")
struct TimeOpeningHoursTests2 {
    private func problems(_ text: String) throws -> [String] {
        let value = try #require(JSONValue(parsing: text))
        var problems: [Refusal.Field] = []
        _ = OpeningHours.read(value, problems: &problems)
        return problems.map { "\($0.field) \($0.code)" }
    }

    @Test func `what is written is read back`() throws {
        let text = """
            {"overrides":[{"date":"2026-12-24","windows":[{"end":"13:00","start":"09:00"}]},\
            {"date":"2026-12-25","windows":[]}],\
            "weekly":[{"end":"17:00","start":"09:00","weekday":1},\
            {"end":"02:00","start":"20:00","weekday":7},\
            {"end":"24:00","start":"00:00","weekday":3}]}
            """
        let value = try #require(JSONValue(parsing: text))
        var problems: [Refusal.Field] = []
        let hours = OpeningHours.read(value, problems: &problems)
        #expect(problems.isEmpty)
        #expect(hours.weekly.count == 3)
        #expect(hours.overrides.count == 2)
        #expect(hours.json.serialized == text)
    }

    @Test func `faults are named by their path`() throws {
        #expect(try problems(#"{}"#) == ["weekly required"])
        #expect(try problems(#"{"weekly": 3}"#) == ["weekly type"])
        #expect(try problems(#"{"weekly": [], "overrides": null}"#) == [])
        #expect(
            try problems(
                """
                {"weekly": [
                  {"weekday": 0, "start": "09:00", "end": "17:00"},
                  {"weekday": "1", "start": "9:00", "end": "17:00"},
                  {"weekday": 1, "start": "24:00", "end": "24:01"},
                  {"weekday": 2}, 7]}
                """) == [
                    "weekly[0].weekday range", "weekly[1].weekday type", "weekly[1].start time",
                    "weekly[2].end time", "weekly[2].start time", "weekly[3].start required",
                    "weekly[3].end required", "weekly[4] type",
                ])
        #expect(
            try problems(
                """
                {"weekly": [], "overrides": [
                  {"date": "2026-02-30", "windows": []},
                  {"date": "2026-02-01"},
                  {"date": "2026-02-01", "windows": [{"start": "10:00", "end": 11}]}]}
                """) == [
                    "overrides[0].date date", "overrides[1].windows required",
                    "overrides[2].windows[0].end type", "overrides[2].date duplicate",
                ])
    }

    @Test func `the path begins where the schedule stands`() throws {
        var problems: [Refusal.Field] = []
        _ = OpeningHours.read(
            ["weekly": [["weekday": 9, "start": "09:00", "end": "10:00"]]], path: "schedule.",
            problems: &problems)
        #expect(problems.map(\.field) == ["schedule.weekly[0].weekday"])
        problems = []
        _ = OpeningHours.read("always", path: "schedule.", problems: &problems)
        #expect(problems.map(\.field) == ["schedule"])
    }
}
