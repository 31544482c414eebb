import Accounts
import Kernel
import Store
import WebShell

// MARK: - Staff

extension Catalog {
    package func createStaff(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> StaffMember {
        try actor.require(.manageAccount, in: account)
        let ambient = ambient
        return try await store.write { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            var member = StaffMember(
                id: StaffID(from: ambient), account: account, createdAt: ambient.now())
            try Self.read(body, into: &member, in: tx)
            try CatalogQueries.insert(member, in: tx)
            try Self.raise("staff.created", member.id, member.version, account, ambient, tx)
            try tx.audit(
                "staff.created", of: member.id, in: account, by: actor, after: member.json,
                ambient: ambient)
            return member
        }
    }

    package func updateStaff(
        _ id: StaffID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> StaffMember {
        let ambient = ambient
        return try await store.write { tx in
            let before = try Self.staffMember(id, for: actor, in: tx)
            var member = before
            try actor.require(.manageAccount, in: member.account)
            if let version, version != member.version { throw Refusal.stale() }
            try Self.read(body, into: &member, in: tx)
            member.version += 1
            try CatalogQueries.update(member, in: tx)
            try Self.raise("staff.updated", id, member.version, member.account, ambient, tx)
            try tx.audit(
                "staff.updated", of: id, in: member.account, by: actor, before: before.json,
                after: member.json, ambient: ambient)
            return member
        }
    }

    private static func read(
        _ body: JSONValue, into member: inout StaffMember, in tx: Transaction
    ) throws {
        var input = try Input(body)
        let home =
            input.has("phone") ? try AccountDirectory.phoneRegion(of: member.account, in: tx) : nil
        member.read(&input, home: home)
        if input.has("user_id"), let user = member.user,
            try !CatalogQueries.isMember(user, of: member.account, in: tx)
        {
            input.reject("user_id", "unknown", "is not a member of this business.")
        }
        try input.finish()
    }

    package func staffMember(_ id: StaffID, for actor: Actor) async throws -> StaffMember {
        try await store.read { tx in try Self.staffMember(id, for: actor, in: tx) }
    }

    package static func staffMember(
        _ id: StaffID, for actor: Actor, in tx: Transaction
    ) throws -> StaffMember {
        guard let account = try CatalogQueries.account(of: id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: account)
        guard let member = try CatalogQueries.staffMember(id, of: account, in: tx) else {
            throw Refusal.notFound()
        }
        return member
    }

    package func staff(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [StaffMember] {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try CatalogQueries.staff(
                of: account, after: paging.after, limit: paging.fetch, in: tx)
        }
    }
}

// MARK: - Resources

extension Catalog {
    package func createResource(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> BookableResource {
        try actor.require(.manageAccount, in: account)
        let ambient = ambient
        return try await store.write { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            var resource = BookableResource(
                id: ResourceID(from: ambient), account: account, createdAt: ambient.now())
            var input = try Input(body)
            resource.read(&input)
            try input.finish()
            try CatalogQueries.insert(resource, in: tx)
            try Self.raise(
                "resource.created", resource.id, resource.version, account, ambient, tx)
            try tx.audit(
                "resource.created", of: resource.id, in: account, by: actor, after: resource.json,
                ambient: ambient)
            return resource
        }
    }

    package func updateResource(
        _ id: ResourceID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> BookableResource {
        let ambient = ambient
        return try await store.write { tx in
            let before = try Self.resource(id, for: actor, in: tx)
            var resource = before
            try actor.require(.manageAccount, in: resource.account)
            if let version, version != resource.version { throw Refusal.stale() }
            var input = try Input(body)
            resource.read(&input)
            try input.finish()
            resource.version += 1
            try CatalogQueries.update(resource, in: tx)
            try Self.raise("resource.updated", id, resource.version, resource.account, ambient, tx)
            try tx.audit(
                "resource.updated", of: id, in: resource.account, by: actor, before: before.json,
                after: resource.json, ambient: ambient)
            return resource
        }
    }

    package func resource(_ id: ResourceID, for actor: Actor) async throws -> BookableResource {
        try await store.read { tx in try Self.resource(id, for: actor, in: tx) }
    }

    package static func resource(
        _ id: ResourceID, for actor: Actor, in tx: Transaction
    ) throws -> BookableResource {
        guard let account = try CatalogQueries.account(of: id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: account)
        guard let resource = try CatalogQueries.resource(id, of: account, in: tx) else {
            throw Refusal.notFound()
        }
        return resource
    }

    package func resources(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [BookableResource] {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try CatalogQueries.resources(
                of: account, after: paging.after, limit: paging.fetch, in: tx)
        }
    }
}

// MARK: - Busy times

extension Catalog {
    /// Takes a party, or the whole business, off the grid for a time. What is booked already stays.
    package func createBusy(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> BusyTime {
        try actor.require(.book, in: account)
        var input = try Input(body)
        let of = input.text("of", max: 64)
        let party = PartyID(of)
        if !of.isEmpty, of != "account", party == nil {
            input.reject(
                "of", "unknown", "must be account or the id of a staff member or resource.")
        }
        let start = input.instant("start")
        let end = input.instant("end")
        let reason = CardMask.masked(orNil: input.optionalText("reason", max: 500))
        let isTransparent = input.optionalBool("transparent") ?? false
        try input.finish()
        guard let range = TimeRange(start: start, end: end) else {
            throw Refusal.invalid("end", "order", "must be after start.")
        }
        let ambient = ambient
        return try await store.write { tx in
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            if let party, try !Roster(of: owner, in: tx).has(party) {
                throw Refusal.invalid("of", "unknown", "is not of this business.")
            }
            try BusyQueries.lock(party.map { [$0] }, of: account, in: tx)
            let busy = BusyTime(
                id: ambient.newID("busy"), account: account, party: party, range: range,
                reason: reason, isTransparent: isTransparent, createdAt: ambient.now())
            try BusyQueries.insert(busy, in: tx)
            try Self.raise("busy.created", busy, ambient, tx)
            try tx.audit(
                "busy.created", of: busy.id, in: account, by: actor, after: busy.json,
                ambient: ambient)
            return busy
        }
    }

    package func deleteBusy(_ id: String, by actor: Actor) async throws {
        let ambient = ambient
        try await store.write { tx in
            guard let busy = try BusyQueries.busy(id, in: tx) else { throw Refusal.notFound() }
            let account = busy.account
            try actor.require(.book, in: account)
            if busy.source != nil {
                throw Refusal.conflict("This time comes from a calendar. Change it there.")
            }
            guard try BusyQueries.delete(id, of: account, in: tx) else { throw Refusal.notFound() }
            try tx.raise(Event("busy.deleted", account: account, subject: id, ambient: ambient))
            try tx.audit(
                "busy.deleted", of: id, in: account, by: actor, before: busy.json,
                ambient: ambient)
        }
    }

    package func busy(_ id: String, for actor: Actor) async throws -> BusyTime {
        let found = try await store.read { tx in try BusyQueries.busy(id, in: tx) }
        guard let found else { throw Refusal.notFound() }
        try actor.require(.viewAccount, in: found.account)
        return found
    }

    package func busy(
        of account: AccountID, from: Instant?, to: Instant?, _ paging: Paging, for actor: Actor
    ) async throws -> [BusyTime] {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try BusyQueries.busy(
                of: account, from: from, to: to, after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    private static func raise(
        _ type: String, _ busy: BusyTime, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: busy.account, subject: busy.id,
                [
                    "of": .string(busy.party?.text ?? "account"),
                    "start": .instant(busy.range.start), "end": .instant(busy.range.end),
                ], ambient: ambient))
    }
}
