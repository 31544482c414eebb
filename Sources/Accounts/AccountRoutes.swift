import Hummingbird
import Kernel
import WebShell

/// People, tokens and accounts in the API.
package struct AccountRoutes {
    let accounts: AccountDirectory
    let people: PeopleDirectory
    let gatekeeper: Gatekeeper
    let settings: OfficeSettings
    /// Invitations per person who makes them.
    let invitations = Throttle(limit: 200, per: .seconds(3600))
    var audit: AuditLog { AuditLog(store: people.store) }

    package init(
        accounts: AccountDirectory, people: PeopleDirectory, gatekeeper: Gatekeeper,
        settings: OfficeSettings
    ) {
        self.accounts = accounts
        self.people = people
        self.gatekeeper = gatekeeper
        self.settings = settings
    }

    package func add(to api: APIRoutes) {
        addMe(to: api)
        addPeople(to: api)
        addTokens(to: api)
        addMembers(to: api)
        addAccounts(to: api)
        addSettings(to: api)
    }

    private func addAccounts(to api: APIRoutes) {
        api.post("/accounts", "accounts") { [accounts] call in
            try call.actor.require(.createAccounts)
            var input = try call.input()
            let draft = AccountDirectory.Draft(reading: &input)
            try input.finish()
            let account = try await accounts.create(draft, by: call.actor)
            return .created(
                account.json, at: "/api/v1/accounts/\(account.id)", version: account.version)
        }
        api.get("/accounts", "accounts") { [accounts] call in
            let paging = try call.paging()
            let list = try await accounts.accounts(for: call.actor, paging)
            return paging.answer(list, cursor: \.id.text, \.json)
        }
        api.get("/accounts/:id", "accounts") { [accounts] call in
            let account = try await accounts.account(call.id(), for: call.actor)
            return .ok(account.json, version: account.version)
        }
        api.patch("/accounts/:id", "accounts") { [accounts] call in
            let account = try await accounts.update(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(account.json, version: account.version)
        }
    }

    private func addSettings(to api: APIRoutes) {
        api.get("/settings", "settings") { [settings] call in
            guard call.actor.isOffice else { throw Refusal.forbidden() }
            return .ok(try await settings.json())
        }
        api.patch("/settings", "settings", administers: true) { [settings] call in
            _ = try await settings.updateEconomics(call.body, by: call.actor)
            return .ok(try await settings.json())
        }
        api.get("/audit", "audit") { [self] call in
            let noun = call.query("noun")
            if let noun, !noun.utf8.allSatisfy({ (97...122).contains($0) || $0 == 95 }) {
                throw Refusal.invalid("noun", "unknown", "must be a word such as service.")
            }
            let paging = try call.paging()
            let entries = try await audit.entries(
                .init(
                    account: call.query("account").map { AccountID($0) },
                    actor: call.query("actor").map { UserID($0) }, noun: noun),
                paging, for: call.actor)
            return paging.answer(entries, cursor: \.id, \.json)
        }
    }
}
