import Accounts
import Foundation
import FrontOffice
import HTTPTypes
import HummingbirdTesting
import Kernel
import NIOCore
import TestSupport
import Testing
import WebShell

/// A browser with its cookies, for pages that need none and those that do.
actor PageBrowser {
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPFields
        var text: String
        var location: String { headers[.location] ?? "" }

        /// The value of the first `name="…" value="…"` of the page.
        func field(_ name: String) -> String {
            text.firstMatch(after: "name=\"\(name)\" value=\"")
        }
    }

    let office: TestOffice
    private(set) var cookies: [String: String] = [:]
    let address: String
    let agent: String

    init(_ office: TestOffice, address: String = "203.0.113.7", agent: String = "Firefox/150 Linux")
    {
        self.office = office
        self.address = address
        self.agent = agent
    }

    func keep(_ cookies: [String: String]) { self.cookies = cookies }

    @discardableResult
    func get(_ path: String) async throws -> Answer { try await send(.get, path, nil) }

    /// Sends a form, with the CSRF field of the page at `from` (the path itself unless told).
    @discardableResult
    func post(
        _ path: String, _ fields: [String: String], from page: String? = nil, csrf: String? = nil
    ) async throws -> Answer {
        var fields = fields
        if let csrf {
            fields["_csrf"] = csrf
        } else if let page {
            fields["_csrf"] = try await get(page).field("_csrf")
        }
        let body = fields.map { Self.escaped($0.key) + "=" + Self.escaped($0.value) }
        return try await send(.post, path, body.joined(separator: "&"))
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?
    ) async throws -> Answer {
        var headers: HTTPFields = [.accept: "text/html", .userAgent: agent]
        if body != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        if !cookies.isEmpty {
            headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        let answer = try await office.client.execute(
            uri: path, method: method, headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers,
                text: String(buffer: response.body))
        }
        for line in answer.headers[values: .setCookie] {
            let pair = (line.split(separator: ";").first ?? "").split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
        }
        return answer
    }

    /// Signs in with a password; answers where it leads.
    @discardableResult
    func signIn(_ email: String, _ password: String) async throws -> Answer {
        try await post("/sign-in", ["email": email, "password": password])
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

extension String {
    /// What follows the mark, up to the next quotation mark.
    func firstMatch(after mark: String) -> String {
        guard let range = firstRange(of: mark) else { return "" }
        return String(self[range.upperBound...].prefix { $0 != "\"" })
    }

    /// The path of a link that the API answered.
    var path: String {
        firstRange(of: "/join/").map { String(self[$0.lowerBound...]) }
            ?? firstRange(of: "/reset/").map { String(self[$0.lowerBound...]) } ?? ""
    }
}

extension TestOffice {
    static let password = "correct horse battery"

    /// One of the office's people with a password; answers the id.
    func makeUser(_ email: String, _ role: String = "receptionist") async throws -> String {
        let user = try await call(
            .post, "/users",
            [
                "email": .string(email), "name": "Pat", "role": .string(role),
                "password": .string(Self.password),
            ])
        #expect(user.status == 201, "\(user.text)")
        return user.id
    }

    func makeMember(
        _ email: String, _ role: String = "owner", in account: String
    ) async throws -> String {
        let user = try await call(
            .post, "/accounts/\(account)/members",
            [
                "email": .string(email), "name": "Mo", "role": .string(role),
                "password": .string(Self.password),
            ])
        #expect(user.status == 201, "\(user.text)")
        return user.id
    }

    func token(of user: String) async throws -> String {
        try await call(.post, "/users/\(user)/tokens", ["name": "t"])["token"].string ?? ""
    }

    func link(_ path: String, as token: String? = nil) async throws -> String {
        let answer = try await call(.post, path, [:], as: token.map { .some($0) })
        #expect(answer.status == 201, "\(answer.text)")
        return (answer["link"].string ?? "").path
    }
}
