import Booking
import Kernel
import Testing

/// A small business in which tests book: parties by short names (`ann`, `bob` are staff, `room…`
/// and `chair…` resources), hours and times as text on the wall clock of its zone.
struct Shop {
    var zone: Zone
    var query: AvailabilityQuery

    /// A 60-minute service on a 60-minute grid, for one of `staff`, open every day 09:00–17:00;
    /// now is 2026-01-01 00:00 UTC.
    init(_ zoneName: String = "America/New_York", staff: [String] = ["ann"]) throws {
        zone = try #require(Zone(zoneName))
        let hours = try Self.hours("1234567 09:00-17:00")
        var parties: [PartyID: Party] = [:]
        for name in staff { parties[try Self.id(name)] = Party(hours: hours, zone: zone) }
        let plan = ServicePlan(
            service: ServiceID("svc_test"), durationMinutes: 60, slotIntervalMinutes: 60,
            requires: [.init(pool: "staff", members: try staff.map(Self.id))])
        let start = try #require(Instant(rfc3339: "2026-01-01T00:00:00Z"))
        query = AvailabilityQuery(
            plan: plan, zone: zone, now: start, from: start, to: start, parties: parties)
    }

    static func id(_ name: String) throws -> PartyID {
        let isResource = name.hasPrefix("room") || name.hasPrefix("chair")
        return try #require(PartyID((isResource ? "res_" : "stf_") + name))
    }

    /// `"12345 09:00-12:00"`: weekdays and a window.
    static func hours(
        _ weekly: String..., overrides: [String: [String]] = [:]
    ) throws -> OpeningHours {
        var windows: [OpeningHours.Window] = []
        for text in weekly {
            let parts = text.split(separator: " ").map(String.init)
            let hours = try window(parts[1])
            for weekday in parts[0].compactMap(\.wholeNumberValue) {
                windows.append(
                    try #require(
                        OpeningHours.Window(
                            weekday: weekday, start: hours.start, end: hours.end)))
            }
        }
        var dates: [LocalDate: [OpeningHours.DayWindow]] = [:]
        for (text, list) in overrides {
            dates[try #require(LocalDate(text))] = try list.map(window)
        }
        return OpeningHours(weekly: windows, overrides: dates)
    }

    static func window(_ text: String) throws -> OpeningHours.DayWindow {
        let edges = text.split(separator: "-").compactMap { LocalTime(String($0)) }
        return try #require(OpeningHours.DayWindow(start: edges[0], end: edges[1]))
    }

    /// `"2026-11-23 09:00"` on the wall clock.
    func at(_ text: String) throws -> Instant {
        let parts = text.split(separator: " ").map(String.init)
        return zone.instant(
            try #require(LocalDate(parts[0])), try #require(LocalTime(parts[1])))
    }

    func range(_ start: String, minutes: Int) throws -> TimeRange {
        let start = try at(start)
        return try #require(TimeRange(start: start, end: start.advanced(byMinutes: minutes)))
    }

    mutating func open(_ name: String, _ hours: OpeningHours?, zone other: Zone? = nil) throws {
        let id = try Self.id(name)
        var party = query.parties[id] ?? Party(hours: hours, zone: zone)
        party.hours = hours
        party.zone = other ?? zone
        query.parties[id] = party
    }

    mutating func book(
        _ name: String, _ start: String, minutes: Int, session: ClassSession? = nil
    ) throws {
        let allocation = Allocation(try range(start, minutes: minutes), session: session)
        query.parties[try Self.id(name)]?.allocations.append(allocation)
    }

    mutating func block(_ name: String, _ start: String, minutes: Int) throws {
        let block = try range(start, minutes: minutes)
        query.parties[try Self.id(name)]?.blocks.append(block)
    }

    mutating func require(_ pool: String, _ names: [String], count: Int = 1) throws {
        query.plan.requires.append(
            .init(pool: pool, members: try names.map(Self.id), count: .number(count)))
    }

    func slots(_ from: String, days: Int = 1) throws -> [Slot] {
        var query = query
        let date = try #require(LocalDate(from))
        query.from = zone.instant(date, .midnight)
        query.to = zone.instant(date.adding(days: days), .midnight)
        return Availability.slots(query)
    }

    /// The starts of the slots as `HH:MM` on the wall clock.
    func starts(_ from: String, days: Int = 1) throws -> [String] {
        try slots(from, days: days).map { clock($0.start) }
    }

    func clock(_ instant: Instant) -> String {
        LocalTime(minutes: zone.local(at: instant).minuteOfDay)?.description ?? "?"
    }

    func check(_ start: String) throws -> Offer? {
        Availability.check(query, start: try at(start))
    }
}

extension Slot {
    /// Short names of everyone listed.
    var names: [String] {
        (staff.map(\.text) + resources.map(\.text)).map { String($0.dropFirst(4)) }
    }
}

extension Offer {
    var names: [String] { parts.flatMap(\.parties).map { String($0.text.dropFirst(4)) } }
}
