import Accounts
import Kernel
import Store
import WebShell

/// The office's record of what contacts wanted, business by business.
package struct InquiryLog: Sendable {
    let store: Store
    let ambient: Ambient

    package init(store: Store, ambient: Ambient) {
        self.store = store
        self.ambient = ambient
    }

    // MARK: Writing

    package func record(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> Inquiry {
        try actor.require(.converse, in: account)
        var input = try Input(body)
        let draft = Inquiry.Draft(reading: &input)
        try input.finish()
        return try await record(draft, in: account, by: actor)
    }

    package func record(
        _ draft: Inquiry.Draft, in account: AccountID, by actor: Actor
    ) async throws -> Inquiry {
        let ambient = ambient
        return try await store.write { tx in
            try Self.record(draft, in: account, by: actor, ambient: ambient, in: tx)
        }
    }

    /// The same, inside a transaction that does more (a booking).
    package static func record(
        _ draft: Inquiry.Draft, in account: AccountID, by actor: Actor, ambient: Ambient,
        in tx: Transaction
    ) throws -> Inquiry {
        try actor.require(.converse, in: account)
        _ = try AccountDirectory.account(account, for: actor, in: tx)
        let links = try links(
            conversation: draft.conversation, contact: draft.contact,
            appointment: draft.appointment, of: account, in: tx)
        let inquiry = Inquiry(
            id: InquiryID(from: ambient), account: account, conversation: draft.conversation,
            contact: links.contact, appointment: draft.appointment, kind: draft.kind,
            topic: draft.topic, disposition: draft.disposition,
            channel: draft.channel?.rawValue ?? links.channel, notes: draft.notes,
            createdBy: actor.user, version: 1, createdAt: ambient.now())
        try InquiryQueries.insert(inquiry, in: tx)
        try raise("inquiry.recorded", inquiry, ambient, in: tx)
        return inquiry
    }

    /// Changes the fields that were sent; null takes away.
    ///
    /// The conversation stays the one it came from.
    package func update(
        _ id: InquiryID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> Inquiry {
        var input = try Input(body)
        let changes = InquiryChanges(reading: &input)
        let problems = input
        let ambient = ambient
        return try await store.write { tx in
            var inquiry = try Self.inquiry(id, for: actor, in: tx)
            try actor.require(.converse, in: inquiry.account)
            try problems.finish()
            if let version, version != inquiry.version { throw Refusal.stale() }
            changes.apply(to: &inquiry)
            _ = try Self.links(
                conversation: nil, contact: inquiry.contact, appointment: inquiry.appointment,
                of: inquiry.account, in: tx)
            inquiry.version += 1
            try InquiryQueries.update(inquiry, in: tx)
            try Self.raise("inquiry.updated", inquiry, ambient, in: tx)
            return inquiry
        }
    }

    // MARK: Reading

    package func inquiry(_ id: InquiryID, for actor: Actor) async throws -> Inquiry {
        try await store.read { tx in try Self.inquiry(id, for: actor, in: tx) }
    }

    package static func inquiry(
        _ id: InquiryID, for actor: Actor, in tx: Transaction
    ) throws -> Inquiry {
        guard let inquiry = try InquiryQueries.inquiry(id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: inquiry.account)
        return inquiry
    }

    /// Newest first.
    package func inquiries(
        of account: AccountID, _ filter: InquiryFilter, _ paging: Paging, for actor: Actor
    ) async throws -> [Inquiry] {
        let after = try paging.after.map(InquiryCursor.init)
        return try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try InquiryQueries.entries(
                of: account, filter, after: after, limit: paging.fetch, in: tx
            ).map(\.inquiry)
        }
    }

    /// For a page that has checked who is looking: newest first, with the contacts' names.
    package static func inquiries(
        of account: AccountID, kind: Inquiry.Kind? = nil, from: Instant? = nil,
        to: Instant? = nil, limit: Int, in tx: Transaction
    ) throws -> [InquiryEntry] {
        var filter = InquiryFilter()
        filter.kind = kind
        filter.from = from
        filter.to = to
        return try InquiryQueries.entries(of: account, filter, after: nil, limit: limit, in: tx)
    }

    /// For a page that has checked who is looking: what was wanted in one conversation.
    package static func inquiries(
        ofConversation conversation: ConversationID, of account: AccountID, limit: Int = 50,
        in tx: Transaction
    ) throws -> [InquiryEntry] {
        var filter = InquiryFilter()
        filter.conversation = conversation
        return try InquiryQueries.entries(of: account, filter, after: nil, limit: limit, in: tx)
    }

    // MARK: Private

    /// Checks that what an inquiry speaks of is this business's; answers what follows from it.
    private static func links(
        conversation: ConversationID?, contact: ContactID?, appointment: AppointmentID?,
        of account: AccountID, in tx: Transaction
    ) throws -> (contact: ContactID?, channel: String?) {
        var problems: [Refusal.Field] = []
        func unknown(_ field: String, _ thing: String) {
            problems.append(.init(field, "unknown", "is not \(thing) of this business."))
        }
        let origin = try conversation.flatMap {
            try InquiryQueries.origin($0, of: account, in: tx)
        }
        if conversation != nil, origin == nil { unknown("conversation_id", "a conversation") }
        if let contact, try !InquiryQueries.hasContact(contact, of: account, in: tx) {
            unknown("contact_id", "a contact")
        }
        let booking = try appointment.flatMap {
            try InquiryQueries.booking($0, of: account, in: tx)
        }
        if appointment != nil, booking == nil { unknown("appointment_id", "an appointment") }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return (contact ?? origin?.contact ?? booking?.contact, origin?.channel)
    }

    private static func raise(
        _ type: String, _ inquiry: Inquiry, _ ambient: Ambient, in tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: inquiry.account, subject: inquiry.id.text,
                [
                    "kind": .string(inquiry.kind.rawValue),
                    "conversation_id": .id(inquiry.conversation),
                    "version": .number(inquiry.version),
                ], ambient: ambient))
    }
}

/// Which inquiries of a business are wanted; from `from` until before `to`.
package struct InquiryFilter: Sendable {
    package var kind: Inquiry.Kind?
    package var conversation: ConversationID?
    package var from: Instant?
    package var to: Instant?

    package init() {}
}

/// The fields that a change sent.
struct InquiryChanges: Sendable {
    private var sent: Set<String>
    private var values: Inquiry.Draft

    init(reading input: inout Input) {
        sent = Set(input.members.keys)
        values = Inquiry.Draft(kind: .other)
        if sent.contains("kind") { values.kind = input.choice("kind", Inquiry.Kind.self) ?? .other }
        values.contact = input.optionalText("contact_id").map(ContactID.init)
        values.appointment = input.optionalText("appointment_id").map(AppointmentID.init)
        values.topic = Inquiry.Draft.words("topic", max: 200, in: &input)
        values.disposition = Inquiry.Draft.words("disposition", max: 60, in: &input)
        values.channel = input.optionalChoice("channel", Channel.self)
        values.notes = Inquiry.Draft.words("notes", max: 4000, in: &input)
    }

    func apply(to inquiry: inout Inquiry) {
        if sent.contains("kind") { inquiry.kind = values.kind }
        if sent.contains("contact_id") { inquiry.contact = values.contact }
        if sent.contains("appointment_id") { inquiry.appointment = values.appointment }
        if sent.contains("topic") { inquiry.topic = values.topic }
        if sent.contains("disposition") { inquiry.disposition = values.disposition }
        if sent.contains("channel") { inquiry.channel = values.channel?.rawValue }
        if sent.contains("notes") { inquiry.notes = values.notes }
    }
}
