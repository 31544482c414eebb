import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import WebShell

@Suite("Members who change and go")
struct PeopleChangeTests {
    @Test(arguments: TestEngine.available)
    func `lose what they had at once`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await office.makeAccount("mine")
            _ = try await office.makeMember("boss@x.test", in: mine)
            let person = try await office.makeMember("mo@x.test", in: mine)
            let path = "/accounts/\(mine)/members/\(person)"
            let token = try await office.token(of: person)
            let browser = PageBrowser(office)
            try await browser.signIn("mo@x.test", TestOffice.password)
            #expect(try await browser.get("/portal/mine/members").status == 200)
            let changed = try await office.call(.patch, path, ["role": "staff", "name": "Moe"])
            #expect(changed.status == 200 && changed["role"] == "staff")
            #expect(changed["name"] == "Moe")
            #expect(try await browser.get("/portal/mine/today").status == 303, "signed out")
            let settings: JSONValue = ["name": "Mine"]
            #expect(
                try await office.call(.patch, "/accounts/\(mine)", settings, as: token).status
                    == 403)
            let stale = try await office.call(
                .delete, path, headers: [.ifMatch: "\"1\""])
            #expect(stale.status == 412)
            try await browser.signIn("mo@x.test", TestOffice.password)
            #expect(try await browser.get("/portal/mine/today").status == 200)
            #expect(try await office.call(.delete, path).status == 204)
            #expect(try await browser.get("/portal/mine/today").status == 303)
            #expect(try await office.call(.get, "/accounts/\(mine)", as: token).status == 401)
            #expect(try await office.call(.delete, path).status == 404)
            // Without a place the password opens nothing, and the answer tells no difference.
            #expect(try await browser.signIn("mo@x.test", TestOffice.password).status == 401)
            // They can be asked back in, and accept with the password they have.
            let back = try await office.call(
                .post, "/accounts/\(mine)/members",
                ["email": "mo@x.test", "name": "Mo", "role": "staff"])
            let link = (back["invitation"]["link"]?.string ?? "").path
            #expect(try await browser.signIn("mo@x.test", TestOffice.password).status == 303)
            #expect(try await browser.post(link, [:], from: link).status == 303)
            #expect(try await browser.get("/portal/mine/today").status == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `leave an owner behind, and cannot raise themselves`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await office.makeAccount("mine")
            let first = try await office.makeMember("one@x.test", in: mine)
            let second = try await office.makeMember("two@x.test", in: mine)
            let staff = try await office.makeMember("staff@x.test", "staff", in: mine)
            let owner = try await office.token(of: first)
            let lower = try await office.token(of: staff)
            func path(_ user: String) -> String { "/accounts/\(mine)/members/\(user)" }
            for (method, body) in [
                (HTTPRequest.Method.patch, JSONValue?.some(["role": "owner"])), (.delete, nil),
            ] {
                let answer = try await office.call(method, path(staff), body, as: lower)
                #expect(answer.status == 403)
            }
            #expect(
                try await office.call(.patch, path(first), ["role": "staff"], as: owner).status
                    == 403)
            #expect(try await office.call(.delete, path(first), as: owner).status == 403)
            #expect(
                try await office.call(.patch, path(staff), ["role": "admin"], as: owner).status
                    == 422)
            #expect(try await office.call(.delete, path(second), as: owner).status == 204)
            #expect(try await office.call(.delete, path(first)).status == 409)
            #expect(
                try await office.call(.patch, path(first), ["role": "staff"]).status == 409)
        }
    }

    @Test(arguments: TestEngine.available)
    func `two who take each other's place away do not both succeed`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await office.makeAccount("mine")
            var owners: [(id: String, token: String)] = []
            for name in ["one", "two"] {
                let id = try await office.makeMember("\(name)@x.test", in: mine)
                owners.append((id, try await office.token(of: id)))
            }
            let pairs = [(owners[0], owners[1]), (owners[1], owners[0])]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for (actor, target) in pairs {
                    group.addTask {
                        try await office.call(
                            .delete, "/accounts/\(mine)/members/\(target.id)", as: actor.token
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 204 } == 1, "\(statuses)")
            let left = try await office.call(.get, "/accounts/\(mine)/members")
            #expect(left.data.count == 1)
            // The same with admins.
            var admins = [
                (try await office.call(.get, "/me")["user_id"].string ?? "", office.admin)
            ]
            let other = try await office.makeUser("second@x.test", "admin")
            admins.append((other, try await office.token(of: other)))
            let both = [(admins[0], admins[1]), (admins[1], admins[0])]
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for (actor, target) in both {
                    group.addTask {
                        try await office.call(
                            .patch, "/users/\(target.0)", ["is_active": false], as: actor.1
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers.count { $0 == 200 } == 1, "\(answers)")
        }
    }
}

@Suite("The record of changes")
struct PeopleChangeTests2 {
    @Test(arguments: TestEngine.available)
    func `tells who changed what, from where, without secrets`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await office.makeAccount("mine")
            let other = try await office.makeAccount("other")
            let owner = try await office.token(
                of: try await office.makeMember("boss@x.test", in: mine))
            let stranger = try await office.token(
                of: try await office.makeMember("far@x.test", in: other))
            let staff = try await office.token(
                of: try await office.makeMember("staff@x.test", "staff", in: mine))
            try await office.call(.post, "/accounts/\(mine)/staff", ["name": "Sam"], as: owner)
            let service = try await office.call(
                .post, "/accounts/\(mine)/services", ["name": "Cut", "duration_minutes": 30],
                as: owner)
            try await office.call(
                .patch, "/services/\(service.id)", ["duration_minutes": 45], as: owner)
            // What is refused, and what changes nothing, is no change.
            try await office.call(
                .patch, "/services/\(service.id)", ["duration_minutes": -1], as: owner)
            try await office.call(
                .patch, "/services/\(service.id)", ["duration_minutes": 45], as: owner)
            let list = try await office.call(
                .get, "/audit?account=\(mine)&noun=service", as: owner)
            #expect(
                list.data.map { $0["action"]?.string } == ["service.updated", "service.created"],
                "\(service.text) \(list.text)")
            let entry = try #require(list.data.first)
            // Starts follow one another by the duration until an interval is set.
            #expect(entry["before"] == ["duration_minutes": 30, "slot_interval_minutes": 30])
            #expect(entry["after"] == ["duration_minutes": 45, "slot_interval_minutes": 45])
            #expect(entry["actor_name"] == "Mo" && entry["label"] == "Cut")
            #expect(entry["means"] == "token" && entry["subject"]?.string == service.id)
            let busy = try await office.call(
                .post, "/accounts/\(mine)/busy",
                ["of": "account", "start": "2026-03-25T15:00:00Z", "end": "2026-03-25T16:00:00Z"],
                as: owner)
            try await office.call(.delete, "/busy/\(busy.id)", as: owner)
            let blocked = try await office.call(
                .get, "/audit?account=\(mine)&noun=busy", as: owner)
            #expect(blocked.data.map { $0["action"]?.string } == ["busy.deleted", "busy.created"])
            // The office's address is not the business's matter.
            let ours = try await office.call(.get, "/audit?account=\(mine)&noun=account", as: owner)
            #expect(ours.data.first?["actor_name"] == "Ada Admin")
            #expect(ours.data.first?["address"] == .null)
            // Others have no look at it.
            for (token, status) in [(stranger, 404), (staff, 403)] {
                let answer = try await office.call(.get, "/audit?account=\(mine)", as: token)
                #expect(answer.status == status)
            }
            #expect(try await office.call(.get, "/audit", as: owner).status == 403)
            #expect(try await office.call(.get, "/audit?noun=a%25", as: owner).status == 422)
            // Secrets of channels are left out.
            try await office.call(
                .post, "/accounts/\(mine)/inboxes",
                [
                    "name": "A", "channel": "api",
                    "config": ["webhook_url": "https://192.0.2.1/", "auth_token": "sesame"],
                ])
            let whole = try await office.call(.get, "/audit?limit=200")
            #expect(whole.data.count > 8)
            #expect(!whole.text.contains("sesame"))
            #expect(!whole.text.contains(TestOffice.password) && !whole.text.contains("scrypt"))
            // Paging goes through all of it, once.
            var (seen, cursor) = ([String](), "")
            repeat {
                let page = try await office.call(.get, "/audit?limit=3\(cursor)")
                seen += page.data.compactMap { $0["id"]?.string }
                cursor = page["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen == whole.data.compactMap { $0["id"]?.string })
        }
    }
}
