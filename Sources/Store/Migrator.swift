import Foundation
import Kernel

/// Brings a database to the newest shape: numbered SQL files, forward only, each in a transaction.
///
/// `0001_accounts.sql` serves both engines; where they differ by necessity there is
/// `0001_accounts.sqlite.sql` and `0001_accounts.postgres.sql` beside or instead of it.
package struct Migrator: Sendable {
    package struct Migration: Sendable, Equatable {
        package var number: Int
        package var name: String
        package var text: String
    }

    package let migrations: [Migration]

    /// Reads the files of a folder for an engine, in the order of their numbers.
    package init(folder: String, engine: EngineKind) throws {
        var found: [String: String] = [:]
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for file in files where file.hasSuffix(".sql") {
            let parts = file.split(separator: ".")
            guard parts.count == 2 || (parts.count == 3 && parts[1] == engine.rawValue) else {
                continue
            }
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            found[String(parts[0]), default: ""] += text + "\n"
        }
        migrations = try found.keys.sorted().map { name in
            guard let number = Int(name.prefix(4)), let text = found[name] else {
                throw StoreError.corrupt("migration \(name) has no number")
            }
            return Migration(number: number, name: name, text: text)
        }
    }

    /// The migrations that this database does not have yet.
    package func missing(in store: Store) async throws -> [Migration] {
        let done = try await store.write { tx in
            try Self.prepare(tx)
            return try Self.applied(tx)
        }
        return migrations.filter { !done.contains($0.number) }
    }

    /// Applies what is missing; answers the names of what it applied.
    package func migrate(_ store: Store, now: Instant) async throws -> [String] {
        try await store.write { [migrations] tx in
            try Self.prepare(tx)
            let done = try Self.applied(tx)
            var names: [String] = []
            for migration in migrations where !done.contains(migration.number) {
                try tx.script(migration.text)
                try tx.execute(
                    """
                    INSERT INTO schema_migrations (number, name, applied_at)
                    VALUES (\(migration.number), \(migration.name), \(now))
                    """)
                names.append(migration.name)
            }
            return names
        }
    }

    private static func prepare(_ tx: Transaction) throws {
        if tx.engine == .postgres {
            // Two processes may start at once: one migrates, the other waits for it.
            _ = try tx.all("SELECT pg_advisory_xact_lock(7224300)") { _ in () }
        }
        try tx.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number BIGINT PRIMARY KEY,
                name TEXT NOT NULL,
                applied_at BIGINT NOT NULL
            )
            """)
    }

    private static func applied(_ tx: Transaction) throws -> Set<Int> {
        Set(try tx.all("SELECT number FROM schema_migrations") { try $0.int(0) })
    }
}
