import Accounts
import Booking
import Channels
import Contacts
import Conversations
import Guidance
import Inquiries
import Kernel
import Notices
import Store
import Synchronization

/// The clock of the demo's history: it goes forward from event to event and ends at the real now.
final class DemoClock: Sendable {
    private let current: Mutex<Instant>

    init(at start: Instant) { current = Mutex(start) }

    func now() -> Instant { current.withLock { $0 } }

    func advance(to instant: Instant) { current.withLock { $0 = max($0, instant) } }
}

/// The office as it was in the past: the same verbs over the same database, on a clock of its own.
struct DemoStage {
    let clock: DemoClock
    let store: Store
    let ambient: Ambient
    let channels: ChannelRegistry
    let accounts: AccountDirectory
    let people: PeopleDirectory
    let contacts: ContactBook
    let inboxes: InboxDirectory
    let correspondence: Correspondence
    let catalog: Catalog
    let appointments: AppointmentBook
    let inquiries: InquiryLog

    /// The office's people as actors, in the order of the cast.
    var agents: [Actor] = []

    /// `store` must be without reactions: those of the office run on today's clock.
    init(of office: Wiring, store: Store, from start: Instant) {
        let clock = DemoClock(at: start)
        let ambient = Ambient.with(
            now: { clock.now() }, randomBytes: office.ambient.randomBytes)
        self.clock = clock
        self.store = store
        self.ambient = ambient
        channels = office.channels
        accounts = AccountDirectory(
            store: store, ambient: ambient, verticals: Set(office.templates.map(\.name)))
        people = PeopleDirectory(
            store: store, ambient: ambient,
            passwords: Passwords(rounds: office.configuration.passwordRounds, ambient: ambient))
        contacts = ContactBook(store: store, ambient: ambient)
        inboxes = InboxDirectory(store: store, ambient: ambient, channels: channels)
        correspondence = Correspondence(store: store, ambient: ambient, channels: channels)
        catalog = Catalog(store: store, ambient: ambient)
        appointments = AppointmentBook(
            store: store, ambient: ambient,
            resolveContact: { body, account, tx in
                try ContactBook.resolve(body, in: account, ambient: ambient, in: tx)
            })
        inquiries = InquiryLog(store: store, ambient: ambient)
        store.react(
            AppointmentNotices(
                store: store, ambient: ambient,
                notices: NoticeOffice(
                    store: store, ambient: ambient, channels: channels, tongues: office.tongues),
                links: VisitLinks(ambient: ambient), publicURL: office.configuration.publicURL
            ).react)
    }

    // MARK: The office

    mutating func hire(_ cast: [DemoCast.Agent]) async throws {
        for agent in cast {
            let user = try await people.createOfficeUser(
                .init(
                    email: agent.email, name: agent.name, role: agent.role,
                    password: DemoCast.password), by: .system)
            let actor = Actor(
                user: user.id, name: user.name, email: user.email, officeRole: agent.role,
                memberships: [:])
            if agent.isOnDuty { try await people.setDuty(true, of: actor) }
            agents.append(actor)
        }
    }
}

/// One business of the demo with what its story refers to.
struct DemoBusiness: Sendable {
    let account: Account
    let owner: Actor
    let webChat: Inbox
    let forwarded: Inbox
    let contacts: [ContactID]
    let premises: DemoPremises
}

extension DemoStage {
    /// Takes a business on, as the office would: its trade's template, then what is its own.
    func takeOn(
        _ business: DemoCast.Business, _ template: VerticalTemplate, ownerHash: String?
    ) async throws -> DemoBusiness {
        let account = try await accounts.create(
            .init(
                name: business.name, slug: business.slug, timeZone: business.timeZone,
                locale: business.locale, currency: business.currency, vertical: template.name,
                phone: business.phone, address: business.address,
                website: "https://\(business.domain)"),
            trialDays: business.isTrying ? 30 : nil, by: .system)
        let ambient = ambient
        let user = try await store.write { tx in
            try GuidanceBook.apply(template, to: account.id, ambient: ambient, in: tx)
            return try PeopleDirectory.insertMember(
                .init(
                    email: business.ownerEmail, name: business.owner, role: .owner,
                    password: nil),
                of: account.id, hash: ownerHash, ambient: ambient, in: tx)
        }
        let owner = Actor(
            user: user.id, name: user.name, email: user.email, officeRole: nil,
            memberships: [account.id: .owner])
        let webChat = try await inboxes.create(
            [
                "name": "Chat on the website", "channel": "web_chat",
                "config": [
                    "greeting": .string(business.greeting), "color": .string(business.color),
                    "reply_time": "Usually answers in a minute",
                    "allowed_domains": ["localhost", "127.0.0.1"],
                ],
            ], in: account.id, by: .system)
        let forwarded = try await inboxes.create(
            ["name": "Messages from other systems", "channel": "api", "config": [:]],
            in: account.id, by: .system)
        return DemoBusiness(
            account: account, owner: owner, webChat: webChat, forwarded: forwarded,
            contacts: try await addContacts(of: business, to: account.id),
            premises: try await furnish(account, business, template))
    }

    /// Hours, staff and services.
    private func furnish(
        _ account: Account, _ business: DemoCast.Business, _ template: VerticalTemplate
    ) async throws -> DemoPremises {
        let schedule = try await catalog.setSchedule(
            Self.everyDay(template.schedule), of: account.id, expecting: nil, by: .system)
        var staff: [StaffMember] = []
        for (index, person) in template.people.enumerated() {
            let name = index < business.staff.count ? business.staff[index] : person.name
            staff.append(
                try await catalog.createStaff(
                    ["name": .string(name)], in: account.id, by: .system))
        }
        var services: [BookableService] = []
        for body in template.services(currency: business.currency, staff: staff.map(\.id)) {
            services.append(try await catalog.createService(body, in: account.id, by: .system))
        }
        try await openBookingPage(of: account)
        return DemoPremises(
            business: business, services: services, staff: staff, hours: schedule.hours,
            zone: schedule.zone)
    }

    /// Clients book by themselves, too, and may change their minds until the day before.
    private func openBookingPage(of account: Account) async throws {
        let booking = PublicBooking(store: store, ambient: ambient, book: appointments)
        _ = try await booking.setSettings(["is_open": true], of: account.id, by: .system)
        _ = try await booking.setPolicy(["cutoff_minutes": 1440], of: account.id, by: .system)
    }

    /// A demo is looked at on any day of the week, so nobody here has a day off.
    private static func everyDay(_ schedule: JSONValue) -> JSONValue {
        var weekly = schedule["weekly"]?.array ?? []
        let open = Set(weekly.compactMap { $0["weekday"]?.int })
        for weekday in 1...7 where !open.contains(weekday) {
            weekly.append(["weekday": .number(weekday), "start": "10:00", "end": "17:00"])
        }
        return ["weekly": .array(weekly), "overrides": []]
    }

    private func addContacts(
        of business: DemoCast.Business, to account: AccountID
    ) async throws -> [ContactID] {
        var ids: [ContactID] = []
        for (index, person) in business.contacts.enumerated() {
            let contact = try await contacts.create(
                [
                    "name": .string(person.name), "notes": .text(person.home),
                    "preferred_channel": index % 3 == 0 ? "email" : "sms",
                    "contact_points": [
                        ["channel": "sms", "address": .string(person.phone)],
                        ["channel": "email", "address": .string(person.email)],
                    ],
                ], in: account, by: .system)
            ids.append(contact.id)
        }
        return ids
    }
}
