import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import Work

/// Who may knock: every role in the business `here`, and the owner of another business.
enum Visitor: String, CaseIterable {
    case admin, supervisor, coach, receptionist, owner, staff, specialist, subscriber, stranger
}

/// Two businesses; the first has one of everything.
struct AccessWorld: Sendable {
    /// The account that has one of everything.
    var here = ""
    var elsewhere = ""
    /// The id that stands for `:id`, by the path before it.
    var ids: [String: String] = [:]
    var tokens: [Visitor: String] = [:]
    var conversation: String { ids["/conversations/"] ?? "" }
    var contact: String { ids["/contacts/"] ?? "" }
    var service: String { ids["/services/"] ?? "" }
    var staff: String { ids["/staff/"] ?? "" }
    var inbox: String { ids["/inboxes/"] ?? "" }
    /// A member of `here`, none of the visitors.
    var member = ""
    /// One of the office's people, none of the visitors.
    var agent: String { ids["/users/"] ?? "" }

    static func make(in office: TestOffice) async throws -> AccessWorld {
        var world = AccessWorld()
        world.here = try await office.makeAccount("here")
        world.elsewhere = try await office.makeAccount("elsewhere")
        world.tokens[.admin] = office.admin
        for role in [Visitor.supervisor, .coach, .receptionist] {
            world.tokens[role] = try await office.makeAgent(role.rawValue)
        }
        for role in [Visitor.owner, .staff, .specialist, .subscriber] {
            world.tokens[role] = try await office.makeMember(role.rawValue, of: world.here)
        }
        world.tokens[.stranger] = try await office.makeMember("owner", of: world.elsewhere)
        try await world.furnish(office)
        return world
    }

    private mutating func furnish(_ office: TestOffice) async throws {
        func make(_ path: String, _ body: JSONValue) async throws -> String {
            let made = try await office.call(.post, path, body)
            #expect(made.status == 201, "\(path): \(made.text)")
            return made.id
        }
        let base = "/accounts/\(here)"
        ids["/accounts/"] = here
        ids["/inboxes/"] = try await office.makeInbox(of: here)
        let received = try await office.receive("Hello", source: "m1", inbox: inbox)
        ids["/conversations/"] = received["conversation_id"].string
        let file = try await office.call(
            .post, base + "/files?name=prices.txt", headers: [.contentType: "text/plain"],
            raw: "A cut is 40.")
        #expect(file.status == 201, "\(file.text)")
        ids["/files/"] = file.id
        let reply = try await office.call(
            .post, "/conversations/\(conversation)/messages",
            ["text": "Good day", "attachments": [.string(file.id)]])
        ids["/messages/"] = reply.id
        ids["/contacts/"] = try await make(base + "/contacts", ["name": "Dana"])
        let export = try await office.call(
            .post, "/contacts/\(contact)/export", [:], as: tokens[.owner])
        ids["/contact_exports/"] = export.id
        let gone = try await make(base + "/contacts", ["name": "Gone"])
        let erasure = try await office.call(
            .post, "/contacts/\(gone)/erase", ["confirm": "Gone"])
        #expect(erasure.status == 202, "\(erasure.text)")
        ids["/contact_erasures/"] = erasure.id
        ids["/staff/"] = try await make(base + "/staff", ["name": "Maria"])
        ids["/resources/"] = try await make(
            base + "/resources", ["name": "Chair", "kind": "chair"])
        ids["/services/"] = try await make(
            base + "/services", ["name": "Cut", "duration_minutes": 30])
        ids["/busy/"] = try await make(
            base + "/busy",
            ["of": "account", "start": "2026-03-30T13:00:00Z", "end": "2026-03-30T14:00:00Z"])
        ids["/appointments/"] = try await make(
            base + "/appointments",
            [
                "service_id": .string(service), "start": "2026-03-24T13:00:00Z",
                "contact_id": .string(contact),
            ])
        ids["/holds/"] = try await make(
            base + "/holds", ["service_id": .string(service), "start": "2026-03-25T13:00:00Z"])
        ids["/waitlist/"] = try await make(
            base + "/waitlist",
            [
                "service_id": .string(service), "contact_id": .string(contact),
                "from": "2026-03-24T13:00:00Z", "to": "2026-03-25T13:00:00Z",
            ])
        ids["/inquiries/"] = try await make(base + "/inquiries", ["kind": "question"])
        ids["/knowledge/"] = try await make(
            base + "/knowledge", ["question": "Parking?", "answer": "Behind the house."])
        ids["/canned_responses/"] = try await make(
            base + "/canned_responses", ["shortcut": "hi", "title": "Hi", "text": "Hello there"])
        ids["/calendar_feeds/"] = try await make(base + "/calendar_feeds", [:])
        ids["/calendar_sources/"] = try await make(
            "/staff/\(ids["/staff/"] ?? "")/calendar_sources", ["url": "https://192.0.2.1/a.ics"])
        ids["/webhooks/"] = try await make(
            base + "/webhooks", ["url": "https://192.0.2.1/", "events": ["*"]])
        ids["/webhook_deliveries/"] = try await make("/webhooks/\(ids["/webhooks/"] ?? "")/test", [:])
        // Due when the test is long over.
        try await office.wiring.store.write { tx in
            try JobQueue.enqueue(
                "test.never", account: nil, [:], at: Instant.latest.advanced(byDays: 1),
                ambient: office.wiring.ambient, in: tx)
        }
        let jobs = try await office.call(.get, "/jobs?state=ready")
        ids["/jobs/"] = jobs.data.first { $0["kind"] == "test.never" }?["id"]?.string
        ids["/users/"] = try await make(
            "/users", ["email": "agent@office.test", "name": "Agent", "role": "assistant"])
        member = try await make(
            base + "/members",
            ["email": "member@business.test", "name": "Moss", "role": "specialist"])
        try await office.call(.post, "/users/\(agent)/tokens", ["name": "agent's"])
        let tokens = try await office.call(.get, "/users/\(agent)/tokens")
        ids["/tokens/"] = tokens.data.first?["id"]?.string
        let person = agent
        try await office.wiring.store.write { tx in
            try tx.execute(
                """
                INSERT INTO second_factors (user_id, secret, confirmed_at, created_at)
                VALUES (\(person), 'v0.', 1, 1)
                """)
        }
    }

    /// The address of a route with `:id` filled in.
    func address(_ route: String) -> String {
        let path = String(route.split(separator: " ", maxSplits: 1).last ?? "")
        guard let colon = path.firstRange(of: ":id") else { return path }
        let prefix = String(path[..<colon.lowerBound])
        return prefix + (ids[prefix] ?? "missing")
            + String(path[colon.upperBound...]).replacing(":user_id", with: member)
    }
}

/// What a route asks of its caller.
enum Need {
    /// Anybody who is signed in.
    case anyone
    /// The office's people, those who manage it, who take on businesses, who serve clients.
    case office, manageOffice, createAccounts, duty
    /// The office's people, who hide from businesses that they are there.
    case seeTeam, manageTeam, manageOwnToken
    /// Of the business that the id belongs to.
    case view, manage, converse, book, serve

    var allowed: Set<Visitor> {
        switch self {
        case .anyone: Set(Visitor.allCases)
        case .office: [.admin, .supervisor, .coach, .receptionist]
        case .manageOffice, .manageTeam, .manageOwnToken: [.admin]
        case .seeTeam: [.admin, .supervisor, .coach, .receptionist]
        case .createAccounts: [.admin, .supervisor]
        case .duty, .serve: [.admin, .supervisor, .receptionist]
        case .view: [.admin, .supervisor, .coach, .receptionist, .owner, .staff, .specialist]
        case .manage: [.admin, .supervisor, .owner]
        case .converse: [.admin, .supervisor, .receptionist, .owner]
        case .book: [.admin, .supervisor, .receptionist, .owner, .staff]
        }
    }

    private var isOfBusiness: Bool {
        switch self {
        case .view, .manage, .converse, .book, .serve: true
        default: false
        }
    }

    /// What those hear who may not: a stranger learns nothing, not even that there is something.
    func refusal(for visitor: Visitor) -> Int {
        switch self {
        case .manageOwnToken: return 404
        case .seeTeam, .manageTeam:
            return [.supervisor, .coach, .receptionist].contains(visitor) ? 403 : 404
        default: break
        }
        return isOfBusiness && [.stranger, .subscriber].contains(visitor) ? 404 : 403
    }
}
