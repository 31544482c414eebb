import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Random bodies")
struct FuzzTests {
    @Test(arguments: TestEngine.available)
    func `never make the office fail`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            var random = SplitMix64(seed: 20_260_323)
            let writing = AccessRow.table.filter {
                !$0.key.hasPrefix("GET") && !$0.key.hasPrefix("DELETE")
            }
            for route in writing.keys.sorted() where route != "POST /test_clock" {
                let method = HTTPRequest.Method(String(route.prefix { $0 != " " })) ?? .post
                let good = writing[route]?.body?(world).object ?? [:]
                for _ in 0..<20 {
                    let body = BodyMaker.body(like: good, world, &random)
                    let answer = try await office.call(method, world.address(route), body)
                    #expect(
                        answer.status < 500,
                        "\(route) \(body.serialized.prefix(500)): \(answer.status) \(answer.text)")
                    if answer.status >= 400 {
                        #expect(answer.headers[.contentType] == "application/problem+json")
                        #expect(answer.status != 422 || answer["code"] == "invalid")
                    }
                }
            }
            // The office still works.
            #expect(try await office.call(.get, "/accounts/\(world.here)").status == 200)
            let received = try await office.receive(
                "Still there?", source: "after", inbox: world.inbox)
            #expect([202, 409].contains(received.status))
        }
    }

    @Test(arguments: TestEngine.available)
    func `and random queries neither`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await AccessWorld.make(in: office)
            var random = SplitMix64(seed: 7)
            let names = [
                "limit", "cursor", "query", "from", "to", "status", "assignee", "inbox", "kind",
                "after",
                "service_id", "staff_id", "contact_id", "conversation_id", "hold_id", "party_size",
                "account",
            ]
            for route in AccessRow.table.keys.sorted() where route.hasPrefix("GET") {
                for _ in 0..<15 {
                    let pairs = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                        let name = names.randomElement(using: &random) ?? ""
                        return "\(name)=\(BodyMaker.queryValue(world, &random))"
                    }
                    let path = world.address(route) + "?" + pairs.joined(separator: "&")
                    let answer = try await office.call(
                        .get, path, headers: [.accept: "application/json"])
                    #expect(answer.status < 500, "\(path): \(answer.text)")
                }
            }
            // More words than any statement could hold.
            let many = String(repeating: "a+", count: 3000)
            let long = String(repeating: "a", count: 60_000)
            for path in ["contacts", "conversations", "knowledge"] {
                for words in [many, long] {
                    let answer = try await office.call(
                        .get, "/accounts/\(world.here)/\(path)?query=\(words)")
                    #expect(answer.status == 200, "\(path): \(answer.text)")
                }
            }
        }
    }
}

/// Makes bodies that are nearly right.
enum BodyMaker {
    private static let fields = [
        "name", "email", "role", "slug", "time_zone", "locale", "currency", "state", "text",
        "private",
        "status", "snoozed_until", "user_id", "inbox_id", "contact_id", "contact", "contact_points",
        "conversation_id", "appointment_id", "service_id", "staff_id", "resource_ids", "start",
        "end",
        "party_size", "hold_id", "ttl_seconds", "notes", "recurrence", "weekly", "overrides",
        "schedule",
        "kind", "topic", "channel", "config", "scopes", "is_active", "requires", "segments",
        "horizon",
        "limits", "capacity", "price", "duration_minutes", "slot_interval_minutes", "of",
        "transparent",
        "question", "answer", "shortcut", "title", "steps", "greeting", "source_id", "from",
        "sent_at",
        "min_notice_minutes", "buffer_before_minutes", "slot_offset_minutes", "user", "position",
    ]

    static func body(
        like good: [String: JSONValue], _ world: AccessWorld, _ random: inout SplitMix64
    ) -> JSONValue {
        var members = Int.random(in: 0...3, using: &random) == 0 ? [:] : good
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let known = Bool.random(using: &random) ? members.keys.sorted() : fields
            let name = known.randomElement(using: &random) ?? "name"
            if Int.random(in: 0...9, using: &random) == 0 {
                members[name] = nil
            } else {
                members[name] = value(world, depth: 3, &random)
            }
        }
        return .object(members)
    }

    private static func value(
        _ world: AccessWorld, depth: Int, _ random: inout SplitMix64
    ) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 11 : 8), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .int(Int64.random(in: .min ... .max, using: &random))
        case 3: .int([0, 1, -1, 24, 60, 1440, 366].randomElement(using: &random) ?? 0)
        case 4: .double([1.5, -0.0, 1e300, 2e-308, 9.3e18].randomElement(using: &random) ?? 0)
        case 5...7: .string(text(&random))
        case 8: .string(world.ids.values.sorted().randomElement(using: &random) ?? "")
        case 9, 10:
            .array(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    value(world, depth: depth - 1, &random)
                })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        (fieldName(&random), value(world, depth: depth - 1, &random))
                    }, uniquingKeysWith: { first, _ in first }))
        }
    }

    private static func fieldName(_ random: inout SplitMix64) -> String {
        let inner = [
            "weekday", "start", "end", "date", "windows", "pool", "members", "count", "minutes",
            "occupies", "days", "from", "to", "amount", "currency", "channel", "address", "title",
            "say",
            "webhook_url", "allowed_domains", "color", "per_day", "name", "\u{0}", "",
        ]
        return inner.randomElement(using: &random) ?? "a"
    }

    private static func text(_ random: inout SplitMix64) -> String {
        let texts = [
            "", " ", "\u{0}", "a\u{0}b", "2026-03-24T13:00:00Z", "2026-03-24T13:30:00+02:00",
            "2100-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "0000-00-00", "2026-12-25", "09:00",
            "24:00",
            "25:61", "account", "all", "staff", "open", "snoozed", "resolved", "USD",
            "Europe/London",
            "UTC", "a@b.c", "+12025550123", "'; DROP TABLE accounts; --", "%_\\",
            "{{contact.name}}",
            "<script>alert(1)</script>", "\r\nSet-Cookie: a=b", "💥", "\u{202e}abc", "\u{fffd}",
            "\u{10ffff}", "http://127.0.0.1:1/", "web_chat", "api", "owner", "admin", "question",
            String(repeating: "é", count: 5000), String(repeating: "x", count: 70_000),
        ]
        return texts.randomElement(using: &random) ?? ""
    }

    static func queryValue(_ world: AccessWorld, _ random: inout SplitMix64) -> String {
        let values = [
            "", "0", "-1", "1", "200", "201", "9223372036854775807", "9223372036854775808", "NaN",
            "%00",
            "a%00b", "%ff", "'", "%25", "_", "open", "open,closed", "none", "me",
            "2026-03-23T00:00:00Z",
            "2026-03-24T00:00:00+02:00", "2100-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "1.2",
            "1.",
            ".1", "1~2", "~", "99999999999999999999.x", "-1.x", "-9223372036854775808.a", "a.b.c",
            "0.0.x",
            "%F0%9F%92%A5", "%D1%91", "1774270800000.conv_x", "9223372036854775807~appt_x",
            "question",
        ]
        if Int.random(in: 0...4, using: &random) == 0 {
            return world.ids.values.sorted().randomElement(using: &random) ?? ""
        }
        return values.randomElement(using: &random) ?? ""
    }
}
