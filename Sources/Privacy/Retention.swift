import Accounts
import Files
import Kernel
import Store
import Work

/// The classes of data that are thrown away when they are old.
package enum RetentionClass: String, Sendable, CaseIterable {
    case messages, inquiries, files, events, audit
    case webhookLog = "webhook_log"
    case visitors

    package var name: Phrase {
        switch self {
        case .messages: t("Messages and conversations")
        case .inquiries: t("Inquiries")
        case .files: t("Files in messages")
        case .events: t("Events")
        case .audit: t("Record of changes")
        case .webhookLog: t("Webhook deliveries")
        case .visitors: t("Website visitors' chat sessions")
        }
    }

    package var explanation: Phrase {
        switch self {
        case .messages: t("A conversation goes with its last message.")
        case .inquiries: t("Statistics of those days go with them.")
        case .files: t("The message stays, what hung on it goes.")
        case .events: t("What programs read to follow changes; two years at most.")
        case .audit: t("Who changed what in the settings.")
        case .webhookLog: t("What was sent to the businesses' own programs.")
        case .visitors: t("A visitor who comes back later begins a new chat.")
        }
    }

    /// nil: for ever, until somebody says otherwise.
    package var standardDays: Int? {
        switch self {
        case .events: 730
        case .webhookLog: 30
        case .visitors: 365
        case .messages, .inquiries, .files, .audit: nil
        }
    }

    /// The housekeeping of events does not wait longer.
    package var mostDays: Int { self == .events ? 730 : 36_500 }
}

/// How long each class of data is kept: the office's rules, and stricter ones of businesses; a
/// nightly job does what they say.
package struct Retention: Sendable {
    /// Days by class; what is absent is kept for ever.
    package typealias Rules = [RetentionClass: Int]

    let store: Store
    let ambient: Ambient

    private static let (rows, rounds) = (500, 400)

    package init(store: Store, ambient: Ambient) {
        self.store = store
        self.ambient = ambient
    }

    // MARK: Rules

    /// The office's rules; `standardDays` where nothing was set. 0 in the table cannot be: "for
    /// ever" against a standard is written as the longest time.
    package static func officeRules(in tx: Transaction) throws -> Rules {
        var rules = try RetentionQueries.rules(of: nil, in: tx)
        for kind in RetentionClass.allCases where rules[kind] == nil {
            rules[kind] = kind.standardDays
        }
        return rules.filter { $0.value < forever }
    }

    static let forever = 36_500

    package static func ownRules(of account: AccountID, in tx: Transaction) throws -> Rules {
        try RetentionQueries.rules(of: account, in: tx)
    }

    /// A business may only keep less than the office.
    package static func effective(_ office: Rules, _ own: Rules) -> Rules {
        office.merging(own) { min($0, $1) }
    }

    package func officeRules(for actor: Actor) async throws -> Rules {
        guard actor.isOffice else { throw Refusal.forbidden() }
        return try await store.read { tx in try Self.officeRules(in: tx) }
    }

    package func rules(
        of account: AccountID, for actor: Actor
    ) async throws -> (own: Rules, effective: Rules) {
        return try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            let own = try Self.ownRules(of: account, in: tx)
            return (own, Self.effective(try Self.officeRules(in: tx), own))
        }
    }

    /// Changes the classes that were sent: days, or null for ever (for a business: the office's).
    package func change(
        _ body: JSONValue, of account: AccountID?, by actor: Actor
    ) async throws {
        if let account {
            try actor.require(.manageAccount, in: account)
        } else {
            try actor.require(.manageOffice)
        }
        var input = try Input(body)
        input.refuseOthers(than: Set(RetentionClass.allCases.map(\.rawValue)))
        var days: [RetentionClass: Int?] = [:]
        for kind in RetentionClass.allCases where input.has(kind.rawValue) {
            days[kind] = .some(input.optionalInteger(kind.rawValue, in: 1...kind.mostDays))
        }
        try input.finish()
        let (changes, ambient) = (days, ambient)
        try await store.write { tx in
            if let account { _ = try AccountDirectory.account(account, for: actor, in: tx) }
            for (kind, days) in changes {
                // Of the office, null overrules the standard.
                let written = days ?? (account == nil ? min(Self.forever, kind.mostDays) : nil)
                try RetentionQueries.set(kind, written, of: account, at: ambient.now(), in: tx)
            }
            try tx.raise(
                Event(
                    account == nil ? "settings.updated" : "account.updated", account: account,
                    subject: account?.text ?? "retention", ["retention": true],
                    ambient: ambient))
        }
    }

    // MARK: What it would do

    /// How many rows of each class the next run takes away.
    package func preview(for actor: Actor) async throws -> [RetentionClass: Int] {
        try actor.require(.manageOffice)
        let now = ambient.now()
        return try await store.read { tx in
            var counts: [RetentionClass: Int] = [:]
            for (account, rules) in try Self.plan(in: tx) {
                for (kind, days) in rules {
                    counts[kind, default: 0] += try RetentionQueries.count(
                        kind, of: account, before: now.advanced(byDays: -days), in: tx)
                }
            }
            return counts
        }
    }

    /// What is counted for a person to see goes no further.
    package static let mostCounted = 10_000

    /// The longest that a business may keep each class: the office's rules.
    package func bounds(for actor: Actor, of account: AccountID) async throws -> Rules {
        try actor.require(.manageAccount, in: account)
        return try await store.read { tx in try Self.officeRules(in: tx) }
    }

    /// How many rows of the business the next run would take away under these rules.
    package func preview(
        of account: AccountID, under rules: Rules, for actor: Actor
    ) async throws -> [RetentionClass: Int] {
        try actor.require(.manageAccount, in: account)
        let now = ambient.now()
        return try await store.read { tx in
            var counts: [RetentionClass: Int] = [:]
            for (kind, days) in rules {
                counts[kind] = try RetentionQueries.count(
                    kind, of: account, before: now.advanced(byDays: -days),
                    upTo: Self.mostCounted, in: tx)
            }
            return counts
        }
    }

    private static func plan(in tx: Transaction) throws -> [(AccountID, Rules)] {
        let office = try officeRules(in: tx)
        let own = try RetentionQueries.allOwnRules(in: tx)
        return try RetentionQueries.accounts(in: tx).map { account in
            (account, effective(office, own[account] ?? [:]))
        }
    }

    // MARK: The job

    @Sendable func run(_ job: Job) async throws -> JobOutcome {
        let now = ambient.now()
        let plan = try await store.read { tx in try Self.plan(in: tx) }
        for (account, rules) in plan {
            for (kind, days) in rules {
                try await purge(kind, of: account, before: now.advanced(byDays: -days))
            }
        }
        return .done
    }

    /// In small transactions, so that nobody waits; what is left goes the next night.
    private func purge(
        _ kind: RetentionClass, of account: AccountID, before cutoff: Instant
    ) async throws {
        let ambient = ambient
        for _ in 0..<Self.rounds {
            let count = try await store.write { tx in
                try RetentionQueries.purge(
                    kind, of: account, before: cutoff, limit: Self.rows, ambient: ambient, in: tx)
            }
            if count == 0 { break }
        }
    }
}
