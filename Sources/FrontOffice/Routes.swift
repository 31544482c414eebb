import Accounts
import Booking
import Channels
import Contacts
import Control
import Conversations
import Desk
import Files
import Guidance
import HTTPTypes
import Hummingbird
import Inquiries
import Kernel
import Logging
import NIOCore
import Notices
import Portal
import Privacy
import Push
import Reports
import Site
import Store
import WebShell
import Webhooks
import Work

extension Wiring {
    /// Every address the server answers.
    package func router() -> (router: Router<WebContext>, listing: RouteListing) {
        let router = Router(context: WebContext.self)
        router.add(middleware: RequestLog(metrics.registry))
        router.add(middleware: RestOfBody())
        router.add(middleware: SpeakMiddleware(tongues))
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemMiddleware())
        addHealth(to: router)
        addAssets(to: router)
        addApp(to: router)
        addContract(to: router)
        calendars.addFeeds(to: router)
        CalDAVRoutes(calendars: staffCalendars).add(
            to: router, signIn: BasicAuthentication(gatekeeper),
            challenge: BasicAuthentication.challenge)
        let listing = addAPI(to: router)
        WebChatRoutes(
            store: store, ambient: ambient, correspondence: correspondence, inboxes: inboxes,
            files: files, feed: feed
        ) { account, now, tx in
            let schedule = try Catalog.hours(of: account, for: .system, in: tx)
            return WebChatOpening(schedule.hours, zone: schedule.zone, now: now)
        }.add(to: router)
        FileRoutes(cabinet: files).addPage(to: router, actors: browserActors)
        addPlaces(to: router)
        return (router, listing)
    }

    private var publicBooking: PublicBooking {
        PublicBooking(store: store, ambient: ambient, book: appointments)
    }

    private var calendarFeeds: CalendarFeeds {
        CalendarFeeds(store: store, ambient: ambient, tongues: tongues)
    }

    private var calendars: CalendarFeedRoutes { CalendarFeedRoutes(feeds: calendarFeeds) }

    private func addAssets(to router: Router<WebContext>) {
        let web = configuration.resources.web
        router.add(
            middleware: FileMiddleware(
                web, urlBasePath: "/assets",
                cacheControl: .init([
                    (.init(type: .any), [.public, .maxAge(60), .mustRevalidate])
                ])))
        router.get("/widget.js") { _, _ in
            try Self.scriptForAnySite(WidgetScript.bytes(folder: web + "/widget/parts"))
        }
        router.get("/booking.js") { _, _ in
            try Self.scriptForAnySite(FileContents.bytes(web + "/widget/booking.js"))
        }
    }

    /// Any site may load it; what it may do is decided where it asks.
    private static func scriptForAnySite(_ bytes: [UInt8]?) throws -> Response {
        guard let bytes else { throw Refusal.notFound() }
        var response = Response(
            status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        response.headers[.contentType] = "text/javascript; charset=utf-8"
        if let name = HTTPField.Name("Cross-Origin-Resource-Policy") {
            response.headers[name] = "cross-origin"
        }
        response.headers[.cacheControl] = "public, max-age=300"
        return response
    }

    /// The contract, for integrators and their tools.
    private func addContract(to router: Router<WebContext>) {
        let web = configuration.resources.web
        router.get("/api/openapi.yaml") { _, _ in
            var response = try await Self.file(web + "/openapi.yaml")
            response.headers[.contentType] = "application/yaml; charset=utf-8"
            response.headers[.cacheControl] = "public, max-age=300"
            return response
        }
    }

    /// The service worker and the page that it shows without a network.
    private func addApp(to router: Router<WebContext>) {
        let web = configuration.resources.web
        router.get("/sw.js") { _, _ in
            var response = try await Self.file(web + "/app/sw.js")
            response.headers[.contentType] = "text/javascript; charset=utf-8"
            response.headers[.cacheControl] = "no-cache"
            return response
        }
        router.get("/offline") { _, _ in OfflinePage().page.response() }
    }

    private static func file(_ path: String) async throws -> Response {
        guard let bytes = FileContents.bytes(path) else { throw Refusal.notFound() }
        return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func addAPI(to router: Router<WebContext>) -> RouteListing {
        let group = router.group("/api/v1").add(middleware: APIAuthentication(gatekeeper))
        let api = APIRoutes(group, store: store, ambient: ambient)
        AccountRoutes(
            accounts: accounts, people: people, gatekeeper: gatekeeper, settings: settings
        ).add(to: api)
        ContactRoutes(book: contacts).add(to: api)
        FileRoutes(cabinet: files).add(to: api)
        PrivacyRoutes(office: privacy).add(to: api)
        ConversationRoutes(
            correspondence: correspondence, inboxes: inboxes, files: files, feed: feed
        ).add(to: api)
        EventRoutes(store: store, feed: feed, revalidate: revalidate).add(to: api)
        BookingRoutes(catalog: catalog, appointments: appointments).add(to: api)
        calendars.add(to: api)
        NoticeRoutes(office: notices).add(to: api)
        WaitlistRoutes(waitlist: waitlist).add(to: api)
        PublicBookingRoutes(booking: publicBooking).add(to: api)
        InvitationRoutes(book: appointments).add(to: api)
        CalendarSourceRoutes(sources: calendarSources).add(to: api)
        GuidanceRoutes(book: guidance).add(to: api)
        InquiryRoutes(log: inquiries).add(to: api)
        ReportRoutes(statistics: statistics).add(to: api)
        WebhookRoutes(directory: webhooks).add(to: api)
        JobRoutes(board: JobBoard(store: store, ambient: ambient)).add(to: api)
        PushRoutes(office: push).add(to: api)
        if let clock { TestClockRoutes(clock: clock, store: store, worker: worker).add(to: api) }
        api.refuseOtherMethods()
        return api.listing
    }

    /// The caller of an open stream, looked up again.
    @Sendable private func revalidate(_ call: APICall) async throws -> Actor? {
        if let session = call.context.session,
            let cookie = Cookies.value(session.kind.cookie, in: call.request)
        {
            return try await gatekeeper.session(session.kind, cookie: cookie, isVisit: false)?.0
                .limited(to: session.kind)
        }
        let parts = (call.request.headers[.authorization] ?? "").split(separator: " ")
        return parts.count == 2 ? try await gatekeeper.bearer(String(parts[1])) : nil
    }

    /// Everybody that this browser is signed in as.
    @Sendable private func browserActors(_ request: Request) async throws -> [Actor] {
        var actors: [Actor] = []
        for kind in [SessionKind.office, .account] {
            guard let cookie = Cookies.value(kind.cookie, in: request),
                let (actor, _) = try await gatekeeper.session(kind, cookie: cookie)
            else { continue }
            actors.append(actor.limited(to: kind))
        }
        return actors
    }

    private func addPlaces(to router: Router<WebContext>) {
        DeskRoutes(store: store, ambient: ambient, book: appointments).add(
            to: router.group("/desk").add(middleware: PageAuthentication(gatekeeper, .office)))
        PortalRoutes(
            store: store, ambient: ambient, accounts: accounts, people: people, catalog: catalog,
            appointments: appointments, guidance: guidance, inboxes: inboxes,
            webhooks: webhooks, privacy: privacy, calendars: calendarFeeds,
            booking: publicBooking, notices: notices, sources: calendarSources
        ).add(to: router.group("/portal").add(middleware: PageAuthentication(gatekeeper, .account)))
        let onboarding = Onboarding(
            store: store, ambient: ambient, people: people, catalog: catalog)
        ControlRoutes(
            store: store, ambient: ambient, accounts: accounts, people: people,
            gatekeeper: gatekeeper, settings: settings, templates: templates, privacy: privacy,
            open: { business, template, trialDays, owner, actor in
                try await onboarding.open(
                    business, template, trialDays: trialDays, owner: owner, by: actor
                ).account
            }
        ).add(to: router.group("/control").add(middleware: PageAuthentication(gatekeeper, .office)))
        SiteRoutes(
            store: store, ambient: ambient, gatekeeper: gatekeeper, people: people,
            settings: settings, catalog: catalog, inboxes: inboxes, booking: publicBooking,
            templates: templates, tongues: tongues, demo: configuration.isDemo ? Self.tour : nil
        ).add(to: router)
    }

    /// Who the tour page signs in, and the logins that it shows.
    private static var tour: SiteRoutes.Demo {
        SiteRoutes.Demo(
            receptionistEmail: DemoCast.agents[0].email,
            businesses: DemoCast.businesses.map { .init(slug: $0.slug, ownerEmail: $0.ownerEmail) },
            logins: DemoCast.logins.map {
                .init(role: $0.role, email: $0.email, password: $0.password)
            })
    }
}
