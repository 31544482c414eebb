import Kernel
import Store
import WebShell

/// Anyone who signs in: an office user or a member of accounts.
package struct User: Sendable, Equatable {
    package var id: UserID
    package var email: String
    package var name: String
    package var officeRole: Role?
    package var isActive: Bool
    package var isOnDuty: Bool
    package var version: Int
    package var createdAt: Instant

    package func json(role: Role?) -> JSONValue {
        [
            "id": .id(id), "email": .string(email), "name": .string(name),
            "role": .text(role?.rawValue), "is_active": .bool(isActive),
            "is_on_duty": .bool(isOnDuty), "version": .number(version),
            "created_at": .instant(createdAt),
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
            password = input.optionalText("password", max: 200)
            email = EmailAddress(address)?.text ?? ""
            if email.isEmpty, !address.isEmpty {
                input.reject("email", "email", "is not an e-mail address.")
            }
            if let password { Passwords.check(password, in: &input) }
        }
    }

    /// Adds one of the office's people.
    package func createOfficeUser(_ draft: Draft, by actor: Actor) async throws -> User {
        try actor.require(.manageOffice)
        let hash = try await hashed(draft.password)
        let ambient = ambient
        return try await store.write { tx in
            let user = try Self.insert(draft, officeRole: draft.role, hash: hash, ambient, in: tx)
            try tx.raise(
                Event("user.created", account: nil, subject: user.id.text, ambient: ambient))
            return user
        }
    }

    /// Adds a member of an account. Only the office may give a membership to somebody who has a
    /// sign-in already (they keep their password): a business would otherwise learn from the answer
    /// who else has one, and put people into its portal unasked.
    package func createMember(
        _ draft: Draft, of account: AccountID, by actor: Actor
    ) async throws -> User {
        try actor.require(.manageAccount, in: account)
        let hash = try await hashed(draft.password)
        let ambient = ambient
        return try await store.write { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            if !actor.isOffice, try PeopleQueries.user(email: draft.email, in: tx) != nil {
                throw Refusal.invalid(
                    "email", "taken", "has a sign-in already. Ask the office to add them.")
            }
            return try Self.insertMember(draft, of: account, hash: hash, ambient: ambient, in: tx)
        }
    }

    package static func insertMember(
        _ draft: Draft, of account: AccountID, hash: String?, ambient: Ambient, in tx: Transaction
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
        do {
            try tx.savepoint {
                try PeopleQueries.insertMembership(
                    user.id, draft.role, in: account, at: ambient.now(), in: tx)
            }
        } catch StoreError.duplicate {
            throw Refusal.invalid("email", "taken", "is a member of this business already.")
        }
        try tx.raise(
            Event("member.created", account: account, subject: user.id.text, ambient: ambient))
        return user
    }

    private static func insert(
        _ draft: Draft, officeRole: Role?, hash: String?, _ ambient: Ambient, in tx: Transaction
    ) throws -> User {
        let user = User(
            id: UserID(from: ambient), email: draft.email, name: draft.name,
            officeRole: officeRole, isActive: true, isOnDuty: false, version: 1,
            createdAt: ambient.now())
        do {
            try tx.savepoint { try PeopleQueries.insert(user, passwordHash: hash, in: tx) }
        } catch let error
            as StoreError where error.isDuplicate(of: "users_email")
        {
            throw Refusal.invalid("email", "taken", "is somebody's sign-in already.")
        }
        return user
    }

    package func hashed(_ password: String?) async throws -> String? {
        guard let password else { return nil }
        return try await passwords.hash(password)
    }

    package func officeUsers(_ paging: Paging, for actor: Actor) async throws -> [User] {
        guard actor.isOffice else { throw Refusal.forbidden() }
        return try await store.read { tx in
            try PeopleQueries.officeUsers(after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    package func members(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [(user: User, role: Role)] {
        try actor.require(.viewAccount, in: account)
        return try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try PeopleQueries.members(
                of: account, after: paging.after, limit: paging.fetch, in: tx)
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
        let password = input.optionalText("password", max: 200)
        if let password { Passwords.check(password, in: &input) }
        try input.finish()
        let hash = try await hashed(password)
        let ambient = ambient
        return try await store.write { tx in
            guard var user = try PeopleQueries.user(id, in: tx), user.officeRole != nil else {
                throw Refusal.notFound()
            }
            if let version, version != user.version { throw Refusal.stale() }
            if id == actor.user, isActive == false || (role != nil && role != user.officeRole) {
                throw Refusal.forbidden("You cannot take away your own access.")
            }
            if let name { user.name = name }
            if let role { user.officeRole = role }
            if let isActive { user.isActive = isActive }
            user.version += 1
            try PeopleQueries.update(user, passwordHash: hash, in: tx)
            // Whoever lost the sign-in or changed the password is signed out everywhere.
            if hash != nil || isActive == false { try PeopleQueries.endSessions(of: id, in: tx) }
            try tx.raise(Event("user.updated", account: nil, subject: id.text, ambient: ambient))
            return user
        }
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
