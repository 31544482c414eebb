import Kernel
import Store

/// The last row of a page: when it was recorded, and its id.
struct InquiryCursor: Sendable {
    var createdAt: Instant
    var id: String

    init(_ text: String) throws {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let milliseconds = Int64(parts[0]) else {
            throw Refusal.invalid("cursor", "cursor", "is not a cursor of this list.")
        }
        createdAt = Instant(milliseconds: milliseconds)
        id = String(parts[1])
    }

    static func text(of inquiry: Inquiry) -> String {
        "\(inquiry.createdAt.milliseconds).\(inquiry.id)"
    }
}

enum InquiryQueries {
    static let columns: SQL = """
        inquiries.id, inquiries.account_id, inquiries.conversation_id, inquiries.contact_id,
        inquiries.appointment_id, inquiries.kind, inquiries.topic, inquiries.disposition,
        inquiries.channel, inquiries.notes, inquiries.created_by, inquiries.version,
        inquiries.created_at
        """

    private static func read(_ row: Row) throws -> Inquiry {
        Inquiry(
            id: try row.id(0), account: try row.id(1), conversation: row.idOrNil(2),
            contact: row.idOrNil(3), appointment: row.idOrNil(4), kind: try row.word(5),
            topic: row.textOrNil(6), disposition: row.textOrNil(7), channel: row.textOrNil(8),
            notes: row.textOrNil(9), createdBy: row.idOrNil(10), version: try row.int(11),
            createdAt: try row.instant(12))
    }

    static func insert(_ inquiry: Inquiry, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO inquiries
                (id, account_id, conversation_id, contact_id, appointment_id, kind, topic,
                disposition, channel, notes, created_by, version, created_at)
            VALUES (\(inquiry.id), \(inquiry.account), \(inquiry.conversation),
                \(inquiry.contact), \(inquiry.appointment), \(inquiry.kind.rawValue),
                \(inquiry.topic), \(inquiry.disposition), \(inquiry.channel),
                \(inquiry.notes), \(inquiry.createdBy), \(inquiry.version),
                \(inquiry.createdAt))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ inquiry: Inquiry, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            UPDATE inquiries
            SET contact_id = \(inquiry.contact), appointment_id = \(inquiry.appointment),
                kind = \(inquiry.kind.rawValue), topic = \(inquiry.topic),
                disposition = \(inquiry.disposition), channel = \(inquiry.channel),
                notes = \(inquiry.notes), version = \(inquiry.version)
            WHERE id = \(inquiry.id) AND account_id = \(inquiry.account)
                AND version = \(inquiry.version - 1)
            """)
        if written != 1 { throw StoreError.busy("the inquiry was written meanwhile") }
    }

    static func inquiry(_ id: InquiryID, in tx: Transaction) throws -> Inquiry? {
        try tx.first("SELECT \(columns) FROM inquiries WHERE id = \(id)", read)
    }

    static func entries(
        of account: AccountID, _ filter: InquiryFilter, after: InquiryCursor?, limit: Int,
        in tx: Transaction
    ) throws -> [InquiryEntry] {
        var which: SQL = ""
        if let kind = filter.kind { which = which + " AND inquiries.kind = \(kind.rawValue)" }
        if let conversation = filter.conversation {
            which = which + " AND inquiries.conversation_id = \(conversation)"
        }
        if let from = filter.from { which = which + " AND inquiries.created_at >= \(from)" }
        if let to = filter.to { which = which + " AND inquiries.created_at < \(to)" }
        if let after {
            which =
                which + """
                     AND (inquiries.created_at, inquiries.id) < (\(after.createdAt), \(after.id))
                    """
        }
        return try tx.all(
            """
            SELECT \(columns), contacts.name
            FROM inquiries
            LEFT JOIN contacts
                ON contacts.id = inquiries.contact_id AND contacts.account_id = \(account)
            WHERE inquiries.account_id = \(account) \(which)
            ORDER BY inquiries.created_at DESC, inquiries.id DESC
            LIMIT \(limit)
            """
        ) { InquiryEntry(inquiry: try read($0), contactName: $0.textOrNil(13)) }
    }

    /// Whose conversation it is, and through which channel.
    static func origin(
        _ conversation: ConversationID, of account: AccountID, in tx: Transaction
    ) throws -> (contact: ContactID, channel: String)? {
        try tx.first(
            """
            SELECT conversations.contact_id, inboxes.channel
            FROM conversations
            JOIN inboxes ON inboxes.id = conversations.inbox_id
            WHERE conversations.id = \(conversation) AND conversations.account_id = \(account)
            """
        ) { (try $0.id(0), try $0.text(1)) }
    }

    static func hasContact(
        _ contact: ContactID, of account: AccountID, in tx: Transaction
    ) throws -> Bool {
        try tx.exists("SELECT 1 FROM contacts WHERE id = \(contact) AND account_id = \(account)")
    }

    /// nil: no such appointment; its contact may be nil.
    static func booking(
        _ appointment: AppointmentID, of account: AccountID, in tx: Transaction
    ) throws -> (contact: ContactID?, exists: Bool)? {
        try tx.first(
            """
            SELECT contact_id
            FROM appointments
            WHERE id = \(appointment) AND account_id = \(account)
            """
        ) { ($0.idOrNil(0), true) }
    }
}
