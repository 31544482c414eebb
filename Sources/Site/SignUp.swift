import Accounts
import Booking
import Conversations
import Foundation
import Guidance
import HTTPTypes
import Hummingbird
import Kernel
import Store
import WebShell

extension SiteRoutes {
    func addSignUp(to router: Router<WebContext>) {
        router.get("/sign-up") { [self] request, _ in
            let trial = try await settings.economics().trialDays
            var shown = SignUpForm(templates: templates, trialDays: trial)
            shown.country = Country(code: request.uri.queryParameters.get("country") ?? "us")
            let vertical = request.uri.queryParameters.get("vertical") ?? ""
            shown.vertical = templates.named(vertical)?.name ?? templates.first?.name ?? ""
            return shown.page.response()
        }
        router.post("/sign-up") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            let trial = try await settings.economics().trialDays
            var shown = SignUpForm(templates: templates, trialDays: trial)
            shown.take(form)
            do {
                try signUps.count(context.clientAddress)
                let (account, user) = try await signUp(shown, password: form["password"] ?? "")
                return try await signedIn(
                    user, .account, at: "/portal/\(account.slug)/setup", request)
            } catch let refusal as Refusal {
                shown.problems = FormProblems(refusal, known: SignUpForm.fields)
                var response = shown.page.response(
                    status: HTTPResponse.Status(code: refusal.kind.rawValue))
                if let seconds = refusal.retryAfterSeconds {
                    response.headers[.retryAfter] = "\(seconds)"
                }
                return response
            }
        }
    }

    /// A business in trial with the words, services, hours and staff of its trade, its owner, and
    /// a chat for its website.
    private func signUp(
        _ form: SignUpForm, password: String
    ) async throws -> (Account, UserID) {
        let draft = try form.checked(password: password)
        guard let template = templates.named(form.vertical) else {
            throw Refusal.invalid("vertical", "unknown", "Choose what comes nearest.")
        }
        let hash = try await people.hashed(password)
        let (ambient, trialDays) = (ambient, form.trialDays)
        let (account, user) = try await store.write { tx in
            if try SiteQueries.hasUser(email: draft.email, in: tx) {
                throw Refusal.invalid(
                    "email", "taken", "There is a sign-in with this e-mail already. Sign in with it.")
            }
            var business = draft.business
            business.slug = try Slug.free(for: business.name, in: tx)
            let account = try AccountDirectory.insert(
                business, trialDays: trialDays, ambient: ambient, in: tx)
            let user = try PeopleDirectory.insertMember(
                .init(email: draft.email, name: draft.name, role: .owner, password: nil),
                of: account.id, hash: hash, ambient: ambient, in: tx)
            try GuidanceBook.apply(template, to: account.id, ambient: ambient, in: tx)
            _ = try InboxDirectory.insert(
                "Chat on the website", "web_chat", ["allowed_domains": []], in: account.id,
                ambient: ambient, tx)
            return (account, user)
        }
        let owner = Actor(
            user: user.id, name: user.name, email: user.email, officeRole: nil,
            memberships: [account.id: .owner])
        try await furnish(account, template, by: owner)
        return (account, user.id)
    }

    /// The trade's hours, staff and services, which the owner then puts right.
    private func furnish(
        _ account: Account, _ template: VerticalTemplate, by owner: Actor
    ) async throws {
        _ = try await catalog.setSchedule(
            template.schedule, of: account.id, expecting: nil, by: owner)
        var staff: [StaffID] = []
        for person in template.people {
            let member = try await catalog.createStaff(
                ["name": .string(person.name)], in: account.id, by: owner)
            staff.append(member.id)
        }
        for service in template.services(currency: account.currency, staff: staff) {
            _ = try await catalog.createService(service, in: account.id, by: owner)
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
