import Kernel

/// The rules that go by the business-local date of a start: horizon and limits. Asked in order
/// of time, it works out each date once.
struct DayRules {
    /// Whether the date at hand is within the horizon and the limits of the whole service.
    private(set) var isAdmitted = false
    /// By index of party: staff who have reached their own limit on the date at hand.
    private(set) var isExhausted: [Bool]

    private let zone: Zone
    private let firstDate: LocalDate?
    private let lastDate: LocalDate?
    private let limits: BookingLimits
    private let durationMinutes: Int
    private let tallies: [TallyKey: Tally]
    /// Indices of the parties that are staff.
    private let staff: [Int]
    private var validUntil = Int64.min

    private struct TallyKey: Hashable {
        enum Period: Hashable { case day, week, month }
        var period: Period
        /// The first date of the period.
        var begins: LocalDate
        /// Nil for the service as a whole.
        var party: Int?
    }

    private struct Tally {
        var bookings = 0
        var minutes = 0
    }

    init(_ query: AvailabilityQuery, parties: [PartyID: Int]) {
        zone = query.zone
        limits = query.plan.limits
        durationMinutes = query.plan.durationMinutes
        isExhausted = Array(repeating: false, count: parties.count)
        switch query.plan.horizon {
        case .unlimited: (firstDate, lastDate) = (nil, nil)
        case .days(let days):
            (firstDate, lastDate) = (nil, query.zone.date(at: query.now).adding(days: days))
        case .dates(let from, let to): (firstDate, lastDate) = (from, to)
        }
        staff = parties.compactMap { $0.key.staffID == nil ? nil : $0.value }
        tallies = Self.count(query, parties: parties)
    }

    private static func count(
        _ query: AvailabilityQuery, parties: [PartyID: Int]
    ) -> [TallyKey: Tally] {
        guard !query.plan.limits.isEmpty else { return [:] }
        var tallies: [TallyKey: Tally] = [:]
        for booking in query.booked {
            let date = query.zone.date(at: booking.start)
            let staff = Set(booking.staff).compactMap { parties[.staff($0)] }
            let counted: [Int?] = query.plan.limits.perStaff ? staff : [nil]
            for party in counted {
                for key in keys(date, party) {
                    tallies[key, default: Tally()].bookings += 1
                    tallies[key, default: Tally()].minutes += booking.minutes
                }
            }
        }
        return tallies
    }

    private static func keys(_ date: LocalDate, _ party: Int?) -> [TallyKey] {
        [
            TallyKey(period: .day, begins: date, party: party),
            TallyKey(period: .week, begins: date.startOfWeek, party: party),
            TallyKey(period: .month, begins: date.startOfMonth, party: party),
        ]
    }

    /// Moves on to the date of this start, which is not before the last one asked about.
    mutating func move(to start: Int64) {
        guard start >= validUntil else { return }
        let instant = Instant(milliseconds: start)
        let date = zone.date(at: instant)
        // The date holds until the next midnight or, to be safe, until the clock changes.
        validUntil = min(
            zone.instant(date.adding(days: 1), .midnight).milliseconds,
            zone.offset(at: instant).until.milliseconds)
        let isWithinHorizon = date >= firstDate ?? date && date <= lastDate ?? date
        isAdmitted = isWithinHorizon && (limits.perStaff || hasRoom(on: date, for: nil))
        guard limits.perStaff, !limits.isEmpty else { return }
        for party in staff { isExhausted[party] = !hasRoom(on: date, for: party) }
    }

    private func hasRoom(on date: LocalDate, for party: Int?) -> Bool {
        guard !limits.isEmpty else { return true }
        let tallied = Self.keys(date, party).map { tallies[$0] ?? Tally() }
        let bounds = [limits.perDay, limits.perWeek, limits.perMonth]
        for (tally, bound) in zip(tallied, bounds) {
            if let bound, tally.bookings >= bound { return false }
        }
        guard let minutes = limits.minutesPerDay else { return true }
        return tallied[0].minutes + durationMinutes <= minutes
    }
}
