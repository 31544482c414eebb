import Accounts
import Booking
import Conversations
import Kernel
import Store

/// Tells the contact, in the conversation where it was arranged, what became of an appointment.
struct Confirmations: Sendable {
    let channels: ChannelRegistry
    let ambient: Ambient
    let tongues: [Language: Tongue]

    @Sendable func react(to event: Event, in tx: Transaction) throws {
        guard
            ["appointment.confirmed", "appointment.rescheduled", "appointment.canceled"]
                .contains(event.type), let account = event.account
        else { return }
        // The first of a series speaks for those after it.
        let following = event.payload["series_following"]?.int
        if following == 0 { return }
        guard
            let summary = try AppointmentBook.summary(
                AppointmentID(event.subject), of: account, in: tx),
            let id = summary.appointment.conversation
        else { return }
        let conversation = try Correspondence.conversation(id, for: .system, in: tx, locking: true)
        let business = try AccountDirectory.account(account, for: .system, in: tx)
        let zone = Zone(business.timeZone) ?? .utc
        let tongue = Language(tag: business.locale).flatMap { tongues[$0] } ?? .english
        let text = Tongue.$current.withValue(tongue) {
            let text = Self.text(event.type, Self.what(summary, zone)).text
            guard let following else { return text }
            return text + " " + Self.more(event.type, following).text
        }
        // Whoever booked while talking has read what the client wrote and done it, so this is the
        // answer. What somebody moves or cancels elsewhere says nothing about an open question.
        let isAnswer =
            event.type == "appointment.confirmed"
            && summary.appointment.bookedBy != Actor.system.user
        try Correspondence.post(
            text, in: conversation, through: conversation.inbox, by: .system, isAnswer: isAnswer,
            channels: channels, ambient: ambient, tx)
    }

    /// `Women's cut with Maria, Tuesday 24 November at 14:00`, by the business's clock.
    private static func what(_ summary: AppointmentSummary, _ zone: Zone) -> Phrase {
        let local = zone.local(at: summary.appointment.start)
        let words = Tongue.current.calendar
        let (hour, minute) = (local.minuteOfDay / 60, local.minuteOfDay % 60)
        let time = "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
        let (weekday, day) = (words.weekday(local.date), words.dayAndMonth(local.date))
        let when = t("\(weekday) \(day) at \(time)")
        guard let first = summary.staffNames.first else {
            return t("\(summary.serviceName), \(when)")
        }
        let staff = summary.staffNames.dropFirst().reduce(Phrase(verbatim: first)) {
            t("\($0) and \($1)")
        }
        return t("\(summary.serviceName) with \(staff), \(when)")
    }

    private static func more(_ type: String, _ count: Int) -> Phrase {
        type == "appointment.canceled"
            ? .plural(
                count, one: "A later visit of the series was cancelled, too.",
                other: "\(count) later visits of the series were cancelled, too.")
            : .plural(
                count, one: "Another visit of the series is booked, too.",
                other: "\(count) more visits of the series are booked, too.")
    }

    private static func text(_ type: String, _ what: Phrase) -> Phrase {
        switch type {
        case "appointment.rescheduled": t("Your appointment was moved: \(what).")
        case "appointment.canceled": t("Your appointment was cancelled: \(what).")
        default: t("You are booked: \(what). See you then!")
        }
    }
}
