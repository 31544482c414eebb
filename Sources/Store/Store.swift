import Kernel
import Synchronization

/// The database of the office: SQLite or PostgreSQL, one SQL text for both.
///
/// Closures run off Swift's cooperative threads and may be run again after a conflict, so they must
/// have no effect but on their transaction.
package final class Store: Sendable {
    private enum Engine: Sendable {
        case sqlite(SQLiteEngine)
        case postgres(PostgresEngine)
    }
    package typealias Reaction = @Sendable (Event, Transaction) throws -> Void

    private let engine: Engine
    private let reactions = Mutex<[Reaction]>([])
    /// Called after a commit that recorded events or enqueued work.
    private let listeners = Mutex<[@Sendable (Committed) -> Void]>([])

    /// What a commit brought that somebody may be waiting for.
    package struct Committed: Sendable {
        package var hasEvents: Bool
        package var hasWork: Bool
    }

    /// `sqlite:PATH` or `postgres://…` (also `postgresql://…`).
    package init(url: String, connections: Int = 16) throws {
        if url.hasPrefix("sqlite:") {
            engine = .sqlite(try SQLiteEngine(path: String(url.dropFirst("sqlite:".count))))
        } else if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            engine = .postgres(try PostgresEngine(url: url, connections: connections))
        } else {
            throw Refusal.invalid(
                "database", "url", "must be sqlite:PATH or postgres://user@host/name.")
        }
    }

    package var kind: EngineKind { if case .sqlite = engine { .sqlite } else { .postgres } }

    package func close() throws {
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

    /// One consistent snapshot for all the queries of the closure.
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        // Closures run on threads of their own; what they say must be in the caller's language.
        let tongue = Tongue.current
        let spoken: @Sendable (Transaction) throws -> T = { tx in
            try Tongue.$current.withValue(tongue) { try body(tx) }
        }
        return switch engine {
        case .sqlite(let engine): try await engine.read(spoken)
        case .postgres(let engine): try await engine.read(spoken)
        }
    }

    /// A transaction: all of it or nothing. Conflicts with others are run again, with growing
    /// pauses, up to eight times.
    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let reactions = reactions.withLock { $0 }
        let tongue = Tongue.current
        let whole: @Sendable (Transaction.Connection) throws -> (T, Committed) = { connection in
            let tx = Transaction(connection) { event, tx in
                for reaction in reactions { try reaction(event, tx) }
            }
            let value = try Tongue.$current.withValue(tongue) { try body(tx) }
            if !tx.raised.isEmpty { try EventLog.append(tx.raised, in: tx) }
            return (value, Committed(hasEvents: !tx.raised.isEmpty, hasWork: tx.wakesWorkers))
        }
        let started = ContinuousClock.now
        var attempt = 0
        while true {
            do {
                let (value, committed) =
                    switch engine {
                    case .sqlite(let engine): try await engine.write(whole)
                    case .postgres(let engine): try await engine.write(whole)
                    }
                if committed.hasEvents || committed.hasWork {
                    for listener in listeners.withLock({ $0 }) { listener(committed) }
                }
                return value
            } catch StoreError.busy where attempt < 8 {
                attempt += 1
                // Differing pauses keep two transactions from meeting again: the time that the
                // attempt took is random enough.
                let spread = Int(
                    started.duration(to: .now).components.attoseconds / 1_000_000_000 % 7)
                try await Task.sleep(for: .milliseconds((spread + 1) << min(attempt, 5)))
            }
        }
    }
}
