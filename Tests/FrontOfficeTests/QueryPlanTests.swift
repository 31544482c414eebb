import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Synchronization
import TestSupport
import Testing
import Work

@testable import Store

/// What the office does all day must not get slower with every row: each statement of the hottest
/// requests finds its rows by an index, on both engines.
@Suite("The hottest requests")
struct QueryPlanTests {
    /// Tables that grow with the years. The others have a few rows per business.
    private static let large: Set<String> = [
        "conversations", "messages", "events", "jobs", "appointments", "allocations", "busy",
        "contacts", "contact_points", "sessions", "tokens", "idempotency_keys", "inquiries",
        "webhook_deliveries", "webhook_attempts", "audit_entries", "files", "message_attachments",
        "widget_sessions",
    ]

    private static let small: Set<String> = [
        "accounts", "users", "memberships", "services", "staff", "resources", "schedules",
        "settings", "job_schedules", "webhooks", "inboxes", "CONSTANT",
    ]

    @Test(arguments: TestEngine.available)
    func `search nothing from end to end`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await HotWorld(office)
            for (name, request) in world.requests {
                let statements = try await Self.statements(of: office) {
                    try await request(office)
                }
                #expect(!statements.isEmpty, "\(name) asked the database nothing")
                for sql in statements {
                    let walks = try await Self.walks(sql, in: office.wiring.store)
                    #expect(walks.isEmpty, "\(name): \(walks) in \(sql.rendered(for: .sqlite).text)")
                }
            }
        }
    }

    /// The check itself: it must see what the test above forbids.
    @Test(arguments: TestEngine.available)
    func `would be caught walking`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let store = office.wiring.store
            let slow: [SQL] = [
                "SELECT id FROM messages WHERE text = \("x")",
                "UPDATE conversations SET version = 1 WHERE version = 2",
                "SELECT id FROM contacts WHERE name LIKE \("%x%")",
            ]
            for sql in slow {
                let walks = try await Self.walks(sql, in: store)
                #expect(!walks.isEmpty, "not seen: \(sql.rendered(for: .sqlite).text)")
            }
            let fast: SQL = "SELECT id FROM messages WHERE id = \("x")"
            #expect(try await Self.walks(fast, in: store).isEmpty)
        }
    }

    private static func statements(
        of office: TestOffice, _ request: () async throws -> Void
    ) async throws -> [SQL] {
        let seen = Seen()
        var watch = Store.Watch()
        watch.statement = { seen.add($0) }
        office.wiring.store.watch(watch)
        try await request()
        office.wiring.store.watch(Store.Watch())
        return seen.all
    }

    /// Which large tables the engine would walk through for this statement.
    private static func walks(_ sql: SQL, in store: Store) async throws -> [String] {
        let words = sql.rendered(for: store.kind).text.split(whereSeparator: \.isWhitespace)
        guard let verb = words.first, ["SELECT", "UPDATE", "DELETE", "WITH"].contains(verb) else {
            return []
        }
        return try await store.read { tx in
            switch tx.engine {
            case .sqlite:
                return try tx.all("EXPLAIN QUERY PLAN \(sql)") { try $0.text(3) }
                    .filter { $0.hasPrefix("SCAN ") }
                    // The plan calls a table by its alias, so whatever is not known to be small.
                    .filter { line in
                        let name = line.split(separator: " ").dropFirst().first.map(String.init)
                        return name.map { !small.contains($0) } ?? true
                    }
            case .postgres:
                // Tables of a test are small: without this the planner would rightly read them.
                try tx.execute("SET LOCAL enable_seqscan = off")
                let lines = try tx.all("EXPLAIN \(sql)") { try $0.text(0) }
                return lines.indices.compactMap { index in
                    walk(in: lines, at: index)
                }
            }
        }
    }

    /// A node of PostgreSQL's plan that reads a whole large table, or a whole index of one.
    private static func walk(in lines: [String], at index: Int) -> String? {
        let line = lines[index]
        guard let on = line.range(of: " on "), line.contains("Scan"),
            let table = line[on.upperBound...].split(separator: " ").first.map(String.init)
        else { return nil }
        if line.contains("Seq Scan") { return large.contains(table) ? line : nil }
        // The heap's part of a bitmap; its index's part stands for itself, named by the index.
        if line.contains("Bitmap Heap") { return nil }
        let isLarge = large.contains { table == $0 || table.hasPrefix($0 + "_") }
        let next = index + 1 < lines.count ? lines[index + 1] : ""
        return isLarge && !next.contains("Index Cond") ? line : nil
    }
}

private final class Seen: Sendable {
    private let statements = Mutex<[SQL]>([])
    var all: [SQL] { statements.withLock { $0 } }
    func add(_ sql: SQL) { statements.withLock { $0.append(sql) } }
}

/// A business at work, and what is asked of the office every second.
private struct HotWorld: Sendable {
    typealias Request = @Sendable (TestOffice) async throws -> Void
    let requests: [(name: String, request: Request)]

    init(_ office: TestOffice) async throws {
        let account = try await office.makeAccount()
        let base = "/accounts/\(account)"
        let inbox = try await office.makeInbox(of: account)
        let talk =
            try await office.receive("Hello", source: "m1", inbox: inbox)["conversation_id"]
            .string ?? ""
        let staff = try await office.call(.post, base + "/staff", ["name": "Sam"])
        try await office.call(
            .post, base + "/contacts",
            [
                "name": "Dana",
                "contact_points": [["channel": "phone", "address": "(212) 555-0123"]],
            ])
        let service = try await office.call(
            .post, base + "/services", ["name": "Cut", "duration_minutes": 30])
        #expect(staff.status == 201 && service.status == 201, "\(service.text)")
        try await office.call(
            .post, base + "/webhooks", ["url": "http://127.0.0.1:9/", "events": ["*"]])
        _ = try await office.makeUser("pat@x.test")
        let browser = PageBrowser(office)
        #expect(try await browser.signIn("pat@x.test", TestOffice.password).status == 303)
        let list: HTTPFields = [.accept: "application/json"]
        let key = HTTPField.Name("Idempotency-Key") ?? .ifMatch
        func ask(
            _ path: String, headers: HTTPFields = [:]
        ) -> Request {
            { office in
                let answer = try await office.call(.get, path, headers: headers)
                #expect(answer.status == 200, "\(path): \(answer.text)")
            }
        }
        requests = [
            (
                "the desk's queue, in a browser",
                { _ in
                    let page = try await browser.get("/desk")
                    #expect(page.status == 200 && page.text.contains("queue"))
                }
            ),
            (
                "a conversation on the desk",
                { _ in
                    let page = try await browser.get("/desk/conversations/\(talk)")
                    #expect(page.status == 200)
                }
            ),
            ("a business's conversations", ask(base + "/conversations")),
            ("a conversation's messages", ask("/conversations/\(talk)/messages")),
            ("new events", ask("/events?after=3", headers: list)),
            ("a business's new events", ask("/events?after=3&account=\(account)", headers: list)),
            (
                "free times",
                ask(
                    base + "/availability?service_id=\(service.id)"
                        + "&from=2026-03-24T00:00:00Z&to=2026-03-28T00:00:00Z")
            ),
            ("a client by name", ask(base + "/contacts?query=dana")),
            ("a client by the end of a number", ask(base + "/contacts?query=555-01")),
            ("a client by the beginning of a number", ask(base + "/contacts?query=%2B1%20212")),
            ("a client by their number", ask(base + "/contacts?query=(212)%20555-0123")),
            (
                "a message comes in",
                { office in
                    let answer = try await office.receive("Again", source: "m2", inbox: inbox)
                    #expect(answer.status == 202, "\(answer.text)")
                }
            ),
            (
                "an answer, with a key",
                { office in
                    let answer = try await office.call(
                        .post, "/conversations/\(talk)/messages", ["text": "Yes"],
                        headers: [key: "k"])
                    #expect(answer.status == 201, "\(answer.text)")
                }
            ),
            (
                "a booking",
                { office in
                    let answer = try await office.call(
                        .post, base + "/appointments",
                        [
                            "service_id": .string(service.id), "start": "2026-03-24T15:00:00Z",
                            "contact": ["name": "Dana"],
                        ])
                    #expect(answer.status == 201, "\(answer.text)")
                }
            ),
            ("due work", { office in try await office.wiring.worker.runDue() }),
        ]
    }
}
