import Kernel
import Store

/// How the office stands at one moment, for `/metrics` and `doctor`.
package struct OfficeState: Sendable {
    /// `ready`, `running` and `dead`, zeros included.
    package var jobs: [String: Int]
    package var oldestDueSeconds: Double
    package var head: Int64
    /// The channel of each inbox that was asked for.
    package var channels: [String: String]

    package init(at now: Instant, traffic: Set<String> = [], in tx: Transaction) throws {
        jobs = ["ready": 0, "running": 0, "dead": 0]
        let found = try tx.all(
            """
            SELECT CASE WHEN state = 'ready' AND leased_until > \(now) THEN 'running'
                    ELSE state END AS stands, COUNT(*)
            FROM jobs
            GROUP BY 1
            """
        ) { (try $0.text(0), try $0.int(1)) }
        for (state, count) in found { jobs[state] = count }
        let oldest = try tx.first(
            """
            SELECT MIN(run_at)
            FROM jobs
            WHERE state = 'ready' AND (leased_until IS NULL OR leased_until <= \(now))
            """
        ) { try $0.instantOrNil(0) }
        oldestDueSeconds =
            (oldest ?? nil).map { max(0, Double(now.milliseconds - $0.milliseconds) / 1000) } ?? 0
        head = try EventLog.head(in: tx)
        channels = [:]
        for inbox in traffic {
            channels[inbox] = try tx.first("SELECT channel FROM inboxes WHERE id = \(inbox)") {
                try $0.text(0)
            }
        }
    }
}

extension OfficeState {
    /// `kind (count)` of the jobs that were given up.
    static func deadKinds(in tx: Transaction) throws -> [String] {
        try tx.all(
            """
            SELECT kind, COUNT(*)
            FROM jobs
            WHERE state = 'dead'
            GROUP BY kind
            ORDER BY kind
            """
        ) { "\(try $0.text(0)) (\(try $0.int(1)))" }
    }

    /// The names of schedules that should have run more than two minutes ago.
    static func overdue(at now: Instant, in tx: Transaction) throws -> [String] {
        try tx.all(
            """
            SELECT name
            FROM job_schedules
            WHERE next_run_at < \(now.advanced(bySeconds: -120))
            ORDER BY name
            """
        ) { try $0.text(0) }
    }

    static func newestEvent(in tx: Transaction) throws -> Instant? {
        try tx.first("SELECT occurred_at FROM events ORDER BY sequence DESC LIMIT 1") {
            try $0.instant(0)
        }
    }
}
