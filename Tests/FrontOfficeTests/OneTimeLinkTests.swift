import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import WebShell

@Suite("Links that are used once")
struct OneTimeLinkTests {
    private static let new = "another long password"

    @Test(arguments: TestEngine.available)
    func `an invitation lets one person in, once`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let added = try await office.call(
                .post, "/users", ["email": "new@x.test", "name": "New", "role": "receptionist"])
            #expect(added["state"] == "invited")
            let path = (added["invitation"]["link"]?.string ?? "").path
            #expect(path.utf8.count >= "/join/".utf8.count + 43, "32 random bytes")
            let browser = PageBrowser(office)
            // Looking uses nothing up.
            for _ in 0..<2 {
                let page = try await browser.get(path)
                #expect(page.status == 200 && page.text.contains("new@x.test"))
                #expect(page.headers[referrer] == "no-referrer")
            }
            // A password that is no good uses nothing up either.
            let weak = try await browser.post(path, ["name": "Neva", "password": "password123"])
            #expect(weak.status == 422)
            let joined = try await browser.post(path, ["name": "Neva", "password": Self.new])
            #expect(joined.status == 303 && joined.location == "/desk")
            #expect(try await browser.get("/desk").status == 200)
            let user = try await office.call(.get, "/users/\(added.id)")
            #expect(user["state"] == "active" && user["name"] == "Neva")
            // Replayed it is nothing, for whoever.
            let thief = PageBrowser(office)
            #expect(try await thief.get(path).status == 404)
            let replay = try await thief.post(path, ["name": "E", "password": "my own password!"])
            #expect(replay.status == 404)
            #expect(try await thief.signIn("new@x.test", Self.new).status == 303)
        }
    }

    @Test(arguments: TestEngine.available)
    func `empty, short, forged and expired ones are nothing`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let path = try await office.link("/users/\(user)/reset_link")
            let secret = String(path.dropFirst("/reset/".count))
            let stored = try await office.wiring.store.read { tx in
                try tx.all("SELECT secret_hash FROM one_time_links WHERE purpose = 'reset'") {
                    try $0.text(0)
                }
            }
            let hash = try #require(stored.first)
            #expect(stored.count == 1 && !hash.contains(secret))
            let browser = PageBrowser(office)
            let wrong = [
                "", "%20", "x", String(secret.dropLast()), secret + "x", secret.uppercased(),
                hash, String(repeating: "A", count: 43), "..%2f", "%00",
            ]
            for text in wrong {
                for place in ["/reset/", "/join/"] {
                    let answer = try await browser.get(place + text)
                    #expect(answer.status == 404, "\(place)\(text)")
                    let sent = try await browser.post(place + text, ["password": Self.new])
                    #expect(sent.status == 404, "\(place)\(text)")
                }
            }
            // One kind of link is no other kind.
            #expect(try await browser.get("/join/\(secret)").status == 404)
            #expect(try await browser.get(path).status == 200)
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 3600))
            #expect(try await browser.get(path).status == 404)
            #expect(try await browser.post(path, ["password": Self.new]).status == 404)
            #expect(try await browser.signIn("pat@x.test", TestOffice.password).status == 303)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a new link, a new password and a deactivation void those before`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let browser = PageBrowser(office)
            let first = try await office.link("/users/\(user)/reset_link")
            let second = try await office.link("/users/\(user)/reset_link")
            #expect(try await browser.get(first).status == 404)
            #expect(try await browser.get(second).status == 200)
            try await office.call(.patch, "/users/\(user)", ["password": "a longer password"])
            #expect(try await browser.get(second).status == 404)
            let third = try await office.link("/users/\(user)/reset_link")
            try await office.call(.patch, "/users/\(user)", ["is_active": false])
            #expect(try await browser.post(third, ["password": Self.new]).status == 404)
            #expect(
                try await office.call(.post, "/users/\(user)/reset_link", [:]).status == 409)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a link for a new password signs out everywhere and keeps the second factor`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let thief = PageBrowser(office, address: "198.51.100.9")
            try await thief.signIn("pat@x.test", TestOffice.password)
            #expect(try await thief.get("/desk").status == 200)
            let path = try await office.link("/users/\(user)/reset_link")
            let browser = PageBrowser(office)
            let done = try await browser.post(path, ["password": Self.new])
            #expect(done.status == 303 && done.location == "/sign-in?reset=1")
            #expect(try await thief.get("/desk").status == 303, "the stolen session is over")
            #expect(try await browser.post(path, ["password": "a third password"]).status == 404)
            #expect(try await browser.signIn("pat@x.test", TestOffice.password).status == 401)
            #expect(try await browser.signIn("pat@x.test", Self.new).status == 303)
        }
    }

    @Test(arguments: TestEngine.available)
    func `two who use one link at once do not both get in`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let path = try await office.link("/users/\(user)/reset_link")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await PageBrowser(office).post(
                            path, ["password": "long password \(number)"]
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 303 } == 1)
            #expect(statuses.count { $0 == 404 } == 5)
        }
    }

    @Test(arguments: TestEngine.available)
    func `asking for help tells nobody who has a sign-in`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let browser = PageBrowser(office)
            var pages: Set<String> = []
            for email in ["pat@x.test", "nobody@x.test", "not an address", ""] {
                let answer = try await browser.post("/sign-in/help", ["email": email])
                #expect(answer.status == 200)
                pages.insert(answer.text)
            }
            #expect(pages.count == 1)
            #expect(try await office.call(.get, "/users/\(user)")["reset_asked_at"] != .null)
            for _ in 0..<10 { try await browser.post("/sign-in/help", ["email": "x@x.test"]) }
            let limited = try await browser.post("/sign-in/help", ["email": "x@x.test"])
            #expect(limited.status == 429 && limited.headers[.retryAfter] != nil)
        }
    }
}

@Suite("Invitations of people who have a sign-in")
struct OneTimeLinkTests2 {
    @Test(arguments: TestEngine.available)
    func `wait until they accept as themselves`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await office.makeAccount("mine")
            let other = try await office.makeAccount("other")
            let person = try await office.makeMember("mo@x.test", in: mine)
            _ = try await office.makeMember("eve@x.test", in: other)
            let body: JSONValue = ["email": "mo@x.test", "name": "Any", "role": "staff"]
            let invited = try await office.call(.post, "/accounts/\(other)/members", body)
            #expect(invited.status == 201 && invited["state"] == "invited")
            let path = (invited["invitation"]["link"]?.string ?? "").path
            // Nothing has happened yet.
            let token = try await office.token(of: person)
            #expect(try await office.call(.get, "/accounts/\(other)", as: token).status == 404)
            // Signed out, or as somebody else, the link does nothing; nor does it set a password.
            let browser = PageBrowser(office)
            let out = try await browser.post(path, ["name": "E", "password": "my own password!"])
            #expect(out.status == 403)
            try await browser.signIn("eve@x.test", TestOffice.password)
            let csrf = try await browser.get("/me?kind=account").field("_csrf")
            #expect(try await browser.post(path, [:], csrf: csrf).status == 403)
            let mo = PageBrowser(office)
            try await mo.signIn("mo@x.test", TestOffice.password)
            #expect(try await mo.post(path, [:], csrf: "forged").status == 403)
            let accepted = try await mo.post(path, [:], from: path)
            #expect(accepted.status == 303, "\(accepted.text)")
            #expect(try await office.call(.get, "/accounts/\(other)", as: token).status == 200)
            #expect(try await mo.get(path).status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a business gets no password link for a person of two businesses`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await office.makeAccount("mine")
            let other = try await office.makeAccount("other")
            let shared = try await office.makeMember("mo@x.test", "staff", in: mine)
            let owner = try await office.token(
                of: try await office.makeMember("boss@x.test", in: mine))
            // Of one's own member alone: yes.
            let early = try await office.link("/users/\(shared)/reset_link", as: owner)
            let invited = try await office.call(
                .post, "/accounts/\(other)/members",
                ["email": "mo@x.test", "name": "Mo", "role": "owner"])
            let mo = PageBrowser(office)
            try await mo.signIn("mo@x.test", TestOffice.password)
            let path = (invited["invitation"]["link"]?.string ?? "").path
            #expect(try await mo.post(path, [:], from: path).status == 303)
            // Now that the sign-in opens another business too: no, and the early one is void.
            #expect(try await PageBrowser(office).get(early).status == 404)
            for action in ["reset_link", "invitation"] {
                let answer = try await office.call(
                    .post, "/users/\(shared)/\(action)", [:], as: owner)
                #expect(answer.status == 403, "\(action) \(answer.text)")
            }
            for action in ["sessions", "second_factor"] {
                let answer = try await office.call(
                    .delete, "/users/\(shared)/\(action)", as: owner)
                #expect(answer.status == 403, "\(action)")
            }
            let rename = try await office.call(
                .patch, "/accounts/\(mine)/members/\(shared)", ["name": "Fool"], as: owner)
            #expect(rename.status == 403)
            // Strangers and the office's people are not there at all.
            let admin = try await office.call(.get, "/me")["user_id"].string ?? ""
            let stranger = try await office.makeMember("far@x.test", in: other)
            for id in [admin, stranger, "user_none"] {
                let answer = try await office.call(
                    .post, "/users/\(id)/reset_link", [:], as: owner)
                #expect(answer.status == 404, "\(id)")
            }
        }
    }
}

private let referrer = HTTPField.Name("Referrer-Policy") ?? .cookie
