/// A day of the proleptic Gregorian calendar, without a time zone: what a wall calendar shows.
///
/// Written `YYYY-MM-DD` (RFC 3339 `full-date`). Arithmetic is on whole days since 1970-01-01.
package struct LocalDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; negative before it.
    package let daysSinceEpoch: Int

    package init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

    /// Nil when there is no such day or the year is outside 1970–2100.
    package init?(year: Int, month: Int, day: Int) {
        guard
            (1970...2100).contains(year), (1...12).contains(month),
            day >= 1, day <= Instant.daysInMonth(year, month)
        else { return nil }
        daysSinceEpoch = Int(Instant.days(fromCivil: Int64(year), Int64(month), Int64(day)))
    }

    /// Reads exactly `YYYY-MM-DD`, years 1970–2100; nil for anything else.
    package init?(_ text: String) {
        var scanner = DigitScanner(text)
        guard
            let year = scanner.number(4), scanner.skip("-"),
            let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package static func < (left: LocalDate, right: LocalDate) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }

    package func adding(days: Int) -> LocalDate {
        LocalDate(daysSinceEpoch: daysSinceEpoch + days)
    }
}

extension LocalDate {
    package var year: Int { Int(civil.year) }
    /// 1 = January … 12 = December.
    package var month: Int { Int(civil.month) }
    package var day: Int { Int(civil.day) }

    private var civil: (year: Int64, month: Int64, day: Int64) {
        Instant.civil(fromDays: Int64(daysSinceEpoch))
    }

    /// ISO 8601: 1 = Monday … 7 = Sunday.
    package var weekday: Int {
        // 1970-01-01 was a Thursday.
        let sinceMonday = (daysSinceEpoch + 3) % 7
        return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1
    }

    /// The Monday of this day's ISO week.
    package var startOfWeek: LocalDate { adding(days: 1 - weekday) }

    package var startOfMonth: LocalDate { adding(days: 1 - day) }

    package var startOfNextMonth: LocalDate {
        startOfMonth.adding(days: Instant.daysInMonth(year, month))
    }

    /// The ISO 8601 week and the year it belongs to, which is its Thursday's year.
    package var isoWeek: (year: Int, week: Int) {
        let thursday = adding(days: 4 - weekday)
        let newYear = Instant.days(fromCivil: Int64(thursday.year), 1, 1)
        return (thursday.year, (thursday.daysSinceEpoch - Int(newYear)) / 7 + 1)
    }
}

extension LocalDate: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    package var description: String {
        let (year, month, day) = civil
        return twoDigits(Int(year) / 100) + twoDigits(Int(year) % 100) + "-"
            + twoDigits(Int(month)) + "-" + twoDigits(Int(day))
    }
}

func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
