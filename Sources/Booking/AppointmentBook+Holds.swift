import Accounts
import Kernel
import Store
import Work

/// Keeping a time while somebody decides. A hold is an appointment with a time limit: from the
/// very moment `expiresAt` it is gone for everyone, whether or not its row has been cleared away.
extension AppointmentBook {
    package func hold(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> Appointment {
        try actor.require(.book, in: account)
        let request = try BookingRequest(reading: body, mayNameHold: false)
        let book = self
        return try await store.write { tx in
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            try book.checkConversation(of: request, account, in: tx)
            return try book.hold(request, of: owner, by: actor, in: tx)
        }
    }

    func hold(
        _ request: BookingRequest, of owner: Account, by actor: Actor, in tx: Transaction
    ) throws -> Appointment {
        let hold = try place(
            request, of: owner, by: actor, holdSeconds: request.ttlSeconds, in: tx)
        try watch(hold, in: tx)
        try tx.raise(hold.event("hold.created", ambient: ambient))
        return hold
    }

    /// Keeps it for another while, counted from now.
    package func extend(
        _ id: AppointmentID, _ body: JSONValue, by actor: Actor
    ) async throws -> Appointment {
        var input = try Input(body)
        let seconds = BookingRequest.ttl(&input)
        let checked = input
        let book = self
        return try await store.write { tx in
            var hold = try book.held(id, for: actor, in: tx)
            try checked.finish()
            hold.expiresAt = book.ambient.now().advanced(bySeconds: seconds)
            hold.version += 1
            try AppointmentQueries.update(hold, at: book.ambient.now(), in: tx)
            try book.watch(hold, in: tx)
            try tx.raise(hold.event("hold.extended", ambient: book.ambient))
            return hold
        }
    }

    /// Gives the time back at once.
    package func release(_ id: AppointmentID, by actor: Actor) async throws {
        let book = self
        try await store.write { tx in
            let hold = try book.held(id, for: actor, in: tx)
            try book.remove(hold, at: book.ambient.now(), in: tx)
            try tx.raise(hold.event("hold.released", ambient: book.ambient))
        }
    }

    private func held(
        _ id: AppointmentID, for actor: Actor, in tx: Transaction
    ) throws -> Appointment {
        let hold = try locked(id, for: actor, in: tx)
        guard hold.status == .held else {
            throw Refusal.conflict("This is an appointment already, not a hold.")
        }
        return hold
    }

    // MARK: Expiry

    private static let expiryJob = "booking.expire_holds"

    /// A job at the moment of expiry, so that others hear of it in time. Nothing depends on it.
    private func watch(_ hold: Appointment, in tx: Transaction) throws {
        guard let expiresAt = hold.expiresAt else { return }
        try JobQueue.enqueue(
            Self.expiryJob, account: hold.account, [:], at: expiresAt,
            uniqueKey: "\(Self.expiryJob):\(hold.account):\(expiresAt.milliseconds)",
            ambient: ambient, in: tx)
    }

    /// What the worker runs for this feature.
    package var jobHandlers: [String: Worker.Handler] {
        let book = self
        return [
            Self.expiryJob: { job in
                guard let account = job.account else { return .dead(reason: "no account") }
                try await book.store.write { tx in
                    try book.expireHolds(of: account, in: tx)
                }
                return .done
            }
        ]
    }
}
