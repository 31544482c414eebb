import Kernel
import Store

/// The numbers that the landing page compares with: an in-office receptionist against this
/// service (REQUIREMENTS A08, A09, A20). Data, so that an office sets its own.
package struct Economics: Sendable, Equatable {
    /// What an hour of this service costs the business.
    package var serviceHourMinor: Int64 = 1000
    /// What an hour of an employed receptionist costs.
    package var receptionistHourMinor: Int64 = 1500
    package var hoursPerDay: Int = 8
    package var daysPerMonth: Int = 24
    /// Desk, computer and telephone of an employed receptionist, per month.
    package var deskMonthMinor: Int64 = 25_000
    package var currency = "USD"
    package var trialDays: Int = 14

    package init() {}

    package var hoursPerMonth: Int { hoursPerDay * daysPerMonth }
    package var serviceMonth: Money {
        Money(minor: serviceHourMinor * Int64(hoursPerMonth), currency: currency)
    }
    package var receptionistWages: Money {
        Money(minor: receptionistHourMinor * Int64(hoursPerMonth), currency: currency)
    }
    package var desk: Money { Money(minor: deskMonthMinor, currency: currency) }
    package var receptionistMonth: Money {
        Money(minor: receptionistWages.minor + deskMonthMinor, currency: currency)
    }
    package var saving: Money {
        Money(minor: receptionistMonth.minor - serviceMonth.minor, currency: currency)
    }

    package var json: JSONValue {
        [
            "service_hour_minor": .int(serviceHourMinor),
            "receptionist_hour_minor": .int(receptionistHourMinor),
            "hours_per_day": .number(hoursPerDay), "days_per_month": .number(daysPerMonth),
            "desk_month_minor": .int(deskMonthMinor), "currency": .string(currency),
            "trial_days": .number(trialDays),
        ]
    }
}

/// The office's settings.
package struct OfficeSettings: Sendable {
    let store: Store
    let ambient: Ambient

    package init(store: Store, ambient: Ambient) {
        self.store = store
        self.ambient = ambient
    }

    package func economics() async throws -> Economics {
        try await store.read { tx in try Self.economics(in: tx) }
    }

    package static func economics(in tx: Transaction) throws -> Economics {
        let stored = try tx.first("SELECT value FROM settings WHERE key = 'economics'") {
            try $0.json(0)
        }
        var value = Economics()
        guard let stored else { return value }
        value.serviceHourMinor =
            stored["service_hour_minor"]?.int.map(Int64.init) ?? value.serviceHourMinor
        value.receptionistHourMinor =
            stored["receptionist_hour_minor"]?.int.map(Int64.init) ?? value.receptionistHourMinor
        value.hoursPerDay = stored["hours_per_day"]?.int ?? value.hoursPerDay
        value.daysPerMonth = stored["days_per_month"]?.int ?? value.daysPerMonth
        value.deskMonthMinor =
            stored["desk_month_minor"]?.int.map(Int64.init) ?? value.deskMonthMinor
        value.currency = stored["currency"]?.string ?? value.currency
        value.trialDays = stored["trial_days"]?.int ?? value.trialDays
        return value
    }

    /// Whether the office's people must have a second factor.
    package func requiresSecondFactor() async throws -> Bool {
        try await store.read { tx in try Self.requiresSecondFactor(in: tx) }
    }

    static func requiresSecondFactor(in tx: Transaction) throws -> Bool {
        requiresSecondFactor(
            try tx.first("SELECT value FROM settings WHERE key = 'security'") { try $0.json(0) })
    }

    static func requiresSecondFactor(_ security: JSONValue?) -> Bool {
        security?["require_second_factor"]?.bool ?? false
    }

    /// All the settings, as the API shows them.
    package func json() async throws -> JSONValue {
        try await store.read { tx in try Self.json(in: tx) }
    }

    private static func json(in tx: Transaction) throws -> JSONValue {
        var members = try economics(in: tx).json.object ?? [:]
        members["require_second_factor"] = .bool(try requiresSecondFactor(in: tx))
        return .object(members)
    }

    private static func write(
        _ key: String, _ value: JSONValue, at now: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO settings (key, value, updated_at)
            VALUES (\(key), \(value), \(now))
            ON CONFLICT (key) DO UPDATE
            SET value = excluded.value, updated_at = excluded.updated_at
            """)
    }

    package func updateEconomics(_ body: JSONValue, by actor: Actor) async throws -> Economics {
        try actor.require(.manageOffice)
        var input = try Input(body)
        let factor = input.optionalBool("require_second_factor")
        let money = 0...100_000_000
        let service = input.optionalInteger("service_hour_minor", in: money)
        let receptionist = input.optionalInteger("receptionist_hour_minor", in: money)
        let hours = input.optionalInteger("hours_per_day", in: 1...24)
        let days = input.optionalInteger("days_per_month", in: 1...31)
        let desk = input.optionalInteger("desk_month_minor", in: money)
        let trial = input.optionalInteger("trial_days", in: 0...365)
        let currency = input.optionalText("currency", max: 3)
        if let currency, !Money.isCurrency(currency) {
            input.reject("currency", "currency", "must be an ISO 4217 code such as USD.")
        }
        try input.finish()
        let ambient = ambient
        return try await store.write { tx in
            var value = try Self.economics(in: tx)
            if let service { value.serviceHourMinor = Int64(service) }
            if let receptionist { value.receptionistHourMinor = Int64(receptionist) }
            if let hours { value.hoursPerDay = hours }
            if let days { value.daysPerMonth = days }
            if let desk { value.deskMonthMinor = Int64(desk) }
            if let trial { value.trialDays = trial }
            if let currency { value.currency = currency }
            let before = try Self.json(in: tx)
            try Self.write("economics", value.json, at: ambient.now(), in: tx)
            if let factor {
                try Self.write(
                    "security", ["require_second_factor": .bool(factor)], at: ambient.now(), in: tx)
            }
            try tx.audit(
                "settings.updated", of: "office", in: nil, by: actor, before: before,
                after: try Self.json(in: tx), ambient: ambient)
            try tx.raise(
                Event("settings.updated", account: nil, subject: "economics", ambient: ambient))
            return value
        }
    }
}
