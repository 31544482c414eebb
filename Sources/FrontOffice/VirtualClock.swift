import Kernel
import Store
import Synchronization
import WebShell
import Work

/// The clock of a server started with `--test-clock`: frozen between moves.
package final class VirtualClock: Sendable {
    private let current: Mutex<Instant>

    package init(at start: Instant) { current = Mutex(start) }

    package func now() -> Instant { current.withLock { $0 } }

    /// Turns it without running anything; for tests of what runs.
    package func set(_ instant: Instant) { current.withLock { $0 = instant } }

    /// A restart takes the later of the flag and the stored time.
    func restore(from store: Store) async throws {
        let stored = try await store.read { tx in
            try tx.first("SELECT value FROM settings WHERE key = 'test_clock'") { try $0.text(0) }
        }
        guard let stored, let text = JSONValue(parsing: stored)?.string,
            let instant = Instant(rfc3339: text)
        else { return }
        current.withLock { $0 = max($0, instant) }
    }

    /// Moves forward through every due instant in order; what is due has run when this returns.
    package func move(to target: Instant, store: Store, worker: Worker) async throws {
        guard target >= now() else {
            throw Refusal.invalid("now", "range", "must not be before the clock's time.")
        }
        while let due = try await worker.nextDue(withHousekeeping: false), due <= target {
            current.withLock { $0 = max($0, due) }
            // Nothing to take: another process does it.
            if try await worker.runDue() == 0 { break }
        }
        current.withLock { $0 = target }
        let text = JSONValue.string(target.description)
        try await store.write { tx in
            try tx.execute(
                """
                INSERT INTO settings (key, value, updated_at)
                VALUES ('test_clock', \(text), \(target))
                ON CONFLICT (key) DO UPDATE
                SET value = excluded.value, updated_at = excluded.updated_at
                """)
        }
        while try await worker.runDue() > 0 {}
    }
}

struct TestClockRoutes {
    let clock: VirtualClock
    let store: Store
    let worker: Worker

    func add(to api: APIRoutes) {
        api.get("/test_clock", "test_clock") { [clock] _ in
            .ok(["now": .instant(clock.now())])
        }
        api.post("/test_clock", "test_clock", administers: true) { [self] call in
            try call.actor.require(.manageOffice)
            var input = try call.input()
            let target = input.instant("now")
            try input.finish()
            try await clock.move(to: target, store: store, worker: worker)
            return .ok(["now": .instant(clock.now())])
        }
    }
}
