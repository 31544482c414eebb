import Accounts
import Booking
import Kernel
import Store
import WebShell

/// Some days of a business's book, from one snapshot.
package struct CalendarSheet: Sendable {
    /// More on one page would help nobody.
    private static let mostAppointments = 2000
    private static let mostBusyTimes = 1000

    package var first: LocalDate
    package var days: Int
    package var schedule: Schedule
    package var staff: [StaffMember]
    package var resources: [BookableResource]
    package var appointments: [AppointmentSummary]
    package var busy: [BusyTime]

    /// The account's sight has been checked.
    package init(
        of visit: CalendarVisit, from first: LocalDate, days: Int, withCanceled: Bool = false,
        in tx: Transaction
    ) throws {
        let account = visit.account
        let range = BusinessTime.range(first, days: days, visit.zone)
        self.first = first
        self.days = days
        schedule = try Catalog.hours(of: account, in: tx)
        staff = try Catalog.staff(of: account.id, in: tx)
        resources = try Catalog.resources(of: account.id, in: tx)
        appointments = try AppointmentBook.summaries(
            of: account.id, from: range.lowerBound, to: range.upperBound,
            withCanceled: withCanceled, limit: Self.mostAppointments, now: visit.now, in: tx)
        busy = try Catalog.busy(
            of: account.id, from: range.lowerBound, to: range.upperBound,
            limit: Self.mostBusyTimes, in: tx)
    }

    var dates: [LocalDate] { (0..<days).map { first.adding(days: $0) } }

    /// When a member works, on their own clock.
    func hours(of member: StaffMember) -> (OpeningHours, Zone) {
        guard let own = member.hours else { return (schedule.hours, schedule.zone) }
        return (own, member.timeZone.flatMap { Zone($0) } ?? schedule.zone)
    }

    /// nil: always to be had.
    func hours(of resource: BookableResource) -> (OpeningHours, Zone)? {
        resource.hours.map { ($0, resource.timeZone.flatMap { Zone($0) } ?? schedule.zone) }
    }

    /// The minutes of a date in which these hours are open.
    func openings(_ hours: (OpeningHours, Zone), on date: LocalDate, _ visit: CalendarVisit)
        -> [(start: Int, end: Int)]
    {
        let range = BusinessTime.range(date, days: 1, visit.zone)
        return hours.0.windows(from: range.lowerBound, to: range.upperBound, zone: hours.1)
            .compactMap { visit.span($0, on: date) }
    }
}
