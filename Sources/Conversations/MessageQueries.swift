import Files
import Kernel
import Store

extension ConversationQueries {
    private static let messageColumns: SQL = """
        messages.id, messages.account_id, messages.conversation_id, messages.inbox_id,
        messages.direction, messages.is_private, messages.text, messages.status,
        messages.source_id, messages.author_id, messages.author_name, messages.failure,
        messages.sent_at, messages.created_at
        """

    private static func readMessage(_ row: Row) throws -> Message {
        Message(
            id: try row.id(0), account: try row.id(1), conversation: try row.id(2),
            inbox: try row.id(3), direction: try row.word(4), isPrivate: try row.bool(5),
            text: try row.text(6), status: try row.word(7), sourceID: row.textOrNil(8),
            author: row.idOrNil(9), authorName: row.textOrNil(10), failure: row.textOrNil(11),
            sentAt: try row.instantOrNil(12), createdAt: try row.instant(13))
    }

    static func insert(_ message: Message, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO messages
                (id, account_id, conversation_id, inbox_id, direction, is_private, text, status,
                source_id, author_id, author_name, failure, sent_at, created_at)
            VALUES (\(message.id), \(message.account), \(message.conversation), \(message.inbox),
                \(message.direction.rawValue), \(message.isPrivate), \(message.text),
                \(message.status.rawValue), \(message.sourceID), \(message.author),
                \(message.authorName), \(message.failure), \(message.sentAt),
                \(message.createdAt))
            """)
    }

    /// Since when the client waits for the office's answer, by the messages alone.
    static func unansweredSince(
        _ conversation: Conversation, in tx: Transaction
    ) throws -> Instant? {
        try tx.first(
            """
            SELECT MIN(created_at) FROM messages
            WHERE conversation_id = \(conversation.id) AND account_id = \(conversation.account)
                AND direction = 'incoming' AND created_at > COALESCE((
                    SELECT MAX(created_at) FROM messages
                    WHERE conversation_id = \(conversation.id)
                        AND account_id = \(conversation.account)
                        AND direction = 'outgoing' AND is_private = 0
                        AND author_id IS NOT NULL), 0)
            """
        ) { try $0.instantOrNil(0) } ?? nil
    }

    static func message(_ id: MessageID, in tx: Transaction) throws -> Message? {
        let found = try tx.first(
            "SELECT \(messageColumns) FROM messages WHERE id = \(id)", readMessage)
        return try withFiles(found.map { [$0] } ?? [], in: tx).first
    }

    /// With what hangs on them; all are of one account.
    private static func withFiles(_ messages: [Message], in tx: Transaction) throws -> [Message] {
        guard let account = messages.first?.account else { return [] }
        let files = try Attachments.of(messages.map(\.id), account: account, in: tx)
        if files.isEmpty { return messages }
        return messages.map { message in
            var message = message
            message.attachments = files[message.id] ?? []
            return message
        }
    }

    static func message(
        sourceID: String, inbox: InboxID, account: AccountID, in tx: Transaction
    ) throws -> Message? {
        let found = try tx.first(
            """
            SELECT \(messageColumns) FROM messages
            WHERE account_id = \(account) AND inbox_id = \(inbox) AND source_id = \(sourceID)
            """, readMessage)
        return try withFiles(found.map { [$0] } ?? [], in: tx).first
    }

    /// Oldest first, after `(created_at, id)` of the cursor.
    static func messages(
        of conversation: ConversationID, account: AccountID, withNotes: Bool,
        after: (Instant, String)?, limit: Int, in tx: Transaction
    ) throws -> [Message] {
        let cursor = after ?? (Instant(milliseconds: -1), "")
        let found = try tx.all(
            """
            SELECT \(messageColumns) FROM messages
            WHERE account_id = \(account) AND conversation_id = \(conversation)
                AND (created_at, id) > (\(cursor.0), \(cursor.1))
                AND is_private <= \(withNotes)
            ORDER BY created_at, id
            LIMIT \(limit)
            """, readMessage)
        return try withFiles(found, in: tx)
    }

    /// The newest messages, oldest first.
    static func latestMessages(
        of conversation: ConversationID, account: AccountID, limit: Int, in tx: Transaction
    ) throws -> [Message] {
        let found = try tx.all(
            """
            SELECT \(messageColumns) FROM messages
            WHERE account_id = \(account) AND conversation_id = \(conversation)
            ORDER BY created_at DESC, id DESC
            LIMIT \(limit)
            """, readMessage)
        return try withFiles(found.reversed(), in: tx)
    }

    /// What the contact may see of everything said with them, oldest first: the newest `limit`,
    /// or what came after a cursor.
    static func visible(
        to contact: ContactID, account: AccountID, after: (Instant, String)?, limit: Int,
        in tx: Transaction
    ) throws -> [Message] {
        let from: SQL = """
            SELECT \(messageColumns)
            FROM messages JOIN conversations ON conversations.id = messages.conversation_id
            WHERE messages.account_id = \(account) AND conversations.contact_id = \(contact)
                AND messages.is_private = 0
            """
        guard let after else {
            let newest = try tx.all(
                """
                \(from)
                ORDER BY messages.created_at DESC, messages.id DESC
                LIMIT \(limit)
                """, readMessage)
            return try withFiles(newest.reversed(), in: tx)
        }
        let found = try tx.all(
            """
            \(from) AND (messages.created_at, messages.id) > (\(after.0), \(after.1))
            ORDER BY messages.created_at, messages.id
            LIMIT \(limit)
            """, readMessage)
        return try withFiles(found, in: tx)
    }

    static func outgoing(
        of conversation: ConversationID, account: AccountID, upTo last: Message,
        in tx: Transaction
    ) throws -> [Message] {
        try tx.all(
            """
            SELECT \(messageColumns) FROM messages
            WHERE account_id = \(account) AND conversation_id = \(conversation)
                AND direction = 'outgoing' AND is_private = 0
                AND status NOT IN ('queued', 'failed', 'read')
                AND (created_at, id) <= (\(last.createdAt), \(last.id.text))
            ORDER BY created_at, id
            LIMIT 500
            """, readMessage)
    }

    static func markRead(
        _ direction: Message.Direction, of conversation: ConversationID, account: AccountID,
        in tx: Transaction
    ) throws -> [MessageID] {
        try tx.all(
            """
            UPDATE messages SET status = 'read'
            WHERE account_id = \(account) AND conversation_id = \(conversation)
                AND direction = \(direction.rawValue) AND status <> 'read'
            RETURNING id
            """
        ) { try $0.id(0, MessageID.self) }.sorted()
    }

    static func setStatus(
        _ status: Message.Status, of message: Message, sourceID: String?, failure: String?,
        in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE messages
            SET status = \(status.rawValue), failure = \(failure),
                source_id = COALESCE(\(sourceID), source_id)
            WHERE id = \(message.id) AND account_id = \(message.account)
            """)
    }
}
