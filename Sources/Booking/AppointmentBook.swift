import Accounts
import Kernel
import Store
import WebShell

/// The appointment book of every business: what is free, who comes when.
///
/// Whoever changes it locks the parties concerned, clears away expired holds and asks the same
/// diary that lists the free times; the database refuses what would overlap all the same.
package struct AppointmentBook: Sendable {
    /// Finds or makes the contact that a body names by `contact_id` or `contact`; nil: neither.
    package typealias ContactResolver =
        @Sendable (_ body: JSONValue, AccountID, Transaction) throws -> ContactID?

    let store: Store
    let ambient: Ambient
    let resolveContact: ContactResolver

    package init(store: Store, ambient: Ambient, resolveContact: @escaping ContactResolver) {
        self.store = store
        self.ambient = ambient
        self.resolveContact = resolveContact
    }

    // MARK: Booking

    /// Books a time, or turns a hold into a booking; the first of a series when it is to be
    /// repeated.
    package func book(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> Appointment {
        let booked = try await bookAll(body, in: account, by: actor)
        return booked.appointment
    }

    /// The same, with what became of the series.
    package func bookAll(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> (appointment: Appointment, series: BookedSeries?) {
        try actor.require(.book, in: account)
        let request = try BookingRequest(reading: body, mayNameHold: true)
        let book = self
        return try await store.write { tx in
            try book.book(request, in: account, by: actor, in: tx)
        }
    }

    /// `known`: the contact, where the body does not say it.
    func book(
        _ request: BookingRequest, for known: ContactID? = nil, in account: AccountID,
        by actor: Actor, in tx: Transaction
    ) throws -> (appointment: Appointment, series: BookedSeries?) {
        let owner = try AccountDirectory.account(account, for: actor, in: tx)
        let contact = try known ?? contact(of: request, account, in: tx)
        var series: BookedSeries?
        let made: [Appointment]
        if let recurrence = request.recurrence {
            let booked = try bookSeries(
                request, recurrence, of: owner, for: contact, by: actor, in: tx)
            (series, made) = (booked, booked.appointments)
        } else if let hold = request.hold {
            let held = try take(hold, for: request, in: account, in: tx)
            made = [try confirm(held, for: request, contact, by: actor, in: tx)]
        } else {
            made = [try place(request, of: owner, for: contact, by: actor, in: tx)]
        }
        for (index, appointment) in made.enumerated() {
            let following = made.count == 1 ? nil : index == 0 ? made.count - 1 : 0
            try tx.raise(
                appointment.event(
                    "appointment.confirmed", following: following, ambient: ambient))
            try tx.audit(
                "appointment.confirmed", of: appointment.id, in: account, by: actor,
                after: appointment.auditJSON, ambient: ambient)
        }
        return (made[0], series)
    }

    /// Makes a booking of a hold.
    func confirm(
        _ held: Appointment, for request: BookingRequest, _ contact: ContactID,
        series: SeriesID? = nil, by actor: Actor, in tx: Transaction
    ) throws -> Appointment {
        var appointment = held
        appointment.status = .confirmed
        appointment.expiresAt = nil
        appointment.contact = contact
        appointment.conversation = request.conversation ?? appointment.conversation
        appointment.notes = request.notes ?? appointment.notes
        appointment.bookedBy = actor.user
        appointment.series = series
        appointment.version += 1
        try AppointmentQueries.update(appointment, at: ambient.now(), in: tx)
        return appointment
    }

    /// The row of a hold that is still good and is for what is wanted.
    func take(
        _ id: AppointmentID, for request: BookingRequest, in account: AccountID, in tx: Transaction
    ) throws -> Appointment {
        let gone = Refusal.conflict("This hold has expired or was released. Choose a time again.")
        let now = ambient.now()
        guard
            let seen = try AppointmentQueries.appointment(id, of: account, now: now, in: tx)
        else { throw gone }
        try prepare(Set(seen.parties), of: account, in: tx)
        let held = try AppointmentQueries.appointment(
            id, of: account, now: now, locked: true, in: tx)
        guard let held, held.status == .held else { throw gone }
        var problems: [Refusal.Field] = []
        func expect(_ field: String, _ agrees: Bool) {
            if !agrees { problems.append(.init(field, "mismatch", "is not what is held.")) }
        }
        expect("service_id", request.service ?? held.service == held.service)
        expect("start", request.start ?? held.start == held.start)
        expect("staff_id", request.staff.map(held.staff.contains) ?? true)
        expect("resource_ids", Set(request.resources).isSubset(of: held.resources))
        expect("party_size", request.partySize ?? held.partySize == held.partySize)
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return held
    }

    private func contact(
        of request: BookingRequest, _ account: AccountID, in tx: Transaction
    ) throws -> ContactID {
        let ofConversation = try checkConversation(of: request, account, in: tx)
        if let contact = try resolveContact(request.body, account, tx) ?? ofConversation {
            return contact
        }
        throw Refusal.invalid("contact_id", "required", "or contact is required.")
    }

    /// The contact of the conversation that is named, if one is.
    @discardableResult
    func checkConversation(
        of request: BookingRequest, _ account: AccountID, in tx: Transaction
    ) throws -> ContactID? {
        guard let id = request.conversation else { return nil }
        let contact = try AppointmentQueries.contact(of: id, account: account, in: tx)
        if let contact { return contact }
        throw Refusal.invalid("conversation_id", "unknown", "is not of this business.")
    }
}

// MARK: - Placing

extension AppointmentBook {
    /// Finds who serves the wanted time and takes it; the new row is held for the asked time, or
    /// confirmed.
    func place(
        _ request: BookingRequest, of account: Account, for contact: ContactID? = nil,
        by actor: Actor, holdSeconds: Int? = nil, series: SeriesID? = nil, in tx: Transaction
    ) throws -> Appointment {
        let now = ambient.now()
        guard let id = request.service, let start = request.start,
            let service = try ServiceQueries.service(id, of: account.id, in: tx), service.isActive
        else {
            throw Refusal.invalid("service_id", "unknown", "is not offered by this business.")
        }
        let diary = Diary(of: service, try Roster(of: account, in: tx), now: now)
        let partySize = request.partySize ?? 1
        try diary.check(request.required, partySize: partySize)
        try prepare(diary.parties, of: account.id, in: tx)
        let offer = try diary.offer(
            at: start, required: request.required, partySize: partySize, in: tx)
        var appointment = Appointment(
            id: AppointmentID(from: ambient), account: account.id,
            status: holdSeconds == nil ? .confirmed : .held, service: id, start: offer.start,
            end: offer.end, partySize: partySize, staff: offer.staff, resources: offer.resources,
            notes: request.notes, expiresAt: holdSeconds.map(now.advanced(bySeconds:)),
            price: service.price, version: 1, createdAt: now)
        appointment.contact = contact
        appointment.conversation = request.conversation
        appointment.bookedBy = actor.user
        appointment.series = series
        try join(offer, &appointment, in: tx)
        try AppointmentQueries.insert(appointment, in: tx)
        try allocate(offer, appointment, diary, required: request.required, in: tx)
        return appointment
    }

    /// Who joins a class has its staff and resources, whatever choice there was.
    func join(
        _ offer: Offer, _ appointment: inout Appointment, in tx: Transaction
    ) throws {
        guard let session = offer.joins.map({ AppointmentID($0) }) else { return }
        let owner = try AppointmentQueries.owner(session, of: appointment.account, in: tx)
        guard let owner else { throw StoreError.busy("the class has just gone") }
        appointment.staff = owner.staff
        appointment.resources = owner.resources
    }

    /// Inserts what the offer takes. The diary has just found it free under locks, so an overlap
    /// here comes from a writer that took none; it is refused like any other.
    func allocate(
        _ offer: Offer, _ appointment: Appointment, _ diary: Diary, required: [PartyID],
        in tx: Transaction
    ) throws {
        do {
            try tx.savepoint {
                for row in offer.allocations {
                    try AllocationQueries.insert(row, of: appointment, ambient: ambient, in: tx)
                }
            }
        } catch StoreError.overlap {
            var refusal = Obstacle.taken.refusal
            refusal.extra["alternatives"] = try diary.alternatives(
                to: offer.start, required: required, partySize: appointment.partySize, in: tx)
            throw refusal
        }
    }

    /// Locks the parties, then clears away the account's expired holds. Everything that changes
    /// the book begins with this.
    func prepare(_ parties: Set<PartyID>, of account: AccountID, in tx: Transaction) throws {
        try BusyQueries.lock(parties, of: account, in: tx)
        try expireHolds(of: account, in: tx)
    }

    func expireHolds(of account: AccountID, in tx: Transaction) throws {
        let now = ambient.now()
        for hold in try AppointmentQueries.expiredHolds(of: account, at: now, in: tx) {
            try remove(hold, at: now, in: tx)
            try tx.raise(hold.event("hold.expired", ambient: ambient))
        }
    }

    func remove(_ hold: Appointment, at now: Instant, in tx: Transaction) throws {
        try AllocationQueries.free(hold, at: now, in: tx)
        do {
            try tx.savepoint { try AppointmentQueries.delete(hold, in: tx) }
        } catch StoreError.foreignKey {
            // Somebody refers to it: it stays as a booking that did not come about.
            var kept = hold
            kept.status = .canceled
            kept.expiresAt = nil
            kept.canceledAt = now
            kept.version += 1
            try AppointmentQueries.update(kept, at: now, in: tx)
        }
    }
}
