import Accounts
import Contacts
import Kernel
import Store

/// Waiting for a time, without a sign-in.
extension PublicBooking {
    /// Coming dates for which one may wait.
    package static let waitDays = 1...60

    /// `days` local dates from `from` on would do. Refuses with `name`, `phone`, `email` (422).
    package func wait(
        _ slug: String, _ wish: Wish, from: LocalDate, days: Int, visitor: VisitorDetails,
        origin: Origin
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            let front = try Self.front(slug, at: ambient.now(), in: tx)
            let account = front.account.id
            _ = try front.service(wish.service)
            let asks = front.settings.asksFor
            let contact = try ContactBook.welcome(
                visitor, asksPhone: asks == .phone || asks == .both,
                asksEmail: asks == .email || asks == .both, asksEither: asks == .either,
                in: account, ambient: ambient, in: tx)
            let first = max(from, front.today)
            let end = first.adding(days: min(max(days, 1), Self.waitDays.upperBound))
            _ = try Waitlist.join(
                wish.service, wish.staff, wish.partySize,
                max(front.now, front.zone.instant(first, .midnight)),
                front.zone.instant(end, .midnight), contact, account,
                by: .visitor(of: account, origin: origin), ambient: ambient, in: tx)
        }
    }

    /// An offer as its client sees it.
    package struct WaitingOffer: Sendable {
        package var front: Front
        package var service: BookableService
        package var entry: WaitlistEntry

        /// Still to be had.
        package var isOpen: Bool {
            entry.status == .offered && (entry.offeredUntil.map { front.now < $0 } ?? false)
        }
    }

    package func offer(_ token: String, at slug: String) async throws -> WaitingOffer {
        let now = ambient.now()
        return try await store.read { tx in
            let front = try Self.front(slug, at: now, requiringOpen: false, in: tx)
            guard let id: WaitlistID = try VisitLinks.id(in: token, .offer, in: tx),
                let entry = try WaitlistQueries.entry(id, in: tx),
                entry.account == front.account.id,
                let service = try ServiceQueries.service(
                    entry.service, of: front.account.id, in: tx)
            else { throw Refusal.notFound() }
            return WaitingOffer(front: front, service: service, entry: entry)
        }
    }

    /// Takes it; answers the token of the visit.
    package func take(_ token: String, at slug: String, origin: Origin) async throws -> String {
        let offer = try await offer(token, at: slug)
        let actor = Actor.visitor(of: offer.front.account.id, origin: origin)
        let made = try await waitlist.claim(offer.entry.id, by: actor)
        let links = links
        return try await store.write { tx in try links.token(made.id, .visit, in: tx) }
    }

    package func decline(_ token: String, at slug: String, origin: Origin) async throws {
        let offer = try await offer(token, at: slug)
        let actor = Actor.visitor(of: offer.front.account.id, origin: origin)
        try await waitlist.leave(offer.entry.id, declined: true, by: actor)
    }

    private var waitlist: Waitlist { Waitlist(store: store, ambient: ambient, book: book) }
}
