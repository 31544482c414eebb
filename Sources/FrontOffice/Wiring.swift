import Accounts
import Booking
import Channels
import Contacts
import Conversations
import Files
import Guidance
import Inquiries
import Kernel
import Live
import Logging
import Notices
import Outbound
import Privacy
import Push
import Reports
import Store
import Vault
import WebShell
import Webhooks
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
    package let vault: Vault
    package let metrics: OfficeMetrics
    package let drain: Drain
    package let outbound: OutboundClient
    package let gatekeeper: Gatekeeper
    package let accounts: AccountDirectory
    package let people: PeopleDirectory
    package let settings: OfficeSettings
    package let contacts: ContactBook
    package let channels: ChannelRegistry
    package let inboxes: InboxDirectory
    package let correspondence: Correspondence
    package let files: FileCabinet
    package let privacy: PrivacyOffice
    package let catalog: Catalog
    package let appointments: AppointmentBook
    package let notices: NoticeOffice
    package let staffCalendars: StaffCalendars
    package let calendarSources: CalendarSources
    package let guidance: GuidanceBook
    package let inquiries: InquiryLog
    package let statistics: Statistics
    package let webhooks: WebhookDirectory
    package let push: PushOffice
    private let webhookDispatch: WebhookDispatch
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
        let vault = try Vault.open(
            keys: configuration.secretKey, database: configuration.database)
        if !vault.hides {
            logger.warning("Secrets are stored readable: set AUTOSECRETARY_SECRET_KEY.")
        }
        let office = try Wiring(configuration, logger, store, ambient, clock, vault)
        office.store.watch(office.metrics.watch)
        office.worker.watch(office.metrics.noteJob)
        return office
    }

    private init(
        _ configuration: Configuration, _ logger: Logger, _ store: Store, _ ambient: Ambient,
        _ clock: VirtualClock?, _ vault: Vault
    ) throws {
        self.configuration = configuration
        self.logger = logger
        self.store = store
        self.ambient = ambient
        self.clock = clock
        self.vault = vault
        metrics = OfficeMetrics()
        drain = Drain(notice: configuration.drainNotice, logger: logger)
        outbound = OutboundClient(onlyLoopback: clock != nil)
        feed = EventFeed(store: store, logger: logger)
        let passwords = Passwords(
            rounds: configuration.passwordRounds,
            rules: try PasswordRules.load(folder: configuration.resources.web), ambient: ambient)
        gatekeeper = Gatekeeper(
            store: store, ambient: ambient, passwords: passwords, vault: vault)
        tongues = try Catalogue.tongues(folder: configuration.resources.web + "/locales")
        templates = try VerticalTemplate.load(
            folder: configuration.resources.web + "/verticals", tongues: tongues)
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
        let folder = configuration.files ?? FileFolder.standard(for: configuration.database)
        let files = FileCabinet(
            store: store, ambient: ambient, folder: FileFolder(path: folder))
        self.files = files
        catalog = Catalog(store: store, ambient: ambient)
        let appointments = AppointmentBook(
            store: store, ambient: ambient,
            resolveContact: { body, account, tx in
                try ContactBook.resolve(body, in: account, ambient: ambient, in: tx)
            })
        self.appointments = appointments
        let waitlist = Waitlist(store: store, ambient: ambient, book: appointments)
        let notices = NoticeOffice(
            store: store, ambient: ambient, channels: channels, tongues: tongues)
        self.notices = notices
        let told = AppointmentNotices(
            store: store, ambient: ambient, notices: notices, links: VisitLinks(ambient: ambient),
            publicURL: configuration.publicURL)
        let staffCalendars = StaffCalendars(
            store: store, ambient: ambient, book: appointments, tongues: tongues)
        self.staffCalendars = staffCalendars
        let calendarSources = CalendarSources(
            store: store, ambient: ambient, vault: vault, outbound: outbound)
        self.calendarSources = calendarSources
        let privacy = PrivacyOffice(
            exports: ContactExports(store: store, ambient: ambient, cabinet: files),
            erasures: ContactErasures(
                store: store, ambient: ambient, cabinet: files,
                letGo: { contact, account, actor, tx in
                    try appointments.cancelComing(of: contact, in: account, by: actor, in: tx)
                }),
            retention: Retention(store: store, ambient: ambient))
        self.privacy = privacy
        guidance = GuidanceBook(store: store, ambient: ambient)
        inquiries = InquiryLog(store: store, ambient: ambient)
        statistics = Statistics(store: store)
        let push = PushOffice(
            store: store, ambient: ambient, vault: vault, outbound: outbound, tongues: tongues,
            mayBePrivate: clock != nil)
        self.push = push
        webhooks = WebhookDirectory(store: store, ambient: ambient, vault: vault)
        let dispatch = WebhookDispatch(directory: webhooks, outbound: outbound)
        webhookDispatch = dispatch
        let housekeeping = Housekeeping(store: store, ambient: ambient)
        let tidying = PhoneTidying(store: store, ambient: ambient)
        worker = Worker(
            store: store, ambient: ambient, logger: logger,
            handlers: [
                "message.deliver": correspondence.deliver,
                "conversation.wake": correspondence.wake,
            ].merging(appointments.jobHandlers) { ours, _ in ours }
                .merging(told.jobHandlers) { ours, _ in ours }
                .merging(waitlist.jobHandlers) { ours, _ in ours }
                .merging(housekeeping.jobHandlers) { ours, _ in ours }
                .merging(staffCalendars.jobHandlers) { ours, _ in ours }
                .merging(calendarSources.jobHandlers) { ours, _ in ours }
                .merging(tidying.jobHandlers) { ours, _ in ours }
                .merging(dispatch.jobHandlers) { ours, _ in ours }
                .merging(push.jobHandlers) { ours, _ in ours }
                .merging(files.jobHandlers) { ours, _ in ours }
                .merging(privacy.jobHandlers) { ours, _ in ours },
            policies: dispatch.policies.merging(privacy.policies) { ours, _ in ours },
            schedules: housekeeping.schedules + files.schedules
                + privacy.schedules + staffCalendars.schedules + calendarSources.schedules,
            takeOver: store.kind == .postgres ? nil : housekeeping.takeOver)
        for reaction in reactions { store.react(reaction) }
    }

    package var waitlist: Waitlist {
        Waitlist(store: store, ambient: ambient, book: appointments)
    }

    private var appointmentNotices: AppointmentNotices {
        AppointmentNotices(
            store: store, ambient: ambient, notices: notices, links: VisitLinks(ambient: ambient),
            publicURL: configuration.publicURL)
    }

    /// Who reacts to what: the map of the business. Each runs in the transaction of the event.
    private var reactions: [Store.Reaction] {
        [
            // Clients hear what becomes of their visits.
            appointmentNotices.react,
            // What becomes free is offered to those who wait.
            waitlist.react,
            // Whatever happens at a business, its own programs may hear.
            webhookDispatch.react,
            // Those whose page is closed hear it from their browser.
            PushNotices(push: push).react,
        ]
    }
}
