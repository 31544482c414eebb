import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import WebShell

@Suite("Sessions of browsers")
struct SessionTests {
    private struct Browser {
        var cookie: String
        var csrf: String
        var kind: SessionKind

        var headers: HTTPFields {
            var headers: HTTPFields = [.cookie: "\(kind.cookie)=\(cookie)"]
            headers[sessionField] = kind.rawValue
            return headers
        }
        var signed: HTTPFields {
            var headers = headers
            headers[csrfField] = csrf
            return headers
        }
    }

    private static func browser(
        _ office: TestOffice, _ user: String, _ kind: SessionKind
    ) async throws -> Browser {
        let gatekeeper = office.wiring.gatekeeper
        let cookie = try await gatekeeper.openSession(of: UserID(user), kind)
        let csrf = try await gatekeeper.session(kind, cookie: cookie)?.1.csrf ?? ""
        return Browser(cookie: cookie, csrf: csrf, kind: kind)
    }

    private static func admin(_ office: TestOffice) async throws -> String {
        try await office.call(.get, "/me")["user_id"].string ?? ""
    }

    @Test(arguments: TestEngine.available)
    func `call the API only with the page's own token`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let admin = try await Self.admin(office)
            let browser = try await Self.browser(office, admin, .office)
            func post(_ headers: HTTPFields, _ slug: String) async throws -> Int {
                try await office.call(
                    .post, "/accounts",
                    ["name": "A", "slug": .string(slug), "time_zone": "UTC"], as: .some(nil),
                    headers: headers
                ).status
            }
            let signedOut = String?.none
            let read = try await office.call(
                .get, "/me", as: .some(signedOut), headers: browser.headers)
            #expect(read["user_id"].string == admin)
            #expect(try await post(browser.headers, "a") == 403)
            var forged = browser.headers
            for wrong in ["", "x", String(browser.csrf.dropLast()), browser.cookie] {
                forged[csrfField] = wrong
                #expect(try await post(forged, "b") == 403, "\(wrong)")
            }
            // The token of another session of the same person is another page's.
            let other = try await Self.browser(office, admin, .office)
            forged[csrfField] = other.csrf
            #expect(try await post(forged, "c") == 403)
            #expect(try await post(browser.signed, "d") == 201)
            // Without the header that names the session a cookie alone says nothing.
            let bare: HTTPFields = [.cookie: "\(SessionKind.office.cookie)=\(browser.cookie)"]
            #expect(try await post(bare, "e") == 401)
            // A bad key is not mended by a good cookie.
            var both = browser.signed
            both[.authorization] = "Bearer ast_forged"
            #expect(try await post(both, "f") == 401)
            #expect(try await office.call(.get, "/accounts")["data"].array?.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `end when they expire, when the person is shut out, and with a new password`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.call(
                .post, "/users", ["email": "r@x.test", "name": "R", "role": "receptionist"]
            ).id
            func status(_ browser: Browser) async throws -> Int {
                try await office.call(.get, "/me", as: .some(nil), headers: browser.headers).status
            }
            func page(_ browser: Browser?) async throws -> TestOffice.Answer {
                try await office.get("/desk", headers: browser?.headers ?? [:])
            }
            let first = try await Self.browser(office, user, .office)
            #expect(try await status(first) == 200)
            #expect(try await page(first).status == 200)
            try await office.call(.patch, "/users/\(user)", ["password": "a longer password"])
            #expect(try await status(first) == 401)

            let second = try await Self.browser(office, user, .office)
            try await office.call(.patch, "/users/\(user)", ["is_active": false])
            #expect(try await status(second) == 401)
            try await office.call(.patch, "/users/\(user)", ["is_active": true])
            #expect(try await status(second) == 401, "signed out everywhere, for good")

            let third = try await Self.browser(office, user, .office)
            let ended = try await office.wiring.gatekeeper.session(.office, cookie: third.cookie)
            if let session = ended?.1 { try await office.wiring.gatekeeper.endSession(session) }
            #expect(try await status(third) == 401)

            let fourth = try await Self.browser(office, user, .office)
            // Used every few days it lasts for its time and no longer.
            let end = TestOffice.start.advanced(bySeconds: SessionKind.office.longestSeconds)
            let rest = SessionKind.office.idleSeconds - 60
            for seconds in stride(from: rest, to: SessionKind.office.longestSeconds, by: rest) {
                try await office.moveClock(to: TestOffice.start.advanced(bySeconds: seconds))
                #expect(try await status(fourth) == 200)
            }
            try await office.moveClock(to: end.advanced(bySeconds: -1))
            #expect(try await status(fourth) == 200)
            try await office.moveClock(to: end)
            #expect(try await status(fourth) == 401)
            // Unused it ends sooner.
            let idle = try await Self.browser(office, user, .office)
            let left = try await Self.browser(office, user, .office)
            let pause = end.advanced(bySeconds: SessionKind.office.idleSeconds)
            try await office.moveClock(to: pause.advanced(bySeconds: -1))
            #expect(try await status(idle) == 200)
            try await office.moveClock(to: pause)
            #expect(try await status(idle) == 200)
            #expect(try await status(left) == 401)
            for gone in [nil, first, fourth, Browser(cookie: "forged", csrf: "", kind: .office)] {
                let answer = try await page(gone)
                #expect(answer.status == 303)
                #expect(answer.headers[.location]?.hasPrefix("/sign-in?next=") == true)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `of one kind are no sessions of the other`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let admin = try await Self.admin(office)
            let business = try await Self.browser(office, admin, .account)
            // One of the office without a business has nothing to see in the portal.
            #expect(
                try await office.call(.get, "/me", as: .some(nil), headers: business.headers).status
                    == 401)
            let own = try await Self.browser(office, admin, .office)
            var swapped: HTTPFields = [.cookie: "\(SessionKind.account.cookie)=\(own.cookie)"]
            swapped[sessionField] = "account"
            #expect(
                try await office.call(.get, "/me", as: .some(nil), headers: swapped).status == 401)
            for name in ["", "admin", "OFFICE"] {
                var headers = own.headers
                headers[sessionField] = name
                #expect(
                    try await office.call(.get, "/me", as: .some(nil), headers: headers).status
                        == 401)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `of a business do not act for the office, even where the person may`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let mine = try await office.makeAccount("mine")
            let other = try await office.makeAccount("other")
            let admin = try await Self.admin(office)
            try await office.wiring.store.write { tx in
                try tx.execute(
                    """
                    INSERT INTO memberships (account_id, user_id, role, created_at)
                    VALUES (\(mine), \(admin), 'owner', 0)
                    """)
            }
            let browser = try await Self.browser(office, admin, .account)
            func call(
                _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil
            ) async throws -> TestOffice.Answer {
                try await office.call(method, path, body, as: .some(nil), headers: browser.signed)
            }
            #expect(try await call(.get, "/me")["role"] == .null)
            #expect(try await call(.get, "/accounts/\(mine)").status == 200)
            #expect(try await call(.get, "/accounts/\(other)").status == 404)
            #expect(try await call(.get, "/accounts").data.count == 1)
            #expect(try await call(.get, "/users").status == 403)
            #expect(try await call(.get, "/settings").status == 403)
            #expect(try await call(.patch, "/accounts/\(mine)", ["state": "active"]).status == 403)
            // Nor does a token made from it.
            #expect(try await call(.post, "/users/\(admin)/tokens", ["name": "t"]).status == 403)
        }
    }
}

@Suite("Signing in")
struct SessionTests2 {
    private static func refusal(
        _ office: TestOffice, _ email: String, _ password: String, from address: String = "a"
    ) async throws -> Refusal? {
        do {
            _ = try await office.wiring.gatekeeper.signIn(
                email: email, password: password, from: address)
            return nil
        } catch let refusal as Refusal { return refusal }
    }

    @Test(arguments: TestEngine.available)
    func `tells nobody whether it was the address or the password`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let good = "correct horse battery"
            for (email, active) in [("in@x.test", true), ("out@x.test", false)] {
                let user = try await office.call(
                    .post, "/users",
                    [
                        "email": .string(email), "name": "U", "role": "coach",
                        "password": .string(good),
                    ])
                #expect(!user.text.contains(good))
                try await office.call(.patch, "/users/\(user.id)", ["is_active": .bool(active)])
            }
            #expect(try await Self.refusal(office, "in@x.test", good) == nil)
            #expect(try await Self.refusal(office, "IN@x.test", good) == nil)
            let wrong = try await Self.refusal(office, "in@x.test", good + " ")
            #expect(wrong?.kind == .unauthenticated)
            for (email, password) in [
                ("in@x.test", ""), ("in@x.test", String(repeating: "x", count: 100_000)),
                ("out@x.test", good), ("nobody@x.test", good), ("not an address", good), ("", ""),
                // This one has no password at all.
                ("admin@office.test", ""),
            ] {
                #expect(try await Self.refusal(office, email, password) == wrong, "\(email)")
            }
            let stored = try await office.wiring.store.read { tx in
                try tx.all("SELECT password_hash FROM users") { $0.textOrNil(0) ?? "" }
            }
            #expect(!stored.contains { $0.contains(good) })
        }
    }

    @Test func `is refused by address, and made slow by person, right or wrong`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            try await office.call(
                .post, "/users",
                [
                    "email": "owner@x.test", "name": "O", "role": "coach",
                    "password": "correct horse battery",
                ])
            // Ten from one address at one person, then no more from there.
            for number in 0..<11 {
                let refusal = try await Self.refusal(office, "a@x.test", "x", from: "one")
                #expect(refusal?.kind == (number < 10 ? .unauthenticated : .limited))
                #expect(number < 10 || (refusal?.retryAfterSeconds ?? 0) > 0)
            }
            // Twenty from one address, for whomever.
            for number in 0..<20 {
                let refusal = try await Self.refusal(office, "b\(number)@x.test", "x", from: "two")
                #expect(refusal?.kind == .unauthenticated)
            }
            let byAddress = try await Self.refusal(office, "c@x.test", "x", from: "two")
            #expect(byAddress?.kind == .limited)
            // Strangers from everywhere make the owner's sign-in slow; they do not close it.
            for number in 0..<10 {
                _ = try await Self.refusal(office, "OWNER@x.test", "x", from: "h\(number)")
            }
            let started = ContinuousClock.now
            let good = try await Self.refusal(
                office, "owner@x.test", "correct horse battery", from: "elsewhere")
            #expect(good == nil)
            #expect(started.duration(to: .now) >= .milliseconds(200))
        }
    }
}

private let csrfField = field("X-CSRF-Token")
private let sessionField = field("X-Session")

private func field(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .cookie }
