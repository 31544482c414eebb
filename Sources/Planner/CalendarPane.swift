import Accounts
import Booking
import Kernel
import WebShell

/// The grid of a day or a week, with what scripts need to move appointments in it.
package struct CalendarPane: Sendable {
    var visit: CalendarVisit
    var query: CalendarQuery
    var sheet: CalendarSheet
    /// A list on a phone, where a day would be a grid.
    var isListOnPhone: Bool

    package init(
        visit: CalendarVisit, query: CalendarQuery, sheet: CalendarSheet,
        isListOnPhone: Bool = false
    ) {
        self.visit = visit
        self.query = query
        self.sheet = sheet
        self.isListOnPhone = isListOnPhone || query.view == .week
    }

    private var items: CalendarItems { CalendarItems(visit: visit) }

    /// Those that are shown.
    package var appointments: [AppointmentSummary] {
        guard query.view == .week, let staff = query.staff else { return sheet.appointments }
        return sheet.appointments.filter { $0.appointment.staff.contains(staff) }
    }

    package var html: HTML {
        let range = BusinessTime.range(query.first, days: query.days, visit.zone)
        let grid = query.view == .day ? day : week
        let label = t(query.view == .day ? "The day’s times" : "The week’s times")
        return """
            <div class="calendar" data-calendar data-view="\(query.view.rawValue)" data-by="\(query.columns.rawValue)" data-account="\(visit.account.id)" data-zone="\(visit.account.timeZone)" data-range-from="\(range.lowerBound.description)" data-range-to="\(range.upperBound.description)"\(attribute: "data-can-move", if: visit.canBook)>
            <div class="calendar-scroll" data-calendar-scroll tabindex="0" role="region" aria-label="\(label)">\(grid.html)</div></div>
            """
    }

    // MARK: A day

    private var day: TimeGrid {
        let date = query.date
        let (lanes, laneOf) = query.columns == .resources ? resourceLanes : staffLanes
        let other = lanes.count - 1
        let booked = sheet.appointments.flatMap { summary -> [TimeGrid.Item] in
            let parties: [PartyID] =
                query.columns == .resources
                ? summary.appointment.resources.map { .resource($0) }
                : summary.appointment.staff.map { .staff($0) }
            let own = parties.compactMap { laneOf[$0] }
            return items.items(summary, in: own.isEmpty ? [other] : own, on: date)
        }
        let away = sheet.busy.flatMap { time -> [TimeGrid.Item] in
            guard let party = time.party else {
                return items.items(time, who: nil, in: Array(lanes.indices), on: date)
            }
            guard let lane = laneOf[party] else { return [] }
            return items.items(time, who: name(of: party), in: [lane], on: date)
        }
        let isToday = date == visit.today
        return TimeGrid(
            title: t("Appointments in order of time"), lanes: lanes, items: booked + away,
            hours: TimeGrid.hours([date], sheet.schedule),
            now: isToday ? (visit.zone.local(at: visit.now).minuteOfDay, nil) : nil,
            isListOnPhone: isListOnPhone, isByLane: false)
    }

    private typealias Lanes = (lanes: [TimeGrid.Lane], laneOf: [PartyID: Int])

    /// Everybody who works that day or has an appointment, and one for what needs nobody.
    private var staffLanes: Lanes {
        let booked = Set(sheet.appointments.flatMap(\.appointment.staff))
        let openings = sheet.staff.map {
            sheet.openings(sheet.hours(of: $0), on: query.date, visit)
        }
        let all = zip(sheet.staff, openings)
        var members = all.filter {
            booked.contains($0.0.id) || $0.0.isActive && !$0.1.isEmpty
        }
        if members.isEmpty { members = all.filter { $0.0.isActive } }
        return lanes(
            members.map { (.staff($0.0.id), $0.0.name, $0.1) }, without: t("Without staff")
        ) { $0.staff.map { .staff($0) } }
    }

    private var resourceLanes: Lanes {
        let booked = Set(sheet.appointments.flatMap(\.appointment.resources))
        let resources = sheet.resources.filter { $0.isActive || booked.contains($0.id) }
        return lanes(
            resources.map { resource in
                let hours = sheet.hours(of: resource)
                return (
                    .resource(resource.id), resource.name,
                    hours.map { sheet.openings($0, on: query.date, visit) }
                )
            }, without: t("Without a room")
        ) { $0.resources.map { .resource($0) } }
    }

    private func lanes(
        _ parties: [(id: PartyID, name: String, openings: [(start: Int, end: Int)]?)],
        without: Phrase, of members: (Appointment) -> [PartyID]
    ) -> Lanes {
        var lanes = parties.enumerated().map { place, party in
            TimeGrid.Lane(
                key: party.id.text,
                title: """
                    <span class="avatar avatar-small" data-hue="\(place * 5 % 12 + 1)">\(Self.initials(party.name))</span><span class="truncate">\(party.name)</span>
                    """,
                openings: party.openings)
        }
        let laneOf = Dictionary(
            parties.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { $1 })
        let isOther = sheet.appointments.contains { summary in
            !members(summary.appointment).contains { laneOf[$0] != nil }
        }
        if isOther || lanes.isEmpty {
            lanes.append(
                .init(key: "none", title: "<span class=\"truncate\">\(without)</span>"))
        }
        return (lanes, laneOf)
    }

    private static func initials(_ name: String) -> String {
        name.split(separator: " ").prefix(2).compactMap(\.first).map { String($0) }.joined()
            .uppercased()
    }

    private func name(of party: PartyID) -> Phrase {
        let name =
            sheet.staff.first { $0.id == party.staffID }?.name
            ?? sheet.resources.first { $0.id == party.resourceID }?.name
        return name.map { Phrase(verbatim: $0) } ?? t("Away")
    }

    // MARK: A week

    private var week: TimeGrid {
        let dates = sheet.dates
        let member = query.staff.flatMap { id in sheet.staff.first { $0.id == id } }
        let hours = member.map(sheet.hours(of:)) ?? (sheet.schedule.hours, sheet.schedule.zone)
        let booked = dates.enumerated().flatMap { lane, day in
            appointments.flatMap { items.items($0, in: [lane], on: day) }
        }
        let away = dates.enumerated().flatMap { lane, day in
            sheet.busy.flatMap { time -> [TimeGrid.Item] in
                guard let party = time.party else {
                    return items.items(time, who: nil, in: [lane], on: day)
                }
                guard let id = party.staffID, query.staff == nil || query.staff == id,
                    sheet.staff.contains(where: { $0.id == id })
                else { return [] }
                return items.items(time, who: name(of: party), in: [lane], on: day)
            }
        }
        let lanes = dates.map { day in
            TimeGrid.Lane(
                key: day.description,
                title:
                    "<a class=\"lane-link\" tabindex=\"-1\" href=\"\(url: visit.path(query.with { $0.view = .day; $0.date = day }.address))\"><span>\(BusinessTime.shortWeekday(day))</span> <span class=\"num\">\(day.day)</span></a>",
                isToday: day == visit.today, listTitle: "\(BusinessTime.heading(day))",
                openings: sheet.openings(hours, on: day, visit))
        }
        let now = dates.firstIndex(of: visit.today).map {
            (visit.zone.local(at: visit.now).minuteOfDay, Optional($0))
        }
        return TimeGrid(
            title: t("Appointments by day"), lanes: lanes, items: booked + away,
            hours: TimeGrid.hours(dates, sheet.schedule), now: now, isListOnPhone: isListOnPhone,
            isByLane: true)
    }
}
