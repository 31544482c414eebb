import Kernel

/// The one search behind listing and checking: walks the grid of the first pool's members in
/// order of time and says for each start who could serve it.
///
/// Takes O(windows + busy) for each party and O(members) for each start; integers only.
struct Search {
    /// A pool of the plan, its members as indices into `parties`.
    struct Pool {
        var label: String
        var members: [Int]
        var need: Int
        var occupations: [Occupation]
    }

    /// A class of this service that takes place already.
    struct Session {
        var id: String
        var seatsTaken: Int
        var parties: Set<Int>
    }

    /// One start and who could serve it.
    struct Moment {
        var start: Int64
        /// Who can begin anew at this start.
        var casting: Casting
        /// The classes at this start that have seats enough, the fullest first.
        var classes: [JoinableClass]
    }

    struct JoinableClass {
        var session: String
        var seatsLeft: Int
        var casting: Casting
    }

    let query: AvailabilityQuery
    /// Sorted, so the order of indices is the order of ids.
    let parties: [PartyID]
    let pools: [Pool]
    /// Starts are in `[earliest, latest)`.
    let earliest: Int64
    let latest: Int64

    private let index: [PartyID: Int]
    private let required: [Int]
    private let poolsShareMembers: Bool

    /// Nil when there can be no start at all.
    init?(_ query: AvailabilityQuery, from: Instant, to: Instant) {
        let plan = query.plan
        guard
            plan.isWithinBounds, !plan.requires.isEmpty,
            (1...plan.capacity).contains(query.partySize)
        else { return nil }
        let members = Set(plan.requires.flatMap(\.members))
        let parties = members.filter { query.parties[$0] != nil }.sorted()
        let index = Dictionary(uniqueKeysWithValues: parties.enumerated().map { ($1, $0) })
        let pools = plan.requires.map { Self.pool($0, plan, index) }
        let required = Set(query.required)
        guard required.isSubset(of: parties), pools.allSatisfy({ $0.need <= $0.members.count })
        else { return nil }
        (earliest, latest) = Self.bounds(query, from: from, to: to)
        guard earliest < latest else { return nil }
        self.query = query
        self.parties = parties
        self.index = index
        self.pools = pools
        self.required = required.compactMap { index[$0] }.sorted()
        poolsShareMembers =
            pools.reduce(0) { $0 + $1.members.count }
            > Set(pools.flatMap(\.members)).count
    }

    private static func pool(
        _ requirement: ServicePlan.Requirement, _ plan: ServicePlan, _ index: [PartyID: Int]
    ) -> Pool {
        let named = Set(requirement.members)
        let need =
            switch requirement.count {
            case .number(let number): number
            case .all: named.count
            }
        return Pool(
            label: requirement.pool, members: named.compactMap { index[$0] }.sorted(), need: need,
            occupations: plan.occupations(of: requirement.pool))
    }

    /// Notice exactly; the horizon with a day to spare, as `DayRules` looks at each date.
    private static func bounds(
        _ query: AvailabilityQuery, from: Instant, to: Instant
    ) -> (Int64, Int64) {
        let notice = query.now.advanced(byMinutes: query.plan.minNoticeMinutes)
        let earliest = max(from, notice)
        switch query.plan.horizon {
        case .unlimited:
            return (earliest.milliseconds, to.milliseconds)
        case .days(let days):
            let end = query.zone.instant(
                query.zone.date(at: query.now).adding(days: days + 2), .midnight)
            return (earliest.milliseconds, min(to, end).milliseconds)
        case .dates(let first, let last):
            let start = query.zone.instant(first.adding(days: -1), .midnight)
            let end = query.zone.instant(last.adding(days: 2), .midnight)
            return (max(earliest, start).milliseconds, min(to, end).milliseconds)
        }
    }
}

extension Search {
    /// A member of a pool, and the starts at which it is open and free for it.
    private struct Candidate {
        var pool: Int
        var member: Int
        var starts: SpanReader
    }

    /// Calls `visit` for every start on the grid that the rules about dates allow, in order.
    func run(_ visit: (Moment) -> Void) {
        let openings = openings()
        let timelines = timelines(openings)
        let sessions = sessions()
        var candidates = candidates(timelines)
        var walkers = walkers(openings)
        var rules = DayRules(query, parties: index)
        var casting = Casting(
            needs: pools.map(\.need), poolsShareMembers: poolsShareMembers, required: required,
            eligible: pools.map { _ in [] }, isOnGrid: parties.map { _ in false })

        var start = walkers.reduce(Int64.max) { min($0, $1.next) }
        while start < latest {
            var following = Int64.max
            for place in walkers.indices {
                let isOnGrid = walkers[place].next == start
                casting.isOnGrid[pools[0].members[place]] = isOnGrid
                if isOnGrid { walkers[place].step() }
                following = min(following, walkers[place].next)
            }
            defer { start = following }
            rules.move(to: start)
            guard rules.isAdmitted else { continue }
            for pool in pools.indices { casting.eligible[pool].removeAll(keepingCapacity: true) }
            for place in candidates.indices where candidates[place].starts.contains(start) {
                let member = candidates[place].member
                if rules.isExhausted[member] { continue }
                casting.eligible[candidates[place].pool].append(member)
            }
            let classes = (sessions[start] ?? []).map { session in
                JoinableClass(
                    session: session.id, seatsLeft: query.plan.capacity - session.seatsTaken,
                    casting: joining(session, at: start, timelines, rules, casting))
            }
            visit(Moment(start: start, casting: casting, classes: classes))
        }
    }

    private func candidates(_ timelines: [Timeline]) -> [Candidate] {
        pools.enumerated().flatMap { place, pool in
            pool.members.map { member in
                let starts = timelines[member].starts(
                    for: pool.occupations, buffersInsideHours: query.plan.buffersInsideHours)
                return Candidate(pool: place, member: member, starts: SpanReader(starts))
            }
        }
    }

    private func walkers(_ openings: [[Span]?]) -> [GridWalker] {
        pools[0].members.map { member in
            GridWalker(
                windows: openings[member] ?? [],
                offset: Int64(query.plan.slotOffsetMinutes) * 60_000,
                interval: Int64(query.plan.slotIntervalMinutes) * 60_000, earliest: earliest)
        }
    }

    /// Who takes part in this class: only its own parties, and its own allocations do not count.
    private func joining(
        _ session: Session, at start: Int64, _ timelines: [Timeline], _ rules: DayRules,
        _ casting: Casting
    ) -> Casting {
        var joining = casting
        for (place, pool) in pools.enumerated() {
            joining.eligible[place] = pool.members.filter { member in
                if rules.isExhausted[member] { return false }
                if pool.occupations.isEmpty { return true }
                guard session.parties.contains(member) else { return false }
                var timeline = timelines[member]
                timeline.busy = busy(member, near: start, except: session.id)
                let starts = timeline.starts(
                    for: pool.occupations, buffersInsideHours: query.plan.buffersInsideHours)
                var reader = SpanReader(starts)
                return reader.contains(start)
            }
        }
        return joining
    }
}

// MARK: - What the parties' days look like

extension Search {
    /// Opening windows by index of party; nil for one that is always open and gives no grid.
    private func openings() -> [[Span]?] {
        let reach = query.plan.reach
        let from = Instant(milliseconds: earliest + reach.start)
        let to = Instant(milliseconds: latest + reach.end)
        return parties.indices.map { member in
            guard let party = query.parties[parties[member]] else { return nil }
            let givesGrid = pools[0].members.contains(member)
            guard let hours = party.hours ?? (givesGrid ? .always : nil) else { return nil }
            return hours.windows(from: from, to: to, zone: party.zone).map(Span.init)
        }
    }

    private func timelines(_ openings: [[Span]?]) -> [Timeline] {
        parties.indices.map { member in
            let isAlwaysOpen = query.parties[parties[member]]?.hours == nil
            return Timeline(
                open: isAlwaysOpen ? [.everything] : Spans.joined(openings[member] ?? []),
                busy: busy(member))
        }
    }

    private func busy(_ member: Int) -> [Span] {
        let reach = query.plan.reach
        return busy(
            member, in: Span(start: earliest + reach.start, end: latest + reach.end), except: nil)
    }

    private func busy(_ member: Int, near start: Int64, except session: String) -> [Span] {
        let reach = query.plan.reach
        return busy(
            member, in: Span(start: start + reach.start, end: start + reach.end), except: session)
    }

    private func busy(_ member: Int, in window: Span, except session: String?) -> [Span] {
        guard let party = query.parties[parties[member]] else { return [] }
        var spans: [Span] = []
        func append(_ range: TimeRange) {
            let span = Span(range)
            if span.start < window.end, window.start < span.end { spans.append(span) }
        }
        for allocation in party.allocations
        where session == nil || allocation.session?.id != session { append(allocation.range) }
        party.blocks.forEach(append)
        query.closures.forEach(append)
        return Spans.joined(spans)
    }

    private func sessions() -> [Int64: [Session]] {
        guard query.plan.capacity > 1 else { return [:] }
        var found: [String: (start: Int64, session: Session)] = [:]
        for (member, id) in parties.enumerated() {
            for allocation in query.parties[id]?.allocations ?? [] {
                guard let held = allocation.session, held.service == query.plan.service
                else { continue }
                let empty = Session(id: held.id, seatsTaken: 0, parties: [])
                var entry = found[held.id] ?? (held.start.milliseconds, empty)
                entry.session.seatsTaken = max(entry.session.seatsTaken, held.seatsTaken)
                entry.session.parties.insert(member)
                found[held.id] = entry
            }
        }
        let mostTaken = query.plan.capacity - query.partySize
        let withSeats = found.values.filter { $0.session.seatsTaken <= mostTaken }
        return Dictionary(grouping: withSeats, by: \.start).mapValues { entries in
            entries.map(\.session).sorted {
                ($1.seatsTaken, $0.id) < ($0.seatsTaken, $1.id)
            }
        }
    }
}

extension Span {
    init(_ range: TimeRange) {
        self.init(start: range.start.milliseconds, end: range.end.milliseconds)
    }
}
