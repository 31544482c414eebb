import Hummingbird
import Kernel
import WebShell

/// People, tokens and accounts in the API.
package struct AccountRoutes {
    let accounts: AccountDirectory
    let people: PeopleDirectory
    let gatekeeper: Gatekeeper
    let settings: OfficeSettings

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
        addPeople(to: api)
        addTokens(to: api)
        addAccounts(to: api)
        addSettings(to: api)
    }

    private func addPeople(to api: APIRoutes) {
        api.get("/me", "me") { call in
            .ok([
                "user_id": .id(call.actor.user), "name": .string(call.actor.name),
                "email": .string(call.actor.email),
                "role": .text(call.actor.officeRole?.rawValue),
                "memberships": .array(
                    call.actor.memberships.sorted { $0.key < $1.key }.map {
                        ["account_id": .id($0.key), "role": .string($0.value.rawValue)]
                    }),
            ])
        }
        api.post("/users", "users", administers: true) { [people] call in
            var input = try call.input()
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.office)
            try call.actor.require(.manageOffice)
            try input.finish()
            let user = try await people.createOfficeUser(draft, by: call.actor)
            return .created(
                user.json(role: user.officeRole), at: "/api/v1/users/\(user.id)",
                version: user.version)
        }
        api.get("/users", "users") { [people] call in
            let paging = try call.paging()
            let users = try await people.officeUsers(paging, for: call.actor)
            return paging.answer(users, cursor: \.id.text) { $0.json(role: $0.officeRole) }
        }
        api.patch("/users/:id", "users", administers: true) { [people] call in
            let user = try await people.updateOfficeUser(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(user.json(role: user.officeRole), version: user.version)
        }
    }

    /// Tokens, one's own duty, and the members of accounts.
    private func addTokens(to api: APIRoutes) {
        api.post("/users/:id/tokens", "tokens", administers: true) { [gatekeeper] call in
            var input = try call.input()
            let name = input.text("name", max: 120)
            let scopes = input.optionalTexts("scopes", max: 40, length: 60) ?? ["admin"]
            for (index, scope) in scopes.enumerated() where !Gatekeeper.isScope(scope) {
                input.reject(
                    "scopes[\(index)]", "unknown",
                    "must be read, write, admin or <resource>:read|write.")
            }
            try input.finish()
            let token = try await gatekeeper.createToken(
                of: call.id(), name: name, scopes: scopes, by: call.actor)
            return .created(
                ["token": .string(token)], at: "/api/v1/users/\(call.id("id", UserID.self))/tokens")
        }
        api.put("/me/duty", "me") { [people] call in
            var input = try call.input()
            let isOnDuty = input.optionalBool("is_on_duty")
            if isOnDuty == nil { input.reject("is_on_duty", "required", "is required.") }
            try input.finish()
            try await people.setDuty(isOnDuty ?? false, of: call.actor)
            return .noContent
        }
        api.post("/accounts/:id/members", "members") { [people] call in
            var input = try call.input()
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.account)
            try call.actor.require(.manageAccount, in: call.id())
            try input.finish()
            let user = try await people.createMember(draft, of: call.id(), by: call.actor)
            return .created(
                user.json(role: draft.role),
                at: "/api/v1/accounts/\(call.id("id", AccountID.self))/members")
        }
        api.get("/accounts/:id/members", "members") { [people] call in
            let paging = try call.paging()
            let members = try await people.members(of: call.id(), paging, for: call.actor)
            return paging.answer(members, cursor: \.user.id.text) { $0.user.json(role: $0.role) }
        }
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
            return .ok(try await settings.economics().json)
        }
        api.patch("/settings", "settings", administers: true) { [settings] call in
            .ok(try await settings.updateEconomics(call.body, by: call.actor).json)
        }
    }
}
