import Crypto
import Foundation
import Kernel

/// What is in a backup: written into it, and what every check compares with.
package struct BackupManifest: Sendable, Equatable {
    package struct File: Sendable, Equatable {
        package var name: String
        package var bytes: Int
        package var sha256: String
    }

    static let format = 1
    static let name = "manifest.json"

    package var program: String
    package var engine: EngineKind
    package var createdAt: Instant
    /// The names of the migrations that the database had.
    package var migrations: [String]
    package var tables: [String: TableDigest]
    /// The database first, then the uploaded files.
    package var files: [File]

    package var rows: Int { tables.values.reduce(0) { $0 + $1.rows } }

    /// The archive's name for the copy of the database.
    static func databaseName(_ engine: EngineKind) -> String {
        engine == .sqlite ? "database.sqlite3" : "database.dump"
    }

    var json: JSONValue {
        [
            "format": .number(Self.format), "program": .string(program),
            "engine": .string(engine.rawValue), "created_at": .instant(createdAt),
            "migrations": .list(migrations),
            "tables": .object(
                tables.mapValues { ["rows": .number($0.rows), "digest": .string($0.digest)] }),
            "files": .array(
                files.map {
                    [
                        "name": .string($0.name), "bytes": .number($0.bytes),
                        "sha256": .string($0.sha256),
                    ]
                }),
        ]
    }

    init(
        program: String, engine: EngineKind, createdAt: Instant, migrations: [String],
        tables: [String: TableDigest], files: [File] = []
    ) {
        self.program = program
        self.engine = engine
        self.createdAt = createdAt
        self.migrations = migrations
        self.tables = tables
        self.files = files
    }

    init(_ bytes: Data) throws {
        let unreadable = BackupFailure("The backup's manifest cannot be read.")
        guard let json = JSONValue(parsing: Array(bytes)), let format = json["format"]?.int else {
            throw unreadable
        }
        guard format == Self.format else {
            throw BackupFailure("The backup has format \(format), made by a newer program.")
        }
        guard let engine = json["engine"]?.string.flatMap(EngineKind.init(rawValue:)),
            let created = json["created_at"]?.string.flatMap(Instant.init(rfc3339:)),
            let migrations = json["migrations"]?.array?.compactMap(\.string),
            let tables = json["tables"]?.object, let files = json["files"]?.array
        else { throw unreadable }
        self.engine = engine
        createdAt = created
        program = json["program"]?.string ?? ""
        self.migrations = migrations
        self.tables = try tables.mapValues { table in
            guard let rows = table["rows"]?.int, let digest = table["digest"]?.string else {
                throw unreadable
            }
            return TableDigest(rows: rows, digest: digest)
        }
        self.files = try files.map { file in
            guard let name = file["name"]?.string, let bytes = file["bytes"]?.int,
                let hash = file["sha256"]?.string, Self.isSafe(name)
            else { throw unreadable }
            return File(name: name, bytes: bytes, sha256: hash)
        }
    }

    /// Names lead to no place outside the folder that they are put into.
    private static func isSafe(_ name: String) -> Bool {
        !name.hasPrefix("/") && !name.utf8.contains(0)
            && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0 != "." && $0 != ".."
            }
    }

    /// The tables in which a copy differs from what was written down.
    package func differences(from found: [String: TableDigest]) -> [String] {
        Set(tables.keys).union(found.keys).sorted().filter { tables[$0] != found[$0] }
    }
}
