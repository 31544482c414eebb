import Accounts
import Kernel
import Store

/// What becomes of an appointment after it was booked.
extension AppointmentBook {
    /// Moves it to another start, staff member or resource, at once or not at all. `keepingPeople`:
    /// with those who serve it now or not at all.
    package func reschedule(
        _ id: AppointmentID, _ body: JSONValue, expecting version: Int?,
        keepingPeople: Bool = false, by actor: Actor
    ) async throws -> Appointment {
        var input = try Input(body)
        let start = input.optionalInstant("start")
        let staff = input.optionalText("staff_id", min: 1).map(StaffID.init)
        let resources = (input.optionalTexts("resource_ids", max: 100) ?? []).map(ResourceID.init)
        let notes = CardMask.masked(orNil: input.optionalText("notes", max: 4000))
        let checked = input
        let book = self
        return try await store.write { tx in
            let seen = try Self.appointment(id, for: actor, ambient: book.ambient, in: tx)
            try actor.require(.book, in: seen.account)
            try checked.finish()
            let diary = try book.diary(of: seen, for: actor, in: tx)
            var appointment = try book.locked(
                id, for: actor, with: diary.parties, expecting: version, in: tx)
            guard appointment.status == .confirmed || appointment.status == .pending else {
                throw Self.settled(appointment)
            }
            let newStart = start ?? appointment.start
            let moves =
                newStart != appointment.start
                || staff.map { !appointment.staff.contains($0) } ?? false
                || !Set(resources).isSubset(of: appointment.resources)
            if checked.has("notes") { appointment.notes = notes }
            let before = appointment.auditJSON
            appointment.version += 1
            if moves {
                try book.move(
                    &appointment, to: newStart, staff: staff, resources: resources, diary,
                    keepingPeople: keepingPeople, in: tx)
            } else {
                try AppointmentQueries.update(appointment, at: book.ambient.now(), in: tx)
            }
            let type = moves ? "appointment.rescheduled" : "appointment.updated"
            try tx.raise(appointment.event(type, ambient: book.ambient))
            try tx.audit(
                type, of: id, in: appointment.account, by: actor, before: before,
                after: appointment.auditJSON, ambient: book.ambient)
            return appointment
        }
    }

    func diary(
        of appointment: Appointment, for actor: Actor, in tx: Transaction
    ) throws -> Diary {
        let account = try AccountDirectory.account(appointment.account, for: actor, in: tx)
        let service = try ServiceQueries.service(appointment.service, of: account.id, in: tx)
        guard let service else { throw Refusal.notFound() }
        var diary = Diary(of: service, try Roster(of: account, in: tx), now: ambient.now())
        diary.seesThrough = appointment.id
        return diary
    }

    func move(
        _ appointment: inout Appointment, to start: Instant, staff: StaffID?,
        resources: [ResourceID] = [], _ diary: Diary, keepingPeople: Bool = false,
        in tx: Transaction
    ) throws {
        let diary = start == appointment.start ? diary.withoutNotice : diary
        // Without a wish the same people stay, if they can.
        let same = appointment.staff.map(PartyID.staff)
        let wished = (staff.map { [PartyID.staff($0)] } ?? []) + resources.map(PartyID.resource)
        let required = keepingPeople ? same : wished
        try diary.check(required, partySize: appointment.partySize)
        var offer: Offer?
        if staff == nil, Set(same).isSubset(of: diary.parties) {
            let query = try diary.query(
                from: start, to: start.advanced(byMilliseconds: 1), required: same + wished,
                partySize: appointment.partySize, in: tx)
            offer = Availability.check(query, start: start)
        }
        let found =
            try offer
            ?? diary.offer(
                at: start, required: required, partySize: appointment.partySize, in: tx)
        let moved = appointment
        if found.start != appointment.start { appointment.sequence += 1 }
        appointment.start = found.start
        appointment.end = found.end
        appointment.staff = found.staff
        appointment.resources = found.resources
        appointment.askedToMoveAt = nil
        try join(found, &appointment, in: tx)
        try AllocationQueries.free(moved, at: diary.now, in: tx)
        try AppointmentQueries.update(appointment, at: diary.now, in: tx)
        try allocate(found, appointment, diary, required: required, in: tx)
    }

    /// `charging`: with the fee of the business's policy for cancelling late.
    package func cancel(
        _ id: AppointmentID, reason: String?, charging: Bool = false,
        expecting version: Int? = nil, by actor: Actor
    ) async throws -> Appointment {
        try await settle(
            id, .canceled, "appointment.canceled", expecting: version,
            charging: charging ? .lateCancellation : nil, by: actor
        ) { appointment, now in
            appointment.canceledReason = CardMask.masked(orNil: reason)
            appointment.canceledAt = now
        }
    }

    package func complete(
        _ id: AppointmentID, expecting version: Int? = nil, by actor: Actor
    ) async throws -> Appointment {
        try await settle(id, .completed, "appointment.completed", expecting: version, by: actor)
    }

    /// `charging`: with the fee of the business's policy for not coming.
    package func noShow(
        _ id: AppointmentID, charging: Bool = false, expecting version: Int? = nil, by actor: Actor
    ) async throws -> Appointment {
        try await settle(
            id, .noShow, "appointment.no_show", expecting: version,
            charging: charging ? .noShow : nil, by: actor)
    }

    /// What the policy asks for.
    private static func fee(
        _ reason: AppointmentFee.Reason, of account: AccountID, in tx: Transaction
    ) throws -> AppointmentFee {
        let policy = try PublicBookingQueries.policy(of: account, in: tx)
        let sum = reason == .noShow ? policy.noShowFee : policy.lateFee
        guard let sum else {
            throw Refusal.invalid(
                "charge_fee", "none", "is not possible: the business's policy has no such fee.")
        }
        return AppointmentFee(sum: sum, reason: reason)
    }

    private func settle(
        _ id: AppointmentID, _ status: Appointment.Status, _ event: String,
        expecting version: Int?, charging fee: AppointmentFee.Reason? = nil, by actor: Actor,
        _ change: @escaping @Sendable (inout Appointment, Instant) -> Void = { _, _ in }
    ) async throws -> Appointment {
        let book = self
        return try await store.write { tx in
            var appointment = try book.locked(id, for: actor, expecting: version, in: tx)
            guard appointment.status == .confirmed || appointment.status == .pending else {
                throw Self.settled(appointment)
            }
            let owed = try fee.map { try Self.fee($0, of: appointment.account, in: tx) }
            try book.settle(&appointment, status, event, by: actor, in: tx) {
                $0.fee = owed
                change(&$0, $1)
            }
            return appointment
        }
    }

    func settle(
        _ appointment: inout Appointment, _ status: Appointment.Status, _ event: String,
        following: Int? = nil, by actor: Actor, in tx: Transaction,
        _ change: (inout Appointment, Instant) -> Void
    ) throws {
        let (now, before) = (ambient.now(), appointment.auditJSON)
        // Time that was used, or kept for nothing, stays taken.
        if status == .canceled { try AllocationQueries.free(appointment, at: now, in: tx) }
        if status == .canceled { appointment.sequence += 1 }
        appointment.status = status
        appointment.version += 1
        change(&appointment, now)
        try AppointmentQueries.update(appointment, at: now, in: tx)
        try tx.raise(appointment.event(event, following: following, ambient: ambient))
        try tx.audit(
            event, of: appointment.id, in: appointment.account, by: actor, before: before,
            after: appointment.auditJSON, ambient: ambient)
    }

    /// Gives back the time of a client who is forgotten: nobody would come. What has begun stays.
    package func cancelComing(
        of contact: ContactID, in account: AccountID, by actor: Actor, in tx: Transaction
    ) throws {
        func coming() throws -> [Appointment] {
            try AppointmentQueries.coming(of: contact, in: account, after: ambient.now(), in: tx)
        }
        try prepare(Set(coming().flatMap(\.parties)), of: account, in: tx)
        // Read again under the locks: somebody may have cancelled one meanwhile.
        for var appointment in try coming() {
            try settle(&appointment, .canceled, "appointment.canceled", by: actor, in: tx) {
                $0.canceledAt = $1
            }
        }
    }

    static func settled(_ appointment: Appointment) -> Refusal {
        if appointment.status == .held {
            return .conflict("This is only a hold: book it or release it.")
        }
        let status = appointment.status.rawValue.replacing("_", with: " ")
        return .conflict("This appointment is \(status); it does not change any more.")
    }

    /// An appointment with its row and parties locked, ready to be changed.
    func locked(
        _ id: AppointmentID, for actor: Actor, with others: Set<PartyID> = [],
        expecting version: Int? = nil, in tx: Transaction
    ) throws -> Appointment {
        let seen = try Self.appointment(id, for: actor, ambient: ambient, in: tx)
        try actor.require(.book, in: seen.account)
        try prepare(others.union(seen.parties), of: seen.account, in: tx)
        let appointment = try AppointmentQueries.appointment(
            id, of: seen.account, now: ambient.now(), locked: true, in: tx)
        guard let appointment else { throw Refusal.notFound() }
        // Moved meanwhile: the locks are on others than those concerned now.
        guard appointment.parties == seen.parties else {
            throw StoreError.busy("the appointment has just moved")
        }
        if let version, version != appointment.version { throw Refusal.stale() }
        return appointment
    }
}
