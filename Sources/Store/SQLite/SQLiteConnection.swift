import Foundation
import GRDB
import Synchronization

/// GRDB's connection inside a transaction.
struct SQLiteConnection {
    let database: GRDB.Database
    /// Of a connection that only reads: its own among all that this process ever opened.
    var number: Int?

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: Self.arguments(values))
        return database.changesCount
    }

    func all<T>(_ sql: String, _ values: [SQLValue], _ map: (SQLiteRow) throws -> T) throws -> [T] {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try GRDB.Row.fetchCursor(statement, arguments: Self.arguments(values))
        var output: [T] = []
        while let row = try cursor.next() { output.append(try map(SQLiteRow(row: row))) }
        return output
    }

    func script(_ sql: String) throws { try database.execute(sql: sql) }

    private static func arguments(_ values: [SQLValue]) -> StatementArguments {
        StatementArguments(
            values.map { value -> (any DatabaseValueConvertible)? in
                switch value {
                case .null: nil
                case .int(let number): number
                case .double(let number): number
                case .text(let text): text
                case .bytes(let bytes): Data(bytes)
                }
            })
    }
}

/// One row as SQLite gives it.
struct SQLiteRow {
    let row: GRDB.Row

    func name(_ column: Int) -> String { Array(row.columnNames)[column] }
    func text(_ column: Int) -> String? { row[column] as String? }
    func int(_ column: Int) -> Int64? { row[column] as Int64? }
    func double(_ column: Int) -> Double? { row[column] as Double? }
}

/// A number for each connection, never given twice, though another may come to lie at its address.
final class ConnectionNumbers: Sendable {
    private let state = Mutex<(next: Int, of: [ObjectIdentifier: Int])>((0, [:]))

    func add(_ database: GRDB.Database) {
        state.withLock { state in
            state.next += 1
            state.of[ObjectIdentifier(database)] = state.next
        }
    }

    subscript(_ database: GRDB.Database) -> Int? {
        state.withLock { $0.of[ObjectIdentifier(database)] }
    }
}
