import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing

/// A visitor's browser on a page that embeds the widget.
struct WidgetPage: Sendable {
    var office: TestOffice
    var inbox: String
    var origin: String? = "https://shop.example"
    var token: String?

    @discardableResult
    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, raw: String? = nil
    ) async throws -> TestOffice.Answer {
        var headers = HTTPFields()
        if let origin { headers[.origin] = origin }
        if let token { headers[.authorization] = "Bearer \(token)" }
        return try await office.send(
            method, "/widget/v1/\(inbox)/\(path)", headers: headers,
            body: raw ?? body?.serialized)
    }

    /// The same page with a session of its own.
    func begun() async throws -> WidgetPage {
        let session = try await call(.post, "sessions")
        #expect(session.status == 201, "\(session.text)")
        var page = self
        page.token = session["token"].string
        return page
    }

    @discardableResult
    func say(_ text: String, _ source: String) async throws -> TestOffice.Answer {
        try await call(.post, "messages", ["source_id": .string(source), "text": .string(text)])
    }

    func texts() async throws -> [String] {
        let list = try await call(.get, "messages")
        #expect(list.status == 200, "\(list.text)")
        return list.data.compactMap { $0["text"]?.string }
    }

    static func open(
        _ office: TestOffice, _ domains: JSONValue = [], slug: String = "mane"
    ) async throws -> WidgetPage {
        let account = try await office.makeAccount(slug)
        let inbox = try await office.makeInbox(
            of: account, channel: "web_chat", config: ["allowed_domains": domains])
        return WidgetPage(office: office, inbox: inbox)
    }
}

@Suite("A visitor of the widget")
struct WidgetTests {
    /// The business is open on weekdays 09:00–17:00 in New York.
    @Test(arguments: TestEngine.available)
    func `is never promised a quick answer while the business is closed`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let page = try await WidgetPage.open(office)
            func config(_ language: String = "en") async throws -> TestOffice.Answer {
                try await office.send(
                    .get, "/widget/v1/\(page.inbox)/config",
                    headers: [.acceptLanguage: language], body: nil)
            }
            func move(_ moment: String) async throws {
                try await office.moveClock(to: try #require(Instant(rfc3339: moment)))
            }
            // Monday, 9:00 there, and nobody is on duty.
            let away = try await config()
            #expect(away["reply_time"].string?.hasPrefix("We are away") == true)
            #expect(away["online"].bool == false)
            try await office.call(.put, "/me/duty", ["is_on_duty": true])
            let russian = try await config("ru-RU,ru;q=0.9")
            #expect(russian["reply_time"].string == "Обычно отвечаем за минуту")
            #expect(russian["valid_for"].int == 3600)
            try await move("2026-03-23T20:59:30Z")
            let open = try await config()
            #expect(open["reply_time"].string == "Usually answers in a minute")
            #expect(open["online"].bool == true)
            #expect(open["valid_for"].int == 30)

            for (moment, english, russian) in [
                (
                    "2026-03-23T21:00:00Z",
                    "Closed now. We open tomorrow at 9:00 and will answer then.",
                    "Сейчас закрыто. Откроемся завтра в 9:00 и тогда ответим."
                ),
                (
                    "2026-03-24T12:58:00Z", "Closed now. We open at 9:00 and will answer then.",
                    "Сейчас закрыто. Откроемся сегодня в 9:00 и тогда ответим."
                ),
                (
                    "2026-03-28T15:00:00Z",
                    "Closed now. We open on Monday, 30 March, at 9:00 and will answer then.",
                    "Сейчас закрыто. Откроемся: понедельник, 30 марта, в 9:00 — тогда и ответим."
                ),
            ] {
                try await move(moment)
                let closed = try await config()
                #expect(closed["reply_time"].string == english)
                #expect(closed["online"].bool == false)
                #expect((closed["valid_for"].int ?? 0) >= 120)
                #expect(try await config("ru")["reply_time"].string == russian)
            }

            // Never open again, and hours that nobody has set.
            let account = try await office.call(.get, "/inboxes/\(page.inbox)")["account_id"]
                .string ?? ""
            try await office.call(
                .put, "/accounts/\(account)/schedule",
                ["weekly": [], "overrides": [["date": "2026-01-01", "windows": []]]])
            #expect(
                try await config()["reply_time"].string
                    == "Closed now. We will answer when we are open again.")
            try await office.call(.put, "/accounts/\(account)/schedule", ["weekly": []])
            #expect(try await config()["online"].bool == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is known by a token of one inbox only`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await WidgetPage.open(office).begun()
            let other = try await WidgetPage.open(office, slug: "other")
            try await mine.say("Hello", "1")
            var thief = other
            for token in [mine.token, nil, "vis_forged", "", office.admin] {
                thief.token = token
                #expect(try await thief.call(.get, "messages").status == 401)
                #expect(try await thief.say("Forged", "1").status == 401)
                #expect(try await thief.call(.post, "typing", ["state": "on"]).status == 401)
                #expect(try await thief.call(.get, "stream").status == 401)
                let read = try await thief.call(.post, "read", ["message_id": "msg_x"])
                #expect(read.status == 401)
                #expect(read.headers[.accessControlAllowOrigin] == thief.origin)
            }
            // Nor is it a key to the API.
            let api = try await office.call(.get, "/me", as: mine.token.map { .some($0) })
            #expect(api.status == 401)
            let stored = try await office.wiring.store.read { tx in
                try tx.all("SELECT token_hash FROM widget_sessions") { try $0.text(0) }
            }
            #expect(!stored.contains(mine.token ?? ""))
        }
    }

    @Test(arguments: TestEngine.available)
    func `sees their own conversation, without notes and names of ours`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let page = try await WidgetPage.open(office)
            let dana = try await page.begun()
            let eve = try await page.begun()
            try await dana.say("I am Dana", "1")
            // The same id of another visitor is another message.
            try await eve.say("I am Eve", "1")
            let talk = try await Self.conversation(office, "I am Dana")
            let agent = try await office.makeAgent("receptionist", email: "maria@office.test")
            let reply = try await office.call(
                .post, "/conversations/\(talk)/messages", ["text": "Hello Dana"], as: agent)
            let note = try await office.call(
                .post, "/conversations/\(talk)/messages", ["text": "She owes us", "private": true],
                as: agent)
            #expect(try await dana.texts() == ["I am Dana", "Hello Dana"])
            #expect(try await eve.texts() == ["I am Eve"])
            let list = try await dana.call(.get, "messages")
            #expect(list.data.last?["author"]?["name"] == "Agent")
            #expect(!list.text.contains("receptionist"))
            #expect(!list.text.contains("account_id") && !list.text.contains("user_"))

            func read(_ visitor: WidgetPage, _ id: String) async throws -> Int {
                try await visitor.call(.post, "read", ["message_id": .string(id)]).status
            }
            #expect(try await read(eve, reply.id) == 404, "not hers")
            #expect(try await read(dana, note.id) == 404, "a note")
            #expect(try await read(dana, "msg_none") == 404)
            #expect(try await Self.status(office, reply.id, in: talk) == "sent")
            #expect(try await read(dana, reply.id) == 204)
            #expect(try await Self.status(office, reply.id, in: talk) == "read")
            #expect(try await Self.status(office, note.id, in: talk) == "sent")
        }
    }

    @Test(arguments: TestEngine.available)
    func `sends a message once, however often their browser tries`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let visitor = try await WidgetPage.open(office).begun()
            let first = try await visitor.say("Hello", "s1")
            let again = try await visitor.say("Hello", "s1")
            #expect(first.status == 202)
            #expect(again.json == first.json)
            #expect(first.json["message"]?["source_id"] == "s1")
            try await visitor.say("And more", "s2")
            #expect(try await visitor.texts() == ["Hello", "And more"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `gains nothing by typing the address of somebody else`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let program = try await office.makeInbox(of: account)
            try await office.receive(
                "My card is 4242", source: "m1", from: "dana@example.com", inbox: program)
            let chat = try await office.makeInbox(of: account, channel: "web_chat")
            let eve = try await WidgetPage(office: office, inbox: chat).begun()
            try await eve.call(
                .post, "messages",
                [
                    "source_id": "1", "text": "I am dana@example.com", "email": "dana@example.com",
                    "from": ["address": "dana@example.com"], "contact_id": "x",
                ])
            #expect(try await eve.texts() == ["I am dana@example.com"])
            let contacts = try await office.call(.get, "/accounts/\(account)/contacts")
            #expect(contacts.data.count == 2)
            let dana = contacts.data.first {
                $0["contact_points"]?.array?.first?["address"] == "dana@example.com"
            }
            #expect(dana?["contact_points"]?.array?.count == 1)
            #expect(dana?["version"] == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `hears what is wrong with what they send`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let visitor = try await WidgetPage.open(office).begun()
            let long = String(repeating: "é", count: 10_001)
            let bad: [(String, JSONValue, [String])] = [
                ("messages", ["source_id": "1", "text": .string(long)], ["text"]),
                ("messages", ["source_id": "1", "text": " "], ["text"]),
                ("messages", ["source_id": "1", "text": "a\u{0}"], ["text"]),
                ("messages", ["text": 5], ["source_id", "text"]),
                ("messages", ["source_id": .string(long), "text": "x"], ["source_id"]),
                ("typing", [:], ["state"]), ("read", ["message_id": 7], ["message_id"]),
            ]
            for (path, body, fields) in bad {
                let answer = try await visitor.call(.post, path, body)
                #expect(answer.status == 422, "\(path): \(answer.text.prefix(300))")
                #expect(answer.badFields == fields)
                #expect(answer.headers[.accessControlAllowOrigin] == visitor.origin)
            }
            for (raw, status) in [
                ("{", 400), ("", 400), (String(repeating: " ", count: 200_000), 413),
            ] {
                let answer = try await visitor.call(.post, "messages", raw: raw)
                #expect(answer.status == status)
                #expect(answer.headers[.accessControlAllowOrigin] == visitor.origin)
            }
            #expect(try await visitor.call(.post, "typing", ["state": "on"]).status == 204)
            try await visitor.say("Hello", "1")
            #expect(try await visitor.call(.post, "typing", ["state": "off"]).status == 204)
        }
    }

    @Test func `is slowed down when they open session after session`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let page = try await WidgetPage.open(office)
            for _ in 0..<30 { _ = try await page.begun() }
            let answer = try await page.call(.post, "sessions")
            #expect(answer.status == 429)
            #expect(answer["code"] == "rate_limited")
            #expect((Int(answer.headers[.retryAfter] ?? "") ?? 0) > 0)
            #expect(answer.headers[.accessControlAllowOrigin] == page.origin)
        }
    }

    private static func conversation(_ office: TestOffice, _ preview: String) async throws -> String
    {
        let account = try await office.call(.get, "/accounts").data.first?["id"]?.string ?? ""
        let list = try await office.call(.get, "/accounts/\(account)/conversations")
        return list.data.first { $0["preview"]?.string == preview }?["id"]?.string ?? ""
    }

    private static func status(
        _ office: TestOffice, _ message: String, in talk: String
    ) async throws -> String? {
        let list = try await office.call(.get, "/conversations/\(talk)/messages")
        return list.data.first { $0["id"]?.string == message }?["status"]?.string
    }
}

@Suite("The chat button's script")
struct WidgetScriptTests {
    @Test func `is its parts in one, small enough for other people's pages`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let answer = try await office.get("/widget.js")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/javascript; charset=utf-8")
            #expect(answer.text.utf8.count <= 30_000)
            #expect(answer.text.hasPrefix("(() => {\n'use strict';\n"))
            #expect(answer.text.hasSuffix("\n})();\n"))
            let places = ["const WORDS", "function createClient", "const STYLES", "start("].map {
                answer.text.firstRange(of: $0)?.lowerBound
            }
            #expect(!places.contains(nil))
            #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
        }
    }
}
