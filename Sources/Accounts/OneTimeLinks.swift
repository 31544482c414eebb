import Kernel
import Store
import WebShell

/// What somebody was handed to use once: an invitation, a link to set a new password, or a sign-in
/// that waits for its second step.
package struct OneTimeLink: Sendable, Equatable {
    package enum Purpose: String, Sendable { case invite, reset, factor }

    package var id: String
    package var purpose: Purpose
    package var user: UserID
    /// Of an invitation into a business.
    package var account: AccountID?
    package var role: Role?
    package var createdBy: UserID
    package var createdAt: Instant
    package var expiresAt: Instant

    /// A link as the person who made it gets it; its secret is not kept.
    package struct Handed: Sendable, Equatable {
        package var purpose: Purpose
        package var secret: String
        package var expiresAt: Instant

        /// The path to open, under this server's address.
        package var path: String { (purpose == .reset ? "/reset/" : "/join/") + secret }

        package func json(origin: String) -> JSONValue {
            ["link": .string(origin + path), "expires_at": .instant(expiresAt)]
        }
    }
}

/// Invitations and links to set a new password: 256 random bits of which only the hash is kept,
/// used once, for a time. The office has no way yet to send them, so whoever makes one hands it on.
package struct OneTimeLinks: Sendable {
    let store: Store
    let ambient: Ambient
    let passwords: Passwords

    private static let secretBytes = 32

    static func seconds(_ purpose: OneTimeLink.Purpose) -> Int {
        switch purpose {
        case .invite: 7 * 86_400
        case .reset: 3600
        case .factor: SecondFactors.waitSeconds
        }
    }

    /// Makes a link and voids the one before it.
    static func make(
        _ purpose: OneTimeLink.Purpose, of user: UserID, into account: AccountID? = nil,
        _ role: Role? = nil, by actor: UserID, ambient: Ambient, in tx: Transaction
    ) throws -> OneTimeLink.Handed {
        let (secret, now) = (ambient.secret(bytes: secretBytes), ambient.now())
        switch purpose {
        case .invite: try LinkQueries.revokeInvitations(of: user, into: account, in: tx)
        case .reset: try LinkQueries.revoke(.reset, of: user, in: tx)
        // Somebody may be signing in at two places.
        case .factor: break
        }
        try LinkQueries.purge(before: now.advanced(byDays: -30), in: tx)
        let link = OneTimeLink(
            id: ambient.newID("link"), purpose: purpose, user: user, account: account, role: role,
            createdBy: actor, createdAt: now,
            expiresAt: now.advanced(bySeconds: seconds(purpose)))
        try LinkQueries.insert(link, hash: hash(secret), in: tx)
        return .init(purpose: purpose, secret: secret, expiresAt: link.expiresAt)
    }

    /// nil: it never was one, was used or voided, or its time is over. Whatever is too short to be
    /// one of ours finds nothing, the empty text above all.
    static func find(
        _ secret: String, _ purpose: OneTimeLink.Purpose, now: Instant, in tx: Transaction
    ) throws -> OneTimeLink? {
        guard (43...64).contains(secret.utf8.count) else { return nil }
        return try LinkQueries.link(hash: hash(secret), purpose, now: now, in: tx)
    }

    private static func hash(_ secret: String) -> String { secretHash("link " + secret) }

    package static let gone = Refusal.notFound(
        "This link does not work any more. Ask for a new one.")

    // MARK: Making them

    /// A new link for somebody who was invited and has not come yet.
    package func invite(
        _ user: UserID, into account: AccountID? = nil, by actor: Actor
    ) async throws -> OneTimeLink.Handed {
        let ambient = ambient
        return try await store.write { tx in
            if let account {
                try actor.require(.manageAccount, in: account)
                if let waiting = try LinkQueries.invitation(of: user, into: account, in: tx),
                    try !PeopleQueries.isMember(user, of: account, in: tx)
                {
                    return try Self.make(
                        .invite, of: user, into: account, waiting.role, by: actor.user,
                        ambient: ambient, in: tx)
                }
            }
            let person = try PeopleDirectory.person(user, managedBy: actor, in: tx)
            guard person.isActive, try PeopleQueries.passwordHash(of: user, in: tx) == nil else {
                throw Refusal.conflict("This person signs in already.")
            }
            try tx.audit(
                "user.invited", of: user, in: account, by: actor,
                after: ["email": .string(person.email)], ambient: ambient)
            return try Self.make(.invite, of: user, by: actor.user, ambient: ambient, in: tx)
        }
    }

    package func resetLink(for user: UserID, by actor: Actor) async throws -> OneTimeLink.Handed {
        let ambient = ambient
        return try await store.write { tx in
            let person = try PeopleDirectory.person(user, managedBy: actor, in: tx)
            guard person.isActive else {
                throw Refusal.conflict("This person's sign-in is deactivated.")
            }
            try PeopleQueries.setResetAsked(nil, of: user, in: tx)
            try tx.audit(
                "user.reset_link_made", of: user, in: try PeopleQueries.home(of: user, in: tx),
                by: actor,
                after: ["email": .string(person.email)], ambient: ambient)
            return try Self.make(.reset, of: user, by: actor.user, ambient: ambient, in: tx)
        }
    }

    /// Notes that somebody cannot sign in, for those who may hand out a link. The caller learns
    /// nothing of whether there is such a person.
    package func askForHelp(email: String) async throws {
        let (address, now) = (EmailAddress(email)?.text ?? "", ambient.now())
        try await store.write { tx in
            try PeopleQueries.setResetAsked(now, email: address, in: tx)
        }
    }

    // MARK: Using them

    /// What an invitation's page shows.
    package struct Invitation: Sendable {
        package var person: User
        /// nil: to the office.
        package var business: String?
        /// They have no password yet and may choose one here; else they accept while signed in.
        package var choosesPassword: Bool
        package var isOffice: Bool { person.officeRole != nil }
    }

    package func invitation(_ secret: String) async throws -> Invitation {
        let now = ambient.now()
        return try await store.read { tx in try Self.invitation(secret, now, tx).0 }
    }

    private static func invitation(
        _ secret: String, _ now: Instant, _ tx: Transaction
    ) throws -> (Invitation, OneTimeLink) {
        guard let link = try find(secret, .invite, now: now, in: tx),
            let person = try PeopleQueries.user(link.user, in: tx), person.isActive
        else { throw gone }
        let places = Set(try PeopleQueries.memberships(of: person.id, in: tx).keys)
        let place = try (link.account ?? places.first).flatMap {
            try AccountQueries.account($0, in: tx)
        }
        // Whoever was handed a link by one business gets no sign-in that opens another.
        let isTheirs =
            link.account == nil
            || (person.officeRole == nil
                && places.subtracting([link.account].compactMap { $0 }).isEmpty)
        let hasPassword = try PeopleQueries.passwordHash(of: person.id, in: tx) != nil
        return (
            Invitation(
                person: person, business: person.officeRole == nil ? place?.name : nil,
                choosesPassword: isTheirs && !hasPassword),
            link
        )
    }

    /// Sets the first password; the person can sign in from now on.
    package func accept(
        _ secret: String, name: String?, password: String, from origin: Origin
    ) async throws -> User {
        let known = try await invitation(secret)
        guard known.choosesPassword else { throw Self.gone }
        try passwords.rules.require(
            password,
            against: [known.person.email, name ?? known.person.name, known.business ?? ""])
        let hash = try await passwords.hash(password)
        let ambient = ambient
        return try await store.write { tx in
            let (known, link) = try Self.invitation(secret, ambient.now(), tx)
            guard known.choosesPassword, try LinkQueries.use(link, in: tx) else { throw Self.gone }
            var user = known.person
            if let name { user.name = name }
            user.version += 1
            try PeopleQueries.update(user, passwordHash: hash, in: tx)
            var actor = try Gatekeeper.actor(user, in: tx)
            actor.origin = origin
            try Self.take(link, actor, ambient, tx)
            try tx.audit(
                "user.invitation_accepted", of: user.id, in: link.account, by: actor,
                after: ["email": .string(user.email), "name": .string(user.name)], ambient: ambient)
            try tx.raise(
                Event("user.updated", account: nil, subject: user.id.text, ambient: ambient))
            return user
        }
    }

    /// Somebody who has a sign-in takes a place in a business, as themselves.
    package func accept(_ secret: String, by actor: Actor) async throws -> AccountID {
        let ambient = ambient
        return try await store.write { tx in
            let (known, link) = try Self.invitation(secret, ambient.now(), tx)
            guard known.person.id == actor.user, let account = link.account else {
                throw Refusal.forbidden("This invitation is for somebody else.")
            }
            guard try LinkQueries.use(link, in: tx) else { throw Self.gone }
            try Self.take(link, actor, ambient, tx)
            return account
        }
    }

    private static func take(
        _ link: OneTimeLink, _ actor: Actor, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        guard let account = link.account, let role = link.role,
            try !PeopleQueries.isMember(actor.user, of: account, in: tx)
        else { return }
        try PeopleDirectory.attach(
            actor.user, role, to: account, by: actor, ambient: ambient, in: tx)
    }

    package func personToReset(_ secret: String) async throws -> User {
        let now = ambient.now()
        return try await store.read { tx in try Self.toReset(secret, now, tx).0 }
    }

    private static func toReset(
        _ secret: String, _ now: Instant, _ tx: Transaction
    ) throws -> (User, OneTimeLink) {
        guard let link = try find(secret, .reset, now: now, in: tx),
            let person = try PeopleQueries.user(link.user, in: tx), person.isActive
        else { throw gone }
        return (person, link)
    }

    /// Sets a new password and ends all sessions; the second factor stays what it was.
    package func reset(_ secret: String, password: String, from origin: Origin) async throws {
        let person = try await personToReset(secret)
        try passwords.rules.require(password, against: [person.email, person.name])
        let hash = try await passwords.hash(password)
        let ambient = ambient
        try await store.write { tx in
            let (person, link) = try Self.toReset(secret, ambient.now(), tx)
            guard try LinkQueries.use(link, in: tx) else { throw Self.gone }
            var actor = try Gatekeeper.actor(person, in: tx)
            actor.origin = origin
            try PeopleDirectory.setPassword(hash, of: person, by: actor, ambient: ambient, in: tx)
        }
    }
}
