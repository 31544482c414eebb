/// A moment on the UTC time line, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Stored as `BIGINT` in the database and written as RFC 3339 with `Z` in JSON.
package struct Instant: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The first and last instants that we accept from outside: years 1970 to 2100.
    package static let earliest = Instant(milliseconds: 0)
    package static let latest = Instant(milliseconds: 4_133_980_799_999)

    package func advanced(byMilliseconds amount: Int64) -> Instant {
        Instant(milliseconds: milliseconds + amount)
    }

    package func advanced(bySeconds amount: Int) -> Instant {
        advanced(byMilliseconds: Int64(amount) * 1000)
    }

    package func advanced(byMinutes amount: Int) -> Instant {
        advanced(byMilliseconds: Int64(amount) * 60_000)
    }

    package func advanced(byDays amount: Int) -> Instant {
        advanced(byMilliseconds: Int64(amount) * 86_400_000)
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC; milliseconds appear only when they are not zero.
    package var description: String {
        let days = Self.floorDivide(milliseconds, 86_400_000)
        let inDay = milliseconds - days * 86_400_000
        let (year, month, day) = Self.civil(fromDays: days)
        let seconds = inDay / 1000
        return String(unsafeUninitializedCapacity: 24) { text in
            var length = 0
            func put(_ number: Int64, _ digits: Int, _ mark: Unicode.Scalar) {
                var rest = number
                for place in stride(from: length + digits - 1, through: length, by: -1) {
                    text[place] = UInt8(48 + rest % 10)
                    rest /= 10
                }
                text[length + digits] = UInt8(ascii: mark)
                length += digits + 1
            }
            put(year, 4, "-")
            put(month, 2, "-")
            put(day, 2, "T")
            put(seconds / 3600, 2, ":")
            put(seconds / 60 % 60, 2, ":")
            let fraction = inDay % 1000
            put(seconds % 60, 2, fraction == 0 ? "Z" : ".")
            if fraction != 0 { put(fraction, 3, "Z") }
            return length
        }
    }

    /// Parses RFC 3339 (`2026-11-23T14:00:00Z`, `…+02:00`, optional fraction); nil when malformed
    /// or outside the years 1970–2100.
    package init?(rfc3339 text: String) {
        var scanner = DigitScanner(text)
        guard
            let year = scanner.number(4), scanner.skip("-"),
            let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T", "t", " "),
            let hour = scanner.number(2), scanner.skip(":"),
            let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2),
            (1970...2100).contains(year), (1...12).contains(month),
            day >= 1, day <= Self.daysInMonth(year, month),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if scanner.skip(".") {
            guard let digits = scanner.fraction() else { return nil }
            fraction = digits
        }
        guard let offset = scanner.offsetMinutes(), scanner.isAtEnd else { return nil }
        let days = Self.days(fromCivil: Int64(year), Int64(month), Int64(day))
        // A leap second is read as the second before it.
        let inDay = Int64(hour) * 3600 + Int64(minute) * 60 + Int64(min(second, 59))
        let value = (days * 86_400 + inDay - Int64(offset) * 60) * 1000 + fraction
        guard (Self.earliest.milliseconds...Self.latest.milliseconds).contains(value) else {
            return nil
        }
        milliseconds = value
    }

    static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        let q = a / b
        return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q
    }

    static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 of a proleptic Gregorian date, by Howard Hinnant's
    /// "chrono-Compatible Low-Level Date Algorithms".
    static func days(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = floorDivide(y, 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = days + 719_468
        let era = floorDivide(z, 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

/// Reads fixed-width decimal fields from ASCII text.
struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(_ width: Int) -> Int? {
        guard rest.count >= width else { return nil }
        var value = 0
        for byte in rest.prefix(width) {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        rest = rest.dropFirst(width)
        return value
    }

    mutating func skip(_ characters: Unicode.Scalar...) -> Bool {
        guard let first = rest.first, characters.contains(where: { $0.value == UInt32(first) })
        else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// One to nine digits as milliseconds, truncated.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let byte = rest.first, (48...57).contains(byte) {
            guard count < 9 else { return nil }
            if count < 3 { value = value * 10 + Int64(byte - 48) }
            count += 1
            rest = rest.dropFirst()
        }
        guard count > 0 else { return nil }
        while count < 3 {
            value *= 10
            count += 1
        }
        return value
    }

    mutating func offsetMinutes() -> Int? {
        if skip("Z", "z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
