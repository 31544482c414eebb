import Kernel
import Store
import WebShell

/// One change: who made it, to what, from where, and what was there before and after.
package struct AuditEntry: Sendable, Equatable {
    package var id: String
    /// nil: it concerns the office itself.
    package var account: AccountID?
    package var actor: UserID
    package var actorName: String
    /// `noun.verb`, as events call it.
    package var action: String
    package var subject: String
    /// What the subject was called then.
    package var label: String?
    /// Only what differs; secrets are left out.
    package var before: JSONValue
    package var after: JSONValue
    package var origin: Origin
    /// Whether one of the office's people acted.
    package var isByOffice: Bool
    package var occurredAt: Instant

    package var json: JSONValue {
        [
            "id": .string(id), "account_id": .id(account), "actor_id": .id(actor),
            "actor_name": .string(actorName), "action": .string(action),
            "subject": .string(subject), "label": .text(label), "before": before, "after": after,
            "means": .string(origin.means.rawValue), "address": .text(origin.address),
            "agent": .text(origin.agent), "token_id": .text(origin.token),
            "occurred_at": .instant(occurredAt),
        ]
    }
}

extension Transaction {
    /// Writes down who changed what, in the transaction of the change. A change that changes
    /// nothing is none, and what the program does by itself while it sets up is nobody's.
    package func audit(
        _ action: String, of subject: some CustomStringConvertible, in account: AccountID?,
        by actor: Actor, before: JSONValue? = nil, after: JSONValue? = nil, ambient: Ambient
    ) throws {
        if actor == .system { return }
        let (old, new) = AuditLog.difference(before, after)
        if before != nil, after != nil, old.isNull, new.isNull { return }
        try AuditQueries.insert(
            AuditEntry(
                id: ambient.newID("aud"), account: account, actor: actor.user,
                actorName: actor.name, action: action, subject: subject.description,
                label: AuditLog.label(of: after ?? before), before: old, after: new,
                origin: actor.origin, isByOffice: actor.isOffice, occurredAt: ambient.now()),
            in: self)
    }
}

/// The record of changes: of the office for its admins, of a business for those who manage it.
package struct AuditLog: Sendable {
    let store: Store

    package init(store: Store) { self.store = store }

    /// Which entries are wanted.
    package struct Filter: Sendable {
        /// nil: of everything, the office's own included.
        package var account: AccountID?
        package var actor: UserID?
        /// The noun of the action, such as `service`.
        package var noun: String?

        package init(account: AccountID? = nil, actor: UserID? = nil, noun: String? = nil) {
            self.account = account
            self.actor = actor
            self.noun = noun
        }
    }

    /// The newest first; the cursor is the last id of the page before.
    package func entries(
        _ filter: Filter, _ paging: Paging, for actor: Actor
    ) async throws -> [AuditEntry] {
        try await store.read { tx in try Self.entries(filter, paging, for: actor, in: tx) }
    }

    package static func entries(
        _ filter: Filter, _ paging: Paging, for actor: Actor, in tx: Transaction
    ) throws -> [AuditEntry] {
        if let account = filter.account {
            try actor.require(.manageAccount, in: account)
            _ = try AccountDirectory.account(account, for: actor, in: tx)
        } else {
            try actor.require(.manageOffice)
        }
        let found = try AuditQueries.entries(
            filter, before: paging.after, limit: paging.fetch, in: tx)
        return actor.isOffice ? found : found.map(inside)
    }

    /// A business sees what the office's people did, not from which addresses they work.
    private static func inside(_ entry: AuditEntry) -> AuditEntry {
        if !entry.isByOffice { return entry }
        var entry = entry
        entry.origin.address = nil
        entry.origin.agent = nil
        entry.origin.token = nil
        return entry
    }

    // MARK: What differs

    /// Members that say nothing about a change.
    private static let ignored: Set<String> = [
        "version", "created_at", "updated_at", "id", "account_id",
    ]

    /// The members that differ; null where there is none.
    static func difference(
        _ before: JSONValue?, _ after: JSONValue?
    ) -> (before: JSONValue, after: JSONValue) {
        let (old, new) = (before?.object ?? [:], after?.object ?? [:])
        let names = Set(old.keys).union(new.keys).subtracting(ignored)
            .filter { old[$0] ?? .null != new[$0] ?? .null }
        func side(_ members: [String: JSONValue]) -> JSONValue {
            let kept = members.filter { names.contains($0.key) && !$0.value.isNull }
            return kept.isEmpty ? .null : .object(kept.mapValues { shortened($0) }.redacted)
        }
        return (side(old), side(new))
    }

    /// Long texts are cut: the record tells what changed and is no second copy of everything.
    private static func shortened(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text) where text.count > 400: .string(text.prefix(400) + "…")
        case .array(let values): .array(values.prefix(60).map(shortened))
        case .object(let members): .object(members.mapValues(shortened))
        default: value
        }
    }

    static func label(of value: JSONValue?) -> String? {
        for name in ["name", "title", "question", "url", "email", "shortcut"] {
            if let text = value?[name]?.string, !text.isEmpty { return String(text.prefix(120)) }
        }
        return nil
    }
}

extension [String: JSONValue] {
    /// Names of members that hold secrets, or parts of such names.
    private static var secretWords: [String] {
        ["secret", "token", "password", "api_key", "private", "credential", "authorization"]
    }

    /// Without the values of secrets, at any depth.
    fileprivate var redacted: [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: map { name, value in
                let isSecret = Self.secretWords.contains { name.lowercased().contains($0) }
                return (name, isSecret ? "•••" : value.redacted)
            })
    }
}

extension JSONValue {
    fileprivate var redacted: JSONValue {
        switch self {
        case .object(let members): .object(members.redacted)
        case .array(let values): .array(values.map(\.redacted))
        default: self
        }
    }
}
