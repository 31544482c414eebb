import Kernel
import Testing

@Suite("Local dates")
struct TimeValueTests {
    @Test func `a date is read strictly`() throws {
        let date = try #require(LocalDate("2026-02-28"))
        #expect((date.year, date.month, date.day) == (2026, 2, 28))
        #expect(date.description == "2026-02-28")
        for text in [
            "", "2026-2-28", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-04-31",
            "1969-12-31", "2101-01-01", "2026-02-28 ", " 2026-02-28", "2026/02/28", "20260228",
            "2026-02-28T00:00", "+026-02-28", "٢٠٢٦-02-28", "2026-02-28\0",
        ] {
            #expect(LocalDate(text) == nil, "\(text)")
        }
        #expect(LocalDate("1970-01-01")?.daysSinceEpoch == 0)
        #expect(LocalDate("2024-02-29") != nil)
        #expect(LocalDate("2100-02-29") == nil)
        #expect(LocalDate("2000-02-29") != nil)
        #expect(LocalDate("2100-12-31") != nil)
    }

    @Test func `every day from 1970 to 2100 follows the one before`() throws {
        var date = try #require(LocalDate("1970-01-01"))
        #expect(date.weekday == 4)
        var weekday = date.weekday
        var (year, month, day) = (1970, 1, 1)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        while year <= 2100 {
            guard (date.year, date.month, date.day, date.weekday) == (year, month, day, weekday)
            else {
                Issue.record("\(date) is not \(year)-\(month)-\(day), weekday \(weekday)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = month == 2 && isLeap ? 29 : lengths[month - 1]
            day += 1
            if day > length { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            weekday = weekday % 7 + 1
            date = date.adding(days: 1)
        }
        #expect(date.adding(days: -date.daysSinceEpoch) == LocalDate("1970-01-01"))
    }

    @Test(arguments: [
        ("2026-01-01", 2026, 1), ("2025-12-29", 2026, 1), ("2027-01-01", 2026, 53),
        ("2027-01-03", 2026, 53), ("2027-01-04", 2027, 1), ("2024-12-30", 2025, 1),
        ("2021-01-03", 2020, 53), ("2026-11-23", 2026, 48), ("1970-01-01", 1970, 1),
    ])
    func `ISO weeks belong to the year of their Thursday`(
        text: String, year: Int, week: Int
    ) throws {
        let date = try #require(LocalDate(text))
        #expect(date.isoWeek == (year, week))
    }

    @Test func `weeks begin on Monday and months on the first`() throws {
        let date = try #require(LocalDate("2026-11-22"))
        #expect(date.weekday == 7)
        #expect(date.startOfWeek.description == "2026-11-16")
        #expect(date.startOfMonth.description == "2026-11-01")
        #expect(date.startOfNextMonth.description == "2026-12-01")
        #expect(LocalDate("2026-12-31")?.startOfNextMonth.description == "2027-01-01")
    }

    @Test func `days before 1970 are reckoned as well`() {
        let date = LocalDate(daysSinceEpoch: -1)
        #expect(date.description == "1969-12-31")
        #expect(date.weekday == 3)
    }
}

@Suite("Local times")
struct TimeValueTests2 {
    @Test func `a time is read strictly and 24:00 is the last`() {
        #expect(LocalTime("00:00") == .midnight)
        #expect(LocalTime("24:00") == .endOfDay)
        #expect(LocalTime("09:05")?.minutes == 545)
        #expect(LocalTime("23:59")?.description == "23:59")
        for text in ["", "9:00", "09:60", "24:01", "25:00", "09:00:00", "0900", "09:00 ", "-1:00"] {
            #expect(LocalTime(text) == nil, "\(text)")
        }
        #expect(LocalTime(minutes: 1441) == nil)
        #expect(LocalTime(minutes: -1) == nil)
    }
}

@Suite("Time ranges")
struct TimeValueTests3 {
    private func range(_ start: Int64, _ end: Int64) -> TimeRange? {
        TimeRange(start: Instant(milliseconds: start), end: Instant(milliseconds: end))
    }

    @Test func `a range is neither empty nor backwards`() {
        #expect(range(5, 5) == nil)
        #expect(range(6, 5) == nil)
        #expect(range(5, 6) != nil)
    }

    @Test func `ranges that touch do not overlap`() throws {
        let morning = try #require(range(0, 10))
        let noon = try #require(range(10, 20))
        let brunch = try #require(range(9, 11))
        #expect(!morning.overlaps(noon))
        #expect(morning.overlaps(brunch))
        #expect(brunch.overlaps(noon))
        #expect(morning.intersection(noon) == nil)
        #expect(morning.intersection(brunch) == range(9, 10))
        #expect(morning.contains(Instant(milliseconds: 0)))
        #expect(!morning.contains(Instant(milliseconds: 10)))
        #expect(morning.contains(morning))
        #expect(!morning.contains(brunch))
    }
}
