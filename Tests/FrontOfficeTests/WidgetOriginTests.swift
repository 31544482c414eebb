import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("The widget answers only where the business allows it")
struct WidgetOriginTests {
    @Test(arguments: TestEngine.available)
    func `other sites are refused and read nothing`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            var page = try await WidgetPage.open(
                office, ["shop.example", "*.shop.example", "localhost:8000", "dev.example:8443"])
            let allowed = [
                "https://shop.example", "http://shop.example", "https://www.shop.example",
                "https://a.b.shop.example", "https://SHOP.example", "http://localhost:8000",
                "https://dev.example:8443",
            ]
            let refused = [
                "https://evil.example", "https://shop.example.evil.example",
                "https://evilshop.example",
                "https://shop.exampl", "null", "", "https://", "shop.example",
                "https://dev.example",
                "https://shop.example:444", "http://localhost:8001",
                "https://evil.example/shop.example",
                "https://evil.example?shop.example", "https://shop.example@evil.example",
            ]
            for origin in allowed {
                page.origin = origin
                let answer = try await page.call(.get, "config")
                #expect(answer.status == 200, "\(origin)")
                #expect(answer.headers[.accessControlAllowOrigin] == origin)
                #expect(answer.headers[.vary] == "Origin")
                let preflight = try await page.call(.options, "messages")
                #expect(preflight.status == 204)
                #expect(preflight.headers[.accessControlAllowOrigin] == origin)
                #expect(
                    preflight.headers[.accessControlAllowHeaders]?.contains("authorization") == true
                )
            }
            for origin in refused {
                page.origin = origin
                for path in ["config", "messages", "stream"] {
                    let answer = try await page.call(.get, path)
                    #expect(answer.status == 403, "\(origin) \(path)")
                    #expect(answer["code"] == "origin_not_allowed")
                    #expect(answer.headers[.accessControlAllowOrigin] != origin)
                    #expect(!answer.text.contains("Business"))
                }
                let session = try await page.call(.post, "sessions")
                #expect(session.status == 403, "\(origin)")
                #expect(session["token"] == .null)
                let preflight = try await page.call(.options, "sessions")
                #expect(preflight.status == 403, "\(origin)")
                #expect(preflight.headers[.accessControlAllowOrigin] == nil)
            }
            page.origin = nil
            #expect(try await page.call(.get, "config").status == 403, "no browser says no origin")
        }
    }

    @Test(arguments: TestEngine.available)
    func `an inbox of another kind, a closed one and none are not there`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            var page = try await WidgetPage.open(office)
            let visitor = try await page.begun()
            page.origin = nil
            #expect(try await page.call(.get, "config").status == 200)
            try await office.call(.patch, "/inboxes/\(page.inbox)", ["is_active": false])
            #expect(try await page.call(.get, "config").status == 404)
            #expect(try await visitor.say("Hi", "1").status == 404)
            let account = try await office.makeAccount("other")
            for id in [
                try await office.makeInbox(of: account), "inb_none", "%00", page.inbox + "%00",
            ] {
                page.inbox = id
                #expect(try await page.call(.get, "config").status == 404, "\(id)")
                #expect(try await page.call(.post, "sessions").status == 404, "\(id)")
            }
        }
    }
}
