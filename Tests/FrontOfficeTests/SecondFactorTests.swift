import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import WebShell

@Suite("Codes of authenticator apps")
struct SecondFactorTests {
    /// RFC 6238, appendix B, SHA-1.
    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `are those of the RFC`(seconds: Int, code: String) {
        let now = Instant(milliseconds: Int64(seconds) * 1000)
        let secret = Array("12345678901234567890".utf8)
        let step = OneTimeCode.step(at: now)
        #expect(OneTimeCode.code(secret: secret, step: step, digits: 8) == code)
        #expect(OneTimeCode.code(secret: secret, step: step) == String(code.suffix(6)))
    }

    @Test func `are good a step early and late, and once`() {
        let secret = Array("12345678901234567890".utf8)
        let now = Instant(milliseconds: 1_774_270_800_000)
        let step = OneTimeCode.step(at: now)
        for distance in Int64(-3)...3 {
            let code = OneTimeCode.code(secret: secret, step: step + distance)
            let found = OneTimeCode.match(code, secret: secret, at: now, after: 0)
            #expect(found == (abs(distance) <= 1 ? step + distance : nil))
            #expect(
                OneTimeCode.match(code, secret: secret, at: now, after: step + distance) == nil)
        }
        for wrong in ["", "12345", "1234567", "abcdef", "００００００"] {
            #expect(OneTimeCode.match(wrong, secret: secret, at: now, after: 0) == nil)
        }
        #expect(OneTimeCode.base32(Array("foobar".utf8)) == "MZXW6YTBOI")
    }
}

@Suite("The second factor")
struct SecondFactorTests2 {
    /// The code that an app would show now.
    private static func code(_ secret: String, _ office: TestOffice) -> String {
        let bytes = decoded(secret)
        return OneTimeCode.code(
            secret: bytes, step: OneTimeCode.step(at: office.wiring.ambient.now()))
    }

    private static func decoded(_ text: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bytes, buffer, bits) = ([UInt8](), 0, 0)
        for character in text {
            buffer = buffer << 5 | (alphabet.firstIndex(of: character) ?? 0)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 255))
            }
            buffer &= 0xffff
        }
        return bytes
    }

    /// Turns it on in a signed-in browser; answers the secret and the recovery codes.
    private static func turnOn(
        _ browser: PageBrowser, _ office: TestOffice
    ) async throws -> (secret: String, codes: [String]) {
        let page = try await browser.get("/me/second-factor?kind=office")
        #expect(page.status == 200)
        #expect(page.text.contains("<svg class=\"qr-code\""))
        let groups = page.text.components(after: "<code class=\"secret\">").first ?? ""
        let secret = groups.replacing(" ", with: "")
        #expect(secret.count == 32)
        let wrong = try await browser.post(
            "/me/second-factor?kind=office", ["code": "000000"], csrf: page.field("_csrf"))
        #expect(wrong.status == 422)
        let done = try await browser.post(
            "/me/second-factor?kind=office", ["code": code(secret, office)],
            csrf: page.field("_csrf"))
        #expect(done.status == 200, "\(done.text)")
        let codes = done.text.components(after: "<li><code>")
        #expect(Set(codes).count == 10)
        return (secret, codes)
    }

    private static func later(_ office: TestOffice, seconds: Int) async throws {
        try await office.moveClock(
            to: office.wiring.ambient.now().advanced(bySeconds: seconds))
    }

    @Test(arguments: TestEngine.available)
    func `is asked for after the password, and no code is good twice`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            _ = try await office.makeUser("pat@x.test")
            let owner = PageBrowser(office)
            try await owner.signIn("pat@x.test", TestOffice.password)
            let before = await owner.cookies
            let (secret, codes) = try await Self.turnOn(owner, office)
            // The session goes on under another secret; the old one is nothing.
            let copy = PageBrowser(office)
            await copy.keep(before)
            #expect(try await copy.get("/desk").status == 303)
            #expect(try await owner.get("/desk").status == 200)
            let stored = try await office.wiring.store.read { tx in
                try tx.all("SELECT secret FROM second_factors") { try $0.text(0) }
                    + (try tx.all("SELECT code_hash FROM recovery_codes") { try $0.text(0) })
            }
            #expect(stored.count == 11)
            #expect(!stored.contains { $0.contains(secret) || codes.contains($0) })

            let thief = PageBrowser(office, address: "198.51.100.9")
            let step = try await thief.signIn("pat@x.test", TestOffice.password)
            #expect(step.status == 303 && step.location.hasPrefix("/sign-in/code"))
            #expect(try await thief.get("/desk").status == 303, "a password alone opens nothing")
            // The code that turned it on was used.
            let replay = try await thief.post(
                "/sign-in/code", ["code": Self.code(secret, office)])
            #expect(replay.status == 422)
            try await Self.later(office, seconds: 30)
            let again = PageBrowser(office)
            try await again.signIn("pat@x.test", TestOffice.password)
            let good = Self.code(secret, office)
            #expect(try await again.post("/sign-in/code", ["code": good]).location == "/desk")
            #expect(try await again.get("/desk").status == 200)
            #expect(try await thief.post("/sign-in/code", ["code": good]).status == 422)
            // The way to the second step ends after ten minutes.
            try await Self.later(office, seconds: 601)
            let late = try await thief.post(
                "/sign-in/code", ["code": Self.code(secret, office)])
            #expect(late.status == 401)
        }
    }

    @Test(arguments: TestEngine.available)
    func `can be replaced by a recovery code, each once`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            _ = try await office.makeUser("pat@x.test")
            let owner = PageBrowser(office)
            try await owner.signIn("pat@x.test", TestOffice.password)
            let (_, codes) = try await Self.turnOn(owner, office)
            func enter(_ code: String) async throws -> Int {
                let browser = PageBrowser(office)
                try await browser.signIn("pat@x.test", TestOffice.password)
                return try await browser.post("/sign-in/code", ["code": code]).status
            }
            #expect(try await enter(codes[0].uppercased().replacing("-", with: " ")) == 303)
            #expect(try await enter(codes[0]) == 422)
            #expect(try await enter(codes[1]) == 303)
            for wrong in ["", "aaaa-bbbb-cccc-dddd", String(codes[2].dropLast())] {
                #expect(try await enter(wrong) == 422, "\(wrong)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `is not guessed`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            _ = try await office.makeUser("pat@x.test")
            let owner = PageBrowser(office)
            try await owner.signIn("pat@x.test", TestOffice.password)
            _ = try await Self.turnOn(owner, office)
            let thief = PageBrowser(office, address: "198.51.100.9")
            try await thief.signIn("pat@x.test", TestOffice.password)
            var statuses: [Int] = []
            for number in 0..<8 {
                statuses.append(
                    try await thief.post("/sign-in/code", ["code": "00000\(number)"]).status)
            }
            // Five wrong ones, then the password is asked for again.
            #expect(statuses.prefix(5).allSatisfy { $0 == 422 })
            #expect(statuses.dropFirst(5).allSatisfy { $0 == 401 || $0 == 429 })
            // The owner's own browser goes on.
            #expect(try await owner.get("/desk").status == 200)
            let forged = PageBrowser(office)
            await forged.keep(["autosecretary_step": String(repeating: "A", count: 43)])
            #expect(try await forged.post("/sign-in/code", ["code": "000000"]).status == 401)
            let none = try await PageBrowser(office).post("/sign-in/code", ["code": "000000"])
            #expect(none.status == 401)
        }
    }

    @Test(arguments: TestEngine.available)
    func `can be asked of everybody, and reset by an admin`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let user = try await office.makeUser("pat@x.test")
            let token = try await office.token(of: user)
            let changed = try await office.call(
                .patch, "/settings", ["require_second_factor": true])
            #expect(changed["require_second_factor"] == true)
            let browser = PageBrowser(office)
            try await browser.signIn("pat@x.test", TestOffice.password)
            for path in ["/desk", "/desk/queue"] {
                let answer = try await browser.get(path)
                #expect(answer.location == "/me/second-factor?kind=office", "\(path)")
            }
            let cookie = await browser.cookies[SessionKind.office.cookie] ?? ""
            let page = try await office.get(
                "/api/v1/me?session=office", headers: [.cookie: "autosecretary_office=\(cookie)"])
            #expect(page.status == 403 && page["code"] == "second_factor_required")
            #expect(try await office.call(.get, "/me", as: token).status == 200)
            _ = try await Self.turnOn(browser, office)
            #expect(try await browser.get("/desk").status == 200)
            #expect(try await office.call(.get, "/users/\(user)")["has_second_factor"] == true)
            // Nobody resets their own way around it.
            #expect(
                try await office.call(.delete, "/users/\(user)/second_factor", as: token).status
                    == 403)
            #expect(
                try await office.call(.delete, "/users/\(user)/second_factor").status == 204)
            #expect(try await browser.get("/desk").location.hasPrefix("/sign-in"))
            let entries = try await office.call(.get, "/audit?noun=second_factor")
            #expect(
                entries.data.map { $0["action"]?.string }
                    == ["second_factor.reset", "second_factor.enabled"])
        }
    }
}

extension String {
    /// What follows each mark, up to the next tag.
    fileprivate func components(after mark: String) -> [String] {
        ranges(of: mark).map { String(self[$0.upperBound...].prefix { $0 != "<" }) }
    }
}
