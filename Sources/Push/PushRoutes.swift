import Kernel
import WebShell

/// A person's own browsers in the API.
package struct PushRoutes {
    let office: PushOffice

    package init(office: PushOffice) { self.office = office }

    package func add(to api: APIRoutes) {
        api.get("/me/push_key", "me") { [office] _ in
            .ok(["public_key": .string(try await office.publicKey())])
        }
        api.get("/me/push_subscriptions", "me") { [office] call in
            let list = try await office.subscriptions(of: call.actor)
            return .ok(["data": .array(list.map(\.json)), "next_cursor": .null])
        }
        api.post("/me/push_subscriptions", "me") { [office] call in
            let kind: PushSubscription.Kind =
                switch call.context.session?.kind {
                case .account: .account
                case .office: .office
                // A token's owner: the office's people work at the desk.
                case nil: call.actor.isOffice ? .office : .account
                }
            let made = try await office.subscribe(call.body, kind: kind, by: call.actor)
            return .created(made.json, at: "/api/v1/me/push_subscriptions")
        }
        // By what the browser knows of it; there is nothing to end twice.
        api.post("/me/push_subscriptions/end", "me") { [office] call in
            var input = try call.input()
            let endpoint = input.text("endpoint", max: 1000)
            try input.finish()
            try await office.unsubscribe(endpoint, by: call.actor)
            return .noContent
        }
    }
}
