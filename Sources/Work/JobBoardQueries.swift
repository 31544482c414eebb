import Kernel
import Store

enum JobBoardQueries {
    private static func isRunning(_ now: Instant) -> SQL {
        "(jobs.state = 'ready' AND COALESCE(jobs.leased_until, 0) > \(now))"
    }

    private static func columns(_ now: Instant) -> SQL {
        """
        jobs.id, jobs.kind, jobs.account_id,
        (SELECT name FROM accounts WHERE accounts.id = jobs.account_id),
        CASE WHEN \(isRunning(now)) THEN 'running' ELSE jobs.state END,
        jobs.attempts, jobs.last_error, jobs.run_at, jobs.created_at, jobs.died_at
        """
    }

    private static func read(_ row: Row) throws -> JobBoard.Entry {
        JobBoard.Entry(
            id: try row.text(0), kind: try row.text(1), account: row.idOrNil(2),
            accountName: row.textOrNil(3), state: try row.word(4), attempts: try row.int(5),
            lastError: row.textOrNil(6), runAt: try row.instant(7), createdAt: try row.instant(8),
            diedAt: try row.instantOrNil(9))
    }

    static func entries(
        _ state: JobBoard.State?, now: Instant, limit: Int, before: String?, in tx: Transaction
    ) throws -> [JobBoard.Entry] {
        let filter: SQL =
            switch state {
            case nil: "1 = 1"
            case .dead: "jobs.state = 'dead'"
            case .running: isRunning(now)
            case .ready: "jobs.state = 'ready' AND NOT \(isRunning(now))"
            }
        let page: SQL = before.map { "jobs.id < \($0)" } ?? "1 = 1"
        return try tx.all(
            """
            SELECT \(columns(now)) FROM jobs
            WHERE \(filter) AND \(page)
            ORDER BY jobs.id DESC
            LIMIT \(limit)
            """, read)
    }

    static func entry(_ id: String, now: Instant, in tx: Transaction) throws -> JobBoard.Entry? {
        try tx.first("SELECT \(columns(now)) FROM jobs WHERE jobs.id = \(id)", read)
    }

    static func lock(_ id: String, in tx: Transaction) throws {
        _ = try tx.all("SELECT id FROM jobs WHERE id = \(id) \(.forUpdate)") { _ in () }
    }

    static func summary(now: Instant, in tx: Transaction) throws -> JobBoard.Summary {
        var summary = JobBoard.Summary()
        let counts = try tx.all(
            """
            SELECT CASE WHEN \(isRunning(now)) THEN 'running' ELSE jobs.state END AS standing,
                COUNT(*)
            FROM jobs
            GROUP BY 1
            """
        ) { (try $0.word(0, JobBoard.State.self), try $0.int(1)) }
        for (state, count) in counts {
            switch state {
            case .ready: summary.ready = count
            case .running: summary.running = count
            case .dead: summary.dead = count
            }
        }
        summary.oldestDueAt = try tx.first(
            """
            SELECT MIN(run_at) FROM jobs
            WHERE state = 'ready' AND run_at <= \(now)
                AND (leased_until IS NULL OR leased_until <= \(now))
            """
        ) { try $0.instantOrNil(0) }
        .flatMap { $0 }
        return summary
    }

    static func dead(limit: Int, in tx: Transaction) throws -> [String] {
        try tx.all("SELECT id FROM jobs WHERE state = 'dead' ORDER BY id LIMIT \(limit)") {
            try $0.text(0)
        }
    }

    static func revive(_ id: String, at now: Instant, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE jobs
            SET state = 'ready', run_at = \(now), due_at = \(now), attempts = 0, died_at = NULL
            WHERE id = \(id)
            """)
    }

    static func delete(_ id: String, in tx: Transaction) throws {
        try tx.execute("DELETE FROM jobs WHERE id = \(id) AND state = 'dead'")
    }
}
