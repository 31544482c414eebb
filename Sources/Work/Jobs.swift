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
    package var attempts: Int
    /// This claim's lease: what is recorded after the work counts only while it is still ours.
    package var leasedUntil: Instant

    init(row: Row) throws {
        id = try row.text(0)
        account = row.idOrNil(1)
        kind = try row.text(2)
        payload = try row.json(3).object ?? [:]
        runAt = try row.instant(4)
        attempts = try row.int(5)
        leasedUntil = try row.instantOrNil(6) ?? .earliest
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
    package static let maxAttempts = 12
    static let leaseSeconds = 60

    /// Enqueues work in the caller's transaction. With a unique key a second, unfinished twin is
    /// not made; answers whether a job was made.
    @discardableResult
    package static func enqueue(
        _ kind: String, account: AccountID?, _ payload: [String: JSONValue], at runAt: Instant,
        uniqueKey: String? = nil, ambient: Ambient, in tx: Transaction
    ) throws -> Bool {
        let made = try tx.execute(
            """
            INSERT INTO jobs (id, account_id, kind, payload, unique_key, run_at, created_at)
            VALUES (\(ambient.newID("job")), \(account), \(kind), \(JSONValue.object(payload)),
                \(uniqueKey), \(runAt), \(ambient.now()))
            ON CONFLICT DO NOTHING
            """)
        tx.wakeWorkers()
        return made == 1
    }

    /// Takes up to `limit` due jobs for the length of a lease, oldest first.
    static func claim(now: Instant, limit: Int, in tx: Transaction) throws -> [Job] {
        let ids = try tx.all(
            """
            SELECT id FROM jobs
            WHERE state = 'ready' AND run_at <= \(now)
                AND (leased_until IS NULL OR leased_until <= \(now))
            ORDER BY run_at, id
            LIMIT \(limit)
            \(.skipLocked)
            """
        ) { try $0.text(0) }
        let lease = now.advanced(bySeconds: leaseSeconds)
        return try ids.flatMap { id in
            try tx.all(
                """
                UPDATE jobs
                SET leased_until = \(lease), attempts = attempts + 1
                WHERE id = \(id)
                RETURNING id, account_id, kind, payload, run_at, attempts, leased_until
                """, Job.init(row:))
        }
    }

    /// Records the outcome, unless the lease has passed to another worker.
    static func settle(
        _ job: Job, _ outcome: JobOutcome, now: Instant, in tx: Transaction
    ) throws {
        switch outcome {
        case .done:
            try tx.execute(
                "DELETE FROM jobs WHERE id = \(job.id) AND leased_until = \(job.leasedUntil)")
        case .again(let reason, let seconds) where job.attempts < maxAttempts:
            // What the other side asks for is a wish: bounded, and never at once.
            let pause = min(3600, max(1, seconds ?? 1 << min(job.attempts, 11)))
            try tx.execute(
                """
                UPDATE jobs
                SET run_at = \(now.advanced(bySeconds: pause)), leased_until = NULL,
                    last_error = \(reason)
                WHERE id = \(job.id) AND leased_until = \(job.leasedUntil)
                """)
        case .again(let reason, _), .dead(let reason):
            try tx.execute(
                """
                UPDATE jobs
                SET state = 'dead', leased_until = NULL, last_error = \(reason)
                WHERE id = \(job.id) AND leased_until = \(job.leasedUntil)
                """)
        }
    }

    /// When the next job is due; nil when none waits.
    package static func nextDue(in tx: Transaction) throws -> Instant? {
        try tx.first("SELECT MIN(run_at) FROM jobs WHERE state = 'ready'") {
            try $0.instantOrNil(0)
        }
        .flatMap { $0 }
    }
}
