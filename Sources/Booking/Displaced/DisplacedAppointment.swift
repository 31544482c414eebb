import Kernel

/// A coming visit that the business can no longer keep as it was booked: hours have changed,
/// somebody is away, a room is gone.
package struct DisplacedAppointment: Sendable {
    package enum Reason: String, Sendable, CaseIterable {
        /// Outside the hours of the business, or of somebody who takes part.
        case closed
        /// Somebody or something that takes part is blocked at that time.
        case busy
        /// Somebody or something that takes part does so no more.
        case gone
    }

    package var summary: AppointmentSummary
    package var reason: Reason
    /// The nearest time that could be had instead, with the same people where they can.
    package var proposal: Slot?

    package var appointment: Appointment { summary.appointment }

    package var json: JSONValue {
        [
            "appointment": appointment.json, "reason": .string(reason.rawValue),
            "proposal": proposal?.json ?? .null,
        ]
    }
}

/// What is done about displaced visits, all at once.
package enum DisplacedAction: String, Sendable, CaseIterable {
    /// The client is asked to choose another time.
    case ask
    /// Moved to the nearest free time, and the client is told.
    case move
    /// Cancelled by the business, and the client is told.
    case cancel
}

/// What became of one of them.
package struct DisplacedOutcome: Sendable {
    package var id: AppointmentID
    package var action: DisplacedAction
    package var appointment: Appointment?
    /// Why nothing was done.
    package var refusal: Refusal?

    package var json: JSONValue {
        [
            "id": .id(id), "outcome": .string(refusal == nil ? action.rawValue : "refused"),
            "appointment": appointment?.json ?? .null,
            "detail": .text(refusal?.detail.english),
        ]
    }
}
