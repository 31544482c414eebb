import Foundation
import Kernel

extension Backup {
    /// What became of a restore.
    package struct Restored: Sendable {
        package var manifest: BackupManifest
        /// Where the database that was replaced is kept.
        package var kept: String?
        /// The migrations that the backup did not have yet.
        package var applied: [String]
    }

    /// Puts a backup into the database: checks it, refuses to lose anything unless forced, compares
    /// the rows with the manifest, then brings it to the newest shape.
    package func restore(
        from path: String, isForced: Bool, migrator: Migrator
    ) async throws -> Restored {
        let manifest = try Self.verify(path)
        let engine: EngineKind = Self.sqlitePath(database) == nil ? .postgres : .sqlite
        guard manifest.engine == engine else {
            throw BackupFailure(
                "The backup is of \(manifest.engine.rawValue) and the database is \(engine.rawValue)."
            )
        }
        let known = Set(migrator.migrations.map(\.name))
        if let newer = manifest.migrations.last(where: { !known.contains($0) }) {
            throw BackupFailure(
                "The backup was made by a newer program (\(manifest.program)): "
                    + "this one does not know \(newer).")
        }
        try refuseToLoseFiles(isForced: isForced, manifest)
        let kept =
            engine == .sqlite
            ? try await restoreSQLite(from: path, manifest, isForced: isForced)
            : try await restorePostgres(from: path, manifest, isForced: isForced)
        try putFiles(manifest, from: path)
        let store = try Store(url: database, connections: 2)
        defer { try? store.close() }  // What it wrote is committed.
        let applied = try await migrator.migrate(store, now: ambient.now())
        return Restored(manifest: manifest, kept: kept, applied: applied)
    }

    private func refuse(_ what: String) -> BackupFailure {
        BackupFailure("\(what) Nothing was changed; --force replaces it.")
    }

    // MARK: SQLite

    private func restoreSQLite(
        from path: String, _ manifest: BackupManifest, isForced: Bool
    ) async throws -> String? {
        let manager = FileManager.default
        let target = Self.sqlitePath(database) ?? ""
        let exists = manager.fileExists(atPath: target)
        if exists, try await !Self.isEmpty(database), !isForced {
            throw refuse("\(target) is not empty.")
        }
        let work = try Self.workFolder(beside: target, ambient)
        defer { try? manager.removeItem(atPath: work) }  // Only scraps are left in it.
        let copy = work + "/copy"
        try Self.extract(BackupManifest.databaseName(.sqlite), of: path, to: copy)
        let faults = try SQLiteBackup.faults(of: copy)
        guard faults.isEmpty else { throw BackupFailure("The copy is damaged: \(faults).") }
        try await Self.compare("sqlite:" + copy, with: manifest)
        var kept: String?
        if exists {
            guard try !SQLiteBackup.isInUse(target) else {
                throw BackupFailure("\(target) is in use: stop the server first.")
            }
            let time = ambient.now().description.filter { $0.isNumber || $0 == "T" }
            let old = "\(target).before-restore-\(time)"
            guard rename(target, old) == 0 else { throw Self.failure("moving", target) }
            kept = old
        }
        guard rename(copy, target) == 0 else { throw Self.failure("moving", copy) }
        return kept
    }

    // MARK: PostgreSQL

    private func restorePostgres(
        from path: String, _ manifest: BackupManifest, isForced: Bool
    ) async throws -> String? {
        if try await !Self.isEmpty(database) {
            guard isForced else { throw refuse("The database is not empty.") }
            let others = try await Self.otherConnections(database)
            guard others == 0 else {
                throw BackupFailure(
                    "\(others) connections use the database: stop the servers first.")
            }
        }
        let folder = FileManager.default.temporaryDirectory.path
        let work = try Self.workFolder(beside: folder + "/restore", ambient)
        defer { try? FileManager.default.removeItem(atPath: work) }  // Only scraps.
        let dump = work + "/dump"
        try Self.extract(BackupManifest.databaseName(.postgres), of: path, to: dump)
        try PostgresBackup.restore(dump, into: database, work: work)
        try await Self.compare(database, with: manifest)
        return nil
    }

    private static func otherConnections(_ url: String) async throws -> Int {
        try await withStore(url) { tx in
            try tx.count(
                """
                SELECT COUNT(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND backend_type = 'client backend'
                """)
        }
    }

    // MARK: Both

    private static func withStore<T: Sendable>(
        _ url: String, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let store = try Store(url: url, connections: 1)
        do {
            let value = try await store.read(body)
            try store.close()
            return value
        } catch {
            try store.close()
            throw error
        }
    }

    /// Without tables, or with the empty ones of a fresh start.
    private static func isEmpty(_ url: String) async throws -> Bool {
        try await withStore(url) { tx in
            try TableDigest.names(in: tx).allSatisfy { name in
                try name == "schema_migrations"
                    || !tx.exists(SQL(trusted: "SELECT 1 FROM \"\(name)\" LIMIT 1"))
            }
        }
    }

    /// Throws when a copy does not hold exactly what the manifest says.
    private static func compare(_ url: String, with manifest: BackupManifest) async throws {
        let found = try await withStore(url) { tx in
            if tx.engine == .postgres { try tx.execute("SET LOCAL statement_timeout = 0") }
            return try TableDigest.all(in: tx)
        }
        let differing = manifest.differences(from: found)
        guard differing.isEmpty else {
            throw BackupFailure(
                "The copy differs from the backup in \(differing.joined(separator: ", ")).")
        }
    }

    private static func extract(_ name: String, of path: String, to file: String) throws {
        _ = try read(path) { entry, _ in entry == name ? try newFile(file) : nil }
    }

    private static func newFile(_ path: String) throws -> FileHandle {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw failure("making", path) }
        return FileHandle(fileDescriptor: file, closeOnDealloc: true)
    }

    private static func failure(_ what: String, _ path: String) -> BackupFailure {
        BackupFailure("\(what) \(path): \(String(cString: strerror(errno))).")
    }

    // MARK: Files

    private func refuseToLoseFiles(isForced: Bool, _ manifest: BackupManifest) throws {
        let hasFiles = manifest.files.contains { $0.name.hasPrefix("files/") }
        guard let filesFolder else {
            if hasFiles {
                throw BackupFailure("The backup holds uploaded files: say with --files where to.")
            }
            return
        }
        let there = (try? FileManager.default.contentsOfDirectory(atPath: filesFolder)) ?? []
        if !there.isEmpty, !isForced { throw refuse("\(filesFolder) is not empty.") }
    }

    /// Files that are there already stay; those of the same name are written anew.
    private func putFiles(_ manifest: BackupManifest, from path: String) throws {
        guard let filesFolder else { return }
        let manager = FileManager.default
        let known = Set(manifest.files.map(\.name))
        _ = try Self.read(path) { name, _ in
            // Only what the manifest lists, and so has a name that leads nowhere else.
            guard name.hasPrefix("files/"), known.contains(name) else { return nil }
            let target = filesFolder + "/" + name.dropFirst("files/".count)
            let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
            try manager.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            if manager.fileExists(atPath: target) { try manager.removeItem(atPath: target) }
            return try Self.newFile(target)
        }
    }
}
