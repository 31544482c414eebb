import Kernel
import Store

enum SeriesQueries {
    static func insert(
        _ series: SeriesID, _ rule: String, of account: AccountID, at now: Instant,
        in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO appointment_series (id, account_id, rrule, created_at)
            VALUES (\(series), \(account), \(rule), \(now))
            """)
    }

    /// Those of a series that may still take place, from this start on, by time.
    static func coming(
        of series: SeriesID, account: AccountID, from start: Instant, in tx: Transaction
    ) throws -> [Appointment] {
        try tx.all(
            """
            SELECT \(AppointmentQueries.columns) FROM appointments p
            WHERE p.series_id = \(series) AND p.account_id = \(account)
                AND p.status IN ('pending', 'confirmed') AND p.starts_at >= \(start)
            ORDER BY p.starts_at, p.id
            """, AppointmentQueries.read)
    }
}
