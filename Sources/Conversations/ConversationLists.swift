import Contacts
import Kernel
import PhoneNumbers
import Store
import WebShell

/// One line of a list of conversations, with the names that people look for.
package struct ConversationSummary: Sendable {
    package var conversation: Conversation
    /// Empty in the list of one business, whose callers know whom they ask about.
    package var accountName: String
    package var accountHue: Int
    package var contactName: String?
    package var channel: String
    package var assigneeName: String?

    package var json: JSONValue {
        var members = conversation.json.object ?? [:]
        members["contact_name"] = .text(contactName)
        members["channel"] = .string(channel)
        members["assignee_name"] = .text(assigneeName)
        return .object(members)
    }

    /// The same as `json`, for lists.
    package func write(to object: inout JSONWriter) {
        let of = conversation
        object.member("account_id", of.account)
        object.member("assignee_id", of.assignee)
        object.member("assignee_name", assigneeName)
        object.member("channel", channel)
        object.member("contact_id", of.contact)
        object.member("contact_name", contactName)
        object.member("created_at", of.createdAt)
        object.member("first_replied_at", of.firstRepliedAt)
        object.member("id", of.id)
        object.member("inbox_id", of.inbox)
        object.member("last_message_at", of.lastMessageAt)
        object.member("preview", of.preview)
        object.member("resolved_at", of.resolvedAt)
        object.member("snoozed_until", of.snoozedUntil)
        object.member("status", of.status.rawValue)
        object.member("unread", of.unread)
        object.member("version", of.version)
        object.member("waiting_since", of.waitingSince)
    }

    package var displayName: String {
        contactName ?? "Visitor \(conversation.contact.text.suffix(4).uppercased())"
    }
}

/// What a list is narrowed to.
package struct ConversationFilter: Sendable {
    package var account: AccountID?
    package var statuses: [Conversation.Status] = []
    /// `me`-like resolution is the caller's; `.some(nil)` means unassigned.
    package var assignee: UserID??
    package var inbox: InboxID?
    package var terms: [PhoneSearch.Term] = []
    package var contact: ContactID?

    package init() {}
}

extension Correspondence {
    /// Conversations of one account, newest activity first.
    package func conversations(
        _ filter: ConversationFilter, of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [ConversationSummary] {
        try actor.require(.viewAccount, in: account)
        var filter = filter
        filter.account = account
        let wanted = filter
        return try await store.read { tx in
            func requireAccount() throws {
                guard try ConversationQueries.accountExists(account, in: tx) else {
                    throw Refusal.notFound()
                }
            }
            if paging.after != nil { try requireAccount() }
            let found = try ConversationQueries.summaries(
                wanted, after: try Self.position(paging.after), limit: paging.fetch,
                namesAccounts: false, in: tx)
            // A business that has conversations is there.
            if paging.after == nil, found.isEmpty { try requireAccount() }
            return found
        }
    }

    /// The office's queue over all businesses: those who wait longest first, then the rest by
    /// newest activity. At most `limit`.
    package static func queue(
        for actor: Actor, limit: Int = 200, in tx: Transaction
    ) throws -> [ConversationSummary] {
        guard actor.isOffice else { throw Refusal.forbidden() }
        var filter = ConversationFilter()
        filter.statuses = [.open]
        let items = try ConversationQueries.summaries(filter, after: nil, limit: limit, in: tx)
        // The rest is in its order already; whole rows are too large to be moved by sorting.
        let waiting = items.indices.compactMap { index in
            items[index].conversation.waitingSince.map { ($0, items[index].conversation.id, index) }
        }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        return waiting.map { items[$0.2] }
            + items.filter { $0.conversation.waitingSince == nil }
    }

    package static func summary(
        _ id: ConversationID, for actor: Actor, in tx: Transaction
    ) throws -> ConversationSummary {
        _ = try conversation(id, for: actor, in: tx)
        guard let summary = try ConversationQueries.summary(id, in: tx) else {
            throw Refusal.notFound()
        }
        return summary
    }

    package static func history(
        of contact: ContactID, account: AccountID, limit: Int, in tx: Transaction
    ) throws -> [ConversationSummary] {
        var filter = ConversationFilter()
        filter.account = account
        filter.contact = contact
        return try ConversationQueries.summaries(filter, after: nil, limit: limit, in: tx)
    }

    /// Messages of a conversation, oldest first; private notes are the office's own.
    package func messages(
        of id: ConversationID, _ paging: Paging, for actor: Actor
    ) async throws -> [Message] {
        try await store.read { tx in
            let conversation = try Self.conversation(id, for: actor, in: tx)
            return try ConversationQueries.messages(
                of: id, account: conversation.account, withNotes: actor.isOffice,
                after: try Self.position(paging.after), limit: paging.fetch, in: tx)
        }
    }

    package static func latestMessages(
        of conversation: Conversation, limit: Int, in tx: Transaction
    ) throws -> [Message] {
        try ConversationQueries.latestMessages(
            of: conversation.id, account: conversation.account, limit: limit, in: tx)
    }

    /// What the contact's own browser may see.
    package static func visible(
        to contact: ContactID, account: AccountID, after cursor: String?, limit: Int,
        in tx: Transaction
    ) throws -> [Message] {
        try ConversationQueries.visible(
            to: contact, account: account, after: try position(cursor), limit: limit, in: tx)
    }

    package static func message(_ id: MessageID, in tx: Transaction) throws -> Message? {
        try ConversationQueries.message(id, in: tx)
    }

    /// A place in a list ordered by time and id, as its cursor says it: `ms.id`.
    package static func cursor(_ at: Instant, _ id: String) -> String { "\(at.milliseconds).\(id)" }

    static func position(_ cursor: String?) throws -> (Instant, String)? {
        guard let cursor else { return nil }
        let halves = cursor.split(separator: ".", maxSplits: 1)
        guard halves.count == 2, let milliseconds = Int64(halves[0]) else {
            throw Refusal.invalid("cursor", "cursor", "is not a cursor of this list.")
        }
        return (Instant(milliseconds: milliseconds), String(halves[1]))
    }
}

extension ConversationQueries {
    private static func readSummary(_ row: Row) throws -> ConversationSummary {
        ConversationSummary(
            conversation: try read(row), accountName: try row.text(columnCount),
            accountHue: try row.int(columnCount + 1), contactName: row.textOrNil(columnCount + 2),
            channel: try row.text(columnCount + 3), assigneeName: row.textOrNil(columnCount + 4))
    }

    private static let summarySelect: SQL = """
        SELECT \(columns), accounts.name, accounts.hue, \(otherNames)
        FROM conversations
        JOIN accounts ON accounts.id = conversations.account_id
        \(otherTables)
        """
    private static let namelessSelect: SQL = """
        SELECT \(columns), '', 0, \(otherNames)
        FROM conversations
        \(otherTables)
        """

    private static let otherNames: SQL = "contacts.name, inboxes.channel, users.name"
    private static let otherTables: SQL = """
        JOIN contacts ON contacts.id = conversations.contact_id
        JOIN inboxes ON inboxes.id = conversations.inbox_id
        LEFT JOIN users ON users.id = conversations.assignee_id
        """

    static func summary(_ id: ConversationID, in tx: Transaction) throws -> ConversationSummary? {
        try tx.first("\(summarySelect) WHERE conversations.id = \(id)", readSummary)
    }

    static func summaries(
        _ filter: ConversationFilter, after: (Instant, String)?, limit: Int,
        namesAccounts: Bool = true, in tx: Transaction
    ) throws -> [ConversationSummary] {
        var sql: SQL = "\(namesAccounts ? summarySelect : namelessSelect) WHERE 1 = 1"
        if let account = filter.account {
            sql = sql + " AND conversations.account_id = \(account)"
        }
        if !filter.statuses.isEmpty {
            sql = sql + " AND conversations.status IN (\(list: filter.statuses.map(\.rawValue)))"
        }
        if let inbox = filter.inbox { sql = sql + " AND conversations.inbox_id = \(inbox)" }
        if let contact = filter.contact { sql = sql + " AND conversations.contact_id = \(contact)" }
        switch filter.assignee {
        case .some(.some(let user)): sql = sql + " AND conversations.assignee_id = \(user)"
        case .some(.none): sql = sql + " AND conversations.assignee_id IS NULL"
        case .none: break
        }
        for term in filter.terms { sql = sql + " AND \(term.isInSearch)" }
        if let after {
            sql =
                sql
                + " AND (conversations.last_message_at, conversations.id) < (\(after.0), \(after.1))"
        }
        return try tx.all(
            """
            \(sql)
            ORDER BY conversations.last_message_at DESC, conversations.id DESC
            LIMIT \(limit)
            """, readSummary)
    }
}
