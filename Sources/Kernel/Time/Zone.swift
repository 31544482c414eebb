import Foundation
import Synchronization

/// An IANA time zone. The instants at which its clock changes are worked out once for each zone
/// and then looked up in plain arrays, so that no date objects are made in loops.
///
/// Good for the years 1970–2100, as `Instant` is; outside them the nearest offset goes on.
package struct Zone: Sendable {
    /// The IANA name as it was given, such as `Europe/London` or `UTC`.
    package let identifier: String
    private let clock: ZoneClock

    package static let utc = Zone(identifier: "UTC", clock: ZoneClock(fixedSeconds: 0))

    private init(identifier: String, clock: ZoneClock) {
        self.identifier = identifier
        self.clock = clock
    }

    /// Nil unless `identifier` is an IANA name, spelt exactly: `UTC+3`, `PST` and
    /// `europe/berlin` are not.
    package init?(_ identifier: String) {
        guard let clock = ZoneClock.named(identifier) else { return nil }
        self.init(identifier: identifier, clock: clock)
    }
}

extension Zone: Hashable {
    package static func == (left: Zone, right: Zone) -> Bool {
        left.identifier == right.identifier
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(identifier) }
}

extension Zone {
    /// How far the wall clock is ahead of UTC at this instant, in seconds.
    package func offsetSeconds(at instant: Instant) -> Int {
        Int(clock.offsets[clock.stretch(at: instant.milliseconds)] / 1000)
    }

    /// The offset in milliseconds at this instant and the instant until which it holds (exclusive),
    /// for loops that walk forward.
    package func offset(
        at instant: Instant
    ) -> (milliseconds: Int64, until: Instant) {
        let index = clock.stretch(at: instant.milliseconds)
        return (clock.offsets[index], Instant(milliseconds: clock.end(of: index)))
    }

    /// What calendar and clock show at this instant; the minute is 0…1439, seconds are dropped.
    package func local(at instant: Instant) -> (date: LocalDate, minuteOfDay: Int) {
        let shown =
            instant.milliseconds
            + clock.offsets[clock.stretch(at: instant.milliseconds)]
        let days = Instant.floorDivide(shown, 86_400_000)
        return (LocalDate(daysSinceEpoch: Int(days)), Int((shown - days * 86_400_000) / 60_000))
    }

    package func date(at instant: Instant) -> LocalDate { local(at: instant).date }

    /// The instant of a local time, by the rule of RFC 5545 §3.3.5: a time that the clock skips
    /// moves forward by the gap (it is read with the offset before the gap: 02:30 becomes 03:30),
    /// and of a time that occurs twice the first occurrence is meant.
    package func instant(_ date: LocalDate, _ time: LocalTime) -> Instant {
        let shown = Self.milliseconds(date, time)
        let index = clock.firstStretch(endingAfterLocal: shown)
        let isSkipped = index > 0 && shown < clock.begins[index - 1] + clock.offsets[index]
        return Instant(milliseconds: shown - clock.offsets[isSkipped ? index - 1 : index])
    }

    /// Every instant at which calendar and clock show this: none when the clock skips it, two
    /// when an hour is repeated, otherwise one; in order.
    package func occurrences(of date: LocalDate, _ time: LocalTime) -> [Instant] {
        let shown = Self.milliseconds(date, time)
        var index = clock.firstStretch(endingAfterLocal: shown)
        var found: [Instant] = []
        while index < clock.offsets.count {
            let isShown = index == 0 || clock.begins[index - 1] + clock.offsets[index] <= shown
            guard isShown else { break }
            found.append(Instant(milliseconds: shown - clock.offsets[index]))
            index += 1
        }
        return found
    }

    private static func milliseconds(_ date: LocalDate, _ time: LocalTime) -> Int64 {
        Int64(date.daysSinceEpoch) * 86_400_000 + Int64(time.minutes) * 60_000
    }
}

/// The offsets of one zone from 1970 to 2100 and when each begins.
private final class ZoneClock: Sendable {
    /// `offsets[0]` holds before `begins[0]`, `offsets[n]` from `begins[n - 1]`; milliseconds.
    let offsets: [Int64]
    let begins: [Int64]

    init(fixedSeconds seconds: Int64) {
        offsets = [seconds * 1000]
        begins = []
    }

    /// Looks at every day of the table and narrows each change down to its second. Asking for the
    /// "next daylight saving change" instead would miss changes of the standard time.
    init(reading zone: TimeZone) {
        func offset(at seconds: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
        }
        let day: Int64 = 86_400
        let last = Instant.latest.milliseconds / 1000 + 2 * day
        var seconds = -2 * day
        var current = offset(at: seconds)
        var offsets = [current * 1000]
        var begins: [Int64] = []
        while seconds < last {
            let next = offset(at: seconds + day)
            if next != current {
                var before = seconds
                var after = seconds + day
                while after - before > 1 {
                    let middle = before + (after - before) / 2
                    if offset(at: middle) == current { before = middle } else { after = middle }
                }
                offsets.append(next * 1000)
                begins.append(after * 1000)
                current = next
            }
            seconds += day
        }
        self.offsets = offsets
        self.begins = begins
    }

    func end(of index: Int) -> Int64 { index < begins.count ? begins[index] : .max }

    /// The stretch of constant offset in which this instant lies.
    func stretch(at milliseconds: Int64) -> Int {
        partition(begins.count) { begins[$0] <= milliseconds }
    }

    /// The first stretch whose wall clock has not yet passed `shown` when it ends.
    func firstStretch(endingAfterLocal shown: Int64) -> Int {
        partition(begins.count) { begins[$0] + offsets[$0] <= shown }
    }

    /// How many of the first `count` indices satisfy a claim that is true up to a point only.
    private func partition(_ count: Int, _ holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ZoneClock {
    /// Bounded by the number of IANA names, about 600 entries of 4 KB at most.
    private static let known = Mutex<[String: ZoneClock]>([:])

    static func named(_ identifier: String) -> ZoneClock? {
        if let clock = known.withLock({ $0[identifier] }) { return clock }
        guard isName(identifier), let zone = TimeZone(identifier: identifier) else { return nil }
        let clock = ZoneClock(reading: zone)
        return known.withLock {
            $0[identifier] = clock
            return clock
        }
    }

    /// Foundation also knows ICU's own names and `GMT+3`, which are not in the IANA database, and
    /// reads no further than a NUL.
    private static func isName(_ identifier: String) -> Bool {
        guard identifier.utf8.allSatisfy(namesConsistOf.contains) else { return false }
        guard let slash = identifier.firstIndex(of: "/") else {
            return namesWithoutRegion.contains(identifier)
        }
        return regions.contains(String(identifier[..<slash]))
    }

    private static let namesConsistOf = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-".utf8)

    private static let regions: Set<String> = [
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil",
        "Canada", "Chile", "Etc", "Europe", "Indian", "Mexico", "Pacific", "US",
    ]

    private static let namesWithoutRegion: Set<String> = [
        "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "GMT",
        "GMT+0", "GMT-0", "GMT0", "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel",
        "Jamaica", "Japan", "Kwajalein", "Libya", "MET", "MST", "MST7MDT", "NZ", "NZ-CHAT",
        "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey",
        "UCT", "UTC", "Universal", "W-SU", "WET", "Zulu",
    ]
}
