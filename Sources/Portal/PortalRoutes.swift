import Accounts
import Booking
import Conversations
import Guidance
import HTTPTypes
import Hummingbird
import Kernel
import Notices
import Privacy
import Store
import WebShell
import Webhooks

/// The business's own place: today and the week, inquiries, and everything that it tells us.
package struct PortalRoutes: Sendable {
    let store: Store
    let ambient: Ambient
    let accounts: AccountDirectory
    let people: PeopleDirectory
    let catalog: Catalog
    let appointments: AppointmentBook
    let guidance: GuidanceBook
    let inboxes: InboxDirectory
    let webhooks: WebhookDirectory
    let privacy: PrivacyOffice
    let calendars: CalendarFeeds
    let booking: PublicBooking
    let notices: NoticeOffice
    let sources: CalendarSources

    package init(
        store: Store, ambient: Ambient, accounts: AccountDirectory, people: PeopleDirectory,
        catalog: Catalog, appointments: AppointmentBook, guidance: GuidanceBook,
        inboxes: InboxDirectory, webhooks: WebhookDirectory, privacy: PrivacyOffice,
        calendars: CalendarFeeds, booking: PublicBooking, notices: NoticeOffice,
        sources: CalendarSources
    ) {
        self.store = store
        self.ambient = ambient
        self.accounts = accounts
        self.people = people
        self.catalog = catalog
        self.appointments = appointments
        self.guidance = guidance
        self.inboxes = inboxes
        self.webhooks = webhooks
        self.privacy = privacy
        self.calendars = calendars
        self.booking = booking
        self.notices = notices
        self.sources = sources
    }

    /// `group` is `/portal`, behind the sign-in of accounts' members.
    package func add(to group: RouterGroup<WebContext>) {
        addEntrance(to: group)
        let business = PortalGroup(group: group.group(":account"))
        addSchedule(to: business)
        addCalendar(to: business)
        addInquiries(to: business)
        addContacts(to: business)
        addProfile(to: business)
        addHours(to: business)
        addScript(to: business)
        addKnowledge(to: business)
        addReplies(to: business)
        addServices(to: business)
        addStaff(to: business)
        addResources(to: business)
        addMembers(to: business)
        addAudit(to: business)
        addRetention(to: business)
        addWidget(to: business)
        addWebhooks(to: business)
        addCalendars(to: business)
        addBookingPage(to: business)
        addDisplaced(to: business)
        addNotices(to: business)
        addWaitlist(to: business)
        addCalendarSources(to: business)
    }

    private func addEntrance(to group: RouterGroup<WebContext>) {
        group.get { [store] request, context in
            let call = try PortalCall(request, context)
            let actor = call.actor
            let businesses = try await store.read { tx in
                try Visit.businesses(of: actor, in: tx)
            }
            guard let first = businesses.first else {
                return PortalFrame.withoutBusiness(csrf: call.context.session?.csrf ?? "")
                    .response()
            }
            return Response.redirect(Visit.path(first, ""))
        }
        group.get(":account") { [store, ambient] request, context in
            let call = try PortalCall(request, context)
            let now = ambient.now()
            let visit = try await store.read { tx in try Visit(call, now: now, in: tx) }
            return Response.redirect(visit.path(visit.setUp == nil ? "today" : "setup"))
        }
    }

    // MARK: Reading and writing

    /// Everything that a page shows, from one snapshot.
    func read<T: Sendable>(
        _ call: PortalCall, requiring permission: Permission = .viewAccount,
        _ body: @escaping @Sendable (Visit, Transaction) throws -> T
    ) async throws -> T {
        let now = ambient.now()
        return try await store.read { tx in
            let visit = try Visit(call, now: now, in: tx)
            try call.actor.require(permission, in: visit.account.id)
            return try body(visit, tx)
        }
    }

    func account(
        _ call: PortalCall, requiring permission: Permission = .manageAccount
    ) async throws -> Account {
        try await store.read { tx in
            let account = try Visit.account(call, in: tx)
            try call.actor.require(permission, in: account.id)
            return account
        }
    }

    /// A form of the business's settings: what it is made of and what becomes of it.
    struct Submission: Sendable {
        var fields: [String]
        var rows: [FormValues.Rows] = []
        /// Names that the verb uses for fields, where they differ.
        var renaming: [String: String] = [:]
        /// Shows the form again, with what was typed and what is wrong.
        var show: @Sendable (PortalCall, FormValues) async throws -> Page
        /// Calls the verb; answers where to go on, under the business's address.
        var save: @Sendable (PortalCall, Account, inout FormValues) async throws -> String
    }

    func submit(_ call: PortalCall, _ submission: Submission) async throws -> Response {
        let form = try await call.form()
        let account = try await account(call)
        let names = submission.fields + submission.rows.flatMap(\.fields) + ["version"]
        var values = FormValues(form, names)
        if let act = form["act"] {
            values.apply(act, to: submission.rows)
            return try await submission.show(call, values).response()
        }
        do {
            let next = try await submission.save(call, account, &values)
            return .redirect(Visit.path(account, next) + "?saved=1")
        } catch let refusal as Refusal {
            try values.take(refusal, renaming: submission.renaming)
            return try await submission.show(call, values).response(status: values.status)
        }
    }
}

/// The routes under one business.
struct PortalGroup {
    let group: RouterGroup<WebContext>

    func get(
        _ path: String, _ handler: @escaping @Sendable (PortalCall) async throws -> Page
    ) {
        group.get(RouterPath(path)) { request, context in
            try await handler(PortalCall(request, context)).response()
        }
    }

    func post(
        _ path: String, _ handler: @escaping @Sendable (PortalCall) async throws -> Response
    ) {
        group.post(RouterPath(path)) { request, context in
            try await handler(PortalCall(request, context))
        }
    }
}
