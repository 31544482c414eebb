import Booking
import Kernel

/// The availability rules once more, in the slowest and plainest way: one look at every minute.
/// Shares nothing with the engine but `Zone` and the values that describe the question.
///
/// All instants of the question must be whole minutes.
struct MinuteScanner {
    struct Found: Equatable, CustomStringConvertible {
        var minute: Int
        var parties: Set<PartyID>
        var seatsLeft: Int?

        var description: String {
            let names = parties.map(\.text).sorted().joined(separator: " ")
            return "\(Instant(minute: minute)) [\(names)] \(seatsLeft.map(String.init) ?? "")"
        }
    }

    let query: AvailabilityQuery
    let days: [PartyID: PartyMinutes]

    init(_ query: AvailabilityQuery) {
        self.query = query
        // Long enough before the question for any chain of overlapping windows to begin.
        let first = query.from.minute - 14 * 1440
        let last = query.to.minute + 4 * 1440
        var days: [PartyID: PartyMinutes] = [:]
        for (id, party) in query.parties {
            days[id] = PartyMinutes(party, closures: query.closures, first: first, last: last)
        }
        self.days = days
    }

    func scan() -> [Found] {
        (query.from.minute..<max(query.from.minute, query.to.minute)).compactMap(look)
    }

    private func look(at minute: Int) -> Found? {
        let plan = query.plan
        let gridMembers = Set(plan.requires[0].members).filter { member in
            guard let opened = days[member]?.openedAt(minute) else { return false }
            let since = minute - opened - plan.slotOffsetMinutes
            return since >= 0 && since % plan.slotIntervalMinutes == 0
        }
        guard !gridMembers.isEmpty, datesAllow(minute), query.partySize <= plan.capacity else {
            return nil
        }
        var parties: Set<PartyID> = []
        var seats = 0
        for casting in castings(minute, seeingThrough: nil) where !gridMembers.isDisjoint(with: casting.first) {
            parties.formUnion(casting.everyone)
            seats = plan.capacity
        }
        for session in sessions(at: minute) {
            let left = plan.capacity - session.seatsTaken
            guard plan.capacity > 1, left >= query.partySize else { continue }
            for casting in castings(minute, seeingThrough: session.id)
            where !gridMembers.isDisjoint(with: casting.first) {
                parties.formUnion(casting.everyone)
                seats = max(seats, left)
            }
        }
        guard seats > 0 else { return nil }
        return Found(minute: minute, parties: parties, seatsLeft: plan.capacity > 1 ? seats : nil)
    }

    // MARK: Notice, horizon, limits

    private func datesAllow(_ minute: Int) -> Bool {
        let plan = query.plan
        guard minute >= query.now.minute + plan.minNoticeMinutes else { return false }
        let date = query.zone.date(at: Instant(minute: minute))
        switch plan.horizon {
        case .unlimited: break
        case .days(let days):
            let today = query.zone.date(at: query.now)
            if date.daysSinceEpoch - today.daysSinceEpoch > days { return false }
        case .dates(let from, let to):
            if date < from || date > to { return false }
        }
        return plan.limits.perStaff || limitsAllow(date, query.booked)
    }

    private func limitsAllow(_ date: LocalDate, _ booked: [CountedBooking]) -> Bool {
        let limits = query.plan.limits
        func count(_ same: (LocalDate) -> Bool) -> Int {
            booked.count { same(query.zone.date(at: $0.start)) }
        }
        if let most = limits.perDay, count({ $0 == date }) + 1 > most { return false }
        if let most = limits.perWeek, count({ $0.isoWeek == date.isoWeek }) + 1 > most {
            return false
        }
        if let most = limits.perMonth,
            count({ ($0.year, $0.month) == (date.year, date.month) }) + 1 > most
        { return false }
        guard let most = limits.minutesPerDay else { return true }
        let minutes = booked.filter { query.zone.date(at: $0.start) == date }.map(\.minutes)
        return minutes.reduce(query.plan.durationMinutes, +) <= most
    }

    // MARK: Who can serve

    private struct Cast {
        var first: Set<PartyID>
        var everyone: Set<PartyID>
    }

    /// Every way to fill all pools with different parties, by trying all of them.
    private func castings(_ minute: Int, seeingThrough session: String?) -> [Cast] {
        var casts = [Cast(first: [], everyone: [])]
        for (place, pool) in query.plan.requires.enumerated() {
            let able = Set(pool.members).filter { isAble($0, pool.pool, minute, session) }
            var need = Set(pool.members).count
            if case .number(let number) = pool.count { need = number }
            let groups = subsets(Array(able), of: need)
            casts = casts.flatMap { cast in
                groups.filter { cast.everyone.isDisjoint(with: $0) }.map { group in
                    Cast(
                        first: place == 0 ? group : cast.first,
                        everyone: cast.everyone.union(group))
                }
            }
        }
        return casts.filter { $0.everyone.isSuperset(of: query.required) }
    }

    private func subsets(_ members: [PartyID], of size: Int) -> [Set<PartyID>] {
        if size == 0 { return [[]] }
        guard let head = members.first else { return [] }
        let rest = Array(members.dropFirst())
        return subsets(rest, of: size) + subsets(rest, of: size - 1).map { $0.union([head]) }
    }

    private func isAble(
        _ member: PartyID, _ pool: String, _ minute: Int, _ session: String?
    ) -> Bool {
        guard let party = days[member] else { return false }
        let plan = query.plan
        if plan.limits.perStaff, let staff = member.staffID {
            let date = query.zone.date(at: Instant(minute: minute))
            let own = query.booked.filter { $0.staff.contains(staff) }
            guard limitsAllow(date, own) else { return false }
        }
        var offsets: [Int] = []
        var next = 0
        for segment in plan.segments {
            let ends = next + segment.minutes
            if segment.occupies.contains(pool) { offsets += next..<ends }
            next = ends
        }
        if plan.segments.isEmpty { offsets = Array(0..<plan.durationMinutes) }
        guard let first = offsets.first, let last = offsets.last else { return true }
        let buffers = Array((first - plan.bufferBeforeMinutes)..<first)
            + Array((last + 1)..<(last + 1 + plan.bufferAfterMinutes))
        if let session, !party.takesPart(in: session) { return false }
        return offsets.allSatisfy {
            party.isOpen(minute + $0) && party.isFree(minute + $0, seeingThrough: session)
        }
            && buffers.allSatisfy {
                (!plan.buffersInsideHours || party.isOpen(minute + $0))
                    && party.isFree(minute + $0, seeingThrough: session)
            }
    }

    private func sessions(at minute: Int) -> [ClassSession] {
        let all = query.parties.values.flatMap(\.allocations).compactMap(\.session)
        return Set(all).filter {
            $0.service == query.plan.service && $0.start.minute == minute
        }
    }
}

extension Instant {
    var minute: Int { Int(milliseconds / 60_000) }

    init(minute: Int) { self.init(milliseconds: Int64(minute) * 60_000) }
}
