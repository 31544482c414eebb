import HTTPTypes
import Kernel
import TestSupport
import Testing

/// The business's own people and the pages about webhooks.
@Suite("Webhooks in the portal")
struct OutgoingWebhookPortalTests {
    private static let path = "/portal/mane/webhooks"

    private static func secret(in page: String) -> String? {
        page.firstMatch(of: /whsec_[A-Za-z0-9+\/=]+/).map { String($0.0) }
    }

    @Test(arguments: TestEngine.available)
    func `are added with chosen events, and the secret is shown once`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            #expect(try await owner.get(Self.path).text.contains("No webhooks yet"))
            let empty = try await owner.post(
                Self.path + "/new", [("url", "https://x"), ("scope", "some")])
            #expect(empty.status == 422)
            let made = try await owner.post(
                Self.path + "/new",
                [
                    ("url", "https://192.0.2.9/\"><b>hook"), ("description", "<i>CRM</i>"),
                    ("scope", "some"), ("events", "contact.created"),
                    ("events", "message.received"),
                ])
            #expect(made.status == 200, "\(made.text.prefix(400))")
            let secret = try #require(Self.secret(in: made.text))
            let list = try await office.call(.get, "/accounts/\(account)/webhooks")
            let webhook = try #require(list.data.first)
            #expect(webhook["events"] == ["contact.created", "message.received"])
            let id = webhook["id"]?.string ?? ""
            for path in [Self.path, "\(Self.path)/\(id)"] {
                let page = try await owner.get(path)
                #expect(page.status == 200)
                #expect(!page.text.contains(secret))
                #expect(!page.text.contains("<i>CRM") && !page.text.contains("<b>hook"))
            }
            let changed = try await owner.post("\(Self.path)/\(id)/secret", [("version", "1")])
            let second = try #require(Self.secret(in: changed.text))
            #expect(second != secret)
            let all = try await owner.post(
                "\(Self.path)/\(id)",
                [("url", "https://192.0.2.9/"), ("scope", "all"), ("version", "2")])
            #expect(all.status == 303)
            let after = try await office.call(.get, "/webhooks/\(id)")
            #expect(after["events"] == ["*"])
            #expect(after["description"].isNull)
            let stale = try await owner.post(
                "\(Self.path)/\(id)", [("url", "https://192.0.2.10/"), ("version", "1")])
            #expect(stale.status == 412)
            #expect(try await owner.post("\(Self.path)/\(id)/delete", []).status == 303)
            #expect(try await owner.get("\(Self.path)/\(id)").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `tell on every page that one was stopped, until somebody decides`(
        engine: TestEngine
    ) async throws {
        try await EventReceiver.run { receiver, url in
            try await TestOffice.run(on: engine) { office in
                let account = try await office.makeAccount()
                let made = try await office.call(
                    .post, "/accounts/\(account)/webhooks",
                    ["url": .string(url), "events": ["contact.created"]])
                let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
                let staff = try await PortalBrowser.signIn(.staff, of: account, in: office)
                let notice = "no longer hears what happens here"
                #expect(try await !owner.get("/portal/mane/today").text.contains(notice))
                receiver.willAlwaysAnswer(.gone, "<script>alert(1)</script>")
                try await office.call(.post, "/accounts/\(account)/contacts", ["name": "Dana"])
                try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 1))
                #expect(try await owner.get("/portal/mane/today").text.contains(notice))
                #expect(try await !staff.get("/portal/mane/today").text.contains(notice))
                let page = try await owner.get("\(Self.path)/\(made.id)")
                #expect(page.text.contains("answered 410"))
                let delivery = try #require(receiver.calls.first).id
                let detail = try await owner.get("\(Self.path)/\(made.id)/deliveries/\(delivery)")
                #expect(detail.text.contains("&lt;script&gt;alert(1)"))
                #expect(!detail.text.contains("<script>alert"))
                let off = try await owner.post(
                    "\(Self.path)/\(made.id)/switch", [("is_active", "0")])
                #expect(off.status == 303)
                #expect(try await !owner.get("/portal/mane/today").text.contains(notice))
                let webhook = try await office.call(.get, "/webhooks/\(made.id)")
                #expect(webhook["is_active"] == false)
                #expect(webhook["disabled_at"].isNull)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `are closed to staff, to other businesses and to forged forms`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            let office = world.office
            try await world.happen()
            try await world.wait(0)
            let delivery = try #require(world.receiver.calls.first).id
            let elsewhere = try await office.makeAccount("elsewhere")
            let thief = try await PortalBrowser.signIn(.owner, of: elsewhere, in: office)
            let staff = try await PortalBrowser.signIn(.staff, of: world.account, in: office)
            let owner = try await PortalBrowser.signIn(.owner, of: world.account, in: office)
            let own = "\(Self.path)/\(world.webhook)"
            let pages = ["", "/deliveries/\(delivery)"]
            let buttons = [
                "", "/switch", "/secret", "/test", "/delete", "/deliveries/\(delivery)/resend",
            ]
            for page in pages {
                #expect(try await staff.get(own + page).status == 403)
                #expect(try await thief.get(own + page).status == 404)
                // Its id under the thief's own address.
                let moved = "/portal/elsewhere/webhooks/\(world.webhook)" + page
                #expect(try await thief.get(moved).status == 404)
            }
            for button in buttons {
                let fields = [("version", "1"), ("url", "https://thief.example/")]
                #expect(try await staff.post(own + button, fields).status == 403, "\(button)")
                #expect(try await thief.post(own + button, fields).status == 404, "\(button)")
                let moved = "/portal/elsewhere/webhooks/\(world.webhook)" + button
                #expect(try await thief.post(moved, fields).status == 404, "\(button)")
                let forged = try await owner.post(own + button, fields, csrf: "forged")
                #expect(forged.status == 403, "\(button)")
            }
            let after = try await world.endpoint()
            #expect(after["version"] == 1)
            try await world.wait(60)
            #expect(world.receiver.calls.count == 1)
        }
    }
}
