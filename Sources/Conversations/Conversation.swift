import Files
import Kernel
import Store

/// A thread with one contact, over one or more inboxes.
package struct Conversation: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable { case open, pending, snoozed, resolved }

    package var id: ConversationID
    package var account: AccountID
    package var contact: ContactID
    /// Where the last incoming message came from; replies go there unless said otherwise.
    package var inbox: InboxID
    package var status: Status
    package var assignee: UserID?
    /// Since when the contact waits for a word from us; nil when it is their turn.
    package var waitingSince: Instant?
    package var snoozedUntil: Instant?
    package var lastMessageAt: Instant
    package var preview: String
    package var unread: Int
    package var firstRepliedAt: Instant?
    package var resolvedAt: Instant?
    package var version: Int
    package var createdAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "contact_id": .id(contact),
            "inbox_id": .id(inbox), "status": .string(status.rawValue),
            "assignee_id": .id(assignee), "waiting_since": .instant(waitingSince),
            "snoozed_until": .instant(snoozedUntil), "last_message_at": .instant(lastMessageAt),
            "preview": .string(preview), "unread": .number(unread),
            "first_replied_at": .instant(firstRepliedAt), "resolved_at": .instant(resolvedAt),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }
}

/// What was said, by the contact or by us.
package struct Message: Sendable, Equatable {
    package enum Direction: String, Sendable { case incoming, outgoing }
    package enum Status: String, Sendable, CaseIterable {
        case queued, sent, delivered, read, failed

        /// A receipt may only move a message forward: `read` never becomes `delivered` again.
        var rank: Int {
            switch self {
            case .queued: 0
            case .failed: 1
            case .sent: 2
            case .delivered: 3
            case .read: 4
            }
        }
    }

    package var id: MessageID
    package var account: AccountID
    package var conversation: ConversationID
    package var inbox: InboxID
    package var direction: Direction
    /// A note among ourselves; never leaves the office.
    package var isPrivate: Bool
    package var text: String
    package var status: Status
    package var sourceID: String?
    package var author: UserID?
    package var authorName: String?
    package var failure: String?
    package var sentAt: Instant?
    package var createdAt: Instant
    package var attachments: [StoredFile] = []

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "conversation_id": .id(conversation),
            "inbox_id": .id(inbox), "direction": .string(direction.rawValue),
            "private": .bool(isPrivate), "text": .string(text),
            "status": .string(status.rawValue), "source_id": .text(sourceID),
            "author": authorName == nil && author == nil
                ? .null : ["id": .id(author), "name": .text(authorName)],
            "attachments": .array(attachments.map(\.attachmentJSON)),
            "failure": .text(failure), "sent_at": .instant(sentAt),
            "created_at": .instant(createdAt),
        ]
    }
}

/// A message as it arrives from a channel.
package struct IncomingMessage: Sendable {
    package enum Sender: Sendable {
        /// The channel's own id of the sender; the contact is found or made.
        case address(String, name: String?)
        case contact(ContactID)
    }

    package var inbox: Inbox
    /// The channel's own id of the message: sent again, it changes nothing.
    package var sourceID: String
    package var sender: Sender
    package var text: String
    package var sentAt: Instant?
    package var attachments: [FileID]
    /// Whose files these are; nil: the contact's.
    package var attacher: Actor?

    package init(
        inbox: Inbox, sourceID: String, sender: Sender, text: String, sentAt: Instant? = nil,
        attachments: [FileID] = [], attacher: Actor? = nil
    ) {
        self.inbox = inbox
        self.sourceID = sourceID
        self.sender = sender
        self.text = text
        self.sentAt = sentAt
        self.attachments = attachments
        self.attacher = attacher
    }
}
