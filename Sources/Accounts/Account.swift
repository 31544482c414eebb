import Foundation
import Kernel
import PhoneNumbers
import Store
import WebShell

/// A small business that the office answers for.
package struct Account: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable { case trialing, active, paused, canceled }

    package var id: AccountID
    package var slug: String
    package var name: String
    /// IANA name; the business's own wall clock.
    package var timeZone: String
    package var locale: String
    /// ISO 4217.
    package var currency: String
    package var vertical: String?
    /// 0…11, a place in the palette.
    package var hue: Int
    package var phone: String?
    package var address: String?
    package var website: String?
    package var state: State
    package var trialEndsAt: Instant?
    package var version: Int
    package var createdAt: Instant

    /// The telephone, when it is a number that can be dialled; older ones may be otherwise.
    package var phoneNumber: PhoneNumber? { phone.flatMap { PhoneNumber(e164: $0) } }

    /// Where national numbers are at home: see `PhoneRegion(ofNumber:zone:)`.
    package var phoneRegion: PhoneRegion? { PhoneRegion(ofNumber: phone, zone: timeZone) }

    /// The telephone as the business's own people write it.
    package var shownPhone: String? { phoneNumber?.shown(in: phoneRegion) ?? phone }

    package var json: JSONValue {
        [
            "id": .id(id), "slug": .string(slug), "name": .string(name),
            "time_zone": .string(timeZone), "locale": .string(locale),
            "currency": .string(currency), "vertical": .text(vertical), "hue": .number(hue),
            "phone": .text(phone), "address": .text(address), "website": .text(website),
            "state": .string(state.rawValue), "trial_ends_at": .instant(trialEndsAt),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }
}

/// The businesses of the office: taking them on and keeping their particulars.
package struct AccountDirectory: Sendable {
    let store: Store
    let ambient: Ambient
    /// The trades that a business may be of.
    let verticals: Set<String>

    package init(store: Store, ambient: Ambient, verticals: Set<String>) {
        self.store = store
        self.ambient = ambient
        self.verticals = verticals
    }

    /// What is needed to take on a business.
    package struct Draft: Sendable {
        package var name: String
        package var slug: String
        package var timeZone: String
        package var locale: String
        package var currency: String
        package var vertical: String?
        package var phone: String?
        package var address: String?
        package var website: String?

        package init(
            name: String, slug: String, timeZone: String, locale: String = "en",
            currency: String = "USD", vertical: String? = nil, phone: String? = nil,
            address: String? = nil, website: String? = nil
        ) {
            self.name = name
            self.slug = slug
            self.timeZone = timeZone
            self.locale = locale
            self.currency = currency
            self.vertical = vertical
            self.phone = phone
            self.address = address
            self.website = website
        }

        package init(reading input: inout Input) {
            name = input.text("name", max: 120)
            slug = input.text("slug", max: 60)
            timeZone = input.text("time_zone", max: 64)
            locale = input.optionalText("locale", max: 16) ?? "en"
            currency = input.optionalText("currency", max: 3) ?? "USD"
            vertical = input.optionalText("vertical", max: 40)
            phone = input.optionalPhone("phone", in: PhoneRegion(zone: timeZone))?.text
            address = input.optionalText("address", max: 300)
            website = input.optionalText("website", max: 300)
            AccountDirectory.check(slug: slug, timeZone, locale, currency, in: &input)
            AccountDirectory.check(website: website, in: &input)
        }
    }

    static func check(
        slug: String, _ timeZone: String, _ locale: String, _ currency: String,
        in input: inout Input
    ) {
        let isSlug =
            slug.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
            && !slug.hasPrefix("-") && !slug.hasSuffix("-")
        if !isSlug, !slug.isEmpty {
            input.reject("slug", "slug", "may have a–z, 0–9 and inner hyphens only.")
        }
        if Zone(timeZone) == nil, !timeZone.isEmpty {
            input.reject("time_zone", "time_zone", "must be an IANA name such as Europe/London.")
        }
        if !LanguageTag.isKnown(locale) {
            input.reject("locale", "locale", "must be a language tag such as en or ru.")
        }
        if !Money.isCurrency(currency) {
            input.reject("currency", "currency", "must be an ISO 4217 code such as USD.")
        }
    }

    /// As the business writes it, but an address of the web.
    static func check(website: String?, in input: inout Input) {
        guard let website, !website.isEmpty else { return }
        let parts = URLComponents(string: website)
        if !["http", "https"].contains(parts?.scheme?.lowercased() ?? "")
            || (parts?.host ?? "").isEmpty
        {
            input.reject("website", "url", "must be an http or https URL.")
        }
    }

    /// A trade is one that has a template; which ones there are the folder of templates says.
    private func check(vertical: String?) throws {
        guard let vertical, !verticals.contains(vertical) else { return }
        let known = verticals.sorted().joined(separator: ", ")
        throw Refusal.invalid("vertical", "unknown", "must be one of: \(known).")
    }

    /// Takes on a business. `trialDays` starts it in trial.
    package func create(
        _ draft: Draft, trialDays: Int? = nil, by actor: Actor
    ) async throws -> Account {
        try actor.require(.createAccounts)
        try check(vertical: draft.vertical)
        let ambient = ambient
        return try await store.write { tx in
            try Self.insert(draft, trialDays: trialDays, by: actor, ambient: ambient, in: tx)
        }
    }

    /// The same, inside a transaction that does more (sign-up).
    package static func insert(
        _ draft: Draft, trialDays: Int?, by actor: Actor = .system, ambient: Ambient,
        in tx: Transaction
    ) throws -> Account {
        let now = ambient.now()
        let account = Account(
            id: AccountID(from: ambient), slug: draft.slug, name: draft.name,
            timeZone: draft.timeZone, locale: draft.locale, currency: draft.currency,
            vertical: draft.vertical, hue: try AccountQueries.count(in: tx) % 12,
            phone: draft.phone, address: draft.address, website: draft.website,
            state: trialDays == nil ? .active : .trialing,
            trialEndsAt: trialDays.map { now.advanced(byDays: $0) }, version: 1, createdAt: now)
        try refusingTwins(in: tx) { try AccountQueries.insert(account, in: tx) }
        try tx.audit(
            "account.created", of: account.id, in: account.id, by: actor, after: account.json,
            ambient: ambient)
        try tx.raise(
            Event(
                "account.created", account: account.id, subject: account.id.text, ambient: ambient))
        return account
    }

    private static func refusingTwins(in tx: Transaction, _ write: () throws -> Void) throws {
        do { try tx.savepoint(write) } catch let error as StoreError
            where error.isDuplicate(of: "accounts_slug")
        {
            throw Refusal.invalid("slug", "taken", "is taken by another business.")
        }
    }

    package func account(_ id: AccountID, for actor: Actor) async throws -> Account {
        try await store.read { tx in try Self.account(id, for: actor, in: tx) }
    }

    package static func account(
        _ id: AccountID, for actor: Actor, in tx: Transaction
    ) throws -> Account {
        try actor.require(.viewAccount, in: id)
        guard let account = try AccountQueries.account(id, in: tx) else { throw Refusal.notFound() }
        return account
    }

    package func id(ofSlug slug: String) async throws -> AccountID {
        let found = try await store.read { tx in try AccountQueries.account(slug: slug, in: tx) }
        guard let found else {
            throw Refusal.invalid(
                "account", "unknown", "There is no account with the slug \(slug).")
        }
        return found.id
    }

    package static func account(slug: String, in tx: Transaction) throws -> Account? {
        try AccountQueries.account(slug: slug, in: tx)
    }

    /// The accounts that the actor may see, by id.
    package func accounts(for actor: Actor, _ paging: Paging) async throws -> [Account] {
        try await store.read { tx in
            try AccountQueries.accounts(
                after: paging.after, limit: paging.fetch,
                among: actor.isOffice ? nil : Array(actor.memberships.keys), in: tx)
        }
    }

    /// Those among which a person chooses, by name.
    package static func accounts(
        for actor: Actor, limit: Int = 1000, in tx: Transaction
    ) throws -> [Account] {
        try AccountQueries.accounts(
            after: nil, limit: limit,
            among: actor.isOffice ? nil : Array(actor.memberships.keys), in: tx
        ).sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }

    /// Changes the named fields; throws `stale` when somebody changed it meanwhile.
    package func update(
        _ id: AccountID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> Account {
        try actor.require(.manageAccount, in: id)
        var input = try Input(body)
        let name = input.optionalText("name", max: 120, min: 1)
        // What a business must have may be left out, not emptied.
        let changes = [
            ("slug", 60, 1), ("time_zone", 64, 1), ("locale", 16, 1), ("currency", 3, 1),
            ("vertical", 40, 0), ("address", 300, 0), ("website", 300, 0),
        ].map { name, max, min in
            (
                name: name, value: input.optionalText(name, max: max, min: min),
                isSent: input.has(name)
            )
        }
        let values = Dictionary(uniqueKeysWithValues: changes.map { ($0.name, $0) })
        let state = input.optionalChoice("state", Account.State.self)
        let sendsPhone = input.has("phone")
        let phone = try await phone(&input, of: id, zone: values["time_zone"]?.value)
        Self.check(website: values["website"]?.value, in: &input)
        try input.finish()
        try check(vertical: input.members["vertical"]?.string)
        let ambient = ambient
        return try await store.write { tx in
            let before = try Self.account(id, for: actor, in: tx)
            var account = before
            if let version, version != account.version { throw Refusal.stale() }
            func sent(_ key: String, _ apply: (String?) -> Void) {
                if let change = values[key], change.isSent { apply(change.value) }
            }
            if let name { account.name = name }
            sent("slug") { account.slug = $0 ?? account.slug }
            sent("time_zone") { account.timeZone = $0 ?? account.timeZone }
            sent("locale") { account.locale = $0 ?? account.locale }
            sent("currency") { account.currency = $0 ?? account.currency }
            sent("vertical") { account.vertical = $0 }
            if sendsPhone { account.phone = phone }
            sent("address") { account.address = $0 }
            sent("website") { account.website = $0 }
            if let state {
                // Paying or not is the office's matter.
                try actor.require(.createAccounts)
                account.state = state
            }
            var check = try Input(.object([:]))
            Self.check(
                slug: account.slug, account.timeZone, account.locale, account.currency, in: &check)
            try check.finish()
            account.version += 1
            let changed = account
            try Self.refusingTwins(in: tx) { try AccountQueries.update(changed, in: tx) }
            try tx.audit(
                "account.updated", of: id, in: id, by: actor, before: before.json,
                after: changed.json, ambient: ambient)
            try tx.raise(
                Event(
                    "account.updated", account: id, subject: id.text,
                    ["version": .number(account.version)], ambient: ambient))
            return account
        }
    }

    /// The telephone of a body: as the business's country writes it, or what is stored already,
    /// be that a number or not.
    private func phone(
        _ input: inout Input, of id: AccountID, zone: String?
    ) async throws -> String? {
        guard let text = input.members["phone"]?.string, !text.isEmpty else {
            return input.optionalPhone("phone", in: nil)?.text
        }
        let stored = try await store.read { tx in try AccountQueries.account(id, in: tx) }
        guard text != stored?.phone else { return text }
        let home = PhoneRegion(ofNumber: stored?.phone, zone: zone ?? stored?.timeZone ?? "")
        return input.optionalPhone("phone", in: home)?.text
    }

    /// Where numbers of a business are read and shown.
    package static func phoneRegion(
        of account: AccountID, in tx: Transaction
    ) throws -> PhoneRegion? {
        try AccountQueries.account(account, in: tx)?.phoneRegion
    }
}
