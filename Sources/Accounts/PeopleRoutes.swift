import Hummingbird
import Kernel
import WebShell

extension Request {
    /// Where this server is reached, as the browser and the proxy before us say it.
    package var origin: String {
        (Cookies.isSecure(self) ? "https://" : "http://") + (head.authority ?? "")
    }
}

/// The office's people, members, their tokens and sessions.
extension AccountRoutes {
    func addMe(to api: APIRoutes) {
        api.get("/me", "me") { call in
            .ok([
                "user_id": .id(call.actor.user), "name": .string(call.actor.name),
                "email": .string(call.actor.email),
                "role": .text(call.actor.officeRole?.rawValue),
                "memberships": Self.memberships(call.actor.memberships),
            ])
        }
        api.patch("/me", "me") { [people] call in
            let user = try await people.updateMe(
                call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(user.json(role: user.officeRole), version: user.version)
        }
        api.put("/me/duty", "me") { [people] call in
            var input = try call.input()
            let isOnDuty = input.optionalBool("is_on_duty")
            if isOnDuty == nil { input.reject("is_on_duty", "required", "is required.") }
            try input.finish()
            try await people.setDuty(isOnDuty ?? false, of: call.actor)
            return .noContent
        }
        api.get("/me/sessions", "me") { [gatekeeper] call in
            let sessions = try await gatekeeper.sessions(of: call.actor.user)
            return .ok(["data": .array(sessions.map(\.json)), "next_cursor": nil])
        }
        api.delete("/me/sessions", "me") { [gatekeeper] call in
            try await gatekeeper.endSessions(of: call.actor, except: call.context.session)
            return .noContent
        }
    }

    static func memberships(_ places: [AccountID: Role]) -> JSONValue {
        .array(
            places.sorted { $0.key < $1.key }.map {
                ["account_id": .id($0.key), "role": .string($0.value.rawValue)]
            })
    }

    func addPeople(to api: APIRoutes) {
        api.post("/users", "users", administers: true) { [people] call in
            var input = try call.input()
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.office)
            try call.actor.require(.manageOffice)
            try input.finish()
            let added = try await people.addOfficeUser(draft, by: call.actor)
            return Self.created(added, call, at: "/api/v1/users/\(added.user.id)")
        }
        api.get("/users", "users") { [people] call in
            let paging = try call.paging()
            let users = try await people.officeUsers(paging, for: call.actor)
            return paging.answer(users, cursor: \.id.text) { $0.json(role: $0.officeRole) }
        }
        api.get("/users/:id", "users") { [people] call in
            let (user, places) = try await people.person(call.id(), for: call.actor)
            var members = user.json(role: user.officeRole).object ?? [:]
            members["memberships"] = Self.memberships(places)
            return .ok(.object(members), version: user.version)
        }
        api.patch("/users/:id", "users", administers: true) { [people] call in
            let user = try await people.updateOfficeUser(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(user.json(role: user.officeRole), version: user.version)
        }
        api.post("/users/:id/invitation", "users", administers: true) { [self] call in
            var input = try call.input()
            let account = input.optionalText("account_id", max: 60)
            try input.finish()
            try invitations.count(call.actor.user.text)
            let handed = try await people.links.invite(
                call.id(), into: account.map { AccountID($0) }, by: call.actor)
            return Self.created(handed, call)
        }
        api.post("/users/:id/reset_link", "users", administers: true) { [self] call in
            try invitations.count(call.actor.user.text)
            let handed = try await people.links.resetLink(for: call.id(), by: call.actor)
            return Self.created(handed, call)
        }
        api.delete("/users/:id/second_factor", "users", administers: true) { [gatekeeper] call in
            try await gatekeeper.factors.reset(of: call.id(), by: call.actor)
            return .noContent
        }
        api.delete("/users/:id/sessions", "users", administers: true) { [gatekeeper] call in
            try await gatekeeper.endSessions(of: call.id(), by: call.actor)
            return .noContent
        }
    }

    private static func created(
        _ added: PeopleDirectory.Added, _ call: APICall, at location: String
    ) -> APIAnswer {
        var members =
            added.user.json(role: added.role, isAwaited: added.isAwaited).object ?? [:]
        if let invitation = added.invitation {
            members["invitation"] = invitation.json(origin: call.request.origin)
        }
        let answer = APIAnswer.created(.object(members), at: location, version: added.user.version)
        return added.invitation == nil ? answer : answer.secret
    }

    private static func created(_ handed: OneTimeLink.Handed, _ call: APICall) -> APIAnswer {
        APIAnswer.created(
            handed.json(origin: call.request.origin),
            at: "/api/v1/users/\(call.id("id", UserID.self))"
        ).secret
    }

    func addTokens(to api: APIRoutes) {
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
            return APIAnswer.created(
                ["token": .string(token)],
                at: "/api/v1/users/\(call.id("id", UserID.self))/tokens"
            ).secret
        }
        api.get("/users/:id/tokens", "tokens") { [gatekeeper] call in
            let paging = try call.paging()
            let tokens = try await gatekeeper.tokens(of: call.id(), paging, for: call.actor)
            return paging.answer(tokens, cursor: \.id, \.json)
        }
        api.delete("/tokens/:id", "tokens", administers: true) { [gatekeeper] call in
            try await gatekeeper.revokeToken(
                call.context.parameters.get("id") ?? "", by: call.actor)
            return .noContent
        }
    }

    func addMembers(to api: APIRoutes) {
        // Whoever may add people may add themselves again with more: no token less than `admin`
        // may.
        api.post("/accounts/:id/members", "members", administers: true) { [self] call in
            var input = try call.input()
            let draft = PeopleDirectory.Draft(reading: &input, roles: Role.account)
            try call.actor.require(.manageAccount, in: call.id())
            try input.finish()
            try invitations.count(call.actor.user.text)
            let added = try await people.addMember(draft, of: call.id(), by: call.actor)
            return Self.created(
                added, call,
                at: "/api/v1/accounts/\(call.id("id", AccountID.self))/members/\(added.user.id)")
        }
        api.get("/accounts/:id/members", "members") { [people] call in
            let paging = try call.paging()
            let members = try await people.places(in: call.id(), paging, for: call.actor)
            return paging.answer(members, cursor: \.user.id.text, \.json)
        }
        api.get("/accounts/:id/members/:user_id", "members") { [people] call in
            let member = try await people.member(
                call.id("user_id"), of: call.id(), for: call.actor)
            return .ok(member.json, version: member.user.version)
        }
        api.patch("/accounts/:id/members/:user_id", "members", administers: true) {
            [people] call in
            let member = try await people.updateMember(
                call.id("user_id"), of: call.id(), call.body,
                expecting: try call.expectedVersion(), by: call.actor)
            return .ok(member.json, version: member.user.version)
        }
        api.delete("/accounts/:id/members/:user_id", "members", administers: true) {
            [people] call in
            try await people.removeMember(
                call.id("user_id"), of: call.id(), expecting: try call.expectedVersion(),
                by: call.actor)
            return .noContent
        }
    }
}
