import Foundation
import Kernel
import Store
import TestSupport
import Testing

@Suite("A backup")
struct BackupTests {
    @Test(arguments: TestEngine.available)
    func `holds equal rows`(engine: TestEngine) async throws {
        try await BackupBench.run(on: engine) { bench in
            try await bench.write(40)
            let made = try await bench.backup.write(to: bench.archive, program: "test")
            #expect(made.tables["pairs"]?.rows == 40 && made.engine.rawValue == engine.rawValue)
            #expect(try Backup.verify(bench.archive) == made)
            let restored = try await bench.restore()
            let (source, copy) = (try await bench.digests(), try await restored.digests())
            #expect(source == copy)
            #expect(made.differences(from: copy).isEmpty)
            // The comparison can fail.
            try await bench.write(1, by: "later")
            let later = try await bench.digests()
            #expect(made.differences(from: later) == ["entries", "pairs"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `made while others write is one moment, whole`(engine: TestEngine) async throws {
        try await BackupBench.run(on: engine) { bench in
            try await bench.write(2000)
            let manifest = try await withThrowingTaskGroup(of: BackupManifest?.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        var number = 0
                        while !Task.isCancelled {
                            try await bench.write(1, by: "writer\(writer)-\(number)")
                            number += 1
                        }
                        return nil
                    }
                }
                // They are well under way.
                while try await bench.count() < 2100 { await Task.yield() }
                let manifest = try await bench.backup.write(to: bench.archive, program: "test")
                let during = try await bench.count()
                while try await bench.count() < during + 50 { await Task.yield() }
                group.cancelAll()
                return manifest
            }
            let restored = try await bench.restore()
            let (copy, source) = (try await restored.rows(), try await bench.rows())
            #expect(copy.count == manifest.tables["pairs"]?.rows)
            #expect(copy.count >= 2100 && copy.count < source.count)
            // Each transaction is in it with all its rows or not at all…
            #expect(copy.values.allSatisfy { $0.count == 2 && $0[0] == $0[1] })
            // …and every row is the source's.
            for (id, texts) in copy { #expect(source[id] == texts) }
            #expect(manifest.differences(from: try await restored.digests()).isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is not put over what is there unless forced`(engine: TestEngine) async throws {
        try await BackupBench.run(on: engine) { bench in
            try await bench.write(3)
            _ = try await bench.backup.write(to: bench.archive, program: "test")
            let restored = try await bench.restore()
            try await restored.write(1, by: "precious")
            let before = try await restored.digests()
            try await restored.close()
            await #expect(throws: BackupFailure.self) { try await bench.restore() }
            let reopened = try await bench.opened(bench.other)
            #expect(try await reopened.digests() == before)
            // Nor while somebody uses it, even by force.
            await #expect(throws: BackupFailure.self) { try await bench.restore(isForced: true) }
            #expect(try await reopened.digests() == before)
            try await reopened.close()
            let forced = try await bench.restore(isForced: true)
            #expect(try await forced.count() == 3)
        }
    }

    @Test func `that was damaged is refused before anything is touched`() async throws {
        try await BackupBench.run(on: .sqlite) { bench in
            try await bench.write(20)
            _ = try await bench.backup.write(to: bench.archive, program: "test")
            let good = try Data(contentsOf: URL(fileURLWithPath: bench.archive))
            for (position, kept) in [(600, good.count), (good.count - 3000, good.count), (0, 4000)]
            {
                var bad = good.prefix(kept)
                bad[position] ^= 0x40
                try Data(bad).write(to: URL(fileURLWithPath: bench.archive))
                #expect(throws: BackupFailure.self) { try Backup.verify(bench.archive) }
                await #expect(throws: BackupFailure.self) { try await bench.restore() }
                #expect(!FileManager.default.fileExists(atPath: bench.folder + "/other.db"))
            }
        }
    }

    @Test func `brings the uploaded files along`() async throws {
        try await BackupBench.run(on: .sqlite) { bench in
            let (manager, long) = (FileManager.default, String(repeating: "n", count: 90))
            let names = ["a.txt", "ab/cd/\(long)/\(long).bin", "ab/Ünïcode.pdf"]
            for (index, name) in names.enumerated() {
                let path = bench.folder + "/files/" + name
                try manager.createDirectory(
                    atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
                    withIntermediateDirectories: true)
                try Data(repeating: UInt8(index + 65), count: index * 700).write(
                    to: URL(fileURLWithPath: path))
            }
            var backup = bench.backup
            backup.filesFolder = bench.folder + "/files"
            let made = try await backup.write(to: bench.archive, program: "test")
            #expect(made.files.count == 4)
            await #expect(throws: BackupFailure.self) { try await bench.restore() }
            _ = try await bench.restore(files: bench.folder + "/files2")
            for name in names {
                let (old, new) = (bench.folder + "/files/" + name, bench.folder + "/files2/" + name)
                #expect(manager.contents(atPath: old) == manager.contents(atPath: new))
            }
            // Only the owner may read it, and it is not written over.
            let mode = try manager.attributesOfItem(atPath: bench.archive)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            await #expect(throws: BackupFailure.self) {
                try await bench.backup.write(to: bench.archive, program: "test")
            }
        }
    }

    @Test func `of a newer program is refused, of an older one is brought up`() async throws {
        try await BackupBench.run(on: .sqlite) { bench in
            try await bench.write(2)
            _ = try await bench.backup.write(to: bench.archive, program: "test")
            let older = try bench.migrator(upTo: 8)
            await #expect(throws: BackupFailure.self) { try await bench.restore(by: older) }
        }
        try await BackupBench.run(on: .sqlite, upTo: 8) { bench in
            try await bench.write(2)
            _ = try await bench.backup.write(to: bench.archive, program: "test")
            let restored = try await bench.restore()
            let all = try bench.migrator()
            #expect(try await all.missing(in: restored.store).isEmpty)
            #expect(try await restored.count() == 2)
        }
    }
}

/// A database with two tables that every transaction writes to in step, and a place for copies.
struct BackupBench: Sendable {
    let store: Store
    let url: String
    /// Where the copy goes.
    let other: String
    let folder: String

    var archive: String { folder + "/office.backup" }
    var backup: Backup { Backup(database: url, filesFolder: nil, ambient: .live()) }

    static func run(
        on engine: TestEngine, upTo last: Int = .max,
        _ body: @escaping @Sendable (BackupBench) async throws -> Void
    ) async throws {
        let (source, target) = (try await engine.makeDatabase(), try await engine.makeDatabase())
        let folder =
            FileManager.default.temporaryDirectory.path + "/as-"
            + Ambient.live().newID("bench")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let other = engine == .sqlite ? "sqlite:\(folder)/other.db" : target.url
        let bench = BackupBench(
            store: try Store(url: source.url, connections: 6), url: source.url, other: other,
            folder: folder)
        let result: Result<Void, any Error>
        do {
            _ = try await bench.migrator(upTo: last).migrate(bench.store, now: .earliest)
            try await bench.store.write { tx in
                try tx.execute("CREATE TABLE pairs (id TEXT PRIMARY KEY, body TEXT)")
                try tx.execute("CREATE TABLE entries (pair_id TEXT NOT NULL, body TEXT)")
            }
            try await body(bench)
            result = .success(())
        } catch { result = .failure(error) }
        try bench.store.close()
        try await source.remove()
        try await target.remove()
        try FileManager.default.removeItem(atPath: folder)
        try result.get()
    }

    /// The program's migrations, or those that an older release had.
    func migrator(upTo last: Int = .max) throws -> Migrator {
        let (root, manager) = (try TestResources.root(), FileManager.default)
        let copy = folder + "/migrations-\(last)"
        try? manager.removeItem(atPath: copy)
        try manager.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: root.migrations)
        where Int(name.prefix(4)).map({ $0 <= last }) ?? false {
            try manager.copyItem(atPath: root.migrations + "/" + name, toPath: copy + "/" + name)
        }
        return try Migrator(folder: copy, engine: store.kind)
    }

    func restore(
        isForced: Bool = false, files: String? = nil, by migrator: Migrator? = nil
    ) async throws -> BackupBench {
        let backup = Backup(database: other, filesFolder: files, ambient: .live())
        _ = try await backup.restore(
            from: archive, isForced: isForced, migrator: try migrator ?? self.migrator())
        return try await opened(other)
    }

    func opened(_ url: String) async throws -> BackupBench {
        BackupBench(
            store: try Store(url: url, connections: 2), url: url, other: "", folder: folder)
    }

    func close() async throws { try store.close() }

    /// One transaction for each pair.
    func write(_ count: Int, by name: String = "start") async throws {
        try await store.write { tx in
            for index in 0..<count {
                let (id, text) = ("\(name)-\(index)", "Text ☂ of \(name) \(index)\u{1F600}\n'x'")
                try tx.execute("INSERT INTO pairs (id, body) VALUES (\(id), \(text))")
                try tx.execute("INSERT INTO entries (pair_id, body) VALUES (\(id), \(text))")
            }
        }
    }

    func count() async throws -> Int {
        try await store.read { tx in try tx.count("SELECT COUNT(*) FROM pairs") }
    }

    func digests() async throws -> [String: TableDigest] {
        try await store.read { tx in try TableDigest.all(in: tx) }
    }

    /// The texts of each pair, from both tables.
    func rows() async throws -> [String: [String]] {
        try await store.read { tx in
            let all = try tx.all(
                """
                SELECT pairs.id, pairs.body, entries.body
                FROM pairs LEFT JOIN entries ON entries.pair_id = pairs.id
                """
            ) { (try $0.text(0), [try $0.text(1), $0.textOrNil(2) ?? "missing"]) }
            return Dictionary(all) { $0 + $1 }
        }
    }
}
