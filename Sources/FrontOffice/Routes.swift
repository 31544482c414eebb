import Accounts
import Booking
import Channels
import Contacts
import Control
import Conversations
import Desk
import Guidance
import HTTPTypes
import Hummingbird
import Inquiries
import Kernel
import Logging
import NIOCore
import Portal
import Reports
import Site
import Store
import WebShell

extension Wiring {
    /// Every address the server answers.
    package func router() -> (router: Router<WebContext>, listing: RouteListing) {
        let router = Router(context: WebContext.self)
        router.add(middleware: LogRequestsMiddleware(.debug))
        router.add(middleware: RestOfBody())
        router.add(middleware: SpeakMiddleware(tongues))
        router.add(middleware: ProblemMiddleware())
        addHealth(to: router)
        addAssets(to: router)
        let listing = addAPI(to: router)
        WebChatRoutes(
            store: store, ambient: ambient, correspondence: correspondence, inboxes: inboxes,
            feed: feed
        ).add(to: router)
        addPlaces(to: router)
        return (router, listing)
    }

    private func addHealth(to router: Router<WebContext>) {
        router.get("/healthz") { _, _ in Response.json(["status": "up"]) }
        router.get("/readyz") { [store, logger] _, _ in
            do {
                let count = try await store.read { tx in
                    try tx.count("SELECT COUNT(*) FROM schema_migrations")
                }
                return Response.json(["status": "ready", "migrations": .number(count)])
            } catch {
                logger.warning("Not ready", metadata: ["error": "\(error)"])
                return Response.json(["status": "unavailable"], status: .serviceUnavailable)
            }
        }
    }

    private func addAssets(to router: Router<WebContext>) {
        let web = configuration.resources.web
        router.add(
            middleware: FileMiddleware(
                web, urlBasePath: "/assets",
                cacheControl: .init([
                    (.init(type: .any), [.public, .maxAge(60), .mustRevalidate])
                ])))
        router.get("/widget.js") { _, context in
            var response = try await Self.file(web + "/widget/widget.js")
            response.headers[.contentType] = "text/javascript; charset=utf-8"
            // Any site may load the script; what it may do is decided per inbox and origin.
            if let name = HTTPField.Name("Cross-Origin-Resource-Policy") {
                response.headers[name] = "cross-origin"
            }
            response.headers[.cacheControl] = "public, max-age=300"
            return response
        }
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
        ConversationRoutes(correspondence: correspondence, inboxes: inboxes, feed: feed).add(
            to: api)
        EventRoutes(store: store, feed: feed, revalidate: revalidate).add(to: api)
        BookingRoutes(catalog: catalog, appointments: appointments).add(to: api)
        GuidanceRoutes(book: guidance).add(to: api)
        InquiryRoutes(log: inquiries).add(to: api)
        ReportRoutes(statistics: statistics).add(to: api)
        if let clock { TestClockRoutes(clock: clock, store: store, worker: worker).add(to: api) }
        return api.listing
    }

    /// The caller of an open stream, looked up again.
    @Sendable private func revalidate(_ call: APICall) async throws -> Actor? {
        if let session = call.context.session,
            let cookie = Cookies.value(session.kind.cookie, in: call.request)
        {
            return try await gatekeeper.session(session.kind, cookie: cookie)?.0
                .limited(to: session.kind)
        }
        let parts = (call.request.headers[.authorization] ?? "").split(separator: " ")
        return parts.count == 2 ? try await gatekeeper.bearer(String(parts[1])) : nil
    }

    private func addPlaces(to router: Router<WebContext>) {
        DeskRoutes(store: store, ambient: ambient).add(
            to: router.group("/desk").add(middleware: PageAuthentication(gatekeeper, .office)))
        PortalRoutes(
            store: store, ambient: ambient, accounts: accounts, people: people, catalog: catalog,
            appointments: appointments, guidance: guidance, inboxes: inboxes
        ).add(to: router.group("/portal").add(middleware: PageAuthentication(gatekeeper, .account)))
        let onboarding = Onboarding(
            store: store, ambient: ambient, people: people, catalog: catalog)
        ControlRoutes(
            store: store, ambient: ambient, accounts: accounts, people: people,
            settings: settings, templates: templates,
            open: { business, template, trialDays, owner in
                try await onboarding.open(
                    business, template, trialDays: trialDays, owner: owner
                ).account
            }
        ).add(to: router.group("/control").add(middleware: PageAuthentication(gatekeeper, .office)))
        SiteRoutes(
            store: store, ambient: ambient, gatekeeper: gatekeeper, people: people,
            settings: settings, catalog: catalog, inboxes: inboxes, templates: templates,
            demo: configuration.isDemo ? Self.tour : nil
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
