import Accounts
import Kernel
import Store

/// The diary of one service as a transaction sees it: what listing and booking both ask.
struct Diary {
    /// How far around a refused start other times are looked for.
    private static let alternativesWithinDays = 14

    let roster: Roster
    let service: BookableService
    var plan: ServicePlan
    let now: Instant
    /// One's own hold, or the appointment that is being moved: its time counts as free.
    var seesThrough: AppointmentID?

    init(of service: BookableService, _ roster: Roster, now: Instant) {
        self.roster = roster
        self.service = service
        self.now = now
        plan = roster.plan(of: service)
    }

    /// Notice and horizon are about when; they do not matter to what keeps its time.
    var withoutNotice: Diary {
        var diary = self
        diary.plan.minNoticeMinutes = 0
        diary.plan.horizon = .unlimited
        return diary
    }

    private var account: AccountID { roster.account.id }

    var parties: Set<PartyID> { Set(plan.requires.flatMap(\.members)) }

    /// Loads what decides about starts in `[from, to)`.
    func query(
        from: Instant, to: Instant, required: [PartyID], partySize: Int, in tx: Transaction
    ) throws -> AvailabilityQuery {
        var query = AvailabilityQuery(
            plan: plan, zone: roster.zone, now: now, from: from, to: to,
            parties: roster.parties(of: plan))
        query.required = required
        query.partySize = partySize
        if let range = Availability.rangeToLoad(plan, zone: roster.zone, from: from, to: to) {
            try loadTaken(in: range, into: &query, tx)
            for busy in try BusyQueries.blocks(of: account, overlapping: range, in: tx) {
                if let party = busy.party {
                    query.parties[party]?.blocks.append(busy.range)
                } else {
                    query.closures.append(busy.range)
                }
            }
        }
        if let range = Availability.rangeToCount(plan, zone: roster.zone, from: from, to: to) {
            query.booked = try AllocationQueries.counted(
                of: service.id, account: account, in: range, at: now, except: seesThrough, in: tx)
        }
        return query
    }

    private func loadTaken(
        in range: TimeRange, into query: inout AvailabilityQuery, _ tx: Transaction
    ) throws {
        let taken = try AllocationQueries.taken(
            of: account, in: range, at: now, except: seesThrough, in: tx)
        let seats =
            plan.capacity == 1
            ? [:]
            : try AllocationQueries.seats(
                of: service.id, account: account, in: range, at: now, except: seesThrough, in: tx)
        for row in taken {
            let session = seats[row.session].map {
                ClassSession(
                    id: row.owner.text, service: service.id, start: row.session.start,
                    seatsTaken: $0)
            }
            query.parties[row.party]?.allocations.append(Allocation(row.range, session: session))
        }
    }

    /// Who serves this start, or the refusal that says why it cannot be booked, with other times.
    func offer(
        at start: Instant, required: [PartyID], partySize: Int, in tx: Transaction
    ) throws -> Offer {
        let query = try query(
            from: start, to: start.advanced(byMilliseconds: 1), required: required,
            partySize: partySize, in: tx)
        if let offer = Availability.check(query, start: start) { return offer }
        var refusal = Obstacle(to: start, in: query).refusal
        refusal.extra["alternatives"] = try alternatives(
            to: start, required: required, partySize: partySize, in: tx)
        throw refusal
    }

    func alternatives(
        to start: Instant, required: [PartyID], partySize: Int, in tx: Transaction
    ) throws -> JSONValue {
        let days = Self.alternativesWithinDays
        let query = try query(
            from: max(now, start.advanced(byDays: -days)), to: start.advanced(byDays: days),
            required: required, partySize: partySize, in: tx)
        return .array(Availability.alternatives(query, to: start).map(\.json))
    }

    /// Refuses who and what this service never involves, by field of the request.
    func check(_ required: [PartyID], partySize: Int) throws {
        var problems: [Refusal.Field] = []
        let known = parties
        for party in required where !known.contains(party) {
            problems.append(
                .init(
                    party.staffID == nil ? "resource_ids" : "staff_id", "unknown",
                    "does not take part in this service."))
        }
        if partySize > plan.capacity {
            problems.append(
                .init("party_size", "range", "must be between 1 and \(plan.capacity)."))
        }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
    }
}

/// Why a start is not to be had: found by asking again with one rule after another left out.
enum Obstacle: Equatable {
    case taken, past, tooSoon(minutes: Int), tooFar, offGrid, closed

    init(to start: Instant, in query: AvailabilityQuery) {
        if start < query.now {
            self = .past
            return
        }
        var empty = query
        for party in query.parties.keys {
            empty.parties[party]?.allocations = []
            empty.parties[party]?.blocks = []
        }
        empty.closures = []
        empty.booked = []
        func isOffered(_ query: AvailabilityQuery) -> Bool {
            Availability.check(query, start: start) != nil
        }
        if isOffered(empty) {
            self = .taken
            return
        }
        empty.plan.minNoticeMinutes = 0
        empty.plan.horizon = .unlimited
        empty.now = start
        let notice = query.plan.minNoticeMinutes
        if isOffered(empty) {
            let isTooSoon = start < query.now.advanced(byMinutes: notice)
            self = isTooSoon ? .tooSoon(minutes: notice) : .tooFar
            return
        }
        empty.plan.slotIntervalMinutes = 1
        empty.plan.slotOffsetMinutes = 0
        self = isOffered(empty) ? .offGrid : .closed
    }

    var refusal: Refusal {
        switch self {
        case .taken: .conflict("This time is taken.", code: "slot_taken")
        case .past: .invalid("start", "past", "is in the past.")
        case .tooSoon(let minutes):
            .invalid("start", "too_soon", "must be at least \(minutes) minutes from now.")
        case .tooFar: .invalid("start", "too_far", "is outside the days that can be booked now.")
        case .offGrid: .invalid("start", "not_offered", "is not one of the offered starts.")
        case .closed: .invalid("start", "closed", "is outside opening hours.")
        }
    }
}
