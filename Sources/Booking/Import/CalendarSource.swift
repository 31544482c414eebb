import Foundation
import Kernel

package enum CalendarSourceKind: IdentifierKind { package static let prefix = "csrc" }
package typealias CalendarSourceID = Identifier<CalendarSourceKind>

/// A calendar elsewhere (a file or a CalDAV collection) whose events keep a staff member or a
/// resource from being booked. Read by jobs; what was read last counts until it is read again.
package struct CalendarSource: Sendable, Equatable {
    package let id: CalendarSourceID
    package let account: AccountID
    package let party: PartyID
    package var name: String
    package var url: String
    package var username: String?
    /// Sealed.
    var password: String?
    /// The office's own addresses may be private ones.
    var isSetByOffice: Bool
    /// What the other side said of the text that was read last.
    var etag: String?
    var modified: String?
    /// Times that it blocks now.
    package var eventCount = 0
    package var checkedAt: Instant?
    package var succeededAt: Instant?
    package var failedAt: Instant?
    /// Why it could not be read; nil: it could.
    package var failure: String?
    package var version = 1
    package let createdAt: Instant

    /// What the password is sealed for.
    var context: String { "calendar_source:\(id)" }

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "of": .string(party.text),
            "name": .string(name), "url": .string(url), "username": .text(username),
            "has_password": .bool(password != nil), "event_count": .number(eventCount),
            "checked_at": .instant(checkedAt), "last_success_at": .instant(succeededAt),
            "last_error_at": .instant(failedAt), "last_error": .text(failure),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }

    /// For the record of changes: addresses of calendars are often keys themselves.
    var auditJSON: JSONValue { ["name": .string(name), "of": .string(party.text)] }
}

/// What somebody wants a source to be.
struct CalendarSourceChanges: Sendable {
    var name: String?
    var url: String?
    var hasUsername = false
    var username: String?
    var hasPassword = false
    var password: String?

    init(_ body: JSONValue, isNew: Bool) throws {
        var input = try Input(body)
        if isNew || input.has("url") { url = Self.url(&input) }
        name = input.optionalText("name", max: 120, min: 1)
        hasUsername = input.has("username")
        username = input.optionalText("username", max: 250)
        hasPassword = input.has("password")
        password = input.optionalText("password", max: 250)
        if username?.contains(":") == true {
            input.reject("username", "format", "must not hold a colon.")
        }
        try input.finish()
        if username?.isEmpty == true { username = nil }
        if password?.isEmpty == true { password = nil }
    }

    /// `webcal:` is what calendar programs call https.
    private static func url(_ input: inout Input) -> String {
        var text = input.text("url", max: 2000)
        if text.isEmpty { return text }
        if text.lowercased().hasPrefix("webcal://") { text = "https" + text.dropFirst(6) }
        guard let parts = URL(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            parts.host?.isEmpty == false, parts.user == nil, parts.password == nil
        else {
            input.reject(
                "url", "url", "must be an http, https or webcal address without a password in it.")
            return text
        }
        return text
    }
}
