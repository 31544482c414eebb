import NIOPosix
import Synchronization

/// PostgreSQL through libpq: a bounded pool of connections, each used on a thread of our own, so
/// that blocking calls never run on Swift's cooperative threads.
final class PostgresEngine: Sendable {
    private let url: String
    private let threads: NIOThreadPool
    private let idle = Mutex<[PostgresConnection]>([])

    init(url: String, connections: Int) throws {
        self.url = url
        threads = NIOThreadPool(numberOfThreads: connections)
        let first = try PostgresConnection(url)
        idle.withLock { $0.append(first) }
        threads.start()
    }

    func close() throws {
        idle.withLock { $0.removeAll() }
        try threads.syncShutdownGracefully()
    }

    /// Runs the closure with a connection that nobody else uses meanwhile. There are as many
    /// threads as connections, so waiting for a thread is waiting for a connection.
    private func withConnection<T: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> T
    ) async throws -> T {
        try await threads.runIfActive { [self] in
            let connection = try idle.withLock { $0.popLast() } ?? PostgresConnection(url)
            defer {
                if !connection.isBroken { idle.withLock { $0.append(connection) } }
            }
            return try body(connection)
        }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    {
        try await withConnection { connection in
            try Self.transaction(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                try body(Transaction(.postgres(connection)))
            }
        }
    }

    func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction.Connection) throws -> T
    ) async throws -> T {
        try await withConnection { connection in
            try Self.transaction(connection, "BEGIN") { try body(.postgres(connection)) }
        }
    }

    private static func transaction<T>(
        _ connection: PostgresConnection, _ begin: String, _ body: () throws -> T
    ) throws -> T {
        try connection.simple(begin)
        do {
            let value = try body()
            try connection.simple("COMMIT")
            return value
        } catch {
            // A broken connection cannot roll back; the server does it when it notices.
            try? connection.simple("ROLLBACK")
            throw error
        }
    }
}
