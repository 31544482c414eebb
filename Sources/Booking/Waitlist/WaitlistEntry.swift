import Kernel
import Store

package enum WaitlistKind: IdentifierKind { package static let prefix = "wait" }
package typealias WaitlistID = Identifier<WaitlistKind>

/// A client who waits for a time that is not free yet.
package struct WaitlistEntry: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        case waiting
        /// A time is kept for them until `offeredUntil`.
        case offered
        case booked
        /// The offer was let pass.
        case lapsed
        case declined
        case canceled
    }

    /// How long an offered time is kept.
    package static let claimSeconds = 1800

    package let id: WaitlistID
    package let account: AccountID
    package let service: ServiceID
    package let contact: ContactID
    package var staff: StaffID?
    package var partySize = 1
    /// Starts in `[from, to)` would do.
    package var from: Instant
    package var to: Instant
    package var status = Status.waiting
    package var hold: AppointmentID?
    package var offeredStart: Instant?
    package var offeredUntil: Instant?
    package var appointment: AppointmentID?
    package var version = 1
    package let createdAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "service_id": .id(service),
            "contact_id": .id(contact), "staff_id": .id(staff),
            "party_size": .number(partySize), "from": .instant(from), "to": .instant(to),
            "status": .string(status.rawValue), "offered_start": .instant(offeredStart),
            "offered_until": .instant(offeredUntil), "appointment_id": .id(appointment),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }

    func event(_ type: String, ambient: Ambient) -> Event {
        Event(
            type, account: account, subject: id.text,
            [
                "contact_id": .id(contact), "service_id": .id(service),
                "status": .string(status.rawValue), "version": .number(version),
            ], ambient: ambient)
    }
}
