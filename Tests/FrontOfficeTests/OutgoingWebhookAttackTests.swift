import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Outbound
import Store
import TestSupport
import Testing
import Webhooks

@Suite("A webhook under attack")
struct OutgoingWebhookAttackTests {
    @Test(arguments: TestEngine.available)
    func `of a business reaches no private address, however it is written`(
        engine: TestEngine
    ) async throws {
        try await EventReceiver.run { receiver, url in
            try await TestOffice.run(on: engine) { office in
                let account = try await office.makeAccount()
                let owner = try await office.makeMember("owner", of: account)
                let port = URL(string: url)?.port ?? 0
                for address in [
                    url, "http://localhost:\(port)/", "http://LOCALHOST.:\(port)/",
                    "http://ip6-localhost:\(port)/", "http://[::1]:\(port)/",
                    "http://[::ffff:127.0.0.1]:\(port)/", "http://[::ffff:7f00:1]:\(port)/",
                    "http://[::127.0.0.1]:\(port)/", "http://[64:ff9b::7f00:1]:\(port)/",
                    "http://2130706433:\(port)/", "http://0x7f000001:\(port)/",
                    "http://0x7f.1:\(port)/", "http://0177.0.0.1:\(port)/",
                    "http://127.1:\(port)/", "http://0.0.0.0:\(port)/", "http://0:\(port)/",
                    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
                    "http://192.168.1.1/", "http://[fe80::1]/", "http://[fd00::1]/",
                ] {
                    let made = try await office.call(
                        .post, "/accounts/\(account)/webhooks",
                        ["url": .string(address), "events": ["contact.created"]], as: owner)
                    #expect(made.status == 201, "\(address): \(made.text)")
                    let test = try await office.call(
                        .post, "/webhooks/\(made.id)/test", as: owner)
                    let now = try await office.call(.get, "/test_clock")["now"].string ?? ""
                    try await office.moveClock(to: try #require(Instant(rfc3339: now)))
                    let tried = try await office.call(
                        .get, "/webhook_deliveries/\(test.id)", as: owner)
                    #expect(tried["status"] == "failed", "\(address)")
                    #expect(tried["answer_status"].isNull, "\(address)")
                    try await office.call(.delete, "/webhooks/\(made.id)")
                }
                #expect(receiver.calls.isEmpty)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `loses the office's word for its address when the business changes it`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            let owner = try await world.office.makeMember("owner", of: world.account)
            func change(_ body: JSONValue) async throws {
                let answer = try await world.office.call(
                    .patch, "/webhooks/\(world.webhook)", body, as: owner)
                #expect(answer.status == 200, "\(answer.text)")
            }
            // What is not the address may be changed.
            try await change(["description": "CRM 2"])
            try await world.happen()
            try await world.wait(0)
            #expect(world.receiver.calls.count == 1)
            try await change(["url": .string(world.url + "&more=1")])
            try await world.happen()
            try await world.wait(0)
            try await change(["url": .string(world.url)])
            try await world.happen()
            try await world.wait(0)
            #expect(world.receiver.calls.count == 1)
            #expect(try await world.deliveries("?status=failed").count == 2)
            let forged = try await world.office.call(
                .patch, "/webhooks/\(world.webhook)", ["set_by_office": true], as: owner)
            #expect(forged.badFields == ["set_by_office"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `on a virtual clock calls nobody outside, not even for the office`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let made = try await office.call(
                .post, "/accounts/\(account)/webhooks",
                ["url": "http://192.0.2.1/hook", "events": ["*"]])
            let test = try await office.call(.post, "/webhooks/\(made.id)/test")
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 1))
            let tried = try await office.call(.get, "/webhook_deliveries/\(test.id)")
            #expect(tried["failure"] == "Only loopback is called on a virtual clock.")
        }
    }

    @Test(arguments: TestEngine.available)
    func `that fails does not take the places of those that work`(
        engine: TestEngine
    ) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            let id = world.webhook
            try await world.office.wiring.store.write { tx in
                try tx.execute("UPDATE webhooks SET failures = 5 WHERE id = \(id)")
            }
            world.receiver.willAlwaysAnswer(.internalServerError)
            for number in 1...12 { try await world.happen("Client \(number)") }
            try await world.wait(0)
            #expect(world.receiver.calls.count < 12)
            // They wait, and lose nothing by it.
            world.receiver.willAlwaysAnswer(.ok)
            try await world.wait(3600)
            #expect(try await world.deliveries("?status=delivered").count == 12)
            #expect(try await world.endpoint()["failing_since"].isNull)
        }
    }

    @Test func `knows private addresses in every form, and public ones`() {
        for ip in [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.53", "169.254.169.254", "172.16.0.1",
            "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1",
            "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::",
            "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:7f00:1", "64:ff9b::a00:1",
            "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::",
            "fc00::1", "fdff::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "nonsense", "",
        ] { #expect(AddressRanges.isPrivate(ip), "\(ip)") }
        for ip in [
            "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.0.1", "100.128.0.1", "172.15.0.1",
            "172.32.0.1", "192.0.78.9", "192.1.0.1", "223.255.255.255", "::ffff:8.8.8.8",
            "2606:4700::1111", "2a00:1450:4001::200e", "64:ff9b::808:808", "2002:808:808::1",
        ] { #expect(!AddressRanges.isPrivate(ip), "\(ip)") }
    }

    @Test(arguments: TestEngine.available)
    func `is nothing to strangers and closed to lower roles`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine, events: ["contact.created"]) { world in
            try await world.happen()
            try await world.wait(0)
            let delivery = try #require(world.receiver.calls.first).id
            let elsewhere = try await world.office.makeAccount("elsewhere")
            let thief = try await world.office.makeMember("owner", of: elsewhere)
            let staff = try await world.office.makeMember("staff", of: world.account)
            let reader = try await world.office.makeAgent("supervisor", scopes: ["read"])
            let calls: [(HTTPRequest.Method, String, JSONValue?)] = [
                (.get, "/webhooks/\(world.webhook)", nil),
                (.get, "/webhooks/\(world.webhook)/deliveries", nil),
                (.get, "/webhook_deliveries/\(delivery)", nil),
                (.get, "/accounts/\(world.account)/webhooks", nil),
                (.patch, "/webhooks/\(world.webhook)", ["url": "https://thief.example/"]),
                (.post, "/webhooks/\(world.webhook)/rotate_secret", nil),
                (.post, "/webhooks/\(world.webhook)/test", nil),
                (.post, "/webhook_deliveries/\(delivery)/resend", nil),
                (
                    .post, "/accounts/\(world.account)/webhooks",
                    ["url": "https://thief.example/", "events": ["*"]]
                ),
                (.delete, "/webhooks/\(world.webhook)", nil),
            ]
            for (method, path, body) in calls {
                let strange = try await world.office.call(method, path, body, as: thief)
                #expect(strange.status == 404, "\(method) \(path): \(strange.text)")
                let low = try await world.office.call(method, path, body, as: staff)
                #expect(low.status == 403, "\(method) \(path): \(low.text)")
                if method != .get {
                    let read = try await world.office.call(method, path, body, as: reader)
                    #expect(read.status == 403, "\(method) \(path) with a reading token")
                }
            }
            let after = try await world.endpoint()
            #expect(after["version"] == 1)
            #expect(try await world.deliveries().count == 1)
            let list = try await world.office.call(.get, "/accounts/\(world.account)/webhooks")
            #expect(list.data.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is refused when it makes no sense`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let path = "/accounts/\(account)/webhooks"
            for (url, events, fields) in [
                ("ftp://example.com/", ["*"], ["url"]), ("example.com", ["*"], ["url"]),
                ("https://", ["*"], ["url"]), ("https://a:b@example.com/", ["*"], ["url"]),
                ("https://example.com/#top", ["*"], ["url"]), ("javascript:1", ["*"], ["url"]),
                ("https://example.com/", [], ["events"]),
                ("https://example.com/", ["message.recieved"], ["events[0]"]),
                ("https://example.com/", ["*", "nothing.*"], ["events[1]"]),
                ("https://example.com/", ["message*"], ["events[0]"]),
            ] as [(String, [String], [String])] {
                let answer = try await office.call(
                    .post, path, ["url": .string(url), "events": .list(events)])
                #expect(answer.status == 422, "\(url) \(events): \(answer.text)")
                #expect(answer.badFields == fields, "\(url) \(events)")
            }
            let empty = try await office.call(.post, path, [:])
            #expect(Set(empty.badFields) == ["url", "events"])
            let ghost = try await office.call(
                .post, "/accounts/acct_none/webhooks",
                ["url": "https://example.com/", "events": ["*"]])
            #expect(ghost.status == 404)
            for _ in 0..<WebhookDirectory.most {
                let made = try await office.call(
                    .post, path, ["url": "https://example.com/", "events": ["*"]])
                #expect(made.status == 201)
            }
            let more = try await office.call(
                .post, path, ["url": "https://example.com/", "events": ["*"]])
            #expect(more.status == 409)
        }
    }

    @Test(arguments: TestEngine.available)
    func `keeps out whoever has an old version`(engine: TestEngine) async throws {
        try await WebhookWorld.run(on: engine) { world in
            let seen = try await world.endpoint()
            #expect(seen.headers[.eTag] == "\"1\"")
            let first = try await world.office.call(
                .patch, "/webhooks/\(world.webhook)", ["description": "One"],
                headers: [.ifMatch: "\"1\""])
            #expect(first.headers[.eTag] == "\"2\"")
            for (method, path) in [
                (HTTPRequest.Method.patch, ""), (.post, "/rotate_secret"), (.delete, ""),
            ] {
                let stale = try await world.office.call(
                    method, "/webhooks/\(world.webhook)\(path)",
                    method == .patch ? ["description": "Two"] : nil, headers: [.ifMatch: "\"1\""])
                #expect(stale.status == 412, "\(method) \(path)")
            }
        }
    }

    /// An endpoint can choose every type that is raised, and people can read what it means.
    @Test func `knows every type of event that the office raises`() throws {
        let sources = try TestResources.root().path + "/Sources"
        let files = try #require(FileManager.default.enumerator(atPath: sources))
        var types: Set<String> = []
        let raised = /Event\(\s*"([a-z_]+\.[a-z_]+)"/
        for case let file as String in files where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: sources + "/" + file, encoding: .utf8)
            types.formUnion(text.matches(of: raised).map { String($0.1) })
        }
        #expect(types.count > 20)
        let missing = types.subtracting(WebhookEvents.officeOnly).filter {
            !WebhookEvents.isKnown($0)
        }
        #expect(
            missing.sorted() == [],
            "Add these to WebhookEvents.groups (or officeOnly, when they name no account).")
    }
}

@Suite("When an endpoint wants to be asked again")
struct RetryAfterTests {
    @Test(arguments: [
        ("120", nil, 120), ("0", nil, 0), ("-5", nil, 0), ("soon", nil, nil), ("", nil, nil),
        ("Mon, 23 Mar 2026 13:10:00 GMT", "Mon, 23 Mar 2026 13:00:00 GMT", 600),
        ("Mon, 23 Mar 2026 12:00:00 GMT", "Mon, 23 Mar 2026 13:00:00 GMT", 0),
        ("Mon, 23 Mar 2026 13:10:00 GMT", nil, nil),
        ("Mon, 23 Mar 2026 13:10:00 GMT", "yesterday", nil),
    ] as [(String, String?, Int?)])
    func `may be seconds or a date`(text: String, date: String?, seconds: Int?) {
        #expect(OutboundClient.retryAfter(text, at: date) == seconds)
    }
}
