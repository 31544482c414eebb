import GRDB
import NIOPosix
import Synchronization

/// SQLite through GRDB: WAL, one group-committing writer, a few readers.
///
/// `synchronous` is FULL (what was answered survives a power cut); transactions that wait for the
/// writer are committed together, each in a savepoint of its own, so one flush serves many.
final class SQLiteEngine: Sendable {
    private struct Job: Sendable {
        /// Runs in its savepoint; what it returns hands the result over after the commit.
        let run: @Sendable (GRDB.Database) -> @Sendable ((any Error)?) -> Void
        /// For a job that could not even begin.
        let fail: @Sendable (any Error) -> Void
    }
    private struct Queue {
        var jobs: [Job] = []
        var isRunning = false
    }

    /// Jobs in one commit: keeps the wait of the first below some tens of milliseconds.
    private static let batchLimit = 128
    private static let mostReaders = 4
    private let pool: DatabasePool
    /// A thread per reader: the pool's own way to a reader changes threads twice.
    private let readers = NIOThreadPool(numberOfThreads: mostReaders)
    private let queue = Mutex(Queue())
    private let numbers = ConnectionNumbers()

    init(path: String) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = Self.mostReaders
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        // What is deleted is overwritten: an erased person is not left in free pages.
        configuration.prepareDatabase { [numbers] database in
            numbers.add(database)
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        // Not in prepareDatabase: DatabasePool sets NORMAL after it.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        readers.start()
    }

    /// Writes the log into the database and empties it, as far as no reader needs it.
    func truncateLog() async throws {
        do {
            try await pool.barrierWriteWithoutTransaction { database in
                _ = try database.checkpoint(.truncate)
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            throw StoreError.busy("checkpoint")
        }
    }

    func close() throws {
        try readers.syncShutdownGracefully()
        try pool.close()
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    {
        try await readers.runIfActive { [pool, numbers] in
            do {
                return try pool.read { database in
                    let connection = SQLiteConnection(
                        database: database, number: numbers[database])
                    return try body(Transaction(.sqlite(connection), isReading: true))
                }
            } catch {
                throw Self.translated(error)
            }
        }
    }

    /// Runs the closure in a transaction with `finish` called before the commit.
    func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction.Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<T, any Error>) in
            let job = Job(
                run: { database in
                    let result = Result { try Self.inSavepoint(database, body) }
                    return { commitError in
                        if let commitError, case .success = result {
                            waiter.resume(throwing: Self.translated(commitError))
                        } else {
                            waiter.resume(with: result)
                        }
                    }
                },
                fail: { waiter.resume(throwing: Self.translated($0)) })
            let starts = queue.withLock { queue in
                queue.jobs.append(job)
                defer { queue.isRunning = true }
                return !queue.isRunning
            }
            if starts { pool.asyncWriteWithoutTransaction { [self] in drain($0) } }
        }
    }

    private static func inSavepoint<T>(
        _ database: GRDB.Database, _ body: (Transaction.Connection) throws -> T
    ) throws -> T {
        try database.execute(sql: "SAVEPOINT job")
        do {
            let value = try body(.sqlite(SQLiteConnection(database: database)))
            try database.execute(sql: "RELEASE SAVEPOINT job")
            return value
        } catch {
            try database.execute(sql: "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job")
            throw translated(error)
        }
    }

    private func drain(_ database: GRDB.Database) {
        while true {
            let batch = queue.withLock { queue in
                let batch = Array(queue.jobs.prefix(Self.batchLimit))
                queue.jobs.removeFirst(batch.count)
                if batch.isEmpty { queue.isRunning = false }
                return batch
            }
            if batch.isEmpty { return }
            var finishers: [@Sendable ((any Error)?) -> Void] = []
            var failure: (any Error)?
            do {
                try database.inTransaction(.immediate) {
                    for job in batch { finishers.append(job.run(database)) }
                    return .commit
                }
            } catch { failure = error }
            for finish in finishers { finish(failure) }
            // BEGIN itself failed: none has run, and each hears it.
            for job in batch.dropFirst(finishers.count) {
                job.fail(failure ?? StoreError.unavailable("the transaction did not begin"))
            }
        }
    }

    /// GRDB's errors in our vocabulary; other errors unchanged.
    static func translated(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let message = error.message ?? ""
        let columns = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? message
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            return StoreError.duplicate(StoreError.indexName(sqlite: columns))
        case .SQLITE_CONSTRAINT_FOREIGNKEY: return StoreError.foreignKey(message)
        case .SQLITE_CONSTRAINT_NOTNULL: return StoreError.notNull(columns)
        case .SQLITE_CONSTRAINT_CHECK: return StoreError.check(columns)
        case .SQLITE_CONSTRAINT_TRIGGER where message == "allocations_overlap":
            return StoreError.overlap
        default: break
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: return StoreError.busy(message)
        case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_READONLY:
            return StoreError.unavailable(message)
        default:
            return StoreError.other(code: "\(error.extendedResultCode.rawValue)", message: message)
        }
    }
}
