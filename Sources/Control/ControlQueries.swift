import Kernel
import Store

enum ControlQueries {
    /// What the list of businesses shows of each.
    static func openConversations(of account: AccountID, in tx: Transaction) throws -> Int {
        try tx.count(
            """
            SELECT COUNT(*) FROM conversations
            WHERE account_id = \(account) AND status = 'open'
            """)
    }

    static func waitingConversations(of account: AccountID, in tx: Transaction) throws -> Int {
        try tx.count(
            """
            SELECT COUNT(*) FROM conversations
            WHERE account_id = \(account) AND status = 'open' AND waiting_since IS NOT NULL
            """)
    }

    static func appointments(
        of account: AccountID, from: Instant, to: Instant, in tx: Transaction
    ) throws -> Int {
        try tx.count(
            """
            SELECT COUNT(*) FROM appointments
            WHERE account_id = \(account) AND starts_at >= \(from) AND starts_at < \(to)
                AND status IN ('pending', 'confirmed', 'completed', 'no_show')
            """)
    }
}
