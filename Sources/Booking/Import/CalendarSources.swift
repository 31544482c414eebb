import Accounts
import Kernel
import Outbound
import Store
import Vault
import WebShell
import Work

/// The outside calendars of a business's people and things.
package struct CalendarSources: Sendable {
    /// Of one staff member or resource at most.
    package static let most = 10

    let store: Store
    let ambient: Ambient
    let vault: Vault
    let outbound: OutboundClient

    package init(store: Store, ambient: Ambient, vault: Vault, outbound: OutboundClient) {
        self.store = store
        self.ambient = ambient
        self.vault = vault
        self.outbound = outbound
    }

    /// It is read soon after, by a job.
    package func create(
        _ body: JSONValue, for party: PartyID, by actor: Actor
    ) async throws -> CalendarSource {
        let (ambient, vault) = (ambient, vault)
        return try await store.write { tx in
            let account = try Self.account(of: party, for: actor, in: tx)
            let wanted = try CalendarSourceChanges(body, isNew: true)
            let known = try CalendarSourceQueries.sources(
                of: party, account: account, limit: Self.most, in: tx)
            guard known.count < Self.most else {
                throw Refusal.conflict("At most \(Self.most) calendars are read for one person.")
            }
            var source = CalendarSource(
                id: CalendarSourceID(from: ambient), account: account, party: party,
                name: wanted.name ?? "Calendar", url: wanted.url ?? "",
                username: wanted.username, isSetByOffice: actor.isOffice,
                createdAt: ambient.now())
            source.password = try wanted.password.map {
                try vault.seal($0, context: source.context)
            }
            try CalendarSourceQueries.insert(source, in: tx)
            try Self.enqueue(source, ambient, tx)
            try tx.audit(
                "calendar_source.created", of: source.id, in: account, by: actor,
                after: source.auditJSON, ambient: ambient)
            return source
        }
    }

    package func update(
        _ id: CalendarSourceID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> CalendarSource {
        let (ambient, vault) = (ambient, vault)
        return try await store.write { tx in
            let before = try Self.source(id, for: actor, locked: true, in: tx)
            let wanted = try CalendarSourceChanges(body, isNew: false)
            if let version, version != before.version { throw Refusal.stale() }
            var source = before
            source.name = wanted.name ?? source.name
            if let url = wanted.url, url != source.url {
                source.url = url
                source.isSetByOffice = actor.isOffice
                // Not to be sent to somebody else by whoever cannot read it.
                if !wanted.hasPassword { source.password = nil }
            }
            if wanted.hasUsername { source.username = wanted.username }
            if wanted.hasPassword {
                source.password = try wanted.password.map {
                    try vault.seal($0, context: source.context)
                }
            }
            (source.etag, source.modified) = (nil, nil)
            source.version += 1
            try CalendarSourceQueries.update(source, in: tx)
            try Self.enqueue(source, ambient, tx)
            try tx.audit(
                "calendar_source.updated", of: id, in: source.account, by: actor,
                before: before.auditJSON, after: source.auditJSON, ambient: ambient)
            return source
        }
    }

    /// With everything that it blocked.
    package func delete(
        _ id: CalendarSourceID, of account: AccountID? = nil, by actor: Actor
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            let seen = try Self.source(id, for: actor, in: tx)
            guard account ?? seen.account == seen.account else { throw Refusal.notFound() }
            try BusyQueries.lock([seen.party], of: seen.account, in: tx)
            try BusyQueries.deleteAll(from: id.text, of: seen.account, in: tx)
            try CalendarSourceQueries.delete(seen, in: tx)
            try Self.raise(seen, ambient, tx)
            try tx.audit(
                "calendar_source.deleted", of: id, in: seen.account, by: actor,
                before: seen.auditJSON, ambient: ambient)
        }
    }

    /// Reads it again soon.
    package func refresh(_ id: CalendarSourceID, by actor: Actor) async throws -> CalendarSource {
        let ambient = ambient
        return try await store.write { tx in
            let source = try Self.source(id, for: actor, in: tx)
            try Self.enqueue(source, ambient, tx)
            return source
        }
    }

    package func source(
        _ id: CalendarSourceID, for actor: Actor
    ) async throws -> CalendarSource {
        try await store.read { tx in try Self.source(id, for: actor, in: tx) }
    }

    package func sources(
        of party: PartyID, _ paging: Paging, for actor: Actor
    ) async throws -> [CalendarSource] {
        try await store.read { tx in
            let account = try Self.account(of: party, for: actor, in: tx)
            return try CalendarSourceQueries.sources(
                of: party, account: account, after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    /// Of somebody whom the caller has looked up.
    package static func sources(
        of party: PartyID, in account: AccountID, _ tx: Transaction
    ) throws -> [CalendarSource] {
        try CalendarSourceQueries.sources(of: party, account: account, limit: most, in: tx)
    }

    // MARK: Inside

    /// Addresses of calendars are often keys, so only who manages the business sees them.
    private static func source(
        _ id: CalendarSourceID, for actor: Actor, locked: Bool = false, in tx: Transaction
    ) throws -> CalendarSource {
        guard let source = try CalendarSourceQueries.source(id, locked: locked, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.manageAccount, in: source.account)
        return source
    }

    private static func account(
        of party: PartyID, for actor: Actor, in tx: Transaction
    ) throws -> AccountID {
        let account =
            switch party {
            case .staff(let id): try Catalog.staffMember(id, for: actor, in: tx).account
            case .resource(let id): try Catalog.resource(id, for: actor, in: tx).account
            }
        try actor.require(.manageAccount, in: account)
        return account
    }

    static let job = "calendar.import"

    static func enqueue(
        _ source: CalendarSource, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        try JobQueue.enqueue(
            job, account: source.account, ["source_id": .id(source.id)], at: ambient.now(),
            uniqueKey: "\(job):\(source.id):\(source.version)", ambient: ambient, in: tx)
    }

    static func raise(
        _ source: CalendarSource, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                "busy.changed", account: source.account, subject: source.id.text,
                ["of": .string(source.party.text)], ambient: ambient))
    }
}
