import FrontOffice
import Kernel
import Store
import Synchronization
import TestSupport
import Testing
import Work

@Suite("Trying again")
struct WorkRetryTests {
    /// Runs one failing job to its end; answers the seconds at which it was tried, and which
    /// attempts were told that they are the last.
    private static func tries(
        _ office: WorkOffice, _ policy: RetryPolicy, _ outcome: JobOutcome
    ) async throws -> (seconds: [Double], last: [Bool]) {
        let clock = try #require(office.clock)
        let start = clock.now()
        let seen = Mutex<([Double], [Bool])>(([], []))
        let worker = office.worker(policy: policy) { job in
            let seconds = Double(clock.now().milliseconds - start.milliseconds) / 1000
            seen.withLock {
                $0.0.append(seconds)
                $0.1.append(job.isLastAttempt)
            }
            return outcome
        }
        try await office.enqueue(1)
        for _ in 0..<500 {
            guard let due = try await worker.nextDue(withHousekeeping: true) else { break }
            clock.set(max(clock.now(), due))
            try await worker.runDue()
        }
        return seen.withLock { $0 }
    }

    @Test(arguments: TestEngine.available)
    func `happens after growing pauses that differ, a dozen times`(
        engine: TestEngine
    ) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            let failing = JobOutcome.again(reason: "no", afterSeconds: nil)
            let (seconds, last) = try await Self.tries(office, .standard, failing)
            #expect(last == Array(repeating: false, count: 11) + [true])
            var pause = 2.0
            for (earlier, later) in zip(seconds, seconds.dropFirst()) {
                #expect(later - earlier <= pause)
                #expect(later - earlier > pause * 0.84)
                pause = min(3600, pause * 2)
            }
            #expect(try await office.count("dead") == 1)
            let (others, _) = try await Self.tries(office, .standard, failing)
            #expect(zip(seconds, others).contains { $0 != $1 }, "the same pauses by chance")
            let died = try await office.store.read { tx in
                try EventLog.events(after: 0, limit: 10, in: tx)
            }
            #expect(died.map(\.type) == ["job.died", "job.died"])
            #expect(died.first?.account == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `goes on for three days where others may be away`(engine: TestEngine) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            let (seconds, last) = try await Self.tries(
                office, .patient, .again(reason: "no", afterSeconds: nil))
            let days = (seconds.last ?? 0) / 86_400
            #expect(days > 2.8)
            #expect(days <= 3)
            #expect(last.filter { $0 }.count == 1)
            #expect(last.last == true)
            for (earlier, later) in zip(seconds, seconds.dropFirst()) {
                #expect(later - earlier <= 3 * 3600)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `waits as long as it was asked to, within reason`(engine: TestEngine) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            for (asked, wanted) in [(0, 1.0), (-5, 1.0), (120, 120.0), (1_000_000, 3600.0)] {
                let (seconds, _) = try await Self.tries(
                    office, .init(maxAttempts: 2), .again(reason: "no", afterSeconds: asked))
                #expect(seconds == [0, wanted])
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `ends for what kills its process every time`(engine: TestEngine) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            let worker = office.worker(policy: .init(maxAttempts: 3)) { _ in
                Issue.record("it must not be begun again")
                return .done
            }
            try await office.enqueue(1)
            // Three claims whose leases ran out, as `kill -9` leaves them.
            try await office.store.write { tx in
                try tx.execute("UPDATE jobs SET attempts = 3, lease = 'dead', leased_until = 0")
            }
            #expect(try await worker.runDue() == 1)
            #expect(try await office.count("dead") == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `makes no twins while one is unfinished`(engine: TestEngine) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            #expect(try await office.enqueue(1, uniqueKey: "k"))
            #expect(try await office.enqueue(2, uniqueKey: "k") == false)
            let worker = office.worker { _ in .dead(reason: "no") }
            try await worker.runDue()
            #expect(try await office.enqueue(3, uniqueKey: "k"))
            try await worker.runDue()
            #expect(try await office.count("dead") == 2)
        }
    }
}
