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

    /// A set of parties: bit n is the nth of `ids`.
    private typealias Crew = UInt

    private struct Pool {
        var members: [Int]
        var need: Int
        /// The minutes after the start that members work or keep free around their work.
        var work: [Int] = []
        var buffers: [Int] = []
    }

    private let query: AvailabilityQuery
    private let ids: [PartyID]
    private let days: [PartyMinutes]
    private let pools: [Pool]
    private let required: Crew
    private let isAnyoneMissing: Bool
    private let sessions: Set<ClassSession>

    init(_ query: AvailabilityQuery) {
        self.query = query
        let named = Set(query.plan.requires.flatMap(\.members))
        var ids: [PartyID] = []
        var days: [PartyMinutes] = []
        for (id, party) in query.parties where named.contains(id) {
            ids.append(id)
            days.append(PartyMinutes(party, query))
        }
        (self.ids, self.days) = (ids, days)
        pools = query.plan.requires.map { Self.pool($0, query.plan, ids) }
        required = query.required.compactMap(ids.firstIndex).reduce(0) { $0 | 1 << $1 }
        isAnyoneMissing = !Set(ids).isSuperset(of: query.required)
        sessions = Set(query.parties.values.flatMap(\.allocations).compactMap(\.session))
            .filter { $0.service == query.plan.service }
    }

    private static func pool(
        _ requirement: ServicePlan.Requirement, _ plan: ServicePlan, _ ids: [PartyID]
    ) -> Pool {
        let members = requirement.members.compactMap(ids.firstIndex)
        var pool = Pool(members: members, need: requirement.members.count)
        if case .number(let number) = requirement.count { pool.need = number }
        var next = 0
        for segment in plan.segments {
            let ends = next + segment.minutes
            if segment.occupies.contains(requirement.pool) { pool.work += next..<ends }
            next = ends
        }
        if plan.segments.isEmpty { pool.work = Array(0..<plan.durationMinutes) }
        guard let first = pool.work.first, let last = pool.work.last else { return pool }
        pool.buffers = Array((first - plan.bufferBeforeMinutes)..<first)
        pool.buffers += (last + 1)..<(last + 1 + plan.bufferAfterMinutes)
        return pool
    }

    func scan() -> [Found] {
        if isAnyoneMissing || query.partySize > query.plan.capacity { return [] }
        return (query.from.minute..<query.to.minute).compactMap(look)
    }

    private func look(at minute: Int) -> Found? {
        let plan = query.plan
        var onGrid: Crew = 0
        for member in pools[0].members {
            guard let opened = days[member].openedAt(minute) else { continue }
            let since = minute - opened - plan.slotOffsetMinutes
            if since >= 0, since % plan.slotIntervalMinutes == 0 { onGrid |= 1 << member }
        }
        guard onGrid != 0, datesAllow(minute) else { return nil }
        var everyone = crews(minute, onGrid, seeingThrough: nil)
        var seats = everyone == 0 ? 0 : plan.capacity
        for session in sessions where session.start.minute == minute {
            let left = plan.capacity - session.seatsTaken
            guard plan.capacity > 1, left >= query.partySize else { continue }
            let joining = crews(minute, onGrid, seeingThrough: session.id)
            if joining != 0 { seats = max(seats, left) }
            everyone |= joining
        }
        guard everyone != 0 else { return nil }
        let parties = ids.indices.filter { everyone & 1 << $0 != 0 }.map { ids[$0] }
        return Found(
            minute: minute, parties: Set(parties), seatsLeft: plan.capacity > 1 ? seats : nil)
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

    /// Everyone in any way to fill all pools with different parties, by trying every way.
    private func crews(_ minute: Int, _ onGrid: Crew, seeingThrough session: String?) -> Crew {
        var crews: [Crew] = [0]
        for (place, pool) in pools.enumerated() {
            let able = pool.members.filter { isAble($0, pool, minute, session) }
            var groups = Self.groups(able[...], of: pool.need)
            if place == 0 { groups = groups.filter { $0 & onGrid != 0 } }
            crews = crews.flatMap { crew in groups.filter { $0 & crew == 0 }.map { $0 | crew } }
        }
        return crews.filter { $0 & required == required }.reduce(0, |)
    }

    private static func groups(_ members: ArraySlice<Int>, of size: Int) -> [Crew] {
        if size == 0 { return [0] }
        guard let head = members.first else { return [] }
        let rest = members.dropFirst()
        return groups(rest, of: size) + groups(rest, of: size - 1).map { $0 | 1 << head }
    }

    private func isAble(
        _ member: Int, _ pool: Pool, _ minute: Int, _ session: String?
    ) -> Bool {
        let plan = query.plan
        let party = days[member]
        if plan.limits.perStaff, let staff = ids[member].staffID {
            let date = query.zone.date(at: Instant(minute: minute))
            let own = query.booked.filter { $0.staff.contains(staff) }
            guard limitsAllow(date, own) else { return false }
        }
        guard !pool.work.isEmpty else { return true }
        if let session, !party.takesPart(in: session) { return false }
        for offset in pool.work {
            let isWorking = party.isOpen(minute + offset)
                && party.isFree(minute + offset, seeingThrough: session)
            if !isWorking { return false }
        }
        for offset in pool.buffers {
            let mayWork = !plan.buffersInsideHours || party.isOpen(minute + offset)
            if !mayWork || !party.isFree(minute + offset, seeingThrough: session) { return false }
        }
        return true
    }
}

extension Instant {
    var minute: Int { Int(milliseconds / 60_000) }

    init(minute: Int) { self.init(milliseconds: Int64(minute) * 60_000) }
}
