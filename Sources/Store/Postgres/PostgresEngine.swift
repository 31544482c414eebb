import NIOPosix
import Synchronization

/// PostgreSQL through libpq: a bounded pool of connections, each used on a thread of our own, so
/// that blocking calls never run on Swift's cooperative threads.
final class PostgresEngine: Sendable {
    /// What a closure made and the statement that commits it; nil: it only read.
    struct Result<T: Sendable>: Sendable {
        var value: T
        var commit: String?
    }

    private struct Beginning: Sendable {
        var sql: String
        var asking = SnapshotQuestion.never
    }

    /// More than these waiting for a connection is more than could be served in time.
    private static let mostWaiting = 4096

    private let url: String
    private let threads: NIOThreadPool
    private let idle = Mutex<[PostgresConnection]>([])
    private let waiting = Atomic<Int>(0)
    /// Tells this process from others that use the same database now.
    let node: String

    init(url: String, connections: Int) throws {
        self.url = url
        threads = NIOThreadPool(numberOfThreads: connections)
        let first = try PostgresConnection(url)
        node = "\(first.backend).\(ProcessNumber.own)"
        idle.withLock { $0.append(first) }
        threads.start()
    }

    func close() throws {
        idle.withLock { $0.removeAll() }
        try threads.syncShutdownGracefully()
    }

    func read<T: Sendable>(
        until deadline: ContinuousClock.Instant, asking: SnapshotQuestion,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let begin = Beginning(
            sql: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", asking: asking)
        return try await withTransaction(begin, until: deadline) { connection in
            Result(
                value: try body(Transaction(.postgres(connection), isReading: true)), commit: nil)
        }
    }

    func write<T: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (Transaction.Connection) throws -> Result<T>
    ) async throws -> T {
        try await withTransaction(Beginning(sql: "BEGIN"), until: deadline) {
            try body(.postgres($0))
        }
    }

    /// Runs the closure with a connection that nobody else uses meanwhile. There are as many
    /// threads as connections, so waiting for a thread is waiting for a connection.
    private func withTransaction<T: Sendable>(
        _ begin: Beginning, until deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (PostgresConnection) throws -> Result<T>
    ) async throws -> T {
        defer { waiting.subtract(1, ordering: .relaxed) }
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.mostWaiting else {
            throw StoreError.unavailable("too many wait for a connection")
        }
        return try await threads.runIfActive { [self] in
            guard ContinuousClock.now <= deadline else {
                throw StoreError.unavailable("no connection was free in time")
            }
            while let connection = idle.withLock({ $0.popLast() }) {
                do {
                    return try Self.run(body, begin, connection, park)
                } catch StoreError.unavailable where connection.brokeAtRest {
                    continue  // Nothing was done: the next one, or a new one.
                }
            }
            return try Self.run(body, begin, try PostgresConnection(url), park)
        }
    }

    private static func run<T: Sendable>(
        _ body: (PostgresConnection) throws -> Result<T>, _ begin: Beginning,
        _ connection: PostgresConnection, _ park: (PostgresConnection) -> Void
    ) throws -> T {
        connection.begin(begin.sql, asking: begin.asking)
        do {
            let result = try body(connection)
            if let commit = result.commit {
                try Self.commit(connection, commit)
            } else {
                // What was read stays right whatever becomes of the connection.
                try? connection.endReading()
            }
            park(connection)
            return result.value
        } catch StoreError.unavailable(let text) {
            // Nothing can be asked of it any more; the server rolls back.
            throw StoreError.unavailable(text)
        } catch StoreError.unknownOutcome(let text) {
            throw StoreError.unknownOutcome(text)
        } catch {
            try? connection.rollBack()
            park(connection)
            throw error
        }
    }

    private func park(_ connection: PostgresConnection) {
        if !connection.isBroken { idle.withLock { $0.append(connection) } }
    }

    /// When the connection breaks here, nobody knows whether the server had committed.
    private static func commit(_ connection: PostgresConnection, _ statement: String) throws {
        guard connection.hasBegun || statement != "COMMIT" else { return }
        do { try connection.simple(statement) } catch StoreError.unavailable(let text) {
            throw StoreError.unknownOutcome(text)
        }
    }
}
