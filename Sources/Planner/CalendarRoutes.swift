import Accounts
import Booking
import Contacts
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Store
import WebShell

/// The calendar of one business under the addresses of a place, which says who comes in and puts
/// its own frame around.
package struct CalendarRoutes: Sendable {
    package struct Entry: Sendable {
        var visit: CalendarVisit
        var frame: @Sendable (CalendarContent) -> Page

        package init(_ visit: CalendarVisit, frame: @escaping @Sendable (CalendarContent) -> Page) {
            self.visit = visit
            self.frame = frame
        }
    }

    /// Refuses who may not see the business of this address.
    package typealias Enter =
        @Sendable (Request, WebContext, Instant, Transaction) throws -> Entry

    /// The longest stretch of one table, and the most rows.
    private static let mostDays = 366
    private static let mostRows = 20_000

    let store: Store
    let ambient: Ambient
    let book: AppointmentBook
    let enter: Enter

    package init(
        store: Store, ambient: Ambient, book: AppointmentBook, enter: @escaping Enter
    ) {
        self.store = store
        self.ambient = ambient
        self.book = book
        self.enter = enter
    }

    /// `group` is the place's address of one business.
    package func add(to group: RouterGroup<WebContext>) {
        group.get("calendar") { request, context in try await calendar(request, context) }
        group.get("day-sheet") { request, context in try await daySheet(request, context) }
        group.get("appointments.csv") { request, context in try await table(request, context) }
        group.get("appointments/:id/move") { request, context in
            let page = try await movePage(request, context, refusal: nil)
            return page.response()
        }
        group.post("appointments/:id/move") { request, context in
            try await move(request, context)
        }
    }

    private func read<T: Sendable>(
        _ request: Request, _ context: WebContext,
        _ body: @escaping @Sendable (Entry, Transaction) throws -> T
    ) async throws -> T {
        let (now, enter) = (ambient.now(), enter)
        return try await store.read { tx in
            try body(try enter(request, context, now, tx), tx)
        }
    }

    private static func date(_ name: String, _ request: Request) -> LocalDate? {
        request.uri.queryParameters.get(name).flatMap { LocalDate($0) }
    }

    // MARK: Pages

    private func calendar(_ request: Request, _ context: WebContext) async throws -> Response {
        let hasMoved = request.uri.queryParameters.get("moved") != nil
        return try await read(request, context) { entry, tx in
            let query = CalendarQuery(request, today: entry.visit.today)
            let sheet = try CalendarSheet(
                of: entry.visit, from: query.first, days: query.days,
                withCanceled: query.withCanceled, in: tx)
            return entry.frame(
                CalendarPage(
                    visit: entry.visit, query: query, sheet: sheet, hasMoved: hasMoved
                ).content)
        }.response()
    }

    private func daySheet(_ request: Request, _ context: WebContext) async throws -> Response {
        let staff = request.uri.queryParameters.get("staff").map { StaffID($0) }
        return try await read(request, context) { entry, tx in
            let date = Self.date("date", request) ?? entry.visit.today
            let sheet = try CalendarSheet(of: entry.visit, from: date, days: 1, in: tx)
            let contacts = Set(sheet.appointments.compactMap(\.appointment.contact))
            return DaySheet(
                visit: entry.visit, date: date, sheet: sheet, staff: staff,
                points: try ContactBook.points(
                    of: contacts.sorted(), account: entry.visit.account.id, in: tx)
            ).page
        }.response()
    }

    // MARK: Moving

    private static func summary(
        _ context: WebContext, _ visit: CalendarVisit, _ tx: Transaction
    ) throws -> AppointmentSummary {
        let id = AppointmentID(context.parameters.get("id") ?? "")
        let found = try AppointmentBook.summary(id, of: visit.account.id, in: tx)
        guard let found, found.appointment.status != .held else { throw Refusal.notFound() }
        return found
    }

    private func movePage(
        _ request: Request, _ context: WebContext, on date: LocalDate? = nil, refusal: Refusal?
    ) async throws -> Page {
        let ambient = ambient
        return try await read(request, context) { entry, tx in
            try entry.visit.actor.require(.book, in: entry.visit.account.id)
            let summary = try Self.summary(context, entry.visit, tx)
            return entry.frame(
                MovePage(
                    visit: entry.visit, summary: summary,
                    form: try MoveForm(
                        of: summary, on: date ?? Self.date("date", request), entry.visit,
                        ambient: ambient, in: tx),
                    refusal: refusal
                ).content)
        }
    }

    private func move(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request, context)
        let (visit, appointment) = try await read(request, context) { entry, tx in
            try entry.visit.actor.require(.book, in: entry.visit.account.id)
            return (entry.visit, try Self.summary(context, entry.visit, tx).appointment)
        }
        let target = form.text("to").split(separator: " ").map { String($0) }
        var body: [String: JSONValue] = ["start": .string(target.first ?? "")]
        if target.count > 1 {
            body["staff_id"] = .string(target[1])
        } else if appointment.staff.count == 1 {
            body["staff_id"] = .id(appointment.staff.first)
        }
        do {
            let moved = try await book.reschedule(
                appointment.id, .object(body), expecting: Int(form.text("version")),
                by: visit.actor)
            let query = CalendarQuery(date: visit.zone.date(at: moved.start), view: .day)
            return .redirect(visit.path(query.address) + "&moved=1")
        } catch let refusal as Refusal
            where [.conflict, .stale, .invalid].contains(refusal.kind)
        {
            let page = try await movePage(
                request, context, on: LocalDate(form.text("date")), refusal: refusal)
            return page.response(
                status: refusal.kind == .invalid ? .unprocessableContent : .conflict)
        }
    }

    // MARK: Table

    private func table(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let from = Self.date("from", request) else {
            throw Refusal.invalid("from", "date", "must be a date such as 2026-11-24.")
        }
        guard let last = Self.date("to", request) else {
            throw Refusal.invalid("to", "date", "must be a date such as 2026-11-24.")
        }
        guard from <= last else { throw Refusal.invalid("to", "order", "must not be before from.") }
        let days = last.daysSinceEpoch - from.daysSinceEpoch + 1
        guard days <= Self.mostDays else {
            throw Refusal.invalid(
                "to", "range", "must be at most \(Self.mostDays) days after from.")
        }
        let (slug, text) = try await read(request, context) { entry, tx in
            let visit = entry.visit
            let range = BusinessTime.range(from, days: days, visit.zone)
            let found = try AppointmentBook.summaries(
                of: visit.account.id, from: range.lowerBound, to: range.upperBound,
                withCanceled: true, limit: Self.mostRows + 1, now: visit.now, in: tx
            ).filter { $0.appointment.status != .held && range.contains($0.appointment.start) }
            if found.count > Self.mostRows {
                throw Refusal.invalid(
                    "to", "range", "has too many appointments: choose fewer days.")
            }
            let contacts = Set(found.compactMap(\.appointment.contact))
            let table = AppointmentTable(
                account: visit.account, zone: visit.zone, appointments: found,
                resources: Dictionary(
                    try Catalog.resources(of: visit.account.id, in: tx).map { ($0.id, $0.name) },
                    uniquingKeysWith: { $1 }),
                points: try ContactBook.points(
                    of: contacts.sorted(), account: visit.account.id, in: tx))
            return (visit.account.slug, table.text)
        }
        var response = Response(
            status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
        response.headers[.contentType] = "text/csv; charset=utf-8; header=present"
        response.headers[.contentDisposition] =
            "attachment; filename=\"\(slug)-\(from)-\(last).csv\""
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}
