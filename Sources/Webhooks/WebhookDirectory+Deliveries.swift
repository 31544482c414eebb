import Kernel
import Store
import WebShell

/// What was sent to an endpoint, and sending it again.
extension WebhookDirectory {
    package static func delivery(
        _ id: WebhookDeliveryID, for actor: Actor, in tx: Transaction
    ) throws -> (delivery: WebhookDelivery, attempts: [WebhookAttempt]) {
        guard let delivery = try WebhookDeliveryQueries.delivery(id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.manageAccount, in: delivery.account)
        return (delivery, try WebhookDeliveryQueries.attempts(of: delivery, in: tx))
    }

    /// Newest first; cursors are ids.
    package static func deliveries(
        of id: WebhookID, status: WebhookDelivery.Status? = nil, _ paging: Paging,
        for actor: Actor, in tx: Transaction
    ) throws -> [WebhookDelivery] {
        let webhook = try webhook(id, for: actor, in: tx)
        return try WebhookDeliveryQueries.deliveries(
            of: webhook, status: status, before: paging.after, limit: paging.fetch, in: tx)
    }

    /// Tries the connection, also of an endpoint that is off: one attempt, no event.
    package func test(_ id: WebhookID, by actor: Actor) async throws -> WebhookDelivery {
        let ambient = ambient
        return try await store.write { tx in
            let webhook = try Self.webhook(id, for: actor, in: tx)
            let event = Event(
                WebhookDelivery.testType, account: webhook.account, subject: id.text,
                ambient: ambient)
            let delivery = WebhookDelivery(
                id: WebhookDeliveryID(from: ambient), account: webhook.account, webhook: id,
                event: event.id, type: event.type, payload: WebhookDelivery.payload(of: event),
                createdAt: ambient.now())
            return try Self.dispatch(delivery, ambient, tx) ?? delivery
        }
    }

    /// Sends the same body again under a new id; what was still to be tried is tried no more.
    package func resend(_ id: WebhookDeliveryID, by actor: Actor) async throws -> WebhookDelivery {
        let ambient = ambient
        return try await store.write { tx in
            let (seen, _) = try Self.delivery(id, for: actor, in: tx)
            let webhook = try Self.webhook(seen.webhook, for: actor, in: tx)
            guard webhook.isActive || seen.isTest else {
                throw Refusal.conflict("This webhook is switched off. Switch it on first.")
            }
            guard var old = try WebhookDeliveryQueries.delivery(id, locking: true, in: tx) else {
                throw Refusal.notFound()
            }
            if old.status == .waiting {
                old.end(.failed, at: ambient.now(), failure: "Sent again by a person.")
                try WebhookDeliveryQueries.update(old, in: tx)
            }
            let delivery = WebhookDelivery(
                id: WebhookDeliveryID(from: ambient), account: old.account, webhook: old.webhook,
                event: old.event, type: old.type, resendOf: old.id, payload: old.payload,
                createdAt: ambient.now())
            return try Self.dispatch(delivery, ambient, tx) ?? delivery
        }
    }
}

extension WebhookDelivery {
    /// Ends it: no further attempt.
    mutating func end(_ status: Status, at now: Instant, failure: String? = nil) {
        self.status = status
        self.failure = failure
        nextAttemptAt = nil
        finishedAt = now
    }
}
