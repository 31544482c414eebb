import Kernel
import Store

enum ConversationQueries {
    static func accountExists(_ account: AccountID, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM accounts WHERE id = \(account)")
    }

    /// Agents are the office's people who are not shut out.
    static func isAgent(_ user: UserID, in tx: Transaction) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM users WHERE id = \(user) AND office_role IS NOT NULL AND is_active = 1")
    }

    static func lock(contact: ContactID, account: AccountID, in tx: Transaction) throws {
        let isThere = try tx.exists(
            "SELECT id FROM contacts WHERE id = \(contact) AND account_id = \(account) \(.forUpdate)"
        )
        // Erased at this moment: the next try makes a new one.
        if !isThere { throw StoreError.busy("contact") }
    }

    static func address(
        of contact: ContactID, channel: String, account: AccountID, in tx: Transaction
    ) throws -> String? {
        try tx.first(
            """
            SELECT address FROM contact_points
            WHERE account_id = \(account) AND contact_id = \(contact) AND channel = \(channel)
            ORDER BY is_verified DESC, created_at DESC
            LIMIT 1
            """
        ) { try $0.text(0) }
    }

    // MARK: Inboxes

    private static let inboxColumns: SQL =
        "id, account_id, name, channel, config, is_active, version, created_at"

    private static func readInbox(_ row: Row) throws -> Inbox {
        Inbox(
            id: try row.id(0), account: try row.id(1), name: try row.text(2),
            channel: try row.text(3), config: try row.json(4), isActive: try row.bool(5),
            version: try row.int(6), createdAt: try row.instant(7))
    }

    static func insert(_ inbox: Inbox, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO inboxes (\(inboxColumns))
            VALUES (\(inbox.id), \(inbox.account), \(inbox.name), \(inbox.channel),
                \(inbox.config), \(inbox.isActive), \(inbox.version), \(inbox.createdAt))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ inbox: Inbox, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            UPDATE inboxes
            SET name = \(inbox.name), config = \(inbox.config), is_active = \(inbox.isActive),
                version = \(inbox.version)
            WHERE id = \(inbox.id) AND account_id = \(inbox.account)
                AND version = \(inbox.version - 1)
            """)
        if written != 1 { throw StoreError.busy("inbox \(inbox.id)") }
    }

    static func inbox(_ id: InboxID, in tx: Transaction) throws -> Inbox? {
        try tx.first("SELECT \(inboxColumns) FROM inboxes WHERE id = \(id)", readInbox)
    }

    static func inboxes(
        of account: AccountID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [Inbox] {
        try tx.all(
            """
            SELECT \(inboxColumns) FROM inboxes
            WHERE account_id = \(account) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, readInbox)
    }

    // MARK: Conversations

    static let columns: SQL = """
        conversations.id, conversations.account_id, conversations.contact_id,
        conversations.inbox_id, conversations.status, conversations.assignee_id,
        conversations.waiting_since, conversations.snoozed_until, conversations.last_message_at,
        conversations.preview, conversations.unread, conversations.first_replied_at,
        conversations.resolved_at, conversations.version, conversations.created_at
        """
    static let columnCount = 15

    static func read(_ row: Row) throws -> Conversation {
        Conversation(
            id: try row.id(0), account: try row.id(1), contact: try row.id(2),
            inbox: try row.id(3), status: try row.word(4), assignee: row.idOrNil(5),
            waitingSince: try row.instantOrNil(6), snoozedUntil: try row.instantOrNil(7),
            lastMessageAt: try row.instant(8), preview: try row.text(9), unread: try row.int(10),
            firstRepliedAt: try row.instantOrNil(11), resolvedAt: try row.instantOrNil(12),
            version: try row.int(13), createdAt: try row.instant(14))
    }

    static func insert(_ conversation: Conversation, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO conversations
                (id, account_id, contact_id, inbox_id, status, last_message_at, preview, version,
                created_at)
            VALUES (\(conversation.id), \(conversation.account), \(conversation.contact),
                \(conversation.inbox), \(conversation.status.rawValue),
                \(conversation.lastMessageAt), \(conversation.preview), \(conversation.version),
                \(conversation.createdAt))
            """)
    }

    static func update(_ conversation: Conversation, in tx: Transaction) throws {
        let changed = try tx.execute(
            """
            UPDATE conversations
            SET inbox_id = \(conversation.inbox), status = \(conversation.status.rawValue),
                assignee_id = \(conversation.assignee),
                waiting_since = \(conversation.waitingSince),
                snoozed_until = \(conversation.snoozedUntil),
                last_message_at = \(conversation.lastMessageAt),
                preview = \(conversation.preview), unread = \(conversation.unread),
                first_replied_at = \(conversation.firstRepliedAt),
                resolved_at = \(conversation.resolvedAt), version = \(conversation.version)
            WHERE id = \(conversation.id) AND account_id = \(conversation.account)
                AND version = \(conversation.version - 1)
            """)
        guard changed == 1 else { throw StoreError.busy("conversation") }
    }

    static func conversation(
        _ id: ConversationID, locking: Bool, in tx: Transaction
    ) throws -> Conversation? {
        let select: SQL = "SELECT \(columns) FROM conversations WHERE id = \(id)"
        return try tx.first(locking ? "\(select) \(.forUpdate)" : select, read)
    }

    /// Found by what is committed, then locked and read as it is at that moment.
    static func lockedLatest(
        of contact: ContactID, account: AccountID, in tx: Transaction
    ) throws -> Conversation? {
        try tx.first(
            """
            SELECT \(columns) FROM conversations
            WHERE id = (
                SELECT latest.id FROM conversations latest
                WHERE latest.account_id = \(account) AND latest.contact_id = \(contact)
                ORDER BY latest.last_message_at DESC, latest.id DESC
                LIMIT 1
            ) \(.forUpdate)
            """, read)
    }
}
