import Kernel
import Store

enum PublicBookingQueries {
    // MARK: The page

    static func settings(
        of account: AccountID, in tx: Transaction
    ) throws -> BookingPageSettings {
        let found = try tx.first(
            """
            SELECT is_open, greeting, asks_for, service_ids, version
            FROM booking_pages WHERE account_id = \(account)
            """
        ) { row in
            var settings = BookingPageSettings(account: account)
            settings.isOpen = try row.bool(0)
            settings.greeting = row.textOrNil(1)
            settings.asksFor = try row.word(2)
            settings.services = row.textOrNil(3).map(AppointmentQueries.ids)
            settings.version = try row.int(4)
            return settings
        }
        return found ?? BookingPageSettings(account: account)
    }

    static func save(
        _ settings: BookingPageSettings, at now: Instant, in tx: Transaction
    ) throws {
        let services = settings.services.map(AppointmentQueries.text)
        let changed = try tx.execute(
            """
            INSERT INTO booking_pages
                (account_id, is_open, greeting, asks_for, service_ids, version, updated_at)
            VALUES (\(settings.account), \(settings.isOpen), \(settings.greeting),
                \(settings.asksFor.rawValue), \(services), \(settings.version), \(now))
            ON CONFLICT (account_id) DO UPDATE
            SET is_open = excluded.is_open, greeting = excluded.greeting,
                asks_for = excluded.asks_for, service_ids = excluded.service_ids,
                version = excluded.version, updated_at = excluded.updated_at
            WHERE booking_pages.version = excluded.version - 1
            """)
        guard changed == 1 else { throw StoreError.busy("booking page") }
    }

    // MARK: The policy

    static func policy(of account: AccountID, in tx: Transaction) throws -> BookingPolicy {
        let found = try tx.first(
            """
            SELECT cutoff_minutes, late_fee_minor, no_show_fee_minor, fee_currency, words, version
            FROM booking_policies WHERE account_id = \(account)
            """
        ) { row in
            var policy = BookingPolicy(account: account)
            let currency = try row.text(3)
            policy.cutoffMinutes = try row.int(0)
            policy.lateFee = try row.intOrNil(1).map { Money(minor: $0, currency: currency) }
            policy.noShowFee = try row.intOrNil(2).map { Money(minor: $0, currency: currency) }
            policy.words = row.textOrNil(4)
            policy.version = try row.int(5)
            return policy
        }
        return found ?? BookingPolicy(account: account)
    }

    static func save(
        _ policy: BookingPolicy, currency: String, at now: Instant, in tx: Transaction
    ) throws {
        let changed = try tx.execute(
            """
            INSERT INTO booking_policies
                (account_id, cutoff_minutes, late_fee_minor, no_show_fee_minor, fee_currency,
                words, version, updated_at)
            VALUES (\(policy.account), \(policy.cutoffMinutes), \(policy.lateFee?.minor),
                \(policy.noShowFee?.minor), \(currency), \(policy.words), \(policy.version), \(now))
            ON CONFLICT (account_id) DO UPDATE
            SET cutoff_minutes = excluded.cutoff_minutes,
                late_fee_minor = excluded.late_fee_minor,
                no_show_fee_minor = excluded.no_show_fee_minor,
                fee_currency = excluded.fee_currency, words = excluded.words,
                version = excluded.version, updated_at = excluded.updated_at
            WHERE booking_policies.version = excluded.version - 1
            """)
        guard changed == 1 else { throw StoreError.busy("booking policy") }
    }

    /// How many times of a business are held by those who book by themselves.
    static func visitorsHolds(
        of account: AccountID, at now: Instant, in tx: Transaction
    ) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) FROM appointments
            WHERE account_id = \(account) AND status = 'held' AND expires_at > \(now)
                AND booked_by = \(Actor.visitorID)
            """
        ) { try $0.int(0) } ?? 0
    }
}
