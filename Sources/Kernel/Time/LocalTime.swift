/// A time of day on the wall clock, to the minute, without a date or a time zone.
package struct LocalTime: Hashable, Comparable, Sendable {
    /// Minutes since midnight on the clock face, 0…1440; 1440 is `24:00`, only ever an end.
    package let minutes: Int

    package static let midnight = LocalTime(unchecked: 0)
    package static let endOfDay = LocalTime(unchecked: 1440)

    private init(unchecked minutes: Int) { self.minutes = minutes }

    /// Nil outside 0…1440.
    package init?(minutes: Int) {
        guard (0...1440).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    /// Reads exactly `HH:MM`, `00:00`…`24:00`; nil for anything else.
    package init?(_ text: String) {
        var scanner = DigitScanner(text)
        guard
            let hour = scanner.number(2), scanner.skip(":"),
            let minute = scanner.number(2), scanner.isAtEnd, minute < 60
        else { return nil }
        self.init(minutes: hour * 60 + minute)
    }

    package static func < (left: LocalTime, right: LocalTime) -> Bool {
        left.minutes < right.minutes
    }
}

extension LocalTime: CustomStringConvertible {
    /// `HH:MM`.
    package var description: String { twoDigits(minutes / 60) + ":" + twoDigits(minutes % 60) }
}
