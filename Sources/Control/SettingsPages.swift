import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

extension ControlRoutes {
    func addSettings(to group: RouterGroup<WebContext>) {
        group.get("settings") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let economics = try await settings.economics()
            return page(call, economics, Self.state(of: economics)).response()
        }
        group.post("settings") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let form = try await call.form()
            var state = FormState(form, Self.sums + Self.numbers + ["currency"])
            do {
                _ = try await settings.updateEconomics(try Self.body(&state), by: call.actor)
                return Response.redirect("/control/settings?saved=1")
            } catch let refusal as Refusal {
                state.take(
                    refusal, fields: Self.sums + Self.numbers + ["currency"],
                    renaming: [
                        "service_hour_minor": "service_hour",
                        "receptionist_hour_minor": "receptionist_hour",
                        "desk_month_minor": "desk_month",
                    ])
                return page(call, try await settings.economics(), state).response(
                    status: HTTPResponse.Status(code: refusal.kind.rawValue))
            }
        }
    }

    private static let sums = ["service_hour", "receptionist_hour", "desk_month"]
    private static let numbers = ["hours_per_day", "days_per_month", "trial_days"]

    private static func state(of economics: Economics) -> FormState {
        FormState([
            "service_hour": typed(economics.serviceHourMinor),
            "receptionist_hour": typed(economics.receptionistHourMinor),
            "desk_month": typed(economics.deskMonthMinor),
            "hours_per_day": "\(economics.hoursPerDay)",
            "days_per_month": "\(economics.daysPerMonth)",
            "trial_days": "\(economics.trialDays)", "currency": economics.currency,
        ])
    }

    /// `10` or `10.50`, as a form shows a sum.
    private static func typed(_ minor: Int64) -> String {
        let cents = minor % 100
        return cents == 0
            ? "\(minor / 100)" : "\(minor / 100)." + (cents < 10 ? "0" : "") + "\(cents)"
    }

    /// Minor units of `10`, `10.5` or `10,50`; nil when it is not a sum.
    private static func minor(_ text: String) -> Int? {
        let parts = text.replacing(",", with: ".").split(
            separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int(parts[0]), whole >= 0,
            whole <= 1_000_000, parts[0].allSatisfy(\.isNumber)
        else { return nil }
        guard parts.count == 2 else { return whole * 100 }
        guard (1...2).contains(parts[1].count), let cents = Int(parts[1]),
            parts[1].allSatisfy(\.isNumber)
        else { return nil }
        return whole * 100 + (parts[1].count == 1 ? cents * 10 : cents)
    }

    /// What the form says in the verb's words; throws all its bad fields at once.
    private static func body(_ state: inout FormState) throws -> JSONValue {
        var members: [String: JSONValue] = ["currency": .string(state["currency"])]
        var problems: [Refusal.Field] = []
        for name in sums {
            if let value = minor(state[name]) {
                members[name + "_minor"] = .number(value)
            } else {
                problems.append(.init(name, "money", "must be a sum such as 10 or 10.50."))
            }
        }
        for name in numbers {
            if let value = Int(state[name]) {
                members[name] = .number(value)
            } else {
                problems.append(.init(name, "number", "must be a whole number."))
            }
        }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        return .object(members)
    }

    // MARK: Page

    private func page(_ call: ControlCall, _ economics: Economics, _ state: FormState) -> Page {
        let content: HTML = """
            \(ControlParts.head(t("Settings"), t("The numbers that the first page compares with, and the length of a trial.")))
            \(ControlParts.alert(state))
            <form class="form" method="post" action="/control/settings">
            \(ControlParts.csrf(call))
            <section class="card" aria-labelledby="prices"><div class="card-head"><h2 id="prices">\(t("Prices compared"))</h2></div>
            \(row("service_hour", t("An hour of our service"), t("What the business pays."), state, unit: economics.currency))
            \(row("receptionist_hour", t("An hour of an employed receptionist"), t("What they would pay instead."), state, unit: economics.currency))
            \(row("desk_month", t("Desk, computer and telephone"), t("Of an employed receptionist, a month."), state, unit: economics.currency))
            \(row("hours_per_day", t("Hours a day"), t("1 to 24."), state, unit: t("h").text))
            \(row("days_per_month", t("Days a month"), t("1 to 31."), state, unit: t("d").text))
            \(row("currency", t("Currency"), t("Three letters, such as USD."), state))
            </section>
            <section class="card" aria-labelledby="trial"><div class="card-head"><h2 id="trial">\(t("New businesses"))</h2></div>
            \(row("trial_days", t("Days of trial"), t("For those who sign up. 0 offers none."), state, unit: t("d").text))
            </section>
            <section class="card" aria-labelledby="sums"><div class="card-head"><h2 id="sums">\(t("What the first page says now"))</h2></div><div class="card-body">
            \(sum(t("Receptionist in the office, a month"), economics.receptionistMonth))
            \(sum(t("Our service, a month"), economics.serviceMonth))
            \(sum(t("Difference"), economics.saving, isTotal: true))
            </div></section>
            <div class="form-actions"><button class="btn btn-primary">\(t("Save"))</button><a class="btn btn-quiet" href="/">\(t("See the first page"))</a></div>
            </form>
            """
        return ControlFrame(call, .settings, t("Settings"), content).page
    }

    private func row(
        _ name: String, _ label: Phrase, _ hint: Phrase, _ state: FormState, unit: String? = nil
    ) -> HTML {
        """
        <div class="setting"><label class="label" for="\(name)">\(label)</label>
        <div class="hint">\(ControlParts.below(name, state, hint))</div>
        <div class="input-with"><input class="input" id="\(name)" name="\(name)" value="\(state[name])" inputmode="\(name == "currency" ? "text" : "decimal")" maxlength="12" required\(ControlParts.described(name, state, hint))>\(unit.map { "<span class=\"unit\">\($0)</span>" } ?? HTML())</div></div>
        """
    }

    private func sum(_ label: Phrase, _ money: Money, isTotal: Bool = false) -> HTML {
        "<p class=\"sum-line\(isTotal ? " is-total" : "")\"><span>\(label)</span><output>\(money.text)</output></p>"
    }
}
