import Accounts
import Kernel
import Store

/// What a business tells us to say: greeting, tone, what to know about it, steps of a conversation.
///
/// The business edits it in the portal; the desk shows the newest at once.
package struct GuidanceSheet: Sendable, Equatable {
    /// One step of the script.
    package struct Step: Sendable, Equatable {
        package var title: String
        package var say: String

        package init(title: String, say: String) {
            self.title = title
            self.say = say
        }

        package var json: JSONValue { ["title": .string(title), "say": .string(say)] }
    }

    package static let maxSteps = 20

    package var account: AccountID
    package var greeting = ""
    package var tone = ""
    package var about = ""
    package var steps: [Step] = []
    /// 0: nothing was written yet.
    package var version = 0
    package var updatedAt: Instant?

    package init(account: AccountID) { self.account = account }

    package var isEmpty: Bool { greeting.isEmpty && tone.isEmpty && about.isEmpty && steps.isEmpty }

    package var json: JSONValue {
        [
            "account_id": .id(account), "greeting": .string(greeting), "tone": .string(tone),
            "about": .string(about), "steps": .array(steps.map(\.json)),
            "version": .number(version), "updated_at": .instant(updatedAt),
        ]
    }

    /// For the desk: the names put in where the business wrote placeholders.
    package func filled(with names: Placeholders) -> GuidanceSheet {
        var sheet = self
        sheet.greeting = names.filled(greeting)
        sheet.about = names.filled(about)
        sheet.steps = steps.map { Step(title: $0.title, say: names.filled($0.say)) }
        return sheet
    }

    /// The words as they come from a form, the API or a template: what is absent is empty.
    mutating func take(from input: inout Input) {
        greeting = CardMask.masked(input.optionalText("greeting", max: 2000) ?? "")
        tone = CardMask.masked(input.optionalText("tone", max: 2000) ?? "")
        about = CardMask.masked(input.optionalText("about", max: 8000) ?? "")
        steps =
            input.nestedList("steps", max: Self.maxSteps) { step in
                Step(
                    title: step.text("title", max: 120),
                    say: CardMask.masked(step.optionalText("say", max: 4000) ?? ""))
            } ?? []
    }
}

/// What each business tells us to say: its sheet, its knowledge and its ready-made replies.
package struct GuidanceBook: Sendable {
    let store: Store
    let ambient: Ambient

    package init(store: Store, ambient: Ambient) {
        self.store = store
        self.ambient = ambient
    }

    /// An empty sheet of version 0 when nothing was written yet.
    package func guidance(of account: AccountID, for actor: Actor) async throws -> GuidanceSheet {
        try await store.read { tx in try Self.guidance(of: account, for: actor, in: tx) }
    }

    package static func guidance(
        of account: AccountID, for actor: Actor, in tx: Transaction
    ) throws -> GuidanceSheet {
        _ = try AccountDirectory.account(account, for: actor, in: tx)
        return try GuidanceQueries.sheet(of: account, in: tx) ?? GuidanceSheet(account: account)
    }

    /// Replaces the whole sheet; throws `stale` when somebody changed it meanwhile.
    package func update(
        of account: AccountID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> GuidanceSheet {
        try actor.require(.manageAccount, in: account)
        var input = try Input(body)
        var draft = GuidanceSheet(account: account)
        draft.take(from: &input)
        try input.finish()
        let words = draft
        let ambient = ambient
        return try await store.write { tx in
            let present = try Self.guidance(of: account, for: actor, in: tx)
            if let version, version != present.version { throw Refusal.stale() }
            var sheet = words
            sheet.version = present.version
            let saved = try Self.save(sheet, ambient: ambient, in: tx)
            try tx.audit(
                "guidance.updated", of: account, in: account, by: actor, before: present.json,
                after: saved.json, ambient: ambient)
            return saved
        }
    }

    static func save(
        _ words: GuidanceSheet, ambient: Ambient, in tx: Transaction
    ) throws -> GuidanceSheet {
        var sheet = words
        sheet.version += 1
        sheet.updatedAt = ambient.now()
        try GuidanceQueries.save(sheet, in: tx)
        try tx.raise(
            Event(
                "guidance.updated", account: sheet.account, subject: sheet.account.text,
                ["version": .number(sheet.version)], ambient: ambient))
        return sheet
    }
}
