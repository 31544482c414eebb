import Kernel
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Does the enqueued work: claims due jobs as places become free, runs their handlers, records
/// what became of them, and enqueues what schedules ask for.
package final class Worker: Service {
    package typealias Handler = @Sendable (Job) async throws -> JobOutcome

    /// Jobs at work at one moment in one process.
    static let most = 16
    /// How soon work is seen that nobody announced: a command on the same SQLite file, a notice
    /// of PostgreSQL that was missed.
    private static let lookMilliseconds: (alone: Int, listening: Int) = (1000, 5000)

    let store: Store
    let ambient: Ambient
    let logger: Logger
    let handlers: [String: Handler]
    let policies: [String: RetryPolicy]
    let kinds: [String]
    private let schedules: [Schedule]
    let leaseSeconds: Int
    private let drainMilliseconds: Int
    private let takeOver: (@Sendable (Transaction) throws -> Void)?
    private let ring: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let gate = Gate()
    let running = RunningJobs()
    private let armed = Mutex<ContinuousClock.Instant?>(nil)
    private let isPrepared = Mutex(false)
    let watcher = Mutex<Watcher>({ _, _, _ in })

    /// `policies` are the retry policies of kinds that differ from the standard one. A lease is
    /// short, so that the work of a process that died is taken over soon; whoever works longer
    /// extends it. `drainMilliseconds`: how long running jobs may go on when the process stops.
    /// `takeOver` is given when no other process uses the database: what else ends at the start
    /// besides the leases of the process before.
    package init(
        store: Store, ambient: Ambient, logger: Logger, handlers: [String: Handler],
        policies: [String: RetryPolicy] = [:], schedules: [Schedule] = [],
        leaseSeconds: Int = 20, drainMilliseconds: Int = 7000,
        takeOver: (@Sendable (Transaction) throws -> Void)? = nil
    ) {
        self.store = store
        self.ambient = ambient
        self.logger = logger
        self.handlers = handlers
        self.policies = policies
        self.schedules = schedules
        self.leaseSeconds = leaseSeconds
        self.drainMilliseconds = drainMilliseconds
        self.takeOver = takeOver
        kinds = handlers.keys.sorted()
        (ring, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        store.afterCommit { [bell] committed in if committed.hasWork { bell.yield() } }
    }

    // MARK: As a service

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            bell.yield()
            for await _ in ring.cancelOnGracefulShutdown() {
                var pause = Self.lookMilliseconds.alone
                do {
                    try await prepare()
                    try await fill(&group)
                    pause = try await untilNextLook()
                } catch {
                    if Task.isCancelled { break }
                    logger.error("Claiming jobs failed", metadata: ["error": "\(error)"])
                }
                arm(milliseconds: pause, &group)
            }
            await drain()
            group.cancelAll()
        }
    }

    /// Starts jobs until all places are taken or nothing is due.
    private func fill(_ group: inout DiscardingTaskGroup) async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let free = Self.most - running.count
            if free <= 0 { return }
            let jobs = try await take(limit: free)
            for job in jobs {
                group.addTask { [self] in
                    await perform(job)
                    // Its place is free, and the next of its queue may go.
                    bell.yield()
                }
            }
            if jobs.count < free { return }
        }
    }

    private func untilNextLook() async throws -> Int {
        let (alone, listening) = Self.lookMilliseconds
        let longest = store.hearsOthers ? listening : alone
        guard let due = try await nextDue(withHousekeeping: true) else { return longest }
        let wait = due.milliseconds - ambient.now().milliseconds
        // What is due already waits for a free place, whose bell will ring.
        return wait <= 0 ? longest : min(longest, Int(wait))
    }

    /// Rings at the given time unless something will ring before.
    private func arm(milliseconds: Int, _ group: inout DiscardingTaskGroup) {
        let time = ContinuousClock.now + .milliseconds(milliseconds)
        let isEarlier = armed.withLock { armed in
            if let armed, armed > .now, armed <= time { return false }
            armed = time
            return true
        }
        guard isEarlier else { return }
        group.addTask { [bell] in
            do {
                try await cancelWhenGracefulShutdown {
                    try await Task.sleep(until: time, clock: .continuous)
                }
                bell.yield()
            } catch {}  // Shutting down.
        }
    }

    /// Lets running jobs end; those that do not are given back for another process.
    private func drain() async {
        await wait(milliseconds: drainMilliseconds)
        running.stopAll()
        await wait(milliseconds: 1000)
    }

    private func wait(milliseconds: Int) async {
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while running.count > 0, .now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    // MARK: Step by step

    /// Runs what is due now and waits for what is at work; answers how many jobs that were. When
    /// this returns 0, everything that was due has been done.
    @discardableResult
    package func runDue() async throws -> Int {
        try await prepare()
        let jobs = try await take(limit: Self.most)
        await withDiscardingTaskGroup { group in
            for job in jobs { group.addTask { [self] in await perform(job) } }
        }
        return jobs.count + (await running.waitUntilIdle())
    }

    /// When the next job or schedule is due; nil when none waits.
    package func nextDue(withHousekeeping: Bool) async throws -> Instant? {
        let kinds = kinds
        return try await store.read { tx in
            let job = try JobQueries.nextDue(in: tx)
            let schedule = try ScheduleQueries.nextDue(
                kinds: kinds, withHousekeeping: withHousekeeping, in: tx)
            guard let job, let schedule else { return job ?? schedule }
            return min(job, schedule)
        }
    }

    /// Claims due jobs and counts them as running, both before anybody else may look.
    private func take(limit: Int) async throws -> [Job] {
        await gate.enter()
        do {
            let jobs = try await claim(limit: limit)
            await gate.leave()
            return jobs
        } catch {
            await gate.leave()
            throw error
        }
    }

    private func claim(limit: Int) async throws -> [Job] {
        let now = ambient.now()
        // Looking costs little; most looks find nothing.
        guard let due = try await nextDue(withHousekeeping: true), due <= now else { return [] }
        let (ambient, kinds) = (ambient, kinds)
        let lease = ambient.newID("lease")
        let end = now.advanced(bySeconds: leaseSeconds)
        let jobs = try await store.write { tx in
            try Schedules.fire(kinds: kinds, ambient: ambient, in: tx)
            return try JobQueries.claim(as: lease, now: now, until: end, limit: limit, in: tx)
        }
        for job in jobs { running.add(job.id) }
        return jobs
    }

    /// Once per process: the program's own schedules are written down; the only process on a
    /// database takes over what its predecessor had at work.
    private func prepare() async throws {
        if isPrepared.withLock({ $0 }) { return }
        let (schedules, takeOver, now) = (schedules, takeOver, ambient.now())
        try await store.write { tx in
            for schedule in schedules { try Schedules.set(schedule, now: now, in: tx) }
            if let takeOver {
                try JobQueries.releaseAll(in: tx)
                try takeOver(tx)
            }
        }
        isPrepared.withLock { $0 = true }
    }
}

/// Lets one in at a time, first come first served.
private actor Gate {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if !isTaken {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
