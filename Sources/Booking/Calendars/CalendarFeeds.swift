import Accounts
import ICalendar
import Kernel
import Store
import WebShell

/// The secret calendar addresses of businesses, and what is read at them.
package struct CalendarFeeds: Sendable {
    /// Of one business at most.
    package static let most = 100
    private static let pastDays = 60
    private static let comingDays = 400
    /// The nearest first when there are more.
    private static let mostEvents = 5000
    private static let refreshMinutes = 15

    let store: Store
    let ambient: Ambient
    let tongues: [Language: Tongue]

    package init(store: Store, ambient: Ambient, tongues: [Language: Tongue]) {
        self.store = store
        self.ambient = ambient
        self.tongues = tongues
    }

    /// Answers the feed and its secret, which is kept nowhere readable.
    package func create(
        _ body: JSONValue, of account: AccountID, by actor: Actor
    ) async throws -> (feed: CalendarFeed, secret: String) {
        try actor.require(.manageAccount, in: account)
        var input = try Input(body)
        let staff = input.optionalText("staff_id", max: 64, min: 1).map(StaffID.init)
        let detail = input.optionalChoice("detail", CalendarFeed.Detail.self) ?? .full
        try input.finish()
        let (ambient, secret) = (ambient, ambient.secret())
        let feed = CalendarFeed(
            id: CalendarFeedID(from: ambient), account: account, staff: staff, detail: detail,
            createdBy: actor.user, createdAt: ambient.now())
        try await store.write { tx in
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            if let staff, try !Roster(of: owner, in: tx).has(.staff(staff)) {
                throw Refusal.invalid("staff_id", "unknown", "is not of this business.")
            }
            guard try CalendarFeedQueries.count(of: account, in: tx) < Self.most else {
                throw Refusal.conflict("A business has at most \(Self.most) calendar links.")
            }
            try CalendarFeedQueries.insert(feed, secretHash: secretHash(secret), in: tx)
            try Self.raise("calendar_feed.created", feed, ambient, tx)
            try tx.audit(
                "calendar_feed.created", of: feed.id, in: account, by: actor, after: feed.json,
                ambient: ambient)
        }
        return (feed, secret)
    }

    package func feeds(
        of account: AccountID, _ paging: Paging, for actor: Actor
    ) async throws -> [CalendarFeed] {
        try actor.require(.manageAccount, in: account)
        return try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try CalendarFeedQueries.feeds(
                of: account, after: paging.after, limit: paging.fetch, in: tx)
        }
    }

    /// Nobody reads anything at its address any more. `account`: the one that is meant, where a
    /// page says it.
    package func revoke(
        _ id: CalendarFeedID, of account: AccountID? = nil, by actor: Actor
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            guard let feed = try CalendarFeedQueries.feed(id, in: tx),
                account ?? feed.account == feed.account
            else { throw Refusal.notFound() }
            try actor.require(.manageAccount, in: feed.account)
            try CalendarFeedQueries.delete(feed, in: tx)
            try Self.raise("calendar_feed.revoked", feed, ambient, tx)
            try tx.audit(
                "calendar_feed.revoked", of: id, in: feed.account, by: actor, before: feed.json,
                ambient: ambient)
        }
    }

    private static func raise(
        _ type: String, _ feed: CalendarFeed, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: feed.account, subject: feed.id.text,
                ["staff_id": .id(feed.staff)], ambient: ambient))
    }

    // MARK: What is read

    /// The calendar behind a secret address; nil when there is none.
    package func text(behind secret: String) async throws -> String? {
        let (now, tongues) = (ambient.now(), tongues)
        let found = try await store.read { tx -> (CalendarFeed, CalendarDocument)? in
            guard secret.utf8.count <= 100,
                let feed = try CalendarFeedQueries.feed(secretHash: secretHash(secret), in: tx)
            else { return nil }
            return (feed, try Self.document(of: feed, at: now, tongues, in: tx))
        }
        guard let (feed, document) = found else { return nil }
        if feed.lastReadAt.map({ now.milliseconds - $0.milliseconds > 900_000 }) ?? true {
            try await store.write { tx in
                try CalendarFeedQueries.noteRead(feed, at: now, in: tx)
            }
        }
        return document.text
    }

    private static func document(
        of feed: CalendarFeed, at now: Instant, _ tongues: [Language: Tongue], in tx: Transaction
    ) throws -> CalendarDocument {
        let account = try AccountDirectory.account(feed.account, for: .system, in: tx)
        let day: Int = 86_400
        let from = now.advanced(bySeconds: -pastDays * day)
        let to = now.advanced(bySeconds: comingDays * day)
        var filter = AppointmentFilter()
        (filter.from, filter.to, filter.staff) = (from, to, feed.staff)
        filter.statuses = [.pending, .confirmed, .completed, .noShow]
        let found = try AppointmentListQueries.appointments(
            of: feed.account, filter, after: nil, limit: mostEvents, now: now, in: tx)
        let changes = try CalendarFeedQueries.changes(
            of: feed.account, from: from, to: to, in: tx)
        let roster = try Roster(of: account, in: tx)
        let staff = feed.staff.flatMap { id in roster.staff.first { $0.id == id }?.name }
        // Programs that subscribe have no language; the business has.
        let tongue = Language(tag: account.locale).flatMap { tongues[$0] } ?? .english
        let events = Tongue.$current.withValue(tongue) {
            found.map { event(for: $0, changes[$0.appointment.id], feed) }
        }
        var document = CalendarDocument(
            name: staff.map { "\(account.name) – \($0)" } ?? account.name, zone: roster.zone,
            events: events)
        document.refreshMinutes = refreshMinutes
        return document
    }

    /// The same in feeds, in staff calendars and in invitations.
    static func uid(of appointment: AppointmentID) -> String { "\(appointment)@autosecretary" }

    private static func event(
        for summary: AppointmentSummary, _ changedAt: Instant?, _ feed: CalendarFeed
    ) -> CalendarEvent {
        let appointment = summary.appointment
        let isFull = feed.detail == .full
        let who = summary.contactName.map { " – \($0)" } ?? ""
        let busy: Phrase = "Busy"
        var event = CalendarEvent(
            uid: uid(of: appointment.id), start: appointment.start,
            end: appointment.end, summary: isFull ? summary.serviceName + who : busy.text,
            createdAt: appointment.createdAt, changedAt: changedAt ?? appointment.createdAt)
        event.sequence = appointment.sequence
        event.status = appointment.status == .pending ? .tentative : .confirmed
        if isFull {
            event.description = appointment.notes
            event.location =
                summary.staffNames.isEmpty || feed.staff != nil
                ? nil : summary.staffNames.joined(separator: ", ")
        }
        return event
    }
}
