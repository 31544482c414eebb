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

    package func policy(of account: AccountID, for actor: Actor) async throws -> BookingPolicy {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try Self.policy(of: account, in: tx)
        }
    }

    package static func policy(
        of account: AccountID, in tx: Transaction
    ) throws -> BookingPolicy { try PublicBookingQueries.policy(of: account, in: tx) }

    package func setSettings(
        _ body: JSONValue, of account: AccountID, expecting version: Int? = nil, by actor: Actor
    ) async throws -> BookingPageSettings {
        let booking = self
        return try await store.write { tx in
            try booking.setSettings(body, of: account, expecting: version, by: actor, in: tx)
        }
    }

    package func setPolicy(
        _ body: JSONValue, of account: AccountID, expecting version: Int? = nil, by actor: Actor
    ) async throws -> BookingPolicy {
        let booking = self
        return try await store.write { tx in
            try booking.setPolicy(body, of: account, expecting: version, by: actor, in: tx)
        }
    }

    /// Both at once or neither, as one form shows them.
    package func set(
        page: JSONValue, policy: JSONValue, of account: AccountID, by actor: Actor
    ) async throws {
        let booking = self
        try await store.write { tx in
            _ = try booking.setPolicy(policy, of: account, expecting: nil, by: actor, in: tx)
            _ = try booking.setSettings(page, of: account, expecting: nil, by: actor, in: tx)
        }
    }

    private func setSettings(
        _ body: JSONValue, of account: AccountID, expecting version: Int?, by actor: Actor,
        in tx: Transaction
    ) throws -> BookingPageSettings {
        try AccountDirectory.change(
            "booking_page", of: account, to: body, expecting: version, by: actor,
            ambient: ambient, in: tx, load: PublicBookingQueries.settings
        ) { settings, input, owner in
            settings.read(&input)
            let known = Set(try Catalog.services(of: owner.id, in: tx).map(\.id))
            for (place, id) in (settings.services ?? []).enumerated() where !known.contains(id) {
                input.reject("service_ids[\(place)]", "unknown", "is not of this business.")
            }
        } save: { settings, _ in
            try PublicBookingQueries.save(settings, at: ambient.now(), in: tx)
        }
    }

    private func setPolicy(
        _ body: JSONValue, of account: AccountID, expecting version: Int?, by actor: Actor,
        in tx: Transaction
    ) throws -> BookingPolicy {
        try AccountDirectory.change(
            "booking_policy", of: account, to: body, expecting: version, by: actor,
            ambient: ambient, in: tx, load: PublicBookingQueries.policy
        ) { policy, input, owner in
            policy.read(&input, currency: owner.currency)
        } save: { policy, owner in
            try PublicBookingQueries.save(
                policy, currency: owner.currency, at: ambient.now(), in: tx)
        }
    }
}
