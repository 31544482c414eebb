import Accounts
import Crypto
import ICalendar
import Kernel
import Store

package enum CalendarObjectKind: IdentifierKind { package static let prefix = "cob" }
package typealias CalendarObjectID = Identifier<CalendarObjectKind>

/// The calendar of one staff member as programs open it: what is booked, and what keeps them from
/// being booked.
struct StaffCalendar: Sendable {
    var staff: StaffMember
    var account: Account
    var zone: Zone
    /// The one who looks may change it.
    var isWritable: Bool

    init(of staff: StaffMember, _ account: Account, for actor: Actor) {
        self.staff = staff
        self.account = account
        zone = staff.timeZone.flatMap(Zone.init) ?? Zone(account.timeZone) ?? .utc
        isWritable = actor.can(.book, in: account.id)
    }

    var party: PartyID { .staff(staff.id) }
}

/// An event that somebody wrote into such a calendar from a program.
struct CalendarObject: Sendable, Equatable {
    let id: CalendarObjectID
    let account: AccountID
    let staff: StaffID
    /// The last part of its address, as the program chose it.
    let name: String
    let uid: String
    let component: CalendarComponent
    var content: String
    var etag: String
    var isRepeating: Bool
    let createdBy: UserID?
    let createdAt: Instant
    var updatedAt: Instant
}

/// A member of the calendar.
struct CalendarEntry: Sendable {
    enum Source: Sendable {
        case appointment(AppointmentSummary, changedAt: Instant)
        case busy(BusyTime)
        case object(CalendarObject)
    }

    var name: String
    /// Another whenever anything that it shows is another.
    var etag: String
    var uid: String
    var source: Source

    static func etag(_ parts: [String]) -> String {
        var text = ""
        // With their lengths, so that no two lists have one text.
        for part in parts { text += "\(part.utf8.count):\(part)" }
        let digits = SHA256.hash(data: Array(text.utf8)).prefix(16).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }
        return "\"\(digits.joined())\""
    }

    init(_ summary: AppointmentSummary, changedAt: Instant) {
        let appointment = summary.appointment
        name = "\(appointment.id).ics"
        uid = CalendarFeeds.uid(of: appointment.id)
        etag = Self.etag(
            [
                appointment.id.text, String(appointment.version),
                String(changedAt.milliseconds), appointment.status.rawValue, summary.serviceName,
                summary.contactName ?? "", appointment.notes ?? "",
            ] + summary.staffNames)
        source = .appointment(summary, changedAt: changedAt)
    }

    init(_ busy: BusyTime) {
        name = "\(busy.id).ics"
        uid = "\(busy.id)@autosecretary"
        etag = Self.etag([
            busy.id, String(busy.range.start.milliseconds), String(busy.range.end.milliseconds),
            busy.reason ?? "", String(busy.isTransparent),
        ])
        source = .busy(busy)
    }

    init(_ object: CalendarObject) {
        name = object.name
        uid = object.uid
        etag = object.etag
        source = .object(object)
    }

    var component: CalendarComponent {
        if case .object(let object) = source { return object.component }
        return .event
    }

    /// The event as programs read it.
    var text: String {
        let event: CalendarEvent
        switch source {
        case .object(let object): return object.content
        case .appointment(let summary, let changedAt):
            event = .init(summary, changedAt: changedAt, showsStaff: true)
        case .busy(let busy):
            let usual: Phrase = "Busy"
            var made = CalendarEvent(
                uid: uid, start: busy.range.start, end: busy.range.end,
                summary: busy.reason ?? usual.text, createdAt: busy.createdAt,
                changedAt: busy.createdAt)
            made.isTransparent = busy.isTransparent
            event = made
        }
        // Times in UTC: nothing to interpret, and every program shows its own clock.
        return CalendarDocument(name: "", zone: .utc, events: [event]).text
    }

    /// When it takes place within `[from, to)`; an empty list: not at all.
    func occurrences(
        from: Instant, to: Instant, in zone: Zone
    ) throws(CalendarFault) -> [CalendarOccurrence] {
        let (range, takesTime): (TimeRange, Bool)
        switch source {
        case .object(let object):
            return try CalendarReading.occurrences(
                object.content, in: zone, from: from, to: to,
                most: StaffCalendars.mostOccurrences, skips: true)
        case .appointment(let summary, _):
            let appointment = summary.appointment
            guard let time = TimeRange(start: appointment.start, end: appointment.end) else {
                return []
            }
            (range, takesTime) = (time, true)
        case .busy(let busy): (range, takesTime) = (busy.range, !busy.isTransparent)
        }
        guard range.start < to, range.end > from else { return [] }
        return [
            CalendarOccurrence(
                uid: uid, start: range.start, end: range.end, isAllDay: false,
                takesTime: takesTime, recurrenceID: nil)
        ]
    }
}

extension CalendarEvent {
    /// A booking as whoever serves it sees it.
    init(_ summary: AppointmentSummary, changedAt: Instant, showsStaff: Bool) {
        let appointment = summary.appointment
        let who = summary.contactName.map { " – \($0)" } ?? ""
        self.init(
            uid: CalendarFeeds.uid(of: appointment.id), start: appointment.start,
            end: appointment.end, summary: summary.serviceName + who,
            createdAt: appointment.createdAt, changedAt: changedAt)
        sequence = appointment.sequence
        status = appointment.status == .pending ? .tentative : .confirmed
        description = appointment.notes
        if showsStaff, !summary.staffNames.isEmpty {
            location = summary.staffNames.joined(separator: ", ")
        }
    }
}
