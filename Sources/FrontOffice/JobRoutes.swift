import Hummingbird
import Kernel
import WebShell
import Work

/// The office's work in the API, for its admins.
struct JobRoutes {
    let board: JobBoard

    func add(to api: APIRoutes) {
        api.get("/jobs", "jobs") { [board] call in
            let paging = try call.paging()
            let state = try call.query("state").map { text in
                guard let state = JobBoard.State(rawValue: text) else {
                    throw Refusal.invalid(
                        "state", "unknown", "must be ready, running or dead.")
                }
                return state
            }
            let (entries, _) = try await board.entries(
                state, limit: paging.limit, after: paging.after, for: call.actor)
            return paging.answer(entries, cursor: \.id, Self.json)
        }
        api.post("/jobs/:id/retry", "jobs", administers: true) { [board] call in
            let id = call.context.parameters.get("id") ?? ""
            return .ok(Self.json(try await board.retry(id, by: call.actor)))
        }
        api.delete("/jobs/:id", "jobs", administers: true) { [board] call in
            try await board.delete(call.context.parameters.get("id") ?? "", by: call.actor)
            return .noContent
        }
    }

    private static func json(_ entry: JobBoard.Entry) -> JSONValue {
        [
            "id": .string(entry.id), "kind": .string(entry.kind),
            "account_id": .id(entry.account), "state": .string(entry.state.rawValue),
            "attempts": .number(entry.attempts), "last_error": .text(entry.lastError),
            "run_at": .instant(entry.runAt), "created_at": .instant(entry.createdAt),
            "died_at": .instant(entry.diedAt),
        ]
    }
}
