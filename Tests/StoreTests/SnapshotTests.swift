import Kernel
import Logging
import TestSupport
import Testing

@testable import Store

@Suite("What a transaction sees, in a word")
struct SnapshotTests {
    @Test(arguments: TestEngine.available)
    func `the same word shows the same rows, to everybody, however many write`(
        engine: TestEngine
    ) async throws {
        let database = try await engine.makeDatabase()
        let store = try await database.open(connections: 8)
        try await store.write { tx in
            try tx.execute("CREATE TABLE counted (id INTEGER PRIMARY KEY, number INTEGER)")
            try tx.execute("INSERT INTO counted (id, number) VALUES (1, 0)")
        }
        let seen = try await withThrowingTaskGroup(of: [(String, Int)].self) { group in
            for reader in 0..<16 {
                group.addTask {
                    var seen: [(String, Int)] = []
                    for turn in 0..<40 {
                        if (reader + turn) % 8 == 0 {
                            try await store.write { tx in
                                #expect(try tx.snapshot() == nil)
                                try tx.execute("UPDATE counted SET number = number + 1")
                            }
                        }
                        seen.append(
                            try await store.read(knowingSnapshot: turn % 3 != 0) { tx in
                                // Before anything else was asked, and after it.
                                if turn % 3 == 1 { _ = try tx.count("SELECT 1") }
                                let before = try tx.snapshot()
                                let number = try tx.count("SELECT number FROM counted")
                                let word = try #require(before)
                                #expect(try tx.snapshot() == word)
                                return (word, number)
                            })
                    }
                    return seen
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        var numberOf: [String: Int] = [:]
        for (word, number) in seen {
            #expect(numberOf[word, default: number] == number, "\(word)")
            numberOf[word] = number
        }
        #expect(Set(numberOf.values).count > 5)
        // Nothing was written meanwhile: one word for each connection at most. A PostgreSQL server
        // has other databases, whose transactions count as well.
        guard engine == .sqlite else {
            try store.close()
            return try await database.remove()
        }
        var words: Set<String> = []
        for _ in 0..<20 {
            words.insert(try #require(try await store.read { try $0.snapshot() }))
        }
        #expect(words.count <= 4, "\(words)")
        try store.close()
        try await database.remove()
    }
}
