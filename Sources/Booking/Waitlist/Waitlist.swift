import Accounts
import Contacts
import Kernel
import Store
import WebShell
import Work

/// Offers what becomes free to those who wait, one after the other: the time is kept for the first
/// in line for half an hour, then for the next.
package struct Waitlist: Sendable {
    static let mostPerContact = 5
    private static let mostPerRun = 200
    private static let offerJob = "waitlist.offer"
    private static let lapseJob = "waitlist.lapse"
    /// After these something may have become free.
    private static let freeing: Set<String> = [
        "appointment.canceled", "appointment.rescheduled", "busy.deleted", "busy.changed", "hold.released",
        "hold.expired", "schedule.updated", "staff.created", "staff.updated", "resource.updated",
        "service.updated", "waitlist.joined", "waitlist.lapsed", "waitlist.declined",
    ]

    let store: Store
    let ambient: Ambient
    let book: AppointmentBook

    package init(store: Store, ambient: Ambient, book: AppointmentBook) {
        self.store = store
        self.ambient = ambient
        self.book = book
    }

    // MARK: Waiting

    package func join(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> WaitlistEntry {
        try actor.require(.book, in: account)
        let unread = try Input(body)
        let (ambient, resolve) = (ambient, book.resolveContact)
        return try await store.write { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            guard let contact = try resolve(body, account, tx) else {
                throw Refusal.invalid("contact_id", "required", "or contact is required.")
            }
            var input = unread
            let service = ServiceID(input.text("service_id"))
            let staff = input.optionalText("staff_id", min: 1).map(StaffID.init)
            let size = input.optionalInteger("party_size", in: ServicePlan.Bounds.capacity) ?? 1
            let (from, to) = (input.instant("from"), input.instant("to"))
            try input.finish()
            return try Self.join(
                service, staff, size, from, to, contact, account, by: actor, ambient: ambient,
                in: tx)
        }
    }

    static func join(
        _ id: ServiceID, _ staff: StaffID?, _ size: Int, _ from: Instant, _ to: Instant,
        _ contact: ContactID, _ account: AccountID, by actor: Actor, ambient: Ambient,
        in tx: Transaction
    ) throws -> WaitlistEntry {
        let owner = try AccountDirectory.account(account, for: actor, in: tx)
        guard let service = try ServiceQueries.service(id, of: account, in: tx), service.isActive
        else {
            throw Refusal.invalid("service_id", "unknown", "is not offered by this business.")
        }
        let diary = Diary(of: service, try Roster(of: owner, in: tx), now: ambient.now())
        try diary.check(staff.map { [.staff($0)] } ?? [], partySize: size)
        guard from < to else { throw Refusal.invalid("to", "order", "must be after from.") }
        guard to > ambient.now() else { throw Refusal.invalid("to", "past", "is in the past.") }
        guard to <= from.advanced(byDays: 92) else {
            throw Refusal.invalid("to", "range", "must be at most 92 days after from.")
        }
        guard
            try WaitlistQueries.countWaiting(of: contact, account: account, in: tx)
                < mostPerContact
        else {
            throw Refusal.conflict("This client waits for \(mostPerContact) times already.")
        }
        var entry = WaitlistEntry(
            id: WaitlistID(from: ambient), account: account, service: id, contact: contact,
            from: from, to: to, createdAt: ambient.now())
        entry.staff = staff
        entry.partySize = size
        try WaitlistQueries.insert(entry, in: tx)
        try tx.raise(entry.event("waitlist.joined", ambient: ambient))
        try tx.audit(
            "waitlist.joined", of: entry.id, in: account, by: actor, after: entry.json,
            ambient: ambient)
        return entry
    }

    package func entries(
        of account: AccountID, _ statuses: [WaitlistEntry.Status], _ paging: Paging,
        for actor: Actor
    ) async throws -> [WaitlistEntry] {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try WaitlistQueries.entries(
                of: account, statuses, after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    package static func entry(
        _ id: WaitlistID, for actor: Actor, in tx: Transaction
    ) throws -> WaitlistEntry {
        guard let entry = try WaitlistQueries.entry(id, in: tx) else { throw Refusal.notFound() }
        try actor.require(.viewAccount, in: entry.account)
        return entry
    }

    package func entry(_ id: WaitlistID, for actor: Actor) async throws -> WaitlistEntry {
        try await store.read { tx in try Self.entry(id, for: actor, in: tx) }
    }

    /// Waits no longer; a time that is kept for them is given back. `declined`: by themselves.
    @discardableResult
    package func leave(
        _ id: WaitlistID, declined: Bool = false, by actor: Actor
    ) async throws -> WaitlistEntry {
        let waitlist = self
        return try await store.write { tx in
            var entry = try Self.entry(id, for: actor, in: tx)
            try actor.require(.book, in: entry.account)
            guard entry.status == .waiting || entry.status == .offered else {
                throw Refusal.conflict("This entry is settled already.")
            }
            try waitlist.giveBack(&entry, by: actor, in: tx)
            entry.status = declined ? .declined : .canceled
            entry.version += 1
            try WaitlistQueries.update(entry, in: tx)
            try tx.raise(
                entry.event(declined ? "waitlist.declined" : "waitlist.left", ambient: waitlist.ambient))
            try tx.audit(
                "waitlist.left", of: id, in: entry.account, by: actor, after: entry.json,
                ambient: waitlist.ambient)
            return entry
        }
    }

    private func giveBack(
        _ entry: inout WaitlistEntry, by actor: Actor, in tx: Transaction
    ) throws {
        if let id = entry.hold,
            try AppointmentQueries.appointment(
                id, of: entry.account, now: ambient.now(), in: tx)?.status == .held
        {
            let hold = try book.locked(id, for: actor, in: tx)
            if hold.status == .held {
                try book.remove(hold, at: ambient.now(), in: tx)
                try tx.raise(hold.event("hold.released", ambient: ambient))
            }
        }
        entry.hold = nil
        entry.offeredUntil = nil
    }

    /// Books the time that is kept for them.
    package func claim(_ id: WaitlistID, by actor: Actor) async throws -> Appointment {
        let (book, ambient) = (book, ambient)
        return try await store.write { tx in
            var entry = try Self.entry(id, for: actor, in: tx)
            try actor.require(.book, in: entry.account)
            guard entry.status == .offered, let hold = entry.hold else {
                throw Refusal.conflict("There is no offer to take at the moment.")
            }
            let request = try BookingRequest(
                reading: ["hold_id": .id(hold)], mayNameHold: true)
            let made = try book.book(
                request, for: entry.contact, in: entry.account, by: actor, in: tx)
            entry.status = .booked
            entry.hold = nil
            entry.offeredUntil = nil
            entry.appointment = made.appointment.id
            entry.version += 1
            try WaitlistQueries.update(entry, in: tx)
            try tx.raise(entry.event("waitlist.booked", ambient: ambient))
            return made.appointment
        }
    }

    // MARK: Offering

    /// Something may have become free: look, once this has been committed.
    @Sendable package func react(to event: Event, in tx: Transaction) throws {
        guard Self.freeing.contains(event.type), let account = event.account,
            try WaitlistQueries.anyoneWaits(in: account, tx)
        else { return }
        try JobQueue.enqueue(
            Self.offerJob, account: account, [:], at: ambient.now(),
            uniqueKey: "\(Self.offerJob):\(account)", ambient: ambient, in: tx)
    }

    private func offer(_ job: Job) async throws -> JobOutcome {
        guard let account = job.account else { return .dead(reason: "no account") }
        let now = ambient.now()
        let waiting = try await store.read { tx in
            try WaitlistQueries.waiting(of: account, at: now, limit: Self.mostPerRun, in: tx)
        }
        for entry in waiting { try await offer(to: entry.id) }
        return .done
    }

    /// Keeps the first free time that would do, if there is one.
    private func offer(to id: WaitlistID) async throws {
        let (book, ambient) = (book, ambient)
        try await store.write { tx in
            guard var entry = try WaitlistQueries.entry(id, in: tx), entry.status == .waiting,
                let service = try ServiceQueries.service(
                    entry.service, of: entry.account, in: tx), service.isActive
            else { return }
            let now = ambient.now()
            let owner = try AccountDirectory.account(entry.account, for: .system, in: tx)
            let diary = Diary(of: service, try Roster(of: owner, in: tx), now: now)
            let query = try diary.query(
                from: max(now, entry.from), to: entry.to,
                required: entry.staff.map { [.staff($0)] } ?? [], partySize: entry.partySize,
                in: tx)
            guard let slot = Availability.slots(query).first else { return }
            // No later than the visit itself.
            let left = Int((slot.start.milliseconds - now.milliseconds) / 1000)
            let seconds = min(WaitlistEntry.claimSeconds, left)
            guard seconds >= BookingRequest.ttlSeconds.lowerBound else { return }
            var request = try BookingRequest(
                reading: [
                    "service_id": .id(entry.service), "start": .instant(slot.start),
                    "staff_id": .id(entry.staff), "party_size": .number(entry.partySize),
                ], mayNameHold: false)
            request.ttlSeconds = seconds
            let hold: Appointment
            do {
                hold = try tx.savepoint {
                    try book.hold(request, of: owner, by: .system, in: tx)
                }
            } catch let refusal as Refusal where refusal.code == "slot_taken" {
                return
            }
            entry.status = .offered
            entry.hold = hold.id
            entry.offeredStart = hold.start
            entry.offeredUntil = hold.expiresAt
            entry.version += 1
            try WaitlistQueries.update(entry, in: tx)
            try tx.raise(entry.event("waitlist.offered", ambient: ambient))
            try JobQueue.enqueue(
                Self.lapseJob, account: entry.account, ["id": .id(entry.id)],
                at: hold.expiresAt ?? now, uniqueKey: "\(Self.lapseJob):\(hold.id)",
                ambient: ambient, in: tx)
        }
    }

    /// The offer was let pass: the next one's turn.
    private func lapse(_ job: Job) async throws -> JobOutcome {
        guard let id = job.payload["id"]?.string else { return .dead(reason: "no entry") }
        let waitlist = self
        try await store.write { tx in
            let now = waitlist.ambient.now()
            guard var entry = try WaitlistQueries.entry(WaitlistID(id), in: tx),
                entry.status == .offered, let until = entry.offeredUntil, until <= now
            else { return }
            try waitlist.giveBack(&entry, by: .system, in: tx)
            entry.status = .lapsed
            entry.version += 1
            try WaitlistQueries.update(entry, in: tx)
            try tx.raise(entry.event("waitlist.lapsed", ambient: waitlist.ambient))
        }
        return .done
    }

    package var jobHandlers: [String: Worker.Handler] {
        [Self.offerJob: offer, Self.lapseJob: lapse]
    }
}
