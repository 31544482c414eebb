import Kernel

/// The opening hours of a business, on its own wall clock.
package struct Schedule: Sendable, Equatable {
    package let account: AccountID
    package var hours: OpeningHours
    package let zone: Zone
    /// 0 until the business has said when it is open.
    package var version: Int
    package var updatedAt: Instant?

    package var json: JSONValue {
        var members = hours.json.object ?? [:]
        members["account_id"] = .id(account)
        members["time_zone"] = .string(zone.identifier)
        members["version"] = .number(version)
        members["updated_at"] = .instant(updatedAt)
        return .object(members)
    }
}

extension Schedule {
    package func isOpen(at now: Instant) -> Bool { opening(at: now) != nil }

    /// The opening that is going on, with the ones that it runs on into.
    package func opening(at now: Instant) -> TimeRange? {
        joined(from: now, to: now.advanced(byMilliseconds: 1)).first { $0.contains(now) }
    }

    /// The openings of a local date, cut off at its midnights; empty: closed.
    package func windows(on date: LocalDate) -> [TimeRange] {
        let start = zone.instant(date, .midnight)
        let end = zone.instant(date.adding(days: 1), .midnight)
        guard let day = TimeRange(start: start, end: end) else { return [] }
        return joined(from: start, to: end).compactMap { $0.intersection(day) }
    }

    /// Today's openings on the business's own wall clock.
    package func windowsToday(at now: Instant) -> [TimeRange] { windows(on: zone.date(at: now)) }

    /// When it opens next, within two weeks; nil while it is open.
    package func nextOpening(after now: Instant) -> Instant? {
        if isOpen(at: now) { return nil }
        return hours.windows(from: now, to: now.advanced(byDays: 14), zone: zone).first?.start
    }

    /// Windows that touch as one: people ask when it closes, not where the grid starts anew.
    private func joined(from: Instant, to: Instant) -> [TimeRange] {
        // A day more on each side, for what touches there.
        let windows = hours.windows(
            from: from.advanced(byDays: -1), to: to.advanced(byDays: 1), zone: zone)
        let ranges = windows.reduce(into: [TimeRange]()) { joined, window in
            if let last = joined.last, window.start <= last.end,
                let whole = TimeRange(start: last.start, end: max(last.end, window.end))
            {
                joined[joined.count - 1] = whole
            } else {
                joined.append(window)
            }
        }
        return ranges.filter { $0.start < to && from < $0.end }
    }
}
