import Hummingbird
import Kernel
import Store
import WebShell
import Work

/// Everything of this part together.
package struct PrivacyOffice: Sendable {
    package let exports: ContactExports
    package let erasures: ContactErasures
    package let retention: Retention

    package init(
        exports: ContactExports, erasures: ContactErasures, retention: Retention
    ) {
        self.exports = exports
        self.erasures = erasures
        self.retention = retention
    }

    package var jobHandlers: [String: Worker.Handler] {
        [
            "privacy.export": exports.make, "privacy.erase": erasures.finish,
            "privacy.retention": retention.run,
        ]
    }

    package var policies: [String: RetryPolicy] {
        var long = RetryPolicy.standard
        long.deadlineSeconds = 3600
        return ["privacy.export": long, "privacy.retention": long]
    }

    package var schedules: [Schedule] {
        Cron("7 4 * * *").map {
            [
                Schedule(
                    "privacy.retention", $0, kind: "privacy.retention", isHousekeeping: true)
            ]
        } ?? []
    }
}

/// Access, erasure and retention in the API.
package struct PrivacyRoutes {
    let office: PrivacyOffice

    package init(office: PrivacyOffice) { self.office = office }

    package func add(to api: APIRoutes) {
        addContacts(to: api)
        addRetention(to: api)
    }

    private func addContacts(to api: APIRoutes) {
        api.post("/contacts/:id/export", "contacts") { [office] call in
            let export = try await office.exports.request(call.id(), by: call.actor)
            var answer = APIAnswer.accepted(export.json)
            answer.location = "/api/v1/contact_exports/\(export.id)"
            return answer
        }
        api.get("/contact_exports/:id", "contacts") { [office] call in
            let id = call.context.parameters.get("id") ?? ""
            return .ok(try await office.exports.export(id, for: call.actor).json)
        }
        api.post("/contacts/:id/erase", "contacts") { [office] call in
            var input = try call.input()
            let confirm = input.optionalText("confirm", max: 200) ?? ""
            if !input.has("confirm") { input.reject("confirm", "required", "is required.") }
            let problems = input
            // Who may not hears that first.
            let certificate = try await office.erasures.erase(
                call.id(), confirm: problems.problems.isEmpty ? confirm : "", by: call.actor)
            var answer = APIAnswer.accepted(certificate.json)
            answer.location = "/api/v1/contact_erasures/\(certificate.id)"
            return answer
        }
        api.get("/contact_erasures/:id", "contacts") { [office] call in
            let id = call.context.parameters.get("id") ?? ""
            return .ok(try await office.erasures.certificate(id, for: call.actor).json)
        }
        api.get("/accounts/:id/contact_erasures", "contacts") { [office] call in
            let paging = try call.paging()
            let list = try await office.erasures.certificates(
                of: call.id(), after: paging.after, limit: paging.fetch, for: call.actor)
            return paging.answer(list, cursor: \.id, \.json)
        }
    }

    private func addRetention(to api: APIRoutes) {
        api.get("/settings/retention", "settings") { [office] call in
            let rules = try await office.retention.officeRules(for: call.actor)
            return .ok(["days": Self.json(rules)])
        }
        api.patch("/settings/retention", "settings", administers: true) { [office] call in
            try await office.retention.change(call.body, of: nil, by: call.actor)
            let rules = try await office.retention.officeRules(for: call.actor)
            let next = try await office.retention.preview(for: call.actor)
            return .ok(["days": Self.json(rules), "next_run": Self.json(next, absent: 0)])
        }
        api.get("/accounts/:id/retention", "accounts") { [office] call in
            try await Self.own(call, office)
        }
        api.patch("/accounts/:id/retention", "accounts") { [office] call in
            try await office.retention.change(call.body, of: call.id(), by: call.actor)
            return try await Self.own(call, office)
        }
    }

    private static func own(_ call: APICall, _ office: PrivacyOffice) async throws -> APIAnswer {
        let (own, effective) = try await office.retention.rules(of: call.id(), for: call.actor)
        return .ok(["days": json(own), "effective_days": json(effective)])
    }

    private static func json(_ rules: Retention.Rules, absent: Int? = nil) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: RetentionClass.allCases.map {
                    ($0.rawValue, .number(rules[$0] ?? absent))
                }))
    }
}
