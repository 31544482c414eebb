import Accounts
import FrontOffice
import HTTPTypes
import HummingbirdTesting
import Kernel
import NIOCore
import TestSupport
import Testing
import WebShell

/// A browser in which a member of a business is signed in to the portal.
struct PortalBrowser: Sendable {
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPFields
        var text: String
    }

    let office: TestOffice
    var cookie = ""
    var csrf = ""

    /// Adds a member to the account and signs them in.
    static func signIn(
        _ role: Role, of account: String, in office: TestOffice
    ) async throws -> PortalBrowser {
        let user = try await office.wiring.people.createMember(
            .init(
                email: "\(role.rawValue)@\(account).test", name: "Olive \(role.rawValue)",
                role: role, password: nil),
            of: AccountID(account), by: .system)
        let gatekeeper = office.wiring.gatekeeper
        let secret = try await gatekeeper.openSession(of: user.id, .account)
        let session = try await gatekeeper.session(.account, cookie: secret)?.1
        return PortalBrowser(
            office: office, cookie: "\(SessionKind.account.cookie)=\(secret)",
            csrf: session?.csrf ?? "")
    }

    func get(_ path: String) async throws -> Answer {
        try await send(.get, path, body: nil)
    }

    /// Sends a form; several values of a name as several pairs.
    func post(
        _ path: String, _ fields: [(String, String)], csrf: String? = nil
    ) async throws -> Answer {
        let pairs = [("_csrf", csrf ?? self.csrf)] + fields
        let body = pairs.map { Self.escaped($0.0) + "=" + Self.escaped($0.1) }
            .joined(separator: "&")
        return try await send(.post, path, body: body)
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, body: String?
    ) async throws -> Answer {
        var headers: HTTPFields = [.accept: "text/html"]
        if !cookie.isEmpty { headers[.cookie] = cookie }
        if body != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        return try await office.client.execute(
            uri: path, method: method, headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers,
                text: String(buffer: response.body))
        }
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
