import Kernel
import Store
import WebShell

/// A browser in which somebody is signed in.
package struct SignedIn: Sendable, Equatable {
    /// Not the secret: fit to be shown.
    package var id: String
    package var user: UserID
    package var kind: SessionKind
    package var createdAt: Instant
    package var seenAt: Instant
    /// The network only.
    package var address: String?
    package var agent: String?
    var storedID: String

    package func isThis(_ session: BrowserSession?) -> Bool { storedID == session?.storedID }

    package var json: JSONValue {
        [
            "id": .string(id), "kind": .string(kind.rawValue), "address": .text(address),
            "agent": .text(agent), "created_at": .instant(createdAt), "seen_at": .instant(seenAt),
        ]
    }
}

/// What everybody does with their own sign-in.
extension Gatekeeper {
    /// The language that somebody chose.
    package func language(of user: UserID) async throws -> Language? {
        try await store.read { tx in try PeopleQueries.user(user, in: tx)?.locale }
    }

    package func sessions(of user: UserID) async throws -> [SignedIn] {
        let now = ambient.now()
        return try await store.read { tx in
            try PeopleQueries.sessions(of: user, now: now, in: tx)
                .filter { $0.seenAt > now.advanced(bySeconds: -$0.kind.idleSeconds) }
        }
    }

    package func endSession(_ id: String, of actor: Actor) async throws {
        try await store.write { tx in
            guard try PeopleQueries.endSession(id: id, of: actor.user, in: tx) else {
                throw Refusal.notFound()
            }
        }
    }

    /// Everywhere but in the given browser; nil: everywhere.
    package func endSessions(of actor: Actor, except session: BrowserSession?) async throws {
        let ambient = ambient
        try await store.write { tx in
            try PeopleQueries.endSessions(of: actor.user, except: session?.storedID, in: tx)
            try tx.audit(
                "user.signed_out_everywhere", of: actor.user,
                in: try PeopleQueries.home(of: actor.user, in: tx), by: actor,
                after: ["email": .string(actor.email)], ambient: ambient)
        }
    }

    /// Signs somebody out everywhere, for those who may hand out that sign-in.
    package func endSessions(of user: UserID, by actor: Actor) async throws {
        let ambient = ambient
        try await store.write { tx in
            let person = try PeopleDirectory.person(user, managedBy: actor, in: tx)
            try PeopleQueries.endSessions(of: user, in: tx)
            try tx.audit(
                "user.signed_out_everywhere", of: user,
                in: try PeopleQueries.home(of: user, in: tx), by: actor,
                after: ["email": .string(person.email)], ambient: ambient)
        }
    }

    /// A new secret for this browser's session, after what its person may do changed; whoever had
    /// the old one has nothing.
    package func rotate(_ session: BrowserSession) async throws -> String {
        let (secret, csrf) = (ambient.secret(), ambient.secret())
        try await store.write { tx in
            guard
                try PeopleQueries.rotateSession(
                    hash: session.storedID, to: secretHash(secret), csrf: csrf, in: tx)
            else { throw Refusal.unauthenticated() }
        }
        return secret
    }

    /// Sets a new password for somebody who knows the present one; all other browsers are signed
    /// out.
    package func changePassword(
        from present: String, to password: String, by actor: Actor, keeping session: BrowserSession
    ) async throws {
        try passwords.rules.require(password, against: [actor.email, actor.name])
        if present == password {
            throw Refusal.invalid("password", "same", "is the present one. Choose another.")
        }
        try await brake.enter(
            address: actor.origin.address ?? "local", person: actor.email, isKnown: { true })
        let stored = try await store.read { tx in
            try PeopleQueries.passwordHash(of: actor.user, in: tx)
        }
        guard present.utf8.count <= 1024, try await passwords.verify(present, against: stored)
        else {
            brake.noteFailure(of: actor.email)
            throw Refusal.invalid("present", "wrong", "is not your present password.")
        }
        let hash = try await passwords.hash(password)
        let ambient = ambient
        try await store.write { tx in
            guard let person = try PeopleQueries.user(actor.user, in: tx) else {
                throw Refusal.notFound()
            }
            try PeopleDirectory.setPassword(
                hash, of: person, by: actor, keeping: session.storedID, ambient: ambient, in: tx)
        }
    }
}

extension PeopleDirectory {
    /// Writes a password, ends the sessions and voids the links that came before it.
    static func setPassword(
        _ hash: String, of person: User, by actor: Actor, keeping session: String? = nil,
        ambient: Ambient, in tx: Transaction
    ) throws {
        var user = person
        user.version += 1
        try PeopleQueries.update(user, passwordHash: hash, in: tx)
        try PeopleQueries.setResetAsked(nil, of: user.id, in: tx)
        try PeopleQueries.endSessions(of: user.id, except: session, in: tx)
        try LinkQueries.revoke(.reset, of: user.id, in: tx)
        try LinkQueries.revoke(.factor, of: user.id, in: tx)
        try LinkQueries.revokeInvitations(of: user.id, into: nil, in: tx)
        try tx.audit(
            "user.password_changed", of: user.id,
            in: try PeopleQueries.home(of: user.id, in: tx), by: actor,
            after: ["email": .string(user.email)], ambient: ambient)
        try tx.raise(Event("user.updated", account: nil, subject: user.id.text, ambient: ambient))
    }

    package func me(_ actor: Actor) async throws -> User {
        try await store.read { tx in
            guard let user = try PeopleQueries.user(actor.user, in: tx) else {
                throw Refusal.notFound()
            }
            return user
        }
    }

    /// One's own `name` and `locale` (null: as the browser asks).
    package func updateMe(
        _ body: JSONValue, expecting version: Int? = nil, by actor: Actor
    ) async throws -> User {
        var input = try Input(body)
        let name = input.optionalText("name", max: 120, min: 1)
        let locale = input.optionalText("locale", max: 16)
        let language = locale.flatMap(Language.init(rawValue:))
        if locale != nil, language == nil {
            let words = Language.allCases.map(\.rawValue).joined(separator: ", ")
            input.reject("locale", "unknown", "must be one of: \(words).")
        }
        let setsLocale = input.has("locale")
        try input.finish()
        let ambient = ambient
        return try await store.write { tx in
            guard let before = try PeopleQueries.user(actor.user, in: tx) else {
                throw Refusal.notFound()
            }
            if let version, version != before.version { throw Refusal.stale() }
            var user = before
            if let name { user.name = name }
            if setsLocale { user.locale = language }
            user.version += 1
            try PeopleQueries.update(user, passwordHash: nil, in: tx)
            try tx.audit(
                "user.updated", of: user.id, in: try PeopleQueries.home(of: user.id, in: tx),
                by: actor, before: before.record(role: nil), after: user.record(role: nil),
                ambient: ambient)
            try tx.raise(
                Event("user.updated", account: nil, subject: user.id.text, ambient: ambient))
            return user
        }
    }
}
