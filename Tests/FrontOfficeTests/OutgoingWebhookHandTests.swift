import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import Vault

/// What people do with webhooks by hand: secrets, tests, sending again, removing.
@Suite("A webhook in the hands of people")
struct OutgoingWebhookHandTests {
    @Test(arguments: TestEngine.available)
    func `shows its secret once and stores it unreadable`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine) { world in
            #expect(world.secret.hasPrefix("whsec_"))
            #expect(world.secret.utf8.count == 50)
            let shown = try await world.endpoint()
            #expect(!shown.text.contains(world.secret))
            #expect(shown["secret"].isNull)
            let list = try await world.office.call(.get, "/accounts/\(world.account)/webhooks")
            #expect(!list.text.contains("secret\":"))
            let id = world.webhook
            let stored = try await world.office.wiring.store.read { tx in
                try tx.first("SELECT secret FROM webhooks WHERE id = \(id)") { try $0.text(0) }
            }
            let sealed = try #require(stored)
            #expect(!sealed.contains(world.secret.dropFirst(6)))
            #expect(sealed.hasPrefix(world.office.wiring.vault.hides ? "v1." : "v0."))
            let opened = try world.office.wiring.vault.open(sealed, context: "webhook:\(id)")
            #expect(opened == world.secret)
        }
    }

    @Test(arguments: TestEngine.available)
    func `signs with both secrets for a day after a change`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            let changed = try await world.office.call(
                .post, "/webhooks/\(world.webhook)/rotate_secret", headers: [.ifMatch: "\"1\""])
            #expect(changed.status == 200, "\(changed.text)")
            let new = changed["secret"].string ?? ""
            #expect(new != world.secret)
            try await world.happen()
            try await world.wait(0)
            let during = try #require(world.receiver.calls.last)
            #expect(during.signatures.count == 2)
            #expect(during.isSigned(with: new) && during.isSigned(with: world.secret))
            // A second change drops the oldest at once: a stolen secret can be got rid of.
            let again = try await world.office.call(
                .post, "/webhooks/\(world.webhook)/rotate_secret")
            let newest = again["secret"].string ?? ""
            try await world.happen()
            try await world.wait(0)
            let later = try #require(world.receiver.calls.last)
            #expect(later.isSigned(with: newest) && later.isSigned(with: new))
            #expect(!later.isSigned(with: world.secret))
            try await world.wait(86_400)
            try await world.happen()
            try await world.wait(0)
            let after = try #require(world.receiver.calls.last)
            #expect(after.signatures.count == 1)
            #expect(after.isSigned(with: newest))
        }
    }

    @Test(arguments: TestEngine.available)
    func `can be tried, also while it is off, without a verdict on it`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine) { world in
            try await world.office.call(
                .patch, "/webhooks/\(world.webhook)", ["is_active": false])
            try await world.wait(1)
            world.receiver.forget()
            world.receiver.willAlwaysAnswer(.gone)
            let test = try await world.office.call(.post, "/webhooks/\(world.webhook)/test")
            #expect(test.status == 201, "\(test.text)")
            #expect(test.headers[.location] == "/api/v1/webhook_deliveries/\(test.id)")
            try await world.wait(86_400)
            #expect(world.receiver.types == ["webhook.test"])
            #expect(world.receiver.calls.first?.isSigned(with: world.secret) == true)
            let tried = try await world.delivery(test.id)
            #expect(tried["status"] == "failed")
            #expect(tried["attempt_count"] == 1)
            let endpoint = try await world.endpoint()
            #expect(endpoint["disabled_reason"].isNull)
            #expect(endpoint["failing_since"].isNull)
            // It is no event of the business.
            let events = try await world.office.call(
                .get, "/events?account=\(world.account)", headers: [.accept: "application/json"])
            #expect(!events.text.contains("webhook.test"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `sends again what was sent, under a new id`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            try await world.happen()
            try await world.wait(0)
            let first = try #require(world.receiver.calls.first)
            let again = try await world.office.call(.post, "/webhook_deliveries/\(first.id)/resend")
            #expect(again.status == 201, "\(again.text)")
            #expect(again["resend_of"].string == first.id)
            try await world.wait(0)
            #expect(world.receiver.calls.count == 2)
            let second = try #require(world.receiver.calls.last)
            #expect(second.id == again.id && second.id != first.id)
            #expect(second.text == first.text)
            #expect(second.isSigned(with: world.secret))
        }
    }

    @Test(arguments: TestEngine.available)
    func `does not go on trying what a person sent again`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            world.receiver.willAnswer(.init(status: .internalServerError))
            try await world.happen()
            try await world.wait(0)
            let first = try #require(world.receiver.calls.first)
            try await world.office.call(.post, "/webhook_deliveries/\(first.id)/resend")
            try await world.wait(4 * 86_400)
            #expect(world.receiver.calls.count == 2)
            #expect(try await world.delivery(first.id)["status"] == "failed")
            try await world.office.call(
                .patch, "/webhooks/\(world.webhook)", ["is_active": false])
            let off = try await world.office.call(.post, "/webhook_deliveries/\(first.id)/resend")
            #expect(off.status == 409, "\(off.text)")
        }
    }

    @Test(arguments: TestEngine.available)
    func `takes its log and what was still to come with it when deleted`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            world.receiver.willAlwaysAnswer(.internalServerError)
            try await world.happen()
            try await world.wait(0)
            let id = try #require(world.receiver.calls.first).id
            let stale = try await world.office.call(
                .delete, "/webhooks/\(world.webhook)", headers: [.ifMatch: "\"9\""])
            #expect(stale.status == 412)
            let gone = try await world.office.call(.delete, "/webhooks/\(world.webhook)")
            #expect(gone.status == 204)
            try await world.wait(4 * 86_400)
            #expect(world.receiver.calls.count == 1)
            #expect(try await world.delivery(id).status == 404)
            #expect(try await world.endpoint().status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `forgets its log after a month`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            try await world.happen()
            try await world.wait(0)
            #expect(try await world.deliveries().count == 1)
            try await world.wait(29 * 86_400)
            #expect(try await world.deliveries().count == 1)
            try await world.wait(3 * 86_400)
            #expect(try await world.deliveries().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `lists its log page by page, newest first`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            for number in 1...5 { try await world.happen("Client \(number)") }
            try await world.wait(1)
            var ids: [String] = []
            var cursor: String? = ""
            while let after = cursor {
                let page = try await world.office.call(
                    .get,
                    "/webhooks/\(world.webhook)/deliveries?limit=2"
                        + (after.isEmpty ? "" : "&cursor=\(after)"))
                ids += page.data.compactMap { $0["id"]?.string }
                cursor = page["next_cursor"].string
            }
            #expect(ids.count == 5)
            #expect(ids == ids.sorted(by: >))
            let bad = try await world.office.call(
                .get, "/webhooks/\(world.webhook)/deliveries?status=lost")
            #expect(bad.badFields == ["status"])
        }
    }
}
