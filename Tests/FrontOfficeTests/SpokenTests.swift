import FrontOffice
import Guidance
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Languages of the office")
struct SpokenTests {
    /// A client's first message, and a service to book: conversation and service ids.
    private func prepare(
        _ office: TestOffice, locale: String
    ) async throws -> (talk: String, service: String, account: String, inbox: String) {
        let account = try await office.makeAccount()
        let changed = try await office.call(
            .patch, "/accounts/\(account)", ["locale": .string(locale), "time_zone": "UTC"])
        #expect(changed.status == 200, "\(changed.text)")
        let staff = try await office.call(
            .post, "/accounts/\(account)/staff", ["name": "Мария"])
        let service = try await office.call(
            .post, "/accounts/\(account)/services",
            [
                "name": "Стрижка", "duration_minutes": 60, "min_notice_minutes": 0,
                "requires": [["pool": "staff", "members": [.string(staff.id)], "count": 1]],
            ])
        #expect(service.status == 201, "\(service.text)")
        let inbox = try await office.makeInbox(of: account)
        let received = try await office.receive("Can I come?", source: "m1", inbox: inbox)
        return (received["conversation_id"].string ?? "", service.id, account, inbox)
    }

    private func book(
        _ office: TestOffice, _ talk: String, _ service: String, _ account: String
    ) async throws -> TestOffice.Answer {
        let booked = try await office.call(
            .post, "/accounts/\(account)/appointments",
            [
                "service_id": .string(service), "start": "2026-03-24T14:00:00Z",
                "conversation_id": .string(talk), "contact": ["name": "Dana"],
            ])
        #expect(booked.status == 201, "\(booked.text)")
        return booked
    }

    private func texts(_ office: TestOffice, _ talk: String) async throws -> [String] {
        try await office.call(.get, "/conversations/\(talk)/messages").data
            .compactMap { $0["text"]?.string }
    }

    @Test(arguments: TestEngine.available)
    func `confirmations are said in the business's language, whoever books`(
        engine: TestEngine
    ) async throws {
        let expected = [
            "en": "You are booked: Стрижка with Мария, Tuesday 24 March at 14:00. See you then!",
            "ru": "Вы записаны: Стрижка (Мария) — вторник, 24 марта в 14:00. До встречи!",
            "ru-RU": "Вы записаны: Стрижка (Мария) — вторник, 24 марта в 14:00. До встречи!",
            "de": "You are booked: Стрижка with Мария, Tuesday 24 March at 14:00. See you then!",
        ]
        for (locale, text) in expected {
            try await TestOffice.run(on: engine) { office in
                let (talk, service, account, _) = try await prepare(office, locale: locale)
                _ = try await book(office, talk, service, account)
                #expect(try await texts(office, talk).contains(text), "\(locale)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `booking in a conversation answers it, moving it elsewhere does not`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let (talk, service, account, inbox) = try await prepare(office, locale: "en")
            let path = "/conversations/\(talk)"
            #expect(try await office.call(.get, path)["waiting_since"] != .null)
            let booked = try await book(office, talk, service, account)
            let answered = try await office.call(.get, path)
            #expect(answered["waiting_since"] == .null)
            #expect(answered["unread"] == 0)
            #expect(answered["first_replied_at"].string == TestOffice.start.description)

            try await office.receive("Is there parking?", source: "m2", inbox: inbox)
            let moved = try await office.call(
                .patch, "/appointments/\(booked.id)", ["start": "2026-03-24T15:00:00Z"])
            #expect(moved.status == 200, "\(moved.text)")
            #expect(try await texts(office, talk).contains { $0.hasPrefix("Your appointment was") })
            let waiting = try await office.call(.get, path)
            #expect(waiting["waiting_since"] != .null, "nobody has answered the question")
        }
    }

    @Test func `a language is remembered, and the way back stays here`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            func choose(_ form: String) async throws -> TestOffice.Answer {
                try await office.send(
                    .post, "/language",
                    headers: [.contentType: "application/x-www-form-urlencoded"], body: form)
            }
            let chosen = try await choose("language=ru&back=%2Fsign-up%3Fvertical%3Dhairdresser")
            #expect(chosen.status == 303)
            #expect(chosen.headers[.location] == "/sign-up?vertical=hairdresser")
            let cookie = chosen.headers[.setCookie] ?? ""
            #expect(cookie.hasPrefix("autosecretary_language=ru"))
            #expect(cookie.contains("SameSite=Lax"))
            for away in [
                "%2F%2Fevil.test", "https%3A%2F%2Fevil.test", "%5C%5Cevil.test", "",
                "%2F%5Cevil.test", "%2Fa%0D%0AX: y",
            ] {
                let answer = try await choose("language=en&back=\(away)")
                #expect(answer.headers[.location] == "/", "\(away)")
            }
            for wrong in ["language=de", "language=", "back=%2F", "language=RU%00"] {
                #expect(try await choose(wrong).status == 422, "\(wrong)")
            }
            let foreign = try await office.send(
                .post, "/language",
                headers: [
                    .contentType: "application/x-www-form-urlencoded",
                    .origin: "https://evil.test",
                ], body: "language=ru")
            #expect(foreign.headers[.setCookie] == nil || foreign.status == 303)
        }
    }

    @Test func `the first page sells in the visitor's language`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let english = try await office.get("/").text
            #expect(english.contains("<html lang=\"en\">"))
            #expect(english.contains("for 14 days"))
            let russian = try await office.get(
                "/", headers: [.cookie: "autosecretary_language=ru"]
            ).text
            #expect(russian.contains("<html lang=\"ru\">"))
            #expect(russian.contains("бесплатно: 14 дней"))
            #expect(russian.contains("24 дня"))
            #expect(russian.contains("10\u{a0}$"))
            #expect(russian.contains("Парикмахерская"))
            #expect(russian.contains("Сколько стоит стрижка?"))
        }
    }

    @Test func `a trade has the same numbers in every language`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            #expect(office.wiring.templates.count == 4)
            for english in office.wiring.templates {
                let russian = english.spoken(.russian)
                #expect(english.spoken(.english) == english)
                #expect(russian != english)
                #expect(russian.schedule == english.schedule)
                #expect(russian.staff.count == english.staff.count)
                let prices = { (template: VerticalTemplate, currency: String) in
                    template.services(currency: currency, staff: []).map { $0["price"] }
                }
                for currency in ["USD", "GBP", "RUB"] {
                    #expect(prices(russian, currency) == prices(english, currency))
                }
                #expect(!prices(russian, "RUB").contains(nil))
                for article in russian.knowledge {
                    #expect(!article.question.contains { ("a"..."z").contains($0) })
                }
            }
        }
    }
}
