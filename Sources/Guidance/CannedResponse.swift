import Accounts
import Kernel
import Store
import WebShell

package enum CannedResponseKind: IdentifierKind { package static let prefix = "can" }
package typealias CannedResponseID = Identifier<CannedResponseKind>

/// A ready-made reply that an agent calls up by its shortcut: the office's for every business, or
/// one business's own, which takes the place of the office's with the same shortcut.
package struct CannedResponse: Sendable, Equatable {
    package static let maxPerOwner = 500

    package var id: CannedResponseID
    /// nil: the whole office's.
    package var account: AccountID?
    /// What is typed after the slash: a–z, 0–9 and hyphens.
    package var shortcut: String
    package var title: String
    /// May hold `{{contact.name}}`, `{{agent.name}}` and `{{account.name}}`.
    package var text: String
    package var version: Int
    package var createdAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "shortcut": .string(shortcut),
            "title": .string(title), "text": .string(text), "version": .number(version),
            "created_at": .instant(createdAt),
        ]
    }

    /// The text with the names put in; unknown placeholders stay as they were typed.
    package func filled(with names: Placeholders) -> String { names.filled(text) }

    /// The words of one, as a form, the API or a template gives them.
    package struct Draft: Sendable, Equatable {
        package var shortcut: String
        package var title: String
        package var text: String

        package init(shortcut: String, title: String, text: String) {
            self.shortcut = shortcut
            self.title = title
            self.text = text
        }

        package init(reading input: inout Input) {
            shortcut = input.text("shortcut", max: 40)
            title = CardMask.masked(input.text("title", max: 120))
            text = CardMask.masked(input.text("text", max: 4000))
            CannedResponse.check(shortcut: shortcut, in: &input)
        }
    }

    static func check(shortcut: String, in input: inout Input) {
        let isShortcut = shortcut.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45
        }
        if !isShortcut {
            input.reject("shortcut", "shortcut", "may have a–z, 0–9 and hyphens only.")
        }
    }
}

// MARK: - Ready-made replies

extension GuidanceBook {
    /// `account` nil: for the whole office.
    package func createResponse(
        _ body: JSONValue, in account: AccountID?, by actor: Actor
    ) async throws -> CannedResponse {
        try Self.requireWriting(of: account, by: actor)
        var input = try Input(body)
        let draft = CannedResponse.Draft(reading: &input)
        try input.finish()
        let ambient = ambient
        return try await store.write { tx in
            if let account { _ = try AccountDirectory.account(account, for: actor, in: tx) }
            let response = try Self.insertResponse(draft, of: account, ambient: ambient, in: tx)
            try tx.audit(
                "canned_response.created", of: response.id, in: account, by: actor,
                after: response.json, ambient: ambient)
            return response
        }
    }

    /// Adds one inside a transaction that does more.
    package static func insertResponse(
        _ draft: CannedResponse.Draft, of account: AccountID?, ambient: Ambient,
        in tx: Transaction
    ) throws -> CannedResponse {
        let limit = CannedResponse.maxPerOwner
        guard try CannedResponseQueries.count(of: account, in: tx) < limit else {
            throw Refusal.conflict("There may be \(limit) ready-made replies.", code: "too_many")
        }
        let response = CannedResponse(
            id: CannedResponseID(from: ambient), account: account, shortcut: draft.shortcut,
            title: draft.title, text: draft.text, version: 1, createdAt: ambient.now())
        try refusingTwins(in: tx) { try CannedResponseQueries.insert(response, in: tx) }
        try raise("canned_response.created", response, ambient, in: tx)
        return response
    }

    package func response(
        _ id: CannedResponseID, for actor: Actor
    ) async throws -> CannedResponse {
        try await store.read { tx in try Self.response(id, for: actor, in: tx) }
    }

    static func response(
        _ id: CannedResponseID, for actor: Actor, in tx: Transaction
    ) throws -> CannedResponse {
        guard let response = try CannedResponseQueries.response(id, in: tx) else {
            throw Refusal.notFound()
        }
        if let account = response.account {
            try actor.require(.viewAccount, in: account)
        } else {
            // The office's replies are in the list of every business.
            let seesSome = actor.memberships.keys.contains { actor.can(.viewAccount, in: $0) }
            guard actor.isOffice || seesSome else { throw Refusal.notFound() }
        }
        return response
    }

    /// A business's own and the office's, by shortcut; the own one hides its namesake.
    package func responses(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [CannedResponse] {
        try await store.read { tx in
            try Self.responses(of: account, paging, for: actor, in: tx)
        }
    }

    package static func responses(
        of account: AccountID, _ paging: Paging, for actor: Actor, in tx: Transaction
    ) throws -> [CannedResponse] {
        _ = try AccountDirectory.account(account, for: actor, in: tx)
        return try CannedResponseQueries.responses(
            of: account, after: paging.after, limit: paging.fetch, in: tx)
    }

    /// The office's alone.
    package func officeResponses(
        _ paging: Paging, for actor: Actor
    ) async throws -> [CannedResponse] {
        guard actor.isOffice else { throw Refusal.forbidden() }
        return try await store.read { tx in
            try CannedResponseQueries.officeResponses(
                after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    package func updateResponse(
        _ id: CannedResponseID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> CannedResponse {
        var input = try Input(body)
        let shortcut = input.has("shortcut") ? input.text("shortcut", max: 40) : nil
        let title = input.has("title") ? CardMask.masked(input.text("title", max: 120)) : nil
        let text = input.has("text") ? CardMask.masked(input.text("text", max: 4000)) : nil
        if let shortcut { CannedResponse.check(shortcut: shortcut, in: &input) }
        let problems = input
        let ambient = ambient
        return try await store.write { tx in
            let before = try Self.response(id, for: actor, in: tx)
            var response = before
            try Self.requireWriting(of: response.account, by: actor)
            try problems.finish()
            if let version, version != response.version { throw Refusal.stale() }
            if let shortcut { response.shortcut = shortcut }
            if let title { response.title = title }
            if let text { response.text = text }
            response.version += 1
            let changed = response
            try Self.refusingTwins(in: tx) {
                try CannedResponseQueries.update(changed, in: tx)
            }
            try Self.raise("canned_response.updated", changed, ambient, in: tx)
            try tx.audit(
                "canned_response.updated", of: id, in: changed.account, by: actor,
                before: before.json, after: changed.json, ambient: ambient)
            return changed
        }
    }

    package func deleteResponse(
        _ id: CannedResponseID, expecting version: Int?, by actor: Actor
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            let response = try Self.response(id, for: actor, in: tx)
            try Self.requireWriting(of: response.account, by: actor)
            if let version, version != response.version { throw Refusal.stale() }
            try CannedResponseQueries.delete(response, in: tx)
            try Self.raise("canned_response.deleted", response, ambient, in: tx)
            try tx.audit(
                "canned_response.deleted", of: id, in: response.account, by: actor,
                before: response.json, ambient: ambient)
        }
    }

    private static func requireWriting(of account: AccountID?, by actor: Actor) throws {
        if let account {
            try actor.require(.manageAccount, in: account)
        } else {
            try actor.require(.manageOffice)
        }
    }

    private static func refusingTwins(in tx: Transaction, _ write: () throws -> Void) throws {
        do { try tx.savepoint(write) } catch let error as StoreError
            where error.isDuplicate(of: "canned_responses_account_id_shortcut")
            || error.isDuplicate(of: "canned_responses_shortcut")
        {
            throw Refusal.invalid("shortcut", "taken", "is taken by another reply.")
        }
    }

    private static func raise(
        _ type: String, _ response: CannedResponse, _ ambient: Ambient, in tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: response.account, subject: response.id.text,
                ["version": .number(response.version)], ambient: ambient))
    }
}
