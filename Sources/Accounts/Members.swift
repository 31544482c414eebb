import Kernel
import Store
import WebShell

/// The members of accounts.
extension PeopleDirectory {
    /// Adds a member of an account.
    ///
    /// Somebody who has a sign-in already becomes a member when they accept, signed in as
    /// themselves: neither a business nor the office puts people into a portal unasked. With a
    /// password such a person is refused, since they have one.
    package func addMember(
        _ draft: Draft, of account: AccountID, by actor: Actor
    ) async throws -> Added {
        try actor.require(.manageAccount, in: account)
        let business = try await store.read { tx in
            try AccountDirectory.account(account, for: actor, in: tx).name
        }
        let hash = try await hashed(draft, business: business)
        let ambient = ambient
        return try await store.write { tx in
            let known = try PeopleQueries.user(email: draft.email, in: tx)
            // Whoever runs the server acts with its owner's word.
            if let known, actor.user != Actor.system.user {
                return try Self.await(known, draft, hash: hash, account, by: actor, ambient, tx)
            }
            let user = try Self.insertMember(
                draft, of: account, hash: hash, by: actor, ambient: ambient, in: tx)
            let invitation =
                hash != nil || known != nil
                ? nil
                : try OneTimeLinks.make(
                    .invite, of: user.id, by: actor.user, ambient: ambient, in: tx)
            return Added(user: user, role: draft.role, invitation: invitation)
        }
    }

    package func createMember(
        _ draft: Draft, of account: AccountID, by actor: Actor
    ) async throws -> User {
        try await addMember(draft, of: account, by: actor).user
    }

    /// Invites somebody who has a sign-in.
    private static func await(
        _ known: User, _ draft: Draft, hash: String?, _ account: AccountID, by actor: Actor,
        _ ambient: Ambient, _ tx: Transaction
    ) throws -> Added {
        if known.officeRole != nil {
            throw Refusal.invalid("email", "taken", "belongs to one of the office's people.")
        }
        if try PeopleQueries.isMember(known.id, of: account, in: tx) {
            throw Refusal.invalid("email", "taken", "is a member of this business already.")
        }
        guard hash == nil else {
            throw Refusal.invalid(
                "email", "taken", "has a sign-in already. Invite them without a password.")
        }
        guard known.isActive else {
            throw Refusal.invalid("email", "taken", "has a sign-in that is deactivated.")
        }
        let invitation = try OneTimeLinks.make(
            .invite, of: known.id, into: account, draft.role, by: actor.user, ambient: ambient,
            in: tx)
        try tx.audit(
            "member.invited", of: known.id, in: account, by: actor,
            after: ["email": .string(draft.email), "role": .string(draft.role.rawValue)],
            ambient: ambient)
        try tx.raise(
            Event("member.invited", account: account, subject: known.id.text, ambient: ambient))
        return Added(user: known, role: draft.role, invitation: invitation, isAwaited: true)
    }

    package static func insertMember(
        _ draft: Draft, of account: AccountID, hash: String?, by actor: Actor = .system,
        ambient: Ambient, in tx: Transaction
    ) throws -> User {
        let user: User
        if let known = try PeopleQueries.user(email: draft.email, in: tx) {
            if known.officeRole != nil {
                throw Refusal.invalid("email", "taken", "belongs to one of the office's people.")
            }
            user = known
        } else {
            user = try insert(draft, officeRole: nil, hash: hash, ambient, in: tx)
        }
        try attach(user.id, draft.role, to: account, by: actor, ambient: ambient, in: tx)
        return user
    }

    static func attach(
        _ user: UserID, _ role: Role, to account: AccountID, by actor: Actor, ambient: Ambient,
        in tx: Transaction
    ) throws {
        do {
            try tx.savepoint {
                try PeopleQueries.insertMembership(
                    user, role, in: account, at: ambient.now(), in: tx)
            }
        } catch StoreError.duplicate {
            throw Refusal.invalid("email", "taken", "is a member of this business already.")
        }
        // A link that one business made must not outlive their being the only one.
        try LinkQueries.revoke(.reset, of: user, in: tx)
        let person = try PeopleQueries.user(user, in: tx)
        try tx.audit(
            "member.created", of: user, in: account, by: actor, after: person?.record(role: role),
            ambient: ambient)
        try tx.raise(
            Event("member.created", account: account, subject: user.text, ambient: ambient))
    }

    /// One place in a business, taken or offered.
    package struct Member: Sendable {
        package var user: User
        package var role: Role
        /// Was invited and has not accepted.
        package var isAwaited: Bool

        package var json: JSONValue { user.json(role: role, isAwaited: isAwaited) }
    }

    package func members(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [(user: User, role: Role)] {
        try await places(in: account, paging, for: actor).filter { !$0.isAwaited }
            .map { ($0.user, $0.role) }
    }

    /// Members and those who were invited, by id.
    package func places(
        in account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [Member] {
        try actor.require(.viewAccount, in: account)
        return try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            let members = try PeopleQueries.members(
                of: account, after: paging.after, limit: paging.fetch, in: tx
            ).map { Member(user: $0.user, role: $0.role, isAwaited: false) }
            // Who else was asked in is for those who may ask.
            guard actor.can(.manageAccount, in: account) else { return members }
            let awaited = try LinkQueries.awaited(
                in: account, after: paging.after, limit: paging.fetch, in: tx
            ).map { Member(user: $0.user, role: $0.role, isAwaited: true) }
            return Array(
                (members + awaited).sorted { $0.user.id < $1.user.id }.prefix(paging.fetch))
        }
    }

    /// The people who may change things at a business, for a list to choose from.
    package static func names(
        in account: AccountID, _ tx: Transaction
    ) throws -> [(id: String, name: String)] {
        try PeopleQueries.members(of: account, after: nil, limit: 200, in: tx)
            .map { ($0.user.id.text, $0.user.name) }
    }

    /// When each member was here last, as far as their present sign-ins tell.
    package func lastSeen(
        in account: AccountID, for actor: Actor
    ) async throws -> [UserID: Instant] {
        try actor.require(.manageAccount, in: account)
        return try await store.read { tx in
            let rows = try tx.all(
                """
                SELECT memberships.user_id, MAX(sessions.seen_at)
                FROM memberships JOIN sessions ON sessions.user_id = memberships.user_id
                WHERE memberships.account_id = \(account)
                GROUP BY memberships.user_id
                """
            ) { (try $0.id(0, UserID.self), try $0.instant(1)) }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    package func member(
        _ user: UserID, of account: AccountID, for actor: Actor
    ) async throws -> Member {
        try actor.require(.viewAccount, in: account)
        return try await store.read { tx in
            let member = try Self.member(user, of: account, in: tx)
            if member.isAwaited { try actor.require(.manageAccount, in: account) }
            return member
        }
    }

    /// Changes a member's `role` and, of somebody who belongs to no other business, the `name`.
    package func updateMember(
        _ user: UserID, of account: AccountID, _ body: JSONValue, expecting version: Int?,
        by actor: Actor
    ) async throws -> Member {
        try actor.require(.manageAccount, in: account)
        var input = try Input(body)
        let name = input.optionalText("name", max: 120, min: 1)
        let role = input.optionalChoice("role", Role.self)
        if let role, role.isOffice {
            let words = Role.account.map(\.rawValue).joined(separator: ", ")
            input.reject("role", "unknown", "must be one of: \(words).")
        }
        try input.finish()
        let ambient = ambient
        return try await store.write { tx in
            var member = try Self.member(user, of: account, in: tx)
            if let version, version != member.user.version { throw Refusal.stale() }
            let before = member
            if let role, role != member.role {
                try Self.changeRole(of: member, to: role, in: account, by: actor, tx)
                member.role = role
            }
            if let name, name != member.user.name {
                // The name is the person's own, in every business.
                _ = try Self.person(user, managedBy: actor, in: tx)
                if member.isAwaited { throw Refusal.forbidden() }
                member.user.name = name
            }
            member.user.version += 1
            try PeopleQueries.update(member.user, passwordHash: nil, in: tx)
            try tx.audit(
                "member.updated", of: user, in: account, by: actor,
                before: before.user.record(role: before.role),
                after: member.user.record(role: member.role), ambient: ambient)
            try tx.raise(
                Event("member.updated", account: account, subject: user.text, ambient: ambient))
            return member
        }
    }

    private static func changeRole(
        of member: Member, to role: Role, in account: AccountID, by actor: Actor, _ tx: Transaction
    ) throws {
        let user = member.user.id
        if member.isAwaited {
            if let link = try LinkQueries.invitation(of: user, into: account, in: tx) {
                try LinkQueries.changeRole(link, to: role, in: tx)
            }
            return
        }
        if user == actor.user {
            throw Refusal.forbidden("You cannot take away your own access.")
        }
        try keepAnOwner(of: account, besides: user, was: member.role, in: tx)
        try PeopleQueries.setMembership(user, role, in: account, in: tx)
        // They may do other things now: the browser signs in anew.
        try PeopleQueries.endSessions(of: user, in: tx)
    }

    /// Takes a member's place away, at once; what they wrote stays.
    package func removeMember(
        _ user: UserID, of account: AccountID, expecting version: Int?, by actor: Actor
    ) async throws {
        try actor.require(.manageAccount, in: account)
        let ambient = ambient
        try await store.write { tx in
            let member = try Self.member(user, of: account, in: tx)
            if let version, version != member.user.version { throw Refusal.stale() }
            if user == actor.user {
                throw Refusal.forbidden("You cannot take away your own access.")
            }
            if !member.isAwaited {
                try Self.keepAnOwner(of: account, besides: user, was: member.role, in: tx)
                try PeopleQueries.deleteMembership(user, in: account, in: tx)
                try PeopleQueries.endSessions(of: user, in: tx)
                let isGone = try PeopleQueries.memberships(of: user, in: tx).isEmpty
                if isGone, member.user.officeRole == nil {
                    try PeopleQueries.revokeTokens(of: user, at: ambient.now(), in: tx)
                    try LinkQueries.revoke(.reset, of: user, in: tx)
                    try LinkQueries.revokeInvitations(of: user, into: nil, in: tx)
                }
            }
            try LinkQueries.revokeInvitations(of: user, into: account, in: tx)
            try tx.audit(
                "member.removed", of: user, in: account, by: actor,
                before: member.user.record(role: member.role), ambient: ambient)
            try tx.raise(
                Event("member.removed", account: account, subject: user.text, ambient: ambient))
        }
    }

    private static func member(
        _ user: UserID, of account: AccountID, in tx: Transaction
    ) throws -> Member {
        guard let person = try PeopleQueries.user(user, in: tx) else { throw Refusal.notFound() }
        if let role = try PeopleQueries.role(of: user, in: account, in: tx) {
            return Member(user: person, role: role, isAwaited: false)
        }
        guard let link = try LinkQueries.invitation(of: user, into: account, in: tx),
            let role = link.role
        else { throw Refusal.notFound() }
        return Member(user: person, role: role, isAwaited: true)
    }

    private static func keepAnOwner(
        of account: AccountID, besides user: UserID, was role: Role, in tx: Transaction
    ) throws {
        guard role == .owner else { return }
        guard try PeopleQueries.lockedOwners(of: account, in: tx).contains(where: { $0 != user })
        else { throw Refusal.conflict("This is the last owner. Make somebody else one first.") }
    }
}
