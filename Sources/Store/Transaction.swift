import Kernel

/// A running transaction: the same statements on both engines. After a statement has failed, the
/// rest fails too unless it ran in a `savepoint` (as PostgreSQL does it).
package final class Transaction {
    enum Connection {
        case sqlite(SQLiteConnection)
        case postgres(PostgresConnection)
    }

    private let connection: Connection
    private let onEvent: @Sendable (Event, Transaction) throws -> Void
    private var hasFailed = false
    private var depth = 0
    private(set) var raised: [Event] = []
    private(set) var wakesWorkers = false
    /// Only reads, and always the same moment.
    private let isReading: Bool
    /// Told of each statement.
    var watcher: (@Sendable (SQL) -> Void)?
    var prelude: (any Prelude)?

    init(
        _ connection: Connection, isReading: Bool = false,
        onEvent: @escaping @Sendable (Event, Transaction) throws -> Void = { _, _ in }
    ) {
        self.connection = connection
        self.isReading = isReading
        self.onEvent = onEvent
    }

    package var engine: EngineKind { if case .sqlite = connection { .sqlite } else { .postgres } }

    /// Runs a statement; answers the number of changed rows.
    @discardableResult
    package func execute(_ sql: SQL) throws -> Int {
        watcher?(sql)
        let (text, values) = sql.rendered(for: engine)
        // What changes rows waits for it.
        try meetPrelude()
        return try guarded {
            switch connection {
            case .sqlite(let connection): try connection.execute(text, values)
            case .postgres(let connection): try connection.execute(text, values)
            }
        }
    }

    /// Asks the prelude, when the first answer is there and before anybody sees it.
    private func meetPrelude() throws {
        if let prelude = prelude.take() { try prelude.look(at: self) }
    }

    /// Runs a query and maps its rows.
    package func all<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> [T] {
        watcher?(sql)
        let (text, values) = sql.rendered(for: engine)
        let rows = try guarded {
            switch connection {
            case .sqlite(let connection):
                try connection.all(text, values) { try map(Row(storage: .sqlite($0))) }
            case .postgres(let connection):
                try connection.all(text, values) { try map(Row(storage: .postgres($0))) }
            }
        }
        try meetPrelude()
        return rows
    }

    package func first<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> T? {
        try all(sql, map).first
    }

    /// What this transaction sees, in a word: two with the same word see the same rows, whatever
    /// they ask. Nil where there is no such word, as in a transaction that writes.
    ///
    /// PostgreSQL: the snapshot, in which every transaction that ends shows. SQLite: the connection
    /// with its `data_version`, which changes when another connection has committed.
    package func snapshot() throws -> String? {
        switch connection {
        case .sqlite(let connection):
            guard let number = connection.number else { return nil }
            return try first("PRAGMA data_version") { "\(number).\(try $0.int(0))" }
        case .postgres(let connection):
            guard isReading else { return nil }
            if let known = connection.snapshot { return known }
            let asked = try guarded { try connection.askSnapshot() }
            try meetPrelude()
            return asked
        }
    }

    package func exists(_ sql: SQL) throws -> Bool { try first(sql) { _ in true } ?? false }

    package func count(_ sql: SQL) throws -> Int { try first(sql) { try $0.int(0) } ?? 0 }

    /// Several statements of a migration file, without parameters.
    func script(_ text: String) throws {
        try guarded {
            switch connection {
            case .sqlite(let connection): try connection.script(text)
            case .postgres(let connection): try connection.simple(text)
            }
        }
    }

    /// A nested transaction: an error inside rolls back to here and the outer one goes on.
    package func savepoint<T>(_ body: () throws -> T) throws -> T {
        depth += 1
        defer { depth -= 1 }
        let eventCount = raised.count
        try script("SAVEPOINT nested\(depth)")
        do {
            let value = try body()
            try script("RELEASE SAVEPOINT nested\(depth)")
            return value
        } catch {
            hasFailed = false
            raised.removeLast(raised.count - eventCount)
            try script("ROLLBACK TO SAVEPOINT nested\(depth)")
            try script("RELEASE SAVEPOINT nested\(depth)")
            throw error
        }
    }

    /// Records what happened and runs the reactions that Wiring lists, in this transaction.
    package func raise(_ event: Event) throws {
        raised.append(event)
        try onEvent(event, self)
    }

    /// Says that work was enqueued, so that workers are woken after the commit.
    package func wakeWorkers() { wakesWorkers = true }

    private func guarded<T>(_ body: () throws -> T) throws -> T {
        if hasFailed { throw StoreError.aborted }
        do { return try body() } catch {
            hasFailed = true
            throw SQLiteEngine.translated(error)
        }
    }
}
