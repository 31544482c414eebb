import Booking
import Kernel
import Testing

/// How many seeded questions each property is put to.
private let caseCount = 1000
private let smallCaseCount = 250
/// The longest property runs in this many parts side by side.
private let shardCount = 4

@Suite("Availability, property by property")
struct AvailabilityPropertyTests {
    private func questions(
        _ count: Int, shard: Int = 0, of shards: Int = 1,
        _ body: (UInt64, AvailabilityQuery) throws -> String?
    ) throws {
        var failures = 0
        for seed in stride(from: UInt64(1 + shard), through: UInt64(count), by: shards) {
            var generator = try QuestionGenerator(seed: seed)
            guard let complaint = try body(seed, try generator.question()) else { continue }
            Issue.record("seed \(seed): \(complaint)")
            failures += 1
            if failures == 3 { return }
        }
    }

    private func found(_ slots: [Slot]) -> [MinuteScanner.Found] {
        slots.map { slot in
            MinuteScanner.Found(
                minute: slot.start.minute,
                parties: Set(slot.staff.map(PartyID.staff) + slot.resources.map(PartyID.resource)),
                seatsLeft: slot.seatsLeft)
        }
    }

    @Test(arguments: 0..<shardCount)
    func `the result is that of looking at every minute`(shard: Int) throws {
        var total = 0
        try questions(caseCount, shard: shard, of: shardCount) { _, query in
            let ours = found(Availability.slots(query))
            total += ours.count
            let theirs = MinuteScanner(query).scan()
            guard ours != theirs else { return nil }
            let extra = ours.filter { !theirs.contains($0) }
            let missing = theirs.filter { !ours.contains($0) }
            return "\(ours.count) slots; not in the scan: \(extra.prefix(3)); "
                + "only in the scan: \(missing.prefix(3))"
        }
        // Questions without an answer would prove nothing.
        #expect(total > caseCount / shardCount * 5)
    }

    @Test func `every slot can be booked, with anyone it lists, and is then gone`() throws {
        try questions(smallCaseCount) { seed, query in
            var random = random(seed)
            let slots = Availability.slots(query)
            guard let slot = slots.randomElement(using: &random) else { return nil }
            guard let offer = Availability.check(query, start: slot.start) else {
                return "\(slot.start) is offered but not bookable"
            }
            guard offer.end == slot.end, Set(offer.staff).isSubset(of: slot.staff),
                Set(offer.resources).isSubset(of: slot.resources)
            else { return "\(offer) is not as offered: \(slot)" }
            for staff in slot.staff {
                var wish = query
                wish.required.append(.staff(staff))
                guard let offer = Availability.check(wish, start: slot.start),
                    offer.staff.contains(staff)
                else { return "\(slot.start) cannot be booked with \(staff)" }
            }
            // A class can be booked again, and so can those who are chosen but take no time.
            let taken = Set(offer.allocations.map(\.party))
            guard query.plan.capacity == 1, taken == Set(offer.parts.flatMap(\.parties)) else {
                return nil
            }
            var later = query
            for row in offer.allocations {
                later.parties[row.party]?.allocations.append(Allocation(row.range))
            }
            later.required = Array(taken)
            guard Availability.check(later, start: slot.start) == nil else {
                return "\(slot.start) can be booked twice"
            }
            return nil
        }
    }

    @Test func `the list and the check agree on every minute`() throws {
        try questions(30) { _, query in
            var short = query
            short.to = query.from.advanced(byMinutes: 240)
            let listed = Set(Availability.slots(short).map(\.start.minute))
            for minute in short.from.minute..<short.to.minute {
                let offer = Availability.check(query, start: Instant(minute: minute))
                guard (offer != nil) == listed.contains(minute) else {
                    return "\(Instant(minute: minute)) is \(offer == nil ? "refused" : "granted")"
                }
            }
            return nil
        }
    }

    @Test func `splitting the question anywhere gives the same slots`() throws {
        try questions(smallCaseCount) { seed, query in
            var random = random(seed)
            let cut = query.from.advanced(
                byMilliseconds: .random(
                    in: 0...(query.to.milliseconds - query.from.milliseconds), using: &random))
            var (left, right) = (query, query)
            (left.to, right.from) = (cut, cut)
            let parts = Availability.slots(left) + Availability.slots(right)
            return parts == Availability.slots(query) ? nil : "split at \(cut)"
        }
    }

    @Test func `one more booking never adds a slot`() throws {
        try questions(smallCaseCount) { seed, query in
            var random = random(seed)
            let before = Availability.slots(query)
            guard let id = query.parties.keys.sorted().randomElement(using: &random) else {
                return nil
            }
            let start = query.from.advanced(byMinutes: random.int(-100...3000))
            guard
                let range = TimeRange(
                    start: start, end: start.advanced(byMinutes: random.int(1...200)))
            else { return nil }
            var more = query
            more.parties[id]?.allocations.append(Allocation(range))
            more.booked.append(
                CountedBooking(start: start, minutes: 30, staff: [id.staffID].compactMap { $0 }))
            let after = Availability.slots(more)
            let offered = Dictionary(uniqueKeysWithValues: before.map { ($0.start, $0) })
            for slot in after {
                guard let old = offered[slot.start], Set(slot.staff).isSubset(of: old.staff),
                    Set(slot.resources).isSubset(of: old.resources),
                    slot.seatsLeft ?? 0 <= old.seatsLeft ?? 0
                else { return "\(slot.start) is new after \(range) of \(id.text)" }
            }
            return nil
        }
    }

    @Test func `a week later without a clock change all is the same`() throws {
        try questions(smallCaseCount) { _, query in
            var query = query
            // Far from any change; months and dated hours apart, the rules repeat by the week.
            query.zone = .utc
            query.plan.limits.perMonth = nil
            for id in query.parties.keys {
                query.parties[id]?.zone = .utc
                if let hours = query.parties[id]?.hours {
                    query.parties[id]?.hours = OpeningHours(weekly: hours.weekly)
                }
            }
            let later = Availability.slots(query.aWeekLater())
            let same = Availability.slots(query).map { $0.moved(byDays: 7) }
            return later == same ? nil : "\(later.count) slots instead of \(same.count)"
        }
    }

    private func random(_ seed: UInt64) -> SplitMix64 { SplitMix64(seed: seed ^ 0xA5A5) }
}

extension Slot {
    fileprivate func moved(byDays days: Int) -> Slot {
        var slot = self
        slot.start = start.advanced(byDays: days)
        slot.end = end.advanced(byDays: days)
        return slot
    }
}

extension AvailabilityQuery {
    fileprivate func aWeekLater() -> AvailabilityQuery {
        var query = self
        func moved(_ instant: Instant) -> Instant { instant.advanced(byDays: 7) }
        func moved(_ range: TimeRange) -> TimeRange {
            TimeRange(start: moved(range.start), end: moved(range.end)) ?? range
        }
        (query.now, query.from, query.to) = (moved(now), moved(from), moved(to))
        if case .dates(let first, let last) = plan.horizon {
            query.plan.horizon = .dates(from: first.adding(days: 7), to: last.adding(days: 7))
        }
        query.closures = closures.map(moved)
        query.booked = booked.map { booking in
            CountedBooking(
                start: moved(booking.start), minutes: booking.minutes, staff: booking.staff)
        }
        query.parties = parties.mapValues { party in
            var party = party
            party.blocks = party.blocks.map(moved)
            party.allocations = party.allocations.map { allocation in
                var session = allocation.session
                if let start = session?.start { session?.start = moved(start) }
                return Allocation(moved(allocation.range), session: session)
            }
            return party
        }
        return query
    }
}
