import Hummingbird
import Kernel
import WebShell

/// What clients are told, in the API.
package struct NoticeRoutes {
    let office: NoticeOffice

    package init(office: NoticeOffice) { self.office = office }

    package func add(to api: APIRoutes) {
        api.get("/accounts/:id/notice_settings", "notice_settings") { [office] call in
            let settings = try await office.settings(of: call.id(), for: call.actor)
            return .ok(settings.json, version: settings.version)
        }
        api.put("/accounts/:id/notice_settings", "notice_settings") { [office] call in
            let settings = try await office.setSettings(
                call.body, of: call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return .ok(settings.json, version: settings.version)
        }
        api.get("/accounts/:id/deliveries", "deliveries") { [office] call in
            var paging = try call.paging()
            // `after` is a cursor to go on from; with an empty one the list begins.
            if let after = call.query("after") {
                guard let position = OpaqueCursor.position(after) else {
                    throw Refusal.invalid("after", "cursor", "is not a cursor of this list.")
                }
                paging = Paging(limit: paging.limit, after: position)
            }
            let list = try await office.deliveries(
                of: call.id(), status: call.query("status"), purpose: call.query("purpose"),
                isReversed: false, paging, for: call.actor)
            return paging.answer(list, cursor: DeliveryCursor.text(after:), \.json)
        }
    }
}
