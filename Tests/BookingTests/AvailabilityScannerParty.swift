import Booking
import Kernel

/// One party, minute by minute.
struct PartyMinutes {
    private let isAlwaysOpen: Bool
    /// The first minute of the arrays.
    private var first = 0
    /// For each minute the one at which its opening began, or -1 when closed.
    private var opened: [Int] = []
    /// For each minute how many things occupy it.
    private var taken: [Int] = []
    /// For each class the minutes of this party's own allocations.
    private var classes: [String: [Int]] = [:]

    init(_ party: Party, _ query: AvailabilityQuery) {
        isAlwaysOpen = party.hours == nil
        // A chain of overlapping windows can begin days before; look back far only if need be.
        for daysBack in [2, 12] {
            first = query.from.minute - daysBack * 1440
            let count = query.to.minute + 1440 - first
            opened = Self.opened(party.hours ?? .always, party.zone, first: first, count: count)
            taken = Array(repeating: 0, count: count)
            if !opened[(query.from.minute - first)...].contains(first) { break }
        }
        for allocation in party.allocations {
            let minutes = Array(allocation.range.start.minute..<allocation.range.end.minute)
            take(minutes)
            if let session = allocation.session { classes[session.id, default: []] += minutes }
        }
        for range in party.blocks + query.closures {
            take(Array(range.start.minute..<range.end.minute))
        }
    }

    func openedAt(_ minute: Int) -> Int? {
        let begin = opened[minute - first]
        return begin < 0 ? nil : begin
    }

    func isOpen(_ minute: Int) -> Bool { isAlwaysOpen || opened[minute - first] >= 0 }

    func takesPart(in session: String) -> Bool { classes[session] != nil }

    func isFree(_ minute: Int, seeingThrough session: String?) -> Bool {
        guard let session else { return taken[minute - first] == 0 }
        let own = classes[session] ?? []
        return taken[minute - first] == own.count { $0 == minute }
    }

    private mutating func take(_ minutes: [Int]) {
        for minute in minutes where taken.indices.contains(minute - first) {
            taken[minute - first] += 1
        }
    }

    private enum Cover: UInt8 { case none, begins, runsOn }

    /// Marks what the windows cover. An edge of a window begins an opening unless it lies
    /// strictly inside some other window.
    private static func opened(
        _ hours: OpeningHours, _ zone: Zone, first: Int, count: Int
    ) -> [Int] {
        var cover = Array(repeating: Cover.none, count: count)
        let isSeamless = isSeamless(hours.weekly)
        var date = zone.date(at: Instant(minute: first)).adding(days: -2)
        let end = zone.date(at: Instant(minute: first + count)).adding(days: 1)
        while date <= end {
            for window in hours.overrides[date] ?? weekly(hours, date) {
                for (start, end) in edges(window, date, zone, cut: isSeamless) where start < end {
                    // Plain loops: in a debug build these are most of the test's time.
                    var index = max(start, first) - first
                    let limit = min(end - first, count)
                    if index < limit, start >= first, cover[index] == .none {
                        cover[index] = .begins
                    }
                    if start >= first { index += 1 }
                    while index < limit {
                        cover[index] = .runsOn
                        index += 1
                    }
                }
            }
            date = date.adding(days: 1)
        }
        var opened = Array(repeating: -1, count: count)
        var index = 0
        while index < count {
            switch cover[index] {
            case .none: break
            case .begins: opened[index] = first + index
            case .runsOn: opened[index] = index > 0 ? opened[index - 1] : first
            }
            index += 1
        }
        return opened
    }

    private static func weekly(
        _ hours: OpeningHours, _ date: LocalDate
    ) -> [OpeningHours.DayWindow] {
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
        // Without a window past midnight, midnight pauses.
        guard weekly.contains(where: { $0.hours.end <= $0.hours.start }) else { return false }
        var runsOn = Array(repeating: false, count: 10_080)
        for window in weekly {
            let start = (window.weekday - 1) * 1440 + window.hours.start.minutes
            var length = window.hours.end.minutes - window.hours.start.minutes
            if length <= 0 { length += 1440 }
            var minute = start + 1
            while minute < start + length {
                runsOn[minute % 10_080] = true
                minute += 1
            }
        }
        return !runsOn.contains(false)
    }
}
