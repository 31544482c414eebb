import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import TestSupport
import Testing
import WebShell

@Suite("What every answer tells the browser")
struct HeaderTests {
    /// Every page that there is, with no body; those of one thing are in the other suites.
    private static let pages = [
        "/", "/sign-in", "/sign-in/help", "/sign-in/code", "/sign-up", "/offline", "/nothing",
        "/join/none", "/reset/none", "/me?kind=office", "/me?kind=account",
        "/me/second-factor?kind=office", "/desk", "/control", "/control/people",
        "/control/people/new", "/control/roles", "/control/audit", "/control/settings",
        "/control/jobs", "/portal/mine/today", "/portal/mine/calendar", "/portal/mine/inquiries",
        "/portal/mine/members", "/portal/mine/members/new", "/portal/mine/audit",
        "/portal/mine/profile", "/portal/mine/hours", "/portal/mine/services",
        "/portal/mine/webhooks", "/portal/mine/widget", "/portal/mine/settings",
    ]
    private static let files = [
        "/assets/styles/main.css", "/assets/images/icons.svg", "/sw.js", "/widget.js", "/healthz",
        "/api/v1/me", "/api/v1/nothing",
    ]

    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .cookie }

    private static func expectGuarded(_ headers: HTTPFields, _ path: String) {
        #expect(headers[name("X-Content-Type-Options")] == "nosniff", "\(path)")
        #expect(
            ["same-origin", "no-referrer"].contains(headers[name("Referrer-Policy")] ?? ""),
            "\(path)")
        #expect(headers[name("Cross-Origin-Opener-Policy")] == "same-origin", "\(path)")
        #expect(headers[name("Permissions-Policy")]?.contains("geolocation=()") == true)
        let policy = headers[.contentSecurityPolicy] ?? ""
        #expect(policy.contains("frame-ancestors"), "\(path): \(policy)")
        #expect(policy.contains("default-src 'self'") || policy.contains("default-src 'none'"))
        for loose in ["unsafe-inline", "unsafe-eval", "*", "http:"] {
            #expect(!policy.contains(loose), "\(path): \(policy)")
        }
    }

    @Test func `guards it, on pages and elsewhere`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let mine = try await office.makeAccount("mine")
            _ = try await office.makeUser("boss@x.test", "admin")
            _ = try await office.makeMember("mo@x.test", in: mine)
            let browser = PageBrowser(office)
            try await browser.signIn("boss@x.test", TestOffice.password)
            try await browser.signIn("mo@x.test", TestOffice.password)
            for path in Self.pages + Self.files {
                let answer = try await browser.get(path)
                #expect(answer.status < 500, "\(path)")
                Self.expectGuarded(answer.headers, path)
                guard answer.headers[.contentType]?.hasPrefix("text/html") == true else { continue }
                // Nothing in the page needs what the policy forbids.
                for inline in [" style=\"", "<style", " onclick=", " onload=", "javascript:"] {
                    #expect(!answer.text.contains(inline), "\(path) has \(inline)")
                }
                for script in answer.text.ranges(of: "<script") {
                    let tag = answer.text[script.upperBound...].prefix { $0 != ">" }
                    #expect(tag.contains("src=\"/assets/"), "\(path): <script\(tag)>")
                }
            }
        }
    }

    @Test func `asks for TLS once it came by TLS, and only then`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let header = Self.name("Strict-Transport-Security")
            #expect(try await office.get("/sign-in").headers[header] == nil)
            let behind = try await office.get(
                "/sign-in", headers: [Self.name("X-Forwarded-Proto"): "https"])
            #expect(behind.headers[header]?.hasPrefix("max-age=") == true)
        }
    }
}

@Suite("One's own sign-in")
struct HeaderTests2 {
    private static let new = "another long password"

    @Test(arguments: TestEngine.available)
    func `lists browsers and ends them`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let here = PageBrowser(
                office, agent: "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0")
            let phone = PageBrowser(
                office, agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0) Safari/604.1")
            let thief = PageBrowser(office)
            for browser in [here, phone, thief] {
                try await browser.signIn("pat@x.test", TestOffice.password)
            }
            let page = try await here.get("/me?kind=office")
            #expect(
                page.text.contains("Firefox on Linux") && page.text.contains("Safari on iPhone"))
            let sessions = try await office.wiring.gatekeeper.sessions(of: UserID(user))
            #expect(sessions.count == 3)
            // Somebody else's session is nothing that one could end.
            let other = try await office.makeUser("other@x.test")
            let stranger = PageBrowser(office)
            try await stranger.signIn("other@x.test", TestOffice.password)
            let theirs = try await office.wiring.gatekeeper.sessions(of: UserID(other))
            let refused = try await here.post(
                "/me/sessions?kind=office", ["id": theirs.first?.id ?? ""],
                csrf: page.field("_csrf"))
            #expect(refused.status == 404)
            #expect(try await stranger.get("/desk").status == 200)
            let forged = try await here.post(
                "/me/sessions?kind=office", ["others": "1"], csrf: "forged")
            #expect(forged.status == 403)
            let phoneID = sessions.first { $0.agent?.contains("iPhone") == true }?.id ?? ""
            try await here.post(
                "/me/sessions?kind=office", ["id": phoneID], csrf: page.field("_csrf"))
            #expect(try await phone.get("/desk").status == 303)
            #expect(try await thief.get("/desk").status == 200)
            try await here.post(
                "/me/sessions?kind=office", ["others": "1"], csrf: page.field("_csrf"))
            #expect(try await thief.get("/desk").status == 303)
            #expect(try await here.get("/desk").status == 200)
            try await here.post(
                "/me/sessions?kind=office", ["everywhere": "1"], csrf: page.field("_csrf"))
            #expect(try await here.get("/desk").status == 303)
        }
    }

    @Test(arguments: TestEngine.available)
    func `changes its password only with the present one`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            _ = try await office.makeUser("patricia@x.test")
            let here = PageBrowser(office)
            let elsewhere = PageBrowser(office)
            for browser in [here, elsewhere] {
                try await browser.signIn("patricia@x.test", TestOffice.password)
            }
            let old = await here.cookies
            func change(_ present: String, _ password: String) async throws -> Int {
                try await here.post(
                    "/me/password?kind=office", ["present": present, "password": password],
                    from: "/me?kind=office"
                ).status
            }
            #expect(try await change("wrong", Self.new) == 422)
            for weak in [
                "short", "password123", "Password123!", "1234567890", "aaaaaaaaaaaa",
                "abcdefghijkl",
                "patricia@x.test", "Patricia-1999", "qwertyuiop", TestOffice.password,
            ] {
                #expect(try await change(TestOffice.password, weak) == 422, "\(weak)")
            }
            #expect(try await change(TestOffice.password, Self.new) == 303)
            #expect(try await here.get("/desk").status == 200)
            #expect(try await elsewhere.get("/desk").status == 303)
            let copy = PageBrowser(office)
            await copy.keep(old)
            #expect(try await copy.get("/desk").status == 303, "the cookie was renewed")
            let again = PageBrowser(office)
            #expect(try await again.signIn("patricia@x.test", TestOffice.password).status == 401)
            #expect(try await again.signIn("patricia@x.test", Self.new).status == 303)
        }
    }

    @Test(arguments: TestEngine.available)
    func `begins a session of its own and keeps its language`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            _ = try await office.makeUser("pat@x.test")
            let browser = PageBrowser(office)
            try await browser.signIn("pat@x.test", TestOffice.password)
            let first = await browser.cookies
            try await browser.signIn("pat@x.test", TestOffice.password)
            let second = await browser.cookies
            #expect(first[SessionKind.office.cookie] != second[SessionKind.office.cookie])
            let old = PageBrowser(office)
            await old.keep(first)
            #expect(try await old.get("/desk").status == 303, "the one before the sign-in is over")
            let saved = try await browser.post(
                "/me?kind=office", ["name": "Пат", "locale": "ru"], from: "/me?kind=office")
            #expect(saved.status == 303)
            let other = PageBrowser(office)
            try await other.signIn("pat@x.test", TestOffice.password)
            #expect(await other.cookies["autosecretary_language"] == "ru")
            #expect(try await other.get("/me?kind=office").text.contains("lang=\"ru\""))
            let bad = try await browser.post(
                "/me?kind=office", ["name": "", "locale": "xx"], from: "/me?kind=office")
            #expect(bad.status == 422)
        }
    }

    @Test(arguments: TestEngine.available)
    func `makes and revokes its tokens`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let other = try await office.makeUser("other@x.test")
            let browser = PageBrowser(office)
            try await browser.signIn("pat@x.test", TestOffice.password)
            let made = try await browser.post(
                "/me/tokens?kind=office", ["token_name": "Import", "scope": "read"],
                from: "/me?kind=office")
            #expect(made.status == 200)
            let start = made.text.firstRange(of: "ast_")
            let token = start.map { String(made.text[$0.lowerBound...].prefix { $0 != "<" }) } ?? ""
            #expect(try await office.call(.get, "/me", as: token)["user_id"].string == user)
            #expect(try await office.call(.patch, "/me", ["name": "X"], as: token).status == 403)
            let id = try await office.call(.get, "/users/\(user)/tokens").data[0]["id"]?.string
            let stranger = try await office.token(of: other)
            #expect(
                try await office.call(.delete, "/tokens/\(id ?? "")", as: stranger).status == 404)
            try await browser.post(
                "/me/tokens?kind=office", ["revoke": id ?? ""], from: "/me?kind=office")
            #expect(try await office.call(.get, "/me", as: token).status == 401)
        }
    }
}
