import Accounts
import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Synchronization
import TestSupport
import Testing
import WebShell

@testable import Live
@testable import Store

@Suite("The stream of events")
struct EventStreamTests {
    /// A stream that is read to its end while `meanwhile` happens.
    private static func stream(
        _ office: TestOffice, headers: HTTPFields,
        meanwhile: @escaping @Sendable (EventFeed) async throws -> Void
    ) async throws -> String {
        let feed = office.wiring.feed
        #expect(feed.watcherCount == 0)
        async let whole = office.call(.get, "/events", as: .some(nil), headers: headers)
        try await eventually { feed.watcherCount == 1 }
        try await meanwhile(feed)
        let answer = try await whole
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.headers[.contentType] == "text/event-stream")
        return answer.text
    }

    private static func eventually(_ holds: () -> Bool) async throws {
        for _ in 0..<1000 where !holds() { try await Task.sleep(for: .milliseconds(10)) }
        try #require(holds())
    }

    /// Lives through every heartbeat while its reader may see what it shows, and no longer.
    private static func expectLong(
        _ office: TestOffice, _ account: String, headers: HTTPFields,
        end: @escaping @Sendable () async throws -> Void
    ) async throws {
        let text = try await stream(office, headers: headers) { feed in
            let looked = Counter()
            var watch = Store.Watch()
            watch.statement = { sql in
                let text = sql.rendered(for: .sqlite).text
                if text.contains("FROM tokens") || text.contains("FROM sessions") { looked.add() }
            }
            office.wiring.store.watch(watch)
            for beat in 1...4 {
                feed.broadcast(.heartbeat)
                try await eventually { looked.count >= beat }
            }
            office.wiring.store.watch(Store.Watch())
            let made = try await office.call(
                .post, "/accounts/\(account)/contacts", ["name": "Dana"])
            #expect(made.status == 201, "\(made.text)")
            feed.broadcast(.events)
            try await end()
            feed.broadcast(.heartbeat)
        }
        let beats = text.split(separator: "\n").filter { $0.hasPrefix(": ") && $0 != ": connected" }
        #expect(beats.count >= 4, "\(text)")
        #expect(text.components(separatedBy: "event: contact.created").count == 2, "\(text)")
    }

    @Test(arguments: TestEngine.available)
    func `stays open through its heartbeats and ends with the rights of its reader`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine, overHTTP: true) { office in
            let account = try await office.makeAccount()
            let user = try await office.call(
                .post, "/users", ["email": "r@x.test", "name": "R", "role": "receptionist"]
            ).id
            let token = try await office.call(
                .post, "/users/\(user)/tokens", ["name": "t", "scopes": ["read"]])
            let secret = token["token"].string ?? ""
            let id =
                try await office.call(.get, "/users/\(user)/tokens").data[0]["id"]?.string ?? ""
            var headers: HTTPFields = [
                .accept: "text/event-stream", .authorization: "Bearer \(secret)",
            ]
            // A reader behind a proxy comes from somewhere else than the server itself.
            if let proxied = HTTPField.Name("X-Forwarded-For") { headers[proxied] = "198.51.100.7" }
            try await Self.expectLong(office, account, headers: headers) {
                let gone = try await office.call(.delete, "/tokens/\(id)")
                #expect(gone.status == 204, "\(gone.text)")
            }

            let gatekeeper = office.wiring.gatekeeper
            let cookie = try await gatekeeper.openSession(of: UserID(user), .office)
            headers = [
                .accept: "text/event-stream", .cookie: "\(SessionKind.office.cookie)=\(cookie)",
            ]
            if let session = HTTPField.Name("X-Session") {
                headers[session] = SessionKind.office.rawValue
            }
            try await Self.expectLong(office, account, headers: headers) {
                let shut = try await office.call(.patch, "/users/\(user)", ["is_active": false])
                #expect(shut.status == 200, "\(shut.text)")
            }
        }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
