import Contacts
import Files
import Kernel
import Store
import WebShell
import Work

/// Conversations: what comes in, what goes out, who has it and how it stands.
package struct Correspondence: Sendable {
    package let store: Store
    let ambient: Ambient
    let channels: ChannelRegistry

    /// A contact who writes again this long after a resolved conversation goes on with it.
    static let reopenMilliseconds: Int64 = 24 * 3_600_000
    /// A status that is left again within this was a slip of the hand.
    private static let slipMilliseconds: Int64 = 60_000
    package static let maxTextLength = 10_000

    package init(store: Store, ambient: Ambient, channels: ChannelRegistry) {
        self.store = store
        self.ambient = ambient
        self.channels = channels
    }

    // MARK: In

    /// Takes a message in: finds or makes contact and conversation, once per source id. When this
    /// returns, the message is stored.
    package func receive(_ incoming: IncomingMessage) async throws -> Message {
        let ambient = ambient
        var attempt = 0
        while true {
            do {
                return try await store.write { tx in
                    try Self.receive(incoming, ambient: ambient, in: tx)
                }
            } catch StoreError.duplicate where attempt < 4 {
                // The same sender or message arrived twice at one moment: now it is there to find.
                attempt += 1
            }
        }
    }

    package static func receive(
        _ incoming: IncomingMessage, ambient: Ambient, in tx: Transaction
    ) throws -> Message {
        let inbox = incoming.inbox
        if let known = try ConversationQueries.message(
            sourceID: incoming.sourceID, inbox: inbox.id, account: inbox.account, in: tx)
        {
            return known
        }
        let now = ambient.now()
        let contact: ContactID
        switch incoming.sender {
        case .contact(let id): contact = id
        case .address(let address, let name):
            contact = try ContactBook.sender(
                address: address, name: name, channel: inbox.channel, account: inbox.account,
                ambient: ambient, in: tx)
        }
        // One at a time per contact, so that two first messages do not open two conversations.
        try ConversationQueries.lock(contact: contact, account: inbox.account, in: tx)
        var conversation =
            try current(contact, inbox, now: now, in: tx)
            ?? create(contact, inbox, ambient: ambient, in: tx)
        var message = Message(
            id: MessageID(from: ambient), account: inbox.account, conversation: conversation.id,
            inbox: inbox.id, direction: .incoming, isPrivate: false,
            text: CardMask.masked(incoming.text), status: .delivered,
            sourceID: incoming.sourceID, sentAt: incoming.sentAt, createdAt: now)
        try ConversationQueries.insert(message, in: tx)
        message.attachments = try Attachments.attach(
            incoming.attachments, to: message.id, of: contact, in: inbox.account,
            by: incoming.attacher.map(Attachments.Sender.actor) ?? .contact(contact), in: tx)
        conversation.inbox = inbox.id
        conversation.status = .open
        conversation.snoozedUntil = nil
        conversation.resolvedAt = nil
        conversation.waitingSince = conversation.waitingSince ?? now
        conversation.unread += 1
        try touch(&conversation, with: message, in: tx)
        try raise("message.received", message, conversation, ambient: ambient, in: tx)
        return message
    }

    /// The conversation that a new message belongs to, if there is one.
    private static func current(
        _ contact: ContactID, _ inbox: Inbox, now: Instant, in tx: Transaction
    ) throws -> Conversation? {
        guard
            // Under its lock: an agent may be answering at this moment.
            let latest = try ConversationQueries.lockedLatest(
                of: contact, account: inbox.account, in: tx)
        else { return nil }
        if latest.status != .resolved { return latest }
        let end = latest.resolvedAt ?? latest.lastMessageAt
        return now.milliseconds - end.milliseconds <= reopenMilliseconds ? latest : nil
    }

    private static func create(
        _ contact: ContactID, _ inbox: Inbox, ambient: Ambient, in tx: Transaction
    ) throws -> Conversation {
        let now = ambient.now()
        let conversation = Conversation(
            id: ConversationID(from: ambient), account: inbox.account, contact: contact,
            inbox: inbox.id, status: .open, lastMessageAt: now, preview: "", unread: 0, version: 1,
            createdAt: now)
        try ConversationQueries.insert(conversation, in: tx)
        try tx.raise(
            Event(
                "conversation.created", account: inbox.account, subject: conversation.id.text,
                ["contact_id": .id(contact), "inbox_id": .id(inbox.id)], ambient: ambient))
        return conversation
    }

    // MARK: Out

    /// Writes to the contact, or a private note among ourselves.
    package func write(
        _ text: String, in id: ConversationID, isPrivate: Bool, inbox: InboxID? = nil,
        attachments: [FileID] = [], by actor: Actor
    ) async throws -> Message {
        let (ambient, channels) = (ambient, channels)
        return try await store.write { tx in
            let conversation = try Self.conversation(id, for: actor, in: tx, locking: true)
            try actor.require(.converse, in: conversation.account)
            if isPrivate, !actor.isOffice {
                throw Refusal.forbidden("Private notes are the office's own.")
            }
            var target = conversation.inbox
            if let inbox {
                guard try ConversationQueries.inbox(inbox, in: tx)?.account == conversation.account
                else {
                    throw Refusal.invalid(
                        "inbox_id", "unknown", "is not an inbox of this business.")
                }
                target = inbox
            }
            return try Self.post(
                text, in: conversation, through: target, isPrivate: isPrivate,
                attachments: attachments, by: actor, channels: channels, ambient: ambient, tx)
        }
    }

    /// The same inside a transaction that does more: confirmations, answers, notices.
    /// `isAnswer`: what the program writes stands for what somebody of ours did for the client.
    @discardableResult
    package static func post(
        _ text: String, in conversation: Conversation, through inboxID: InboxID,
        isPrivate: Bool = false, attachments: [FileID] = [], by actor: Actor,
        isAnswer: Bool = false, channels: ChannelRegistry, ambient: Ambient, _ tx: Transaction
    ) throws -> Message {
        var conversation = conversation
        let now = ambient.now()
        guard let inbox = try ConversationQueries.inbox(inboxID, in: tx) else {
            throw Refusal.notFound()
        }
        let needsDelivery =
            !isPrivate && (channels[inbox.channel]?.needsDelivery(inbox.config) ?? true)
        var message = Message(
            id: MessageID(from: ambient), account: conversation.account,
            conversation: conversation.id, inbox: inbox.id, direction: .outgoing,
            isPrivate: isPrivate, text: CardMask.masked(text), status: needsDelivery ? .queued : .sent,
            // What the program itself writes goes out in the business's name.
            author: actor == .system ? nil : actor.user,
            authorName: actor == .system ? nil : actor.name, createdAt: now)
        try ConversationQueries.insert(message, in: tx)
        message.attachments = try Attachments.attach(
            attachments, to: message.id, of: conversation.contact, in: conversation.account,
            by: .actor(actor), in: tx)
        if needsDelivery {
            try JobQueue.enqueue(
                "message.deliver", account: conversation.account,
                ["message_id": .id(message.id)], at: now,
                queueKey: "deliver:\(conversation.id):\(inbox.id)", ambient: ambient, in: tx)
        }
        if !isPrivate {
            // A notice of the program's own is no answer: who waits goes on waiting.
            if actor != .system || isAnswer {
                conversation.waitingSince = nil
                conversation.unread = 0
                conversation.firstRepliedAt = conversation.firstRepliedAt ?? now
            }
            if actor != .system {
                if conversation.assignee == nil, actor.can(.serve) {
                    conversation.assignee = actor.user
                }
            }
            // A notice of the program's own does not call anybody back to a finished matter.
            if actor != .system, [.resolved, .snoozed].contains(conversation.status) {
                conversation.status = .open
                conversation.resolvedAt = nil
                conversation.snoozedUntil = nil
            }
        }
        try touch(&conversation, with: message, in: tx)
        try raise("message.created", message, conversation, ambient: ambient, in: tx)
        return message
    }

    // MARK: How it stands

    /// Gives the conversation to an agent, or to nobody.
    package func assign(
        _ id: ConversationID, to assignee: UserID?, expecting version: Int? = nil, by actor: Actor
    ) async throws -> Conversation {
        let ambient = ambient
        return try await store.write { tx in
            var conversation = try Self.conversation(id, for: actor, in: tx, locking: true)
            try actor.require(.serve, in: conversation.account)
            if let version, version != conversation.version { throw Refusal.stale() }
            if let assignee, try !ConversationQueries.isAgent(assignee, in: tx) {
                throw Refusal.invalid("user_id", "unknown", "is not one of the office's agents.")
            }
            conversation.assignee = assignee
            try Self.save(&conversation, in: tx)
            try tx.raise(
                Event(
                    "conversation.assigned", account: conversation.account, subject: id.text,
                    [
                        "assignee_id": .id(assignee), "contact_id": .id(conversation.contact),
                        "version": .number(conversation.version),
                    ], ambient: ambient))
            return conversation
        }
    }

    /// Opens, parks, snoozes until a moment, or resolves.
    package func setStatus(
        _ status: Conversation.Status, until: Instant?, of id: ConversationID,
        expecting version: Int? = nil, by actor: Actor
    ) async throws -> Conversation {
        let ambient = ambient
        return try await store.write { tx in
            var conversation = try Self.conversation(id, for: actor, in: tx, locking: true)
            try actor.require(.converse, in: conversation.account)
            if let version, version != conversation.version { throw Refusal.stale() }
            let now = ambient.now()
            if status == .snoozed {
                guard let until, until > now else {
                    throw Refusal.invalid("snoozed_until", "range", "must be in the future.")
                }
            }
            // Taken back at once, it was a slip: who waited for an answer waits again.
            if conversation.status == .resolved, status != .resolved,
                let end = conversation.resolvedAt,
                now.milliseconds - end.milliseconds <= Self.slipMilliseconds
            {
                conversation.waitingSince = try ConversationQueries.unansweredSince(
                    conversation, in: tx)
            }
            conversation.status = status
            conversation.snoozedUntil = status == .snoozed ? until : nil
            conversation.resolvedAt = status == .resolved ? now : nil
            if status == .resolved { conversation.waitingSince = nil }
            try Self.save(&conversation, in: tx)
            if let until, status == .snoozed {
                try JobQueue.enqueue(
                    "conversation.wake", account: conversation.account,
                    ["conversation_id": .id(id), "until": .instant(until)], at: until,
                    ambient: ambient, in: tx)
            }
            try Self.raiseStatus(conversation, ambient: ambient, in: tx)
            return conversation
        }
    }

    /// Ends a snooze when its time has come and nobody moved it meanwhile.
    package func wake(_ job: Job) async throws -> JobOutcome {
        let id = ConversationID(job.payload["conversation_id"]?.string ?? "")
        let until = job.payload["until"]?.string
        let ambient = ambient
        try await store.write { tx in
            guard
                var conversation = try ConversationQueries.conversation(id, locking: true, in: tx),
                conversation.status == .snoozed, conversation.snoozedUntil?.description == until
            else { return }
            conversation.status = .open
            conversation.snoozedUntil = nil
            try Self.save(&conversation, in: tx)
            try Self.raiseStatus(conversation, ambient: ambient, in: tx)
        }
        return .done
    }

    private static func raiseStatus(
        _ conversation: Conversation, ambient: Ambient, in tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                "conversation.status_changed", account: conversation.account,
                subject: conversation.id.text,
                [
                    "status": .string(conversation.status.rawValue),
                    "contact_id": .id(conversation.contact),
                    "version": .number(conversation.version),
                ], ambient: ambient))
    }

    /// An agent has the conversation before their eyes: what came in is read.
    package func markRead(_ id: ConversationID, by actor: Actor) async throws {
        let ambient = ambient
        try await store.write { tx in
            var conversation = try Self.conversation(id, for: actor, in: tx, locking: true)
            try actor.require(.serve, in: conversation.account)
            let ids = try ConversationQueries.markRead(
                .incoming, of: id, account: conversation.account, in: tx)
            guard !ids.isEmpty || conversation.unread > 0 else { return }
            conversation.unread = 0
            try Self.save(&conversation, in: tx)
            try Self.raiseReceipt(.read, ids, conversation, ambient: ambient, in: tx)
        }
    }

    // MARK: Helpers

    package static func conversation(
        _ id: ConversationID, for actor: Actor, in tx: Transaction, locking: Bool = false
    ) throws -> Conversation {
        guard let found = try ConversationQueries.conversation(id, locking: locking, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: found.account)
        return found
    }

    static func save(_ conversation: inout Conversation, in tx: Transaction) throws {
        conversation.version += 1
        try ConversationQueries.update(conversation, in: tx)
    }

    private static func touch(
        _ conversation: inout Conversation, with message: Message, in tx: Transaction
    ) throws {
        conversation.lastMessageAt = message.createdAt
        if !message.isPrivate {
            let words =
                message.text.isEmpty ? Attachments.preview(of: message.attachments) : message.text
            conversation.preview = String(words.prefix(160))
        }
        try save(&conversation, in: tx)
    }

    private static func raise(
        _ type: String, _ message: Message, _ conversation: Conversation, ambient: Ambient,
        in tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: message.account, subject: message.id.text,
                [
                    "conversation_id": .id(message.conversation),
                    "contact_id": .id(conversation.contact), "inbox_id": .id(message.inbox),
                    "direction": .string(message.direction.rawValue),
                    "private": .bool(message.isPrivate), "version": .number(conversation.version),
                ], ambient: ambient))
    }

    static func raiseReceipt(
        _ status: Message.Status, _ ids: [MessageID], _ conversation: Conversation,
        ambient: Ambient, in tx: Transaction
    ) throws {
        guard let last = ids.last else { return }
        try tx.raise(
            Event(
                "message.\(status.rawValue)", account: conversation.account, subject: last.text,
                [
                    "conversation_id": .id(conversation.id),
                    "contact_id": .id(conversation.contact),
                    "message_ids": .list(ids.map(\.text)),
                ], ambient: ambient))
    }
}
