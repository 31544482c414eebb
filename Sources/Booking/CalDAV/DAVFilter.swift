import HTTPTypes
import ICalendar
import Kernel

/// Which members a `calendar-query` wants (RFC 4791 §9.7).
struct DAVFilter: Sendable {
    static let collations: Set = ["i;ascii-casemap", "i;octet", "i;unicode-casemap"]

    struct Property: Sendable {
        var name: String
        var isAbsent = false
        var range: DAVTimeRange?
        var match: Match?
        var parameters: [Parameter] = []
    }

    struct Parameter: Sendable {
        var name: String
        var isAbsent = false
        var match: Match?
    }

    struct Match: Sendable {
        var text: String
        var isNegated: Bool
        var foldsCase: Bool

        init(_ element: DAVElement) throws {
            text = element.text
            isNegated = element.attributes["negate-condition"] == "yes"
            let collation = element.attributes["collation"] ?? "i;ascii-casemap"
            guard DAVFilter.collations.contains(collation) else {
                throw DAVFailure(.forbidden, .calendar("supported-collation"))
            }
            foldsCase = collation != "i;octet"
        }

        func fits(_ value: String) -> Bool {
            let isInside =
                foldsCase
                ? value.lowercased().contains(text.lowercased()) : value.contains(text)
            return text.isEmpty ? !isNegated : isInside != isNegated
        }
    }

    /// nil: of every component.
    var component: String?
    var isAbsent = false
    var range: DAVTimeRange?
    var properties: [Property] = []
    var alarm: Alarm?

    /// Of the alarms inside.
    struct Alarm: Sendable {
        var isAbsent = false
        var range: DAVTimeRange?
    }

    private static let invalid = DAVFailure(.forbidden, .calendar("valid-filter"))

    /// `<C:filter>`.
    init(_ element: DAVElement?) throws {
        guard let outer = element?.first(.calendar("comp-filter")),
            outer.attributes["name"]?.uppercased() == "VCALENDAR"
        else { throw Self.invalid }
        let inner = outer.all(.calendar("comp-filter"))
        guard inner.count <= 1 else {
            throw DAVFailure(.forbidden, .calendar("supported-filter"))
        }
        guard let inner = inner.first else {
            // Conditions on the calendar itself, without saying of which component.
            range = try outer.first(.calendar("time-range")).map { try DAVTimeRange($0) }
            properties = try outer.all(.calendar("prop-filter")).map(Self.property)
            return
        }
        guard let name = inner.attributes["name"] else { throw Self.invalid }
        component = name.uppercased()
        isAbsent = inner.first(.calendar("is-not-defined")) != nil
        range = try inner.first(.calendar("time-range")).map { try DAVTimeRange($0) }
        properties = try inner.all(.calendar("prop-filter")).map(Self.property)
        for below in inner.all(.calendar("comp-filter")) {
            guard below.attributes["name"]?.uppercased() == "VALARM", alarm == nil else {
                throw DAVFailure(.forbidden, .calendar("supported-filter"))
            }
            alarm = Alarm(
                isAbsent: below.first(.calendar("is-not-defined")) != nil,
                range: try below.first(.calendar("time-range")).map { try DAVTimeRange($0) })
        }
    }

    private static func property(_ element: DAVElement) throws -> Property {
        guard let name = element.attributes["name"] else { throw invalid }
        var property = Property(name: name.uppercased())
        property.isAbsent = element.first(.calendar("is-not-defined")) != nil
        property.range = try element.first(.calendar("time-range")).map { try DAVTimeRange($0) }
        property.match = try element.first(.calendar("text-match")).map { try Match($0) }
        property.parameters = try element.all(.calendar("param-filter")).map { element in
            guard let name = element.attributes["name"] else { throw invalid }
            return Parameter(
                name: name.uppercased(),
                isAbsent: element.first(.calendar("is-not-defined")) != nil,
                match: try element.first(.calendar("text-match")).map { try Match($0) })
        }
        return property
    }

    private func wants(_ kind: CalendarComponent) -> Bool {
        component == nil || (component == kind.rawValue) != isAbsent
    }

    func fits(_ entry: CalendarEntry, in zone: Zone) throws -> Bool {
        guard wants(entry.component) else { return false }
        if isAbsent { return true }
        if let range {
            guard try !entry.occurrences(from: range.from, to: range.to, in: zone).isEmpty else {
                return false
            }
        }
        if let alarm, try !Self.fits(alarm, entry, in: zone) { return false }
        if properties.isEmpty { return true }
        return try CalendarReading.properties(entry.text).contains { event in
            properties.allSatisfy { Self.fits($0, event) }
        }
    }

    private static func fits(
        _ alarm: Alarm, _ entry: CalendarEntry, in zone: Zone
    ) throws -> Bool {
        let has = entry.text.contains("BEGIN:VALARM")
        if alarm.isAbsent || !has { return alarm.isAbsent != has }
        guard let range = alarm.range else { return true }
        return try !CalendarReading.alarms(
            entry.text, in: zone, from: range.from, to: range.to,
            most: StaffCalendars.mostOccurrences
        ).isEmpty
    }

    private static func fits(_ wanted: Property, _ event: [CalendarProperty]) -> Bool {
        let found = event.filter { $0.name == wanted.name }
        if wanted.isAbsent { return found.isEmpty }
        return found.contains { property in
            if let match = wanted.match, !match.fits(property.value) { return false }
            if let range = wanted.range, !range.holds(property.value) { return false }
            return wanted.parameters.allSatisfy { parameter in
                let value = property.parameters[parameter.name]
                if parameter.isAbsent { return value == nil }
                guard let value else { return false }
                return parameter.match?.fits(value) ?? true
            }
        }
    }
}

/// `start` and `end` in UTC, one of which may be missing.
struct DAVTimeRange: Sendable {
    var from = Instant.earliest
    var to = Instant.latest

    init(_ element: DAVElement) throws {
        let (start, end) = (element.attributes["start"], element.attributes["end"])
        let bad = DAVFailure(.forbidden, .calendar("valid-filter"))
        guard start != nil || end != nil else { throw bad }
        if let start {
            guard let instant = Self.instant(start) else { throw bad }
            from = instant
        }
        if let end {
            guard let instant = Self.instant(end) else { throw bad }
            to = instant
        }
        guard from < to else { throw bad }
    }

    /// `20260323T130000Z`; years outside ours are as far as ours go.
    static func instant(_ text: String) -> Instant? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            let year = Int(text.prefix(4))
        else { return nil }
        if year < 1970 { return .earliest }
        if year > 2100 { return .latest }
        func part(_ from: Int, _ count: Int) -> String {
            String(decoding: bytes[from..<from + count], as: UTF8.self)
        }
        return Instant(
            rfc3339: "\(part(0, 4))-\(part(4, 2))-\(part(6, 2))"
                + "T\(part(9, 2)):\(part(11, 2)):\(part(13, 2))Z")
    }

    func holds(_ value: String) -> Bool {
        guard let instant = Self.instant(value) else { return false }
        return from <= instant && instant < to
    }
}
