import Crypto
import Foundation
import Kernel

/// Whole copies of the office in one file: the database as it was at one moment, the uploaded
/// files, and a manifest with counts and hashes. It is made while the server works.
///
/// The file is a tar archive: `manifest.json` last but one, its hash last. The vault's key is not in
/// it: who finds a backup must not find the key with it.
package struct Backup: Sendable {
    package var database: String
    /// The folder of uploaded files, if there is one.
    package var filesFolder: String?
    package var ambient: Ambient

    package init(database: String, filesFolder: String?, ambient: Ambient) {
        self.database = database
        self.filesFolder = filesFolder
        self.ambient = ambient
    }

    // MARK: Making

    /// Writes the archive; a half-made one never has the name that was asked for.
    package func write(to path: String, program: String) async throws -> BackupManifest {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: path) else {
            throw BackupFailure("\(path) is there already; backups are not written over.")
        }
        let work = try Self.workFolder(beside: path, ambient)
        defer { try? manager.removeItem(atPath: work) }  // Only scraps are left in it.
        let copy = work + "/copy"
        var manifest = try await copyDatabase(to: copy, program: program)
        let part = work + "/archive"
        let archive = try ArchiveWriter(part)
        let name = BackupManifest.databaseName(manifest.engine)
        let (bytes, hash) = try archive.add(name, file: copy)
        manifest.files = [.init(name: name, bytes: bytes, sha256: hash)]
        if let filesFolder {
            manifest.files += try Self.addFiles(of: filesFolder, to: archive)
        }
        let text = Data(manifest.json.serialized.utf8)
        let manifestHash = try archive.add(BackupManifest.name, text)
        _ = try archive.add(BackupManifest.name + ".sha256", Data(manifestHash.utf8))
        try archive.finish()
        // Fails when somebody has made it meanwhile.
        guard link(part, path) == 0 else {
            throw BackupFailure("\(path) cannot be made: \(String(cString: strerror(errno))).")
        }
        return manifest
    }

    private func copyDatabase(to copy: String, program: String) async throws -> BackupManifest {
        let now = ambient.now()
        if let path = Self.sqlitePath(database) {
            guard FileManager.default.fileExists(atPath: path) else {
                throw BackupFailure("There is no database \(path).")
            }
            try SQLiteBackup.copy(path, to: copy)
            let faults = try SQLiteBackup.faults(of: copy)
            guard faults.isEmpty else {
                throw BackupFailure(
                    "The database is damaged: \(faults.joined(separator: "; ")). "
                        + "Run autosecretary doctor.")
            }
            return try await Self.describe("sqlite:" + copy, program, now)
        }
        let (store, url) = (try Store(url: database, connections: 2), database)
        defer { try? store.close() }  // Nothing was written by it.
        return try await store.read { tx -> BackupManifest in
            // The dump of a big database takes longer than a request may.
            try tx.execute("SET LOCAL statement_timeout = 0")
            try tx.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            let snapshot = try tx.first("SELECT pg_export_snapshot()") { try $0.text(0) } ?? ""
            try PostgresBackup.dump(url, snapshot: snapshot, to: copy)
            return try Self.manifest(program, now, tx)
        }
    }

    /// The manifest of a database that nobody writes to.
    private static func describe(
        _ url: String, _ program: String, _ now: Instant
    ) async throws -> BackupManifest {
        let store = try Store(url: url, connections: 2)
        do {
            let found = try await store.read { tx in try Self.manifest(program, now, tx) }
            try store.close()
            return found
        } catch {
            try store.close()
            throw error
        }
    }

    private static func manifest(
        _ program: String, _ now: Instant, _ tx: Transaction
    ) throws -> BackupManifest {
        let tables = try TableDigest.all(in: tx)
        guard tables["schema_migrations"] != nil else {
            throw BackupFailure("This is not a database of Autosecretary, or it is empty.")
        }
        let migrations = try tx.all("SELECT name FROM schema_migrations ORDER BY number") {
            try $0.text(0)
        }
        return BackupManifest(
            program: program, engine: tx.engine, createdAt: now, migrations: migrations,
            tables: tables)
    }

    /// Files are never changed, only added and removed: what the copied rows speak of is there,
    /// unless it was removed since.
    private static func addFiles(
        of folder: String, to archive: ArchiveWriter
    ) throws -> [BackupManifest.File] {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
        var files: [BackupManifest.File] = []
        for case let name as String in names {
            let path = folder + "/" + name
            let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type]
            // What is still arriving has to be sent again anyway.
            guard kind as? FileAttributeType == .typeRegular, !name.hasSuffix(".part"),
                FileManager.default.isReadableFile(atPath: path)
            else { continue }
            let (bytes, hash) = try archive.add("files/" + name, file: path)
            files.append(.init(name: "files/" + name, bytes: bytes, sha256: hash))
        }
        return files
    }

    // MARK: Checking

    /// Reads the whole archive and compares every byte with the manifest's hashes.
    package static func verify(_ path: String) throws -> BackupManifest {
        try read(path) { _, _ in nil }
    }

    /// Goes through the archive; `sink` gives the file that an entry is written to, if any.
    static func read(
        _ path: String, _ sink: (_ name: String, _ size: Int) throws -> FileHandle?
    ) throws -> BackupManifest {
        var found: [String: BackupManifest.File] = [:]
        var small: [String: Data] = [:]
        try ArchiveReader.read(path) { header, next in
            let output = try sink(header.name, header.size)
            let isManifest = header.name.hasPrefix(BackupManifest.name)
            var hash = SHA256()
            while let part = try next() {
                hash.update(data: part)
                try output?.write(contentsOf: part)
                if isManifest { small[header.name, default: Data()].append(part) }
            }
            try output?.synchronize()
            try output?.close()
            found[header.name] = .init(
                name: header.name, bytes: header.size, sha256: hash.finalize().hex)
        }
        guard let text = small[BackupManifest.name],
            let hash = small[BackupManifest.name + ".sha256"],
            SHA256.hash(data: text).hex == String(decoding: hash, as: UTF8.self)
        else { throw BackupFailure("\(path) is not a whole backup: its manifest is not right.") }
        let manifest = try BackupManifest(text)
        for file in manifest.files where found[file.name] != file {
            throw BackupFailure("\(path) is damaged: \(file.name) is not what was backed up.")
        }
        return manifest
    }

    // MARK: Places

    /// The path of a `sqlite:` URL.
    static func sqlitePath(_ url: String) -> String? {
        url.hasPrefix("sqlite:") ? String(url.dropFirst("sqlite:".count)) : nil
    }

    /// A new folder on the same disk as the path, for its owner only.
    static func workFolder(beside path: String, _ ambient: Ambient) throws -> String {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let folder = "\(parent)/.\(ambient.newID("work"))"
        guard mkdir(folder, 0o700) == 0 else {
            throw BackupFailure("\(parent): \(String(cString: strerror(errno))).")
        }
        return folder
    }
}
