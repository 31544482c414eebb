/// A stretch of elapsed time, half-open `[start, end)`; never empty and never backwards.
package struct TimeRange: Hashable, Sendable {
    package let start: Instant
    package let end: Instant

    /// Nil when `end` is not after `start`.
    package init?(start: Instant, end: Instant) {
        guard start < end else { return nil }
        self.start = start
        self.end = end
    }

    package var milliseconds: Int64 { end.milliseconds - start.milliseconds }

    /// Whole elapsed minutes, rounded down.
    package var minutes: Int { Int(milliseconds / 60_000) }

    package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }

    package func contains(_ other: TimeRange) -> Bool { start <= other.start && other.end <= end }

    /// Whether the two share any time; ranges that only touch do not.
    package func overlaps(_ other: TimeRange) -> Bool { start < other.end && other.start < end }

    package func intersection(_ other: TimeRange) -> TimeRange? {
        TimeRange(start: max(start, other.start), end: min(end, other.end))
    }
}

extension TimeRange: Comparable {
    /// By start, then by end.
    package static func < (left: TimeRange, right: TimeRange) -> Bool {
        (left.start, left.end) < (right.start, right.end)
    }
}

extension TimeRange: CustomStringConvertible {
    /// ISO 8601 `start/end`.
    package var description: String { "\(start)/\(end)" }
}
