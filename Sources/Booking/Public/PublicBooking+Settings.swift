import Accounts
import Kernel
import Store

/// What a business decides about booking without a sign-in.
extension PublicBooking {
    package func settings(
        of account: AccountID, for actor: Actor
    ) async throws -> BookingPageSettings {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try Self.settings(of: account, in: tx)
        }
    }

    package static func settings(
        of account: AccountID, in tx: Transaction
    ) throws -> BookingPageSettings { try PublicBookingQueries.settings(of: account, in: tx) }

    package func setSettings(
        _ body: JSONValue, of account: AccountID, expecting version: Int? = nil, by actor: Actor
    ) async throws -> BookingPageSettings {
        try actor.require(.manageAccount, in: account)
        let unread = try Input(body)
        let ambient = ambient
        return try await store.write { tx in
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            let before = try PublicBookingQueries.settings(of: account, in: tx)
            if let version, version != before.version { throw Refusal.stale() }
            var (settings, input) = (before, unread)
            settings.read(&input)
            let known = Set(try Catalog.services(of: owner.id, in: tx).map(\.id))
            for (place, id) in (settings.services ?? []).enumerated() where !known.contains(id) {
                input.reject("service_ids[\(place)]", "unknown", "is not of this business.")
            }
            try input.finish()
            settings.version += 1
            try PublicBookingQueries.save(settings, at: ambient.now(), in: tx)
            try Catalog.raise(
                "booking_page.updated", account, settings.version, account, ambient, tx)
            try tx.audit(
                "booking_page.updated", of: account, in: account, by: actor, before: before.json,
                after: settings.json, ambient: ambient)
            return settings
        }
    }

    package func policy(of account: AccountID, for actor: Actor) async throws -> BookingPolicy {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try Self.policy(of: account, in: tx)
        }
    }

    package static func policy(
        of account: AccountID, in tx: Transaction
    ) throws -> BookingPolicy { try PublicBookingQueries.policy(of: account, in: tx) }

    package func setPolicy(
        _ body: JSONValue, of account: AccountID, expecting version: Int? = nil, by actor: Actor
    ) async throws -> BookingPolicy {
        try actor.require(.manageAccount, in: account)
        let unread = try Input(body)
        let ambient = ambient
        return try await store.write { tx in
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            let before = try PublicBookingQueries.policy(of: account, in: tx)
            if let version, version != before.version { throw Refusal.stale() }
            var (policy, input) = (before, unread)
            policy.read(&input, currency: owner.currency)
            try input.finish()
            policy.version += 1
            try PublicBookingQueries.save(
                policy, currency: owner.currency, at: ambient.now(), in: tx)
            try Catalog.raise(
                "booking_policy.updated", account, policy.version, account, ambient, tx)
            try tx.audit(
                "booking_policy.updated", of: account, in: account, by: actor,
                before: before.json, after: policy.json, ambient: ambient)
            return policy
        }
    }
}
