import Accounts
import Booking
import Channels
import Contacts
import Conversations
import Guidance
import Inquiries
import Kernel
import Live
import Logging
import Outbound
import Reports
import Store
import WebShell
import Work

/// The whole office, put together once, from top to bottom.
package struct Wiring: Sendable {
    package let configuration: Configuration
    package let logger: Logger
    package let store: Store
    package let ambient: Ambient
    package let clock: VirtualClock?
    package let feed: EventFeed
    package let worker: Worker
    package let outbound: OutboundClient
    package let gatekeeper: Gatekeeper
    package let accounts: AccountDirectory
    package let people: PeopleDirectory
    package let settings: OfficeSettings
    package let contacts: ContactBook
    package let channels: ChannelRegistry
    package let inboxes: InboxDirectory
    package let correspondence: Correspondence
    package let catalog: Catalog
    package let appointments: AppointmentBook
    package let guidance: GuidanceBook
    package let inquiries: InquiryLog
    package let statistics: Statistics
    package let templates: [VerticalTemplate]
    package let tongues: [Language: Tongue]

    /// Opens the database, applies migrations and connects the parts.
    package static func open(_ configuration: Configuration, logger: Logger) async throws -> Wiring
    {
        let store = try Store(url: configuration.database)
        let clock = configuration.testClock.map(VirtualClock.init(at:))
        let ambient =
            clock.map { clock in
                Ambient.with(now: { clock.now() }, randomBytes: Ambient.systemRandomBytes)
            } ?? Ambient.live()
        let migrator = try Migrator(folder: configuration.resources.migrations, engine: store.kind)
        if configuration.migrates {
            for name in try await migrator.migrate(store, now: ambient.now()) {
                logger.info("Applied migration", metadata: ["migration": "\(name)"])
            }
        } else if let missing = try await migrator.missing(in: store).first {
            throw Refusal.conflict(
                "The database lacks migration \(missing.name). Run `autosecretary migrate` first.")
        }
        try await clock?.restore(from: store)
        return try Wiring(configuration, logger, store, ambient, clock)
    }

    private init(
        _ configuration: Configuration, _ logger: Logger, _ store: Store, _ ambient: Ambient,
        _ clock: VirtualClock?
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.store = store
        self.ambient = ambient
        self.clock = clock
        outbound = OutboundClient(onlyLoopback: clock != nil)
        feed = EventFeed(store: store, logger: logger)
        let passwords = Passwords(rounds: configuration.passwordRounds, ambient: ambient)
        gatekeeper = Gatekeeper(store: store, ambient: ambient, passwords: passwords)
        tongues = try Catalogue.tongues(folder: configuration.resources.web + "/locales")
        templates = try VerticalTemplate.load(folder: configuration.resources.web + "/verticals")
        accounts = AccountDirectory(
            store: store, ambient: ambient, verticals: Set(templates.map(\.name)))
        people = PeopleDirectory(store: store, ambient: ambient, passwords: passwords)
        settings = OfficeSettings(store: store, ambient: ambient)
        contacts = ContactBook(store: store, ambient: ambient)
        let channels = ChannelRegistry([APIChannel(client: outbound), WebChatChannel()])
        self.channels = channels
        inboxes = InboxDirectory(store: store, ambient: ambient, channels: channels)
        let correspondence = Correspondence(store: store, ambient: ambient, channels: channels)
        self.correspondence = correspondence
        catalog = Catalog(store: store, ambient: ambient)
        appointments = AppointmentBook(
            store: store, ambient: ambient,
            resolveContact: { body, account, tx in
                try ContactBook.resolve(body, in: account, ambient: ambient, in: tx)
            })
        guidance = GuidanceBook(store: store, ambient: ambient)
        inquiries = InquiryLog(store: store, ambient: ambient)
        statistics = Statistics(store: store)
        worker = Worker(
            store: store, ambient: ambient, logger: logger,
            handlers: [
                "message.deliver": correspondence.deliver,
                "conversation.wake": correspondence.wake,
            ].merging(appointments.jobHandlers) { ours, _ in ours })
        for reaction in reactions { store.react(reaction) }
    }

    /// Who reacts to what: the map of the business. Each runs in the transaction of the event.
    private var reactions: [Store.Reaction] {
        [
            // A booking made while talking is confirmed in the conversation.
            Confirmations(channels: channels, ambient: ambient).react
        ]
    }
}
