import Booking
import Kernel
import Testing

extension SplitMix64 {
    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }

    mutating func pick<T>(_ first: T, _ others: T...) -> T {
        let place = int(0...others.count)
        return place == 0 ? first : others[place - 1]
    }
}

/// Draws whole questions in which the rules meet: segments, buffers, pools, classes, limits,
/// nights, overrides and clock changes.
struct QuestionGenerator {
    private var random: SplitMix64
    private let zone: Zone
    /// The first date asked about.
    let date: LocalDate
    private let ids: [PartyID]

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        let (name, day) = random.pick(
            ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"),
            ("America/New_York", "2027-03-14"), ("America/New_York", "2027-11-07"),
            ("Europe/London", "2026-03-29"), ("Europe/London", "2026-10-25"),
            ("Europe/London", "2027-03-28"), ("Europe/London", "2027-10-31"),
            ("Australia/Lord_Howe", "2026-10-04"), ("America/Santiago", "2026-09-06"),
            ("America/Santiago", "2026-04-05"), ("Asia/Kathmandu", "2026-06-17"),
            ("UTC", "2027-01-01"))
        zone = try #require(Zone(name))
        date = try #require(LocalDate(day)).adding(days: random.int(-2...1))
        ids = try ["stf_a", "stf_b", "stf_c", "res_d", "res_e"].map { try #require(PartyID($0)) }
    }

    mutating func question() throws -> AvailabilityQuery {
        let plan = plan()
        let midnight = zone.instant(date, .midnight)
        let from = midnight.advanced(byMinutes: random.pick(0, 0, random.int(0...1440)))
        let to = from.advanced(byMinutes: random.int(600...2880))
        var now = midnight.advanced(byDays: -3)
        if random.chance(30) { now = from.advanced(byMinutes: random.int(-600...1200)) }
        var parties: [PartyID: Party] = [:]
        for id in ids where random.chance(97) { parties[id] = try party(id) }
        var query = AvailabilityQuery(
            plan: plan, zone: zone, now: now, from: from, to: to, parties: parties)
        if random.chance(20) { query.required = ids.filter { _ in random.chance(25) } }
        if plan.capacity > 1 { query.partySize = random.int(1...3) }
        if random.chance(20) { query.closures = [try range(60...600)] }
        if !plan.limits.isEmpty { try count(&query) }
        if plan.capacity > 1 { try addClasses(&query) }
        return query
    }

    private mutating func plan() -> ServicePlan {
        var plan = ServicePlan(
            service: ServiceID("svc_own"), durationMinutes: random.int(1...12) * 10,
            slotIntervalMinutes: random.pick(5, 10, 15, 20, 30, 45, 60, 90, 7),
            requires: requires())
        if random.chance(30) { plan.slotOffsetMinutes = random.pick(5, 10, 25, 100) }
        if random.chance(50) { plan.bufferBeforeMinutes = random.pick(5, 10, 30) }
        if random.chance(50) { plan.bufferAfterMinutes = random.pick(5, 15, 45) }
        plan.buffersInsideHours = random.chance(30)
        if random.chance(30) { plan.minNoticeMinutes = random.int(0...300) }
        if random.chance(20) { plan.horizon = .days(random.int(0...5)) }
        if random.chance(15) {
            let from = date.adding(days: random.int(-2...1))
            plan.horizon = .dates(from: from, to: from.adding(days: random.int(0...3)))
        }
        if random.chance(30) {
            plan.limits = BookingLimits(
                perDay: random.pick(nil, 1, 2), perWeek: random.pick(nil, nil, 3),
                perMonth: random.pick(nil, nil, 4), minutesPerDay: random.pick(nil, nil, 150),
                perStaff: random.chance(50))
        }
        if random.chance(30) { plan.capacity = random.int(2...5) }
        if random.chance(40) {
            plan.segments = segments(plan.requires.map(\.pool))
            plan.durationMinutes = plan.segments.reduce(0) { $0 + $1.minutes }
        }
        return plan
    }

    private mutating func requires() -> [ServicePlan.Requirement] {
        (0..<random.pick(1, 1, 2, 2, 3)).map { place in
            // Any members: pools of one kind, of both, and pools that share.
            var members = ids.filter { _ in random.chance(55) }
            if members.isEmpty { members = [ids[random.int(0...4)]] }
            let count = random.chance(75) ? 1 : random.int(1...members.count)
            return ServicePlan.Requirement(
                pool: "pool\(place)", members: members,
                count: random.chance(10) ? .all : .number(count))
        }
    }

    private mutating func segments(_ pools: [String]) -> [ServicePlan.Segment] {
        (0..<random.int(1...4)).map { _ in
            ServicePlan.Segment(
                minutes: random.int(1...6) * 5, occupies: pools.filter { _ in random.chance(65) })
        }
    }

    // MARK: Parties

    private mutating func party(_ id: PartyID) throws -> Party {
        let isOpen = random.chance(id.resourceID == nil ? 5 : 50)
        let kathmandu = try #require(Zone("Asia/Kathmandu"))
        var party = Party(
            hours: isOpen ? nil : try hours(), zone: random.chance(10) ? kathmandu : zone)
        for _ in 0..<random.int(0...6) { party.allocations.append(Allocation(try range(5...90))) }
        for _ in 0..<random.int(0...2) { party.blocks.append(try range(1...300)) }
        return party
    }

    private mutating func range(_ minutes: ClosedRange<Int>) throws -> TimeRange {
        let start = zone.instant(date, .midnight)
            .advanced(byMinutes: random.int(-300...900) * 5 + random.pick(0, 0, 0, 1))
        return try #require(
            TimeRange(start: start, end: start.advanced(byMinutes: random.int(minutes))))
    }

    private mutating func hours() throws -> OpeningHours {
        var windows: [OpeningHours.Window] = []
        func add(_ weekdays: [Int], _ hours: OpeningHours.DayWindow) {
            windows += weekdays.compactMap {
                OpeningHours.Window(weekday: $0, start: hours.start, end: hours.end)
            }
        }
        for _ in 0..<random.int(1...3) {
            let weekdays = (1...7).filter { _ in random.chance(70) }
            add(weekdays, try window())
        }
        if random.chance(20) { add(Array(1...7), .allDay) }
        if random.chance(10) {
            // Runs on for days, sometimes for ever.
            let days = random.chance(50) ? Array(1...7) : Array(2...7)
            add(days, try window("09:00", "09:00"))
            add(days, try window("08:00", "10:30"))
        }
        var overrides: [LocalDate: [OpeningHours.DayWindow]] = [:]
        for _ in 0..<random.pick(0, 0, 1, 3) {
            overrides[date.adding(days: random.int(-2...4))] =
                try (0..<random.int(0...2)).map { _ in try window() }
        }
        return OpeningHours(weekly: windows, overrides: overrides)
    }

    /// By day, by night, to midnight, into the gap or into the repeated hour.
    private mutating func window() throws -> OpeningHours.DayWindow {
        let start = random.pick(540, 540, random.int(0...95) * 15, random.int(0...12) * 15)
        let end = random.pick(1020, 1440, 0, random.int(0...96) * 15, random.int(0...12) * 15)
        let hours = LocalTime(minutes: start).flatMap { start in
            LocalTime(minutes: end).flatMap { OpeningHours.DayWindow(start: start, end: $0) }
        }
        return try #require(hours)
    }

    private func window(_ start: String, _ end: String) throws -> OpeningHours.DayWindow {
        let start = try #require(LocalTime(start))
        let end = try #require(LocalTime(end))
        return try #require(OpeningHours.DayWindow(start: start, end: end))
    }

    // MARK: What is booked

    private mutating func count(_ query: inout AvailabilityQuery) throws {
        for _ in 0..<random.int(0...4) {
            let range = try range(10...90)
            query.booked.append(
                CountedBooking(
                    start: range.start, minutes: range.minutes,
                    staff: ids.compactMap(\.staffID).filter { _ in random.chance(50) }))
        }
    }

    /// Classes as earlier bookings of the same plan made them, some no longer quite fitting.
    private mutating func addClasses(_ query: inout AvailabilityQuery) throws {
        for number in 0..<3 {
            let slots = Availability.slots(query)
            guard !slots.isEmpty else { return }
            let start = slots[random.int(0...slots.count - 1)].start
            guard let offer = Availability.check(query, start: start), offer.joins == nil else {
                continue
            }
            let session = ClassSession(
                id: "class\(number)", service: ServiceID(random.chance(90) ? "svc_own" : "svc_x"),
                start: start, seatsTaken: random.int(1...query.plan.capacity))
            for row in offer.allocations {
                query.parties[row.party]?.allocations.append(
                    Allocation(row.range, session: session))
            }
            if random.chance(30), let id = offer.parts.first?.parties.first {
                query.parties[id]?.blocks.append(try range(1...60))
            }
        }
    }
}
