import Kernel

/// Puts what the search found into the words of the answer.
extension Search {
    private func end(of start: Int64) -> Instant {
        Instant(milliseconds: start).advanced(byMinutes: query.plan.durationMinutes)
    }

    func slot(_ start: Int64, listing isListed: [Bool], seatsLeft: Int) -> Slot {
        var slot = Slot(
            start: Instant(milliseconds: start), end: end(of: start), staff: [], resources: [],
            seatsLeft: query.plan.capacity > 1 ? seatsLeft : nil)
        for index in parties.indices where isListed[index] {
            switch parties[index] {
            case .staff(let id): slot.staff.append(id)
            case .resource(let id): slot.resources.append(id)
            }
        }
        return slot
    }

    func offer(_ start: Int64, _ choice: [[Int]], joining joined: JoinableClass?) -> Offer {
        let parts = zip(pools, choice).map { pool, members in
            Offer.Part(pool: pool.label, parties: members.map { parties[$0] }.sorted())
        }
        let seatsLeft = joined?.seatsLeft ?? query.plan.capacity
        return Offer(
            start: Instant(milliseconds: start), end: end(of: start), parts: parts,
            joins: joined?.session,
            allocations: joined == nil ? allocations(start, choice) : [],
            seatsLeft: query.plan.capacity > 1 ? seatsLeft : nil)
    }

    private func allocations(_ start: Int64, _ choice: [[Int]]) -> [Offer.NewAllocation] {
        var allocations: [Offer.NewAllocation] = []
        for (pool, members) in zip(pools, choice) {
            for occupation in pool.occupations {
                let range = TimeRange(
                    start: Instant(milliseconds: start + occupation.buffered.start),
                    end: Instant(milliseconds: start + occupation.buffered.end))
                guard let range else { continue }
                allocations += members.map { .init(party: parties[$0], range: range) }
            }
        }
        return allocations.sorted { ($0.party, $0.range) < ($1.party, $1.range) }
    }

    /// By index of party: the milliseconds that bookings and holds take on the business-local
    /// date of this start.
    func bookedTime(onDateOf start: Instant) -> [Int64] {
        let date = query.zone.date(at: start)
        let day = TimeRange(
            start: query.zone.instant(date, .midnight),
            end: query.zone.instant(date.adding(days: 1), .midnight))
        return parties.map { id in
            (query.parties[id]?.allocations ?? []).reduce(0) { sum, allocation in
                sum + (day.flatMap(allocation.range.intersection)?.milliseconds ?? 0)
            }
        }
    }
}
