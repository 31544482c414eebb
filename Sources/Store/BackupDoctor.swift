import Foundation

/// What only the engine can tell about the health of a database; for `doctor`.
package struct DatabaseHealth: Sendable {
    /// As people say it: `SQLite 3.40.1`, `PostgreSQL 15.18`.
    package var version: String
    package var isSupported: Bool
    /// What is broken, in words; empty when all is well.
    package var faults: [String]
    /// What may become a trouble.
    package var worries: [String]
    /// Milliseconds since 1970 by the database server's own clock, if it has one.
    package var clock: Int64?
    package var migrations: [String]
    package var tables: Set<String>

    /// Reads; a SQLite file is never made by asking.
    package static func examine(_ url: String, deeply: Bool = true) async throws -> DatabaseHealth {
        if let path = Backup.sqlitePath(url), !FileManager.default.fileExists(atPath: path) {
            throw BackupFailure("There is no database \(path).")
        }
        let store = try Store(url: url, connections: 1)
        do {
            var health = try await store.read(waiting: .seconds(2)) { tx in
                try tx.engine == .sqlite ? sqlite(tx) : postgres(tx)
            }
            if deeply, let path = Backup.sqlitePath(url) {
                health.faults += try SQLiteBackup.faults(of: path)
            }
            try store.close()
            return health
        } catch {
            try store.close()
            throw error
        }
    }

    private static func base(_ tx: Transaction) throws -> DatabaseHealth {
        let tables = Set(try TableDigest.names(in: tx))
        let migrations =
            tables.contains("schema_migrations")
            ? try tx.all("SELECT name FROM schema_migrations ORDER BY number") { try $0.text(0) }
            : []
        return DatabaseHealth(
            version: "", isSupported: true, faults: [], worries: [], clock: nil,
            migrations: migrations, tables: tables)
    }

    private static func sqlite(_ tx: Transaction) throws -> DatabaseHealth {
        var health = try base(tx)
        let version = try tx.first("SELECT sqlite_version()") { try $0.text(0) } ?? ""
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        health.version = "SQLite " + version
        health.isSupported = numbers.count > 1 && (numbers[0], numbers[1]) >= (3, 35)
        let mode = try tx.first("SELECT journal_mode FROM pragma_journal_mode") { try $0.text(0) }
        if mode != "wal" { health.worries.append("the journal is not a write-ahead log") }
        return health
    }

    private static func postgres(_ tx: Transaction) throws -> DatabaseHealth {
        try tx.execute("SET LOCAL statement_timeout = 0")
        var health = try base(tx)
        func text(_ sql: SQL) throws -> String { try tx.first(sql) { try $0.text(0) } ?? "" }
        health.version = "PostgreSQL " + (try text("SELECT current_setting('server_version')"))
        let number = Int(try text("SELECT current_setting('server_version_num')")) ?? 0
        health.isSupported = number >= 150_000
        if try text("SELECT current_setting('server_encoding')") != "UTF8" {
            health.faults.append("the database's encoding is not UTF8")
        }
        let order = try text(
            "SELECT datcollate FROM pg_database WHERE datname = current_database()")
        if !["C", "POSIX", "C.UTF-8", "C.utf8"].contains(order) {
            health.worries.append("text is sorted as \(order), not as C: lists differ from SQLite")
        }
        health.faults += try tx.all(
            """
            SELECT CAST(conrelid AS regclass)::text || ': ' || conname
            FROM pg_constraint WHERE NOT convalidated
            """
        ) { "the constraint \(try $0.text(0)) was never checked" }
        health.faults += try tx.all(
            "SELECT CAST(indexrelid AS regclass)::text FROM pg_index WHERE NOT indisvalid"
        ) { "the index \(try $0.text(0)) is not valid" }
        if try text("SELECT current_setting('fsync')") != "on" {
            health.worries.append("fsync is off: a power cut can destroy the database")
        }
        health.clock = Int64(
            try text(
                "SELECT CAST(CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS TEXT)")
        )
        return health
    }
}
