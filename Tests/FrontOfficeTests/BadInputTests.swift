import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Bad input is refused, naming what is wrong")
struct BadInputTests {
    @Test(arguments: TestEngine.available)
    func `bodies that are no JSON object answer 400, 413, 415 or 422`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let deep = String(repeating: "[", count: 100_000)
            let nested =
                String(repeating: #"{"a":"#, count: 400) + "1"
                + String(repeating: "}", count: 400)
            let cases: [(String, Int, String)] = [
                ("{", 400, "malformed"), ("not json", 400, "malformed"),
                ("{\"a\":1,}x", 400, "malformed"),
                (deep, 400, "malformed"), ("\"\\ud800\"", 400, "malformed"),
                ("[]", 422, "invalid"), ("null", 422, "invalid"), ("\"text\"", 422, "invalid"),
                ("17", 422, "invalid"), (nested, 422, "invalid"), ("", 422, "invalid"),
                (String(repeating: " ", count: 10_000_000), 413, "too_large"),
            ]
            for (text, status, code) in cases {
                let answer = try await office.call(.post, "/accounts", raw: text)
                #expect(answer.status == status, "\(text.prefix(20)): \(answer.text.prefix(200))")
                #expect(answer["code"].string == code)
                #expect(answer["status"].int == status)
                #expect(answer.headers[.contentType] == "application/problem+json")
            }
            for type in [
                "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                "application/notjson", "json", "application/jsonp",
            ] {
                let answer = try await office.call(
                    .post, "/accounts", headers: [.contentType: type], raw: "{}")
                #expect(answer.status == 415)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a method that an address does not take is 405 and says which it takes`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let id = try await office.makeAccount()
            for (method, path, allowed) in [
                (HTTPRequest.Method.delete, "/accounts", "GET, POST"), (.put, "/me", "GET, PATCH"),
                (.post, "/accounts/\(id)", "GET, PATCH"), (.post, "/events", "GET"),
            ] {
                let answer = try await office.call(method, path, method == .delete ? nil : [:])
                #expect(answer.status == 405, "\(path): \(answer.text)")
                #expect(answer.headers[.allow] == allowed)
                #expect(answer["code"].string == "method_not_allowed")
                // A stranger hears nothing of it.
                let stranger = try await office.call(method, path, as: .some(nil))
                #expect(stranger.status == 401)
            }
            #expect(try await office.call(.delete, "/nowhere").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a period that ends before it begins is refused`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let base = "/accounts/\(try await office.makeAccount())"
            for list in ["appointments", "busy", "inquiries"] {
                for to in ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"] {
                    let answer = try await office.call(
                        .get, base + "/\(list)?from=2026-03-02T00:00:00Z&to=\(to)")
                    #expect(answer.status == 422, "\(list)")
                    #expect(answer.badFields == ["to"], "\(list)")
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `an inbox of a program knows its settings, a message its sender`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let unknown = try await office.call(
                .post, "/accounts/\(account)/inboxes",
                ["name": "X", "channel": "api", "config": ["webhok_url": "https://x.test"]])
            #expect(unknown.status == 422)
            #expect(unknown.badFields == ["config.webhok_url"], "\(unknown.text)")
            for sender: JSONValue? in [nil, .null, ["name": "Dana"], ["address": ""], "dana"] {
                var body: [String: JSONValue] = ["source_id": "s1", "text": "Hi"]
                body["from"] = sender
                let answer = try await office.call(
                    .post, "/inboxes/\(inbox)/inbound", .object(body))
                #expect(answer.status == 422, "\(String(describing: sender)): \(answer.text)")
                #expect(answer.badFields.allSatisfy { $0.hasPrefix("from") }, "\(answer.text)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `each bad field of an account is named`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let id = try await office.makeAccount("taken")
            let good: [String: JSONValue] = [
                "name": "New", "slug": "new", "time_zone": "Europe/London",
            ]
            let bad: [(String, JSONValue)] = [
                ("name", 1), ("name", ""), ("name", "  "), ("name", "a\u{0}b"), ("name", ["a"]),
                ("name", .string(String(repeating: "x", count: 121))), ("slug", "Ünï"),
                ("slug", "-a"),
                ("slug", "a b"), ("slug", "taken"), ("slug", ""), ("slug", true),
                ("slug", .string(String(repeating: "x", count: 61))), ("time_zone", "Mars/Olympus"),
                ("time_zone", "../../etc/passwd"), ("time_zone", ""), ("time_zone", 3),
                ("locale", "e"), ("locale", "<b>"), ("locale", ""), ("currency", "usd"),
                ("currency", "DOLLARS"), ("currency", ""), ("vertical", 5), ("website", ["x": 1]),
                ("website", "javascript:alert(1)"), ("website", "mane.example"), ("phone", "none"),
            ]
            for (field, value) in bad {
                let body = JSONValue.object(good.merging([field: value]) { $1 })
                let answer = try await office.call(.post, "/accounts", body)
                #expect(answer.status == 422, "POST \(field) \(value.serialized)")
                #expect(answer.badFields == [field], "POST \(field) \(value.serialized)")
                if field == "slug", value == "taken" { continue }
                let change = try await office.call(
                    .patch, "/accounts/\(id)", .object([field: value]))
                #expect(change.status == 422, "PATCH \(field) \(value.serialized): \(change.text)")
                #expect(change.badFields == [field], "PATCH \(field) \(value.serialized)")
            }
            let other = try await office.makeAccount("other")
            let twin = try await office.call(.patch, "/accounts/\(other)", ["slug": "taken"])
            #expect(twin.status == 422)
            #expect(twin.badFields == ["slug"])
            let state = try await office.call(.patch, "/accounts/\(id)", ["state": "rich"])
            #expect(state.badFields == ["state"])
            #expect(try await office.call(.get, "/accounts/\(id)")["version"] == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `each bad field of people, contacts and messages is named`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let base = "/accounts/\(world.here)"
            let talk = "/conversations/\(world.conversation)"
            let long = JSONValue.string(String(repeating: "👍", count: 10_001))
            let cases: [(HTTPRequest.Method, String, JSONValue, [String])] = [
                (.post, "/users", [:], ["email", "name", "role"]),
                (
                    .post, "/users",
                    ["email": "x", "name": "X", "role": "owner", "password": "short"],
                    ["role", "password", "email"]
                ),
                (
                    .post, "/users", ["email": "admin@office.test", "name": "X", "role": "admin"],
                    ["email"]
                ),
                (
                    .post, "/users", ["email": "ADMIN@office.test", "name": "X", "role": "admin"],
                    ["email"]
                ),
                (
                    .post, base + "/members", ["email": "a@b.c", "name": "X", "role": "admin"],
                    ["role"]
                ),
                (
                    .post, base + "/members",
                    ["email": "admin@office.test", "name": "X", "role": "owner"],
                    ["email"]
                ),
                (.patch, "/users/\(world.agent)", ["role": "owner"], ["role"]),
                (
                    .patch, "/users/\(world.agent)", ["is_active": "no", "name": ""],
                    ["name", "is_active"]
                ),
                (
                    .post, "/users/\(world.agent)/tokens", ["name": "t", "scopes": ["root"]],
                    ["scopes[0]"]
                ),
                (
                    .post, "/users/\(world.agent)/tokens", ["name": "t", "scopes": ["a b:read"]],
                    ["scopes[0]"]
                ),
                (.post, "/users/\(world.agent)/tokens", ["scopes": "admin"], ["name", "scopes"]),
                (.put, "/me/duty", ["is_on_duty": 1], ["is_on_duty", "is_on_duty"]),
                (
                    .post, base + "/contacts", ["time_zone": "Nowhere", "name": 1],
                    ["name", "time_zone"]
                ),
                (
                    .post, base + "/contacts",
                    [
                        "contact_points": [
                            ["channel": "sms", "address": "911"], 5, ["channel": "email"],
                        ]
                    ],
                    ["contact_points[0].address", "contact_points[1]", "contact_points[2].address"]
                ),
                (
                    .post, base + "/contacts",
                    [
                        "locale": "klingon", "preferred_channel": "pigeon",
                        "contact_points": [["channel": "pigeon", "address": "loft 7"]],
                    ],
                    ["locale", "preferred_channel", "contact_points[0].channel"]
                ),
                (
                    .post, "/accounts",
                    [
                        "name": "X", "slug": "x", "time_zone": "Europe/London",
                        "locale": "qq", "currency": "ABC",
                    ],
                    ["locale", "currency"]
                ),
                (
                    .post, "/accounts",
                    [
                        "name": "X", "slug": "x", "time_zone": "Europe/London",
                        "vertical": "alchemy",
                    ],
                    ["vertical"]
                ),
                (.patch, base, ["vertical": "alchemy"], ["vertical"]),
                (
                    .post, base + "/services",
                    [
                        "name": "X", "duration_minutes": 30,
                        "price": ["amount": 1, "currency": "ABC", "vat": 20],
                        "limits": ["per_dya": 3], "horizon": ["day": 3, "days": 3],
                        "segments": [["minutes": 30, "ocupies": []]],
                        "requires": [["pool": "staff", "members": ["res_x"], "cuont": 2]],
                    ],
                    [
                        "price.currency", "price.vat", "limits.per_dya", "horizon.day",
                        "segments[0].ocupies", "requires[0].members[0]", "requires[0].cuont",
                    ]
                ),
                (.post, talk + "/messages", [:], ["text"]),
                (.post, talk + "/messages", ["text": "\n \t"], ["text"]),
                (.post, talk + "/messages", ["text": long], ["text"]),
                (.post, talk + "/messages", ["text": "x", "private": "yes"], ["private"]),
                (.post, talk + "/messages", ["text": "x", "attachments": [1]], ["attachments[0]"]),
                (.post, talk + "/messages", ["text": "x", "inbox_id": "inb_none"], ["inbox_id"]),
                (.post, talk + "/status", ["status": "closed"], ["status"]),
                (.post, talk + "/status", ["status": "snoozed"], ["snoozed_until"]),
                (.post, talk + "/assign", [:], ["user_id"]),
                (.post, talk + "/typing", ["state": "maybe"], ["state"]),
                (
                    .post, "/messages/\(world.ids["/messages/"] ?? "")/receipts",
                    ["status": "queued"], ["status"]
                ),
                (.post, "/inboxes/\(world.inbox)/inbound", [:], ["source_id", "text", "from"]),
                (
                    .post, "/inboxes/\(world.inbox)/inbound",
                    [
                        "source_id": "s", "text": "x", "from": ["address": ""],
                        "sent_at": "2026-02-30T00:00:00Z",
                    ],
                    ["sent_at", "from.address"]
                ),
                (.post, base + "/inboxes", ["name": "X", "channel": "pigeon"], ["channel"]),
                (
                    .post, base + "/inboxes",
                    [
                        "name": "X", "channel": "web_chat",
                        "config": ["color": "red", "allowed_domains": ["https://a"]],
                    ],
                    ["config.color", "config.allowed_domains[0]"]
                ),
                (
                    .post, base + "/inboxes",
                    ["name": "X", "channel": "web_chat", "config": ["alowed_domains": ["a.b"]]],
                    ["config.alowed_domains"]
                ),
                (
                    .patch, "/settings", ["trial_days": -1, "currency": "€"],
                    ["trial_days", "currency"]
                ),
                (
                    .patch, "/settings",
                    ["hours_per_day": 25, "desk_month_minor": 1_000_000_000_000],
                    ["hours_per_day", "desk_month_minor"]
                ),
            ]
            for (method, path, body, fields) in cases {
                let answer = try await office.call(method, path, body)
                #expect(
                    answer.status == 422, "\(path) \(body.serialized.prefix(200)): \(answer.text)")
                #expect(
                    Set(answer.badFields) == Set(fields),
                    "\(path) \(body.serialized.prefix(200)): \(answer.badFields)")
            }
            for url in ["ftp://a.b", "javascript:alert(1)", "https://", "http:a", "//a.b", "", "x"]
            {
                let answer = try await office.call(
                    .post, base + "/inboxes",
                    ["name": "X", "channel": "api", "config": ["webhook_url": .string(url)]])
                #expect(answer.badFields == ["config.webhook_url"], "\(url): \(answer.text)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `absurd moments and numbers in bodies and queries are refused`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let base = "/accounts/\(world.here)"
            let moments = [
                "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z",
                "2026-02-30T10:00:00Z", "2026-03-24", "tomorrow", "1774270800",
                "2026-03-24T25:00:00Z",
            ]
            for moment in moments {
                let busy = try await office.call(
                    .post, base + "/busy",
                    ["of": "account", "start": .string(moment), "end": .string(moment)])
                #expect(busy.status == 422)
                #expect(busy.badFields == ["start", "end"], "\(moment)")
                let hold = try await office.call(
                    .post, base + "/holds",
                    ["service_id": .string(world.service), "start": .string(moment)])
                #expect(hold.badFields == ["start"], "\(moment)")
                let clock = try await office.call(.post, "/test_clock", ["now": .string(moment)])
                #expect(clock.badFields == ["now"], "\(moment)")
                for path in [
                    "/statistics", "/availability", "/appointments", "/busy", "/inquiries",
                ] {
                    let query =
                        "?service_id=\(world.service)&from=\(moment)&to=2026-03-25T00:00:00Z"
                    let answer = try await office.call(.get, base + path + query)
                    #expect(answer.status == 422, "\(path) from \(moment): \(answer.text)")
                    #expect(answer.badFields == ["from"], "\(path) from \(moment)")
                }
            }
            let reversed =
                "?service_id=\(world.service)&from=2026-03-25T00:00:00Z&to=2026-03-24T00:00:00Z"
            let endless =
                "?service_id=\(world.service)&from=1970-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
            for path in ["/statistics", "/availability"] {
                for query in [reversed, endless] {
                    let answer = try await office.call(.get, base + path + query)
                    #expect(answer.status == 422)
                    #expect(answer.badFields == ["to"], "\(path)\(query): \(answer.text)")
                }
            }
            for size in ["0", "-1", "999999999999", "9223372036854775808", "1.5", "NaN"] {
                let answer = try await office.call(
                    .get,
                    base + "/availability?service_id=\(world.service)&from=2026-03-24T00:00:00Z"
                        + "&to=2026-03-25T00:00:00Z&party_size=\(size)")
                #expect(answer.badFields == ["party_size"], "\(size): \(answer.text)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `strange addresses find nothing and break nothing`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            let nul = world.contact + "%00"
            let ids = [
                nul, world.contact + "%00x", "%00", "..%2f..%2fetc%2fpasswd", "'%20OR%201=1--",
                "%25",
                "%ff%fe", "null", "0", world.contact.uppercased(), world.service,
                String(repeating: "x", count: 5000),
            ]
            for id in ids {
                let answer = try await office.call(.get, "/contacts/" + id)
                #expect(answer.status == 404, "\(id.prefix(60)): \(answer.text)")
            }
            for path in [
                "/nothing", "/accounts/\(world.here)/nothing", "/contacts", "/etc%2fpasswd",
            ] {
                let answer = try await office.call(.get, path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.headers[.contentType] == "application/problem+json")
            }
            #expect(try await office.call(.delete, "/accounts/\(world.here)").status == 405)
        }
    }
}
