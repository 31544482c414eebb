import Accounts
import Booking
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import WebShell

/// One's own visit behind its signed link: see, put into a calendar, move, cancel.
extension SiteRoutes {
    typealias BookingHandler = @Sendable (BookingCall) async throws -> Response

    func addVisits(
        get: (String, @escaping BookingHandler) -> Void,
        post: (String, @escaping BookingHandler) -> Void
    ) {
        get("/b/:slug/v/:token") { call in try await showVisit(call) }
        get("/b/:slug/v/:token/visit.ics") { call in try await calendar(call) }
        get("/b/:slug/v/:token/move") { call in try await showMove(call) }
        post("/b/:slug/v/:token/move") { call in try await move(call) }
        get("/b/:slug/v/:token/cancel") { call in
            let visit = try await booking.visit(call.token, at: call.slug)
            return CancelPage(visit: visit, token: call.token).frame.response()
        }
        post("/b/:slug/v/:token/cancel") { call in try await cancel(call) }
    }

    private func showVisit(_ call: BookingCall) async throws -> Response {
        let visit = try await booking.visit(call.token, at: call.slug)
        var page = VisitPage(visit: visit, token: call.token)
        page.news = call.query("new") != nil ? .booked : call.query("moved") != nil ? .moved : nil
        return page.frame.response()
    }

    private func calendar(_ call: BookingCall) async throws -> Response {
        let invitation = try await booking.invitation(call.token, at: call.slug)
        var response = Response(
            status: .ok, body: .init(byteBuffer: ByteBuffer(string: invitation.text)))
        response.headers[.contentType] = invitation.contentType
        response.headers[.contentDisposition] = #"attachment; filename="visit.ics""#
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func showMove(
        _ call: BookingCall, at start: Instant? = nil, refused: Refusal? = nil
    ) async throws -> Response {
        let staff = call.query("staff").map(StaffID.init)
        let window = DayWindow.asked(call, start: start)
        let (visit, times) = try await booking.times(
            toMove: call.token, at: call.slug, staff: staff
        ) { front in (window(front).first, DayWindow.days) }
        guard visit.freedom == .free else {
            return .redirect("/b/\(call.slug)/v/\(call.token)")
        }
        var page = TimesPage(
            front: visit.front, service: visit.service,
            wish: .init(
                service: visit.service.id, staff: staff, partySize: visit.appointment.partySize),
            times: times, window: window(visit.front),
            path: BookingFrame.path(visit.front.account, "v/\(call.token)/move"), refused: refused)
        page.moving = visit
        let status = refused.map { HTTPResponse.Status(code: $0.kind.rawValue) } ?? .ok
        return page.frame.response(status: status)
    }

    private func move(_ call: BookingCall) async throws -> Response {
        let form = try await call.form()
        guard let start = Instant(rfc3339: form.text("start")) else {
            return try await showMove(call)
        }
        let staff = form.text("staff")
        do {
            try await booking.move(
                call.token, at: call.slug, to: start,
                staff: staff.isEmpty ? nil : StaffID(staff), origin: call.origin)
            return .redirect("/b/\(call.slug)/v/\(call.token)?moved=1")
        } catch let refusal as Refusal where [.conflict, .invalid].contains(refusal.kind) {
            return try await showMove(call, at: start, refused: refusal)
        }
    }

    private func cancel(_ call: BookingCall) async throws -> Response {
        let form = try await call.form()
        let sum = form.text("fee").split(separator: " ")
        let agreed: Money? =
            sum.count == 2
            ? Int64(sum[0]).map { Money(minor: $0, currency: String(sum[1])) } : nil
        do {
            try await booking.cancel(
                call.token, at: call.slug, reason: form.text("reason"), agreedFee: agreed,
                origin: call.origin)
            return .redirect("/b/\(call.slug)/v/\(call.token)")
        } catch let refusal as Refusal where refusal.kind == .conflict {
            let visit = try await booking.visit(call.token, at: call.slug)
            return CancelPage(visit: visit, token: call.token, problem: refusal.detail)
                .frame.response(status: .conflict)
        }
    }
}
