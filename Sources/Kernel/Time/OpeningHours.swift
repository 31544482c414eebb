/// When a business, a staff member or a resource is open: hours by the week on the wall clock, and
/// dates that differ. Only a `Zone` turns them into instants, one edge at a time, so a day with
/// a clock change is 23 or 25 hours of elapsed time.
package struct OpeningHours: Hashable, Sendable {
    /// Opening hours of one day. An end that is not after the start runs past midnight into the
    /// next day, so `09:00–09:00` is a day and a night; `24:00` means to midnight.
    package struct DayWindow: Hashable, Sendable {
        package let start: LocalTime
        package let end: LocalTime

        package static let allDay = DayWindow(uncheckedStart: .midnight, end: .endOfDay)

        private init(uncheckedStart start: LocalTime, end: LocalTime) {
            self.start = start
            self.end = end
        }

        /// Nil when the start is `24:00`, which may only be an end.
        package init?(start: LocalTime, end: LocalTime) {
            guard start < .endOfDay else { return nil }
            self.init(uncheckedStart: start, end: end)
        }

        /// Minutes on the clock face from the day's own midnight to the end, up to 2879.
        var endMinutes: Int { end > start ? end.minutes : end.minutes + 1440 }
    }

    /// Opening hours that come back every week.
    package struct Window: Hashable, Sendable {
        /// 1 = Monday … 7 = Sunday.
        package let weekday: Int
        package let hours: DayWindow

        /// Nil when the weekday is not 1…7 or the start is `24:00`.
        package init?(weekday: Int, start: LocalTime, end: LocalTime) {
            guard (1...7).contains(weekday), let hours = DayWindow(start: start, end: end)
            else { return nil }
            self.init(weekday: weekday, hours: hours)
        }

        private init(weekday: Int, hours: DayWindow) {
            self.weekday = weekday
            self.hours = hours
        }

        fileprivate static let aroundTheClock = (1...7).map { Window(weekday: $0, hours: .allDay) }
    }

    package let weekly: [Window]
    /// Replaces that date's own windows (an empty list: closed) and leaves the tail of the night
    /// before, which belongs to the date on which it began.
    package let overrides: [LocalDate: [DayWindow]]
    private let byWeekday: [[DayWindow]]
    private let neverPauses: Bool

    package init(weekly: [Window], overrides: [LocalDate: [DayWindow]] = [:]) {
        self.weekly = weekly
        self.overrides = overrides
        byWeekday = (1...7).map { day in weekly.filter { $0.weekday == day }.map(\.hours) }
        neverPauses = Self.neverPauses(weekly)
    }

    /// Round the clock; each day from midnight to midnight.
    package static let always = OpeningHours(weekly: Window.aroundTheClock)

    /// The windows that begin on this date.
    package func windows(on date: LocalDate) -> [DayWindow] {
        overrides[date] ?? byWeekday[date.weekday - 1]
    }

    /// Whether the weekly windows overlap one another all around the week, with no moment that
    /// only starts an opening. Windows that touch do not count as overlapping.
    private static func neverPauses(_ weekly: [Window]) -> Bool {
        let week = 7 * 1440
        let spans = weekly.map { window in
            let midnight = (window.weekday - 1) * 1440
            return (midnight + window.hours.start.minutes, midnight + window.hours.endMinutes)
        }
        func isInside(_ minute: Int) -> Bool {
            spans.contains { start, end in
                (start < minute && minute < end) || (start < minute + week && minute + week < end)
            }
        }
        return !spans.isEmpty && spans.allSatisfy { isInside($0.0) }
    }
}

extension OpeningHours {
    /// The stretches of opening that share time with `[from, to)`, whole and sorted.
    ///
    /// Windows that overlap are one stretch; windows that only touch stay apart. What comes out
    /// does not depend on where the question begins and ends. A weekly pattern of overlapping
    /// windows that never pauses is cut at every local midnight, as it has no beginning.
    package func windows(from: Instant, to: Instant, zone: Zone) -> [TimeRange] {
        guard from < to else { return [] }
        let today = zone.date(at: from)
        let end = zone.date(at: to)
        // Overlapping windows chain for less than a week, and longer only through overrides.
        let farthest = 32 + 2 * overrides.count
        var back = 3
        var ahead = 2
        while true {
            let first = today.adding(days: -back)
            let last = end.adding(days: ahead)
            let found = stretches(first: first, last: last, zone: zone)
                .filter { $0.start < to.milliseconds && from.milliseconds < $0.end }
            // Windows of dates further out can reach only into the outermost two.
            let lacksStart = found.contains { $0.firstDate <= first.adding(days: 1) }
            let lacksEnd = found.contains { $0.lastDate >= last.adding(days: -1) }
            if lacksStart, back < farthest {
                back *= 2
            } else if lacksEnd, ahead < farthest {
                ahead *= 2
            } else {
                return found.compactMap(\.range)
            }
        }
    }

    /// An opening in the making, with the dates on which its windows begin.
    private struct Stretch {
        var start: Int64
        var end: Int64
        var firstDate: LocalDate
        var lastDate: LocalDate

        var range: TimeRange? {
            TimeRange(start: Instant(milliseconds: start), end: Instant(milliseconds: end))
        }
    }

    private func stretches(first: LocalDate, last: LocalDate, zone: Zone) -> [Stretch] {
        var pieces: [Stretch] = []
        var date = first
        while date <= last {
            for window in windows(on: date) { append(window, on: date, zone, to: &pieces) }
            date = date.adding(days: 1)
        }
        pieces.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        var joined: [Stretch] = []
        for piece in pieces {
            guard let previous = joined.last, piece.start < previous.end else {
                joined.append(piece)
                continue
            }
            joined[joined.count - 1].end = max(previous.end, piece.end)
            joined[joined.count - 1].firstDate = min(previous.firstDate, piece.firstDate)
            joined[joined.count - 1].lastDate = max(previous.lastDate, piece.lastDate)
        }
        return joined
    }

    private func append(
        _ window: DayWindow, on date: LocalDate, _ zone: Zone, to pieces: inout [Stretch]
    ) {
        func append(_ start: Instant, _ end: Instant) {
            // A window inside a clock-change gap has no length.
            guard start < end else { return }
            pieces.append(
                Stretch(
                    start: start.milliseconds, end: end.milliseconds,
                    firstDate: date, lastDate: date))
        }
        let start = zone.instant(date, window.start)
        if window.end > window.start { return append(start, zone.instant(date, window.end)) }
        let end = zone.instant(date.adding(days: 1), window.end)
        guard neverPauses else { return append(start, end) }
        let midnight = zone.instant(date, .endOfDay)
        append(start, midnight)
        append(midnight, end)
    }
}
