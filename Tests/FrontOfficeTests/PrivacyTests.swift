import Files
import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import Work

@Suite("What is kept of clients")
struct PrivacyTests {
    @Test(arguments: TestEngine.available)
    func `is handed out whole to those who manage the business`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let contact = try await office.call(.get, "/conversations/\(world.conversation)")
            let id = contact["contact_id"].string ?? ""
            let file = try await world.upload(Samples.png, name: "cat.png").id
            try await office.call(
                .post, "/conversations/\(world.conversation)/messages",
                ["text": "Hi", "attachments": [.string(file)]])
            try await office.call(
                .post, "/conversations/\(world.conversation)/messages",
                ["text": "difficult", "private": true])
            for (token, notes) in [(office.admin, true), (world.owner, false)] {
                let asked = try await office.call(.post, "/contacts/\(id)/export", [:], as: token)
                #expect(asked.status == 202)
                #expect(asked["status"] == "waiting")
                while try await office.wiring.worker.runDue() > 0 {}
                let ready = try await office.call(.get, "/contact_exports/\(asked.id)", as: token)
                #expect(ready["status"] == "ready")
                let url = ready["file"]["url"]?.string ?? ""
                let document = try await world.send(.get, url, as: token)
                #expect(document["Content-Disposition"]?.hasPrefix("attachment") == true)
                let tables = document.json["tables"]
                #expect(tables?["contacts"]?.array?.count == 1)
                #expect(tables?["contact_points"]?.array?.first?["address"] == "visitor-1")
                let texts = tables?["messages"]?.array?.compactMap { $0["text"]?.string } ?? []
                #expect(texts.contains("Hello") && texts.contains("Hi"))
                #expect(texts.contains("difficult") == notes)
                #expect(document.json["files"]?.array?.first?["name"] == "cat.png")
                let attached = document.json["files"]?.array?.first?["url"]?.string ?? ""
                #expect(try await world.send(.get, attached, as: token).bytes == Samples.png)
                #expect(try await world.send(.get, url, as: world.stranger).status == 404)
                let agent = try await office.makeAgent(
                    "receptionist", email: "r\(notes)@office.test")
                #expect(try await world.send(.get, url, as: agent).status == 403)
                if notes {
                    #expect(try await world.send(.get, url, as: world.owner).status == 404)
                }
            }
            try await office.moveClock(to: TestOffice.start.advanced(byDays: 8))
            let count = try await office.wiring.store.read { tx in
                try tx.count("SELECT COUNT(*) FROM files WHERE purpose = 'export'")
            }
            #expect(count == 0, "exports end after a week")
        }
    }

    @Test(arguments: TestEngine.available)
    func `holds no card numbers, whichever door they come by`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let card = "4111 1111 1111 1111"
            let base = "/accounts/\(world.account)"
            let words = JSONValue.string("My card is \(card)")
            let made = try await office.call(
                .post, base + "/contacts",
                ["name": words, "notes": words, "form_of_address": words])
            try await office.call(.patch, "/contacts/\(made.id)", ["notes": words])
            let typed = try await office.call(
                .post, base + "/contacts",
                ["contact_points": [["channel": "email", "address": "4111111111111111@x.test"]]])
            #expect(typed.status == 422)
            try await office.receive("pay \(card)", source: "c1", inbox: world.inbox)
            let talk = "/conversations/\(world.conversation)/messages"
            try await office.call(.post, talk, ["text": words, "private": true])
            try await office.call(.post, talk, ["text": words])
            let inquiry = try await office.call(
                .post, base + "/inquiries",
                ["kind": "order", "topic": words, "notes": words, "disposition": .string(card)])
            try await office.call(.patch, "/inquiries/\(inquiry.id)", ["notes": words])
            try await office.call(.post, base + "/staff", ["name": "Maria"])
            let service = try await office.call(
                .post, base + "/services", ["name": "Cut", "duration_minutes": 30])
            let booked = try await office.call(
                .post, base + "/appointments",
                [
                    "service_id": .string(service.id), "start": "2026-03-24T15:00:00Z",
                    "contact": ["name": words], "notes": words,
                ])
            #expect(booked.status == 201, "\(booked.text)")
            try await office.call(.patch, "/appointments/\(booked.id)", ["notes": words])
            try await office.call(.post, "/appointments/\(booked.id)/cancel", ["reason": words])
            try await office.call(
                .post, base + "/busy",
                [
                    "of": "account", "start": "2026-04-01T13:00:00Z",
                    "end": "2026-04-01T14:00:00Z", "reason": words,
                ])
            try await office.call(
                .post, base + "/knowledge", ["question": words, "answer": words])
            try await office.call(
                .post, base + "/canned_responses",
                ["shortcut": "pay", "title": words, "text": words])
            try await office.call(.put, base + "/guidance", ["greeting": words, "about": words])
            try await world.upload([1], name: "\(card).txt")
            let scan = DatabaseScan(store: office.wiring.store)
            #expect(try await scan.places(of: card) == [])
            #expect(try await scan.places(of: "4111111111111111") == [])
            let kept = try await scan.places(of: "•••• 1111")
            for place in [
                "contacts.name", "contacts.notes", "contacts.form_of_address", "messages.text",
                "conversations.preview", "inquiries.topic", "inquiries.notes",
                "inquiries.disposition", "appointments.notes", "appointments.canceled_reason",
                "busy.reason", "knowledge_articles.answer", "canned_responses.text",
                "guidance.about", "files.name",
            ] { #expect(kept.contains(place), "\(place)") }
        }
    }

    @Test(arguments: TestEngine.available)
    func `goes when its time has come, and not before`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let file = try await world.upload(Samples.png, name: "cat.png").id
            try await office.call(
                .post, "/conversations/\(world.conversation)/messages",
                ["text": "Hi", "attachments": [.string(file)]])
            try await office.call(
                .post, "/accounts/\(world.account)/inquiries",
                ["kind": "order", "conversation_id": .string(world.conversation)])
            let set = try await office.call(
                .patch, "/settings/retention", ["messages": 400, "inquiries": 800])
            #expect(set.status == 200, "\(set.text)")
            #expect(set["next_run"]["messages"] == 0)
            // A business may keep less; more has no effect.
            let path = "/accounts/\(world.account)/retention"
            let own = try await office.call(
                .patch, path, ["messages": 30, "inquiries": 9000], as: world.owner)
            #expect(own["effective_days"]["messages"] == 30)
            #expect(own["effective_days"]["inquiries"] == 800)
            for bad: JSONValue in [["messages": 0], ["mesages": 5], ["events": 9999]] {
                #expect(try await office.call(.patch, path, bad).status == 422)
            }
            try await office.moveClock(to: TestOffice.start.advanced(byDays: 29))
            let talk = "/conversations/\(world.conversation)"
            #expect(try await office.call(.get, talk + "/messages").data.count == 2)
            try await office.moveClock(to: TestOffice.start.advanced(byDays: 32))
            #expect(try await office.call(.get, talk).status == 404)
            #expect(try await world.content(file).status == 404)
            #expect(!office.wiring.files.folder.exists(FileID(file)))
            let inquiries = try await office.call(.get, "/accounts/\(world.account)/inquiries")
            #expect(inquiries.data.count == 1)
            #expect(inquiries.data.first?["conversation_id"] == .null)
            let cleared = try await office.call(.patch, path, ["messages": .null])
            #expect(cleared["days"]["messages"] == .null)
            #expect(cleared["effective_days"]["messages"] == 400)
        }
    }
}

@Suite("Files in the widget")
struct WidgetFileTests {
    @Test(arguments: TestEngine.available)
    func `are the visitor's own and bounded`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let inbox = try await office.makeInbox(of: world.account, channel: "web_chat")
            let base = "/widget/v1/\(inbox)"
            func begin() async throws -> String {
                try await world.send(.post, base + "/sessions").json["token"]?.string ?? ""
            }
            func upload(_ bytes: [UInt8], _ visitor: String?) async throws -> FileAnswer {
                try await world.send(
                    .post, base + "/files?name=cat.png",
                    ["Content-Length": "\(bytes.count)", "Content-Type": "image/png"], bytes,
                    as: visitor)
            }
            let (ann, eve) = (try await begin(), try await begin())
            #expect(try await upload(Samples.png, nil).status == 401)
            let sent = try await upload(Samples.png, ann)
            #expect(sent.status == 201, "\(sent.text)")
            #expect(try await upload(Array("MZ\u{0}\u{3}".utf8), ann).status == 415)
            #expect(try await upload(Array(repeating: 1, count: 20 << 20 | 1), ann).status == 413)
            func write(_ visitor: String, _ source: String, _ file: String) async throws
                -> FileAnswer
            {
                let body: JSONValue = [
                    "source_id": .string(source), "attachments": [.string(file)],
                ]
                return try await world.send(
                    .post, base + "/messages", ["Content-Type": "application/json"],
                    Array(body.serialized.utf8), as: visitor)
            }
            #expect(try await write(eve, "e1", sent.id).status == 422)
            let office1 = try await world.upload(Samples.pdf, name: "secret.pdf").id
            #expect(try await write(eve, "e2", office1).status == 422)
            let message = try await write(ann, "a1", sent.id)
            #expect(message.status == 202, "\(message.text)")
            let url = message.json["message"]?["attachments"]?.array?.first?["url"]?.string ?? ""
            let shown = try await world.send(.get, url)
            #expect(shown.bytes == Samples.png)
            #expect(shown["Content-Security-Policy"] == "sandbox; default-src 'none'")
            // No other file, visitor, time or signature.
            for forged in [
                url.replacing(sent.id, with: office1),
                url.replacing("until=1", with: "until=2"),
                url.replacing("contact=ctct_", with: "contact=ctct_x"),
                String(url.dropLast(64)) + String(repeating: "0", count: 64),
                String(url.split(separator: "?")[0]),
            ] { #expect(try await world.send(.get, forged).status == 404, "\(forged)") }
            try await office.moveClock(to: TestOffice.start.advanced(byDays: 2))
            #expect(try await world.send(.get, url).status == 404)
        }
    }
}
