import Kernel
import Store

enum ScheduleQueries {
    struct Found {
        var schedule: Schedule
        var nextRunAt: Instant?
    }

    private static let columns: SQL =
        "name, account_id, expression, time_zone, kind, payload, is_housekeeping, next_run_at"

    private static func read(_ row: Row) throws -> Found {
        let name = try row.text(0)
        guard let cron = Cron(try row.text(2)), let zone = Zone(try row.text(3)) else {
            throw StoreError.corrupt("schedule \(name) has no readable time")
        }
        return Found(
            schedule: Schedule(
                name, cron, in: zone, kind: try row.text(4), account: row.idOrNil(1),
                payload: try row.json(5).object ?? [:], isHousekeeping: try row.bool(6)),
            nextRunAt: try row.instantOrNil(7))
    }

    static func find(_ name: String, in tx: Transaction) throws -> Found? {
        try tx.first("SELECT \(columns) FROM job_schedules WHERE name = \(name)", read)
    }

    static func put(
        _ schedule: Schedule, next: Instant?, now: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO job_schedules (name, account_id, expression, time_zone, kind, payload,
                is_housekeeping, next_run_at, updated_at)
            VALUES (\(schedule.name), \(schedule.account), \(schedule.cron.expression),
                \(schedule.zone.identifier), \(schedule.kind),
                \(JSONValue.object(schedule.payload)), \(schedule.isHousekeeping), \(next), \(now))
            ON CONFLICT (name) DO UPDATE
            SET account_id = excluded.account_id, expression = excluded.expression,
                time_zone = excluded.time_zone, kind = excluded.kind,
                payload = excluded.payload, is_housekeeping = excluded.is_housekeeping,
                next_run_at = excluded.next_run_at, updated_at = excluded.updated_at
            """)
    }

    static func remove(_ name: String, in tx: Transaction) throws {
        try tx.execute("DELETE FROM job_schedules WHERE name = \(name)")
    }

    static func due(
        kinds: [String], now: Instant, limit: Int, in tx: Transaction
    ) throws -> [Found] {
        try tx.all(
            """
            SELECT \(columns) FROM job_schedules
            WHERE next_run_at <= \(now) AND kind IN (\(list: kinds))
            ORDER BY next_run_at, name
            LIMIT \(limit)
            \(.skipLocked)
            """, read)
    }

    static func ran(
        _ name: String, at dueAt: Instant, next: Instant?, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE job_schedules SET last_run_at = \(dueAt), next_run_at = \(next)
            WHERE name = \(name)
            """)
    }

    /// When the next is due, of the kinds that this process knows.
    static func nextDue(
        kinds: [String], withHousekeeping: Bool, in tx: Transaction
    ) throws -> Instant? {
        try tx.first(
            """
            SELECT MIN(next_run_at) FROM job_schedules
            WHERE kind IN (\(list: kinds)) AND is_housekeeping <= \(withHousekeeping)
            """
        ) { try $0.instantOrNil(0) }
        .flatMap { $0 }
    }
}
