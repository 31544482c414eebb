import Kernel
import Store
import WebShell

/// What a business has one of and changes as a whole: its booking page, its policy, what its
/// clients are told.
package protocol VersionedSettings: Sendable {
    /// 0 until the business has said anything.
    var version: Int { get set }
    var json: JSONValue { get }
}

extension AccountDirectory {
    /// Changes settings in a transaction: checks the version, reads what was sent, saves the next
    /// version, raises `<noun>.updated` and notes it in the audit log. Needs `manageAccount`.
    package static func change<S: VersionedSettings>(
        _ noun: String, of account: AccountID, to body: JSONValue, expecting version: Int?,
        by actor: Actor, ambient: Ambient, in tx: Transaction,
        load: (AccountID, Transaction) throws -> S,
        read: (inout S, inout Input, Account) throws -> Void,
        save: (S, Account) throws -> Void
    ) throws -> S {
        try actor.require(.manageAccount, in: account)
        let owner = try Self.account(account, for: actor, in: tx)
        let before = try load(account, tx)
        if let version, version != before.version { throw Refusal.stale() }
        var (settings, input) = (before, try Input(body))
        try read(&settings, &input, owner)
        try input.finish()
        settings.version += 1
        try save(settings, owner)
        try tx.raise(
            Event(
                "\(noun).updated", account: account, subject: account.text,
                ["version": .number(settings.version)], ambient: ambient))
        try tx.audit(
            "\(noun).updated", of: account, in: account, by: actor, before: before.json,
            after: settings.json, ambient: ambient)
        return settings
    }
}

extension APIRoutes {
    /// GET and PUT of a business's settings.
    package func settings<S: VersionedSettings>(
        _ noun: String, get: @escaping @Sendable (AccountID, Actor) async throws -> S,
        put: @escaping @Sendable (JSONValue, AccountID, Int?, Actor) async throws -> S
    ) {
        self.get("/accounts/:id/\(noun)", noun) { call in
            let settings = try await get(call.id(), call.actor)
            return .ok(settings.json, version: settings.version)
        }
        self.put("/accounts/:id/\(noun)", noun) { call in
            let settings = try await put(
                call.body, call.id(), try call.expectedVersion(), call.actor)
            return .ok(settings.json, version: settings.version)
        }
    }
}
