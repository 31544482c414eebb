import Foundation
import Kernel

package enum WebhookKind: IdentifierKind { package static let prefix = "wh" }
package typealias WebhookID = Identifier<WebhookKind>

/// A program's address that hears what happens at a business.
package struct Webhook: Sendable, Equatable {
    /// Why the office stopped calling it.
    package enum DisabledReason: String, Sendable {
        /// It answered 410: nobody wants this any more.
        case gone
        /// Nothing arrived for three days.
        case failing
        case tooManyFailures = "too_many_failures"
    }

    package var id: WebhookID
    package var account: AccountID
    package var url: String
    package var description: String?
    /// Types, `noun.*` or `*`.
    package var events: [String]
    package var isActive: Bool
    /// Such an address may be a private one.
    package var isSetByOffice: Bool
    /// Sealed by the vault.
    var secret: String
    var previousSecret: String?
    package var previousUntil: Instant?
    package var failures = 0
    package var failingSince: Instant?
    package var disabledAt: Instant?
    package var disabledReason: DisabledReason?
    package var version = 1
    package var createdAt: Instant

    /// What binds its sealed secrets to it.
    var context: String { "webhook:\(id)" }

    package func wants(_ type: String) -> Bool {
        events.contains { WebhookEvents.matches($0, type) }
    }

    /// As the API shows it: without the secret, which is shown once.
    package var json: JSONValue { .object(members) }

    package func json(revealing secret: String) -> JSONValue {
        var members = members
        members["secret"] = .string(secret)
        return .object(members)
    }

    private var members: [String: JSONValue] {
        [
            "id": .id(id), "account_id": .id(account), "url": .string(url),
            "description": .text(description), "events": .list(events),
            "is_active": .bool(isActive), "failing_since": .instant(failingSince),
            "disabled_at": .instant(disabledAt), "disabled_reason": .text(disabledReason?.rawValue),
            "previous_secret_until": .instant(previousUntil), "version": .number(version),
            "created_at": .instant(createdAt),
        ]
    }
}

/// What a person may say about an endpoint.
struct WebhookChanges: Sendable {
    var url: String?
    var description: String?
    var hasDescription = false
    var events: [String]?
    var isActive: Bool?

    private static let names: Set<String> = ["url", "description", "events", "is_active"]

    init(_ body: JSONValue, isNew: Bool) throws {
        var input = try Input(body)
        input.refuseOthers(than: Self.names)
        url = isNew ? input.text("url", max: 2000) : input.optionalText("url", max: 2000, min: 1)
        description = input.optionalText("description", max: 200)
        hasDescription = input.has("description")
        events = input.optionalTexts("events", max: 100, length: 80)
        isActive = input.optionalBool("is_active")
        if let url, !url.isEmpty, let wrong = Self.problem(url) {
            input.reject("url", "url", wrong)
        }
        if let events {
            if events.isEmpty { input.reject("events", "required", "must name at least one.") }
            for (place, event) in events.enumerated() where !WebhookEvents.isKnown(event) {
                input.reject(
                    "events[\(place)]", "unknown",
                    "is not a type of event; see the list of types, or use *.")
            }
        } else if isNew, input.problems.allSatisfy({ !$0.field.hasPrefix("events") }) {
            input.reject("events", "required", "is required.")
        }
        try input.finish()
    }

    private static func problem(_ text: String) -> Phrase? {
        guard let url = URL(string: text), let host = url.host, !host.isEmpty,
            ["http", "https"].contains(url.scheme?.lowercased() ?? "")
        else { return t("must be an http or https URL.") }
        if url.user != nil || url.password != nil {
            return t("must not contain a name or password.")
        }
        return text.contains("#") ? t("must not contain a fragment.") : nil
    }
}
