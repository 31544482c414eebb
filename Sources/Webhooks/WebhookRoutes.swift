import Kernel
import Store
import WebShell

/// Outgoing webhooks in the API.
package struct WebhookRoutes {
    let directory: WebhookDirectory

    package init(directory: WebhookDirectory) { self.directory = directory }

    package func add(to api: APIRoutes) {
        addEndpoints(to: api)
        addDeliveries(to: api)
    }

    private func addEndpoints(to api: APIRoutes) {
        api.post("/accounts/:id/webhooks", "webhooks") { [directory] call in
            let made = try await directory.create(call.body, in: call.id(), by: call.actor)
            return APIAnswer.created(
                made.webhook.json(revealing: made.secret),
                at: "/api/v1/webhooks/\(made.webhook.id)", version: made.webhook.version
            ).secret
        }
        api.get("/accounts/:id/webhooks", "webhooks") { [directory] call in
            let paging = try call.paging()
            let found = try await directory.store.read { tx in
                try WebhookDirectory.webhooks(of: call.id(), paging, for: call.actor, in: tx)
            }
            return paging.answer(found, cursor: \.id.text, \.json)
        }
        api.get("/webhooks/:id", "webhooks") { [directory] call in
            let webhook = try await directory.webhook(call.id(), for: call.actor)
            return .ok(webhook.json, version: webhook.version)
        }
        api.patch("/webhooks/:id", "webhooks") { [directory] call in
            let webhook = try await directory.update(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(webhook.json, version: webhook.version)
        }
        api.delete("/webhooks/:id", "webhooks") { [directory] call in
            try await directory.delete(
                call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return .noContent
        }
        api.post("/webhooks/:id/rotate_secret", "webhooks") { [directory] call in
            let (webhook, secret) = try await directory.rotateSecret(
                call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return APIAnswer.ok(webhook.json(revealing: secret), version: webhook.version).secret
        }
    }

    private func addDeliveries(to api: APIRoutes) {
        api.post("/webhooks/:id/test", "webhooks") { [directory] call in
            let delivery = try await directory.test(call.id(), by: call.actor)
            return .created(delivery.json, at: Self.address(delivery))
        }
        api.get("/webhooks/:id/deliveries", "webhooks") { [directory] call in
            let paging = try call.paging()
            var input = try Input(.object(["status": .text(call.query("status"))]))
            let status = input.optionalChoice("status", WebhookDelivery.Status.self)
            try input.finish()
            let found = try await directory.store.read { tx in
                try WebhookDirectory.deliveries(
                    of: call.id(), status: status, paging, for: call.actor, in: tx)
            }
            return paging.answer(found, cursor: \.id.text, \.json)
        }
        api.get("/webhook_deliveries/:id", "webhooks") { [directory] call in
            let (delivery, attempts) = try await directory.store.read { tx in
                try WebhookDirectory.delivery(call.id(), for: call.actor, in: tx)
            }
            return .ok(delivery.json(attempts))
        }
        api.post("/webhook_deliveries/:id/resend", "webhooks") { [directory] call in
            let delivery = try await directory.resend(call.id(), by: call.actor)
            return .created(delivery.json, at: Self.address(delivery))
        }
    }

    private static func address(_ delivery: WebhookDelivery) -> String {
        "/api/v1/webhook_deliveries/\(delivery.id)"
    }
}
