import Kernel
import Store
import WebShell
import Work

/// What is thrown away in time, each by a schedule of its own.
struct Housekeeping: Sendable {
    /// Readers of events that were away longer than this have to begin anew.
    static let eventsKeptDays = 730
    /// Rows in one transaction, and transactions in one run: the office is not held up, and what
    /// is left goes the next time.
    private static let (rows, rounds) = (1000, 200)

    let store: Store
    let ambient: Ambient

    var schedules: [Schedule] {
        let times = [
            ("purge.idempotency_keys", "17 * * * *"), ("purge.sessions", "37 3 * * *"),
            ("purge.events", "47 3 * * *"),
        ]
        return times.compactMap { kind, time in
            Cron(time).map { Schedule(kind, $0, kind: kind, isHousekeeping: true) }
        }
    }

    var jobHandlers: [String: Worker.Handler] {
        [
            "purge.idempotency_keys": { _ in
                try await purge { now, tx in
                    try Idempotency.purge(now: now, limit: Self.rows, in: tx)
                }
            },
            "purge.sessions": { _ in
                try await purge { now, tx in
                    try HousekeepingQueries.purgeSessions(
                        endedBefore: now, limit: Self.rows, in: tx)
                }
            },
            "purge.events": { _ in
                try await purge { now, tx in
                    try EventLog.purge(
                        before: now.advanced(byDays: -Self.eventsKeptDays), limit: Self.rows,
                        in: tx)
                }
            },
        ]
    }

    /// For a process that is alone on its database.
    var takeOver: @Sendable (Transaction) throws -> Void {
        let start = ambient.now()
        return { tx in try Idempotency.takeOver(claimedBefore: start, in: tx) }
    }

    private func purge(
        _ round: @escaping @Sendable (Instant, Transaction) throws -> Int
    ) async throws -> JobOutcome {
        let now = ambient.now()
        for _ in 0..<Self.rounds {
            let count = try await store.write { tx in try round(now, tx) }
            if count == 0 { break }
        }
        return .done
    }
}

enum HousekeepingQueries {
    static func purgeSessions(
        endedBefore now: Instant, limit: Int, in tx: Transaction
    ) throws -> Int {
        try tx.execute(
            """
            DELETE FROM sessions
            WHERE id_hash IN (
                SELECT id_hash FROM sessions WHERE expires_at <= \(now) LIMIT \(limit)
            )
            """)
    }
}
