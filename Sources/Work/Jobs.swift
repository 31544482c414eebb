import Kernel
import Store

/// A piece of work to do later, outside any transaction: calling another system, waiting for a
/// moment. It exists exactly when the transaction that enqueued it commits.
package struct Job: Sendable, Equatable {
    package var id: String
    package var account: AccountID?
    package var kind: String
    package var payload: [String: JSONValue]
    package var runAt: Instant
    /// When it was first due; `runAt` moves on with every pause.
    package var dueAt: Instant
    /// How often it was begun, this time included.
    package var attempts: Int
    /// When this attempt fails, there is no other.
    package internal(set) var isLastAttempt = false
    /// This claim's name: what is recorded after the work counts only while it is still ours.
    var lease: String
    var queueKey: String?

    init(row: Row) throws {
        id = try row.text(0)
        account = row.idOrNil(1)
        kind = try row.text(2)
        payload = try row.json(3).object ?? [:]
        runAt = try row.instant(4)
        attempts = try row.int(5)
        lease = row.textOrNil(6) ?? ""
        dueAt = try row.instant(7)
        queueKey = row.textOrNil(8)
    }
}

/// What became of an attempt.
package enum JobOutcome: Sendable, Equatable {
    case done
    /// Try again; nil: after the usual growing pause.
    case again(reason: String, afterSeconds: Int?)
    /// Never again: a person looks at it.
    case dead(reason: String)
}

package enum JobQueue {
    /// The attempts of the standard policy.
    package static let maxAttempts = RetryPolicy.standard.maxAttempts

    /// Enqueues work in the caller's transaction. With a unique key a second, unfinished twin is
    /// not made; answers whether a job was made.
    ///
    /// Jobs of one queue key are done one after the other, in the order in which they were
    /// enqueued; whoever enqueues should hold a lock on what the key names.
    @discardableResult
    package static func enqueue(
        _ kind: String, account: AccountID?, _ payload: [String: JSONValue], at runAt: Instant,
        uniqueKey: String? = nil, queueKey: String? = nil, ambient: Ambient, in tx: Transaction
    ) throws -> Bool {
        let position = try queueKey.map { try JobQueries.nextPosition(in: $0, tx) } ?? 0
        let made = try JobQueries.insert(
            id: ambient.newID("job"), kind: kind, account: account, payload: payload,
            uniqueKey: uniqueKey, queueKey: queueKey, position: position, runAt: runAt,
            now: ambient.now(), in: tx)
        tx.wakeWorkers()
        return made
    }

    /// Records the outcome, unless the lease has passed to another worker.
    static func settle(
        _ job: Job, _ outcome: JobOutcome, _ policy: RetryPolicy, ambient: Ambient,
        in tx: Transaction
    ) throws {
        let now = ambient.now()
        switch outcome {
        case .done:
            try JobQueries.delete(job, in: tx)
        case .again(let reason, let seconds) where !job.isLastAttempt:
            let pause: Int
            if let seconds {
                // What the other side asks for is a wish: bounded, and never at once.
                pause = min(policy.longestPauseSeconds, max(1, seconds)) * 1000
            } else {
                pause = policy.pauseMilliseconds(
                    after: job.attempts, chance: ambient.randomBytes(2))
            }
            let next = now.advanced(byMilliseconds: Int64(pause))
            try JobQueries.postpone(job, until: next, reason, in: tx)
        case .again(let reason, _), .dead(let reason):
            guard try JobQueries.bury(job, reason, at: now, in: tx) else { return }
            // The office's own: a business sees what became of its message, not of our work.
            try tx.raise(
                Event(
                    "job.died", account: nil, subject: job.id, ["kind": .string(job.kind)],
                    ambient: ambient))
        }
    }
}
