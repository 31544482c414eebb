import FrontOffice
import Kernel
import Store
import Synchronization
import TestSupport
import Testing
import Work

@Suite("Jobs")
struct WorkTests {
    @Test(arguments: TestEngine.available)
    func `go on while one of them is slow, and at most sixteen at once`(
        engine: TestEngine
    ) async throws {
        try await WorkOffice.run(on: engine) { office in
            let deeds = Deeds()
            let worker = office.worker { job in
                deeds.begin()
                let isSlow = job.payload["number"] == 0
                // The slow one ends when all others have ended.
                for _ in 0..<1000 where isSlow && deeds.all.count < 60 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                if !isSlow { try await Task.sleep(for: .milliseconds(5)) }
                deeds.end(job)
                return .done
            }
            for number in 0...60 { try await office.enqueue(number) }
            try await office.serving([worker]) {
                try await office.until { deeds.all.count == 61 }
            }
            #expect(deeds.all.last == 0)
            #expect(deeds.most <= 16)
            #expect(deeds.most > 1)
            #expect(try await office.count() == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `are done once by many processes, at once when they are enqueued`(
        engine: TestEngine
    ) async throws {
        try await WorkOffice.run(on: engine) { office in
            let deeds = Deeds()
            // On PostgreSQL each has connections of its own, as processes do.
            let stores = try (0..<3).map { _ in
                engine == .postgres ? try Store(url: office.database.url, connections: 3) : nil
            }
            let workers = stores.map { store in
                office.worker(on: store) { job in
                    deeds.begin()
                    deeds.end(job)
                    return .done
                }
            }
            try await office.serving(workers) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for start in 0..<8 {
                        group.addTask {
                            for step in 0..<25 { try await office.enqueue(start * 25 + step) }
                        }
                    }
                    try await group.waitForAll()
                }
                try await office.until { try await office.count() == 0 }
            }
            #expect(deeds.all.sorted() == Array(0..<200))
            for store in stores { try store?.close() }
        }
    }

    @Test(arguments: TestEngine.available)
    func `of one queue keep their order, also when one is tried again`(
        engine: TestEngine
    ) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            let deeds = [Deeds(), Deeds()]
            let workers = (0..<3).map { _ in
                office.worker { job in
                    let number = Int(job.payload["number"]?.int ?? 0)
                    if number % 5 == 0, job.attempts < 3 {
                        return .again(reason: "not yet", afterSeconds: nil)
                    }
                    let mine = deeds[number / 100]
                    mine.begin()
                    try await Task.sleep(for: .milliseconds(1))
                    mine.end(job)
                    return .done
                }
            }
            for number in 0..<20 {
                try await office.enqueue(number, queueKey: "a")
                try await office.enqueue(number + 100, queueKey: "b")
            }
            let clock = try #require(office.clock)
            for _ in 0..<200 where try await office.count() > 0 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for worker in workers {
                        group.addTask { while try await worker.runDue() > 0 {} }
                    }
                    try await group.waitForAll()
                }
                if let due = try await workers[0].nextDue(withHousekeeping: true) {
                    clock.set(max(clock.now(), due))
                }
            }
            #expect(deeds[0].all == Array(0..<20))
            #expect(deeds[1].all == Array(100..<120))
            #expect(deeds[0].most == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of a process that died are taken over after the lease`(
        engine: TestEngine
    ) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            let deeds = Deeds()
            let worker = office.worker { job in
                deeds.begin()
                deeds.end(job)
                return .done
            }
            try await office.enqueue(1)
            // As a claim leaves it.
            let end = TestOffice.start.advanced(bySeconds: 20)
            try await office.store.write { tx in
                try tx.execute(
                    "UPDATE jobs SET lease = 'dead', leased_until = \(end), attempts = 1")
            }
            let clock = try #require(office.clock)
            clock.set(end.advanced(byMilliseconds: -1))
            #expect(try await worker.runDue() == 0)
            clock.set(end)
            #expect(try await worker.runDue() == 1)
            #expect(deeds.all == [1])
        }
    }

    @Test(arguments: TestEngine.available)
    func `whose lease has passed on do not count`(engine: TestEngine) async throws {
        try await WorkOffice.run(on: engine, frozen: true) { office in
            let store = office.store
            for outcome in [
                JobOutcome.done, .dead(reason: "no"), .again(reason: "no", afterSeconds: 1),
            ] {
                let worker = office.worker { _ in
                    try await store.write { tx in try tx.execute("UPDATE jobs SET lease = 'b'") }
                    return outcome
                }
                try await office.enqueue(1)
                #expect(try await worker.runDue() == 1)
                let found = try await store.read { tx in
                    try tx.all("SELECT state, lease, last_error FROM jobs") {
                        (try $0.text(0), $0.textOrNil(1), $0.textOrNil(2))
                    }
                }
                #expect(found.count == 1)
                #expect(found.first?.0 == "ready")
                #expect(found.first?.1 == "b")
                #expect(found.first?.2 == nil)
                try await store.write { tx in try tx.execute("DELETE FROM jobs") }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `that take long keep their lease`(engine: TestEngine) async throws {
        try await WorkOffice.run(on: engine) { office in
            let deeds = Deeds()
            let workers = (0..<2).map { _ in
                office.worker(leaseSeconds: 2) { job in
                    deeds.begin()
                    try await Task.sleep(for: .milliseconds(5200))
                    deeds.end(job)
                    return .done
                }
            }
            try await office.enqueue(1)
            try await office.serving(workers) {
                try await office.until { try await office.count() == 0 }
            }
            #expect(deeds.all == [1])
            #expect(deeds.most == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `are finished before the process stops, or given back untouched`(
        engine: TestEngine
    ) async throws {
        try await WorkOffice.run(on: engine) { office in
            let deeds = Deeds()
            let worker = office.worker(drainMilliseconds: 3000) { job in
                deeds.begin()
                let isEndless = job.payload["number"] == 1
                try await Task.sleep(for: isEndless ? .seconds(40) : .milliseconds(400))
                deeds.end(job)
                return .done
            }
            try await office.enqueue(0)
            try await office.enqueue(1)
            let started = ContinuousClock.now
            try await office.serving([worker]) {
                try await office.until { deeds.most == 2 }
            }
            #expect(ContinuousClock.now - started < .seconds(25))
            #expect(deeds.all == [0])
            let left = try await office.store.read { tx in
                try tx.all("SELECT attempts, lease, last_error FROM jobs") {
                    (try $0.int(0), $0.textOrNil(1), $0.textOrNil(2))
                }
            }
            #expect(left.count == 1)
            #expect(left.first?.0 == 0)
            #expect(left.first?.1 == nil)
            #expect(left.first?.2 == nil)
        }
    }
}
