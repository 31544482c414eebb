import Hummingbird
import Kernel
import WebShell

package struct InquiryRoutes {
    let log: InquiryLog

    package init(log: InquiryLog) { self.log = log }

    package func add(to api: APIRoutes) {
        api.post("/accounts/:id/inquiries", "inquiries") { [log] call in
            let inquiry = try await log.record(call.body, in: call.id(), by: call.actor)
            return .created(
                inquiry.json, at: "/api/v1/inquiries/\(inquiry.id)", version: inquiry.version)
        }
        api.get("/accounts/:id/inquiries", "inquiries") { [log] call in
            try call.actor.require(.viewAccount, in: call.id())
            let paging = try call.paging()
            let list = try await log.inquiries(
                of: call.id(), try Self.filter(of: call), paging, for: call.actor)
            return paging.answer(list, cursor: InquiryCursor.text(of:), \.json)
        }
        api.get("/inquiries/:id", "inquiries") { [log] call in
            let inquiry = try await log.inquiry(call.id(), for: call.actor)
            return .ok(inquiry.json, version: inquiry.version)
        }
        api.patch("/inquiries/:id", "inquiries") { [log] call in
            let inquiry = try await log.update(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(inquiry.json, version: inquiry.version)
        }
    }

    private static func filter(of call: APICall) throws -> InquiryFilter {
        var filter = InquiryFilter()
        filter.conversation = call.query("conversation_id").map(ConversationID.init)
        (filter.from, filter.to) = try call.period()
        if let text = call.query("kind") {
            guard let kind = Inquiry.Kind(rawValue: text) else {
                let words = Inquiry.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal.invalid("kind", "unknown", "must be one of: \(words).")
            }
            filter.kind = kind
        }
        return filter
    }
}
