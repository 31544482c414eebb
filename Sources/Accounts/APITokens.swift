import Kernel
import Store
import WebShell

/// A key with which a program acts for its owner; the secret itself is not kept.
package struct APIToken: Sendable, Equatable {
    package var id: String
    package var user: UserID
    package var name: String
    package var scopes: [String]
    package var createdAt: Instant
    package var revokedAt: Instant?

    package var json: JSONValue {
        [
            "id": .string(id), "user_id": .id(user), "name": .string(name),
            "scopes": .list(scopes), "created_at": .instant(createdAt),
        ]
    }
}

extension Gatekeeper {
    /// The person behind a bearer token, limited to its scopes.
    package func bearer(_ token: String) async throws -> Actor? {
        try await find(SignInKey(token: token))?.actor
    }

    /// Makes an API token of a user; the answer is the only time it is seen.
    package func createToken(
        of user: UserID, name: String, scopes: [String], by actor: Actor
    ) async throws -> String {
        if user != actor.user { try actor.require(.manageOffice) }
        let (secret, id) = ("ast_" + ambient.secret(), ambient.newID("tok"))
        let ambient = ambient
        try await store.write { tx in
            guard let owner = try PeopleQueries.user(user, in: tx) else { throw Refusal.notFound() }
            // A token does what its owner may do: who acts for a business now makes none for the
            // office.
            if owner.officeRole != nil, !actor.isOffice { throw Refusal.forbidden() }
            let now = ambient.now()
            try PeopleQueries.insertToken(
                id: id, user: user, name: name, hash: secretHash(secret), scopes: scopes, at: now,
                in: tx)
            try tx.audit(
                "token.created", of: id, in: try PeopleQueries.home(of: user, in: tx), by: actor,
                after: [
                    "name": .string(name), "scopes": .list(scopes), "owner": .string(owner.email),
                ],
                ambient: ambient)
        }
        return secret
    }

    package func tokens(
        of user: UserID, _ paging: Paging, for actor: Actor
    ) async throws -> [APIToken] {
        if user != actor.user { try actor.require(.manageOffice) }
        return try await store.read { tx in
            guard try PeopleQueries.user(user, in: tx) != nil else { throw Refusal.notFound() }
            return try PeopleQueries.tokens(
                of: user, after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    /// Ends a token at once.
    package func revokeToken(_ id: String, by actor: Actor) async throws {
        let ambient = ambient
        try await store.write { tx in
            guard let token = try PeopleQueries.token(id: id, in: tx),
                token.user == actor.user || actor.can(.manageOffice)
            else { throw Refusal.notFound() }
            try PeopleQueries.revokeToken(id: id, at: ambient.now(), in: tx)
            try tx.audit(
                "token.revoked", of: id, in: try PeopleQueries.home(of: token.user, in: tx),
                by: actor,
                before: ["name": .string(token.name), "scopes": .list(token.scopes)],
                ambient: ambient)
        }
    }

    /// Words that a token's scope may be.
    package static func isScope(_ text: String) -> Bool {
        if ["read", "write", "admin"].contains(text) { return true }
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        return halves.count == 2 && ["read", "write"].contains(String(halves[1]))
            && !halves[0].isEmpty
            && halves[0].utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
    }
}
