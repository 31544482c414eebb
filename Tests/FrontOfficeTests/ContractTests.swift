import FrontOffice
import HTTPTypes
import Kernel
import Live
import Store
import TestSupport
import Testing
import WebShell

@Suite("The contract")
struct ContractTests {
    /// `METHOD /path` lines of the document, with the router's names for what stands in a path.
    private static func documented(_ text: String) -> Set<String> {
        var (path, found) = ("", Set<String>())
        for line in text.split(separator: "\n") {
            let word = line.drop { $0 == " " }
            let depth = line.count - word.count
            if depth == 2 { path = word.hasPrefix("/api/v1") ? String(word) : "" }
            let methods = ["get:", "post:", "put:", "patch:", "delete:", "head:"]
            if depth == 4, !path.isEmpty, methods.contains(String(word)) {
                let place = path.dropFirst("/api/v1".count).dropLast()
                    .replacing("{", with: ":").replacing("}", with: "")
                found.insert(word.dropLast().uppercased() + " " + place)
            }
        }
        return found
    }

    @Test func `the document names every route and no other`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let answer = try await office.get("/api/openapi.yaml")
            #expect(answer.status == 200)
            let documented = Self.documented(answer.text)
            // Resumable uploads follow tus 1.0, which is a document of its own.
            let routes = Set(
                office.wiring.router().listing.all.filter {
                    !$0.hasPrefix("HEAD") && !$0.hasPrefix("OPTIONS")
                        && $0 != "PATCH /files/:id"
                })
            #expect(routes.subtracting(documented).sorted() == [], "not in the document")
            #expect(documented.subtracting(routes).sorted() == [], "not in the server")
            #expect(documented.count > 80)
        }
    }

    @Test func `every event that is raised is named`() async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let text = try await office.get("/api/openapi.yaml").text
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            let received = try await office.receive("Hello", source: "m1", inbox: inbox)
            let id = received["conversation_id"].string ?? ""
            try await office.call(.post, "/conversations/\(id)/messages", ["text": "Hi"])
            let events = try await office.wiring.feed.events(after: 0)
            #expect(events.count > 4)
            for event in events {
                #expect(text.contains(event.type), "\(event.type)")
            }
        }
    }
}
