import CLibical
import Kernel

/// One event as a calendar program shows it (RFC 5545 §3.6.1).
package struct CalendarEvent: Sendable, Equatable {
    package enum Status: String, Sendable { case tentative, confirmed, cancelled }

    /// The same for every message about this event, for ever (§3.8.4.7).
    package var uid: String
    /// Rises with every change that those invited must hear of (§3.8.7.4).
    package var sequence = 0
    package var start: Instant
    package var end: Instant
    package var summary: String
    package var description: String?
    package var location: String?
    package var status = Status.confirmed
    /// Shown, but the time is free for others.
    package var isTransparent = false
    package var organizer: CalendarPerson?
    package var attendee: CalendarPerson?
    package var createdAt: Instant
    /// When it was last changed: the text depends on nothing else, so an unchanged calendar has an
    /// unchanged text.
    package var changedAt: Instant

    package init(
        uid: String, start: Instant, end: Instant, summary: String, createdAt: Instant,
        changedAt: Instant
    ) {
        self.uid = uid
        self.start = start
        self.end = end
        self.summary = summary
        self.createdAt = createdAt
        self.changedAt = changedAt
    }
}

/// Who invites, or who is invited (RFC 5545 §3.8.4.1, §3.8.4.3).
package struct CalendarPerson: Sendable, Equatable {
    package var name: String?
    /// `mailto:ann@example.org`, `tel:+12025550123`.
    package var address: String

    package init(name: String?, address: String) {
        self.name = name
        self.address = address
    }
}

/// A calendar as a file or a feed (RFC 5545 §3.4), written by libical: folded lines, CRLF, and the
/// rules of every zone that it uses.
package struct CalendarDocument: Sendable {
    /// What the reader is to do with it (RFC 5546); nil for a feed that is only shown.
    package enum Method: String, Sendable { case publish, request, cancel }

    package var name: String
    /// The wall clock of the events.
    package var zone: Zone
    package var method: Method?
    package var events: [CalendarEvent]
    /// How often a subscriber may look again (RFC 7986 §5.7).
    package var refreshMinutes: Int?

    package init(name: String, zone: Zone, events: [CalendarEvent]) {
        self.name = name
        self.zone = zone
        self.events = events
    }

    static let producer = "-//Autosecretary//Front office//EN"

    package var text: String {
        Library.use {
            guard let calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT) else { return "" }
            defer { icalcomponent_free(calendar) }
            icalcomponent_add_property(calendar, icalproperty_new_version("2.0"))
            icalcomponent_add_property(
                calendar, icalproperty_new_prodid(Self.producer))
            if let method {
                let word = icalproperty_string_to_method(method.rawValue.uppercased())
                icalcomponent_add_property(calendar, icalproperty_new_method(word))
            }
            if !name.isEmpty {
                Self.add("NAME", name, to: calendar)
                // The older name of the same, which most programs read.
                Self.add("X-WR-CALNAME", name, to: calendar)
            }
            if let refreshMinutes {
                Self.add("REFRESH-INTERVAL;VALUE=DURATION", "PT\(refreshMinutes)M", to: calendar)
                Self.add("X-PUBLISHED-TTL", "PT\(refreshMinutes)M", to: calendar)
            }
            let clock = Library.zone(zone)
            if let rules = clock.flatMap({ icaltimezone_get_component($0) }) {
                let copy = icalcomponent_new_clone(rules)
                Self.setZoneName(zone.identifier, of: copy)
                icalcomponent_add_component(calendar, copy)
            }
            for event in events {
                icalcomponent_add_component(calendar, event.component(clock: clock, in: zone))
            }
            return String(cString: icalcomponent_as_ical_string(calendar))
        }
    }

    /// A property that libical has no function for, its value escaped as text (§3.3.11).
    private static func add(_ name: String, _ value: String, to calendar: OpaquePointer) {
        guard let property = icalproperty_new_from_string("\(name):\(escaped(value))") else { return }
        icalcomponent_add_property(calendar, property)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\", ";", ",": result += "\\" + String(character)
            case "\n", "\r", "\r\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }

    /// libical names zones after itself; programs know them by their IANA names.
    private static func setZoneName(_ name: String, of zone: OpaquePointer?) {
        guard let property = icalcomponent_get_first_property(zone, ICAL_TZID_PROPERTY) else {
            return
        }
        icalproperty_set_tzid(property, name)
    }
}

extension CalendarEvent {
    fileprivate func component(clock: OpaquePointer?, in zone: Zone) -> OpaquePointer? {
        let event = icalcomponent_new(ICAL_VEVENT_COMPONENT)
        func add(_ property: OpaquePointer?) { icalcomponent_add_property(event, property) }
        add(icalproperty_new_uid(uid))
        add(icalproperty_new_dtstamp(Library.utc(changedAt)))
        add(icalproperty_new_created(Library.utc(createdAt)))
        add(icalproperty_new_lastmodified(Library.utc(changedAt)))
        add(icalproperty_new_sequence(Int32(clamping: sequence)))
        for (property, instant) in [
            (icalproperty_new_dtstart, start), (icalproperty_new_dtend, end),
        ] {
            guard clock != nil else {
                add(property(Library.utc(instant)))
                continue
            }
            let made = property(Library.local(instant, in: zone))
            icalproperty_add_parameter(made, icalparameter_new_tzid(zone.identifier))
            add(made)
        }
        add(icalproperty_new_summary(CalendarEvent.plain(summary)))
        if let description {
            add(icalproperty_new_description(CalendarEvent.plain(description)))
        }
        if let location { add(icalproperty_new_location(CalendarEvent.plain(location))) }
        let word =
            switch status {
            case .tentative: ICAL_STATUS_TENTATIVE
            case .confirmed: ICAL_STATUS_CONFIRMED
            case .cancelled: ICAL_STATUS_CANCELLED
            }
        add(icalproperty_new_status(word))
        if isTransparent { add(icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT)) }
        addPeople(to: event)
        return event
    }

    private func addPeople(to event: OpaquePointer?) {
        if let organizer {
            let property = icalproperty_new_organizer(organizer.address)
            Self.name(property, organizer.name)
            icalcomponent_add_property(event, property)
        }
        if let attendee {
            let property = icalproperty_new_attendee(attendee.address)
            Self.name(property, attendee.name)
            icalproperty_add_parameter(
                property, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT))
            if status != .cancelled {
                // They booked it: nobody waits for their word.
                icalproperty_add_parameter(
                    property, icalparameter_new_partstat(ICAL_PARTSTAT_ACCEPTED))
                icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_FALSE))
            }
            icalcomponent_add_property(event, property)
        }
    }

    /// Parameters hold neither quotes nor line ends (§3.2).
    private static func name(_ property: OpaquePointer?, _ name: String?) {
        guard let name else { return }
        let safe = plain(name).filter { $0 != "\"" && $0 != "\n" && $0 != "\t" }
        guard !safe.isEmpty else { return }
        icalproperty_add_parameter(property, icalparameter_new_cn(safe))
    }

    /// Without control characters, which no line may have (§3.1).
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.replacing("\r\n", with: "\n").unicodeScalars.filter {
                    $0 == "\n" || $0 == "\t" || ($0.value >= 0x20 && $0.value != 0x7F)
                }))
    }
}
