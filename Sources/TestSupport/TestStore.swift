import Foundation
import Kernel
import Store
import Testing

/// A fresh database for one test: SQLite in a temporary folder, or a schema of its own on the
/// PostgreSQL that the test run started.
package enum TestEngine: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case sqlite, postgres

    package var testDescription: String { rawValue }

    private static var postgresURL: String? {
        ProcessInfo.processInfo.environment["AUTOSECRETARY_TEST_POSTGRES"]
    }

    /// The engines that this run tests: both, unless it was told otherwise.
    package static var available: [TestEngine] {
        let only = ProcessInfo.processInfo.environment["AUTOSECRETARY_TEST_ENGINES"]
        let wanted = only?.split(separator: ",").compactMap { TestEngine(rawValue: String($0)) }
        return (wanted ?? allCases).filter { $0 == .sqlite || postgresURL != nil }
    }

    /// A database without rows, but maybe with the office's tables.
    ///
    /// Whoever takes one must remove it, also when the test fails: on PostgreSQL others wait for it.
    package func makeOfficeDatabase() async throws -> TestDatabase {
        guard self == .postgres else { return try await makeDatabase() }
        let url = try await PostgresPool.shared.take()
        return TestDatabase(url: url, remove: { try await PostgresPool.shared.give(url) })
    }

    /// Makes an empty database; answers its URL and what removes it.
    package func makeDatabase() async throws -> TestDatabase {
        let name = "t" + Ambient.live().secret(bytes: 12).lowercased().filter { $0 != "-" }
        switch self {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("as-\(name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return TestDatabase(
                url: "sqlite:\(folder.path)/test.db",
                remove: { try FileManager.default.removeItem(at: folder) })
        case .postgres:
            guard let base = Self.postgresURL else {
                throw StoreError.unavailable("AUTOSECRETARY_TEST_POSTGRES is not set")
            }
            try await PostgresDatabases.create(name, on: base)
            let url = base.replacing("/postgres?", with: "/\(name)?")
            return TestDatabase(
                url: url, remove: { try await PostgresDatabases.drop(name, on: base) })
        }
    }
}

/// A few databases that tests use one after the other.
///
/// Making and dropping one waits for the disk each time. They go with the server of the test run.
private actor PostgresPool {
    static let shared = PostgresPool()
    private static let most = 6
    private var made = 0
    private var parked: [String] = []
    private var waiting: [CheckedContinuation<String, Never>] = []

    func take() async throws -> String {
        if let url = parked.popLast() { return url }
        if made < Self.most {
            made += 1
            do { return try await TestEngine.postgres.makeDatabase().url } catch {
                made -= 1
                throw error
            }
        }
        return await withCheckedContinuation { waiting.append($0) }
    }

    func give(_ url: String) throws {
        defer {
            if waiting.isEmpty {
                parked.append(url)
            } else {
                waiting.removeFirst().resume(returning: url)
            }
        }
        try PostgresDatabases.empty(url)
    }
}

package struct TestDatabase: Sendable {
    package let url: String
    package let remove: @Sendable () async throws -> Void

    /// Opens it with all migrations applied.
    package func open(connections: Int = 4) async throws -> Store {
        let store = try Store(url: url, connections: connections)
        let root = try TestResources.root()
        let migrator = try Migrator(folder: root.migrations, engine: store.kind)
        _ = try await migrator.migrate(store, now: Instant(milliseconds: 0))
        return store
    }
}

package enum TestResources {
    /// The project's folder, found from this file.
    package static func root(_ file: String = #filePath) throws -> ResourceRoot {
        var folder = URL(fileURLWithPath: file)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return try ResourceRoot.find(folder.path)
    }
}
