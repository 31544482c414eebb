import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import Live
import Store
import WebShell

/// The event stream: every change that a token may see, once, in order.
package struct EventRoutes {
    let store: Store
    let feed: EventFeed
    /// The caller as they are now: roles and sessions change while a stream is open.
    let revalidate: @Sendable (APICall) async throws -> Actor?

    package init(
        store: Store, feed: EventFeed,
        revalidate: @escaping @Sendable (APICall) async throws -> Actor?
    ) {
        self.store = store
        self.feed = feed
        self.revalidate = revalidate
    }

    package func add(to api: APIRoutes) {
        api.stream("/events", "events") { [self] call in
            let account = call.query("account").map { AccountID($0) }
            if let account {
                let actor = call.actor
                _ = try await store.read { tx in
                    try AccountDirectory.account(account, for: actor, in: tx)
                }
            }
            let wantsList = call.request.headers[.accept]?.contains("application/json") ?? false
            if wantsList { return try await list(call, account).response }
            let start: Int64
            if let cursor = try EventStream.cursor(of: call.request) {
                start = cursor
            } else {
                start = try await store.read { tx in try EventLog.head(in: tx) }
            }
            let actor = call.actor
            return EventStream(
                feed: feed, cursor: start,
                event: { event in
                    Self.isVisible(event, to: actor, account) ? (event.type, event.json) : nil
                },
                signal: { signal in
                    guard call.context.session != nil, Self.concerns(signal.account, actor, account)
                    else { return nil }
                    return (
                        signal.type,
                        ["subject": .string(signal.subject), "payload": .object(signal.payload)]
                    )
                },
                // Who they are and what they may do counts, not where the call came from.
                isStillAllowed: {
                    try await revalidate(call)?.coming(from: actor.origin) == actor
                }
            ).response(to: call.request)
        }
    }

    private func list(_ call: APICall, _ account: AccountID?) async throws -> APIAnswer {
        let limit = try call.integer("limit", in: 1...200) ?? 50
        var cursor = try EventStream.cursor(of: call.request) ?? 0
        let actor = call.actor
        var found: [Event] = []
        // Bounded: a stranger's events are skipped, at most some thousands per answer.
        for _ in 0..<10 where found.count < limit {
            let from = cursor
            let batch = try await store.read { tx in
                if let account {
                    return try EventLog.events(of: account, after: from, limit: 500, in: tx)
                }
                return try EventLog.events(after: from, limit: 500, in: tx)
            }
            for event in batch where found.count < limit {
                cursor = event.sequence
                if Self.isVisible(event, to: actor, account) { found.append(event) }
            }
            if batch.count < 500 { break }
        }
        return .ok(["data": .array(found.map(\.json)), "next_cursor": .string("\(cursor)")])
    }

    private static func concerns(
        _ subject: AccountID?, _ actor: Actor, _ account: AccountID?
    ) -> Bool {
        if let account, subject != account { return false }
        guard let subject else { return actor.isOffice }
        return actor.can(.viewAccount, in: subject)
    }

    static func isVisible(_ event: Event, to actor: Actor, _ account: AccountID?) -> Bool {
        // Private notes are the office's own: members do not even hear that there is one.
        if event.payload["private"] == true, !actor.isOffice { return false }
        return concerns(event.account, actor, account)
    }
}
