import CLibical
import Kernel

/// A calendar while libical has it in memory: only inside `Library.use`.
struct OpenCalendar {
    let root: OpaquePointer
    /// For times without a zone, and whole days.
    let zone: Zone

    struct Times {
        var start: Instant
        var end: Instant
        var isAllDay: Bool
        var wall: icaltimetype
        var clock: Clock
    }

    struct Found {
        var event: OpenEvent
        var occurrence: CalendarOccurrence
    }

    /// What turns a wall clock into an instant.
    enum Clock {
        case zone(Zone)
        /// The calendar's own rules, of a zone that we do not know.
        case rules(OpaquePointer)

        func instant(_ time: icaltimetype) -> Instant? {
            guard (1970...2100).contains(time.year),
                let date = LocalDate(
                    year: Int(time.year), month: Int(time.month), day: Int(time.day)),
                let minutes = LocalTime(minutes: min(1439, Int(time.hour * 60 + time.minute)))
            else { return nil }
            switch self {
            case .zone(let zone):
                let seconds = time.is_date != 0 ? 0 : min(59, Int(time.second))
                return zone.instant(date, minutes).advanced(bySeconds: seconds)
            case .rules(let rules):
                let seconds = Int64(icaltime_as_timet_with_zone(time, rules))
                return Instant(milliseconds: seconds * 1000)
            }
        }

        func wall(_ instant: Instant) -> icaltimetype {
            switch self {
            case .zone(let zone): return Library.local(instant, in: zone)
            case .rules(let rules):
                var time = icaltime_convert_to_zone(Library.utc(instant), rules)
                time.zone = nil
                return time
            }
        }
    }

    var calendars: [OpaquePointer] {
        if icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT { return [root] }
        return Self.components(of: root, ICAL_VCALENDAR_COMPONENT)
    }

    /// Events, and tasks and notes, which take no time but are kept like them.
    var events: [OpenEvent] {
        calendars.flatMap { calendar in
            CalendarComponent.allCases.flatMap { kind in
                Self.components(of: calendar, kind.kind).map {
                    OpenEvent(pointer: $0, calendar: calendar, component: kind)
                }
            }
        }
    }

    static func components(
        of parent: OpaquePointer, _ kind: icalcomponent_kind
    ) -> [OpaquePointer] {
        var found: [OpaquePointer] = []
        var next = icalcomponent_get_first_component(parent, kind)
        while let component = next {
            found.append(component)
            next = icalcomponent_get_next_component(parent, kind)
        }
        return found
    }

    // MARK: Times

    func times(of event: OpenEvent) throws(CalendarFault) -> Times {
        let isDueOnly = event.component == .task && !event.has(ICAL_DTSTART_PROPERTY)
        guard let property = event.first(isDueOnly ? ICAL_DUE_PROPERTY : ICAL_DTSTART_PROPERTY)
        else { throw .noStart }
        let wall =
            isDueOnly ? icalproperty_get_due(property) : icalproperty_get_dtstart(property)
        guard icaltime_is_null_time(wall) == 0, icaltime_is_valid_time(wall) != 0 else {
            throw .noStart
        }
        let clock = clock(of: property, wall, in: event.calendar)
        guard let start = clock.instant(wall) else { throw .outOfRange }
        let isAllDay = wall.is_date != 0
        var end = start
        let isTask = event.component == .task
        if let property = event.first(isTask ? ICAL_DUE_PROPERTY : ICAL_DTEND_PROPERTY) {
            let wall =
                isTask ? icalproperty_get_due(property) : icalproperty_get_dtend(property)
            let clock = self.clock(of: property, wall, in: event.calendar)
            guard icaltime_is_null_time(wall) == 0, let found = clock.instant(wall) else {
                throw .outOfRange
            }
            end = found
            guard end >= start else { throw .endBeforeStart }
        } else if let property = event.first(ICAL_DURATION_PROPERTY) {
            let seconds = Int(icaldurationtype_as_int(icalproperty_get_duration(property)))
            guard seconds >= 0 else { throw .endBeforeStart }
            end = start.advanced(bySeconds: seconds)
        } else if isAllDay {
            end = day(after: wall, by: 1, clock) ?? start.advanced(byDays: 1)
        }
        guard end <= .latest else { throw .outOfRange }
        return Times(start: start, end: end, isAllDay: isAllDay, wall: wall, clock: clock)
    }

    private func day(after wall: icaltimetype, by days: Int32, _ clock: Clock) -> Instant? {
        var next = wall
        icaltime_adjust(&next, days, 0, 0, 0)
        return clock.instant(next)
    }

    func clock(
        of property: OpaquePointer, _ time: icaltimetype, in calendar: OpaquePointer
    ) -> Clock {
        if icaltime_is_utc(time) != 0 { return .zone(.utc) }
        guard let parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER),
            let name = icalparameter_get_tzid(parameter).map({ String(cString: $0) })
        else { return .zone(zone) }
        if let known = Self.known(name) { return .zone(known) }
        guard let rules = icalcomponent_get_timezone(calendar, name) else { return .zone(zone) }
        if let place = icaltimezone_get_location(rules).map({ String(cString: $0) }),
            let known = Zone(place)
        {
            return .zone(known)
        }
        return .rules(rules)
    }

    /// Programs put a prefix of their own before the IANA name.
    private static func known(_ name: String) -> Zone? {
        if let zone = Zone(name) { return zone }
        let parts = name.split(separator: "/")
        for count in [3, 2] where parts.count > count {
            if let zone = Zone(parts.suffix(count).joined(separator: "/")) { return zone }
        }
        return nil
    }

    // MARK: Occurrences

    func found(
        from: Instant, to: Instant, most: Int, skips: Bool
    ) throws(CalendarFault) -> [Found] {
        let events = events
        var replaced: [String: Set<Instant>] = [:]
        for event in events {
            guard let uid = event.uid, let at = recurrenceID(of: event) else { continue }
            replaced[uid, default: []].insert(at)
        }
        var found: [Found] = []
        for event in events {
            do throws(CalendarFault) {
                let gone = event.uid.flatMap { replaced[$0] } ?? []
                found += try occurrences(of: event, from, to, replaced: gone, most: most)
            } catch {
                guard skips, error != .tooMany else { throw error }
            }
            if found.count > most { throw .tooMany }
        }
        return found.sorted { $0.occurrence.start < $1.occurrence.start }
    }

    private func recurrenceID(of event: OpenEvent) -> Instant? {
        guard let property = event.first(ICAL_RECURRENCEID_PROPERTY) else { return nil }
        let wall = icalproperty_get_recurrenceid(property)
        return clock(of: property, wall, in: event.calendar).instant(wall)
    }

    private func occurrences(
        of event: OpenEvent, _ from: Instant, _ to: Instant, replaced: Set<Instant>, most: Int
    ) throws(CalendarFault) -> [Found] {
        if event.isTimeless { return [timeless(event, at: from)] }
        let times = try times(of: event)
        let length = times.end.milliseconds - times.start.milliseconds
        let own = recurrenceID(of: event)
        let isSeries = own == nil && event.repeats
        func made(_ start: Instant, _ end: Instant) -> Found? {
            let overlaps = start < to && (end > from || (end == start && start >= from))
            guard overlaps else { return nil }
            let occurrence = CalendarOccurrence(
                uid: event.uid ?? "", start: start, end: end, isAllDay: times.isAllDay,
                takesTime: event.takesTime,
                recurrenceID: own ?? (isSeries ? start : nil))
            return Found(event: event, occurrence: occurrence)
        }
        guard isSeries else {
            return [made(times.start, times.end)].compactMap { $0 }
        }
        let excluded = excluded(by: event, times)
        let days = Int32((length + 43_200_000) / 86_400_000)
        var result: [Found] = []
        for start in try starts(of: event, times, until: to, most: most) {
            guard !replaced.contains(start), !excluded.contains(start) else { continue }
            var end = start.advanced(byMilliseconds: length)
            if times.isAllDay {
                // A day of the wall clock, which is not always 24 hours.
                end = day(after: times.clock.wall(start), by: days, times.clock) ?? end
            }
            if let one = made(start, end) { result.append(one) }
            if result.count > most { throw .tooMany }
        }
        return result
    }

    /// A task for no particular time is there at any (RFC 4791 §9.9).
    private func timeless(_ event: OpenEvent, at now: Instant) -> Found {
        let occurrence = CalendarOccurrence(
            uid: event.uid ?? "", start: now, end: now, isAllDay: false, takesTime: false,
            recurrenceID: nil)
        return Found(event: event, occurrence: occurrence)
    }

    /// Steps of a rule that are walked at most: of a daily one more than from 1970 to 2100.
    private static let mostSteps = 50_000

    private func starts(
        of event: OpenEvent, _ times: Times, until end: Instant, most: Int
    ) throws(CalendarFault) -> [Instant] {
        var starts: Set<Instant> = [times.start]
        for property in event.all(ICAL_RRULE_PROPERTY) {
            var rule = icalproperty_get_rrule(property)
            guard rule.freq != ICAL_NO_RECURRENCE else { throw .malformed }
            guard rule.freq != ICAL_SECONDLY_RECURRENCE, rule.freq != ICAL_MINUTELY_RECURRENCE
            else { throw .tooOften }
            if icaltime_is_null_time(rule.until) == 0, icaltime_is_utc(rule.until) != 0 {
                let seconds = Int64(icaltime_as_timet(rule.until))
                rule.until = times.clock.wall(Instant(milliseconds: seconds * 1000))
                rule.until.is_date = 0
            }
            var first = times.wall
            first.zone = nil
            guard let walk = icalrecur_iterator_new(rule, first) else { throw .malformed }
            defer { icalrecur_iterator_free(walk) }
            for step in 0... {
                let next = icalrecur_iterator_next(walk)
                if icaltime_is_null_time(next) != 0 { break }
                guard let start = times.clock.instant(next), start < end else { break }
                starts.insert(start)
                if step > Self.mostSteps { throw .tooMany }
            }
        }
        for property in event.all(ICAL_RDATE_PROPERTY) {
            let value = icalproperty_get_rdate(property)
            let time = icaltime_is_null_time(value.time) == 0 ? value.time : value.period.start
            let start = clock(of: property, time, in: event.calendar).instant(time)
            if let start, start < end { starts.insert(start) }
        }
        return starts.sorted()
    }

    private func excluded(by event: OpenEvent, _ times: Times) -> Set<Instant> {
        var excluded: Set<Instant> = []
        for property in event.all(ICAL_EXDATE_PROPERTY) {
            var time = icalproperty_get_exdate(property)
            var clock = clock(of: property, time, in: event.calendar)
            if time.is_date != 0, times.wall.is_date == 0 {
                // Some programs name only the day.
                time.is_date = 0
                (time.hour, time.minute, time.second) =
                    (times.wall.hour, times.wall.minute, times.wall.second)
                clock = times.clock
            }
            if let instant = clock.instant(time) { excluded.insert(instant) }
        }
        return excluded
    }
}

/// One VEVENT of it.
struct OpenEvent {
    let pointer: OpaquePointer
    let calendar: OpaquePointer
    let component: CalendarComponent

    /// A task without start and end.
    var isTimeless: Bool {
        component == .task && !has(ICAL_DTSTART_PROPERTY) && !has(ICAL_DUE_PROPERTY)
    }

    var takesTime: Bool { component == .event && !isTransparent && !isCancelled }

    func all(_ kind: icalproperty_kind) -> [OpaquePointer] {
        var found: [OpaquePointer] = []
        var next = icalcomponent_get_first_property(pointer, kind)
        while let property = next {
            found.append(property)
            next = icalcomponent_get_next_property(pointer, kind)
        }
        return found
    }

    func first(_ kind: icalproperty_kind) -> OpaquePointer? {
        icalcomponent_get_first_property(pointer, kind)
    }

    func has(_ kind: icalproperty_kind) -> Bool { first(kind) != nil }

    /// The value with its escapes undone.
    func text(_ kind: icalproperty_kind) -> String? {
        guard let property = first(kind), let value = icalproperty_get_value(property),
            let text = icalvalue_get_text(value)
        else { return nil }
        return String(cString: text)
    }

    var uid: String? { text(ICAL_UID_PROPERTY) }
    var repeats: Bool { has(ICAL_RRULE_PROPERTY) || has(ICAL_RDATE_PROPERTY) }
    var isCancelled: Bool {
        first(ICAL_STATUS_PROPERTY).map { icalproperty_get_status($0) } == ICAL_STATUS_CANCELLED
    }
    var isPrivate: Bool {
        let known = first(ICAL_CLASS_PROPERTY).map { icalproperty_get_class($0) }
        return known == ICAL_CLASS_PRIVATE || known == ICAL_CLASS_CONFIDENTIAL
    }
    var isTransparent: Bool {
        first(ICAL_TRANSP_PROPERTY).map { icalproperty_get_transp($0) }
            == ICAL_TRANSP_TRANSPARENT
    }

    var properties: [CalendarProperty] {
        all(ICAL_ANY_PROPERTY).map { property in
            var parameters: [String: String] = [:]
            var next = icalproperty_get_first_parameter(property, ICAL_ANY_PARAMETER)
            while let parameter = next {
                // `NAME=value`, as it is written.
                let parts = icalparameter_as_ical_string(parameter).map { String(cString: $0) }?
                    .split(separator: "=", maxSplits: 1).map(String.init) ?? []
                if parts.count == 2 {
                    parameters[parts[0].uppercased()] = parts[1].filter { $0 != "\"" }
                }
                next = icalproperty_get_next_parameter(property, ICAL_ANY_PARAMETER)
            }
            let name = icalproperty_get_property_name(property).map { String(cString: $0) } ?? ""
            let raw = icalproperty_get_value_as_string(property).map { String(cString: $0) } ?? ""
            let text = icalproperty_get_value(property).flatMap { value in
                icalvalue_isa(value) == ICAL_TEXT_VALUE
                    ? icalvalue_get_text(value).map { String(cString: $0) } : nil
            }
            return CalendarProperty(
                name: name.uppercased(), value: text ?? raw, parameters: parameters)
        }
    }
}

extension OpenCalendar {
    func alarms(of found: Found) -> [Instant] {
        Self.components(of: found.event.pointer, ICAL_VALARM_COMPONENT).compactMap { alarm in
            guard let property = icalcomponent_get_first_property(alarm, ICAL_TRIGGER_PROPERTY)
            else { return nil }
            let trigger = icalproperty_get_trigger(property)
            if icaltime_is_null_time(trigger.time) == 0 {
                return Clock.zone(.utc).instant(trigger.time)
            }
            let related = icalproperty_get_first_parameter(property, ICAL_RELATED_PARAMETER)
            let isOfEnd = related.map { icalparameter_get_related($0) } == ICAL_RELATED_END
            return (isOfEnd ? found.occurrence.end : found.occurrence.start).advanced(
                bySeconds: Int(icaldurationtype_as_int(trigger.duration)))
        }
    }

    private static let ofSeries = [
        ICAL_RRULE_PROPERTY, ICAL_RDATE_PROPERTY, ICAL_EXDATE_PROPERTY, ICAL_EXRULE_PROPERTY,
        ICAL_RECURRENCEID_PROPERTY, ICAL_DTSTART_PROPERTY, ICAL_DTEND_PROPERTY,
        ICAL_DURATION_PROPERTY, ICAL_DUE_PROPERTY,
    ]

    /// A calendar of these occurrences alone, each an event of its own.
    func written(_ found: [Found]) -> String {
        guard let calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT) else { return "" }
        defer { icalcomponent_free(calendar) }
        icalcomponent_add_property(calendar, icalproperty_new_version("2.0"))
        icalcomponent_add_property(calendar, icalproperty_new_prodid(CalendarDocument.producer))
        for one in found {
            guard let copy = icalcomponent_new_clone(one.event.pointer) else { continue }
            for kind in Self.ofSeries {
                while let property = icalcomponent_get_first_property(copy, kind) {
                    icalcomponent_remove_property(copy, property)
                    icalproperty_free(property)
                }
            }
            func time(_ instant: Instant) -> icaltimetype {
                guard one.occurrence.isAllDay else { return Library.utc(instant) }
                var time = Library.local(instant, in: zone)
                (time.is_date, time.hour, time.minute, time.second) = (1, 0, 0, 0)
                return time
            }
            let occurrence = one.occurrence
            icalcomponent_add_property(copy, icalproperty_new_dtstart(time(occurrence.start)))
            switch one.event.component {
            case .event:
                icalcomponent_add_property(copy, icalproperty_new_dtend(time(occurrence.end)))
            case .task where occurrence.end > occurrence.start:
                icalcomponent_add_property(copy, icalproperty_new_due(time(occurrence.end)))
            case .task, .note: break
            }
            if let id = occurrence.recurrenceID {
                icalcomponent_add_property(copy, icalproperty_new_recurrenceid(time(id)))
            }
            icalcomponent_add_component(calendar, copy)
        }
        return String(cString: icalcomponent_as_ical_string(calendar))
    }
}
