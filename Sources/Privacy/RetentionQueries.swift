import Files
import Kernel
import Store

enum RetentionQueries {
    static func rules(of account: AccountID?, in tx: Transaction) throws -> Retention.Rules {
        let of: SQL = account.map { "account_id = \($0)" } ?? "account_id IS NULL"
        let rows = try tx.all("SELECT class, days FROM retention_rules WHERE \(of)") {
            (RetentionClass(rawValue: try $0.text(0)), try $0.int(1))
        }
        return rows.reduce(into: [:]) { rules, row in
            if let kind = row.0 { rules[kind] = row.1 }
        }
    }

    static func allOwnRules(in tx: Transaction) throws -> [AccountID: Retention.Rules] {
        let rows = try tx.all(
            "SELECT account_id, class, days FROM retention_rules WHERE account_id IS NOT NULL"
        ) {
            (
                try $0.id(0, AccountID.self), RetentionClass(rawValue: try $0.text(1)),
                try $0.int(2)
            )
        }
        return rows.reduce(into: [:]) { all, row in
            if let kind = row.1 { all[row.0, default: [:]][kind] = row.2 }
        }
    }

    static func set(
        _ kind: RetentionClass, _ days: Int?, of account: AccountID?, at now: Instant,
        in tx: Transaction
    ) throws {
        let of: SQL = account.map { "account_id = \($0)" } ?? "account_id IS NULL"
        try tx.execute("DELETE FROM retention_rules WHERE class = \(kind.rawValue) AND \(of)")
        guard let days else { return }
        try tx.execute(
            """
            INSERT INTO retention_rules (account_id, class, days, updated_at)
            VALUES (\(account), \(kind.rawValue), \(days), \(now))
            """)
    }

    static func accounts(in tx: Transaction) throws -> [AccountID] {
        try tx.all("SELECT id FROM accounts ORDER BY id") { try $0.id(0) }
    }

    // MARK: What is old

    private static func old(
        _ kind: RetentionClass, of account: AccountID, before cutoff: Instant
    ) -> (table: SQL, key: SQL, rows: SQL) {
        switch kind {
        case .messages:
            (
                "messages", "id",
                "account_id = \(account) AND created_at < \(cutoff) AND status <> 'queued'"
            )
        case .inquiries:
            ("inquiries", "id", "account_id = \(account) AND created_at < \(cutoff)")
        case .files:
            (
                "files", "id",
                "account_id = \(account) AND created_at < \(cutoff) AND purpose = 'attachment'"
            )
        case .events:
            // The newest stays: the next number is counted from it.
            (
                "events", "sequence",
                """
                account_id = \(account) AND occurred_at < \(cutoff)
                    AND sequence < (SELECT MAX(sequence) FROM events)
                """
            )
        case .audit:
            ("audit_entries", "id", "account_id = \(account) AND occurred_at < \(cutoff)")
        case .webhookLog:
            (
                "webhook_deliveries", "id",
                "account_id = \(account) AND created_at < \(cutoff) AND status <> 'waiting'"
            )
        case .visitors:
            ("widget_sessions", "token_hash", "account_id = \(account) AND created_at < \(cutoff)")
        }
    }

    static func count(
        _ kind: RetentionClass, of account: AccountID, before cutoff: Instant, in tx: Transaction
    ) throws -> Int {
        let old = old(kind, of: account, before: cutoff)
        return try tx.count("SELECT COUNT(*) FROM \(old.table) WHERE \(old.rows)")
    }

    static func count(
        _ kind: RetentionClass, of account: AccountID, before cutoff: Instant, upTo most: Int,
        in tx: Transaction
    ) throws -> Int {
        let old = old(kind, of: account, before: cutoff)
        return try tx.count(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 FROM \(old.table) WHERE \(old.rows) LIMIT \(most)) AS counted
            """)
    }

    /// Takes some away; answers how many.
    static func purge(
        _ kind: RetentionClass, of account: AccountID, before cutoff: Instant, limit: Int,
        ambient: Ambient, in tx: Transaction
    ) throws -> Int {
        let old = old(kind, of: account, before: cutoff)
        let some: SQL =
            "SELECT \(old.key) FROM \(old.table) WHERE \(old.rows) LIMIT \(limit)"
        switch kind {
        case .files:
            let files = try tx.all(some) { try $0.id(0, FileID.self) }
            try FileCabinet.delete(files, of: account, ambient: ambient, in: tx)
            return files.count
        case .messages:
            let messages = try tx.all(some) { try $0.id(0, MessageID.self) }
            try delete(messages, of: account, ambient: ambient, in: tx)
            return messages.isEmpty
                ? try deleteConversations(of: account, before: cutoff, limit: limit, in: tx)
                : messages.count
        default:
            return try tx.execute(
                "DELETE FROM \(old.table) WHERE account_id = \(account) AND \(old.key) IN (\(some))"
            )
        }
    }

    /// Messages with what hangs on them.
    private static func delete(
        _ messages: [MessageID], of account: AccountID, ambient: Ambient, in tx: Transaction
    ) throws {
        let files = try tx.all(
            """
            SELECT DISTINCT file_id FROM message_attachments
            WHERE account_id = \(account) AND message_id IN (\(list: messages))
            """
        ) { try $0.id(0, FileID.self) }
        try tx.execute(
            """
            DELETE FROM message_attachments
            WHERE account_id = \(account) AND message_id IN (\(list: messages))
            """)
        let loose = try files.filter { file in
            try !tx.exists(
                """
                SELECT 1 FROM message_attachments
                WHERE account_id = \(account) AND file_id = \(file)
                """)
        }
        try FileCabinet.delete(loose, of: account, ambient: ambient, in: tx)
        try tx.execute(
            """
            DELETE FROM notices
            WHERE account_id = \(account) AND message_id IN (\(list: messages))
            """)
        try tx.execute(
            "DELETE FROM messages WHERE account_id = \(account) AND id IN (\(list: messages))")
    }

    /// Conversations that have nothing left in them.
    private static func deleteConversations(
        of account: AccountID, before cutoff: Instant, limit: Int, in tx: Transaction
    ) throws -> Int {
        let ids = try tx.all(
            """
            SELECT id FROM conversations
            WHERE account_id = \(account) AND last_message_at < \(cutoff)
                AND NOT EXISTS (
                    SELECT 1 FROM messages
                    WHERE messages.conversation_id = conversations.id)
            LIMIT \(limit)
            """
        ) { try $0.id(0, ConversationID.self) }
        for id in ids {
            try tx.execute(
                """
                UPDATE inquiries SET conversation_id = NULL
                WHERE account_id = \(account) AND conversation_id = \(id)
                """)
            try tx.execute(
                """
                UPDATE appointments SET conversation_id = NULL
                WHERE account_id = \(account) AND conversation_id = \(id)
                """)
            try tx.execute(
                "DELETE FROM conversations WHERE account_id = \(account) AND id = \(id)")
        }
        return ids.count
    }
}
