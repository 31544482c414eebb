import Accounts
import Kernel
import Store
import WebShell

/// What a business offers and who does it: services, staff, resources, opening hours, time off.
package struct Catalog: Sendable {
    let store: Store
    let ambient: Ambient

    package init(store: Store, ambient: Ambient) {
        self.store = store
        self.ambient = ambient
    }

    // MARK: Services

    package func createService(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> BookableService {
        try actor.require(.manageAccount, in: account)
        let ambient = ambient
        return try await store.write { tx in
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            var service = BookableService(
                id: ServiceID(from: ambient), account: account, createdAt: ambient.now())
            try Self.read(body, into: &service, of: owner, in: tx)
            try ServiceQueries.insert(service, in: tx)
            try Self.raise("service.created", service.id, service.version, account, ambient, tx)
            try tx.audit(
                "service.created", of: service.id, in: account, by: actor, after: service.json,
                ambient: ambient)
            return service
        }
    }

    package func updateService(
        _ id: ServiceID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> BookableService {
        let ambient = ambient
        return try await store.write { tx in
            let before = try Self.service(id, for: actor, in: tx)
            var service = before
            try actor.require(.manageAccount, in: service.account)
            if let version, version != service.version { throw Refusal.stale() }
            let owner = try AccountDirectory.account(service.account, for: actor, in: tx)
            try Self.read(body, into: &service, of: owner, in: tx)
            service.version += 1
            try ServiceQueries.update(service, in: tx)
            try Self.raise("service.updated", id, service.version, owner.id, ambient, tx)
            try tx.audit(
                "service.updated", of: id, in: owner.id, by: actor, before: before.json,
                after: service.json, ambient: ambient)
            return service
        }
    }

    private static func read(
        _ body: JSONValue, into service: inout BookableService, of account: Account,
        in tx: Transaction
    ) throws {
        var input = try Input(body)
        service.read(&input)
        if input.problems.isEmpty {
            let roster = try Roster(of: account, in: tx)
            input.absorb(
                roster.problems(of: service, requiresWasSent: input.has("requires")))
        }
        try input.finish()
    }

    package func service(_ id: ServiceID, for actor: Actor) async throws -> BookableService {
        try await store.read { tx in try Self.service(id, for: actor, in: tx) }
    }

    package static func service(
        _ id: ServiceID, for actor: Actor, in tx: Transaction
    ) throws -> BookableService {
        guard let account = try ServiceQueries.account(of: id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: account)
        guard let service = try ServiceQueries.service(id, of: account, in: tx) else {
            throw Refusal.notFound()
        }
        return service
    }

    package func services(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [BookableService] {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try ServiceQueries.services(
                of: account, after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    // MARK: Opening hours

    package func setSchedule(
        _ body: JSONValue, of account: AccountID, expecting version: Int?, by actor: Actor
    ) async throws -> Schedule {
        try actor.require(.manageAccount, in: account)
        var problems: [Refusal.Field] = []
        let hours = OpeningHours.read(body, problems: &problems)
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        let ambient = ambient
        return try await store.write { tx in
            var schedule = try Self.hours(of: account, for: actor, in: tx)
            if let version, version != schedule.version { throw Refusal.stale() }
            let before = schedule
            schedule.hours = hours
            schedule.version += 1
            schedule.updatedAt = ambient.now()
            try CatalogQueries.save(schedule, in: tx)
            try Self.raise("schedule.updated", account, schedule.version, account, ambient, tx)
            try tx.audit(
                "schedule.updated", of: account, in: account, by: actor, before: before.json,
                after: schedule.json, ambient: ambient)
            return schedule
        }
    }

    /// The account's hours; a business that has not said when it is open is closed.
    package func hours(of account: AccountID, for actor: Actor) async throws -> Schedule {
        try await store.read { tx in try Self.hours(of: account, for: actor, in: tx) }
    }

    package static func hours(
        of account: AccountID, for actor: Actor, in tx: Transaction
    ) throws -> Schedule {
        try CatalogQueries.schedule(
            of: try AccountDirectory.account(account, for: actor, in: tx), in: tx)
    }

    static func raise<Kind>(
        _ type: String, _ subject: Identifier<Kind>, _ version: Int, _ account: AccountID,
        _ ambient: Ambient, _ tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: account, subject: subject.text, ["version": .number(version)],
                ambient: ambient))
    }
}

// MARK: - For pages

extension Catalog {
    /// Everything on offer, in the business's own order; also what is not offered any more.
    package static func services(
        of account: AccountID, in tx: Transaction
    ) throws -> [BookableService] {
        try ServiceQueries.services(of: account, after: nil, limit: 1000, in: tx)
            .sorted { ($0.position, $0.id) < ($1.position, $1.id) }
    }

    /// Everybody, also those who have left, in order of joining.
    package static func staff(
        of account: AccountID, in tx: Transaction
    ) throws -> [StaffMember] { try CatalogQueries.staff(of: account, in: tx) }

    package static func resources(
        of account: AccountID, in tx: Transaction
    ) throws -> [BookableResource] { try CatalogQueries.resources(of: account, in: tx) }

    /// What keeps its people and things, or all of them, from being had in this time.
    package static func busy(
        of account: AccountID, from: Instant, to: Instant, limit: Int, in tx: Transaction
    ) throws -> [BusyTime] {
        try BusyQueries.busy(of: account, from: from, to: to, after: nil, limit: limit, in: tx)
    }

    package static func hours(of account: Account, in tx: Transaction) throws -> Schedule {
        try CatalogQueries.schedule(of: account, in: tx)
    }

    package func services(of account: AccountID) async throws -> [BookableService] {
        try await store.read { tx in try Self.services(of: account, in: tx) }
    }

    package func staff(of account: AccountID) async throws -> [StaffMember] {
        try await store.read { tx in try Self.staff(of: account, in: tx) }
    }
}
