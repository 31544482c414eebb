import Foundation
import Kernel
import Live
import Logging
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing

/// Two processes on one PostgreSQL, or the only one on SQLite: each a store and a feed of its own.
@Suite("Several processes")
struct ProcessTests {
    private struct Process: Sendable {
        let store: Store
        let feed: EventFeed

        init(_ url: String) throws {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            store = try Store(url: url, connections: 8)
            feed = EventFeed(store: store, logger: logger)
        }

        /// Follows like a browser that loses its line after every few events.
        func follow(until last: Int) async throws -> [Event] {
            var seen: [Event] = []
            while seen.count < last {
                let (wakes, end) = feed.watch()
                var left = 1 + seen.count % 17
                for await wake in wakes where wake != .heartbeat {
                    let fresh = try await feed.events(
                        after: seen.last?.sequence ?? 0, limit: left)
                    seen += fresh
                    left -= fresh.count
                    if left <= 0 || seen.count >= last { break }
                }
                end()
            }
            return seen
        }
    }

    private final class Heard: Sendable {
        private let wakes = Mutex<[EventFeed.Wake]>([])
        var all: [EventFeed.Wake] { wakes.withLock { $0 } }
        func add(_ wake: EventFeed.Wake) { wakes.withLock { $0.append(wake) } }
        func clear() { wakes.withLock { $0 = [] } }
    }

    private static func with(
        _ engine: TestEngine, _ body: @escaping @Sendable ([Process]) async throws -> Void
    ) async throws {
        let database = try await engine.makeDatabase()
        try await database.open().close()
        let processes = try (0..<(engine == .postgres ? 2 : 1)).map { _ in
            try Process(database.url)
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let group = ServiceGroup(
            configuration: .init(
                services: processes.map { .init(service: $0.feed) }, logger: logger))
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                defer { tasks.cancelAll() }
                try await body(processes)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        } catch {
            for process in processes { try process.store.close() }
            try await database.remove()
            throw error
        }
        for process in processes { try process.store.close() }
        try await database.remove()
    }

    @Test(.timeLimit(.minutes(1)), arguments: TestEngine.available)
    func `tell 32 writers' events once and in order to readers that reconnect`(
        engine: TestEngine
    ) async throws {
        try await Self.with(engine) { processes in
            let (writers, each) = (32, 12)
            let all = try await withThrowingTaskGroup(of: [Event].self) { group in
                for process in processes {
                    group.addTask { try await process.follow(until: writers * each) }
                }
                for writer in 0..<writers {
                    let store = processes[writer % processes.count].store
                    group.addTask {
                        let ambient = Ambient.live()
                        for number in 0..<each {
                            try await store.write { tx in
                                try tx.raise(
                                    Event(
                                        "thing.made", account: nil, subject: "\(writer)-\(number)",
                                        ambient: ambient))
                                // Commits overtake each other.
                                let spread = ambient.randomBytes(1)[0]
                                if tx.engine == .postgres { usleep(UInt32(spread) * 60) }
                            }
                        }
                        return []
                    }
                }
                return try await group.reduce(into: [[Event]]()) { all, seen in
                    if !seen.isEmpty { all.append(seen) }
                }
            }
            #expect(all.count == processes.count)
            for seen in all {
                #expect(seen.map(\.sequence) == (1...Int64(writers * each)).map { $0 })
                #expect(Set(seen.map(\.subject)).count == writers * each)
                for writer in 0..<writers {
                    let own = seen.map(\.subject).filter { $0.hasPrefix("\(writer)-") }
                    #expect(own == (0..<each).map { "\(writer)-\($0)" })
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `hear each other's commits and signals at once`() async throws {
        guard TestEngine.available.contains(.postgres) else { return }
        try await Self.with(.postgres) { processes in
            let (here, there) = (processes[0], processes[1])
            while !there.store.hearsOthers || !here.store.hearsOthers {
                try await Task.sleep(for: .milliseconds(10))
            }
            try await Task.sleep(for: .milliseconds(300))
            let (wakes, end) = there.feed.watch()
            let heard = Heard()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await wake in wakes { heard.add(wake) } }
                try await Task.sleep(for: .milliseconds(50))
                heard.clear()
                let started = ContinuousClock.now
                try await here.store.write { tx in
                    try tx.raise(Event("a.b", account: nil, subject: "x", ambient: .live()))
                }
                while !heard.all.contains(.events) {
                    try await Task.sleep(for: .milliseconds(2))
                }
                // Looking by itself would take up to three seconds.
                #expect(ContinuousClock.now - started < .seconds(1))
                let typing = Signal(
                    "typing", account: AccountID("acct_1"), subject: "conv_1 '; --",
                    ["state": "on", "name": "naïve ☃"])
                here.feed.send(typing)
                // Too long to be said; it must not get in the way of others.
                here.feed.send(
                    Signal(
                        "typing", account: nil, subject: "long",
                        ["name": .string(String(repeating: "x", count: 9000))]))
                let last = Signal("typing", account: nil, subject: "last", [:])
                here.feed.send(last)
                while !heard.all.contains(.signal(last)) {
                    try await Task.sleep(for: .milliseconds(2))
                }
                let signals = heard.all.filter { $0 != .events && $0 != .heartbeat }
                #expect(signals == [.signal(typing), .signal(last)])
                end()
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `lose their connections and go on`() async throws {
        guard TestEngine.available.contains(.postgres) else { return }
        try await Self.with(.postgres) { processes in
            let (here, there) = (processes[0].store, processes[1].store)
            try await here.write { tx in
                try tx.execute("CREATE TABLE things (id TEXT PRIMARY KEY)")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<40 {
                            do {
                                try await here.write { tx in
                                    try tx.execute(
                                        """
                                        INSERT INTO things (id) VALUES (\("\(writer)-\(number)"))
                                        ON CONFLICT DO NOTHING
                                        """)
                                    usleep(3000)
                                }
                            } catch StoreError.unknownOutcome {
                                continue  // Honest: it may have been done or not.
                            }
                        }
                    }
                }
                for _ in 0..<6 {
                    try await Task.sleep(for: .milliseconds(60))
                    // All of the other process, listening ones included.
                    _ = try await there.read { tx in
                        try tx.all(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = current_database() AND pid <> pg_backend_pid()
                            """
                        ) { _ in () }
                    }
                }
                try await group.waitForAll()
            }
            let count = try await here.read { try $0.count("SELECT COUNT(*) FROM things") }
            #expect(count > 50)
        }
    }

    @Test func `answer an unreachable PostgreSQL with an error in time`() async throws {
        #expect { try Store(url: "postgres://nobody@127.0.0.1:1/none") } throws: {
            if case StoreError.unavailable = $0 { true } else { false }
        }
    }
}
