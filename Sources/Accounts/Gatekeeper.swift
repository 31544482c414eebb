import Kernel
import Store
import Vault
import WebShell

/// Who is it? Passwords, second steps, browser sessions and API tokens.
package struct Gatekeeper: Sendable {
    let store: Store
    let ambient: Ambient
    let passwords: Passwords
    /// The second step of signing in.
    package let factors: SecondFactors
    let brake: SignInBrake
    let recent = RecentSignIns()
    /// Wrong codes of one sign-in; then it begins anew.
    private let codesPerSignIn = Throttle(limit: 5, per: .seconds(1200))

    package init(store: Store, ambient: Ambient, passwords: Passwords, vault: Vault) {
        self.store = store
        self.ambient = ambient
        self.passwords = passwords
        factors = SecondFactors(store: store, ambient: ambient, vault: vault)
        brake = SignInBrake(
            .init(address: 20, pair: 10, slow: 10, strangers: 100), ambient: ambient)
    }

    /// The longest that a browser keeps an office session.
    package static let sessionSeconds = SessionKind.office.longestSeconds

    private static let wrong = Refusal.unauthenticated(
        "The e-mail or the password is not right.")

    /// Checks a password; the refusal is the same whatever was wrong, and takes as long.
    package func signIn(email: String, password: String, from address: String) async throws -> Actor
    {
        let folded = EmailAddress(email)?.text ?? ""
        let (person, now) = (String(email.lowercased().prefix(254)), ambient.now())
        try await brake.enter(address: address, person: person) { [store] in
            try await store.read { tx in
                guard let user = try PeopleQueries.user(email: folded, in: tx) else { return false }
                return try PeopleQueries.hasSession(
                    user.id, from: address.network, now: now, in: tx)
            }
        }
        let found = try await store.read { tx -> (Actor, String?)? in
            guard let user = try PeopleQueries.user(email: folded, in: tx), user.isActive else {
                return nil
            }
            return (
                try Self.actor(user, in: tx), try PeopleQueries.passwordHash(of: user.id, in: tx)
            )
        }
        guard password.utf8.count <= 1024,
            try await passwords.verify(password, against: found?.1), let actor = found?.0
        else {
            brake.noteFailure(of: person)
            throw Self.wrong
        }
        return actor
    }

    /// Where a person belongs who has just signed in. Somebody without a place is refused as with a
    /// wrong password, but those whom a business waits for may come and accept.
    package func place(of actor: Actor) async throws -> SessionKind {
        if actor.isOffice { return .office }
        if !actor.memberships.isEmpty { return .account }
        let now = ambient.now()
        let isAwaited = try await store.read { tx in
            try LinkQueries.isAwaited(actor.user, now: now, in: tx)
        }
        if isAwaited { return .account }
        throw Self.wrong
    }

    // MARK: The second step

    /// nil: this person has no second factor; else what the browser keeps between the steps.
    package func beginSecondStep(of user: UserID) async throws -> String? {
        let ambient = ambient
        return try await store.write { tx in
            guard try FactorQueries.isOn(user, in: tx) else { return nil }
            return try OneTimeLinks.make(.factor, of: user, by: user, ambient: ambient, in: tx)
                .secret
        }
    }

    private static let startAgain = Refusal.unauthenticated(
        "This sign-in took too long. Begin again.")

    /// The person, when the code is right.
    package func finishSecondStep(
        _ secret: String, code: String, from address: String
    ) async throws -> Actor {
        let (now, factors) = (ambient.now(), factors)
        let link = try await store.read { tx in
            try OneTimeLinks.find(secret, .factor, now: now, in: tx)
        }
        guard let link else { throw Self.startAgain }
        let user = link.user
        try await factors.brake.enter(address: address, person: user.text) { [store] in
            try await store.read { tx in
                try PeopleQueries.hasSession(user, from: address.network, now: now, in: tx)
            }
        }
        let actor = try await store.write { tx -> Actor? in
            guard let person = try PeopleQueries.user(user, in: tx), person.isActive else {
                return nil
            }
            guard try factors.passes(code, user, in: tx) else { return nil }
            guard try LinkQueries.use(link, in: tx) else { throw Self.startAgain }
            return try Self.actor(person, in: tx)
        }
        if let actor { return actor }
        factors.brake.noteFailure(of: user.text)
        do { try codesPerSignIn.count(link.id) } catch {
            try await store.write { tx in _ = try LinkQueries.use(link, in: tx) }
            throw Self.startAgain
        }
        throw SecondFactors.wrong
    }

    // MARK: Sessions

    /// Opens a browser session; answers the cookie's value.
    package func openSession(
        of user: UserID, _ kind: SessionKind, from origin: Origin = Origin()
    ) async throws -> String {
        let (secret, csrf, now) = (ambient.secret(), ambient.secret(), ambient.now())
        let session = SignedIn(
            id: ambient.newID("sess"), user: user, kind: kind, createdAt: now, seenAt: now,
            address: origin.address?.network, agent: origin.agent, storedID: secretHash(secret))
        try await store.write { tx in
            try PeopleQueries.insertSession(
                session, hash: session.storedID, csrf: csrf,
                until: now.advanced(bySeconds: kind.longestSeconds), in: tx)
        }
        return secret
    }

    package func endSession(_ session: BrowserSession) async throws {
        try await store.write { tx in try PeopleQueries.endSession(hash: session.storedID, in: tx) }
    }

    /// The person behind a session cookie; nil when it is unknown, expired, idle for too long or
    /// shut out. `isVisit`: somebody did something, an open page that listens does not count.
    package func session(
        _ kind: SessionKind, cookie: String, isVisit: Bool = true
    ) async throws -> (Actor, BrowserSession)? {
        let found = try await find(SignInKey(kind, cookie: cookie), isVisit: isVisit)
        guard let found, let session = found.session else { return nil }
        return (found.actor, session)
    }

    /// `onlyAsks`: more such requests will come, and what was found is kept for them.
    func find(
        _ key: SignInKey, isVisit: Bool = true, onlyAsks: Bool = false
    ) async throws -> FoundSignIn? {
        let now = ambient.now()
        let found = try await store.read(knowingSnapshot: onlyAsks) { [recent] tx in
            let found = try key.find(at: now, in: tx)
            if onlyAsks { recent.note(found, for: key, seenAs: try tx.snapshot()) }
            return found
        }
        if isVisit, let found, now >= found.touchFrom {
            try await store.write { tx in
                try PeopleQueries.touchSession(hash: key.hash, at: now, in: tx)
            }
        }
        return found
    }

    package static func actor(_ user: User, in tx: Transaction) throws -> Actor {
        actor(user, try PeopleQueries.memberships(of: user.id, in: tx))
    }

    static func actor(_ user: User, _ memberships: [AccountID: Role]) -> Actor {
        Actor(
            user: user.id, name: user.name, email: user.email, officeRole: user.officeRole,
            memberships: memberships)
    }

    package func actor(email: String) async throws -> Actor? {
        try await store.read { tx in
            try PeopleQueries.user(email: email, in: tx).map { try Self.actor($0, in: tx) }
        }
    }
}

extension SessionKind {
    /// A session that nobody used for so long is over.
    package var idleSeconds: Int { self == .office ? 7 * 86_400 : 30 * 86_400 }
    /// However much it is used, it ends then.
    package var longestSeconds: Int { self == .office ? 14 * 86_400 : 90 * 86_400 }
}
