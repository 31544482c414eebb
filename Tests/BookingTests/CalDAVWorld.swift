import Foundation
import HTTPTypes
import Kernel
import TestSupport
import Testing

/// A business whose Ann opens her calendar in a program, by e-mail and token.
struct CalDAVWorld {
    var office: TestOffice
    var account: String
    var base: String
    var user: String
    var token: String
    var ann: String
    var bob: String
    var service: String

    static let email = "ann@mane.test"

    static func make(
        _ office: TestOffice, role: String = "staff", scopes: [JSONValue] = ["write"]
    ) async throws -> CalDAVWorld {
        let account = try await office.makeAccount()
        let base = "/accounts/\(account)"
        let user = try await office.call(
            .post, base + "/members",
            ["email": .string(email), "name": "Ann Smith", "role": .string(role)])
        let token = try await office.call(
            .post, "/users/\(user.id)/tokens", ["name": "phone", "scopes": .array(scopes)])
        let ann = try await office.call(
            .post, base + "/staff", ["name": "Ann", "user_id": .string(user.id)])
        let bob = try await office.call(.post, base + "/staff", ["name": "Bob"])
        let service = try await office.call(
            .post, base + "/services", ["name": "Cut & wash", "duration_minutes": 30])
        #expect(service.status == 201, "\(service.text)")
        return CalDAVWorld(
            office: office, account: account, base: base, user: user.id,
            token: token["token"].string ?? "", ann: ann.id, bob: bob.id, service: service.id)
    }

    var home: String { "/dav/calendars/\(user)/" }
    var calendar: String { home + ann + "/" }

    static func basic(_ email: String, _ token: String) -> String {
        "Basic " + Data("\(email):\(token)".utf8).base64EncodedString()
    }

    @discardableResult
    func dav(
        _ method: String, _ path: String, _ body: String? = nil, depth: String? = nil,
        headers extra: HTTPFields = [:], as credentials: String? = nil
    ) async throws -> TestOffice.Answer {
        var headers = extra
        if headers[.authorization] == nil {
            headers[.authorization] = credentials ?? Self.basic(Self.email, token)
        }
        if let depth, let name = HTTPField.Name("Depth") { headers[name] = depth }
        if method == "PUT", headers[.contentType] == nil {
            headers[.contentType] = "text/calendar; charset=utf-8"
        }
        let answer = try await office.send(
            try #require(HTTPRequest.Method(method)), path, headers: headers, body: body)
        #expect(answer.status < 500, "\(method) \(path): \(answer.text)")
        return answer
    }

    /// A booking with Ann; answers its id.
    func book(_ start: String, with staff: String? = nil) async throws -> String {
        let made = try await office.call(
            .post, base + "/appointments",
            [
                "service_id": .string(service), "start": .string(start),
                "staff_id": .string(staff ?? ann), "contact": ["name": "Dana"],
                "notes": "Gate 7",
            ])
        #expect(made.status == 201, "\(made.text)")
        return made.id
    }

    /// Starts that Ann can be booked at on a day.
    func starts(_ day: String) async throws -> [String] {
        let answer = try await office.call(
            .get,
            base + "/availability?service_id=\(service)&staff_id=\(ann)&from=\(day)T00:00:00Z"
                + "&to=\(day)T23:59:00Z")
        #expect(answer.status == 200, "\(answer.text)")
        return (answer["slots"].array ?? []).compactMap { $0["start"]?.string }
    }

    func busy() async throws -> [JSONValue] {
        try await office.call(.get, base + "/busy?limit=200").data
    }

    static func event(
        _ uid: String, _ start: String = "20260324T140000Z", _ end: String = "20260324T150000Z",
        _ more: String...
    ) -> String {
        calendar(["UID:\(uid)", "DTSTART:\(start)", "DTEND:\(end)", "SUMMARY:Dentist"] + more)
    }

    /// Lines of one event.
    static func calendar(_ lines: [String]) -> String {
        (["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "BEGIN:VEVENT"]
            + ["DTSTAMP:20260301T000000Z"] + lines + ["END:VEVENT", "END:VCALENDAR", ""])
            .joined(separator: "\r\n")
    }
}
