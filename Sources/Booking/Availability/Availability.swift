import Kernel

/// Which starts of a service are free. Listing and checking are the same search, so what is
/// offered can be booked.
package enum Availability {
    /// Every start in `[query.from, query.to)` that can be booked, in order of time, one each.
    package static func slots(_ query: AvailabilityQuery) -> [Slot] {
        guard let search = Search(query, from: query.from, to: query.to) else { return [] }
        var slots: [Slot] = []
        var isListed = search.parties.map { _ in false }
        search.run { moment in
            var seatsLeft = 0
            if let candidates = moment.casting.candidates() {
                seatsLeft = query.plan.capacity
                for party in candidates { isListed[party] = true }
            }
            for joinable in moment.classes {
                guard let candidates = joinable.casting.candidates() else { continue }
                seatsLeft = max(seatsLeft, joinable.seatsLeft)
                for party in candidates { isListed[party] = true }
            }
            guard seatsLeft > 0 else { return }
            slots.append(search.slot(moment.start, listing: isListed, seatsLeft: seatsLeft))
            for party in isListed.indices { isListed[party] = false }
        }
        return slots
    }

    /// Whether this very start can be booked, and who would serve it: those required, and where
    /// there is a choice, whoever has the fewest minutes booked on that business-local date, then
    /// by id. A class with seats left is joined, the fullest first, before another is begun.
    package static func check(_ query: AvailabilityQuery, start: Instant) -> Offer? {
        let next = start.advanced(byMilliseconds: 1)
        guard let search = Search(query, from: start, to: next) else { return nil }
        var offer: Offer?
        search.run { moment in
            for joinable in moment.classes where offer == nil {
                guard let choice = joinable.casting.choice() else { continue }
                offer = search.offer(moment.start, choice, joining: joinable)
            }
            guard offer == nil else { return }
            var casting = moment.casting
            casting.prefer(lowest: search.bookedTime(onDateOf: start))
            offer = casting.choice().map { search.offer(moment.start, $0, joining: nil) }
        }
        return offer
    }

    /// Up to `limit` slots of the query nearest to a start that is taken, in order of time.
    package static func alternatives(
        _ query: AvailabilityQuery, to start: Instant, limit: Int = 5
    ) -> [Slot] {
        func distance(_ slot: Slot) -> Int64 {
            abs(slot.start.milliseconds - start.milliseconds)
        }
        return slots(query).filter { $0.start != start }
            .sorted { (distance($0), $0.start) < (distance($1), $1.start) }
            .prefix(limit).sorted { $0.start < $1.start }
    }
}

// MARK: - What to load

extension Availability {
    /// The time in which allocations and busy blocks matter for starts in `[from, to)`: load all
    /// that overlap it. Covers whole business-local dates, for the choice of the least busy.
    package static func rangeToLoad(
        _ plan: ServicePlan, zone: Zone, from: Instant, to: Instant
    ) -> TimeRange? {
        guard plan.isWithinBounds, from < to else { return nil }
        let reach = plan.reach
        let firstMidnight = zone.instant(zone.date(at: from), .midnight)
        let lastMidnight = zone.instant(zone.date(at: to).adding(days: 1), .midnight)
        return TimeRange(
            start: min(firstMidnight, from.advanced(byMilliseconds: reach.start)),
            end: max(lastMidnight, to.advanced(byMilliseconds: reach.end)))
    }

    /// The time in which bookings of the service count for limits on starts in `[from, to)`: load
    /// all that start in it. Nil when the plan has no limits.
    package static func rangeToCount(
        _ plan: ServicePlan, zone: Zone, from: Instant, to: Instant
    ) -> TimeRange? {
        guard !plan.limits.isEmpty, from < to else { return nil }
        let first = zone.date(at: from)
        let last = zone.date(at: to)
        let begin = min(first.startOfWeek, first.startOfMonth)
        let end = max(last.startOfWeek.adding(days: 7), last.startOfNextMonth)
        return TimeRange(start: zone.instant(begin, .midnight), end: zone.instant(end, .midnight))
    }
}
