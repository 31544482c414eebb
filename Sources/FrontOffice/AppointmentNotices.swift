import Accounts
import Booking
import Contacts
import Kernel
import Notices
import Store
import WebShell
import Work

/// What clients are told about their visits: that they are booked, moved, cancelled; before they
/// come; that another time is needed; and afterwards, how it was.
struct AppointmentNotices: Sendable {
    /// Who has just booked needs no reminder in the next half hour.
    private static let quietMinutes = 30
    private static let remindJob = "notice.remind"
    private static let reviewJob = "notice.review"
    private static let planJob = "notice.plan"

    let store: Store
    let ambient: Ambient
    let notices: NoticeOffice
    let links: VisitLinks
    /// Where clients reach this server; nil: links cannot be given.
    let publicURL: String?

    @Sendable func react(to event: Event, in tx: Transaction) throws {
        switch event.type {
        case "appointment.confirmed": try tell(.confirmed, event, in: tx)
        case "appointment.rescheduled": try tell(.rescheduled, event, in: tx)
        case "appointment.canceled": try tell(.canceled, event, in: tx)
        case "appointment.asked_to_move": try tell(.askedToMove, event, in: tx)
        case "waitlist.offered": try tellOffer(event, in: tx)
        case "appointment.completed": try planReview(event, in: tx)
        case "notice_settings.updated": try planAll(event, in: tx)
        default: break
        }
    }

    private func tell(_ purpose: Notice.Purpose, _ event: Event, in tx: Transaction) throws {
        guard let account = event.account,
            let visit = try AppointmentBook.summary(
                AppointmentID(event.subject), of: account, in: tx)
        else { return }
        if [.confirmed, .rescheduled].contains(purpose) {
            try planReminders(visit.appointment, in: tx)
        }
        // The first of a series speaks for those after it.
        let following = event.payload["series_following"]?.int
        if following == 0 { return }
        let key = "\(purpose.rawValue):\(event.subject):\(visit.appointment.version)"
        try tell(purpose, visit, key: key, following: following, in: tx)
    }

    private func tell(
        _ purpose: Notice.Purpose, _ visit: AppointmentSummary, key: String, following: Int? = nil,
        in tx: Transaction
    ) throws {
        let appointment = visit.appointment
        guard let contact = appointment.contact else { return }
        let account = try AccountDirectory.account(appointment.account, for: .system, in: tx)
        var draft = NoticeOffice.Draft(
            account: account, contact: contact, conversation: appointment.conversation,
            purpose: purpose, about: appointment.id.text, key: key)
        // Whoever booked while talking has read what the client wrote and done it, so this is the
        // answer. What somebody moves or cancels elsewhere says nothing about an open question.
        draft.isAnswer = purpose == .confirmed && appointment.bookedBy != Actor.system.user
        let link = try link(to: appointment, of: account, for: purpose, in: tx)
        let settings = try NoticeOffice.settings(of: account.id, in: tx)
        try notices.tell(draft, in: tx) { contact in
            VisitWords(
                visit: visit, business: account, contact: contact, following: following,
                link: purpose == .review ? settings.reviewLink : link
            ).words(for: purpose)
        }
    }

    /// The client's own page; what is over or cancelled needs none.
    private func link(
        to appointment: Appointment, of account: Account, for purpose: Notice.Purpose,
        in tx: Transaction
    ) throws -> String? {
        guard let publicURL, [.confirmed, .rescheduled, .reminder, .askedToMove].contains(purpose)
        else { return nil }
        let token = try links.token(appointment.id, .visit, in: tx)
        return "\(publicURL)/b/\(account.slug)/v/\(token)"
    }

    // MARK: Offers

    private func tellOffer(_ event: Event, in tx: Transaction) throws {
        guard let account = event.account else { return }
        let entry = try Waitlist.entry(WaitlistID(event.subject), for: .system, in: tx)
        guard let hold = entry.hold, let until = entry.offeredUntil,
            let visit = try AppointmentBook.summary(hold, of: account, in: tx)
        else { return }
        let business = try AccountDirectory.account(account, for: .system, in: tx)
        let draft = NoticeOffice.Draft(
            account: business, contact: entry.contact, conversation: nil, purpose: .offered,
            about: entry.id.text, key: "\(Notice.Purpose.offered.rawValue):\(hold)")
        let link = try publicURL.map {
            "\($0)/b/\(business.slug)/w/\(try links.token(entry.id, .offer, in: tx))"
        }
        try notices.tell(draft, in: tx) { contact in
            VisitWords(visit: visit, business: business, contact: contact, link: link)
                .offer(until: until)
        }
    }

    // MARK: Reminders

    /// A job for each reminder that is still ahead. Made again, they are the same jobs.
    private func planReminders(_ appointment: Appointment, in tx: Transaction) throws {
        guard appointment.contact != nil else { return }
        let settings = try NoticeOffice.settings(of: appointment.account, in: tx)
        let earliest = ambient.now().advanced(byMinutes: Self.quietMinutes)
        for minutes in settings.reminders {
            let at = appointment.start.advanced(byMinutes: -minutes)
            guard at >= earliest else { continue }
            let start = appointment.start.milliseconds
            try JobQueue.enqueue(
                Self.remindJob, account: appointment.account,
                [
                    "appointment_id": .id(appointment.id), "start": .int(start),
                    "minutes": .number(minutes),
                ], at: at,
                uniqueKey: "\(Self.remindJob):\(appointment.id):\(start):\(minutes)",
                ambient: ambient, in: tx)
        }
    }

    private func remind(_ job: Job) async throws -> JobOutcome {
        guard let account = job.account, let id = job.payload["appointment_id"]?.string,
            let start = job.payload["start"]?.int, let minutes = job.payload["minutes"]?.int
        else { return .dead(reason: "no appointment") }
        let now = ambient.now()
        try await store.write { tx in
            let settings = try NoticeOffice.settings(of: account, in: tx)
            // Moved, cancelled, begun, or no longer wanted meanwhile: then nothing is said.
            guard settings.reminders.contains(minutes),
                let visit = try AppointmentBook.summary(AppointmentID(id), of: account, in: tx),
                visit.appointment.status == .confirmed,
                visit.appointment.start.milliseconds == Int64(start), now < visit.appointment.start
            else { return }
            let key = "\(Notice.Purpose.reminder.rawValue):\(id):\(start):\(minutes)"
            try tell(.reminder, visit, key: key, in: tx)
        }
        return .done
    }

    /// After a change of settings, what is booked already is reminded of by the new ones.
    private func planAll(_ event: Event, in tx: Transaction) throws {
        guard let account = event.account else { return }
        try JobQueue.enqueue(
            Self.planJob, account: account, [:], at: ambient.now(),
            uniqueKey: "\(Self.planJob):\(event.id)", ambient: ambient, in: tx)
    }

    private func plan(_ job: Job) async throws -> JobOutcome {
        guard let account = job.account else { return .dead(reason: "no account") }
        let now = ambient.now()
        let visits = try await store.read { tx in
            try AppointmentBook.summaries(
                of: account, from: now, to: .latest, limit: 5000, now: now, in: tx)
        }
        for visit in visits where visit.appointment.status == .confirmed {
            try await store.write { tx in try planReminders(visit.appointment, in: tx) }
        }
        return .done
    }

    // MARK: Afterwards

    private func planReview(_ event: Event, in tx: Transaction) throws {
        guard let account = event.account,
            let minutes = try NoticeOffice.settings(of: account, in: tx).reviewAfterMinutes
        else { return }
        try JobQueue.enqueue(
            Self.reviewJob, account: account, ["appointment_id": .string(event.subject)],
            at: ambient.now().advanced(byMinutes: minutes),
            uniqueKey: "\(Self.reviewJob):\(event.subject)", ambient: ambient, in: tx)
    }

    private func review(_ job: Job) async throws -> JobOutcome {
        guard let account = job.account, let id = job.payload["appointment_id"]?.string else {
            return .dead(reason: "no appointment")
        }
        try await store.write { tx in
            guard let visit = try AppointmentBook.summary(AppointmentID(id), of: account, in: tx),
                visit.appointment.status == .completed
            else { return }
            try tell(.review, visit, key: "\(Notice.Purpose.review.rawValue):\(id)", in: tx)
        }
        return .done
    }

    var jobHandlers: [String: Worker.Handler] {
        [Self.remindJob: remind, Self.reviewJob: review, Self.planJob: plan]
    }
}

/// The sentences of notices about a visit, in whatever language is spoken.
struct VisitWords {
    var visit: AppointmentSummary
    var business: Account
    var contact: Contact
    var following: Int?
    var link: String?

    func words(for purpose: Notice.Purpose) -> (subject: Phrase, text: Phrase) {
        let name = business.name
        switch purpose {
        case .confirmed:
            return (
                t("You are booked: \(name)"),
                all(t("You are booked: \(what). See you then!"), more, manage)
            )
        case .rescheduled:
            return (
                t("Your appointment was moved: \(name)"),
                all(t("Your appointment was moved: \(what)."), manage)
            )
        case .canceled:
            return (
                t("Your appointment was cancelled: \(name)"),
                all(t("Your appointment was cancelled: \(what)."), more)
            )
        case .reminder:
            return (
                t("See you soon: \(name)"),
                all(t("We are expecting you: \(what)."), place, manage)
            )
        case .offered: return offer(until: visit.appointment.expiresAt ?? visit.appointment.start)
        case .askedToMove:
            return (
                t("Please choose another time: \(name)"),
                all(
                    t("We are sorry: we cannot keep your appointment \(what)."),
                    link.map { t("Please choose another time here: \($0)") }
                        ?? t("Please tell us which other time suits you."))
            )
        case .review:
            return (
                t("How was it? \(name)"),
                all(
                    t("Thank you for your visit. How was it?"),
                    link.map { t("You can tell others here: \($0)") })
            )
        }
    }

    /// A time has become free, and is kept for a while.
    func offer(until: Instant) -> (subject: Phrase, text: Phrase) {
        let zone = contact.timeZone.flatMap { Zone($0) } ?? Zone(business.timeZone) ?? .utc
        let clock = BusinessTime.clock(until, zone)
        return (
            t("A time has become free: \(business.name)"),
            all(
                t("A time you waited for has become free: \(what)."),
                t("It is kept for you until \(clock)."),
                link.map { t("To take it: \($0)") } ?? t("Write to us if you want it."))
        )
    }

    private func all(_ phrases: Phrase?...) -> Phrase {
        Phrase(joining: phrases.compactMap { $0 })
    }

    /// `Women's cut with Maria, Tuesday 24 November at 14:00`, by the business's clock.
    private var what: Phrase {
        let when = when
        guard let first = visit.staffNames.first else { return t("\(visit.serviceName), \(when)") }
        let staff = visit.staffNames.dropFirst().reduce(Phrase(verbatim: first)) {
            t("\($0) and \($1)")
        }
        return t("\(visit.serviceName) with \(staff), \(when)")
    }

    private var when: Phrase {
        let start = visit.appointment.start
        let home = Self.moment(start, Zone(business.timeZone) ?? .utc)
        guard let own = contact.timeZone.flatMap({ Zone($0) }) else { return home }
        let theirs = Self.moment(start, own)
        return theirs == home ? home : t("\(home) (\(theirs) on your clock)")
    }

    private static func moment(_ start: Instant, _ zone: Zone) -> Phrase {
        let local = zone.local(at: start)
        let words = Tongue.current.calendar
        let time = BusinessTime.clock(local.minuteOfDay)
        let (weekday, day) = (words.weekday(local.date), words.dayAndMonth(local.date))
        return t("\(weekday) \(day) at \(time)")
    }

    private var place: Phrase? { business.address.map { t("We are at \($0).") } }

    private var manage: Phrase? { link.map { t("To move or cancel it: \($0)") } }

    private var more: Phrase? {
        guard let count = following else { return nil }
        return visit.appointment.status == .canceled
            ? .plural(
                count, one: "A later visit of the series was cancelled, too.",
                other: "\(count) later visits of the series were cancelled, too.")
            : .plural(
                count, one: "Another visit of the series is booked, too.",
                other: "\(count) more visits of the series are booked, too.")
    }
}
