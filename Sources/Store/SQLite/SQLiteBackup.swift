import Foundation
import GRDB

/// Copies of whole SQLite files.
enum SQLiteBackup {
    /// One consistent copy of a database that others may be writing to, page by page, so that row
    /// numbers and search indexes stay as they are. The copy needs no `-wal` beside it.
    static func copy(_ path: String, to copy: String) throws {
        var reading = Configuration()
        reading.readonly = true
        reading.busyMode = .timeout(10)
        do {
            let source = try DatabaseQueue(path: path, configuration: reading)
            let target = try DatabaseQueue(path: copy)
            // All pages in one step: one read transaction, which delays no writer.
            try source.backup(to: target)
            try target.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try target.close()
            try source.close()
        } catch { throw SQLiteEngine.translated(error) }
    }

    /// What `integrity_check` and `foreign_key_check` find; empty when all is well.
    static func faults(of path: String) throws -> [String] {
        var reading = Configuration()
        reading.readonly = true
        reading.busyMode = .timeout(10)
        do {
            let queue = try DatabaseQueue(path: path, configuration: reading)
            let faults = try queue.read { database in
                let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
                let broken = try GRDB.Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
                    .prefix(20).map { row in
                        "a row of \(row[0] as String? ?? "?") points at nothing in "
                            + (row[2] as String? ?? "?")
                    }
                return integrity.filter { $0 != "ok" } + broken
            }
            try queue.close()
            return faults
        } catch { throw SQLiteEngine.translated(error) }
    }

    /// Whether another process has the file open; settles its log when nobody has.
    static func isInUse(_ path: String) throws -> Bool {
        var configuration = Configuration()
        configuration.busyMode = .immediateError
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }  // It was opened to look only.
            // Leaving WAL needs the file for oneself.
            return try queue.writeWithoutTransaction { database in
                try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE") != "delete"
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return true
        } catch { throw SQLiteEngine.translated(error) }
    }
}
