import Accounts
import Kernel
import WebShell

/// What clients are told, in the API.
package struct NoticeRoutes {
    let office: NoticeOffice

    package init(office: NoticeOffice) { self.office = office }

    package func add(to api: APIRoutes) {
        api.settings(
            "notice_settings", get: office.settings(of:for:),
            put: office.setSettings(_:of:expecting:by:))
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
