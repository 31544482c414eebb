import Foundation
import Kernel
import Store
import TestSupport
import Testing

/// One exam for both engines: what a statement means does not depend on where it runs.
@Suite("Both engines behave alike")
struct StoreTests {
    private func withStore(
        _ engine: TestEngine, _ body: (Store) async throws -> Void
    ) async throws {
        let database = try await engine.makeDatabase()
        let store = try await database.open()
        try await store.write { tx in
            try tx.execute(
                """
                CREATE TABLE things (
                    id TEXT PRIMARY KEY, name TEXT NOT NULL, amount BIGINT CHECK (amount >= 0),
                    parent TEXT REFERENCES things (id)
                )
                """)
            try tx.execute("CREATE UNIQUE INDEX things_name_key ON things (name)")
        }
        try await body(store)
        try store.close()
        try await database.remove()
    }

    @Test(arguments: TestEngine.available)
    func `values come back as they went in`(engine: TestEngine) async throws {
        try await withStore(engine) { store in
            let big = Int64.max
            let text = "naïve ☃ \u{1F469}\u{200D}\u{1F467} 'quote' \\ line\n"
            let found = try await store.write { tx in
                try tx.execute(
                    "INSERT INTO things (id, name, amount) VALUES (\("a"), \(text), \(big))")
                return try tx.first("SELECT name, amount, parent FROM things WHERE id = \("a")") {
                    (try $0.text(0), try $0.int64(1), $0.textOrNil(2))
                }
            }
            #expect(found?.0 == text)
            #expect(found?.1 == big)
            #expect(found?.2 == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `broken rules have the same names`(engine: TestEngine) async throws {
        try await withStore(engine) { store in
            try await store.write { tx in
                try tx.execute("INSERT INTO things (id, name) VALUES ('a', 'one')")
            }
            await #expect(throws: StoreError.duplicate("things_name")) {
                try await store.write { tx in
                    try tx.execute("INSERT INTO things (id, name) VALUES ('b', 'one')")
                }
            }
            await #expect(throws: StoreError.notNull("things.name")) {
                try await store.write { tx in
                    try tx.execute("INSERT INTO things (id) VALUES ('b')")
                }
            }
            await #expect {
                try await store.write { tx in
                    try tx.execute("INSERT INTO things (id, name, amount) VALUES ('b', 'x', -1)")
                }
            } throws: { if case StoreError.check = $0 { true } else { false } }
            await #expect {
                try await store.write { tx in
                    try tx.execute("INSERT INTO things (id, name, parent) VALUES ('b', 'x', 'z')")
                }
            } throws: { if case StoreError.foreignKey = $0 { true } else { false } }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a failed statement ends its transaction but not its savepoint's`(
        engine: TestEngine
    ) async throws {
        try await withStore(engine) { store in
            try await store.write { tx in
                try tx.execute("INSERT INTO things (id, name) VALUES ('a', 'one')")
                do {
                    try tx.savepoint {
                        _ = try tx.execute("INSERT INTO things (id, name) VALUES ('b', 'one')")
                    }
                } catch StoreError.duplicate {}
                try tx.execute("INSERT INTO things (id, name) VALUES ('c', 'two')")
            }
            await #expect(throws: StoreError.aborted) {
                try await store.write { tx in
                    _ = try? tx.execute("INSERT INTO things (id, name) VALUES ('d', 'one')")
                    try tx.execute("INSERT INTO things (id, name) VALUES ('e', 'three')")
                }
            }
            let ids = try await store.read { tx in
                try tx.all("SELECT id FROM things ORDER BY id") { try $0.text(0) }
            }
            #expect(ids == ["a", "c"])
        }
    }

    /// PostgreSQL hears of a transaction with its first statement, whatever that is.
    @Test(arguments: TestEngine.available)
    func `a transaction may begin with anything, or with nothing`(
        engine: TestEngine
    ) async throws {
        struct Stop: Error {}
        try await withStore(engine) { store in
            try await store.write { _ in }
            try await store.read { _ in }
            await #expect(throws: Stop.self) { try await store.read { _ in throw Stop() } }
            await #expect(throws: Stop.self) { try await store.write { _ in throw Stop() } }
            for _ in 0..<2 {
                // The statement is unknown at first, known then, and fails both times.
                await #expect(throws: StoreError.notNull("things.name")) {
                    try await store.write { tx in
                        try tx.execute("INSERT INTO things (id) VALUES (\("b"))")
                    }
                }
            }
            await #expect { try await store.read { try $0.count("SELECT nothing FROM nowhere") } }
                throws: { if case StoreError.other = $0 { true } else { false } }
            try await store.write { tx in
                try tx.savepoint {
                    _ = try tx.execute("INSERT INTO things (id, name) VALUES ('a', 'one')")
                }
            }
            await #expect(throws: Stop.self) {
                try await store.write { tx in
                    try tx.savepoint {
                        _ = try tx.execute("INSERT INTO things (id, name) VALUES ('c', 'two')")
                    }
                    throw Stop()
                }
            }
            // What reads cannot write, and no transaction is left open for the next one.
            if engine == .postgres {
                await #expect {
                    try await store.read { tx in
                        _ = try tx.execute("INSERT INTO things (id, name) VALUES ('d', 'four')")
                    }
                } throws: { if case StoreError.other(code: "25006", message: _) = $0 { true } else { false } }
            }
            let ids = try await store.read { tx in
                try tx.all("SELECT id FROM things ORDER BY id") { try $0.text(0) }
            }
            #expect(ids == ["a"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `whole numbers come back to their ends`(engine: TestEngine) async throws {
        try await withStore(engine) { store in
            for number in [Int64.min, .min + 1, -10, -1, 0, 1, 9, .max] {
                let found = try await store.read { tx in
                    try tx.first("SELECT CAST(\(number) AS BIGINT)") { try $0.int64(0) }
                }
                #expect(found == number)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a thrown error leaves no trace and no event`(engine: TestEngine) async throws {
        struct Stop: Error {}
        try await withStore(engine) { store in
            await #expect(throws: Stop.self) {
                try await store.write { tx in
                    try tx.execute("INSERT INTO things (id, name) VALUES ('a', 'one')")
                    try tx.raise(Event("thing.made", account: nil, subject: "a", ambient: .live()))
                    throw Stop()
                }
            }
            let (count, head) = try await store.read { tx in
                (try tx.count("SELECT COUNT(*) FROM things"), try EventLog.head(in: tx))
            }
            #expect(count == 0)
            #expect(head == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `events of concurrent writers are read in order, each once`(
        engine: TestEngine
    ) async throws {
        try await withStore(engine) { store in
            let writers = 16
            let each = 20
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        for number in 0..<each {
                            try await store.write { tx in
                                let event = Event(
                                    "thing.made", account: nil, subject: "\(writer)-\(number)",
                                    ambient: .live())
                                try tx.raise(event)
                            }
                        }
                    }
                }
                // A reader that follows while they write must miss nothing.
                group.addTask {
                    var cursor: Int64 = 0
                    var seen: [String] = []
                    while seen.count < writers * each {
                        let after = cursor
                        let batch = try await store.read { tx in
                            try EventLog.events(after: after, limit: 50, in: tx)
                        }
                        #expect(batch.map(\.sequence) == batch.map(\.sequence).sorted())
                        seen += batch.map(\.subject)
                        cursor = batch.last?.sequence ?? cursor
                        if batch.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
                    }
                    #expect(Set(seen).count == writers * each)
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `lists and nested statements are parameters, never text`(
        engine: TestEngine
    ) async throws {
        try await withStore(engine) { store in
            let nasty = "x'); DROP TABLE things; --"
            let names = try await store.write { tx in
                for (index, name) in ["one", "two", nasty].enumerated() {
                    try tx.execute("INSERT INTO things (id, name) VALUES (\("\(index)"), \(name))")
                }
                let filter: SQL = "name IN (\(list: ["one", nasty]))"
                let none: [String] = []
                #expect(try !tx.exists("SELECT 1 FROM things WHERE name IN (\(list: none))"))
                return try tx.all("SELECT name FROM things WHERE \(filter) ORDER BY id") {
                    try $0.text(0)
                }
            }
            #expect(names == ["one", nasty])
        }
    }

    @Test func `SQLite keeps what it acknowledged: synchronous is FULL`() async throws {
        let database = try await TestEngine.sqlite.makeDatabase()
        let store = try await database.open()
        let value = try await store.write { tx in
            try tx.first("PRAGMA synchronous") { try $0.int(0) }
        }
        #expect(value == 2)
        try store.close()
        try await database.remove()
    }

    @Test func `both engines have the same tables and columns`() async throws {
        guard TestEngine.available.count == 2 else { return }
        func columns(_ engine: TestEngine, _ sql: SQL) async throws -> [String] {
            let database = try await engine.makeDatabase()
            let store = try await database.open()
            let found = try await store.read { tx in
                try tx.all(sql) { "\(try $0.text(0)).\(try $0.text(1))" }
            }
            try store.close()
            try await database.remove()
            return found.sorted()
        }
        let sqlite = try await columns(
            .sqlite,
            """
            SELECT tables.name, info.name
            FROM sqlite_master AS tables, pragma_table_info(tables.name) AS info
            WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
            """)
        let postgres = try await columns(
            .postgres,
            """
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public'
            """)
        #expect(sqlite == postgres)
        #expect(sqlite.contains("allocations.party_id"))
    }
}
