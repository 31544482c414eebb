import Accounts
import Booking
import Kernel
import Store
import WebShell

/// "Move to…": the free times of one day to which an appointment can go, as a form that needs no
/// script.
package struct MoveForm: Sendable {
    /// The times of one of those who may serve it.
    struct Choice: Sendable {
        /// nil: the same people go on.
        var staff: StaffID?
        var name: Phrase?
        var slots: [Slot]
    }

    var visit: CalendarVisit
    var summary: AppointmentSummary
    var date: LocalDate
    var choices: [Choice]

    private var appointment: Appointment { summary.appointment }

    /// nil: it does not move any more, or this person may not move it.
    package init?(
        of summary: AppointmentSummary, on date: LocalDate?, _ visit: CalendarVisit,
        ambient: Ambient, in tx: Transaction
    ) throws {
        let appointment = summary.appointment
        guard visit.canBook, [.pending, .confirmed].contains(appointment.status) else {
            return nil
        }
        self.visit = visit
        self.summary = summary
        self.date = max(visit.today, date ?? visit.zone.date(at: appointment.start))
        let range = BusinessTime.range(self.date, days: 1, visit.zone)
        let slots = try AppointmentBook.availability(
            of: appointment.service, in: visit.account.id, from: range.lowerBound,
            to: range.upperBound, moving: appointment.id, for: visit.actor, ambient: ambient,
            in: tx
        ).slots
        choices = Self.choices(
            appointment, slots, try Catalog.staff(of: visit.account.id, in: tx))
    }

    static func choices(
        _ appointment: Appointment, _ slots: [Slot], _ staff: [StaffMember]
    ) -> [Choice] {
        let own = Set(appointment.staff)
        var choices = [
            Choice(
                slots: slots.filter {
                    own.isSubset(of: $0.staff) && $0.start != appointment.start
                })
        ]
        // Of several people it is not known whose place another would take.
        guard own.count == 1 else { return choices }
        choices += staff.filter { !own.contains($0.id) }.compactMap { member in
            let free = slots.filter { $0.staff.contains(member.id) }
            if free.isEmpty { return nil }
            return Choice(staff: member.id, name: Phrase(verbatim: member.name), slots: free)
        }
        return choices
    }

    private func link(_ days: Int, _ icon: String) -> HTML {
        let other = date.adding(days: days)
        if other < visit.today { return HTML() }
        return
            "<a class=\"btn btn-icon\" href=\"\(url: visit.path("appointments/\(appointment.id)/move"))?date=\(other)\" aria-label=\"\(BusinessTime.long(other))\">\(CalendarParts.icon(icon))</a>"
    }

    package var html: HTML {
        let day = BusinessTime.day(date, today: visit.today)
        let free = choices.filter { !$0.slots.isEmpty }
        let times: HTML =
            free.isEmpty
            ? "<p class=\"muted\">\(t("No free time on this day. Look at another one."))</p>"
            : """
            <form method="post" action="\(url: visit.path("appointments/\(appointment.id)/move"))">\(visit.token)<input type="hidden" name="version" value="\(appointment.version)"><input type="hidden" name="date" value="\(date.description)">
            \(free.enumerated().html(fieldset))<p class="form-actions"><button class="btn btn-primary">\(t("Move it"))</button></p></form>
            """
        return """
            <section class="card move-form" aria-labelledby="move-to"><header class="card-head"><h2 id="move-to">\(t("Move to…"))</h2><nav class="day-switch" aria-label="\(t("Other days"))">\(link(-1, "left"))<span class="strong">\(day)</span>\(link(1, "right"))</nav></header>
            <div class="card-body">\(times)</div></section>
            """
    }

    /// The same people's times at once, those of others behind their names.
    private func fieldset(_ place: Int, _ choice: Choice) -> HTML {
        let own = summary.staffNames.joined(separator: ", ")
        let name = choice.name ?? (own.isEmpty ? t("Free times") : t("\(own), as now"))
        let count = choice.slots.count
        let fields: HTML = """
            <fieldset class="move-times"><legend\(place > 0 ? " class=\"sr-only\"" : HTML())>\(name)</legend>\(choice.slots.html { slot in
                """
                <label class="move-time"><input type="radio" name="to" value="\(slot.start.description) \(choice.staff?.text ?? "")" required><span>\(BusinessTime.clock(slot.start, visit.zone))</span></label>
                """
            })</fieldset>
            """
        if place == 0 { return fields }
        let free = Phrase.plural(count, one: "\(count) free time", other: "\(count) free times")
        return
            "<details class=\"move-others\"><summary><span class=\"strong\">\(name)</span> <span class=\"muted\">\(free)</span></summary>\(fields)</details>"
    }
}

/// The page of that form alone, for another day or after a refusal.
struct MovePage: Sendable {
    var visit: CalendarVisit
    var summary: AppointmentSummary
    var form: MoveForm?
    var refusal: Refusal?

    var content: CalendarContent {
        let client = StatusWords.client(summary)
        let start = summary.appointment.start
        let date = visit.zone.date(at: start)
        let when: HTML = """
            \(BusinessTime.heading(date)), <time\(visit.moment(start))>\(BusinessTime.clock(start, visit.zone))</time> · <span dir="auto">\(summary.serviceName)</span>
            """
        return CalendarContent(
            title: t("Move to…"),
            html: """
                <p class="back-link"><a href="\(url: visit.path("appointments/\(summary.appointment.id)"))">\(CalendarParts.icon("left"))\(client)</a></p>
                \(CalendarParts.head(client, note: when, StatusWords.badge(summary.appointment.status)))
                \(problem)\(form?.html ?? "<p>\(t("This appointment does not move any more."))</p>")
                """,
            look: .narrow)
    }

    private var problem: HTML {
        guard let refusal else { return HTML() }
        let words = refusal.fields.first.map { Phrase(verbatim: $0.sentence) } ?? refusal.detail
        let others = (refusal.extra["alternatives"]?.array ?? []).compactMap { slot in
            slot["start"]?.string.flatMap { Instant(rfc3339: $0) }
        }
        if others.isEmpty { return CalendarParts.alert(words) }
        let links = others.html { start in
            let date = visit.zone.date(at: start)
            return
                "<li><a href=\"\(url: visit.path("appointments/\(summary.appointment.id)/move"))?date=\(date)\">\(BusinessTime.day(date, today: visit.today)), \(BusinessTime.clock(start, visit.zone))</a></li>"
        }
        return CalendarParts.alert(
            words, "<p>\(t("Free instead:"))</p><ul class=\"row\">\(links)</ul>")
    }
}
