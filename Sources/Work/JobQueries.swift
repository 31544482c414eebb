import Kernel
import Store

enum JobQueries {
    static func nextPosition(in queueKey: String, _ tx: Transaction) throws -> Int {
        try tx.count(
            """
            SELECT COALESCE(MAX(position), 0) + 1 FROM jobs WHERE queue_key = \(queueKey)
            """)
    }

    static func insert(
        id: String, kind: String, account: AccountID?, payload: [String: JSONValue],
        uniqueKey: String?, queueKey: String?, position: Int, runAt: Instant, now: Instant,
        in tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO jobs (id, account_id, kind, payload, unique_key, queue_key, position,
                run_at, due_at, created_at)
            VALUES (\(id), \(account), \(kind), \(JSONValue.object(payload)), \(uniqueKey),
                \(queueKey), \(position), \(runAt), \(runAt), \(now))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    /// No older unfinished job of the same queue.
    private static let isFirstOfItsQueue: SQL = """
        (queue_key IS NULL OR NOT EXISTS (
            SELECT 1 FROM jobs AS older
            WHERE older.queue_key = jobs.queue_key AND older.state = 'ready'
                AND (older.position < jobs.position
                    OR (older.position = jobs.position AND older.id < jobs.id))
        ))
        """

    /// Takes up to `limit` due jobs for the length of a lease, oldest first. Others that claim at
    /// the same moment take the next ones.
    static func claim(
        as lease: String, now: Instant, until end: Instant, limit: Int, in tx: Transaction
    ) throws -> [Job] {
        let ids = try tx.all(
            """
            SELECT id FROM jobs
            WHERE state = 'ready' AND run_at <= \(now)
                AND (leased_until IS NULL OR leased_until <= \(now))
                AND \(isFirstOfItsQueue)
            ORDER BY run_at, id
            LIMIT \(limit)
            \(.skipLocked)
            """
        ) { try $0.text(0) }
        if ids.isEmpty { return [] }
        let jobs = try tx.all(
            """
            UPDATE jobs
            SET lease = \(lease), leased_until = \(end), attempts = attempts + 1
            WHERE id IN (\(list: ids))
            RETURNING id, account_id, kind, payload, run_at, attempts, lease, due_at, queue_key
            """, Job.init(row:))
        return jobs.sorted { ($0.runAt, $0.id) < ($1.runAt, $1.id) }
    }

    /// False: it is not ours any more.
    static func extend(_ job: Job, until end: Instant, in tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE jobs SET leased_until = \(end)
            WHERE id = \(job.id) AND lease = \(job.lease) AND state = 'ready'
            """) == 1
    }

    static func delete(_ job: Job, in tx: Transaction) throws {
        try tx.execute("DELETE FROM jobs WHERE id = \(job.id) AND lease = \(job.lease)")
    }

    static func postpone(
        _ job: Job, until next: Instant, _ reason: String, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE jobs
            SET run_at = \(next), lease = NULL, leased_until = NULL, last_error = \(reason)
            WHERE id = \(job.id) AND lease = \(job.lease)
            """)
    }

    /// Gives it back as if it had not been begun.
    static func release(_ job: Job, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE jobs
            SET lease = NULL, leased_until = NULL, attempts = attempts - 1
            WHERE id = \(job.id) AND lease = \(job.lease)
            """)
    }

    static func bury(
        _ job: Job, _ reason: String, at now: Instant, in tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE jobs
            SET state = 'dead', lease = NULL, leased_until = NULL, last_error = \(reason),
                died_at = \(now)
            WHERE id = \(job.id) AND lease = \(job.lease)
            """) == 1
    }

    /// Ends all leases: for the only process on a database, when it starts.
    static func releaseAll(in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE jobs SET lease = NULL, leased_until = NULL
            WHERE lease IS NOT NULL AND state = 'ready'
            """)
    }

    /// When the next job can be taken; nil when none waits.
    static func nextDue(in tx: Transaction) throws -> Instant? {
        try tx.first(
            """
            SELECT MIN(CASE WHEN leased_until > run_at THEN leased_until ELSE run_at END)
            FROM jobs
            WHERE state = 'ready' AND \(isFirstOfItsQueue)
            """
        ) { try $0.instantOrNil(0) }
        .flatMap { $0 }
    }
}
