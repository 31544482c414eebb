import Accounts
import Booking
import Conversations
import Guidance
import Hummingbird
import Kernel
import Store
import WebShell

/// The public pages: what the service is, signing in and up, and the tour of a demo office.
package struct SiteRoutes: Sendable {
    let store: Store
    let ambient: Ambient
    let gatekeeper: Gatekeeper
    let people: PeopleDirectory
    let settings: OfficeSettings
    let catalog: Catalog
    let inboxes: InboxDirectory
    let booking: PublicBooking
    let templates: [VerticalTemplate]
    let tongues: [Language: Tongue]
    /// Set only on a server that shows the demo.
    let demo: Demo?
    let signUps = Throttle(limit: 20, per: .seconds(3600))
    let tours = Throttle(limit: 300, per: .seconds(300))
    /// Requests for help and opened links per address.
    let helps = Throttle(limit: 10, per: .seconds(3600))
    let links = Throttle(limit: 60, per: .seconds(300))
    /// Of the booking pages, per address: looking, and keeping or changing a time.
    let looks = Throttle(limit: 600, per: .seconds(300))
    let choices = Throttle(limit: 40, per: .seconds(600))

    /// Who is shown in the tour.
    package struct Demo: Sendable {
        package struct Login: Sendable {
            package var role: Phrase
            package var email: String
            package var password: String

            package init(role: Phrase, email: String, password: String) {
                self.role = role
                self.email = email
                self.password = password
            }
        }

        package struct Business: Sendable {
            package var slug: String
            package var ownerEmail: String

            package init(slug: String, ownerEmail: String) {
                self.slug = slug
                self.ownerEmail = ownerEmail
            }
        }

        package var receptionistEmail: String
        package var businesses: [Business]
        package var logins: [Login]

        package init(receptionistEmail: String, businesses: [Business], logins: [Login]) {
            self.receptionistEmail = receptionistEmail
            self.businesses = businesses
            self.logins = logins
        }
    }

    package init(
        store: Store, ambient: Ambient, gatekeeper: Gatekeeper, people: PeopleDirectory,
        settings: OfficeSettings, catalog: Catalog, inboxes: InboxDirectory,
        booking: PublicBooking, templates: [VerticalTemplate], tongues: [Language: Tongue], demo: Demo?
    ) {
        self.store = store
        self.ambient = ambient
        self.gatekeeper = gatekeeper
        self.people = people
        self.settings = settings
        self.catalog = catalog
        self.inboxes = inboxes
        self.booking = booking
        self.templates = templates.sorted { Self.place(of: $0) < Self.place(of: $1) }
        self.tongues = tongues
        self.demo = demo
    }

    /// The trades that the office began with come first.
    private static func place(of template: VerticalTemplate) -> Int {
        ["hairdresser", "car_service", "appliance_repair", "food_delivery"]
            .firstIndex(of: template.name) ?? .max
    }

    package func add(to router: Router<WebContext>) {
        router.get("/") { _, _ in
            let economics = try await settings.economics()
            return Landing(economics: economics, templates: templates, hasDemo: demo != nil)
                .page.response()
        }
        addLanguages(to: router)
        addSignIn(to: router)
        addLinks(to: router)
        addMe(to: router)
        addSignUp(to: router)
        addBooking(to: router)
        if let demo {
            addTour(demo, to: router)
            addSamples(to: router)
        }
    }
}
