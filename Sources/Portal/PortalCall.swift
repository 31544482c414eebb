import Accounts
import HTTPTypes
import Hummingbird
import Inquiries
import Kernel
import Planner
import Store
import WebShell
import Webhooks

/// One request of somebody who is signed in to the portal.
struct PortalCall: Sendable {
    let request: Request
    let context: WebContext
    let actor: Actor

    init(_ request: Request, _ context: WebContext) throws {
        self.request = request
        self.context = context
        actor = try context.requireActor()
    }

    var slug: String { context.parameters.get("account") ?? "" }

    /// Whether the path names one thing of a list, and is not for a new one.
    var namesOne: Bool { context.parameters.get("id") != nil }

    /// An id in the path.
    func id<Kind>(_ type: Identifier<Kind>.Type = Identifier<Kind>.self) -> Identifier<Kind> {
        Identifier(context.parameters.get("id") ?? "")
    }

    func query(_ name: String) -> String? {
        request.uri.queryParameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    func date(_ name: String) -> LocalDate? { query(name).flatMap { LocalDate($0) } }

    func form() async throws -> Form { try await Form.read(request, context) }

    /// Where this server is reached, as the browser and the proxy before us say it.
    var origin: String {
        (Cookies.isSecure(request) ? "https://" : "http://") + (request.head.authority ?? "")
    }
}

/// Who looks at which business, and when: what every page of the portal stands on.
struct Visit: Sendable {
    /// How far back unanswered questions are counted.
    private static let questionDays = 90

    var actor: Actor
    var account: Account
    /// All the businesses of this person.
    var businesses: [Account]
    var csrf: String
    var now: Instant
    /// Of the events: what happens after it is news to whoever looks at this page.
    var cursor: Int64
    var zone: Zone
    /// Hard questions that nobody has answered yet, newest first.
    var openQuestions: [InquiryEntry]
    /// Endpoints that were switched off because they failed; only for those who can do something.
    var stoppedWebhooks = 0
    /// nil: nothing is left to set up, or it is not this person's matter.
    var setUp: SetUp?
    /// Comes from a form that was just saved.
    var isSaved: Bool

    init(_ call: PortalCall, now: Instant, in tx: Transaction) throws {
        account = try Self.account(call, in: tx)
        actor = call.actor
        csrf = call.context.session?.csrf ?? ""
        businesses = try Self.businesses(of: actor, in: tx)
        self.now = now
        cursor = try EventLog.head(in: tx)
        guard let zone = Zone(account.timeZone) else {
            throw StoreError.corrupt("account \(account.id) has an unknown time zone")
        }
        self.zone = zone
        openQuestions = try InquiryLog.inquiries(
            of: account.id, kind: .hardQuestion, from: now.advanced(byDays: -Self.questionDays),
            limit: 200, in: tx
        ).filter { Words.isOpen($0.inquiry) }
        isSaved = call.query("saved") != nil
        setUp = nil
        if canManage {
            stoppedWebhooks = try WebhookDirectory.countDisabled(of: account.id, in: tx)
        }
        if canManage, account.state == .trialing {
            setUp = try SetUp(of: account, in: tx)
            if setUp?.isDone == true { setUp = nil }
        }
    }

    /// The business of the address; somebody else's is as good as none.
    static func account(_ call: PortalCall, in tx: Transaction) throws -> Account {
        guard let account = try AccountDirectory.account(slug: call.slug, in: tx) else {
            throw Refusal.notFound()
        }
        try call.actor.require(.viewAccount, in: account.id)
        return account
    }

    static func businesses(of actor: Actor, in tx: Transaction) throws -> [Account] {
        try actor.memberships.keys.filter { actor.can(.viewAccount, in: $0) }.sorted()
            .map { try AccountDirectory.account($0, for: actor, in: tx) }
            .sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }

    /// The same for the calendar.
    var calendar: CalendarVisit {
        CalendarVisit(
            actor: actor, account: account, zone: zone, now: now, cursor: cursor, csrf: csrf,
            base: Self.path(account, ""))
    }

    var canManage: Bool { actor.can(.manageAccount, in: account.id) }
    var canBook: Bool { actor.can(.book, in: account.id) }
    var today: LocalDate { zone.date(at: now) }
    var hue: Int { account.hue % 12 + 1 }

    func path(_ rest: String = "") -> String { Self.path(account, rest) }

    static func path(_ account: Account, _ rest: String) -> String {
        "/portal/\(account.slug)" + (rest.isEmpty ? "" : "/" + rest)
    }

    /// Attributes of a time: a script says it on the reader's clock too, where that differs.
    func moment(_ instant: Instant) -> HTML {
        HTML.moment(instant, account.timeZone)
    }

    /// For every form: the browser sends it back, another site could not.
    var token: HTML { "<input type=\"hidden\" name=\"_csrf\" value=\"\(csrf)\">" }
}
