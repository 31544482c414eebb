import Accounts
import Booking
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// One request at a business's booking page.
struct BookingCall: Sendable {
    let request: Request
    let context: WebContext

    var slug: String { context.parameters.get("slug") ?? "" }
    var token: String { context.parameters.get("token") ?? "" }
    var service: ServiceID { ServiceID(context.parameters.get("service") ?? "") }

    func query(_ name: String) -> String? {
        request.uri.queryParameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The client's browser, for the record of changes.
    var origin: Origin { Origin(.link, request, context) }

    var address: String { context.clientAddress(of: request) }

    func form() async throws -> Form { try await Form.readOpen(request, context) }
}

/// `/b/{slug}`: service, time, details, done; and one's own visit behind a signed link. No sign-in,
/// no cookie, no script needed.
extension SiteRoutes {
    func addBooking(to router: Router<WebContext>) {
        func get(
            _ path: String, _ handler: @escaping @Sendable (BookingCall) async throws -> Response
        ) {
            router.get(RouterPath(path)) { [looks] request, context in
                let call = BookingCall(request: request, context: context)
                try looks.count(call.address)
                return try await handler(call)
            }
        }
        func post(
            _ path: String, _ handler: @escaping @Sendable (BookingCall) async throws -> Response
        ) {
            router.post(RouterPath(path)) { [choices] request, context in
                let call = BookingCall(request: request, context: context)
                try choices.count(call.address)
                return try await handler(call)
            }
        }
        get("/b/:slug") { call in
            ServicesPage(front: try await booking.front(call.slug)).frame.response()
        }
        get("/b/:slug/s/:service") { call in try await showTimes(call) }
        post("/b/:slug/s/:service") { call in try await keep(call) }
        get("/b/:slug/s/:service/details") { call in try await showDetails(call) }
        post("/b/:slug/s/:service/details") { call in try await book(call) }
        addVisits(get: get, post: post)
        addWaiting(get: get, post: post)
    }

    // MARK: The time

    private func wish(_ call: BookingCall, staff: String?, party: String?) -> PublicBooking.Wish {
        let size = party.flatMap { Int($0) } ?? 1
        return .init(
            service: call.service, staff: staff.flatMap { $0.isEmpty ? nil : StaffID($0) },
            partySize: ServicePlan.Bounds.capacity.contains(size) ? size : 1)
    }

    private func showTimes(_ call: BookingCall, refused: Refusal? = nil) async throws -> Response {
        let wish = wish(call, staff: call.query("staff"), party: call.query("party"))
        return try await showTimes(call, wish, refused: refused)
    }

    private func showTimes(
        _ call: BookingCall, _ wish: PublicBooking.Wish, at start: Instant? = nil,
        refused: Refusal? = nil
    ) async throws -> Response {
        let window = DayWindow.asked(call, start: start)
        let (front, times) = try await booking.times(call.slug, wish) { front in
            (window(front).first, DayWindow.days)
        }
        let service = try front.service(wish.service)
        let page = TimesPage(
            front: front, service: service, wish: wish, times: times, window: window(front),
            path: BookingFrame.path(front.account, "s/\(service.id)"), refused: refused)
        let status = refused.map { HTTPResponse.Status(code: $0.kind.rawValue) } ?? .ok
        return page.frame.response(status: status)
    }

    /// A time was chosen: it is kept while the details are typed.
    private func keep(_ call: BookingCall) async throws -> Response {
        let form = try await call.form()
        let wish = wish(call, staff: form["staff"], party: form["party"])
        if let token = form["release"] {
            try await booking.release(token, at: call.slug, origin: call.origin)
        }
        guard let start = Instant(rfc3339: form.text("start")) else {
            return try await showTimes(call, wish)
        }
        do {
            let token = try await booking.hold(call.slug, wish, at: start, origin: call.origin)
            let query = DetailsPage.query(wish, start, token)
            return .redirect("/b/\(call.slug)/s/\(wish.service)/details?\(query)")
        } catch let refusal as Refusal where [.conflict, .invalid].contains(refusal.kind) {
            return try await showTimes(call, wish, at: start, refused: refusal)
        }
    }

    // MARK: The details

    private func showDetails(_ call: BookingCall) async throws -> Response {
        let wish = wish(call, staff: call.query("staff"), party: call.query("party"))
        guard let start = call.query("start").flatMap({ Instant(rfc3339: $0) }) else {
            return .redirect("/b/\(call.slug)/s/\(call.service)")
        }
        let token = call.query("hold")
        let (front, held) = try await booking.held(token ?? "", at: call.slug)
        let service = try front.service(wish.service)
        var page = DetailsPage(front: front, service: service, wish: wish, start: start)
        page.token = held == nil ? nil : token
        page.keptUntil = held?.expiresAt
        page.end = held?.end ?? start.advanced(byMinutes: service.durationMinutes)
        if token != nil, held == nil {
            page.problems[""] =
                t("The time was kept for ten minutes and has been let go. If it is still free, you can book it all the same.")
                .text
        }
        return page.frame.response()
    }

    private func book(_ call: BookingCall) async throws -> Response {
        let form = try await call.form()
        let wish = wish(call, staff: form["staff"], party: form["party"])
        guard let start = Instant(rfc3339: form.text("start")) else {
            return .redirect("/b/\(call.slug)/s/\(call.service)")
        }
        let (front, held) = try await booking.held(form["hold"] ?? "", at: call.slug)
        let service = try front.service(wish.service)
        var page = DetailsPage(front: front, service: service, wish: wish, start: start)
        page.take(form)
        page.token = held == nil ? nil : form["hold"]
        page.keptUntil = held?.expiresAt
        page.end = start.advanced(byMinutes: service.durationMinutes)
        // Nobody sees this field; programs that fill in everything do.
        if VisitorFields.isTrapped(form) {
            page.problems[""] = VisitorFields.trapped
            return page.frame.response(status: .unprocessableContent)
        }
        do {
            let token = try await booking.book(
                .init(
                    wish: wish, start: start, holdToken: page.token, visitor: page.who.visitor,
                    notes: page.notes), at: call.slug, origin: call.origin)
            return .redirect("/b/\(call.slug)/v/\(token)?new=1")
        } catch let refusal as Refusal where [.conflict, .invalid].contains(refusal.kind) {
            page.take(refusal)
            return page.frame.response(status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }
}

/// The dates that are shown at once, and the chosen one among them.
struct DayWindow: Sendable {
    static let days = 14

    let first: LocalDate
    /// nil: the first one with free times.
    let chosen: LocalDate?
    let today: LocalDate

    init(from: LocalDate?, wanted: LocalDate?, today: LocalDate) {
        self.today = today
        let limit = today.adding(days: 730)
        let chosen = wanted.map { min(max($0, today), limit) }
        var first = min(max(from ?? today, today), limit)
        if let chosen, chosen < first || chosen >= first.adding(days: Self.days) {
            let away = chosen.daysSinceEpoch - today.daysSinceEpoch
            first = today.adding(days: away - away % Self.days)
        }
        self.first = first
        self.chosen = chosen
    }

    /// What the address asks for, or the day of a start; which dates these are the business's clock
    /// tells.
    static func asked(
        _ call: BookingCall, start: Instant?
    ) -> @Sendable (PublicBooking.Front) -> DayWindow {
        let from = call.query("from").flatMap { LocalDate($0) }
        let date = call.query("date").flatMap { LocalDate($0) }
        return { front in
            DayWindow(
                from: from, wanted: start.map { front.zone.date(at: $0) } ?? date,
                today: front.today)
        }
    }

    var dates: [LocalDate] { (0..<Self.days).map(first.adding(days:)) }
    var previous: LocalDate? { first > today ? max(today, first.adding(days: -Self.days)) : nil }
    var next: LocalDate { first.adding(days: Self.days) }
}
