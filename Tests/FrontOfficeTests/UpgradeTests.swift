import Accounts
import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Logging
import Store
import TestSupport
import Testing

@Suite("A database of release 0.1")
struct UpgradeTests {
    /// What the fixture's rows are called; Tests/Fixtures/release-0.1.sql says how it was made.
    private enum Old {
        static let token = "ast__sJ3V1kM9BQHIAX8Xzwler5iDFPnusZF"
        static let account = "acct_01kmdcfr40e1p9q39v0sms2ez0"
        static let service = "svc_01kmdcfr40e1vs4xsn1mhppd6e"
        static let staff = "stf_01kmdcfr40e1st7fv9mx2xbhks"
        static let inbox = "inb_01kmdcfr40e1wt40qddaxe3zaj"
        static let conversation = "conv_01kmdcfr40e1yvp2apaeasp8ck"
        static let appointment = "appt_01kmdcfr40e23vam20s0436rzc"
        static let snoozed = "conv_01kmdcfr40e2ersgzbjbsfe946"
    }

    @Test(arguments: TestEngine.available)
    func `is served by this one with everything in it`(engine: TestEngine) async throws {
        try await Self.run(on: engine) { office in
            let account = try await office.call(
                .get, "/accounts/\(Old.account)", token: Old.token)
            #expect(account.text("name") == "Mane Street Salon")
            let list = "/conversations/\(Old.conversation)/messages"
            let messages = try await office.call(.get, list, token: Old.token)
            let texts = (messages["data"]?.array ?? []).map { $0.text("text") }
            #expect(
                texts.prefix(2) == ["Hello, can I book a cut? ☂", "Of course. Tuesday at 14:00?"])
            #expect(texts.contains("Prefers Maria."))
            let booked = try await office.call(
                .get, "/appointments/\(Old.appointment)", token: Old.token)
            #expect(booked.text("status") == "confirmed" && booked.text("notes") == "First visit")
            #expect(booked.text("start") == "2026-03-24T18:00:00Z")
            let contacts = try await office.call(
                .get, "/accounts/\(Old.account)/contacts?query=Booker", token: Old.token)
            #expect(contacts["data"]?.array?.count == 1)
            for (list, count) in [
                ("knowledge", 1), ("canned_responses", 1), ("inquiries", 1), ("staff", 1),
                ("services", 1), ("resources", 1), ("members", 1),
            ] {
                let answer = try await office.call(
                    .get, "/accounts/\(Old.account)/\(list)", token: Old.token)
                #expect(answer["data"]?.array?.count == count, "\(list)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `goes on working`(engine: TestEngine) async throws {
        try await Self.run(on: engine) { office in
            // Old bookings, holds and busy times still block; the rest is free.
            let free = try await office.call(
                .get,
                "/accounts/\(Old.account)/availability?service_id=\(Old.service)"
                    + "&from=2026-03-24T00:00:00Z&to=2026-03-28T00:00:00Z", token: Old.token)
            let starts = (free["slots"]?.array ?? []).map { $0.text("start") }
            #expect(starts.contains("2026-03-25T18:00:00Z"))
            for taken in ["2026-03-24T18:00:00Z", "2026-03-26T14:30:00Z", "2026-03-27T14:00:00Z"] {
                #expect(!starts.contains(taken))
            }
            let twice = try await office.send(
                .post, "/api/v1/accounts/\(Old.account)/appointments", token: Old.token,
                [
                    "service_id": .string(Old.service), "start": "2026-03-24T18:00:00Z",
                    "contact": ["name": "Late"],
                ])
            #expect(twice.status == 409)
            // A message that was delivered to the old server is known to the new one.
            let again = try await office.call(
                .post, "/inboxes/\(Old.inbox)/inbound", token: Old.token,
                ["source_id": "m-1", "from": ["address": "dana"], "text": "Hello again"])
            #expect(again.text("conversation_id") == Old.conversation)
            // A job that the old server enqueued is done by the new one.
            let path = "/conversations/\(Old.snoozed)"
            #expect(
                try await office.call(.get, path, token: Old.token).text("status") == "snoozed")
            _ = try await office.call(
                .post, "/test_clock", token: Old.token, ["now": "2026-03-24T13:00:01Z"])
            #expect(try await office.call(.get, path, token: Old.token).text("status") == "open")
            let dead = try await office.wiring.store.read { tx in
                try tx.count("SELECT COUNT(*) FROM jobs WHERE state = 'dead'")
            }
            #expect(dead == 0)
            // Clients are found by the digits of numbers that the old server stored.
            let found = try await office.call(
                .get, "/accounts/\(Old.account)/contacts?query=555-01", token: Old.token)
            #expect(found["data"]?.array?.count == 1)
            // New events follow the old ones.
            let events = try await office.send(
                .get, "/api/v1/events?after=0&limit=200", token: Old.token,
                headers: [.accept: "application/json"])
            #expect((events.json["data"]?.array?.count ?? 0) > 20)
        }
    }

    @Test(arguments: TestEngine.available)
    func `lets people in with their old passwords`(engine: TestEngine) async throws {
        try await Self.run(on: engine) { office in
            for email in ["ada@office.example", "rita@office.example", "owner@mane.example"] {
                let actor = try await office.wiring.gatekeeper.signIn(
                    email: email, password: "frontoffice-demo", from: "test")
                #expect(actor.email == email)
            }
        }
    }

    /// Whoever installed 0.1 has these; a change to them would reach nobody.
    @Test func `was made by migrations that never change`() throws {
        let folder = try TestResources.root().migrations
        let released = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { (Int($0.prefix(4)) ?? .max) <= 8 }
        #expect(released.count == 9)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in released {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            for byte in Data(name.utf8) + bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        #expect(String(hash, radix: 16) == "f742cbe1980e0cad")
    }

    /// A database of the old shape with the old rows, then the production wiring on it.
    private static func run(
        on engine: TestEngine,
        _ body: @escaping @Sendable (WatchedOffice) async throws -> Void
    ) async throws {
        let database = try await engine.makeDatabase()
        do {
            try await fill(database.url)
            try await WatchedOffice.run(on: database.url, level: .warning, body)
        } catch {
            try await database.remove()
            throw error
        }
        try await database.remove()
    }

    private static func fill(_ url: String) async throws {
        let (manager, root) = (FileManager.default, try TestResources.root())
        let folder = manager.temporaryDirectory.path + "/as-" + Ambient.live().newID("old")
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: root.migrations)
        where (Int(name.prefix(4)) ?? .max) <= 8 {
            try manager.copyItem(atPath: root.migrations + "/" + name, toPath: folder + "/" + name)
        }
        // The rows go in as if they were a migration of their own, which is then forgotten.
        try manager.copyItem(
            atPath: root.path + "/Tests/Fixtures/release-0.1.sql", toPath: folder + "/9999_rows.sql"
        )
        let store = try Store(url: url, connections: 2)
        let migrator = try Migrator(folder: folder, engine: store.kind)
        _ = try await migrator.migrate(store, now: .earliest)
        try await store.write { tx in
            try tx.execute("DELETE FROM schema_migrations WHERE number = 9999")
        }
        try store.close()
        try manager.removeItem(atPath: folder)
    }
}
