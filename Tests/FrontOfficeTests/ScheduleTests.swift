import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import Logging
import Store
import Synchronization
import TestSupport
import Testing
import WebShell
import Work

@Suite("Work that comes back")
struct ScheduleTests {
    /// A worker on a clock that the test moves; notes the job of each run.
    private final class Office: Sendable {
        let clock = VirtualClock(at: Instant(milliseconds: 1_774_270_800_000))  // 13:00 UTC
        let runs = Mutex<[String]>([])

        func worker(_ store: Store, _ schedules: [Schedule]) -> Worker {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let ambient = Ambient.with(
                now: { [clock] in clock.now() }, randomBytes: Ambient.systemRandomBytes)
            return Worker(
                store: store, ambient: ambient, logger: logger,
                handlers: [
                    "test.run": { [self] job in
                        runs.withLock { $0.append(job.payload["scheduled_for"]?.string ?? "") }
                        return .done
                    }
                ], schedules: schedules)
        }
    }

    private static func with(
        _ engine: TestEngine, _ body: (Store, Office) async throws -> Void
    ) async throws {
        let database = try await engine.makeDatabase()
        let store = try await database.open()
        do { try await body(store, Office()) } catch {
            try store.close()
            try await database.remove()
            throw error
        }
        try store.close()
        try await database.remove()
    }

    private static func schedule(_ text: String, isHousekeeping: Bool = false) throws -> Schedule {
        let (cron, zone) = (Cron(text), Zone("Europe/Vienna"))
        return Schedule(
            "test", try #require(cron), in: try #require(zone), kind: "test.run",
            isHousekeeping: isHousekeeping)
    }

    @Test(arguments: TestEngine.available)
    func `run once each, however many processes there are`(engine: TestEngine) async throws {
        try await Self.with(engine) { store, office in
            let schedule = try Self.schedule("0 3 * * *")
            let workers = (0..<6).map { _ in office.worker(store, [schedule]) }
            for worker in workers { try await worker.runDue() }
            for day in 1...4 {
                office.clock.set(office.clock.now().advanced(byDays: 1))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for worker in workers {
                        group.addTask { while try await worker.runDue() > 0 {} }
                    }
                    try await group.waitForAll()
                }
                #expect(office.runs.withLock { $0.count } == day)
            }
            #expect(
                office.runs.withLock { $0 } == [
                    "2026-03-24T02:00:00Z", "2026-03-25T02:00:00Z", "2026-03-26T02:00:00Z",
                    "2026-03-27T02:00:00Z",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `make up once for what was missed`(engine: TestEngine) async throws {
        try await Self.with(engine) { store, office in
            let worker = office.worker(store, [try Self.schedule("*/5 * * * *")])
            try await worker.runDue()
            office.clock.set(office.clock.now().advanced(byDays: 30))
            while try await worker.runDue() > 0 {}
            #expect(office.runs.withLock { $0 } == ["2026-03-23T13:05:00Z"])
            office.clock.set(office.clock.now().advanced(byMinutes: 5))
            while try await worker.runDue() > 0 {}
            #expect(office.runs.withLock { $0.last } == "2026-04-22T13:05:00Z")
        }
    }

    @Test(arguments: TestEngine.available)
    func `keep their next run over restarts and change with their expression`(
        engine: TestEngine
    ) async throws {
        try await Self.with(engine) { store, office in
            func next(_ text: String) async throws -> String? {
                let worker = office.worker(store, [try Self.schedule(text)])
                try await worker.runDue()
                return try await worker.nextDue(withHousekeeping: true)?.description
            }
            #expect(try await next("0 20 * * *") == "2026-03-23T19:00:00Z")
            office.clock.set(office.clock.now().advanced(byMinutes: 60))
            #expect(try await next("0 20 * * *") == "2026-03-23T19:00:00Z")
            #expect(try await next("30 15 * * *") == "2026-03-23T14:30:00Z")
            try await store.write { tx in try Schedules.remove("test", in: tx) }
            let worker = office.worker(store, [])
            #expect(try await worker.nextDue(withHousekeeping: true) == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of a moved clock run each in its time, housekeeping once`(
        engine: TestEngine
    ) async throws {
        try await Self.with(engine) { store, office in
            var hourly = try Self.schedule("0 * * * *")
            let worker = office.worker(store, [hourly])
            try await worker.runDue()
            try await office.clock.move(
                to: office.clock.now().advanced(bySeconds: 6 * 3600), store: store, worker: worker)
            #expect(office.runs.withLock { $0.count } == 6)
            hourly.isHousekeeping = true
            let tidy = office.worker(store, [hourly])
            try await tidy.runDue()
            try await office.clock.move(
                to: office.clock.now().advanced(byDays: 365), store: store, worker: tidy)
            #expect(office.runs.withLock { $0.count } == 7)
        }
    }

    @Test(arguments: TestEngine.available)
    func `throw away what is old: keys, sessions, events`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let key = HTTPField.Name("Idempotency-Key") ?? .ifMatch
            _ = try await office.call(
                .post, "/accounts/\(account)/contacts", ["name": "Dana"], headers: [key: "k1"])
            let user = try await office.call(.get, "/me")["user_id"].string ?? ""
            _ = try await office.wiring.gatekeeper.openSession(of: UserID(user), .office)
            func counts() async throws -> [Int] {
                try await office.wiring.store.read { tx in
                    [
                        try tx.count("SELECT COUNT(*) FROM idempotency_keys"),
                        try tx.count("SELECT COUNT(*) FROM sessions"),
                        try tx.count("SELECT COUNT(*) FROM events WHERE type = 'account.created'"),
                    ]
                }
            }
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 7200))
            #expect(try await counts() == [1, 1, 1])
            let head = try await office.wiring.store.read { try EventLog.head(in: $0) }
            try await office.moveClock(to: TestOffice.start.advanced(byDays: 800))
            #expect(try await counts() == [0, 0, 0])
            // The newest event stays: numbers go on from it.
            #expect(try await office.wiring.store.read { try EventLog.head(in: $0) } == head)
            let inbox = try await office.makeInbox(of: account)
            #expect(!inbox.isEmpty)
            #expect(try await office.wiring.store.read { try EventLog.head(in: $0) } == head + 1)
        }
    }
}
