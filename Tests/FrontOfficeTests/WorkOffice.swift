import FrontOffice
import Kernel
import Logging
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing
import Work

/// A database with jobs and workers on it, as many as a test wants, on the real clock or one that
/// the test turns.
struct WorkOffice: Sendable {
    let database: TestDatabase
    let store: Store
    let clock: VirtualClock?
    let ambient: Ambient

    static func run(
        on engine: TestEngine, frozen: Bool = false,
        _ body: @Sendable (WorkOffice) async throws -> Void
    ) async throws {
        let database = try await engine.makeDatabase()
        let store = try await database.open()
        let clock = frozen ? VirtualClock(at: TestOffice.start) : nil
        let ambient =
            clock.map { clock in
                Ambient.with(now: { clock.now() }, randomBytes: Ambient.systemRandomBytes)
            } ?? .live()
        let office = WorkOffice(database: database, store: store, clock: clock, ambient: ambient)
        do { try await body(office) } catch {
            try store.close()
            try await database.remove()
            throw error
        }
        try store.close()
        try await database.remove()
    }

    static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    func worker(
        on other: Store? = nil, policy: RetryPolicy = .standard, leaseSeconds: Int = 20,
        drainMilliseconds: Int = 7000, _ handler: @escaping Worker.Handler
    ) -> Worker {
        Worker(
            store: other ?? store, ambient: ambient, logger: Self.silent,
            handlers: ["test.job": handler], policies: ["test.job": policy],
            leaseSeconds: leaseSeconds, drainMilliseconds: drainMilliseconds)
    }

    @discardableResult
    func enqueue(
        _ number: Int, at runAt: Instant? = nil, uniqueKey: String? = nil, queueKey: String? = nil,
        through other: Store? = nil
    ) async throws -> Bool {
        let ambient = ambient
        return try await (other ?? store).write { tx in
            try JobQueue.enqueue(
                "test.job", account: nil, ["number": .number(number)],
                at: runAt ?? ambient.now(), uniqueKey: uniqueKey, queueKey: queueKey,
                ambient: ambient, in: tx)
        }
    }

    func count(_ state: String = "ready") async throws -> Int {
        try await store.read { tx in
            try tx.count("SELECT COUNT(*) FROM jobs WHERE state = \(state)")
        }
    }

    /// Runs workers as the server does, until the body ends; then asks them to stop.
    func serving(
        _ workers: [Worker], _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let group = ServiceGroup(
            configuration: .init(services: workers.map { .init(service: $0) }, logger: Self.silent))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do { try await body() } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Waits until it is so, at most half a minute.
    func until(_ claim: @Sendable () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !claim() {
            try #require(.now < deadline, "it did not come true in half a minute")
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// What handlers did, in order.
final class Deeds: Sendable {
    private let state = Mutex<(all: [Int], now: Int, most: Int)>(([], 0, 0))

    var all: [Int] { state.withLock { $0.all } }
    /// Most at work at one moment.
    var most: Int { state.withLock { $0.most } }

    func begin() {
        state.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
    }

    func end(_ job: Job) {
        state.withLock {
            $0.now -= 1
            $0.all.append(Int(job.payload["number"]?.int ?? -1))
        }
    }
}
