import Kernel
import Store
import Synchronization
import WebShell

/// What somebody shows to be let in: the hash of a session's cookie, or of an API token.
struct SignInKey: Hashable, Sendable {
    var hash: String
    /// nil: a token.
    var kind: SessionKind?

    init(token: String) { hash = secretHash(token) }

    init(_ kind: SessionKind, cookie: String) {
        self.kind = kind
        hash = secretHash(cookie)
    }

    /// Who that is in this transaction; nil when it is unknown, expired, idle for too long or shut
    /// out.
    func find(at now: Instant, in tx: Transaction) throws -> FoundSignIn? {
        guard let kind else { return try Gatekeeper.token(hash: hash, in: tx) }
        return try Gatekeeper.session(hash: hash, kind, at: now, in: tx)
    }
}

/// Who was found behind a key.
struct FoundSignIn: Sendable, Equatable {
    var actor: Actor
    /// nil: a token.
    var session: BrowserSession?
    /// It is somebody else, or nobody, from then on.
    var until = Instant.latest
    /// From then on a visit is written down.
    var touchFrom = Instant.latest
}

/// Sign-ins of a moment ago, each with the snapshots in which it was found (`Transaction.snapshot`):
/// in those it need not be looked up again, and where nothing was written it is the same now.
final class RecentSignIns: Sendable {
    struct Entry: Sendable {
        var found: FoundSignIn
        var snapshots: [String]
    }

    /// As many snapshots as connections may be looking at.
    private static let mostSnapshots = 8
    /// Then all are forgotten: each costs one look-up to come back.
    private static let most = 8192
    private let entries = Mutex<[SignInKey: Entry]>([:])

    func entry(_ key: SignInKey, at now: Instant) -> Entry? {
        entries.withLock { $0[key] }.flatMap {
            now < $0.found.until && now < $0.found.touchFrom ? $0 : nil
        }
    }

    /// What a transaction with this snapshot found.
    func note(_ found: FoundSignIn?, for key: SignInKey, seenAs snapshot: String?) {
        entries.withLock { entries in
            guard let found, let snapshot else { return entries[key] = nil }
            guard var entry = entries[key], entry.found == found else {
                if entries.count >= Self.most { entries.removeAll() }
                return entries[key] = Entry(found: found, snapshots: [snapshot])
            }
            guard !entry.snapshots.contains(snapshot) else { return }
            entry.snapshots.append(snapshot)
            entry.snapshots.removeFirst(max(0, entry.snapshots.count - Self.mostSnapshots))
            entries[key] = entry
        }
    }
}

/// Goes on with a sign-in of a moment ago and makes sure of it in the first transaction of the
/// request, in the same snapshot as what is answered.
final class SignInCheck: Prelude {
    enum Outcome: Sendable { case open, confirmed, changed }
    struct Changed: Error {}

    private let gatekeeper: Gatekeeper
    private let key: SignInKey
    private let entry: RecentSignIns.Entry
    private let now: Instant
    private let state = Mutex(Outcome.open)

    init?(_ key: SignInKey, by gatekeeper: Gatekeeper) {
        now = gatekeeper.ambient.now()
        guard let entry = gatekeeper.recent.entry(key, at: now) else { return nil }
        (self.gatekeeper, self.key, self.entry) = (gatekeeper, key, entry)
    }

    var found: FoundSignIn { entry.found }
    var outcome: Outcome { state.withLock { $0 } }
    var isOpen: Bool { outcome != .confirmed }

    func look(at tx: Transaction) throws {
        let snapshot = try tx.snapshot()
        if let snapshot, entry.snapshots.contains(snapshot) {
            return state.withLock { $0 = .confirmed }
        }
        let current = try key.find(at: now, in: tx)
        if snapshot != nil { gatekeeper.recent.note(current, for: key, seenAs: snapshot) }
        guard current == entry.found else {
            state.withLock { $0 = .changed }
            throw Changed()
        }
        state.withLock { $0 = .confirmed }
    }

    /// The outcome, also where the request asked the database nothing.
    func settle() async throws -> Outcome {
        guard outcome == .open else { return outcome }
        do {
            // Its own transaction looks; nothing else is to be asked there.
            try await gatekeeper.store.read(knowingSnapshot: true) { tx in try self.look(at: tx) }
        } catch is Changed {}
        return outcome
    }

    /// What a request answers that only reads; nil: it was answered for somebody who is somebody
    /// else by now, so nobody may see it.
    func response<T>(_ answer: () async throws -> T) async throws -> T? {
        do {
            let response = try await Store.$prelude.withValue(self) { try await answer() }
            return try await settle() == .confirmed ? response : nil
        } catch let error as StoreError where outcome == .open {
            // It says nothing about anybody, and a database that is away is not waited for twice.
            throw error
        } catch {
            // A refusal, too, was meant for that person.
            if try await settle() == .confirmed { throw error }
            return nil
        }
    }
}

extension Gatekeeper {
    /// What somebody is answered who shows this key; nil: nobody does any more. `onlyAsks`: the
    /// request changes nothing, so that it may be answered twice and the first answer dropped.
    func answer<T>(
        _ key: SignInKey, onlyAsks: Bool, _ answer: (FoundSignIn) async throws -> T
    ) async throws -> T? {
        if onlyAsks, let check = SignInCheck(key, by: self) {
            let response = try await check.response { try await answer(check.found) }
            if let response { return response }
        }
        guard let found = try await find(key, onlyAsks: onlyAsks) else { return nil }
        return try await answer(found)
    }

    /// How old the note of a session's last use may be.
    private static let touchSeconds = 300

    static func token(hash: String, in tx: Transaction) throws -> FoundSignIn? {
        guard let found = try PeopleQueries.token(hash: hash, in: tx), found.user.isActive else {
            return nil
        }
        var actor = actor(found.user, found.memberships)
        actor.scopes = found.scopes
        actor.origin = Origin(.token, token: found.id)
        return FoundSignIn(actor: actor)
    }

    static func session(
        hash: String, _ kind: SessionKind, at now: Instant, in tx: Transaction
    ) throws -> FoundSignIn? {
        let found = try PeopleQueries.session(
            hash: hash, kind: kind, now: now,
            idleSince: now.advanced(bySeconds: -kind.idleSeconds), in: tx)
        guard let found, found.user.isActive else { return nil }
        let actor = actor(found.user, found.memberships)
        var until = min(found.expiresAt, found.seenAt.advanced(bySeconds: kind.idleSeconds))
        switch kind {
        case .office:
            guard actor.isOffice else { return nil }
        case .account where actor.memberships.isEmpty:
            // Whom a business waits for; that ends at its own time.
            guard try LinkQueries.isAwaited(actor.user, now: now, in: tx) else { return nil }
            until = now
        case .account: break
        }
        var session = BrowserSession(kind: kind, csrf: found.csrf, storedID: hash)
        if kind == .office, !found.user.hasSecondFactor {
            session.needsSecondFactor = OfficeSettings.requiresSecondFactor(found.security)
        }
        return FoundSignIn(
            actor: actor, session: session, until: until,
            touchFrom: found.seenAt.advanced(bySeconds: touchSeconds))
    }
}
