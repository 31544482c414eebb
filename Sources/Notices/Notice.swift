import Accounts
import Kernel

package enum NoticeKind: IdentifierKind { package static let prefix = "ntc" }
package typealias NoticeID = Identifier<NoticeKind>

/// Something that the program tells a client by itself, with what became of it.
package struct Notice: Sendable, Equatable {
    package enum Purpose: String, Sendable, CaseIterable {
        case confirmed = "booking_confirmed"
        case rescheduled = "booking_rescheduled"
        case canceled = "booking_canceled"
        case reminder = "booking_reminder"
        /// The business cannot keep the time and asks for another one.
        case askedToMove = "booking_asked_to_move"
        /// A time has become free for somebody who waits.
        case offered = "waitlist_offered"
        /// How was it?
        case review = "review_request"
    }

    package enum Status: String, Sendable, CaseIterable {
        case queued, sent, delivered, read, failed
        /// There was no way to tell it, or it was not wanted.
        case refused
    }

    package let id: NoticeID
    package let account: AccountID
    package let contact: ContactID
    package let purpose: Purpose
    /// The id of what it is about.
    package let about: String
    package var channel: Channel?
    package var address: String?
    /// The first line of an e-mail.
    package let subject: String
    package let text: String
    package var message: MessageID?
    package var status: Status
    package var reason: String?
    package var attempts = 0
    package let createdAt: Instant
}

/// One line of the list of everything that went out or was refused: a notice, or a message that
/// somebody wrote.
package struct Delivery: Sendable, Equatable {
    package let id: String
    package let account: AccountID
    package let contact: ContactID?
    package let to: String?
    package let channel: String?
    package let text: String
    /// A notice's purpose, or `message`.
    package let purpose: String
    package let status: String
    package let reason: String?
    package let attempts: Int
    package let at: Instant
    package let about: String?
    package let contactName: String?

    package var json: JSONValue {
        [
            "id": .string(id), "account_id": .id(account), "contact_id": .id(contact),
            "to": .text(to), "channel": .text(channel), "text": .string(text),
            "purpose": .string(purpose), "status": .string(status), "reason": .text(reason),
            "attempts": .number(attempts), "about": .text(about), "at": .instant(at),
        ]
    }
}

/// What a business wants its clients to be told.
package struct NoticeSettings: VersionedSettings, Equatable {
    /// Up to four weeks before.
    package static let reminderMinutes = 15...40_320
    package static let mostReminders = 5
    package static let reviewMinutes = 0...20_160

    package let account: AccountID
    /// Minutes before the visit, the longest first.
    package var reminders = [1440, 120]
    package var silenced: Set<Notice.Purpose> = []
    /// nil: nobody is asked.
    package var reviewAfterMinutes: Int?
    /// Where clients may say it to the world.
    package var reviewLink: String?
    /// 0 until the business has said anything.
    package var version = 0

    package init(account: AccountID) { self.account = account }

    package func wants(_ purpose: Notice.Purpose) -> Bool {
        purpose == .review ? reviewAfterMinutes != nil : !silenced.contains(purpose)
    }

    package var json: JSONValue {
        [
            "account_id": .id(account),
            "reminders_minutes_before": .array(reminders.map { .number($0) }),
            "silenced": .list(silenced.map(\.rawValue).sorted()),
            "review_after_minutes": reviewAfterMinutes.map { .number($0) } ?? .null,
            "review_link": .text(reviewLink), "version": .number(version),
        ]
    }

    mutating func read(_ input: inout Input) {
        input.refuseOthers(
            than: ["reminders_minutes_before", "silenced", "review_after_minutes", "review_link"])
        if let list = input.optionalArray("reminders_minutes_before", max: Self.mostReminders) {
            var minutes: Set<Int> = []
            for (place, value) in list.enumerated() {
                if let number = value.int, Self.reminderMinutes.contains(number) {
                    minutes.insert(number)
                } else {
                    input.reject(
                        "reminders_minutes_before[\(place)]", "range",
                        "must be between \(Self.reminderMinutes.lowerBound) and \(Self.reminderMinutes.upperBound)."
                    )
                }
            }
            reminders = minutes.sorted(by: >)
        }
        let silenceable = Set(Notice.Purpose.allCases).subtracting([.review, .reminder])
        if let words = input.optionalTexts("silenced", max: 10) {
            silenced = []
            for (place, word) in words.enumerated() {
                if let purpose = Notice.Purpose(rawValue: word), silenceable.contains(purpose) {
                    silenced.insert(purpose)
                } else {
                    let known = silenceable.map(\.rawValue).sorted().joined(separator: ", ")
                    input.reject("silenced[\(place)]", "unknown", "must be one of: \(known).")
                }
            }
        }
        if input.has("review_after_minutes") {
            reviewAfterMinutes = input.optionalInteger(
                "review_after_minutes", in: Self.reviewMinutes)
        }
        if input.has("review_link") {
            let link = input.optionalText("review_link", max: 500) ?? ""
            if !link.isEmpty, !link.hasPrefix("https://"), !link.hasPrefix("http://") {
                input.reject("review_link", "url", "must be an http or https URL.")
            }
            reviewLink = link.isEmpty ? nil : link
        }
    }
}
