import ArgumentParser
import Files
import Foundation
import FrontOffice
import Kernel
import Store

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the whole office into one file, while it works.",
        discussion: """
            The file is a tar archive with the database, the uploaded files and a manifest with \
            counts and hashes. The key of the vault is not in it: keep that elsewhere.
            """,
        subcommands: [Make.self, Verify.self], defaultSubcommand: Make.self)

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a backup (the usual meaning of `backup`).")
        @OptionGroup var options: DatabaseOptions
        @Option(help: "The file to make; it must not be there yet.")
        var to: String

        func run() async throws {
            let configuration = try options.configuration()
            let usual = FileFolder.standard(for: configuration.database)
            let isThere = FileManager.default.fileExists(atPath: usual)
            let backup = Backup(
                database: configuration.database,
                filesFolder: configuration.files ?? (isThere ? usual : nil), ambient: .live())
            let manifest = try await backup.write(to: to, program: Build.version)
            describe(manifest, to)
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a backup and compare every byte with its manifest.")
        @Argument(help: "The backup.")
        var file: String

        func run() throws { describe(try Backup.verify(file), file) }
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup into a database. Stop the server first.",
        discussion: """
            The backup is checked before anything is touched and its rows are compared after. A \
            SQLite database that is replaced is kept beside the new one.
            """)
    @OptionGroup var options: DatabaseOptions
    @Option(name: .customLong("from"), help: "The backup.")
    var source: String
    @Flag(help: "Replace a database that is not empty.")
    var force = false

    func run() async throws {
        let configuration = try options.configuration()
        let engine: EngineKind = configuration.database.hasPrefix("sqlite:") ? .sqlite : .postgres
        let migrator = try Migrator(folder: configuration.resources.migrations, engine: engine)
        let backup = Backup(
            database: configuration.database,
            filesFolder: configuration.files
                ?? FileFolder.standard(for: configuration.database),
            ambient: .live())
        let restored = try await backup.restore(from: source, isForced: force, migrator: migrator)
        describe(restored.manifest, source)
        if let kept = restored.kept { say("The database that was there is kept as \(kept).") }
        say(
            restored.applied.isEmpty
                ? "Restored." : "Restored; applied: \(restored.applied.joined(separator: ", ")).")
    }
}

private func describe(_ manifest: BackupManifest, _ path: String) {
    let uploads = manifest.files.count - 1
    let bytes = manifest.files.reduce(0) { $0 + $1.bytes }
    say(
        "\(path): \(manifest.engine.rawValue), \(manifest.createdAt), "
            + "\(manifest.migrations.last ?? "no migrations"), \(manifest.tables.count) tables, "
            + "\(manifest.rows) rows, \(uploads) files, \(bytes) bytes.")
}
