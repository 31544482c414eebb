import Kernel
import Store

enum FileQueries {
    private static let columns: SQL = """
        files.id, files.account_id, files.contact_id, files.created_by, files.purpose, files.name,
        files.claimed_type, files.type, files.size, files.received, files.sha256, files.state,
        files.expires_at, files.created_at
        """

    private static func read(_ row: Row) throws -> StoredFile {
        StoredFile(
            id: try row.id(0), account: try row.id(1), contact: row.idOrNil(2),
            creator: row.idOrNil(3), purpose: try row.word(4), name: try row.text(5),
            claimedType: row.textOrNil(6), type: row.textOrNil(7), size: try row.int64(8),
            received: try row.int64(9), sha256: row.textOrNil(10), state: try row.word(11),
            expiresAt: try row.instantOrNil(12), createdAt: try row.instant(13))
    }

    static func insert(_ file: StoredFile, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO files
                (id, account_id, contact_id, created_by, purpose, name, claimed_type, type, size,
                received, sha256, state, expires_at, created_at)
            VALUES (\(file.id), \(file.account), \(file.contact), \(file.creator),
                \(file.purpose.rawValue), \(file.name), \(file.claimedType), \(file.type),
                \(file.size), \(file.received), \(file.sha256), \(file.state.rawValue),
                \(file.expiresAt), \(file.createdAt))
            """)
    }

    static func file(_ id: FileID, in tx: Transaction) throws -> StoredFile? {
        try tx.first("SELECT \(columns) FROM files WHERE id = \(id)", read)
    }

    /// Saves how much has arrived, unless somebody finished it meanwhile.
    static func setReceived(
        _ received: Int64, of file: StoredFile, expires: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE files SET received = \(received), expires_at = \(expires)
            WHERE id = \(file.id) AND account_id = \(file.account) AND state = 'uploading'
            """)
    }

    static func setReady(_ file: StoredFile, in tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE files
            SET state = 'ready', type = \(file.type), size = \(file.size),
                received = \(file.received), sha256 = \(file.sha256),
                expires_at = \(file.expiresAt)
            WHERE id = \(file.id) AND account_id = \(file.account) AND state = 'uploading'
            """) == 1
    }

    /// What an account's files take, unfinished ones with their whole size.
    static func usage(
        of account: AccountID, in tx: Transaction
    ) throws -> (bytes: Int64, unfinished: Int) {
        try tx.first(
            """
            SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT),
                COALESCE(SUM(CASE WHEN state = 'uploading' THEN 1 ELSE 0 END), 0)
            FROM files
            WHERE account_id = \(account)
            """
        ) { (try $0.int64(0), try $0.int(1)) } ?? (0, 0)
    }

    /// Locks the account, so that two uploads at once do not both take the last room.
    static func lockAccount(_ account: AccountID, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT id FROM accounts WHERE id = \(account) \(.forUpdate)")
    }

    static func isContact(
        _ contact: ContactID, of account: AccountID, in tx: Transaction
    ) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM contacts WHERE id = \(contact) AND account_id = \(account)")
    }

    static func delete(_ file: FileID, of account: AccountID, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM message_attachments
            WHERE file_id = \(file) AND account_id = \(account)
            """)
        try tx.execute(
            """
            UPDATE contact_exports SET file_id = NULL
            WHERE file_id = \(file) AND account_id = \(account)
            """)
        try tx.execute("DELETE FROM files WHERE id = \(file) AND account_id = \(account)")
    }

    /// Whose time has come.
    static func expired(now: Instant, limit: Int, in tx: Transaction) throws -> [StoredFile] {
        try tx.all(
            """
            SELECT \(columns) FROM files
            WHERE expires_at <= \(now)
            ORDER BY expires_at
            LIMIT \(limit)
            """, read)
    }

    // MARK: Attachments

    static func attach(
        _ file: FileID, to message: MessageID, of account: AccountID, at position: Int,
        in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO message_attachments (account_id, message_id, file_id, position)
            VALUES (\(account), \(message), \(file), \(position))
            """)
    }

    /// A file that a message carries stays, and is that contact's.
    static func keep(
        _ file: FileID, of account: AccountID, for contact: ContactID, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE files SET expires_at = NULL, contact_id = \(contact)
            WHERE id = \(file) AND account_id = \(account)
            """)
    }

    static func attachments(
        of messages: [MessageID], account: AccountID, in tx: Transaction
    ) throws -> [(message: MessageID, file: StoredFile)] {
        guard !messages.isEmpty else { return [] }
        return try tx.all(
            """
            SELECT \(columns), message_attachments.message_id
            FROM message_attachments JOIN files ON files.id = message_attachments.file_id
            WHERE message_attachments.account_id = \(account)
                AND message_attachments.message_id IN (\(list: messages))
            ORDER BY message_attachments.message_id, message_attachments.position
            """
        ) { (try $0.id(14, MessageID.self), try read($0)) }
    }

    /// Whether a message carries the file; of private notes only when they are asked for too.
    static func isAttached(
        _ file: FileID, of account: AccountID, withNotes: Bool, in tx: Transaction
    ) throws -> Bool {
        try tx.exists(
            """
            SELECT 1
            FROM message_attachments JOIN messages ON messages.id = message_attachments.message_id
            WHERE message_attachments.account_id = \(account)
                AND message_attachments.file_id = \(file)
                AND messages.is_private <= \(withNotes)
            """)
    }
}
