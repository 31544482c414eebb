import Accounts
import Guidance
import HTTPTypes
import Hummingbird
import Kernel
import Store
import WebShell

extension ControlRoutes {
    func addBusinesses(to group: RouterGroup<WebContext>) {
        group.get { [self] request, context in
            let call = try ControlCall(request, context)
            return try await list(call).response()
        }
        group.get("businesses") { _, _ in Response.redirect("/control") }
        group.get("businesses/new") { [self] request, context in
            let call = try ControlCall(request, context)
            let economics = try await settings.economics()
            var state = FormState()
            state.values = [
                "time_zone": "America/New_York", "currency": economics.currency,
                "locale": Tongue.current.language.rawValue,
                "vertical": templates.first?.name ?? "", "trial_days": "\(economics.trialDays)",
            ]
            return newBusiness(call, state).response()
        }
        group.post("businesses") { [self] request, context in
            let call = try ControlCall(request, context)
            return try await create(call)
        }
        group.get("businesses/:id") { [self] request, context in
            let call = try ControlCall(request, context)
            let account = try await accounts.account(call.id(), for: call.actor)
            return try await business(call, account, Self.state(of: account)).response()
        }
        group.post("businesses/:id") { [self] request, context in
            let call = try ControlCall(request, context)
            return try await update(call)
        }
    }

    // MARK: List

    private func list(_ call: ControlCall) async throws -> Page {
        let paging = Paging(limit: 100, after: call.query("after"))
        let found = try await accounts.accounts(for: call.actor, paging)
        let shown = Array(found.prefix(paging.limit))
        let now = ambient.now()
        let rows = try await store.read { tx in
            try shown.map { account in
                let zone = Zone(account.timeZone) ?? .utc
                let monday = zone.date(at: now).startOfWeek
                return BusinessRow(
                    account: account,
                    open: try ControlQueries.openConversations(of: account.id, in: tx),
                    waiting: try ControlQueries.waitingConversations(of: account.id, in: tx),
                    appointments: try ControlQueries.appointments(
                        of: account.id, from: zone.instant(monday, .midnight),
                        to: zone.instant(monday.adding(days: 7), .midnight), in: tx))
            }
        }
        let next = found.count > paging.limit ? shown.last?.id.text : nil
        return ControlFrame(call, .businesses, t("Businesses"), table(rows, next: next)).page
    }

    private struct BusinessRow: Sendable {
        var account: Account
        var open: Int
        var waiting: Int
        var appointments: Int
    }

    private func table(_ rows: [BusinessRow], next: String?) -> HTML {
        let add: HTML =
            "<a class=\"btn btn-primary\" href=\"/control/businesses/new\">\(ControlParts.icon("plus")) \(t("New business"))</a>"
        let head = ControlParts.head(
            t("Businesses"), t("Whom the office answers for, and how they stand now."), add)
        if rows.isEmpty {
            return """
                \(head)
                <div class="card"><div class="empty">\(ControlParts.icon("building"))<h2>\(t("No businesses yet"))</h2><p>\(t("Each business that signs up, or that you add, appears here with its open conversations and this week’s appointments."))</p></div></div>
                """
        }
        return """
            \(head)
            <div class="card"><div class="table-wrap"><table class="table table-hover table-cards">
            <thead><tr><th scope="col">\(t("Business"))</th><th scope="col">\(t("Trade"))</th><th scope="col">\(t("State"))</th><th scope="col" class="num">\(t("Open conversations"))</th><th scope="col" class="num">\(t("Appointments this week"))</th></tr></thead>
            <tbody>\(rows.html(row))</tbody>
            </table></div></div>
            \(next.map { "<p><a class=\"btn\" href=\"/control?after=\($0)\">\(t("More businesses"))</a></p>" } ?? HTML())
            """
    }

    private func row(_ row: BusinessRow) -> HTML {
        let account = row.account
        let waiting: HTML =
            row.waiting == 0
            ? HTML()
            : "<span class=\"badge badge-waiting\">\(Phrase.plural(row.waiting, one: "\(row.waiting) waiting", other: "\(row.waiting) waiting"))</span> "
        return """
            <tr>
            <th scope="row"><div class="business-cell"><span class="avatar" data-hue="\(account.hue % 12 + 1)" aria-hidden="true">\(account.name.prefix(1).uppercased())</span><div><a href="/control/businesses/\(account.id)">\(account.name)</a><small>\(Self.city(account.timeZone)) · \(account.slug)</small></div></div></th>
            <td data-label="\(t("Trade"))">\(trade(account))</td>
            <td data-label="\(t("State"))">\(badge(account))</td>
            <td class="num" data-label="\(t("Open conversations"))">\(waiting)\(row.open)</td>
            <td class="num" data-label="\(t("Appointments this week"))">\(row.appointments)</td>
            </tr>
            """
    }

    private func trade(_ account: Account) -> String {
        account.vertical.flatMap { templates.named($0)?.spoken().label } ?? "–"
    }

    private func badge(_ account: Account) -> HTML {
        switch account.state {
        case .active: return "<span class=\"badge badge-booked\">\(t("Active"))</span>"
        case .trialing:
            guard let end = account.trialEndsAt else {
                return "<span class=\"badge badge-accent\">\(t("Trial"))</span>"
            }
            let left = end.milliseconds - ambient.now().milliseconds
            let days = Int((left + 86_399_999) / 86_400_000)
            return left <= 0
                ? "<span class=\"badge badge-late\">\(t("Trial is over"))</span>"
                : "<span class=\"badge badge-accent\">\(Phrase.plural(days, one: "Trial, \(days) day left", other: "Trial, \(days) days left"))</span>"
        case .paused: return "<span class=\"badge badge-waiting\">\(t("Paused"))</span>"
        case .canceled: return "<span class=\"badge\">\(t("Canceled"))</span>"
        }
    }

    private static let languages = Language.allCases.map {
        (value: $0.rawValue, label: Phrase(verbatim: $0.ownName))
    }

    private static func title(_ state: Account.State) -> Phrase {
        switch state {
        case .active: t("Active")
        case .trialing: t("On trial")
        case .paused: t("Paused")
        case .canceled: t("Canceled")
        }
    }

    /// `New York` of `America/New_York`; the cities that sign-up offers are in the catalogue.
    static func city(_ zone: String) -> Phrase {
        Phrase(
            stringLiteral: (zone.split(separator: "/").last.map(String.init) ?? zone)
                .replacing("_", with: " "))
    }

    // MARK: New

    private static let newFields = [
        "name", "slug", "time_zone", "locale", "currency", "vertical", "trial_days", "owner_name",
        "email", "password",
    ]

    private func create(_ call: ControlCall) async throws -> Response {
        let form = try await call.form()
        var state = FormState(form, Self.newFields)
        do {
            var members = state.json([
                "name", "slug", "time_zone", "locale", "currency", "vertical",
            ])
            if state["slug"].isEmpty { members["slug"] = "made-from-the-name" }
            var input = try Input(.object(members))
            var draft = AccountDirectory.Draft(reading: &input)
            if state["slug"].isEmpty { draft.slug = "" }
            let days = state["trial_days"].isEmpty ? nil : Int(state["trial_days"])
            if !state["trial_days"].isEmpty, !(0...365).contains(days ?? -1) {
                input.reject("trial_days", "range", "must be a number from 0 to 365.")
            }
            let owner = try owner(form, state, &input)
            try input.finish()
            let account = try await open(
                draft,
                templates.named(state["vertical"])?.spoken(Language(tag: draft.locale) ?? .english),
                days == 0 ? nil : days, owner, call.actor)
            return .redirect("/control/businesses/\(account.id)?saved=1")
        } catch let refusal as Refusal {
            state.take(refusal, fields: Self.newFields)
            return newBusiness(call, state).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    /// nil when no e-mail was given; then the owner is added later.
    private func owner(
        _ form: Form, _ state: FormState, _ input: inout Input
    ) throws -> PeopleDirectory.Draft? {
        if state["email"].isEmpty, state["owner_name"].isEmpty { return nil }
        var members = state.json(["email"])
        members["name"] = .string(state["owner_name"])
        members["role"] = "owner"
        members["password"] = .string(form["password"] ?? "")
        var person = try Input(.object(members))
        let draft = PeopleDirectory.Draft(reading: &person, roles: [.owner])
        for field in person.problems {
            input.reject(
                field.field == "name" ? "owner_name" : field.field, field.code, field.message)
        }
        return draft
    }

    private func newBusiness(_ call: ControlCall, _ state: FormState) -> Page {
        var trades = templates.map {
            (value: $0.name, label: Phrase(verbatim: $0.spoken().label))
        }
        trades.append((value: "", label: t("None of these")))
        let content: HTML = """
            \(ControlParts.head(t("New business"), t("Hours, services, staff and script come from the trade’s template; the owner changes what differs.")))
            \(ControlParts.alert(state))
            <form class="card" method="post" action="/control/businesses"><div class="card-body form">
            \(ControlParts.csrf(call))
            <div class="field-row">\(ControlParts.input("name", t("Name of the business"), state, max: 120))\(ControlParts.input("slug", t("Address"), state, hint: t("a–z, 0–9 and hyphens; made from the name when empty."), isRequired: false, max: 60))</div>
            <div class="field-row">\(ControlParts.select("vertical", t("Trade"), trades, state))\(ControlParts.input("time_zone", t("Time zone"), state, hint: t("An IANA name such as Europe/London."), max: 64))</div>
            <div class="field-row">\(ControlParts.input("currency", t("Currency"), state, hint: t("Three letters, such as USD."), max: 3))\(ControlParts.select("locale", t("Language of its clients"), Self.languages, state))\(ControlParts.input("trial_days", t("Days of trial"), state, type: "number", hint: t("0 starts it active."), max: 3))</div>
            <h2 class="overline">\(t("Owner’s sign-in"))</h2>
            <div class="field-row">\(ControlParts.input("owner_name", t("Name"), state, isRequired: false, max: 120))\(ControlParts.input("email", t("E-mail"), state, type: "email", isRequired: false, max: 254))\(ControlParts.input("password", t("Password"), state, type: "password", hint: t("At least 10 characters."), isRequired: false))</div>
            </div><div class="card-foot"><button class="btn btn-primary">\(t("Add the business"))</button><a class="btn btn-quiet" href="/control">\(t("Back"))</a></div></form>
            """
        return ControlFrame(call, .businesses, t("New business"), content).page
    }

    // MARK: One

    private static let fields = ["name", "time_zone", "currency", "phone", "state", "version"]

    private static func state(of account: Account) -> FormState {
        FormState([
            "name": account.name, "time_zone": account.timeZone, "currency": account.currency,
            "phone": account.shownPhone ?? "", "state": account.state.rawValue,
            "version": "\(account.version)",
        ])
    }

    private func update(_ call: ControlCall) async throws -> Response {
        let form = try await call.form()
        var state = FormState(form, Self.fields)
        do {
            var body = state.json(["name", "time_zone", "currency", "state"])
            if state["name"].isEmpty { body["name"] = "" }
            body["phone"] = state["phone"].isEmpty ? .null : .string(state["phone"])
            let account = try await accounts.update(
                call.id(), .object(body), expecting: Int(state["version"]), by: call.actor)
            return .redirect("/control/businesses/\(account.id)?saved=1")
        } catch let refusal as Refusal where refusal.kind != .notFound {
            state.take(refusal, fields: Self.fields)
            let account = try await accounts.account(call.id(), for: call.actor)
            return try await business(call, account, state).response(
                status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    private func business(
        _ call: ControlCall, _ account: Account, _ state: FormState
    ) async throws -> Page {
        let members = try await people.places(
            in: account.id, Paging(limit: 100, after: nil), for: call.actor)
        let states = Account.State.allCases.map {
            (value: $0.rawValue, label: Self.title($0))
        }
        let content: HTML = """
            \(ControlParts.head(Phrase(verbatim: account.name), Phrase(verbatim: "\(trade(account)) · \(account.slug)"), badge(account)))
            \(ControlParts.alert(state))
            <form class="card" method="post" action="/control/businesses/\(account.id)"><div class="card-body form">
            \(ControlParts.csrf(call))<input type="hidden" name="version" value="\(state["version"])">
            <div class="field-row">\(ControlParts.input("name", t("Name"), state, max: 120))\(ControlParts.select("state", t("State"), states, state, hint: t("Paused and canceled businesses keep everything.")))</div>
            <div class="field-row">\(ControlParts.input("time_zone", t("Time zone"), state, max: 64))\(ControlParts.input("currency", t("Currency"), state, max: 3))\(ControlParts.input("phone", t("Telephone"), state, type: "tel", isRequired: false, max: 40))</div>
            </div><div class="card-foot"><button class="btn btn-primary">\(t("Save"))</button><a class="btn btn-quiet" href="/control">\(t("All businesses"))</a></div></form>
            <section class="card" aria-labelledby="members"><div class="card-head"><h2 id="members">\(t("Who signs in for it"))</h2><a class="btn btn-small" href="/control/businesses/\(account.id)/members">\(t("Invite and change"))</a></div>
            \(memberList(members, of: account))</section>
            """
        return ControlFrame(call, .businesses, Phrase(verbatim: account.name), content).page
    }

    private func memberList(
        _ members: [PeopleDirectory.Member], of account: Account
    ) -> HTML {
        if members.isEmpty {
            return
                "<p class=\"card-body muted\">\(t("Nobody yet. Its owner appears here once there is a sign-in."))</p>"
        }
        return """
            <ul class="list">\(members.html { member in
                "<li><a class=\"list-item\" href=\"/control/businesses/\(account.id)/members/\(member.user.id)\"><span class=\"list-main\"><span class=\"strong\">\(member.user.name)</span> <span class=\"muted\">\(member.user.email)</span></span><span class=\"list-end\">\(member.isAwaited || member.user.state == .invited ? t("Invited") : member.role.title)</span></a></li>"
            })</ul>
            """
    }
}
