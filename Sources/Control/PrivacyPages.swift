import HTTPTypes
import Hummingbird
import Kernel
import Privacy
import WebShell

/// How long each class of data is kept, and what the next night would take away.
extension ControlRoutes {
    func addPrivacy(to group: RouterGroup<WebContext>) {
        group.get("privacy") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let rules = try await privacy.retention.officeRules(for: call.actor)
            return try await privacyPage(call, Self.state(of: rules)).response()
        }
        group.post("privacy") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let names = RetentionClass.allCases.map(\.rawValue)
            var state = FormState(try await call.form(), names)
            do {
                try await privacy.retention.change(
                    try Self.days(state), of: nil, by: call.actor)
                return Response.redirect("/control/privacy?saved=1")
            } catch let refusal as Refusal {
                state.take(refusal, fields: names)
                return try await privacyPage(call, state).response(
                    status: HTTPResponse.Status(code: refusal.kind.rawValue))
            }
        }
    }

    private static func state(of rules: Retention.Rules) -> FormState {
        FormState(
            Dictionary(
                uniqueKeysWithValues: RetentionClass.allCases.map { kind in
                    (kind.rawValue, rules[kind].map { "\($0)" } ?? "")
                }))
    }

    /// An empty field is "for ever".
    private static func days(_ state: FormState) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        for kind in RetentionClass.allCases {
            let text = state[kind.rawValue]
            guard let days = text.isEmpty ? .some(nil) : Int(text).map(Optional.some) else {
                throw Refusal.invalid(kind.rawValue, "number", "must be a whole number.")
            }
            members[kind.rawValue] = .number(days)
        }
        return .object(members)
    }

    private func privacyPage(_ call: ControlCall, _ state: FormState) async throws -> Page {
        let counts = try await privacy.retention.preview(for: call.actor)
        let content: HTML = """
            \(ControlParts.head(t("Privacy"), t("How long data is kept. Every night older data is deleted for good.")))
            \(ControlParts.alert(state))
            <form class="form" method="post" action="/control/privacy">
            \(ControlParts.csrf(call))
            <section class="card" aria-labelledby="rules"><div class="card-head"><h2 id="rules">\(t("Kept for"))</h2></div>
            \(RetentionClass.allCases.html { rule($0, state, counts[$0] ?? 0) })
            </section>
            <p class="hint">\(t("An empty field keeps for ever. A business may keep its own data for less time, never for more. Clients who ask to be forgotten are erased at once, on their page in the portal."))</p>
            <div class="form-actions"><button class="btn btn-primary">\(t("Save"))</button></div>
            </form>
            """
        return ControlFrame(call, .privacy, t("Privacy"), content).page
    }

    private func rule(_ kind: RetentionClass, _ state: FormState, _ count: Int) -> HTML {
        let name = kind.rawValue
        let next = Phrase.plural(
            count, one: "The next night deletes \(count) row.",
            other: "The next night deletes \(count) rows.")
        let hint = count == 0 ? kind.explanation : Phrase(joining: [kind.explanation, next])
        return """
            <div class="setting"><label class="label" for="\(name)">\(kind.name)</label>
            <div class="hint">\(ControlParts.below(name, state, hint))</div>
            <div class="input-with"><input class="input" id="\(name)" name="\(name)" value="\(state[name])" inputmode="numeric" maxlength="5" placeholder="\(t("for ever"))"\(ControlParts.described(name, state, hint))><span class="unit">\(t("days"))</span></div></div>
            """
    }
}
