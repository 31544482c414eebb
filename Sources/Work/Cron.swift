import Kernel

/// When something happens again and again, as crontab(5) writes it: minute (0–59), hour (0–23),
/// day of the month (1–31), month (1–12 or `jan`…), weekday (0–7 or `sun`…; 0 and 7 are Sunday).
///
/// A field is `*`, a number, a range `9-17`, a list `1,15`, any of them with a step `*/10`. When
/// both day fields are limited, either will do. `@hourly`, `@daily`, `@weekly`, `@monthly` and
/// `@yearly` are short for the usual ones.
///
/// When the clocks change, it does what cron does: a run at a fixed time happens once, later by
/// the gap when its time is skipped, and at the first of two equal times. Where minute or hour
/// begins with `*`, runs follow the wall clock as it goes: none in the gap, all in a repeated hour.
package struct Cron: Sendable, Equatable {
    /// The text it was read from.
    package let expression: String
    private var minutes: UInt64 = 0
    private var hours: UInt64 = 0
    private var days: UInt64 = 0
    private var months: UInt64 = 0
    private var weekdays: UInt64 = 0
    /// Minute or hour begins with `*`.
    private var followsTheClock = false
    private var limitsDays = false
    private var limitsWeekdays = false

    private static let short = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
    ]
    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Nil when it cannot be read, or a number is out of range.
    package init?(_ expression: String) {
        self.expression = expression
        let text = Self.short[expression] ?? expression
        let fields = text.lowercased().split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == 5,
            let minutes = Self.bits(fields[0], 0...59),
            let hours = Self.bits(fields[1], 0...23),
            let days = Self.bits(fields[2], 1...31),
            let months = Self.bits(fields[3], 1...12, Self.monthNames),
            let weekdays = Self.bits(fields[4], 0...7, Self.weekdayNames)
        else { return nil }
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        // Bit 0 is Sunday, whether it was written 0 or 7.
        self.weekdays = (weekdays | weekdays >> 7) & 0x7f
        followsTheClock = fields[0].hasPrefix("*") || fields[1].hasPrefix("*")
        limitsDays = !fields[2].hasPrefix("*")
        limitsWeekdays = !fields[4].hasPrefix("*")
    }

    private static func bits(
        _ field: Substring, _ range: ClosedRange<Int>, _ names: [String] = []
    ) -> UInt64? {
        var all: UInt64 = 0
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard (1...2).contains(pieces.count),
                let (first, last) = span(pieces[0], range, names, isOpen: pieces.count == 2)
            else { return nil }
            var step = 1
            if pieces.count == 2 {
                guard let given = number(pieces[1]), given >= 1, given <= range.upperBound
                else { return nil }
                step = given
            }
            for value in stride(from: first, through: last, by: step) { all |= 1 << UInt64(value) }
        }
        return all
    }

    /// `*`, `5`, `mon`, `9-17`; with a step a single number means from there on.
    private static func span(
        _ text: Substring, _ range: ClosedRange<Int>, _ names: [String], isOpen: Bool
    ) -> (Int, Int)? {
        if text == "*" { return (range.lowerBound, range.upperBound) }
        func value(_ text: Substring) -> Int? {
            if let index = names.firstIndex(of: String(text)) { return range.lowerBound + index }
            return number(text).flatMap { range.contains($0) ? $0 : nil }
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = value(ends[0]) else { return nil }
        if ends.count == 1 { return (first, isOpen ? range.upperBound : first) }
        guard ends.count == 2, let last = value(ends[1]), first <= last else { return nil }
        return (first, last)
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count),
            text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// Whether it happens at some time of that day.
    package func includes(_ date: LocalDate) -> Bool {
        guard Self.has(months, date.month) else { return false }
        let isDay = Self.has(days, date.day)
        let isWeekday = Self.has(weekdays, date.weekday % 7)
        return limitsDays && limitsWeekdays ? isDay || isWeekday : isDay && isWeekday
    }

    /// The first run after an instant; nil when there is none before 2101.
    package func next(after instant: Instant, in zone: Zone) -> Instant? {
        // A gap at midnight may move a run into the next day, so the search begins a day early.
        var date = zone.date(at: instant).adding(days: -1)
        // 29 February may be eight years away, and on a given weekday up to forty.
        for _ in 0..<(41 * 366) {
            let tomorrow = date.adding(days: 1)
            if runs(on: date, in: zone).contains(where: { $0 > instant }) {
                // A clock set back at midnight mixes the runs of two days.
                let runs = runs(on: date, in: zone) + runs(on: tomorrow, in: zone)
                let found = runs.filter { $0 > instant }.min()
                return found.flatMap { $0 <= .latest ? $0 : nil }
            }
            date = tomorrow
            if date.year > 2100 { return nil }
        }
        return nil
    }

    private func runs(on date: LocalDate, in zone: Zone) -> [Instant] {
        guard includes(date) else { return [] }
        var found: [Instant] = []
        for hour in 0..<24 where Self.has(hours, hour) {
            for minute in 0..<60 where Self.has(minutes, minute) {
                guard let time = LocalTime(minutes: hour * 60 + minute) else { continue }
                if followsTheClock {
                    found += zone.occurrences(of: date, time)
                } else {
                    found.append(zone.instant(date, time))
                }
            }
        }
        return found
    }

    private static func has(_ bits: UInt64, _ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }
}
