import Contacts
import Kernel
import Store
import Work

extension Correspondence {
    /// Carries one queued message out (job `message.deliver`) and notes what became of it.
    package func deliver(_ job: Job) async throws -> JobOutcome {
        let id = MessageID(job.payload["message_id"]?.string ?? "")
        let found = try await store.read { tx -> (Message, Inbox, OutgoingMessage)? in
            guard let message = try ConversationQueries.message(id, in: tx),
                let inbox = try ConversationQueries.inbox(message.inbox, in: tx),
                let conversation = try ConversationQueries.conversation(
                    message.conversation, locking: false, in: tx)
            else { return nil }
            let outgoing = OutgoingMessage(
                id: id, conversation: message.conversation, contact: conversation.contact,
                address: try ConversationQueries.address(
                    of: conversation.contact, channel: inbox.channel, account: message.account,
                    in: tx),
                text: message.text, createdAt: message.createdAt,
                attachments: message.attachments)
            return (message, inbox, outgoing)
        }
        guard let (message, inbox, outgoing) = found, message.status == .queued else {
            return .done
        }
        guard let adapter = channels[inbox.channel] else {
            return try await fail(message, "No channel \(inbox.channel) in this installation.")
        }
        let sourceID: String?
        do throws(DeliveryFailure) {
            sourceID = try await adapter.send(outgoing, inbox.config)
        } catch {
            return try await settle(error, message, job)
        }
        try await note(.sent, of: message.id, sourceID: sourceID, failure: nil)
        return .done
    }

    private func settle(
        _ failure: DeliveryFailure, _ message: Message, _ job: Job
    ) async throws -> JobOutcome {
        switch failure {
        case .permanent(let reason):
            return try await fail(message, reason)
        case .temporary(let reason, let seconds):
            if job.isLastAttempt { return try await fail(message, reason) }
            return .again(reason: reason, afterSeconds: seconds)
        }
    }

    private func fail(_ message: Message, _ reason: String) async throws -> JobOutcome {
        try await note(.failed, of: message.id, sourceID: nil, failure: reason)
        return .done
    }

    private func note(
        _ status: Message.Status, of id: MessageID, sourceID: String?, failure: String?
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            guard let message = try Self.locked(id, in: tx) else { return }
            try Self.move(
                [message], to: status, sourceID: sourceID, failure: failure, ambient: ambient, tx)
        }
    }

    /// A channel's receipt for one message; older news than what we know changes nothing.
    package func receipt(
        _ status: Message.Status, for id: MessageID, by actor: Actor
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            guard let message = try Self.locked(id, in: tx) else { throw Refusal.notFound() }
            try actor.require(.converse, in: message.account)
            guard message.direction == .outgoing, !message.isPrivate else {
                throw Refusal.conflict("Only messages to the contact have receipts.")
            }
            try Self.move(
                [message], to: status, sourceID: nil, failure: nil, ambient: ambient, tx)
        }
    }

    /// The contact's device has these outgoing messages (`delivered`), or showed everything up to
    /// one of them (`read`).
    package func contactReceived(
        _ status: Message.Status, upTo id: MessageID, contact: ContactID, account: AccountID
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            guard let last = try ConversationQueries.message(id, in: tx),
                last.account == account, last.direction == .outgoing, !last.isPrivate,
                let conversation = try ConversationQueries.conversation(
                    last.conversation, locking: true, in: tx), conversation.contact == contact
            else { throw Refusal.notFound() }
            let messages = try ConversationQueries.outgoing(
                of: conversation.id, account: account, upTo: last, in: tx)
            try Self.move(
                messages, to: status, sourceID: nil, failure: nil, ambient: ambient, tx)
        }
    }

    /// The message as it is once nobody else changes its conversation: news that come at one moment
    /// are compared one after the other.
    private static func locked(_ id: MessageID, in tx: Transaction) throws -> Message? {
        guard let seen = try ConversationQueries.message(id, in: tx) else { return nil }
        _ = try ConversationQueries.conversation(seen.conversation, locking: true, in: tx)
        return try ConversationQueries.message(id, in: tx)
    }

    private static func move(
        _ messages: [Message], to status: Message.Status, sourceID: String?, failure: String?,
        ambient: Ambient, _ tx: Transaction
    ) throws {
        let moving = messages.filter { $0.status.rank < status.rank || $0.status == .queued }
        guard let first = moving.first,
            let conversation = try ConversationQueries.conversation(
                first.conversation, locking: false, in: tx)
        else { return }
        for message in moving {
            try ConversationQueries.setStatus(
                status, of: message, sourceID: sourceID, failure: failure, in: tx)
        }
        try raiseReceipt(status, moving.map(\.id), conversation, ambient: ambient, in: tx)
    }
}
