import Kernel
import Store

enum StatisticsQueries {
    static func inquiries(
        of account: AccountID, in range: Range<Instant>, _ tx: Transaction
    ) throws -> [Statistics.Bunch] {
        try tx.all(
            """
            SELECT quarter, kind, channel, disposition, COUNT(*)
            FROM (
                SELECT created_at / \(Statistics.quarterMilliseconds) AS quarter,
                    kind, channel, disposition
                FROM inquiries
                WHERE account_id = \(account)
                    AND created_at >= \(range.lowerBound) AND created_at < \(range.upperBound)
            ) AS recorded
            GROUP BY quarter, kind, channel, disposition
            """
        ) { row in
            Statistics.Bunch(
                quarter: try row.int64(0), kind: try row.text(1), channel: row.textOrNil(2),
                disposition: row.textOrNil(3), count: try row.int(4))
        }
    }

    static func conversations(
        of account: AccountID, in range: Range<Instant>, _ tx: Transaction
    ) throws -> AccountStatistics.Conversations {
        let opened = try tx.first(
            """
            SELECT COUNT(*), COUNT(first_replied_at)
            FROM conversations
            WHERE account_id = \(account)
                AND created_at >= \(range.lowerBound) AND created_at < \(range.upperBound)
            """
        ) { (try $0.int(0), try $0.int(1)) }
        let resolved = try tx.count(
            """
            SELECT COUNT(*)
            FROM conversations
            WHERE account_id = \(account) AND status = 'resolved'
                AND resolved_at >= \(range.lowerBound) AND resolved_at < \(range.upperBound)
            """)
        return .init(opened: opened?.0 ?? 0, replied: opened?.1 ?? 0, resolved: resolved)
    }

    static func messages(
        of account: AccountID, in range: Range<Instant>, _ tx: Transaction
    ) throws -> AccountStatistics.Messages {
        let counts = try tx.all(
            """
            SELECT direction, COUNT(*)
            FROM messages
            WHERE account_id = \(account) AND is_private = 0
                AND created_at >= \(range.lowerBound) AND created_at < \(range.upperBound)
            GROUP BY direction
            """
        ) { (try $0.text(0), try $0.int(1)) }
        let byDirection = Dictionary(uniqueKeysWithValues: counts)
        return .init(
            incoming: byDirection["incoming"] ?? 0, outgoing: byDirection["outgoing"] ?? 0)
    }

    static func appointments(
        of account: AccountID, in range: Range<Instant>, _ tx: Transaction
    ) throws -> AccountStatistics.Appointments {
        let booked = try tx.count(
            """
            SELECT COUNT(*)
            FROM appointments
            WHERE account_id = \(account) AND status <> 'held'
                AND created_at >= \(range.lowerBound) AND created_at < \(range.upperBound)
            """)
        let canceled = try tx.count(
            """
            SELECT COUNT(*)
            FROM appointments
            WHERE account_id = \(account) AND status = 'canceled'
                AND canceled_at >= \(range.lowerBound) AND canceled_at < \(range.upperBound)
            """)
        let held = try tx.all(
            """
            SELECT status, COUNT(*)
            FROM appointments
            WHERE account_id = \(account) AND status IN ('completed', 'no_show')
                AND starts_at >= \(range.lowerBound) AND starts_at < \(range.upperBound)
            GROUP BY status
            """
        ) { (try $0.text(0), try $0.int(1)) }
        let byStatus = Dictionary(uniqueKeysWithValues: held)
        return .init(
            booked: booked, canceled: canceled, completed: byStatus["completed"] ?? 0,
            noShow: byStatus["no_show"] ?? 0)
    }

    /// Milliseconds from beginning to first reply.
    ///
    /// Conversations that we began ourselves have no word of the contact before our first, and
    /// nobody waited in them.
    static func firstResponses(
        of account: AccountID, in range: Range<Instant>, _ tx: Transaction
    ) throws -> [Int64] {
        try tx.all(
            """
            SELECT conversations.first_replied_at - conversations.created_at
            FROM conversations
            WHERE conversations.account_id = \(account)
                AND conversations.created_at >= \(range.lowerBound)
                AND conversations.created_at < \(range.upperBound)
                AND conversations.first_replied_at IS NOT NULL
                AND EXISTS (
                    SELECT 1 FROM messages
                    WHERE messages.conversation_id = conversations.id
                        AND messages.account_id = \(account)
                        AND messages.direction = 'incoming'
                        AND messages.created_at <= conversations.first_replied_at)
            """
        ) { try $0.int64(0) }
    }
}
