import ArgumentParser
import Foundation
import FrontOffice
import Kernel
import Logging
import Store

@main
struct Autosecretary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autosecretary",
        abstract: "A self-hosted virtual front office.",
        version: Build.version,
        subcommands: [
            Serve.self, Migrate.self, UserCommand.self, TokenCommand.self, BackupCommand.self,
            RestoreCommand.self, DoctorCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
        } catch let refusal as Refusal {
            complain(refusal.detail.english)
            exit(withError: ExitCode(2))
        } catch let error as StoreError {
            complain("The database said no: \(error)")
            exit(withError: ExitCode(2))
        } catch {
            exit(withError: error)
        }
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data("autosecretary: \(text)\n".utf8))
    }
}

/// What every command that opens the database takes.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: "sqlite:PATH or postgres://… (AUTOSECRETARY_DATABASE).")
    var database: String = environment("DATABASE") ?? "sqlite:autosecretary.db"

    @Option(
        help: "The folder that holds Web/ and Migrations/ (AUTOSECRETARY_RESOURCES).")
    var resources: String?

    @Option(
        help: "The folder of uploaded files; beside a SQLite database (AUTOSECRETARY_FILES).")
    var files: String?

    func configuration() throws -> Configuration {
        var configuration = Configuration(
            database: database,
            resources: try ResourceRoot.find(resources ?? environment("RESOURCES")))
        // Not a flag: a command line can be read by everybody on the machine.
        configuration.secretKey = environment("SECRET_KEY")
        configuration.files = files ?? environment("FILES")
        return configuration
    }
}

/// The environment variable that stands for a flag.
func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment["AUTOSECRETARY_" + name].flatMap { $0.isEmpty ? nil : $0 }
}

func makeLogger(
    format: String? = environment("LOG_FORMAT"), level: String? = environment("LOG_LEVEL")
) -> Logger {
    let format = format.flatMap(LogFormat.init(rawValue:)) ?? .text
    let level = level.flatMap(Logger.Level.init(rawValue:)) ?? .info
    // Libraries that make loggers of their own write like us.
    LoggingSystem.bootstrap { _ in
        var handler = LineLogHandler(format: format)
        handler.logLevel = level
        return handler
    }
    return Logger(label: "autosecretary")
}

/// Prints a line for people and flushes it, so that a pipe sees it at once.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database to the newest shape.")
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        let configuration = try options.configuration()
        let store = try Store(url: configuration.database)
        let migrator = try Migrator(folder: configuration.resources.migrations, engine: store.kind)
        let applied = try await migrator.migrate(store, now: Ambient.live().now())
        say(
            applied.isEmpty
                ? "The database is up to date." : "Applied: \(applied.joined(separator: ", ")).")
        try store.close()
    }
}
