import Booking
import Inquiries
import Kernel

/// What has happened at one business of the demo, in order, as a list of things to do again.
struct DemoStory: Sendable {
    /// A conversation: with whom, through which inbox, who answered.
    struct Thread: Sendable {
        var contact: Int
        var isForwarded: Bool
    }

    struct Visit: Sendable {
        var service: ServiceID
        var staff: StaffID
        var start: Instant
        var end: Instant
        var contact: Int
        var thread: Int?
        var remark: String?
    }

    /// Numbers are places in `threads`, `visits`, the contacts and the office's agents.
    enum Act: Sendable {
        case receive(thread: Int, String)
        case reply(thread: Int, String, agent: Int)
        case note(thread: Int, String, agent: Int)
        /// agent nil: the business booked it by itself.
        case book(visit: Int, agent: Int?)
        case settle(visit: Int, Appointment.Status)
        case record(Inquiry.Draft, thread: Int?, visit: Int?, contact: Int?, agent: Int)
        case finish(thread: Int, agent: Int, Ending)
    }

    enum Ending: Sendable {
        case resolved, pending
        case snoozed(until: Instant)
    }

    struct Step: Sendable {
        var at: Instant
        var act: Act
    }

    var threads: [Thread] = []
    var visits: [Visit] = []
    var steps: [Step] = []
}

/// What the story is about: the services and hours that the business really has.
struct DemoPremises: Sendable {
    var business: DemoCast.Business
    var services: [BookableService]
    var staff: [StaffMember]
    var hours: OpeningHours
    var zone: Zone

    func service(_ name: String) -> BookableService? { services.first { $0.name == name } }

    func staffName(_ id: StaffID) -> String {
        let name = staff.first { $0.id == id }?.name ?? ""
        return name.split(separator: " ").first.map(String.init) ?? name
    }

    /// Who may give the service.
    func members(of service: BookableService) -> [StaffID] {
        service.rules.requires.first?.members?.compactMap(\.staffID) ?? staff.map(\.id)
    }

    /// The starts on the service's grid in `[from, to)`.
    func starts(of service: BookableService, from: Instant, to: Instant) -> [Instant] {
        hours.windows(from: from, to: to, zone: zone).flatMap { window in
            let last = window.end.advanced(byMinutes: -service.durationMinutes)
            let step = service.slotIntervalMinutes
            return (0..<max(1, window.minutes / step))
                .map { window.start.advanced(byMinutes: $0 * step) }
                .filter { $0 <= last && $0 >= from && $0 < to }
        }
    }

    /// "Thursday at 2:30 pm", with the date when it is more than a week away.
    func when(_ instant: Instant, seenFrom now: Instant) -> String {
        let (date, minute) = zone.local(at: instant)
        let days = date.daysSinceEpoch - zone.date(at: now).daysSinceEpoch
        let weekdays = [
            "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        ]
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August",
            "September", "October", "November", "December",
        ]
        let day: String
        switch days {
        case 0: day = "today"
        case 1: day = "tomorrow"
        case 2...6: day = weekdays[date.weekday - 1]
        default: day = "\(weekdays[date.weekday - 1]) \(date.day) \(months[date.month - 1])"
        }
        return day + " at " + time(minute)
    }

    private func time(_ minute: Int) -> String {
        let (hour, rest) = (minute / 60, minute % 60)
        let minutes = (rest < 10 ? "0" : "") + String(rest)
        if business.currency == "GBP" { return "\(hour):\(minutes)" }
        let half = hour < 12 ? "am" : "pm"
        return "\((hour + 11) % 12 + 1)\(rest == 0 ? "" : ":" + minutes) \(half)"
    }
}
