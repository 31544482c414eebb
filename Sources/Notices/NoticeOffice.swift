import Accounts
import Contacts
import Conversations
import Kernel
import Store
import WebShell

/// Tells clients what the program has to tell them: by the way on which they are reached, once, in
/// their language, with a line for each in the list of what went out.
///
/// Ways, until further channels come: the conversation in which it was arranged; their e-mail
/// address, where the text waits in the list until an e-mail channel carries it; their latest
/// conversation.
package struct NoticeOffice: Sendable {
    /// How old a conversation may be in which a notice is still expected.
    private static let freshDays = 60

    let store: Store
    let ambient: Ambient
    let channels: ChannelRegistry
    let tongues: [Language: Tongue]

    package init(
        store: Store, ambient: Ambient, channels: ChannelRegistry, tongues: [Language: Tongue]
    ) {
        self.store = store
        self.ambient = ambient
        self.channels = channels
        self.tongues = tongues
    }

    /// What is to be told.
    package struct Draft: Sendable {
        package var account: Account
        package var contact: ContactID
        /// Where it was arranged.
        package var conversation: ConversationID?
        package var purpose: Notice.Purpose
        package var about: String
        /// The same is told once.
        package var key: String
        /// Stands for what somebody of ours did for the client: who waited is answered by it.
        package var isAnswer = false

        package init(
            account: Account, contact: ContactID, conversation: ConversationID?,
            purpose: Notice.Purpose, about: String, key: String
        ) {
            self.account = account
            self.contact = contact
            self.conversation = conversation
            self.purpose = purpose
            self.about = about
            self.key = key
        }
    }

    /// Tells it in the transaction of what happened. nil: it was told before, or the business does
    /// not want it told. `words` is called in the client's language with the client's zone.
    @discardableResult
    package func tell(
        _ draft: Draft, in tx: Transaction,
        _ words: (Contact) throws -> (subject: Phrase, text: Phrase)
    ) throws -> Notice? {
        let account = draft.account.id
        guard try NoticeQueries.settings(of: account, in: tx).wants(draft.purpose),
            try !NoticeQueries.isTold(draft.key, in: account, tx)
        else { return nil }
        let contact = try ContactBook.contact(draft.contact, for: .system, in: tx)
        let tongue = language(of: contact, draft.account)
        let (subject, text) = try Tongue.$current.withValue(tongue) {
            let words = try words(contact)
            return (words.subject.text, words.text.text)
        }
        var notice = Notice(
            id: NoticeID(from: ambient), account: account, contact: contact.id,
            purpose: draft.purpose, about: draft.about, subject: subject, text: text,
            status: .queued, createdAt: ambient.now())
        try carry(&notice, draft, contact, in: tx)
        try NoticeQueries.insert(notice, key: draft.key, in: tx)
        try tx.raise(
            Event(
                "notice.made", account: account, subject: notice.id.text,
                [
                    "contact_id": .id(contact.id), "purpose": .string(notice.purpose.rawValue),
                    "about": .string(notice.about), "status": .string(notice.status.rawValue),
                ], ambient: ambient))
        return notice
    }

    private func language(of contact: Contact, _ account: Account) -> Tongue {
        let tags = [contact.locale, account.locale].compactMap { $0 }
        return tags.compactMap { Language(tag: $0) }.first.flatMap { tongues[$0] } ?? .english
    }

    /// Chooses the way and goes it.
    private func carry(
        _ notice: inout Notice, _ draft: Draft, _ contact: Contact, in tx: Transaction
    ) throws {
        let email = contact.points.first { $0.channel == Channel.email.rawValue }?.address
        let prefersEmail = contact.preferredChannel == Channel.email.rawValue
        var conversation = draft.conversation
        if conversation == nil, email == nil || !prefersEmail {
            let since = ambient.now().advanced(byDays: -Self.freshDays)
            conversation = try NoticeQueries.latestConversation(
                of: contact.id, account: notice.account, since: since, in: tx)
        }
        if let conversation {
            let found = try Correspondence.conversation(
                conversation, for: .system, in: tx, locking: true)
            let message = try Correspondence.post(
                notice.text, in: found, through: found.inbox, by: .system,
                isAnswer: draft.isAnswer, channels: channels, ambient: ambient, tx)
            notice.message = message.id
            notice.channel = try NoticeQueries.channel(of: found.inbox, in: tx)
            notice.status = message.status == .queued ? .queued : .sent
            notice.attempts = 1
        } else if let email {
            notice.channel = .email
            notice.address = email
            notice.status = .queued
            notice.reason = "no_email_channel"
        } else {
            notice.status = .refused
            notice.reason = contact.points.isEmpty ? "no_address" : "no_channel"
        }
    }
}

// MARK: - Settings and the list

extension NoticeOffice {
    package func settings(of account: AccountID, for actor: Actor) async throws -> NoticeSettings {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try Self.settings(of: account, in: tx)
        }
    }

    package static func settings(
        of account: AccountID, in tx: Transaction
    ) throws -> NoticeSettings { try NoticeQueries.settings(of: account, in: tx) }

    package func setSettings(
        _ body: JSONValue, of account: AccountID, expecting version: Int? = nil, by actor: Actor
    ) async throws -> NoticeSettings {
        let ambient = ambient
        return try await store.write { tx in
            try AccountDirectory.change(
                "notice_settings", of: account, to: body, expecting: version, by: actor,
                ambient: ambient, in: tx, load: NoticeQueries.settings
            ) { settings, input, _ in
                settings.read(&input)
            } save: { settings, _ in
                try NoticeQueries.save(settings, at: ambient.now(), in: tx)
            }
        }
    }

    /// Everything that went out or was refused, the newest first, or from a moment on, the oldest
    /// first.
    package func deliveries(
        of account: AccountID, status: String?, purpose: String?, isReversed: Bool,
        _ paging: Paging, for actor: Actor
    ) async throws -> [Delivery] {
        var cursor: DeliveryCursor?
        if let text = paging.after {
            cursor = DeliveryCursor(text)
            if cursor == nil {
                throw Refusal.invalid("cursor", "cursor", "is not a cursor of this list.")
            }
        }
        return try await store.read { [cursor] tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try NoticeQueries.deliveries(
                of: account, status: status, purpose: purpose, isReversed: isReversed,
                after: cursor, limit: paging.fetch, in: tx)
        }
    }
}

/// Where the list goes on: by time, then by id.
package struct DeliveryCursor: Sendable {
    var at: Instant
    var id: String

    init?(_ text: String) {
        let parts = text.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 2, let milliseconds = Int64(parts[0]) else { return nil }
        at = Instant(milliseconds: milliseconds)
        id = String(parts[1])
    }

    package static func text(after delivery: Delivery) -> String {
        "\(delivery.at.milliseconds)~\(delivery.id)"
    }
}
