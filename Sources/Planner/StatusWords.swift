import Booking
import Kernel
import WebShell

/// How the states of an appointment are called and shown, the same in every place.
package enum StatusWords {
    /// In the order of a visit's life.
    static let legend: [Appointment.Status] = [.held, .pending, .confirmed, .completed, .noShow]

    package static func name(_ status: Appointment.Status) -> Phrase {
        switch status {
        case .held: t("Held")
        case .pending: t("Not confirmed")
        case .confirmed: t("Booked")
        case .canceled: t("Cancelled")
        case .completed: t("Done")
        case .noShow: t("Did not come")
        }
    }

    package static func badge(_ status: Appointment.Status) -> HTML {
        let look: HTML =
            switch status {
            case .held, .pending: " badge-waiting"
            case .confirmed: " badge-booked"
            case .canceled, .completed: HTML()
            case .noShow: " badge-late"
            }
        return "<span class=\"badge\(look)\">\(name(status))</span>"
    }

    /// The style sheet's class.
    static func look(_ status: Appointment.Status) -> String {
        "is-" + status.rawValue.replacing("_", with: "-")
    }

    /// A client's name, or something to tell them apart by.
    package static func client(_ summary: AppointmentSummary) -> Phrase {
        if let name = summary.contactName, !name.isEmpty { return Phrase(verbatim: name) }
        guard let contact = summary.appointment.contact else { return t("Client") }
        return t("Visitor \(contact.text.suffix(4).uppercased())")
    }

    package static func people(_ count: Int) -> Phrase {
        Phrase.plural(count, one: "\(count) person", other: "\(count) people")
    }
}
