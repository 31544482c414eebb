import Booking
import Kernel

/// One party, minute by minute.
struct PartyMinutes {
    private let first: Int
    /// For each minute the one at which its opening began, or -1 when closed.
    private var opened: [Int]
    /// For each minute how many things occupy it.
    private var taken: [Int]
    /// For each class the minutes of this party's own allocations.
    private var classes: [String: [Int]] = [:]
    private let isAlwaysOpen: Bool

    init(_ party: Party, closures: [TimeRange], first: Int, last: Int) {
        self.first = first
        isAlwaysOpen = party.hours == nil
        opened = Array(repeating: -1, count: last - first)
        taken = Array(repeating: 0, count: last - first)
        for allocation in party.allocations {
            let minutes = Array(allocation.range.start.minute..<allocation.range.end.minute)
            take(minutes)
            if let session = allocation.session { classes[session.id, default: []] += minutes }
        }
        for range in party.blocks + closures { take(range.start.minute..<range.end.minute) }
        open(party.hours ?? .always, party.zone)
    }

    func openedAt(_ minute: Int) -> Int? {
        let begin = opened[minute - first]
        return begin < 0 ? nil : begin
    }

    func isOpen(_ minute: Int) -> Bool { isAlwaysOpen || opened[minute - first] >= 0 }

    func takesPart(in session: String) -> Bool { classes[session] != nil }

    func isFree(_ minute: Int, seeingThrough session: String?) -> Bool {
        let own = session.flatMap { classes[$0] } ?? []
        return taken[minute - first] == own.count { $0 == minute }
    }

    private mutating func take(_ minutes: some Sequence<Int>) {
        for minute in minutes where taken.indices.contains(minute - first) {
            taken[minute - first] += 1
        }
    }

    /// Marks what the windows cover. An edge of a window begins an opening unless it lies
    /// strictly inside some other window.
    private mutating func open(_ hours: OpeningHours, _ zone: Zone) {
        var isOpen = Array(repeating: false, count: opened.count)
        var runsOn = Array(repeating: false, count: opened.count)
        let isSeamless = Self.isSeamless(hours.weekly)
        var date = zone.date(at: Instant(minute: first)).adding(days: -2)
        let end = zone.date(at: Instant(minute: first + opened.count)).adding(days: 1)
        while date <= end {
            for window in hours.overrides[date] ?? Self.weekly(hours, date) {
                for (start, end) in Self.edges(window, date, zone, cut: isSeamless) {
                    for minute in max(start, first)..<max(start, first, end)
                    where minute - first < isOpen.count {
                        isOpen[minute - first] = true
                        if minute > start { runsOn[minute - first] = true }
                    }
                }
            }
            date = date.adding(days: 1)
        }
        for index in opened.indices where isOpen[index] {
            let goesOn = index > 0 && isOpen[index - 1] && runsOn[index]
            opened[index] = goesOn ? opened[index - 1] : first + index
        }
    }

    private static func weekly(_ hours: OpeningHours, _ date: LocalDate) -> [OpeningHours.DayWindow] {
        hours.weekly.filter { $0.weekday == date.weekday }.map(\.hours)
    }

    private static func edges(
        _ window: OpeningHours.DayWindow, _ date: LocalDate, _ zone: Zone, cut: Bool
    ) -> [(Int, Int)] {
        let start = zone.instant(date, window.start).minute
        if window.start.minutes < window.end.minutes {
            return [(start, zone.instant(date, window.end).minute)]
        }
        let end = zone.instant(date.adding(days: 1), window.end).minute
        let midnight = zone.instant(date.adding(days: 1), .midnight).minute
        return cut ? [(start, midnight), (midnight, end)] : [(start, end)]
    }

    /// Whether every minute of the week runs on from the one before in some window.
    private static func isSeamless(_ weekly: [OpeningHours.Window]) -> Bool {
        var runsOn = Array(repeating: false, count: 10_080)
        for window in weekly {
            let start = (window.weekday - 1) * 1440 + window.hours.start.minutes
            var length = window.hours.end.minutes - window.hours.start.minutes
            if length <= 0 { length += 1440 }
            for minute in start + 1..<start + length { runsOn[minute % 10_080] = true }
        }
        return runsOn.allSatisfy { $0 }
    }
}
