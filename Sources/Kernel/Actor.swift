/// What a user is in the office, or in one account.
package enum Role: String, Sendable, CaseIterable {
    // The office's own people.
    case admin, supervisor, coach, receptionist, assistant
    // An account's members.
    case owner, staff, specialist, subscriber

    package static let office: [Role] = [.admin, .supervisor, .coach, .receptionist, .assistant]
    package static let account: [Role] = [.owner, .staff, .specialist, .subscriber]

    package var isOffice: Bool { Self.office.contains(self) }
}

/// What a role may do; see `Role.permissions`.
package enum Permission: Sendable, CaseIterable {
    /// Office users, their tokens, settings.
    case manageOffice
    case createAccounts
    /// See an account and what belongs to it.
    case viewAccount
    /// Its hours, staff, services, guidance, inboxes, members.
    case manageAccount
    /// Contacts, conversations, messages, inquiries.
    case converse
    /// Holds, appointments, busy times.
    case book
    /// Take conversations as one's own and be on duty.
    case serve
}

extension Role {
    package var permissions: Set<Permission> {
        switch self {
        case .admin: Set(Permission.allCases)
        case .supervisor: [.createAccounts, .viewAccount, .manageAccount, .converse, .book, .serve]
        case .coach: [.viewAccount]
        case .receptionist, .assistant: [.viewAccount, .converse, .book, .serve]
        case .owner: [.viewAccount, .manageAccount, .converse, .book]
        case .staff: [.viewAccount, .book]
        case .specialist: [.viewAccount]
        case .subscriber: []
        }
    }
}

/// Where a call comes from: what the record of changes says beside who made them.
package struct Origin: Sendable, Equatable {
    package enum Means: String, Sendable, CaseIterable { case browser, token, link, program }

    package var means: Means
    package var address: String?
    /// What the browser or program calls itself.
    package var agent: String?
    /// The id of the API token.
    package var token: String?

    package init(
        _ means: Means = .program, address: String? = nil, agent: String? = nil,
        token: String? = nil
    ) {
        self.means = means
        self.address = address
        self.agent = agent.map { String($0.prefix(300)) }
        self.token = token
    }
}

/// The person (or integration) that acts, as a parameter of every verb.
package struct Actor: Sendable, Equatable {
    package var user: UserID
    package var name: String
    package var email: String
    /// Set for the office's people.
    package var officeRole: Role?
    /// Set for members of accounts.
    package var memberships: [AccountID: Role]
    /// A token's scopes; nil for a signed-in person, who is not limited.
    package var scopes: Set<String>?
    /// Where the call comes from, for the record of changes.
    package var origin: Origin

    package init(
        user: UserID, name: String, email: String, officeRole: Role?,
        memberships: [AccountID: Role], scopes: Set<String>? = nil, origin: Origin = Origin()
    ) {
        self.user = user
        self.name = name
        self.email = email
        self.officeRole = officeRole
        self.memberships = memberships
        self.scopes = scopes
        self.origin = origin
    }

    /// The program itself: set-up, demo, jobs.
    package static let system = Actor(
        user: UserID("user_system"), name: "Autosecretary", email: "", officeRole: .admin,
        memberships: [:])

    package static let visitorID = UserID("user_visitor")

    /// A client who books by themselves at a business's page: may do there what its staff may with
    /// the book, and the pages let them at their own visit only.
    package static func visitor(of account: AccountID, origin: Origin = Origin(.link)) -> Actor {
        Actor(
            user: visitorID, name: "Client", email: "", officeRole: nil,
            memberships: [account: .staff], origin: origin)
    }

    package func role(in account: AccountID) -> Role? { officeRole ?? memberships[account] }

    package func can(_ permission: Permission, in account: AccountID) -> Bool {
        role(in: account)?.permissions.contains(permission) ?? false
    }

    package func can(_ permission: Permission) -> Bool {
        officeRole?.permissions.contains(permission) ?? false
    }

    package var isOffice: Bool { officeRole != nil }

    /// A stranger hears that there is nothing; one who may see but not do hears that.
    package func require(_ permission: Permission, in account: AccountID) throws {
        guard can(.viewAccount, in: account) else { throw Refusal.notFound() }
        guard can(permission, in: account) else { throw Refusal.forbidden() }
    }

    package func require(_ permission: Permission) throws {
        guard can(permission) else { throw Refusal.forbidden() }
    }

    /// Whether a token's scopes allow this: `admin` ⊇ `write` ⊇ `read`; `<resource>:read|write`.
    package func hasScope(_ resource: String, writes: Bool, administers: Bool = false) -> Bool {
        guard let scopes else { return true }
        if scopes.contains("admin") { return true }
        if administers { return false }
        if scopes.contains("write") || scopes.contains(resource + ":write") { return true }
        return !writes && (scopes.contains("read") || scopes.contains(resource + ":read"))
    }
}
