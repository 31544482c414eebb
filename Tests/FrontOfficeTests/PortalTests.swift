import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("The portal")
struct PortalTests {
    static let daily = ["today", "calendar", "inquiries"]
    static let settings = [
        "setup", "settings", "profile", "hours", "script", "knowledge", "knowledge/new", "replies",
        "replies/new", "services", "services/new", "staff", "staff/new", "resources",
        "resources/new", "members", "members/new", "widget", "widget/new",
    ]

    @Test(arguments: TestEngine.available)
    func `shows everybody the pages of their role`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let here = try await office.makeAccount("mane")
            let elsewhere = try await office.makeAccount("lotus")
            let owner = try await PortalBrowser.signIn(.owner, of: here, in: office)
            let staff = try await PortalBrowser.signIn(.staff, of: here, in: office)
            let stranger = try await PortalBrowser.signIn(.owner, of: elsewhere, in: office)
            let nobody = PortalBrowser(office: office)
            for page in Self.daily + Self.settings {
                let path = "/portal/mane/" + page
                #expect(try await owner.get(path).status == 200, "\(page) for the owner")
                let isDaily = Self.daily.contains(page)
                #expect(try await staff.get(path).status == (isDaily ? 200 : 403), "\(page)")
                #expect(try await stranger.get(path).status == 404, "\(page)")
                #expect(try await nobody.get(path).status == 303, "\(page)")
            }
            let seen = try await staff.get("/portal/mane/today").text
            #expect(!seen.contains("/portal/mane/profile"))
            #expect(try await owner.get("/portal").headers[.location] == "/portal/mane")
            #expect(try await owner.get("/portal/unknown/today").status == 404)
        }
    }

    @Test func `refuses forms of strangers and forms without their token`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let here = try await office.makeAccount("mane")
            let elsewhere = try await office.makeAccount("lotus")
            let owner = try await PortalBrowser.signIn(.owner, of: here, in: office)
            let staff = try await PortalBrowser.signIn(.staff, of: here, in: office)
            let stranger = try await PortalBrowser.signIn(.owner, of: elsewhere, in: office)
            let form = [("name", "Taken over"), ("time_zone", "UTC"), ("currency", "USD")]
            let path = "/portal/mane/profile"
            #expect(try await owner.post(path, form, csrf: "forged").status == 403)
            #expect(try await staff.post(path, form).status == 403)
            #expect(try await stranger.post(path, form).status == 404)
            #expect(try await office.call(.get, "/accounts/\(here)")["name"] == "Business mane")
        }
    }

    @Test func `one business's things are not found under another`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let here = try await office.makeAccount("mane")
            let elsewhere = try await office.makeAccount("lotus")
            let owner = try await PortalBrowser.signIn(.owner, of: here, in: office)
            let staff = try await office.call(
                .post, "/accounts/\(elsewhere)/staff", ["name": "Lin"])
            let article = try await office.call(
                .post, "/accounts/\(elsewhere)/knowledge", ["question": "Q?", "answer": "A."])
            let inbox = try await office.makeInbox(of: elsewhere)
            let talk = try await office.receive("Hello", source: "1", inbox: inbox)
            let conversation = talk["conversation_id"].string ?? ""
            for page in [
                "staff/\(staff.id)", "knowledge/\(article.id)", "widget/\(inbox)",
                "conversations/\(conversation)", "services/svc_none", "appointments/appt_none",
            ] {
                #expect(try await owner.get("/portal/mane/\(page)").status == 404, "\(page)")
            }
            let deleted = try await owner.post("/portal/mane/knowledge/\(article.id)/delete", [])
            #expect(deleted.status == 404)
            #expect(try await office.call(.get, "/knowledge/\(article.id)").status == 200)
        }
    }

    @Test func `shows a conversation without the office's notes`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let inbox = try await office.makeInbox(of: account)
            let talk = try await office.receive(
                "Is <b>Mia</b> in on Friday?", source: "1", inbox: inbox)
            let id = talk["conversation_id"].string ?? ""
            for (text, isPrivate) in [("She is.", false), ("Rude caller", true)] {
                try await office.call(
                    .post, "/conversations/\(id)/messages",
                    ["text": .string(text), "private": .bool(isPrivate)])
            }
            let page = try await owner.get("/portal/mane/conversations/\(id)").text
            #expect(page.contains("Is &lt;b&gt;Mia&lt;/b&gt; in on Friday?"))
            #expect(page.contains("She is."))
            #expect(!page.contains("Rude caller"))
        }
    }

    @Test func `shows the numbers that the API answers`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let account = try await office.makeAccount("mane")
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            for kind in ["booking", "booking", "hard_question"] {
                try await office.call(
                    .post, "/accounts/\(account)/inquiries",
                    ["kind": .string(kind), "topic": "Gel over acrylic", "channel": "phone"])
            }
            // The last seven days of New York's wall clock.
            let numbers = try await office.call(
                .get,
                "/accounts/\(account)/statistics?from=2026-03-17T04:00:00Z&to=2026-03-24T04:00:00Z")
            let kinds = numbers["inquiries"]["by_kind"]?.object ?? [:]
            let page = try await owner.get("/portal/mane/inquiries?days=7").text
            for (kind, name) in [("booking", "Booking"), ("hard_question", "Hard question")] {
                let row = page.split(separator: "<tr>").first { $0.contains(">\(name)</th>") }
                let count = kinds[kind]?.int ?? -1
                #expect(row?.contains("<td class=\"num\">\(count)</td>") == true, "\(kind)")
            }
            #expect(kinds["booking"]?.int == 2)
            let today = try await owner.get("/portal/mane/today").text
            #expect(today.contains("1 question waits"))
        }
    }
}
