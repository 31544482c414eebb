import Accounts
import Contacts
import Kernel
import Store

/// Booking without a sign-in: what clients of a business see and do at its page, and later by the
/// link to their own visit. The same book, with the same checks, as on the desk.
package struct PublicBooking: Sendable {
    /// How long a time is kept while a client types.
    package static let holdSeconds = 600
    /// Times that strangers may keep at one business at once; who comes after them books without.
    static let mostHolds = 40
    /// Coming visits of one client who books by themselves.
    static let mostComing = 10

    let store: Store
    let ambient: Ambient
    let book: AppointmentBook
    let links: VisitLinks

    package init(store: Store, ambient: Ambient, book: AppointmentBook) {
        self.store = store
        self.ambient = ambient
        self.book = book
        links = VisitLinks(ambient: ambient)
    }

    /// What the page is made of.
    package struct Front: Sendable {
        package var account: Account
        package var settings: BookingPageSettings
        package var policy: BookingPolicy
        package var services: [BookableService]
        package var staff: [StaffMember]
        package var schedule: Schedule
        package var now: Instant

        package var zone: Zone { schedule.zone }
        package var today: LocalDate { zone.date(at: now) }

        package func service(_ id: ServiceID) throws -> BookableService {
            guard let service = services.first(where: { $0.id == id }) else {
                throw Refusal.notFound()
            }
            return service
        }
    }

    /// The page of a business; a closed one is as good as none.
    package func front(_ slug: String) async throws -> Front {
        let now = ambient.now()
        return try await store.read { tx in try Self.front(slug, at: now, in: tx) }
    }

    static func front(
        _ slug: String, at now: Instant, requiringOpen: Bool = true, in tx: Transaction
    ) throws -> Front {
        guard let account = try AccountDirectory.account(slug: slug, in: tx),
            [.trialing, .active].contains(account.state)
        else { throw Refusal.notFound() }
        let settings = try PublicBookingQueries.settings(of: account.id, in: tx)
        guard settings.isOpen || !requiringOpen else { throw Refusal.notFound() }
        return Front(
            account: account, settings: settings,
            policy: try PublicBookingQueries.policy(of: account.id, in: tx),
            services: try Catalog.services(of: account.id, in: tx).filter(settings.offers),
            staff: try Catalog.staff(of: account.id, in: tx).filter(\.isActive),
            schedule: try Catalog.hours(of: account, in: tx), now: now)
    }

    // MARK: Times

    /// What a client looks for.
    package struct Wish: Sendable, Equatable {
        package var service: ServiceID
        package var staff: StaffID?
        package var partySize = 1

        package init(service: ServiceID, staff: StaffID? = nil, partySize: Int = 1) {
            self.service = service
            self.staff = staff
            self.partySize = partySize
        }
    }

    /// The times of some dates of the business, and whom one may ask for.
    package struct Times: Sendable {
        package var slots: [Slot]
        /// Who takes part in the service at all.
        package var staff: [StaffMember]
        /// Where there is none in the wanted dates: the first one after them.
        package var next: Slot?
    }

    /// How far ahead the next free time is looked for.
    private static let lookAheadDays = 120

    /// `days`: which local dates are looked at, when one knows what today is there.
    package func times(
        _ slug: String, _ wish: Wish,
        on days: @escaping @Sendable (Front) -> (first: LocalDate, count: Int)
    ) async throws -> (Front, Times) {
        let now = ambient.now()
        return try await store.read { tx in
            let front = try Self.front(slug, at: now, in: tx)
            let service = try front.service(wish.service)
            let (first, count) = days(front)
            return (front, try Self.times(front, service, wish, first, count, in: tx))
        }
    }

    static func times(
        _ front: Front, _ service: BookableService, _ wish: Wish, _ from: LocalDate, _ days: Int,
        seesThrough: AppointmentID? = nil, in tx: Transaction
    ) throws -> Times {
        var diary = Diary(of: service, try Roster(of: front.account, in: tx), now: front.now)
        diary.seesThrough = seesThrough
        let staff = front.staff.filter { diary.parties.contains(.staff($0.id)) }
        if let wished = wish.staff, !staff.contains(where: { $0.id == wished }) {
            throw Refusal.notFound()
        }
        func slots(_ first: LocalDate, _ days: Int) throws -> [Slot] {
            let start = front.zone.instant(first, .midnight)
            let end = front.zone.instant(first.adding(days: days), .midnight)
            guard start < end else { return [] }
            let query = try diary.query(
                from: start, to: end, required: wish.staff.map { [.staff($0)] } ?? [],
                partySize: wish.partySize, in: tx)
            return Availability.slots(query)
        }
        var times = Times(slots: try slots(from, days), staff: staff)
        if times.slots.isEmpty {
            times.next = try slots(from.adding(days: days), lookAheadDays).first
        }
        return times
    }

    // MARK: Keeping and booking

    /// Keeps a time while the client types. nil for the token: too many are kept by strangers
    /// just now, and this one books without.
    package func hold(
        _ slug: String, _ wish: Wish, at start: Instant, origin: Origin
    ) async throws -> String? {
        let (book, links, now) = (book, links, ambient.now())
        return try await store.write { tx in
            let front = try Self.front(slug, at: now, in: tx)
            _ = try front.service(wish.service)
            let account = front.account
            guard
                try PublicBookingQueries.visitorsHolds(of: account.id, at: now, in: tx)
                    < Self.mostHolds
            else { return nil }
            let actor = Actor.visitor(of: account.id, origin: origin)
            let hold = try book.hold(
                try Self.request(wish, at: start), of: account, by: actor, in: tx)
            return try links.token(hold.id, .hold, in: tx)
        }
    }

    private static func request(_ wish: Wish, at start: Instant) throws -> BookingRequest {
        var request = try BookingRequest(
            reading: [
                "service_id": .id(wish.service), "start": .instant(start),
                "staff_id": .id(wish.staff), "party_size": .number(wish.partySize),
            ], mayNameHold: false)
        request.ttlSeconds = holdSeconds
        return request
    }

    /// A held time; nil when it has been let go.
    package func held(_ token: String, at slug: String) async throws -> (Front, Appointment?) {
        let now = ambient.now()
        return try await store.read { tx in
            let front = try Self.front(slug, at: now, in: tx)
            return (front, try Self.held(token, front, in: tx))
        }
    }

    private static func held(
        _ token: String, _ front: Front, in tx: Transaction
    ) throws -> Appointment? {
        guard let id: AppointmentID = try VisitLinks.id(in: token, .hold, in: tx) else {
            return nil
        }
        let found = try AppointmentQueries.appointment(
            id, of: front.account.id, now: front.now, in: tx)
        return found?.status == .held ? found : nil
    }

    /// Gives back a time that was kept. One that is gone already is no fault.
    package func release(_ token: String, at slug: String, origin: Origin) async throws {
        let (front, held) = try await held(token, at: slug)
        guard let held else { return }
        let actor = Actor.visitor(of: front.account.id, origin: origin)
        do { try await book.release(held.id, by: actor) } catch let refusal as Refusal
            where [.notFound, .conflict].contains(refusal.kind)
        {}
    }

    /// What a client sends when they book.
    package struct Booking: Sendable {
        package var wish: Wish
        package var start: Instant
        /// The time that was kept, if any; without it, or when it is gone, the time must be free.
        package var holdToken: String?
        package var visitor: VisitorDetails
        package var notes = ""

        package init(
            wish: Wish, start: Instant, holdToken: String?, visitor: VisitorDetails, notes: String
        ) {
            self.wish = wish
            self.start = start
            self.holdToken = holdToken
            self.visitor = visitor
            self.notes = notes
        }
    }

    /// Books, and answers the token of the link to the visit. Refuses with `name`, `phone`,
    /// `email`, `notes` (422), or `slot_taken` with other times (409).
    package func book(
        _ booking: Booking, at slug: String, origin: Origin
    ) async throws -> String {
        let (book, links, ambient) = (book, links, ambient)
        return try await store.write { tx in
            let front = try Self.front(slug, at: ambient.now(), in: tx)
            let account = front.account.id
            _ = try front.service(booking.wish.service)
            let asks = front.settings.asksFor
            let contact = try ContactBook.welcome(
                booking.visitor, asksPhone: asks == .phone || asks == .both,
                asksEmail: asks == .email || asks == .both, asksEither: asks == .either,
                in: account, ambient: ambient, in: tx)
            let coming = try AppointmentQueries.coming(
                of: contact, in: account, after: front.now, in: tx)
            guard coming.count < Self.mostComing else {
                throw Refusal.conflict(
                    "You have \(coming.count) visits booked already. Ask us for more of them.")
            }
            var body: [String: JSONValue] = [
                "service_id": .id(booking.wish.service), "start": .instant(booking.start),
                "staff_id": .id(booking.wish.staff),
                "party_size": .number(booking.wish.partySize),
                "notes": booking.notes.isEmpty ? .null : .string(booking.notes),
            ]
            if let token = booking.holdToken,
                let held = try Self.held(token, front, in: tx),
                held.service == booking.wish.service, held.start == booking.start
            {
                body = ["hold_id": .id(held.id), "notes": body["notes"] ?? .null]
            }
            let request = try BookingRequest(reading: .object(body), mayNameHold: true)
            let made = try book.book(
                request, for: contact, in: account,
                by: .visitor(of: account, origin: origin), in: tx)
            return try links.token(made.appointment.id, .visit, in: tx)
        }
    }
}
