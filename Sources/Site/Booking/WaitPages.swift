import Accounts
import Booking
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// Waiting for a time that is not free yet, and taking it when it is.
extension SiteRoutes {
    func addWaiting(
        get: (String, @escaping BookingHandler) -> Void,
        post: (String, @escaping BookingHandler) -> Void
    ) {
        get("/b/:slug/s/:service/wait") { call in
            let front = try await booking.front(call.slug)
            var page = WaitPage(front: front, service: try front.service(call.service))
            page.staff = call.query("staff")
            page.from = call.query("date").flatMap { LocalDate($0) } ?? front.today
            page.party = call.query("party").flatMap { Int($0) } ?? 1
            return page.frame.response()
        }
        post("/b/:slug/s/:service/wait") { call in try await wait(call) }
        get("/b/:slug/w/:token") { call in
            OfferPage(offer: try await booking.offer(call.token, at: call.slug), token: call.token)
                .frame.response()
        }
        post("/b/:slug/w/:token") { call in try await answerOffer(call) }
    }

    private func wait(_ call: BookingCall) async throws -> Response {
        let form = try await call.form()
        let front = try await booking.front(call.slug)
        var page = WaitPage(front: front, service: try front.service(call.service))
        page.take(form)
        if VisitorFields.isTrapped(form) {
            page.problems[""] = VisitorFields.trapped
            return page.frame.response(status: .unprocessableContent)
        }
        do {
            try await booking.wait(
                call.slug, page.wish, from: page.from, days: page.days, visitor: page.who.visitor,
                origin: call.origin)
            page.isDone = true
            return page.frame.response()
        } catch let refusal as Refusal where [.conflict, .invalid].contains(refusal.kind) {
            page.problems = FormProblems(refusal, known: VisitorFields.names)
            return page.frame.response(status: HTTPResponse.Status(code: refusal.kind.rawValue))
        }
    }

    private func answerOffer(_ call: BookingCall) async throws -> Response {
        let form = try await call.form()
        do {
            if form.text("act") == "decline" {
                try await booking.decline(call.token, at: call.slug, origin: call.origin)
                return .redirect("/b/\(call.slug)/w/\(call.token)")
            }
            let visit = try await booking.take(call.token, at: call.slug, origin: call.origin)
            return .redirect("/b/\(call.slug)/v/\(visit)?new=1")
        } catch let refusal as Refusal where refusal.kind == .conflict {
            let offer = try await booking.offer(call.token, at: call.slug)
            return OfferPage(offer: offer, token: call.token).frame.response(status: .conflict)
        }
    }
}

/// Who waits, for what, and until when.
struct WaitPage {
    private static let spans = [1, 3, 7, 14, 30]

    var front: PublicBooking.Front
    var service: BookableService
    var staff: String?
    var party = 1
    var from = LocalDate(daysSinceEpoch: 0)
    var days = 7
    var who = VisitorFields()
    var problems = FormProblems()
    var isDone = false

    init(front: PublicBooking.Front, service: BookableService) {
        self.front = front
        self.service = service
        from = front.today
    }

    var wish: PublicBooking.Wish {
        .init(
            service: service.id, staff: staff.flatMap { $0.isEmpty ? nil : StaffID($0) },
            partySize: ServicePlan.Bounds.capacity.contains(party) ? party : 1)
    }

    mutating func take(_ form: Form) {
        staff = form["staff"]
        party = Int(form.text("party")) ?? 1
        from = LocalDate(form.text("from")) ?? front.today
        days = Int(form.text("days")) ?? 7
        who = VisitorFields(form)
    }

    private var path: String { BookingFrame.path(front.account, "s/\(service.id)") }

    var frame: BookingFrame {
        BookingFrame(
            account: front.account, title: t("Waiting list"), step: nil,
            content: isDone ? done : form, back: path + "/wait")
    }

    private var done: HTML {
        """
        <div class="book-result" role="status"><span class="book-tick">\(SiteParts.icon("check"))</span><h1>\(t("You are on the waiting list"))</h1>
        <p class="muted">\(t("When a time becomes free, it is kept for you for half an hour and you are told."))</p></div>
        <div class="row"><a class="btn" href="\(url: BookingFrame.path(front.account))">\(t("All services"))</a></div>
        """
    }

    private var form: HTML {
        return """
            <div class="stack stack-tight"><p class="back-link"><a href="\(url: path)">\(SiteParts.icon("left"))\(service.name)</a></p>
            <h1>\(t("Waiting list"))</h1><p class="muted">\(t("When somebody cancels, you are offered the time before others see it."))</p></div>
            \(problems.alert)
            <form class="form" method="post" action="\(url: path + "/wait")">
            <input type="hidden" name="staff" value="\(staff)"><input type="hidden" name="party" value="\(party)">
            <div class="field-row"><div class="field"><label for="from">\(t("From"))</label><input class="input" id="from" name="from" type="date" value="\(from)" min="\(front.today)" required></div>
            <div class="field"><label for="days">\(t("For how long"))</label><select class="input" id="days" name="days">\(Self.spans.html { days in
                let words = Phrase.plural(days, one: "\(days) day", other: "\(days) days")
                return "<option value=\"\(days)\"\(attribute: "selected", if: days == self.days)>\(words)</option>"
            })</select></div></div>
            \(who.html(asking: front.settings.asksFor, problems))
            <button class="btn btn-primary btn-large btn-block">\(t("Put me on the list"))</button></form>
            """
    }
}

/// A time that has become free, to take or to leave.
struct OfferPage {
    var offer: PublicBooking.WaitingOffer
    var token: String

    private var account: Account { offer.front.account }
    private var path: String { BookingFrame.path(account, "w/\(token)") }

    var frame: BookingFrame {
        BookingFrame(
            account: account, title: t("A time has become free"), step: nil,
            content: offer.isOpen ? open : closed, back: path)
    }

    private var open: HTML {
        let (zone, start) = (offer.front.zone, offer.entry.offeredStart ?? .earliest)
        let end = start.advanced(byMinutes: offer.service.durationMinutes)
        let until = BusinessTime.clock(offer.entry.offeredUntil ?? start, zone)
        return """
            <h1>\(t("A time has become free"))</h1>
            <section class="book-summary"><h2>\(offer.service.name)</h2><p class="strong">\(BookingWords.span(start, end, zone))</p><p class="small">\(t("Kept for you until {1}."), with: "<b>\(until)</b>")</p></section>
            <form class="row" method="post" action="\(url: path)"><button class="btn btn-primary" name="act" value="take">\(t("Book the visit"))</button><button class="btn btn-quiet" name="act" value="decline">\(t("No, thank you"))</button></form>
            """
    }

    private var closed: HTML {
        let words: Phrase =
            switch offer.entry.status {
            case .booked: t("You have booked this time.")
            case .declined, .canceled: t("You are no longer on the waiting list.")
            default: t("This offer has run out, and the next one was asked.")
            }
        return """
            <h1>\(t("Waiting list"))</h1><p>\(words)</p>
            <div class="row"><a class="btn" href="\(url: BookingFrame.path(account, "s/\(offer.service.id)"))">\(t("See the free times"))</a></div>
            """
    }
}
