import Accounts
import Kernel
import Store
import Vault
import WebShell

/// The endpoints of the businesses: choosing what they hear, their secrets, what was sent.
package struct WebhookDirectory: Sendable {
    /// More than any business has programs.
    package static let most = 20
    /// How long the secret before this one still signs.
    static let overlapSeconds = 86_400
    /// Kept as text of at most so many bytes of each answer.
    static let keptAnswerBytes = 4096

    let store: Store
    let ambient: Ambient
    let vault: Vault

    package init(store: Store, ambient: Ambient, vault: Vault) {
        self.store = store
        self.ambient = ambient
        self.vault = vault
    }

    // MARK: Endpoints

    /// Answers the endpoint and its secret, which is shown this once.
    package func create(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> (webhook: Webhook, secret: String) {
        try actor.require(.manageAccount, in: account)
        let wanted = try WebhookChanges(body, isNew: true)
        let (ambient, vault) = (ambient, vault)
        let secret = WebhookSignature.newSecret(ambient)
        return try await store.write { tx in
            guard try WebhookQueries.accountExists(account, in: tx) else {
                throw Refusal.notFound()
            }
            guard try WebhookQueries.count(of: account, in: tx) < Self.most else {
                throw Refusal.conflict("A business has at most \(Self.most) webhooks.")
            }
            var webhook = Webhook(
                id: WebhookID(from: ambient), account: account, url: wanted.url ?? "",
                description: wanted.description, events: wanted.events ?? [],
                isActive: wanted.isActive ?? true, isSetByOffice: actor.isOffice, secret: "",
                createdAt: ambient.now())
            webhook.secret = try vault.seal(secret, context: webhook.context)
            try WebhookQueries.insert(webhook, in: tx)
            try Self.raise("webhook.created", webhook, ambient, tx)
            try tx.audit(
                "webhook.created", of: webhook.id, in: account, by: actor, after: webhook.json,
                ambient: ambient)
            return (webhook, secret)
        }
    }

    package func webhook(_ id: WebhookID, for actor: Actor) async throws -> Webhook {
        try await store.read { tx in try Self.webhook(id, for: actor, in: tx) }
    }

    /// Addresses often hold a key of their own, so only who manages the business sees them.
    package static func webhook(
        _ id: WebhookID, for actor: Actor, locking: Bool = false, in tx: Transaction
    ) throws -> Webhook {
        guard let webhook = try WebhookQueries.webhook(id, locking: locking, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.manageAccount, in: webhook.account)
        return webhook
    }

    package static func webhooks(
        of account: AccountID, _ paging: Paging, for actor: Actor, in tx: Transaction
    ) throws -> [Webhook] {
        try actor.require(.manageAccount, in: account)
        guard try WebhookQueries.accountExists(account, in: tx) else { throw Refusal.notFound() }
        return try WebhookQueries.webhooks(
            of: account, after: paging.after, limit: paging.fetch, in: tx)
    }

    /// How many were switched off because they failed, and nobody has looked since.
    package static func countDisabled(of account: AccountID, in tx: Transaction) throws -> Int {
        try WebhookQueries.countDisabled(of: account, in: tx)
    }

    /// Switching it on or off is also the answer to its having been switched off.
    package func update(
        _ id: WebhookID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> Webhook {
        let wanted = try WebhookChanges(body, isNew: false)
        return try await change(id, expecting: version, by: actor) { webhook in
            if let url = wanted.url, url != webhook.url {
                webhook.url = url
                // Addresses that a business sets may not lead into our own network.
                webhook.isSetByOffice = actor.isOffice
            }
            if wanted.hasDescription { webhook.description = wanted.description }
            if let events = wanted.events { webhook.events = events }
            if let isActive = wanted.isActive {
                webhook.isActive = isActive
                webhook.disabledAt = nil
                webhook.disabledReason = nil
                if isActive {
                    webhook.failures = 0
                    webhook.failingSince = nil
                }
            }
        }
    }

    /// A new secret, shown this once.
    ///
    /// The one before it signs for another day, so that the receiver can change over in its own
    /// time; one that was still older ends at once.
    package func rotateSecret(
        _ id: WebhookID, expecting version: Int?, by actor: Actor
    ) async throws -> (webhook: Webhook, secret: String) {
        let secret = WebhookSignature.newSecret(ambient)
        let (vault, until) = (vault, ambient.now().advanced(bySeconds: Self.overlapSeconds))
        let webhook = try await change(id, expecting: version, by: actor) { webhook in
            webhook.previousSecret = webhook.secret
            webhook.previousUntil = until
            webhook.secret = try vault.seal(secret, context: webhook.context)
        }
        return (webhook, secret)
    }

    private func change(
        _ id: WebhookID, expecting version: Int?, by actor: Actor,
        _ apply: @escaping @Sendable (inout Webhook) throws -> Void
    ) async throws -> Webhook {
        let ambient = ambient
        return try await store.write { tx in
            let before = try Self.webhook(id, for: actor, locking: true, in: tx)
            var webhook = before
            if let version, version != webhook.version { throw Refusal.stale() }
            try apply(&webhook)
            webhook.version += 1
            try WebhookQueries.update(webhook, in: tx)
            try Self.raise("webhook.updated", webhook, ambient, tx)
            let isRotated = before.secret != webhook.secret
            try tx.audit(
                isRotated ? "webhook.secret_rotated" : "webhook.updated", of: id,
                in: webhook.account, by: actor, before: isRotated ? nil : before.json,
                after: isRotated ? ["url": .string(webhook.url)] : webhook.json, ambient: ambient)
            return webhook
        }
    }

    /// With everything that was sent to it.
    package func delete(_ id: WebhookID, expecting version: Int?, by actor: Actor) async throws {
        let ambient = ambient
        try await store.write { tx in
            let webhook = try Self.webhook(id, for: actor, locking: true, in: tx)
            if let version, version != webhook.version { throw Refusal.stale() }
            try WebhookQueries.delete(webhook, in: tx)
            try Self.raise("webhook.deleted", webhook, ambient, tx)
            try tx.audit(
                "webhook.deleted", of: id, in: webhook.account, by: actor, before: webhook.json,
                ambient: ambient)
        }
    }

    static func raise(
        _ type: String, _ webhook: Webhook, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        var payload: [String: JSONValue] = ["version": .number(webhook.version)]
        if let reason = webhook.disabledReason { payload["reason"] = .string(reason.rawValue) }
        try tx.raise(
            Event(
                type, account: webhook.account, subject: webhook.id.text, payload, ambient: ambient)
        )
    }
}
