import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import Work

/// What clients are told about their visits. The clock stands at Monday, 2026-03-23 13:00 UTC, nine
/// in New York.
@Suite("Notices")
struct NoticeTests {
    struct World {
        let office: TestOffice
        let account: String
        let service: String

        static func run(
            on engine: TestEngine, _ test: @escaping @Sendable (World) async throws -> Void
        ) async throws {
            try await TestOffice.run(on: engine) { office in
                let account = try await office.makeAccount("mane")
                try await office.call(
                    .post, "/accounts/\(account)/staff", ["name": "Mia"])
                let service = try await office.call(
                    .post, "/accounts/\(account)/services",
                    ["name": "Cut", "duration_minutes": 60]
                ).id
                try await test(World(office: office, account: account, service: service))
            }
        }

        func contact(_ body: [String: JSONValue]) async throws -> String {
            try await office.call(.post, "/accounts/\(account)/contacts", .object(body)).id
        }

        func book(_ start: String, for contact: String) async throws -> String {
            let answer = try await office.call(
                .post, "/accounts/\(account)/appointments",
                [
                    "service_id": .string(service), "start": .string(start),
                    "contact_id": .string(contact),
                ])
            #expect(answer.status == 201)
            return answer.id
        }

        func settings(_ body: JSONValue) async throws {
            let path = "/accounts/\(account)/notice_settings"
            #expect(try await office.call(.put, path, body).status == 200)
        }

        func told(_ query: String = "?limit=200") async throws -> [JSONValue] {
            try await office.call(.get, "/accounts/\(account)/deliveries\(query)").data
        }

        func purposes() async throws -> [String] {
            try await told().compactMap { $0["purpose"]?.string }
        }

        func move(to instant: String) async throws {
            try await office.moveClock(to: try #require(Instant(rfc3339: instant)))
        }
    }

    private static let mail: [String: JSONValue] = [
        "name": "Dana", "preferred_channel": "email",
        "contact_points": [["channel": "email", "address": "dana@example.com"]],
    ]

    @Test(arguments: TestEngine.available)
    func `say what became of a visit, once each, where the client is`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            let dana = try await world.contact(Self.mail)
            let visit = try await world.book("2026-03-24T14:00:00Z", for: dana)
            let confirmed = try #require(try await world.told().first)
            #expect(confirmed["purpose"] == "booking_confirmed")
            #expect(confirmed["to"] == "dana@example.com")
            #expect(confirmed["channel"] == "email")
            // Nothing claims to have left the house while no mailbox is connected.
            #expect(confirmed["status"] == "queued")
            #expect(confirmed["reason"] == "no_email_channel")
            #expect(
                confirmed["text"]
                    == "You are booked: Cut with Mia, Tuesday 24 March at 10:00. See you then!")
            try await world.office.call(
                .patch, "/appointments/\(visit)", ["start": "2026-03-25T15:00:00Z"])
            try await world.office.call(.post, "/appointments/\(visit)/cancel", [:])
            #expect(
                try await world.purposes()
                    == ["booking_confirmed", "booking_rescheduled", "booking_canceled"])
            // Who can be reached by nothing is told nothing, and the list says so.
            let nobody = try await world.contact(["name": "Kim"])
            _ = try await world.book("2026-03-24T16:00:00Z", for: nobody)
            let last = try #require(try await world.told().last)
            #expect(last["status"] == "refused")
            #expect(last["reason"] == "no_address")
        }
    }

    @Test(arguments: TestEngine.available)
    func `go into the conversation, in the client's language and on both clocks`(
        engine: TestEngine
    ) async throws {
        try await World.run(on: engine) { world in
            let inbox = try await world.office.makeInbox(of: world.account)
            let answer = try await world.office.receive("Привет", source: "1", inbox: inbox)
            let conversation = try #require(answer["conversation_id"].string)
            let about = try await world.office.call(.get, "/conversations/\(conversation)")
            let contact = try #require(about["contact_id"].string)
            try await world.office.call(
                .patch, "/contacts/\(contact)",
                ["locale": "ru-RU", "time_zone": "Europe/Moscow"])
            // Booked without naming the conversation: the client's latest one is the way.
            _ = try await world.book("2026-03-24T14:00:00Z", for: contact)
            let told = try #require(try await world.told("?purpose=booking_confirmed").first)
            #expect(told["channel"] == "api")
            #expect(told["status"] == "sent")
            let text = try #require(told["text"]?.string)
            #expect(text.contains("вторник, 24 марта, 10:00") || text.contains("24 марта"))
            #expect(text.contains("17:00"))
            let messages = try await world.office.call(
                .get, "/conversations/\(conversation)/messages"
            ).data
            #expect(messages.last?["text"]?.string == text)
            // The list has it once, as a notice, and not as a message as well.
            #expect(try await world.told().filter { $0["text"]?.string == text }.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `remind of what still stands, at its time, once`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let dana = try await world.contact(Self.mail)
            let stays = try await world.book("2026-03-26T14:00:00Z", for: dana)
            let moves = try await world.book("2026-03-26T16:00:00Z", for: dana)
            let ends = try await world.book("2026-03-26T18:00:00Z", for: dana)
            // A day before has passed already, and two hours before would be at once.
            let soon = try await world.book("2026-03-23T15:00:00Z", for: dana)
            func reminders() async throws -> [String] {
                try await world.told("?purpose=booking_reminder&limit=200").map {
                    "\($0["about"]?.string ?? "") \($0["at"]?.string ?? "")"
                }
            }
            try await world.office.call(
                .patch, "/appointments/\(moves)", ["start": "2026-03-27T16:00:00Z"])
            try await world.move(to: "2026-03-25T13:59:59Z")
            #expect(try await reminders().isEmpty)
            try await world.move(to: "2026-03-25T20:00:00Z")
            #expect(
                try await reminders() == [
                    "\(stays) 2026-03-25T14:00:00Z", "\(ends) 2026-03-25T18:00:00Z",
                ])
            // A job that is run again, as after a crash, tells nothing again.
            let start = try #require(Instant(rfc3339: "2026-03-26T14:00:00Z")).milliseconds
            let ambient = world.office.wiring.ambient
            try await world.office.wiring.store.write { tx in
                try JobQueue.enqueue(
                    "notice.remind", account: AccountID(world.account),
                    ["appointment_id": .string(stays), "start": .int(start), "minutes": 1440],
                    at: ambient.now(), ambient: ambient, in: tx)
            }
            try await world.move(to: "2026-03-25T20:01:00Z")
            #expect(try await reminders().count == 2)
            try await world.office.call(.post, "/appointments/\(ends)/cancel", [:])
            try await world.move(to: "2026-03-28T00:00:00Z")
            #expect(
                try await reminders().dropFirst(2).map { $0 } == [
                    "\(stays) 2026-03-26T12:00:00Z", "\(moves) 2026-03-26T16:00:00Z",
                    "\(moves) 2026-03-27T14:00:00Z",
                ])
            #expect(try await !reminders().contains { $0.hasPrefix(soon) })
        }
    }

    @Test(arguments: TestEngine.available)
    func `follow the settings, also for what was booked before`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let dana = try await world.contact(Self.mail)
            let visit = try await world.book("2026-03-26T14:00:00Z", for: dana)
            try await world.settings([
                "reminders_minutes_before": [240], "silenced": ["booking_canceled"],
                "review_after_minutes": 60, "review_link": "https://maps.example/mane",
            ])
            try await world.move(to: "2026-03-26T13:30:00Z")
            #expect(
                try await world.told("?purpose=booking_reminder").map { $0["at"] }
                    == ["2026-03-26T10:00:00Z"])
            let other = try await world.book("2026-03-27T14:00:00Z", for: dana)
            try await world.office.call(.post, "/appointments/\(other)/cancel", [:])
            try await world.move(to: "2026-03-26T15:00:00Z")
            try await world.office.call(.post, "/appointments/\(visit)/complete", [:])
            try await world.move(to: "2026-03-26T16:00:00Z")
            let purposes = try await world.purposes()
            #expect(!purposes.contains("booking_canceled"))
            #expect(purposes.last == "review_request")
            let text = try await world.told().last?["text"]?.string
            #expect(text?.contains("https://maps.example/mane") == true)
            let path = "/accounts/\(world.account)/notice_settings"
            for bad: JSONValue in [
                ["reminders_minutes_before": [5]], ["reminders_minutes_before": [60, "x"]],
                ["reminders_minutes_before": [60, 61, 62, 63, 64, 65]],
                ["silenced": ["review_request"]], ["review_after_minutes": -1],
                ["review_link": "javascript:alert(1)"], ["reminder": 1],
            ] {
                #expect(try await world.office.call(.put, path, bad).status == 422, "\(bad)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `ask for another time what cannot be kept`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let dana = try await world.contact(Self.mail)
            _ = try await world.book("2026-03-24T14:00:00Z", for: dana)
            let hours: JSONValue = [
                "weekly": [["weekday": 2, "start": "12:00", "end": "17:00"]]
            ]
            let changed = try await world.office.call(
                .put, "/accounts/\(world.account)/schedule", hours)
            #expect(changed["displaced"].array?.count == 1)
            let done = try await world.office.call(
                .post, "/accounts/\(world.account)/displaced", ["action": "ask"])
            #expect(done.data.map { $0["outcome"] } == ["ask"])
            let told = try #require(try await world.told().last)
            #expect(told["purpose"] == "booking_asked_to_move")
            #expect(told["text"]?.string?.contains("cannot keep your appointment") == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `are listed page by page, for those who may see them`(engine: TestEngine) async throws {
        try await World.run(on: engine) { world in
            let dana = try await world.contact(Self.mail)
            for hour in 14...18 {
                _ = try await world.book("2026-03-24T\(hour):00:00Z", for: dana)
            }
            let path = "/accounts/\(world.account)/deliveries"
            var seen: [String] = []
            var cursor = ""
            for _ in 0..<5 {
                let page = try await world.office.call(.get, "\(path)?limit=2&after=\(cursor)")
                #expect(page.status == 200)
                seen += page.data.compactMap { $0["id"]?.string }
                guard let next = page["next_cursor"].string else { break }
                cursor = next
            }
            #expect(seen.count == 5)
            #expect(Set(seen).count == 5)
            #expect(try await world.office.call(.get, path + "?after=x").status == 422)
            // Who is forgotten is forgotten here, too.
            let erased = try await world.office.call(
                .post, "/contacts/\(dana)/erase", ["confirm": "Dana"])
            #expect(erased.status < 300)
            try await world.office.moveClock(
                to: world.office.wiring.ambient.now().advanced(bySeconds: 60))
            #expect(try await world.told().isEmpty)
        }
    }
}
