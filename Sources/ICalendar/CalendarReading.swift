import CLibical
import Kernel

/// What a calendar holds; only events take time.
package enum CalendarComponent: String, Sendable, CaseIterable {
    case event = "VEVENT"
    case task = "VTODO"
    case note = "VJOURNAL"

    var kind: icalcomponent_kind {
        switch self {
        case .event: ICAL_VEVENT_COMPONENT
        case .task: ICAL_VTODO_COMPONENT
        case .note: ICAL_VJOURNAL_COMPONENT
        }
    }
}

/// Why a calendar that came from outside cannot be used.
package enum CalendarFault: Error, Sendable, Equatable {
    case malformed, noEvent, noUID, severalUIDs, noStart, endBeforeStart
    /// Outside the years 1970–2100.
    case outOfRange
    /// A rule by the minute or the second.
    case tooOften
    /// More occurrences than are kept.
    case tooMany
}

/// One time that an event of a calendar takes.
package struct CalendarOccurrence: Sendable, Equatable {
    package var uid: String
    package var start: Instant
    package var end: Instant
    package var isAllDay: Bool
    /// Neither transparent nor cancelled.
    package var takesTime: Bool
    /// Which of a series it is; nil: it happens once.
    package var recurrenceID: Instant?

    package init(
        uid: String, start: Instant, end: Instant, isAllDay: Bool, takesTime: Bool,
        recurrenceID: Instant?
    ) {
        self.uid = uid
        self.start = start
        self.end = end
        self.isAllDay = isAllDay
        self.takesTime = takesTime
        self.recurrenceID = recurrenceID
    }
}

/// The event of a calendar object as somebody wrote it (RFC 4791 §4.1): one UID.
package struct CalendarObjectReading: Sendable {
    package var component: CalendarComponent
    package var uid: String
    /// With CRLF at the end of every line, whatever was sent.
    package var text: String
    /// nil: a task or a note without a time.
    package var time: (start: Instant, end: Instant, isAllDay: Bool)?
    package var summary: String?
    package var description: String?
    package var isCancelled: Bool
    package var isTransparent: Bool
    /// Only its owner is to know what it is (§3.8.1.3).
    package var isPrivate: Bool
    package var isRepeating: Bool
}

/// Reads calendars that others wrote. Lenient about line ends and folding, which are often wrong;
/// strict about what would make an event mean something else.
package enum CalendarReading {
    /// How deep components may be nested.
    private static let deepest = 8

    /// A calendar object that a program stores: events of one UID, all of which can be read.
    package static func object(
        _ text: String, in zone: Zone
    ) throws(CalendarFault) -> CalendarObjectReading {
        try opened(text, in: zone) { calendar throws(CalendarFault) in
            let events = calendar.events
            guard !events.isEmpty else { throw .noEvent }
            var uids: Set<String> = []
            for event in events {
                guard let uid = event.uid, !uid.isEmpty, uid.utf8.count <= 500 else {
                    throw .noUID
                }
                uids.insert(uid)
            }
            guard uids.count == 1, let uid = uids.first else { throw .severalUIDs }
            for event in events {
                if event.component == .event || event.has(ICAL_DTSTART_PROPERTY) {
                    _ = try calendar.times(of: event)
                }
            }
            let master = events.first { !$0.has(ICAL_RECURRENCEID_PROPERTY) } ?? events[0]
            guard Set(events.map(\.component)).count == 1 else { throw .severalUIDs }
            let times =
                master.component == .event || master.has(ICAL_DTSTART_PROPERTY)
                ? try calendar.times(of: master) : nil
            return CalendarObjectReading(
                component: master.component, uid: uid, text: crlf(text),
                time: times.map { ($0.start, $0.end, $0.isAllDay) }, summary: master.text(ICAL_SUMMARY_PROPERTY),
                description: master.text(ICAL_DESCRIPTION_PROPERTY),
                isCancelled: master.isCancelled, isTransparent: master.isTransparent,
                isPrivate: master.isPrivate,
                isRepeating: events.count > 1 || master.repeats)
        }
    }

    /// Everything that happens in `[from, to)`, in order of start. `skips`: what cannot be read is
    /// left out instead of refusing the whole.
    package static func occurrences(
        _ text: String, in zone: Zone, from: Instant, to: Instant, most: Int, skips: Bool = false
    ) throws(CalendarFault) -> [CalendarOccurrence] {
        try opened(text, in: zone) { calendar throws(CalendarFault) in
            try calendar.found(from: from, to: to, most: most, skips: skips).map(\.occurrence)
        }
    }

    /// The same calendar with each occurrence written out, times in UTC (RFC 4791 §9.6.5).
    package static func expanded(
        _ text: String, in zone: Zone, from: Instant, to: Instant, most: Int
    ) throws(CalendarFault) -> String {
        try opened(text, in: zone) { calendar throws(CalendarFault) in
            let found = try calendar.found(from: from, to: to, most: most, skips: true)
            return calendar.written(found)
        }
    }

    /// When its alarms ring in `[from, to)`.
    package static func alarms(
        _ text: String, in zone: Zone, from: Instant, to: Instant, most: Int
    ) throws(CalendarFault) -> [Instant] {
        try opened(text, in: zone) { calendar throws(CalendarFault) in
            // Further from what they ring for no alarm is looked for.
            let found = try calendar.found(
                from: from.advanced(byDays: -32), to: to.advanced(byDays: 32), most: most,
                skips: true)
            return found.flatMap { calendar.alarms(of: $0) }.filter { from <= $0 && $0 < to }
        }
    }

    /// Properties of the events, for filters: the name, the value as text, parameters.
    package static func properties(_ text: String) throws(CalendarFault) -> [[CalendarProperty]] {
        try opened(text, in: .utc) { calendar throws(CalendarFault) in
            calendar.events.map(\.properties)
        }
    }

    // MARK: Inside

    private static func opened<T>(
        _ text: String, in zone: Zone,
        _ body: (borrowing OpenCalendar) throws(CalendarFault) -> T
    ) throws(CalendarFault) -> T {
        try checkNesting(text)
        let result: Result<T, CalendarFault> = Library.use {
            guard let root = icalparser_parse_string(text) else { return .failure(.malformed) }
            defer { icalcomponent_free(root) }
            let calendar = OpenCalendar(root: root, zone: zone)
            guard !calendar.calendars.isEmpty else { return .failure(.malformed) }
            do throws(CalendarFault) { return .success(try body(calendar)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The library frees components one inside the other: as deep as a hostile text says.
    private static func checkNesting(_ text: String) throws(CalendarFault) {
        var depth = 0
        var lines = 0
        for line in text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            lines += 1
            if line.contains(0) { throw .malformed }
            let head = line.prefix(6).map { $0 | 0x20 }
            if head.elementsEqual("begin:".utf8.map { $0 | 0x20 }) { depth += 1 }
            if head.prefix(4).elementsEqual("end:".utf8.map { $0 | 0x20 }) { depth -= 1 }
            if depth > deepest { throw .malformed }
        }
        if lines < 3 { throw .malformed }
    }

    /// Lines end with CRLF (RFC 5545 §3.1).
    static func crlf(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 64)
        var last: UInt8 = 0
        for byte in text.utf8 {
            if byte == 10, last != 13 { result.append(13) }
            if last == 13, byte != 10 { result.append(10) }
            result.append(byte)
            last = byte
        }
        if last == 13 { result.append(10) } else if last != 10 { result += [13, 10] }
        return String(decoding: result, as: UTF8.self)
    }
}

/// A property of an event as it stands there.
package struct CalendarProperty: Sendable, Equatable {
    package var name: String
    package var value: String
    package var parameters: [String: String]
}
