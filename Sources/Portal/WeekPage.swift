import Booking
import Kernel
import WebShell

/// Seven days of the business, of everybody or of one of the staff.
struct WeekPage: Sendable {
    var visit: Visit
    var monday: LocalDate
    var chosen: StaffID?
    var schedule: Schedule
    var staff: [StaffMember]
    var appointments: [AppointmentSummary]
    var busy: [BusyTime]

    private var days: [LocalDate] { (0..<7).map { monday.adding(days: $0) } }
    private var items: AppointmentItems { AppointmentItems(visit: visit) }

    private var shown: [AppointmentSummary] {
        guard let chosen else { return appointments }
        return appointments.filter { $0.appointment.staff.contains(chosen) }
    }

    var page: Page {
        let content: HTML = """
            \(head)\(people)
            \(shown.isEmpty ? nothing : "<div class=\"card week\">\(grid)</div>")
            """
        return PortalFrame(
            visit: visit, section: .week, title: t("Week"), content: content, isLive: true
        ).page
    }

    private func address(_ date: LocalDate, _ who: StaffID?) -> String {
        visit.path("week") + "?from=\(date)" + (who.map { "&staff=\($0)" } ?? "")
    }

    private var head: HTML {
        let isThis = monday == visit.today.startOfWeek
        func link(_ days: Int, _ label: Phrase, _ icon: String) -> HTML {
            "<a class=\"btn btn-icon\" href=\"\(url: address(monday.adding(days: days), chosen))\" aria-label=\"\(label)\">\(Parts.icon(icon))</a>"
        }
        return Parts.head(
            Phrase(verbatim: PortalTime.span(monday, monday.adding(days: 6))),
            Phrase.plural(
                shown.count, one: "\(shown.count) appointment",
                other: "\(shown.count) appointments"),
            """
            <nav class="day-switch" aria-label="\(t("Week"))">\(link(-7, t("The week before"), "left"))<a class="btn" href="\(url: address(visit.today.startOfWeek, chosen))"\(isThis ? " aria-current=\"date\"" : HTML())>\(t("This week"))</a>\(link(7, t("The week after"), "right"))</nav>
            """)
    }

    private var people: HTML {
        let active = staff.filter { $0.isActive || $0.id == chosen }
        if active.count < 2 { return HTML() }
        func chip(_ id: StaffID?, _ name: Phrase) -> HTML {
            "<a class=\"chip\" href=\"\(url: address(monday, id))\"\(id == chosen ? " aria-current=\"true\"" : HTML())>\(name)</a>"
        }
        return
            "<nav class=\"chips\" aria-label=\"\(t("Whose week"))\">\(chip(nil, t("Everybody")))\(active.html { chip($0.id, Phrase(verbatim: $0.name)) })</nav>"
    }

    private var nothing: HTML {
        "<div class=\"card\">\(Parts.empty("calendar", t("Nobody is booked this week"), t("Appointments appear here the moment our people book them.")))</div>"
    }

    private var grid: HTML {
        let booked = days.enumerated().flatMap { lane, day in
            shown.compactMap { items.item($0, lane: lane, on: day) }
        }
        let away = days.enumerated().flatMap { lane, day in
            busy.compactMap { time -> TimeGrid.Item? in
                guard !time.isTransparent else { return nil }
                guard let party = time.party else {
                    return items.item(time, who: t("Everybody"), lane: lane, on: day)
                }
                guard let member = staff.first(where: { $0.id == party.staffID }),
                    chosen == nil || chosen == member.id
                else { return nil }
                return items.item(time, who: Phrase(verbatim: member.name), lane: lane, on: day)
            }
        }
        let lanes = days.map { day in
            TimeGrid.Lane(
                title:
                    "<span>\(PortalTime.shortWeekday(day))</span> <span class=\"num\">\(day.day)</span>",
                isToday: day == visit.today,
                listTitle: "\(PortalTime.heading(day))")
        }
        return TimeGrid(
            title: t("Appointments by day"), lanes: lanes, items: booked + away,
            hours: TimeGrid.hours(days, schedule),
            now: nil
        ).html
    }
}
