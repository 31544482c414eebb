import Files
import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Privacy
import Store
import TestSupport
import Testing
import Work

@Suite("Forgetting a client")
struct ErasureTests {
    /// Found nowhere else.
    private static let canary = "zanzibarq7x"

    @Test(arguments: TestEngine.available)
    func `leaves the person nowhere`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let planted = try await Self.plant(world)
            let scan = DatabaseScan(store: office.wiring.store)
            let before = try await scan.places(of: Self.canary)
            // The proof is worth something only if the word was everywhere.
            for place in [
                "contacts.name", "contacts.notes", "contacts.search", "contacts.form_of_address",
                "contact_points.address", "messages.text", "messages.source_id",
                "conversations.preview", "files.name", "files.claimed_type", "inquiries.topic",
                "inquiries.notes", "inquiries.disposition", "appointments.notes",
                "appointments.canceled_reason", "idempotency_keys.body",
                "webhook_attempts.answer", "audit_entries.label", "audit_entries.before_values",
                "jobs.payload",
            ] { #expect(before.contains(place), "nothing was planted in \(place)") }
            let folder = office.wiring.files.folder.path
            #expect(try DatabaseScan.files(with: Self.canary, under: folder).count >= 4)

            let erased = try await office.call(
                .post, "/contacts/\(planted.contact)/erase",
                ["confirm": .string("Ann \(Self.canary)")], as: world.owner,
                headers: [try #require(HTTPField.Name("Idempotency-Key")): "erase"])
            #expect(erased.status == 202, "\(erased.text)")
            while try await office.wiring.worker.runDue() > 0 {}

            #expect(try await scan.places(of: Self.canary) == [])
            #expect(try DatabaseScan.files(with: Self.canary, under: folder) == [])
            if engine == .sqlite {
                let database = office.wiring.configuration.database.dropFirst("sqlite:".count)
                let folder = (String(database) as NSString).deletingLastPathComponent
                #expect(try DatabaseScan.files(with: Self.canary, under: folder) == [])
            }
            try await Self.expectWhatStays(world, planted, erased.id)
        }
    }

    private struct Planted {
        var contact: String
        var appointment: String
        var inquiry: String
    }

    /// The word through every door that a client's data comes in by.
    private static func plant(_ world: FileWorld) async throws -> Planted {
        let office = world.office
        let key: HTTPFields = [try #require(HTTPField.Name("Idempotency-Key")): "plant"]
        let base = "/accounts/\(world.account)"
        func post(_ path: String, _ body: JSONValue, _ headers: HTTPFields = [:]) async throws
            -> TestOffice.Answer
        {
            let answer = try await office.call(.post, path, body, headers: headers)
            #expect((200..<300).contains(answer.status), "\(path): \(answer.text)")
            return answer
        }
        let inbound = try await post(
            "/inboxes/\(world.inbox)/inbound",
            [
                "source_id": .string("m-\(canary)"), "text": .string("I am \(canary)"),
                "from": ["address": .string(canary), "name": .string("Ann \(canary)")],
                "attachments": [
                    [
                        "name": .string("\(canary).txt"), "type": .string("text/\(canary)"),
                        "data": .string(Data("By \(canary)".utf8).base64EncodedString()),
                    ]
                ],
            ])
        let talk = inbound["conversation_id"].string ?? ""
        let contact =
            try await office.call(.get, "/conversations/\(talk)")["contact_id"].string ?? ""
        let changed = try await office.call(
            .patch, "/contacts/\(contact)",
            [
                "notes": .string(canary), "form_of_address": .string("Ms \(canary)"),
                "contact_points": [
                    ["channel": "email", "address": .string("\(canary)@example.com")]
                ],
            ])
        #expect(changed.status == 200, "\(changed.text)")
        let note = try await world.upload(
            Array("Note on \(canary)".utf8), name: "\(canary).pdf")
        _ = try await post(
            "/conversations/\(talk)/messages",
            [
                "text": .string("Note: \(canary)"), "private": true,
                "attachments": [.string(note.id)],
            ], key)
        _ = try await world.send(
            .post, "/api/v1\(base)/files?name=\(canary)&contact_id=\(contact)", [:],
            Array(canary.utf8), as: office.admin)
        let inquiry = try await post(
            base + "/inquiries",
            [
                "kind": "complaint", "conversation_id": .string(talk), "topic": .string(canary),
                "notes": .string(canary), "disposition": .string(canary),
            ])
        let appointment = try await book(world, contact)
        _ = try await post("/contacts/\(contact)/export", [:])
        while try await office.wiring.worker.runDue() > 0 {}
        // The same name asked for again, and where others keep copies.
        _ = try await post("/contacts/\(contact)/export", [:])
        try await copies(world, contact, talk)
        // The last word, after what the program said about the visit.
        _ = try await post("/conversations/\(talk)/messages", ["text": .string("Dear \(canary)")])
        return Planted(contact: contact, appointment: appointment, inquiry: inquiry.id)
    }

    private static func book(_ world: FileWorld, _ contact: String) async throws -> String {
        let base = "/accounts/\(world.account)"
        _ = try await world.office.call(.post, base + "/staff", ["name": "Maria"])
        let service = try await world.office.call(
            .post, base + "/services", ["name": "Cut", "duration_minutes": 30])
        let booked = try await world.office.call(
            .post, base + "/appointments",
            [
                "service_id": .string(service.id), "start": "2026-03-24T15:00:00Z",
                "contact_id": .string(contact), "notes": .string("For \(canary)"),
            ])
        #expect(booked.status == 201, "\(booked.text)")
        let canceled = try await world.office.call(
            .post, "/appointments/\(booked.id)/cancel", ["reason": .string("\(canary) is ill")])
        #expect(canceled.status == 200, "\(canceled.text)")
        return booked.id
    }

    private static func copies(
        _ world: FileWorld, _ contact: String, _ talk: String
    ) async throws {
        let account = world.account
        let event: JSONValue = ["payload": ["contact_id": .string(contact)]]
        let words: JSONValue = ["name": .string(canary)]
        let job: JSONValue = ["conversation_id": .string(talk), "text": .string(canary)]
        try await world.office.wiring.store.write { tx in
            try tx.execute(
                """
                INSERT INTO webhook_deliveries
                    (id, account_id, webhook_id, event_id, type, payload, status, created_at)
                VALUES ('whd_1', \(account), 'wh_1', 'evt_1', 'x', \(event), 'delivered', 1)
                """)
            try tx.execute(
                """
                INSERT INTO webhook_attempts
                    (delivery_id, number, account_id, at, answer, milliseconds)
                VALUES ('whd_1', 1, \(account), 1, \("Thanks, \(canary)"), 5)
                """)
            try tx.execute(
                """
                INSERT INTO audit_entries
                    (id, account_id, actor_id, actor_name, is_by_office, action, subject, label,
                    before_values, after_values, means, occurred_at)
                VALUES ('aud_1', \(account), 'user_1', 'Ada', 1, 'contact.updated', \(contact),
                    \(canary), \(words), \(words), 'session', 1)
                """)
            try tx.execute(
                """
                INSERT INTO jobs (id, account_id, kind, payload, run_at, created_at)
                VALUES ('job_x', \(account), 'later', \(job), 4000000000000, 1)
                """)
        }
    }

    private static func expectWhatStays(
        _ world: FileWorld, _ planted: Planted, _ certificate: String
    ) async throws {
        let office = world.office
        #expect(try await office.call(.get, "/contacts/\(planted.contact)").status == 404)
        let appointment = try await office.call(.get, "/appointments/\(planted.appointment)")
        #expect(appointment["contact_id"] == .null)
        #expect(appointment["start"] == "2026-03-24T15:00:00Z")
        let inquiry = try await office.call(.get, "/inquiries/\(planted.inquiry)")
        #expect(inquiry["kind"] == "complaint")
        #expect(inquiry["contact_id"] == .null && inquiry["notes"] == .null)
        let proof = try await office.call(.get, "/contact_erasures/\(certificate)")
        #expect(proof["status"] == "done")
        #expect(proof["counts"]["messages"]?.int == 5)
        #expect(proof["counts"]["notices"]?.int == 2)
        #expect(proof["counts"]["contacts"]?.int == 1)
        #expect((proof["counts"]["files"]?.int ?? 0) >= 4)
        let list = try await office.call(
            .get, "/accounts/\(world.account)/contact_erasures", as: world.owner)
        #expect(list.data.count == 1)
        // Others are untouched.
        let other = try await office.call(.get, "/conversations/\(world.conversation)/messages")
        #expect(other.data.map { $0["text"]?.string } == ["Hello"])
        // Somebody with the same address is somebody new.
        let again = try await office.receive(
            "Back", source: "again", from: Self.canary, inbox: world.inbox)
        #expect(again.status == 202)
    }

    @Test(arguments: TestEngine.available)
    func `gives back the time of visits to come and keeps those that were`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let base = "/accounts/\(world.account)"
            _ = try await office.call(.post, base + "/staff", ["name": "Maria"])
            let service = try await office.call(
                .post, base + "/services", ["name": "Cut", "duration_minutes": 30])
            let ann = try await office.call(.post, base + "/contacts", ["name": "Ann"])
            let bea = try await office.call(.post, base + "/contacts", ["name": "Bea"])
            func book(_ contact: String, _ start: String) async throws -> TestOffice.Answer {
                try await office.call(
                    .post, base + "/appointments",
                    [
                        "service_id": .string(service.id), "start": .string(start),
                        "contact_id": .string(contact),
                    ])
            }
            let early = try await book(ann.id, "2026-03-24T14:00:00Z")
            let late = try await book(ann.id, "2026-03-25T15:00:00Z")
            let others = try await book(bea.id, "2026-03-25T16:00:00Z")
            #expect([early, late, others].allSatisfy { $0.status == 201 }, "\(late.text)")
            #expect(try await book(bea.id, "2026-03-25T15:00:00Z").status == 409)
            let instant = try #require(Instant(rfc3339: "2026-03-24T14:10:00Z"))
            try await office.moveClock(to: instant)
            let path = "/contacts/\(ann.id)/erase"
            #expect(try await office.call(.post, path, ["confirm": "Ann"]).status == 202)
            for (id, status) in [
                (early.id, "confirmed"), (late.id, "canceled"), (others.id, "confirmed"),
            ] {
                let seen = try await office.call(.get, "/appointments/\(id)")
                #expect(seen["status"].string == status, "\(seen.text)")
                #expect((seen["contact_id"] == .null) == (id != others.id))
            }
            let events = try await office.call(
                .get, "/events?account=\(world.account)&limit=200",
                headers: [.accept: "application/json"])
            #expect(
                events.data.filter { $0["type"] == "appointment.canceled" }
                    .compactMap { $0["subject"]?.string } == [late.id])
            #expect(try await book(bea.id, "2026-03-25T15:00:00Z").status == 201)
        }
    }

    @Test(arguments: TestEngine.available)
    func `asks for the name, and for one who may`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let made = try await office.call(
                .post, "/accounts/\(world.account)/contacts", ["name": "Dana Lee"])
            let path = "/contacts/\(made.id)/erase"
            for body: JSONValue in [
                ["confirm": "Dana"], ["confirm": ""], [:], ["confirm": .null], ["confirm": 5],
            ] {
                let answer = try await office.call(.post, path, body)
                #expect(answer.status == 422, "\(body.serialized)")
                #expect(answer.badFields == ["confirm"])
            }
            let name: JSONValue = ["confirm": "dana lee"]
            let agent = try await office.makeAgent("receptionist")
            #expect(try await office.call(.post, path, name, as: agent).status == 403)
            #expect(try await office.call(.post, path, name, as: world.stranger).status == 404)
            #expect(try await office.call(.get, "/contacts/\(made.id)").status == 200)
            let done = try await office.call(.post, path, name)
            #expect(done.status == 202)
            let proof = "/contact_erasures/\(done.id)"
            #expect(try await office.call(.get, proof, as: world.stranger).status == 404)
            #expect(try await office.call(.get, proof, as: agent).status == 403)
            #expect(try await office.call(.post, path, name).status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `knows every table there is`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let tables = try await DatabaseScan(store: office.wiring.store).tables()
            var known = PersonalTable.others
            for table in PersonalTable.all {
                let name = "\(table.name)"
                known.insert(name)
                let columns = (table.columns + table.hidden).map { "\($0)" }
                #expect(
                    Set(columns) == Set(tables[name] ?? []),
                    "Columns of \(name): say in PersonalTables.swift which an export shows.")
            }
            let fresh = Set(tables.keys).subtracting(known).sorted()
            #expect(
                fresh == [], "New tables: say in PersonalTables.swift what an erasure does there.")
        }
    }
}
