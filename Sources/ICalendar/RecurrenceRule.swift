import CLibical
import Kernel

/// A rule by which something happens again (RFC 5545 §3.3.10), with an end.
package struct RecurrenceRule: Sendable, Equatable {
    package enum Fault: Error, Sendable, Equatable {
        /// No such rule, or one that the standard forbids.
        case malformed
        /// Neither COUNT nor UNTIL.
        case endless
        /// More often than daily.
        case tooFrequent
        /// More occurrences than `most`.
        case tooMany
    }

    /// Occurrences of one rule at most.
    package static let most = 366

    /// As it was given, without `RRULE:`.
    package let text: String

    package init(_ text: String) throws(Fault) {
        let bare = text.uppercased().hasPrefix("RRULE:") ? String(text.dropFirst(6)) : text
        let fault: Fault? = Library.use {
            guard bare.utf8.count <= 400, bare.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                return .malformed
            }
            var rule = icalrecurrencetype_from_string(bare)
            guard rule.freq != ICAL_NO_RECURRENCE else { return .malformed }
            let isDaily = [
                ICAL_DAILY_RECURRENCE, ICAL_WEEKLY_RECURRENCE, ICAL_MONTHLY_RECURRENCE,
                ICAL_YEARLY_RECURRENCE,
            ].contains(rule.freq)
            let parts = Set(bare.uppercased().split(separator: ";").map { $0.prefix { $0 != "=" } })
            guard isDaily, parts.isDisjoint(with: ["BYHOUR", "BYMINUTE", "BYSECOND"]) else {
                return .tooFrequent
            }
            if rule.count == 0, icaltime_is_null_time(rule.until) != 0 { return .endless }
            if rule.count > Int32(Self.most) { return .tooMany }
            icalrecurrencetype_clear(&rule)
            return nil
        }
        if let fault { throw fault }
        self.text = bare
    }

    /// The local dates of all occurrences, the first included, each at the same time of day
    /// as the first: what the clock does on those dates is for the zone to say.
    ///
    /// `UNTIL` in UTC is compared with the wall clock of `zone`.
    package func dates(from first: Instant, in zone: Zone) throws(Fault) -> [LocalDate] {
        let found: [LocalDate]? = Library.use {
            var rule = icalrecurrencetype_from_string(text)
            if icaltime_is_utc(rule.until) != 0, icaltime_is_null_time(rule.until) == 0 {
                let until = Instant(milliseconds: Int64(icaltime_as_timet(rule.until)) * 1000)
                rule.until = Library.local(until, in: zone)
            }
            guard let walk = icalrecur_iterator_new(rule, Library.local(first, in: zone)) else {
                return []
            }
            defer { icalrecur_iterator_free(walk) }
            var dates: [LocalDate] = []
            while dates.count <= Self.most {
                let next = icalrecur_iterator_next(walk)
                if icaltime_is_null_time(next) != 0 { return dates }
                guard
                    let date = LocalDate(
                        year: Int(next.year), month: Int(next.month), day: Int(next.day))
                else { return dates }
                dates.append(date)
            }
            return nil
        }
        guard let found else { throw .tooMany }
        return found
    }
}
