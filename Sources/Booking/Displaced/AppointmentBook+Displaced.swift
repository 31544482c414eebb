import Accounts
import Kernel
import Store

/// When hours change at short notice: which bookings now fall outside, and what to do about them.
extension AppointmentBook {
    /// Coming visits that are looked through, and displaced ones that are listed.
    static let mostComing = 5000
    package static let mostDisplaced = 200
    /// Other times are looked for so many.
    private static let mostProposals = 50
    private static let proposalDays = 21

    /// `proposing`: with another time for each of the first ones.
    package func displaced(
        of account: AccountID, proposing: Bool = true, for actor: Actor
    ) async throws -> [DisplacedAppointment] {
        let now = ambient.now()
        return try await store.read { tx in
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            return try Self.displaced(of: owner, at: now, proposing: proposing, in: tx)
        }
    }

    /// The same search that offers times is asked whether each visit could still be booked by
    /// those who are to serve it, had it not been booked; by start.
    package static func displaced(
        of account: Account, at now: Instant, proposing: Bool = true, in tx: Transaction
    ) throws -> [DisplacedAppointment] {
        var filter = AppointmentFilter()
        filter.from = now
        filter.statuses = [.pending, .confirmed]
        let coming = try AppointmentListQueries.appointments(
            of: account.id, filter, after: nil, limit: mostComing, now: now, in: tx
        ).filter { $0.appointment.start > now }
        let roster = try Roster(of: account, in: tx)
        var found: [DisplacedAppointment] = []
        for (id, visits) in Dictionary(grouping: coming, by: \.appointment.service) {
            guard let service = try ServiceQueries.service(id, of: account.id, in: tx) else {
                continue
            }
            let diary = Diary(of: service, roster, now: now)
            guard let query = try feasibility(diary, visits, in: tx) else { continue }
            for visit in visits {
                guard let reason = reason(visit.appointment, query) else { continue }
                found.append(DisplacedAppointment(summary: visit, reason: reason))
            }
        }
        found.sort { ($0.appointment.start, $0.appointment.id) < ($1.appointment.start, $1.appointment.id) }
        found = Array(found.prefix(mostDisplaced))
        if proposing {
            // What is proposed to one is not proposed to the next.
            var promised: [PartyID: [TimeRange]] = [:]
            for place in found.indices.prefix(mostProposals) {
                found[place].proposal = try proposal(
                    found[place].appointment, roster, at: now, besides: &promised, in: tx)
            }
        }
        return found
    }

    /// What decides whether the visits fit into hours and blocks; other bookings and the rules
    /// about when one may book do not matter for what is booked already.
    private static func feasibility(
        _ diary: Diary, _ visits: [AppointmentSummary], in tx: Transaction
    ) throws -> AvailabilityQuery? {
        guard let first = visits.map(\.appointment.start).min(),
            let last = visits.map(\.appointment.start).max()
        else { return nil }
        var plan = diary.plan
        plan.minNoticeMinutes = 0
        plan.horizon = .unlimited
        plan.limits = BookingLimits()
        plan.slotIntervalMinutes = 1
        plan.slotOffsetMinutes = 0
        let (zone, to) = (diary.roster.zone, last.advanced(byMilliseconds: 1))
        var query = AvailabilityQuery(
            plan: plan, zone: zone, now: diary.now, from: first, to: to,
            parties: diary.roster.parties(of: plan))
        guard let range = Availability.rangeToLoad(plan, zone: zone, from: first, to: to) else {
            return query
        }
        let account = diary.roster.account.id
        for busy in try BusyQueries.blocks(of: account, overlapping: range, in: tx) {
            if let party = busy.party {
                query.parties[party]?.blocks.append(busy.range)
            } else {
                query.closures.append(busy.range)
            }
        }
        return query
    }

    /// nil: it can be kept.
    private static func reason(
        _ appointment: Appointment, _ query: AvailabilityQuery
    ) -> DisplacedAppointment.Reason? {
        var query = query
        query.required = appointment.parties
        let known = Set(query.plan.requires.flatMap(\.members))
        guard known.isSuperset(of: appointment.parties) else { return .gone }
        if Availability.check(query, start: appointment.start) != nil { return nil }
        for party in query.parties.keys { query.parties[party]?.blocks = [] }
        query.closures = []
        return Availability.check(query, start: appointment.start) == nil ? .closed : .busy
    }

    /// The nearest time for a visit, with the same people where they can.
    private static func proposal(
        _ appointment: Appointment, _ roster: Roster, at now: Instant,
        besides promised: inout [PartyID: [TimeRange]], in tx: Transaction
    ) throws -> Slot? {
        let account = roster.account.id
        guard let service = try ServiceQueries.service(appointment.service, of: account, in: tx)
        else { return nil }
        var diary = Diary(of: service, roster, now: now)
        diary.seesThrough = appointment.id
        let days = proposalDays
        var query = try diary.query(
            from: max(now, appointment.start.advanced(byDays: -days)),
            to: appointment.start.advanced(byDays: days), required: [],
            partySize: min(appointment.partySize, diary.plan.capacity), in: tx)
        for (party, ranges) in promised { query.parties[party]?.blocks += ranges }
        let same = appointment.parties.filter(diary.parties.contains)
        for required in same.isEmpty ? [[]] : [same, []] {
            query.required = required
            let nearest = Availability.alternatives(query, to: appointment.start, limit: 1).first
            guard let nearest, let offer = Availability.check(query, start: nearest.start) else {
                continue
            }
            for row in offer.allocations { promised[row.party, default: []].append(row.range) }
            return nearest
        }
        return nil
    }

    // MARK: What is done

    /// Does the same about several displaced visits, each by itself: what cannot be done says why
    /// and the others are done. `ids` nil: all that are displaced now.
    package func resolveDisplaced(
        _ action: DisplacedAction, _ ids: [AppointmentID]?, reason: String?, of account: AccountID,
        by actor: Actor
    ) async throws -> [DisplacedOutcome] {
        try actor.require(.book, in: account)
        let displaced = try await displaced(of: account, proposing: false, for: actor)
        var outcomes: [DisplacedOutcome] = []
        for id in ids ?? displaced.map(\.appointment.id) {
            do {
                guard let visit = displaced.first(where: { $0.appointment.id == id }) else {
                    throw Refusal.conflict("This visit can be kept as it is, or is no more.")
                }
                let done = try await resolve(action, visit, reason: reason, by: actor)
                outcomes.append(.init(id: id, action: action, appointment: done))
            } catch let refusal as Refusal {
                outcomes.append(.init(id: id, action: action, refusal: refusal))
            }
        }
        return outcomes
    }

    private func resolve(
        _ action: DisplacedAction, _ visit: DisplacedAppointment, reason: String?, by actor: Actor
    ) async throws -> Appointment {
        let id = visit.appointment.id
        switch action {
        case .ask: return try await askToMove(id, by: actor)
        case .cancel: return try await cancel(id, reason: reason, by: actor)
        case .move:
            // Looked for again: the others may have taken what was proposed.
            guard let start = try await nearest(to: visit.appointment, for: actor) else {
                throw Refusal.conflict("There is no free time within three weeks of it.")
            }
            // Whoever serves it now stays, if they can; `move` sees to that.
            return try await reschedule(
                id, ["start": .instant(start)], expecting: visit.appointment.version, by: actor)
        }
    }

    private func nearest(
        to appointment: Appointment, for actor: Actor
    ) async throws -> Instant? {
        let now = ambient.now()
        return try await store.read { tx in
            let owner = try AccountDirectory.account(appointment.account, for: actor, in: tx)
            var promised: [PartyID: [TimeRange]] = [:]
            return try Self.proposal(
                appointment, try Roster(of: owner, in: tx), at: now, besides: &promised, in: tx
            )?.start
        }
    }

    /// Lets the client know that the time cannot be kept. From then on they may move or cancel it
    /// by their link, whatever the cut-off.
    private func askToMove(_ id: AppointmentID, by actor: Actor) async throws -> Appointment {
        let book = self
        return try await store.write { tx in
            var appointment = try book.locked(id, for: actor, in: tx)
            guard appointment.status == .confirmed || appointment.status == .pending else {
                throw Self.settled(appointment)
            }
            let before = appointment.auditJSON
            appointment.askedToMoveAt = book.ambient.now()
            appointment.version += 1
            try AppointmentQueries.update(appointment, at: book.ambient.now(), in: tx)
            try tx.raise(appointment.event("appointment.asked_to_move", ambient: book.ambient))
            try tx.audit(
                "appointment.asked_to_move", of: id, in: appointment.account, by: actor,
                before: before, after: appointment.auditJSON, ambient: book.ambient)
            return appointment
        }
    }
}
