import Accounts
import Kernel
import Store
import WebShell

/// A connected number, mailbox, bot or widget of a business.
package struct Inbox: Sendable, Equatable {
    package var id: InboxID
    package var account: AccountID
    package var name: String
    package var channel: String
    package var config: JSONValue
    package var isActive: Bool
    package var version: Int
    package var createdAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "name": .string(name),
            "channel": .string(channel), "config": config, "is_active": .bool(isActive),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }
}

/// The inboxes of the businesses.
package struct InboxDirectory: Sendable {
    let store: Store
    let ambient: Ambient
    let channels: ChannelRegistry

    package init(store: Store, ambient: Ambient, channels: ChannelRegistry) {
        self.store = store
        self.ambient = ambient
        self.channels = channels
    }

    package func create(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> Inbox {
        try actor.require(.manageAccount, in: account)
        var input = try Input(body)
        let name = input.text("name", max: 120)
        let channel = input.text("channel", max: 40)
        checkConfig(&input, channel)
        try input.finish()
        let config = Self.marked(input.members["config"]?.object ?? [:], by: actor)
        let ambient = ambient
        return try await store.write { tx in
            guard try ConversationQueries.accountExists(account, in: tx) else {
                throw Refusal.notFound()
            }
            let inbox = try Self.insert(name, channel, config, in: account, ambient: ambient, tx)
            try tx.audit(
                "inbox.created", of: inbox.id, in: account, by: actor, after: inbox.json,
                ambient: ambient)
            return inbox
        }
    }

    private func checkConfig(_ input: inout Input, _ channel: String) {
        if let adapter = channels[channel] {
            let sent: Void? = input.nested("config") { adapter.check(&$0) }
            if sent == nil, var empty = try? Input(.object([:])) {
                adapter.check(&empty)  // An empty object always reads.
                input.absorb(empty.problems)
            }
        } else if !channel.isEmpty {
            let known = channels.names.joined(separator: ", ")
            input.reject("channel", "unknown", "must be one of: \(known).")
        }
    }

    /// Addresses that a business sets may not lead into our own network; the office's may.
    private static func marked(_ config: [String: JSONValue], by actor: Actor) -> JSONValue {
        var config = config
        config["set_by_office"] = actor.isOffice ? true : nil
        return .object(config)
    }

    package static func insert(
        _ name: String, _ channel: String, _ config: JSONValue, in account: AccountID,
        ambient: Ambient, _ tx: Transaction
    ) throws -> Inbox {
        let inbox = Inbox(
            id: InboxID(from: ambient), account: account, name: name, channel: channel,
            config: config, isActive: true, version: 1, createdAt: ambient.now())
        try ConversationQueries.insert(inbox, in: tx)
        try tx.raise(
            Event("inbox.created", account: account, subject: inbox.id.text, ambient: ambient))
        return inbox
    }

    package func inbox(_ id: InboxID, for actor: Actor) async throws -> Inbox {
        try await store.read { tx in try Self.inbox(id, for: actor, in: tx) }
    }

    package static func inbox(_ id: InboxID, for actor: Actor, in tx: Transaction) throws -> Inbox {
        guard let inbox = try ConversationQueries.inbox(id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: inbox.account)
        return inbox
    }

    /// For those who come with the inbox's own secret instead of a sign-in (the widget).
    package func publicInbox(_ id: InboxID, channel: String) async throws -> Inbox {
        let inbox = try await store.read { tx in try ConversationQueries.inbox(id, in: tx) }
        guard let inbox, inbox.channel == channel, inbox.isActive else { throw Refusal.notFound() }
        return inbox
    }

    package func inboxes(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [Inbox] {
        try actor.require(.viewAccount, in: account)
        return try await store.read { tx in
            guard try ConversationQueries.accountExists(account, in: tx) else {
                throw Refusal.notFound()
            }
            return try ConversationQueries.inboxes(
                of: account, after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    package func update(
        _ id: InboxID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> Inbox {
        let before = try await inbox(id, for: actor)
        try actor.require(.manageAccount, in: before.account)
        var input = try Input(body)
        let name = input.optionalText("name", max: 120, min: 1)
        let isActive = input.optionalBool("is_active")
        if input.has("config") { checkConfig(&input, before.channel) }
        try input.finish()
        let config = input.members["config"]?.object.map { Self.marked($0, by: actor) }
        let ambient = ambient
        return try await store.write { tx in
            guard let before = try ConversationQueries.inbox(id, in: tx) else {
                throw Refusal.notFound()
            }
            var inbox = before
            if let version, version != inbox.version { throw Refusal.stale() }
            if let name { inbox.name = name }
            if let isActive { inbox.isActive = isActive }
            if let config { inbox.config = config }
            inbox.version += 1
            try ConversationQueries.update(inbox, in: tx)
            try tx.raise(
                Event("inbox.updated", account: inbox.account, subject: id.text, ambient: ambient))
            try tx.audit(
                "inbox.updated", of: id, in: inbox.account, by: actor, before: before.json,
                after: inbox.json, ambient: ambient)
            return inbox
        }
    }
}
