import Kernel
import Store

/// A job that is enqueued again and again: "every night at three, Vienna time".
package struct Schedule: Sendable, Equatable {
    /// Unique in the office, such as `purge.sessions` or `digest:acct_…`.
    package var name: String
    package var account: AccountID?
    package var cron: Cron
    package var zone: Zone
    /// The job that each run enqueues; it gets the payload and `scheduled_for`.
    package var kind: String
    package var payload: [String: JSONValue]
    /// Only the last run matters: a virtual clock that moves over many does one.
    package var isHousekeeping: Bool

    package init(
        _ name: String, _ cron: Cron, in zone: Zone = .utc, kind: String,
        account: AccountID? = nil, payload: [String: JSONValue] = [:], isHousekeeping: Bool = false
    ) {
        self.name = name
        self.account = account
        self.cron = cron
        self.zone = zone
        self.kind = kind
        self.payload = payload
        self.isHousekeeping = isHousekeeping
    }
}

package enum Schedules {
    /// Makes a schedule, or changes the one of that name. One that is the same already keeps its
    /// next run.
    package static func set(_ schedule: Schedule, now: Instant, in tx: Transaction) throws {
        let known = try ScheduleQueries.find(schedule.name, in: tx)
        if known?.schedule == schedule { return }
        let isSameTime =
            known?.schedule.cron == schedule.cron && known?.schedule.zone == schedule.zone
        let next = schedule.cron.next(after: now, in: schedule.zone)
        try ScheduleQueries.put(
            schedule, next: isSameTime ? known?.nextRunAt : next, now: now, in: tx)
        tx.wakeWorkers()
    }

    package static func remove(_ name: String, in tx: Transaction) throws {
        try ScheduleQueries.remove(name, in: tx)
    }

    /// Enqueues the jobs of what is due, of the kinds that this process knows. What was missed
    /// while nobody ran is made up for once.
    ///
    /// The next time is written in the same transaction, so that of several processes one does it.
    static func fire(kinds: [String], ambient: Ambient, in tx: Transaction) throws {
        let now = ambient.now()
        for row in try ScheduleQueries.due(kinds: kinds, now: now, limit: 100, in: tx) {
            guard let dueAt = row.nextRunAt else { continue }
            let schedule = row.schedule
            var payload = schedule.payload
            payload["scheduled_for"] = .instant(dueAt)
            try JobQueue.enqueue(
                schedule.kind, account: schedule.account, payload, at: dueAt,
                uniqueKey: "schedule:\(schedule.name):\(dueAt.milliseconds)", ambient: ambient,
                in: tx)
            try ScheduleQueries.ran(
                schedule.name, at: dueAt, next: schedule.cron.next(after: now, in: schedule.zone),
                in: tx)
        }
    }
}
