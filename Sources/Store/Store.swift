import Kernel
import Synchronization

/// The database of the office: SQLite or PostgreSQL, one SQL text for both.
///
/// Closures run off Swift's cooperative threads and may be run again after a conflict or when the
/// database went away, so they must have no effect but on their transaction.
package final class Store: Sendable {
    enum Engine: Sendable {
        case sqlite(SQLiteEngine)
        case postgres(PostgresEngine)
    }
    package typealias Reaction = @Sendable (Event, Transaction) throws -> Void
    package typealias Rider = @Sendable (Transaction) throws -> Void

    let engine: Engine
    /// nil on SQLite, which one process uses.
    let listener: PostgresListener?
    private let reactions = Mutex<[Reaction]>([])
    /// Called after a commit that recorded events or enqueued work, ours or another process's.
    private let listeners = Mutex<[@Sendable (Committed) -> Void]>([])
    private let watch = Mutex(Watch())

    /// What counts and measures: told after each transaction of this process, and of each
    /// statement before it runs.
    package struct Watch: Sendable {
        package var events: @Sendable ([Event]) -> Void = { _ in }
        package var duration: @Sendable (_ writes: Bool, Duration) -> Void = { _, _ in }
        /// nil: nobody listens, and nothing is paid for it.
        package var statement: (@Sendable (SQL) -> Void)?

        package init() {}
    }

    /// How long a request waits for a database that is away: a restart takes a few seconds.
    package static let patience = Duration.seconds(10)

    /// Runs as the last act of each transaction that the current task writes: what is recorded
    /// there (that a request was carried out) is true exactly when the rest is.
    @TaskLocal package static var rider: Rider?

    /// Looks at the first transaction that the current task opens.
    @TaskLocal package static var prelude: (any Prelude)?

    private static var openPrelude: (any Prelude)? {
        prelude.flatMap { $0.isOpen ? $0 : nil }
    }

    /// What a commit brought that somebody may be waiting for.
    package struct Committed: Sendable, Equatable {
        package var hasEvents: Bool
        package var hasWork: Bool
    }

    /// `sqlite:PATH` or `postgres://…` (also `postgresql://…`).
    package init(url: String, connections: Int = 16) throws {
        if url.hasPrefix("sqlite:") {
            engine = .sqlite(try SQLiteEngine(path: String(url.dropFirst("sqlite:".count))))
            listener = nil
        } else if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            engine = .postgres(try PostgresEngine(url: url, connections: connections))
            listener = PostgresListener(url: url)
        } else {
            throw Refusal.invalid(
                "database", "url", "must be sqlite:PATH or postgres://user@host/name.")
        }
    }

    package var kind: EngineKind { if case .sqlite = engine { .sqlite } else { .postgres } }

    package func close() throws {
        try listener?.close()
        switch engine {
        case .sqlite(let engine): try engine.close()
        case .postgres(let engine): try engine.close()
        }
    }

    /// Adds a reaction: it runs inside the transaction that raises an event, in order of adding.
    package func react(_ reaction: @escaping Reaction) {
        reactions.withLock { $0.append(reaction) }
    }

    package func afterCommit(_ listener: @escaping @Sendable (Committed) -> Void) {
        listeners.withLock { $0.append(listener) }
    }

    package func watch(_ watch: Watch) { self.watch.withLock { $0 = watch } }

    func tellListeners(_ committed: Committed) {
        guard committed.hasEvents || committed.hasWork else { return }
        for listener in listeners.withLock({ $0 }) { listener(committed) }
    }

    /// One consistent snapshot for all the queries of the closure. `knowingSnapshot`: its word will
    /// be asked for, and comes with the first answer.
    package func read<T: Sendable>(
        waiting patience: Duration = patience, knowingSnapshot: Bool = false,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let started = ContinuousClock.now
        defer { watch.withLock { $0 }.duration(false, started.duration(to: .now)) }
        // Closures run on threads of their own; what they say must be in the caller's language.
        let tongue = Tongue.current
        let statement = watch.withLock { $0.statement }
        let prelude = Self.openPrelude
        let spoken: @Sendable (Transaction) throws -> T = { tx in
            tx.watcher = statement
            tx.prelude = prelude
            return try Tongue.$current.withValue(tongue) { try body(tx) }
        }
        let asks = knowingSnapshot || prelude != nil
        return try await patiently(patience) { [engine] deadline, attempt in
            switch engine {
            case .sqlite(let engine): try await engine.read(spoken)
            case .postgres(let engine):
                try await engine.read(
                    until: deadline, asking: !asks ? .never : attempt == 0 ? .early : .withFirst,
                    spoken)
            }
        }
    }

    /// A transaction: all of it or nothing. Conflicts with others are run again, with growing
    /// pauses, up to eight times; while the database is away, until the patience ends.
    @discardableResult
    package func write<T: Sendable>(
        waiting patience: Duration = patience,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let reactions = reactions.withLock { $0 }
        let rider = Self.rider
        let tongue = Tongue.current
        let started = ContinuousClock.now
        let statement = watch.withLock { $0.statement }
        let prelude = Self.openPrelude
        let whole: @Sendable (Transaction.Connection) throws -> (T, Committed, [Event]) = {
            connection in
            let tx = Transaction(connection) { event, tx in
                for reaction in reactions { try reaction(event, tx) }
            }
            tx.watcher = statement
            tx.prelude = prelude
            let value = try Tongue.$current.withValue(tongue) { try body(tx) }
            try rider?(tx)
            if !tx.raised.isEmpty { try EventLog.append(tx.raised, in: tx) }
            let committed = Committed(hasEvents: !tx.raised.isEmpty, hasWork: tx.wakesWorkers)
            return (value, committed, tx.raised)
        }
        let (value, committed, events) = try await patiently(patience) { [engine] deadline, _ in
            switch engine {
            case .sqlite(let engine): try await engine.write(whole)
            case .postgres(let engine):
                try await engine.write(until: deadline) { connection in
                    let result = try whole(connection)
                    return .init(
                        value: result, commit: Self.commit(telling: result.1, from: engine.node))
                }
            }
        }
        tellListeners(committed)
        let watch = watch.withLock { $0 }
        watch.duration(true, started.duration(to: .now))
        if !events.isEmpty { watch.events(events) }
        return value
    }

    /// The others hear of it exactly when it commits, in the same message to the server.
    private static func commit(telling committed: Committed, from node: String) -> String {
        guard committed.hasEvents || committed.hasWork else { return "COMMIT" }
        return "NOTIFY \(PostgresListener.channel), '\(Notice.payload(committed, from: node))'; "
            + "COMMIT"
    }

    /// Runs again what met somebody else's transaction or a database that is away.
    private func patiently<T: Sendable>(
        _ patience: Duration, _ body: (ContinuousClock.Instant, Int) async throws -> T
    ) async throws -> T {
        let started = ContinuousClock.now
        let deadline = started + patience
        var attempt = 0
        while true {
            do {
                return try await body(deadline, attempt)
            } catch StoreError.busy where attempt < 8 {
                attempt += 1
            } catch StoreError.unavailable(let text) {
                // A full disk does not heal in seconds; a server that restarts does.
                attempt += 1
                guard kind == .postgres, .now < deadline else {
                    throw StoreError.unavailable(text)
                }
            }
            // Differing pauses keep two transactions from meeting again: the time that the
            // attempt took is random enough.
            let spread = Int(
                started.duration(to: .now).components.attoseconds / 1_000_000_000 % 7)
            try await Task.sleep(for: .milliseconds((spread + 1) << min(attempt, 6)))
        }
    }
}
