import Accounts
import Booking
import Conversations
import Foundation
import Guidance
import Kernel
import Store

/// Taking a business on: its particulars, its owner's sign-in, the words, hours, staff and
/// services of its trade, and a chat for its website.
package struct Onboarding: Sendable {
    let store: Store
    let ambient: Ambient
    let people: PeopleDirectory
    let catalog: Catalog

    package init(
        store: Store, ambient: Ambient, people: PeopleDirectory, catalog: Catalog
    ) {
        self.store = store
        self.ambient = ambient
        self.people = people
        self.catalog = catalog
    }

    /// `business.slug` may be empty: then it is made from the name. A nil trial starts it active.
    ///
    /// Refuses an owner whose e-mail has a sign-in already: nobody may gain one by knowing it.
    package func open(
        _ business: AccountDirectory.Draft, _ template: VerticalTemplate?, trialDays: Int?,
        owner: PeopleDirectory.Draft?, by actor: Actor = .system
    ) async throws -> (account: Account, owner: UserID?) {
        let hash = try await people.hashed(owner?.password)
        let ambient = ambient
        let chat = t("Chat on the website").text
        let opened = try await store.write { tx in
            if let owner, try SiteQueries.hasUser(email: owner.email, in: tx) {
                throw Refusal.invalid(
                    "email", "taken", "There is a sign-in with this e-mail already.")
            }
            var business = business
            if business.slug.isEmpty { business.slug = try Slug.free(for: business.name, in: tx) }
            let account = try AccountDirectory.insert(
                business, trialDays: trialDays, by: actor, ambient: ambient, in: tx)
            let user = try owner.map {
                try PeopleDirectory.insertMember(
                    $0, of: account.id, hash: hash, by: actor, ambient: ambient, in: tx)
            }
            if let template {
                try GuidanceBook.apply(template, to: account.id, ambient: ambient, in: tx)
            }
            _ = try InboxDirectory.insert(
                chat, "web_chat", ["allowed_domains": []], in: account.id,
                ambient: ambient, tx)
            return (account, user?.id)
        }
        if let template { try await furnish(opened.0, template) }
        return opened
    }

    /// The trade's hours, staff and services, which the owner then puts right.
    private func furnish(_ account: Account, _ template: VerticalTemplate) async throws {
        _ = try await catalog.setSchedule(
            template.schedule, of: account.id, expecting: nil, by: .system)
        var staff: [StaffID] = []
        for person in template.people {
            let member = try await catalog.createStaff(
                ["name": .string(person.name)], in: account.id, by: .system)
            staff.append(member.id)
        }
        for service in template.services(currency: account.currency, staff: staff) {
            _ = try await catalog.createService(service, in: account.id, by: .system)
        }
    }
}

/// Addresses of businesses: `mane-street`, and `mane-street-2` when that is taken.
enum Slug {
    static func free(for name: String, in tx: Transaction) throws -> String {
        let base = make(from: name)
        var slug = base
        var number = 1
        while try AccountDirectory.account(slug: slug, in: tx) != nil {
            number += 1
            slug = "\(base)-\(number)"
        }
        return slug
    }

    /// Latin letters and digits; other scripts are written in Latin letters first.
    static func make(from name: String) -> String {
        let latin = (name.applyingTransform(.toLatin, reverse: false) ?? name)
            .folding(options: .diacriticInsensitive, locale: nil).lowercased()
        var slug = ""
        for character in latin.replacing("&", with: " and ") {
            if character.isASCII, character.isLetter || character.isNumber {
                slug.append(character)
            } else if !slug.hasSuffix("-"), !slug.isEmpty, !"'’ʹʺ".contains(character) {
                slug.append("-")
            }
            if slug.utf8.count >= 48 { break }
        }
        while slug.hasSuffix("-") { slug.removeLast() }
        return slug.isEmpty ? "business" : slug
    }
}
