import Kernel
import Store
import WebShell

/// Anyone who signs in: an office user or a member of accounts.
package struct User: Sendable, Equatable {
    package enum State: String, Sendable {
        case active
        /// Has no password yet.
        case invited
        case deactivated
    }

    package var id: UserID
    package var email: String
    package var name: String
    package var officeRole: Role?
    package var isActive: Bool
    package var isOnDuty: Bool
    package var version: Int
    package var createdAt: Instant
    /// nil: as the browser asks.
    package var locale: Language?
    package var hasPassword = false
    package var hasSecondFactor = false
    /// When they said that they cannot sign in.
    package var resetAskedAt: Instant?

    package var state: State { !isActive ? .deactivated : hasPassword ? .active : .invited }

    package func json(role: Role?, isAwaited: Bool = false) -> JSONValue {
        [
            "id": .id(id), "email": .string(email), "name": .string(name),
            "role": .text(role?.rawValue), "is_active": .bool(isActive),
            "state": .string((isAwaited ? .invited : state).rawValue),
            "is_on_duty": .bool(isOnDuty), "has_second_factor": .bool(hasSecondFactor),
            "locale": .text(locale?.rawValue), "reset_asked_at": .instant(resetAskedAt),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }

    /// What the record of changes keeps.
    func record(role: Role?) -> JSONValue {
        [
            "email": .string(email), "name": .string(name), "role": .text(role?.rawValue),
            "is_active": .bool(isActive),
        ]
    }
}

/// The people: the office's own and the members of accounts.
package struct PeopleDirectory: Sendable {
    let store: Store
    let ambient: Ambient
    let passwords: Passwords

    package init(store: Store, ambient: Ambient, passwords: Passwords) {
        self.store = store
        self.ambient = ambient
        self.passwords = passwords
    }

    package var links: OneTimeLinks {
        OneTimeLinks(store: store, ambient: ambient, passwords: passwords)
    }

    package struct Draft: Sendable {
        package var email: String
        package var name: String
        package var role: Role
        package var password: String?

        package init(email: String, name: String, role: Role, password: String?) {
            self.email = email
            self.name = name
            self.role = role
            self.password = password
        }

        /// Reads and checks the fields; `roles` are those that fit the place.
        package init(reading input: inout Input, roles: [Role]) {
            let address = input.text("email", max: 254)
            name = input.text("name", max: 120)
            role = input.choice("role", Role.self) ?? .receptionist
            if !roles.contains(role), input.has("role") {
                let words = roles.map(\.rawValue).joined(separator: ", ")
                input.reject("role", "unknown", "must be one of: \(words).")
            }
            password = input.optionalText("password", max: PasswordRules.most)
            email = EmailAddress(address)?.text ?? ""
            if email.isEmpty, !address.isEmpty {
                input.reject("email", "email", "is not an e-mail address.")
            }
            if let password {
                PasswordRules().check(password, against: [email, name], in: &input)
            }
        }
    }

    /// Somebody who was just added, and the link by which they come in.
    package struct Added: Sendable {
        package var user: User
        package var role: Role
        /// nil: they have a password.
        package var invitation: OneTimeLink.Handed?
        /// They have a sign-in of their own and become a member when they accept.
        package var isAwaited = false
    }

    // MARK: The office's people

    /// Adds one of the office's people; without a password they get an invitation.
    package func addOfficeUser(_ draft: Draft, by actor: Actor) async throws -> Added {
        try actor.require(.manageOffice)
        let hash = try await hashed(draft)
        let ambient = ambient
        return try await store.write { tx in
            let user = try Self.insert(draft, officeRole: draft.role, hash: hash, ambient, in: tx)
            try tx.audit(
                "user.created", of: user.id, in: nil, by: actor,
                after: user.record(role: user.officeRole), ambient: ambient)
            try tx.raise(
                Event("user.created", account: nil, subject: user.id.text, ambient: ambient))
            let invitation =
                hash != nil
                ? nil
                : try OneTimeLinks.make(
                    .invite, of: user.id, by: actor.user, ambient: ambient, in: tx)
            return Added(user: user, role: draft.role, invitation: invitation)
        }
    }

    package func createOfficeUser(_ draft: Draft, by actor: Actor) async throws -> User {
        try await addOfficeUser(draft, by: actor).user
    }

    static func insert(
        _ draft: Draft, officeRole: Role?, hash: String?, _ ambient: Ambient, in tx: Transaction
    ) throws -> User {
        let user = User(
            id: UserID(from: ambient), email: draft.email, name: draft.name,
            officeRole: officeRole, isActive: true, isOnDuty: false, version: 1,
            createdAt: ambient.now(), hasPassword: hash != nil)
        do {
            try tx.savepoint { try PeopleQueries.insert(user, passwordHash: hash, in: tx) }
        } catch let error
            as StoreError where error.isDuplicate(of: "users_email")
        {
            throw Refusal.invalid("email", "taken", "is somebody's sign-in already.")
        }
        return user
    }

    /// Checks a draft's password by the rules and hashes it.
    func hashed(_ draft: Draft, business: String = "") async throws -> String? {
        guard let password = draft.password else { return nil }
        try passwords.rules.require(password, against: [draft.email, draft.name, business])
        return try await passwords.hash(password)
    }

    package func hashed(_ password: String?) async throws -> String? {
        guard let password else { return nil }
        try passwords.rules.require(password, against: [])
        return try await passwords.hash(password)
    }

    package func officeUsers(_ paging: Paging, for actor: Actor) async throws -> [User] {
        guard actor.isOffice else { throw Refusal.forbidden() }
        return try await store.read { tx in
            try PeopleQueries.officeUsers(after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    /// Changes an office user: `name`, `role`, `is_active`, `password`.
    package func updateOfficeUser(
        _ id: UserID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> User {
        try actor.require(.manageOffice)
        var input = try Input(body)
        let name = input.optionalText("name", max: 120, min: 1)
        let role = input.optionalChoice("role", Role.self)
        if let role, !role.isOffice { input.reject("role", "unknown", "must be an office role.") }
        let isActive = input.optionalBool("is_active")
        let password = input.optionalText("password", max: PasswordRules.most)
        if let password { passwords.rules.check(password, against: [], in: &input) }
        try input.finish()
        let hash = try await hashed(password)
        let ambient = ambient
        return try await store.write { tx in
            guard let before = try PeopleQueries.user(id, in: tx), before.officeRole != nil else {
                throw Refusal.notFound()
            }
            var user = before
            if let version, version != user.version { throw Refusal.stale() }
            if id == actor.user, isActive == false || (role != nil && role != user.officeRole) {
                throw Refusal.forbidden("You cannot take away your own access.")
            }
            if let name { user.name = name }
            if let role { user.officeRole = role }
            if let isActive { user.isActive = isActive }
            if before.isActive, before.officeRole == .admin,
                !user.isActive || user.officeRole != .admin,
                try !PeopleQueries.lockedAdmins(in: tx).contains(where: { $0 != id })
            {
                throw Refusal.conflict("This is the last admin. Make somebody else one first.")
            }
            user.version += 1
            try PeopleQueries.update(user, passwordHash: hash, in: tx)
            try Self.settle(before, user, newPassword: hash != nil, at: ambient.now(), in: tx)
            try tx.audit(
                "user.updated", of: id, in: nil, by: actor,
                before: before.record(role: before.officeRole),
                after: user.record(role: user.officeRole), ambient: ambient)
            if hash != nil {
                try tx.audit(
                    "user.password_set", of: id, in: nil, by: actor,
                    after: ["email": .string(user.email)], ambient: ambient)
            }
            try tx.raise(Event("user.updated", account: nil, subject: id.text, ambient: ambient))
            return user
        }
    }

    /// Whoever lost the sign-in, changed the password or may do other things now is signed out
    /// everywhere; who is gone leaves no token behind that works when they come back.
    private static func settle(
        _ before: User, _ after: User, newPassword: Bool, at now: Instant, in tx: Transaction
    ) throws {
        let isShutOut = before.isActive && !after.isActive
        if newPassword || isShutOut || before.officeRole != after.officeRole {
            try PeopleQueries.endSessions(of: after.id, in: tx)
        }
        if newPassword || isShutOut {
            try LinkQueries.revoke(.reset, of: after.id, in: tx)
            try LinkQueries.revoke(.factor, of: after.id, in: tx)
            try LinkQueries.revokeInvitations(of: after.id, into: nil, in: tx)
        }
        if isShutOut {
            try PeopleQueries.setDuty(false, of: after.id, in: tx)
            try PeopleQueries.revokeTokens(of: after.id, at: now, in: tx)
        }
    }

    // MARK: Anybody

    /// A person as the office sees them, and everybody themselves.
    package func person(_ id: UserID, for actor: Actor) async throws -> (User, [AccountID: Role]) {
        guard actor.isOffice || actor.user == id else { throw Refusal.notFound() }
        return try await store.read { tx in
            guard let user = try PeopleQueries.user(id, in: tx) else { throw Refusal.notFound() }
            return (user, try PeopleQueries.memberships(of: id, in: tx))
        }
    }

    /// Somebody whose sign-in the actor may hand out: an admin anybody's; who manages businesses
    /// that of people who belong to no other one.
    static func person(
        _ id: UserID, managedBy actor: Actor, in tx: Transaction
    ) throws -> User {
        let user = try PeopleQueries.user(id, in: tx)
        if actor.can(.manageOffice) {
            guard let user else { throw Refusal.notFound() }
            return user
        }
        let places = try PeopleQueries.memberships(of: id, in: tx).keys
        guard let user,
            actor.isOffice || places.contains(where: { actor.can(.viewAccount, in: $0) })
        else { throw Refusal.notFound() }
        guard user.officeRole == nil, places.allSatisfy({ actor.can(.manageAccount, in: $0) })
        else { throw Refusal.forbidden("Only the office's admins can do this for this person.") }
        return user
    }

    /// Goes on or off duty.
    package func setDuty(_ isOnDuty: Bool, of actor: Actor) async throws {
        try actor.require(.serve)
        let ambient = ambient
        try await store.write { tx in
            try PeopleQueries.setDuty(isOnDuty, of: actor.user, in: tx)
            try tx.raise(
                Event(
                    "user.duty_changed", account: nil, subject: actor.user.text,
                    ["is_on_duty": .bool(isOnDuty)], ambient: ambient))
        }
    }
}
