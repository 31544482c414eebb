import Kernel
import Store

/// The work of the office as its admins see it: what waits, what runs, what was given up.
package struct JobBoard: Sendable {
    package enum State: String, Sendable, CaseIterable { case ready, running, dead }

    /// One job on the board. Its payload is not shown: features may keep what they like there.
    package struct Entry: Sendable {
        package var id: String
        package var kind: String
        package var account: AccountID?
        package var accountName: String?
        package var state: State
        package var attempts: Int
        package var lastError: String?
        package var runAt: Instant
        package var createdAt: Instant
        package var diedAt: Instant?
    }

    package struct Summary: Sendable {
        package var ready = 0
        package var running = 0
        package var dead = 0
        /// When the oldest job that could run now was due.
        package var oldestDueAt: Instant?
    }

    let store: Store
    let ambient: Ambient

    package init(store: Store, ambient: Ambient) {
        self.store = store
        self.ambient = ambient
    }

    /// One row more than `limit` tells that there are more; newest first, before the id `after`.
    package func entries(
        _ state: State?, limit: Int, after: String?, for actor: Actor
    ) async throws -> (entries: [Entry], summary: Summary) {
        try actor.require(.manageOffice)
        let now = ambient.now()
        return try await store.read { tx in
            (
                try JobBoardQueries.entries(
                    state, now: now, limit: limit + 1, before: after, in: tx),
                try JobBoardQueries.summary(now: now, in: tx)
            )
        }
    }

    /// Does a dead job's work again, from its first attempt.
    package func retry(_ id: String, by actor: Actor) async throws -> Entry {
        try actor.require(.manageOffice)
        let ambient = ambient
        return try await store.write { tx in
            let entry = try Self.dead(id, ambient, in: tx)
            do {
                try tx.savepoint { try JobBoardQueries.revive(id, at: ambient.now(), in: tx) }
            } catch StoreError.duplicate {
                throw Refusal.conflict("The same work is waiting already. Delete this one.")
            }
            try Self.raise("job.retried", entry, actor, ambient, in: tx)
            tx.wakeWorkers()
            return try JobBoardQueries.entry(id, now: ambient.now(), in: tx) ?? entry
        }
    }

    /// Does all dead jobs again, up to a thousand; answers how many. Those whose work waits
    /// already stay.
    package func retryAll(by actor: Actor) async throws -> Int {
        try actor.require(.manageOffice)
        let ids = try await store.read { tx in try JobBoardQueries.dead(limit: 1000, in: tx) }
        var count = 0
        for id in ids {
            do {
                _ = try await retry(id, by: actor)
                count += 1
            } catch let refusal as Refusal where [.conflict, .notFound].contains(refusal.kind) {
                continue  // Somebody else was quicker, or a twin waits.
            }
        }
        return count
    }

    /// Throws a dead job away: its work will not be done.
    package func delete(_ id: String, by actor: Actor) async throws {
        try actor.require(.manageOffice)
        let ambient = ambient
        try await store.write { tx in
            let entry = try Self.dead(id, ambient, in: tx)
            try JobBoardQueries.delete(id, in: tx)
            try Self.raise("job.deleted", entry, actor, ambient, in: tx)
        }
    }

    private static func dead(_ id: String, _ ambient: Ambient, in tx: Transaction) throws -> Entry {
        try JobBoardQueries.lock(id, in: tx)
        guard let entry = try JobBoardQueries.entry(id, now: ambient.now(), in: tx) else {
            throw Refusal.notFound()
        }
        guard entry.state == .dead else {
            throw Refusal.conflict("This job is not dead: it waits or is at work.")
        }
        return entry
    }

    private static func raise(
        _ type: String, _ entry: Entry, _ actor: Actor, _ ambient: Ambient, in tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: nil, subject: entry.id,
                ["kind": .string(entry.kind), "user_id": .id(actor.user)], ambient: ambient))
    }
}
