import Accounts
import Booking
import Kernel
import WebShell

/// The free times of a service: two weeks of days, and the times of one of them. Also where a
/// visit is moved to.
struct TimesPage {
    var front: PublicBooking.Front
    var service: BookableService
    var wish: PublicBooking.Wish
    var times: PublicBooking.Times
    var window: DayWindow
    /// Where the page is, and where a choice is sent.
    var path: String
    /// Why the time that was just chosen is not to be had.
    var refused: Refusal?
    /// The visit that is being moved.
    var moving: PublicBooking.Visit?

    private var byDate: [LocalDate: [Slot]] {
        Dictionary(grouping: times.slots) { front.zone.date(at: $0.start) }
    }

    private var chosen: LocalDate? {
        window.chosen ?? times.slots.first.map { front.zone.date(at: $0.start) }
    }

    var frame: BookingFrame {
        let back = moving == nil ? BookingFrame.path(front.account) : path.droppingLastPart
        let title = moving == nil ? Phrase(verbatim: service.name) : t("Move your visit")
        return BookingFrame(
            account: front.account, title: title, step: moving == nil ? 2 : nil,
            content: """
                <div class="stack stack-tight"><p class="back-link"><a href="\(url: back)">\(SiteParts.icon("left"))\(moving == nil ? t("All services") : t("Your visit"))</a></p>
                <h1>\(title)</h1>\(note)</div>
                \(alert)\(people)\(parties)\(days)\(slots)\(waiting)
                """, back: path)
    }

    private var note: HTML {
        if let moving {
            let start = moving.appointment.start
            return """
                <p class="muted">\(t("{1}, now on {2}. Choose another time."), with: "\(service.name)", BookingWords.span(start, moving.appointment.end, front.zone))</p>
                """
        }
        let facts = [BusinessTime.duration(service.durationMinutes), BookingWords.price(service.price)]
            .compactMap { $0 }.joined(separator: " · ")
        return "<p class=\"muted\">\(facts)</p>"
    }

    private var alert: HTML {
        guard let refused else { return HTML() }
        let text: Phrase =
            refused.code == "slot_taken"
            ? t("Somebody has just taken this time. Choose another one.")
            : refused.fields.isEmpty ? refused.detail : t("This time cannot be booked any more. Choose another one.")
        return """
            <div class="alert alert-late" role="alert">\(SiteParts.icon("alert"))<div>\(text)</div></div>
            """
    }

    // MARK: Whom, how many

    private func address(
        staff: StaffID? = nil, date: LocalDate? = nil, from: LocalDate? = nil, party: Int? = nil
    ) -> String {
        var parts: [String] = []
        if let staff { parts.append("staff=\(staff)") }
        if let party, party > 1 { parts.append("party=\(party)") }
        if let from { parts.append("from=\(from)") }
        if let date { parts.append("date=\(date)") }
        return path + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }

    private var people: HTML {
        guard times.staff.count > 1 else { return HTML() }
        func chip(_ name: HTML, _ id: StaffID?) -> HTML {
            let current: HTML = wish.staff == id ? " aria-current=\"true\"" : HTML()
            return """
                <li><a class="chip" href="\(url: address(staff: id, date: window.chosen, party: wish.partySize))"\(current)>\(name)</a></li>
                """
        }
        return """
            <nav aria-label="\(t("With whom"))"><ul class="chips">\(chip("\(t("Anyone"))", nil))\(times.staff.html { chip("\($0.name)", $0.id) })</ul></nav>
            """
    }

    private var parties: HTML {
        let most = service.rules.capacity
        guard most > 1, moving == nil else { return HTML() }
        return """
            <form class="book-party" method="get" action="\(url: path)">
            \(wish.staff.map { "<input type=\"hidden\" name=\"staff\" value=\"\($0)\">" } ?? HTML())
            \(window.chosen.map { "<input type=\"hidden\" name=\"date\" value=\"\($0)\">" } ?? HTML())
            <label for="party">\(t("How many people?"))</label>
            <input class="input input-short" id="party" name="party" type="number" inputmode="numeric" min="1" max="\(most)" value="\(wish.partySize)">
            <button class="btn">\(t("Show times"))</button></form>
            """
    }

    // MARK: Days

    private var days: HTML {
        let byDate = byDate
        let earlier: HTML =
            window.previous.map { page($0, "left", t("Two weeks before")) } ?? "<span></span>"
        let later = page(window.next, "right", t("Two weeks after"))
        let title = BusinessTime.months(window.first, window.dates[DayWindow.days - 1])
        return """
            <nav class="book-calendar" aria-label="\(t("Days"))">
            <div class="book-pager">\(earlier)<span class="strong">\(title)</span>\(later)</div>
            <ol class="book-days">\(window.dates.html { day($0, byDate[$0]?.count ?? 0) })</ol></nav>
            """
    }

    private func page(_ from: LocalDate, _ icon: String, _ label: Phrase) -> HTML {
        """
        <a class="btn btn-icon btn-quiet" href="\(url: address(staff: wish.staff, from: from, party: wish.partySize))" aria-label="\(label)">\(SiteParts.icon(icon))</a>
        """
    }

    private func day(_ date: LocalDate, _ free: Int) -> HTML {
        let name = BusinessTime.heading(date)
        let face: HTML = """
            <span class="book-weekday" aria-hidden="true">\(BusinessTime.capitalised(BusinessTime.shortWeekday(date)))</span><b aria-hidden="true">\(date.day)</b>
            """
        guard free > 0 else {
            return """
                <li><span class="book-day is-empty">\(face)<i class="book-dot" aria-hidden="true"></i><span class="sr-only">\(t("\(name): no free times"))</span></span></li>
                """
        }
        let words = Phrase.plural(
            free, one: "\(name): \(free) free time", other: "\(name): \(free) free times")
        let current: HTML = date == chosen ? " aria-current=\"date\"" : HTML()
        return """
            <li><a class="book-day" href="\(url: address(staff: wish.staff, date: date, from: window.first, party: wish.partySize))"\(current)>\(face)<i class="book-dot" aria-hidden="true"></i><span class="sr-only">\(words)</span></a></li>
            """
    }

    // MARK: Times

    private var slots: HTML {
        guard let chosen, let found = byDate[chosen], !found.isEmpty else { return nothing }
        let parts: [(Phrase, Range<Int>)] = [
            (t("Morning"), 0..<720), (t("Afternoon"), 720..<1020), (t("Evening"), 1020..<1440),
        ]
        let groups = parts.map { name, minutes -> HTML in
            let slots = found.filter {
                minutes.contains(front.zone.local(at: $0.start).minuteOfDay)
            }
            if slots.isEmpty { return HTML() }
            return """
                <fieldset class="book-part"><legend>\(name)</legend><div class="book-slots">\(slots.html(slot))</div></fieldset>
                """
        }
        return """
            <form class="book-times" method="post" action="\(url: path)">
            <input type="hidden" name="staff" value="\(wish.staff?.text)"><input type="hidden" name="party" value="\(wish.partySize)">
            <h2>\(BusinessTime.heading(chosen))</h2>\(groups)
            <p class="hint">\(t("Times are on the clock of the business ({1})."), with: "\(front.zone.identifier.replacing("_", with: " "))")</p></form>
            """
    }

    private func slot(_ slot: Slot) -> HTML {
        let left: HTML =
            slot.seatsLeft.map { seats in
                let words = Phrase.plural(seats, one: "\(seats) place", other: "\(seats) places")
                return "<small>\(words)</small>"
            } ?? HTML()
        return """
            <button class="book-slot" name="start" value="\(slot.start)"><time datetime="\(slot.start)">\(BusinessTime.clock(slot.start, front.zone))</time>\(left)</button>
            """
    }

    private var waiting: HTML {
        if moving != nil { return HTML() }
        var query: [String] = []
        if let staff = wish.staff { query.append("staff=\(staff)") }
        if wish.partySize > 1 { query.append("party=\(wish.partySize)") }
        if let chosen = window.chosen { query.append("date=\(chosen)") }
        let address = path + "/wait" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        return """
            <p class="small">\(t("Nothing that suits you? {1}"), with: "<a href=\"\(url: address)\">\(t("Put yourself on the waiting list"))</a>")</p>
            """
    }

    private var nothing: HTML {
        let next = times.next ?? (times.slots.first { front.zone.date(at: $0.start) != chosen })
        let way: HTML =
            next.map { next in
                let date = front.zone.date(at: next.start)
                return """
                    <a class="btn btn-primary" href="\(url: address(staff: wish.staff, date: date, party: wish.partySize))">\(t("Next free: \(BusinessTime.heading(date))"))</a>
                    """
            } ?? "<p>\(t("Please contact the business."))</p>"
        return """
            <div class="empty">\(SiteParts.icon("calendar"))<h2>\(t("No free times on these days"))</h2>\(way)</div>
            """
    }
}

extension String {
    /// A path without what stands after its last slash.
    fileprivate var droppingLastPart: String {
        lastIndex(of: "/").map { String(self[..<$0]) } ?? self
    }
}
