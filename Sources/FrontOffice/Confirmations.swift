import Accounts
import Booking
import Conversations
import Kernel
import Store

/// Tells the contact, in the conversation where it was arranged, what became of an appointment.
struct Confirmations: Sendable {
    let channels: ChannelRegistry
    let ambient: Ambient

    @Sendable func react(to event: Event, in tx: Transaction) throws {
        guard
            ["appointment.confirmed", "appointment.rescheduled", "appointment.canceled"]
                .contains(event.type), let account = event.account
        else { return }
        guard
            let summary = try AppointmentBook.summary(
                AppointmentID(event.subject), of: account, in: tx),
            let id = summary.appointment.conversation
        else { return }
        let conversation = try Correspondence.conversation(id, for: .system, in: tx, locking: true)
        let business = try AccountDirectory.account(account, for: .system, in: tx)
        let zone = Zone(business.timeZone) ?? .utc
        let what = Self.what(summary, zone)
        try Correspondence.post(
            Self.text(event.type, what), in: conversation, through: conversation.inbox,
            by: .system, channels: channels, ambient: ambient, tx)
    }

    /// `Women's cut with Maria, Tuesday 24 November at 14:00`, by the business's clock.
    private static func what(
        _ summary: AppointmentSummary, _ zone: Zone
    ) -> String {
        let local = zone.local(at: summary.appointment.start)
        let staff = summary.staffNames
        let with = staff.isEmpty ? "" : " with " + staff.joined(separator: " and ")
        let weekdays = [
            "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        ]
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ]
        let (hour, minute) = (local.minuteOfDay / 60, local.minuteOfDay % 60)
        let time = "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
        let date = local.date
        return "\(summary.serviceName)\(with), \(weekdays[date.weekday - 1]) \(date.day) "
            + "\(months[date.month - 1]) at \(time)"
    }

    private static func text(_ type: String, _ what: String) -> String {
        switch type {
        case "appointment.rescheduled": "Your appointment was moved: \(what)."
        case "appointment.canceled": "Your appointment was cancelled: \(what)."
        default: "You are booked: \(what). See you then!"
        }
    }
}
