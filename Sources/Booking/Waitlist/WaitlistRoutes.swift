import Hummingbird
import Kernel
import WebShell

package struct WaitlistRoutes {
    let waitlist: Waitlist

    package init(waitlist: Waitlist) { self.waitlist = waitlist }

    package func add(to api: APIRoutes) {
        api.post("/accounts/:id/waitlist", "waitlist") { [waitlist] call in
            let entry = try await waitlist.join(call.body, in: call.id(), by: call.actor)
            return .created(
                entry.json, at: "/api/v1/waitlist/\(entry.id)", version: entry.version)
        }
        api.get("/accounts/:id/waitlist", "waitlist") { [waitlist] call in
            let paging = try call.paging()
            var statuses: [WaitlistEntry.Status] = [.waiting, .offered]
            if let words = call.query("status") {
                statuses = try words.split(separator: ",").map { word in
                    if let status = WaitlistEntry.Status(rawValue: String(word)) { return status }
                    let known = WaitlistEntry.Status.allCases.map(\.rawValue)
                    throw Refusal.invalid(
                        "status", "unknown",
                        "must be one of: \(known.joined(separator: ", ")).")
                }
            }
            let list = try await waitlist.entries(
                of: call.id(), statuses, paging, for: call.actor)
            return paging.answer(list, cursor: \.id.text, \.json)
        }
        api.get("/waitlist/:id", "waitlist") { [waitlist] call in
            let entry = try await waitlist.entry(call.id(), for: call.actor)
            return .ok(entry.json, version: entry.version)
        }
        api.delete("/waitlist/:id", "waitlist") { [waitlist] call in
            try await waitlist.leave(call.id(), by: call.actor)
            return .noContent
        }
        api.post("/waitlist/:id/claim", "waitlist") { [waitlist] call in
            let appointment = try await waitlist.claim(call.id(), by: call.actor)
            return .created(
                appointment.json, at: "/api/v1/appointments/\(appointment.id)",
                version: appointment.version)
        }
    }
}
