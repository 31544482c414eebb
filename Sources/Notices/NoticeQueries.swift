import Kernel
import Store

enum NoticeQueries {
    // MARK: Notices

    static func isTold(_ key: String, in account: AccountID, _ tx: Transaction) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM notices WHERE account_id = \(account) AND told_key = \(key)")
    }

    static func insert(_ notice: Notice, key: String, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO notices (id, account_id, contact_id, purpose, about, told_key, channel,
                address, subject, text, message_id, status, reason, attempts, created_at)
            VALUES (\(notice.id), \(notice.account), \(notice.contact),
                \(notice.purpose.rawValue), \(notice.about), \(key), \(notice.channel?.rawValue),
                \(notice.address), \(notice.subject), \(notice.text), \(notice.message),
                \(notice.status.rawValue), \(notice.reason), \(notice.attempts),
                \(notice.createdAt))
            """)
    }

    /// The conversation in which a client was last heard or answered.
    static func latestConversation(
        of contact: ContactID, account: AccountID, since: Instant, in tx: Transaction
    ) throws -> ConversationID? {
        try tx.first(
            """
            SELECT conversations.id FROM conversations
            JOIN inboxes ON inboxes.id = conversations.inbox_id
            WHERE conversations.account_id = \(account) AND conversations.contact_id = \(contact)
                AND conversations.last_message_at >= \(since) AND inboxes.is_active = 1
            ORDER BY conversations.last_message_at DESC
            LIMIT 1
            """
        ) { try $0.id(0) }
    }

    static func channel(of inbox: InboxID, in tx: Transaction) throws -> Channel? {
        try tx.first("SELECT channel FROM inboxes WHERE id = \(inbox)") { try $0.text(0) }
            .flatMap(Channel.init)
    }

    // MARK: Everything that went out

    private static func read(_ row: Row) throws -> Delivery {
        Delivery(
            id: try row.text(0), account: try row.id(1), contact: row.idOrNil(2),
            to: row.textOrNil(3), channel: row.textOrNil(4), text: try row.text(5),
            purpose: try row.text(6), status: try row.text(7), reason: row.textOrNil(8),
            attempts: try row.int(9), at: try row.instant(10), about: row.textOrNil(11),
            contactName: row.textOrNil(12))
    }

    /// Notices and messages that people wrote, as one list. What became of a notice in a
    /// conversation its message knows; private notes never left the house.
    static func deliveries(
        of account: AccountID, status: String?, purpose: String?, isReversed: Bool,
        after cursor: DeliveryCursor?, limit: Int, in tx: Transaction
    ) throws -> [Delivery] {
        let order: SQL = isReversed ? "DESC" : "ASC"
        func part(_ at: SQL, _ id: SQL) -> SQL {
            guard let cursor else { return "" }
            return isReversed
                ? "AND (\(at), \(id)) < (\(cursor.at), \(cursor.id))"
                : "AND (\(at), \(id)) > (\(cursor.at), \(cursor.id))"
        }
        let wanted: SQL = status.map { "AND COALESCE(m.status, n.status) = \($0)" } ?? ""
        let sent: SQL = status.map { "AND m.status = \($0)" } ?? ""
        let of: SQL = purpose.map { "AND n.purpose = \($0)" } ?? ""
        let messages: SQL = purpose == nil || purpose == "message" ? "" : "AND 1 = 0"
        return try tx.all(
            """
            SELECT * FROM (
                SELECT n.id, n.account_id, n.contact_id, n.address, n.channel, n.text, n.purpose,
                    COALESCE(m.status, n.status), COALESCE(m.failure, n.reason), n.attempts,
                    n.created_at AS at, n.about, c.name
                FROM notices n
                JOIN contacts c ON c.id = n.contact_id AND c.account_id = n.account_id
                LEFT JOIN messages m ON m.id = n.message_id AND m.account_id = n.account_id
                WHERE n.account_id = \(account) \(wanted) \(of) \(part("n.created_at", "n.id"))
                ORDER BY n.created_at \(order), n.id \(order)
                LIMIT \(limit)) notices_part
            UNION ALL
            SELECT * FROM (
                SELECT m.id, m.account_id, v.contact_id, CAST(NULL AS TEXT), i.channel, m.text,
                    'message', m.status, m.failure, 1, m.created_at AS at, v.id, c.name
                FROM messages m
                JOIN conversations v ON v.id = m.conversation_id AND v.account_id = m.account_id
                JOIN contacts c ON c.id = v.contact_id AND c.account_id = v.account_id
                JOIN inboxes i ON i.id = m.inbox_id
                WHERE m.account_id = \(account) AND m.direction = 'outgoing' AND m.is_private = 0
                    AND NOT EXISTS (SELECT 1 FROM notices x WHERE x.message_id = m.id)
                    \(sent) \(messages) \(part("m.created_at", "m.id"))
                ORDER BY m.created_at \(order), m.id \(order)
                LIMIT \(limit)) messages_part
            ORDER BY 11 \(order), 1 \(order)
            LIMIT \(limit)
            """, read)
    }

    // MARK: Settings

    static func settings(of account: AccountID, in tx: Transaction) throws -> NoticeSettings {
        let found = try tx.first(
            """
            SELECT reminders, silenced, review_after_minutes, review_link, version
            FROM notice_settings WHERE account_id = \(account)
            """
        ) { row in
            var settings = NoticeSettings(account: account)
            settings.reminders = try row.text(0).split(separator: " ").compactMap { Int($0) }
            settings.silenced = Set(
                try row.text(1).split(separator: " ").compactMap {
                    Notice.Purpose(rawValue: String($0))
                })
            settings.reviewAfterMinutes = try row.intOrNil(2).map(Int.init)
            settings.reviewLink = row.textOrNil(3)
            settings.version = try row.int(4)
            return settings
        }
        return found ?? NoticeSettings(account: account)
    }

    static func save(_ settings: NoticeSettings, at now: Instant, in tx: Transaction) throws {
        let reminders = settings.reminders.map(String.init).joined(separator: " ")
        let silenced = settings.silenced.map(\.rawValue).sorted().joined(separator: " ")
        let changed = try tx.execute(
            """
            INSERT INTO notice_settings (account_id, reminders, silenced, review_after_minutes,
                review_link, version, updated_at)
            VALUES (\(settings.account), \(reminders), \(silenced),
                \(settings.reviewAfterMinutes), \(settings.reviewLink), \(settings.version), \(now))
            ON CONFLICT (account_id) DO UPDATE
            SET reminders = excluded.reminders, silenced = excluded.silenced,
                review_after_minutes = excluded.review_after_minutes,
                review_link = excluded.review_link, version = excluded.version,
                updated_at = excluded.updated_at
            WHERE notice_settings.version = excluded.version - 1
            """)
        guard changed == 1 else { throw StoreError.busy("notice settings") }
    }
}
