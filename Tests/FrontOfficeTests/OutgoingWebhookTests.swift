import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing

@Suite("An outgoing webhook")
struct OutgoingWebhookTests {
    @Test(arguments: TestEngine.available)
    func `brings each event once, signed, as the event list shows it`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine) { world in
            let contact = try await world.happen()
            try await world.wait(0)
            try await world.wait(60)
            #expect(world.receiver.calls.count == 1)
            let call = try #require(world.receiver.calls.first)
            #expect(call.type == "contact.created")
            #expect(call.isSigned(with: world.secret))
            #expect(call.signatures.count == 1)
            #expect(!call.isSigned(with: "whsec_" + "AAAA"))
            let now = try await world.now()
            #expect(Int64(call.timestamp) == (now.milliseconds / 1000) - 60)
            let events = try await world.office.call(
                .get, "/events?account=\(world.account)", headers: [.accept: "application/json"])
            let event = try #require(events.data.last)
            #expect(call.body["data"] == event)
            #expect(event["subject"]?.string == contact)
            #expect(call.body["timestamp"] == event["occurred_at"])

            let sent = try #require(try await world.deliveries().first)
            #expect(sent["id"]?.string == call.id)
            #expect(sent["status"] == "delivered")
            #expect(sent["payload"] == call.body)
            let detail = try await world.delivery(call.id)
            let attempt = try #require(detail["attempts"].array?.first)
            #expect(attempt["answer_status"] == 200)
            #expect(attempt["answer"] == "thanks")
        }
    }

    @Test(arguments: TestEngine.available)
    func `brings only what was chosen`(engine: TestEngine) async throws {
        try await WebhookWorld.run(
            on: engine, events: ["message.*", "inquiry.recorded"]
        ) { world in
            try await world.happen()
            let inbox = try await world.office.makeInbox(of: world.account)
            try await world.office.receive("Hello", source: "m1", inbox: inbox)
            try await world.office.call(
                .post, "/accounts/\(world.account)/inquiries", ["kind": "question"])
            let elsewhere = try await world.office.makeAccount("elsewhere")
            let other = try await world.office.makeInbox(of: elsewhere)
            try await world.office.receive("Not yours", source: "m1", inbox: other)
            try await world.wait(1)
            #expect(world.receiver.types.sorted() == ["inquiry.recorded", "message.received"])
            // Switched off it hears nothing, switched on only what happens from then on.
            let off = try await world.office.call(
                .patch, "/webhooks/\(world.webhook)", ["is_active": false])
            #expect(off.status == 200)
            try await world.office.receive("Unheard", source: "m2", inbox: inbox)
            try await world.wait(60)
            #expect(world.receiver.calls.count == 2)
            try await world.office.call(
                .patch, "/webhooks/\(world.webhook)", ["is_active": true, "events": ["*"]])
            try await world.happen()
            try await world.wait(1)
            // With everything chosen, that it was changed is heard too; order is not promised.
            #expect(
                world.receiver.types.dropFirst(2).sorted() == [
                    "contact.created", "webhook.updated",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `says nothing of private notes nor of what was undone`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine) { world in
            let inbox = try await world.office.makeInbox(of: world.account)
            let received = try await world.office.receive("Hi", source: "m1", inbox: inbox)
            let talk = received["conversation_id"].string ?? ""
            try await world.wait(1)
            world.receiver.forget()
            let note = try await world.office.call(
                .post, "/conversations/\(talk)/messages",
                ["text": "A difficult client", "private": true])
            #expect(note.status == 201, "\(note.text)")
            // Refused, so nothing happened.
            let refused = try await world.office.call(
                .post, "/accounts/\(world.account)/contacts",
                ["name": "X", "contact_points": [["channel": "sms", "address": "nonsense"]]])
            #expect(refused.status == 422)
            try await world.wait(60)
            #expect(
                !world.receiver.calls.contains {
                    $0.text.contains(note.id) || $0.type == "contact.created"
                }, "\(world.receiver.calls)")
        }
    }

    @Test(arguments: TestEngine.available)
    func `is tried for three days with growing pauses under one id, then stopped`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            world.receiver.willAlwaysAnswer(.internalServerError, "down")
            let start = try await world.now()
            try await world.happen()
            var times: [Int] = []
            // Each step moves to the next attempt that the log announces.
            for _ in 0..<20 {
                let next = try await world.deliveries().first?["next_attempt_at"]?.string
                guard let due = next.flatMap(Instant.init(rfc3339:)) else { break }
                times.append(Int((due.milliseconds - start.milliseconds) / 1000))
                try await world.office.moveClock(to: due)
                #expect(world.receiver.calls.count == times.count)
            }
            #expect(times.count == 10, "\(times)")
            #expect(times.last == 3 * 86_400)
            let pauses = zip(times.dropFirst(), times).map { $0.0 - $0.1 }
            for (pause, wanted) in zip(pauses, [5, 300, 1800, 7200, 18_000, 36_000, 50_400]) {
                #expect((wanted...(wanted * 11 / 10 + 1)).contains(pause), "\(pauses)")
            }
            let calls = world.receiver.calls
            #expect(Set(calls.map(\.id)).count == 1)
            #expect(Set(calls.map(\.text)).count == 1)
            #expect(Set(calls.map(\.timestamp)).count == calls.count, "a fresh time each")
            #expect(calls.allSatisfy { $0.isSigned(with: world.secret) })

            let ended = try #require(try await world.deliveries().first)
            #expect(ended["status"] == "failed")
            #expect(ended["failure"] == "answered 500")
            let endpoint = try await world.endpoint()
            #expect(endpoint["is_active"] == false)
            #expect(endpoint["disabled_reason"] == "failing")
            try await expectEvent("webhook.disabled", in: world)
            // Nothing goes there any more, however long one waits.
            try await world.happen()
            try await world.wait(7 * 86_400)
            #expect(world.receiver.calls.count == 10)
        }
    }

    private func expectEvent(_ type: String, in world: WebhookWorld) async throws {
        let events = try await world.office.call(
            .get, "/events?account=\(world.account)&limit=200",
            headers: [.accept: "application/json"])
        let found = events.data.filter { $0["type"]?.string == type }
        #expect(found.count == 1)
        #expect(found.first?["subject"]?.string == world.webhook)
    }

    @Test(arguments: TestEngine.available)
    func `goes on as soon as one attempt succeeds`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            world.receiver.willAnswer(.init(status: .badGateway), .init(status: .notFound))
            try await world.happen()
            try await world.wait(3600)
            #expect(world.receiver.calls.count == 3)
            let endpoint = try await world.endpoint()
            #expect(endpoint["is_active"] == true)
            #expect(endpoint["failing_since"].isNull)
            let sent = try #require(try await world.deliveries("?status=delivered").first)
            #expect(sent["attempt_count"] == 3)
            #expect(try await world.deliveries("?status=failed").isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `waits as long as it is asked to, within bounds`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            world.receiver.willAnswer(
                .init(status: .tooManyRequests, headers: [.retryAfter: "600"]),
                .init(status: .serviceUnavailable, headers: [.retryAfter: "99999999999"]),
                .init(status: .serviceUnavailable, headers: [.retryAfter: "-5"]))
            try await world.happen()
            try await world.wait(599)
            #expect(world.receiver.calls.count == 1)
            try await world.wait(1)
            #expect(world.receiver.calls.count == 2)
            // Never more than a day.
            try await world.wait(86_399)
            #expect(world.receiver.calls.count == 2)
            try await world.wait(1)
            #expect(world.receiver.calls.count == 3)
            try await world.wait(2 * 3600)
            #expect(world.receiver.calls.count == 4)
        }
    }

    @Test(arguments: TestEngine.available)
    func `ends at once when the other side says that it is gone`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            world.receiver.willAlwaysAnswer(.gone)
            try await world.happen()
            try await world.happen("Eve")
            try await world.wait(0)
            let endpoint = try await world.endpoint()
            #expect(endpoint["is_active"] == false)
            #expect(endpoint["disabled_reason"] == "gone")
            try await expectEvent("webhook.disabled", in: world)
            try await world.wait(4 * 86_400)
            #expect(world.receiver.calls.count <= 2)
            #expect(try await world.deliveries("?status=waiting").isEmpty)
            // A person switches it on again: the notice goes.
            world.receiver.willAlwaysAnswer(.ok)
            let on = try await world.office.call(
                .patch, "/webhooks/\(world.webhook)", ["is_active": true])
            #expect(on["disabled_at"].isNull)
            world.receiver.forget()
            try await world.happen()
            try await world.wait(1)
            #expect(world.receiver.calls.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is stopped when too much fails in a row`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            let id = world.webhook
            try await world.office.wiring.store.write { tx in
                try tx.execute("UPDATE webhooks SET failures = 998 WHERE id = \(id)")
            }
            world.receiver.willAlwaysAnswer(.internalServerError)
            try await world.happen()
            try await world.wait(0)
            #expect(try await world.endpoint()["is_active"] == true)
            try await world.wait(10)
            let endpoint = try await world.endpoint()
            #expect(endpoint["disabled_reason"] == "too_many_failures")
        }
    }

    @Test(arguments: TestEngine.available)
    func `follows no redirect and keeps only the start of a long answer`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            world.receiver.willAnswer(
                .init(status: .temporaryRedirect, headers: [.location: "/elsewhere"]),
                .init(status: .ok, body: String(repeating: "ж", count: 200_000) + "\u{0}"))
            try await world.happen()
            try await world.wait(0)
            #expect(world.receiver.calls.count == 1)
            try await world.wait(10)
            #expect(world.receiver.calls.count == 2)
            let sent = try #require(try await world.deliveries().first)
            #expect(sent["status"] == "delivered")
            let detail = try await world.delivery(sent["id"]?.string ?? "")
            let attempts = detail["attempts"].array ?? []
            #expect(attempts.first?["failure"] == "answered 307")
            #expect(attempts.last?["is_answer_cut"] == true)
            #expect(attempts.last?["answer"]?.string?.utf8.count == 4096)
        }
    }
}
