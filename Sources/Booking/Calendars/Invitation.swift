import Accounts
import HTTPTypes
import Hummingbird
import ICalendar
import Kernel
import NIOCore
import Store
import WebShell

/// The part of a message by which a client's calendar takes a booking up, moves it or strikes it
/// out (RFC 5546): the same UID as everywhere, a sequence that rises, the method that fits.
package struct Invitation: Sendable, Equatable {
    package var method: CalendarDocument.Method
    /// `text/calendar`, ready to be sent.
    package var text: String

    /// Of what a booking is now. `attendee`: nil when the client has no address, and then it is
    /// only published: nobody is asked who cannot answer (§3.2.2).
    package init(
        _ summary: AppointmentSummary, changedAt: Instant, organizer: CalendarPerson,
        attendee: CalendarPerson?, location: String? = nil
    ) {
        let appointment = summary.appointment
        var event = CalendarEvent(
            uid: CalendarFeeds.uid(of: appointment.id), start: appointment.start,
            end: appointment.end,
            summary: [summary.serviceName, organizer.name].compactMap { $0 }
                .joined(separator: " – "),
            createdAt: appointment.createdAt, changedAt: changedAt)
        // Notes are the business's own words about the client.
        event.sequence = appointment.sequence
        event.location = location
        event.organizer = organizer
        event.attendee = attendee
        switch appointment.status {
        case .canceled:
            event.status = .cancelled
            method = .cancel
        case .pending:
            event.status = .tentative
            method = attendee == nil ? .publish : .request
        default: method = attendee == nil ? .publish : .request
        }
        var document = CalendarDocument(name: "", zone: .utc, events: [event])
        document.method = method
        text = document.text
    }

    package var contentType: String {
        "text/calendar; charset=utf-8; method=\(method.rawValue.uppercased())"
    }
}

extension AppointmentBook {
    /// For those who may see the booking.
    package func invitation(
        to id: AppointmentID, for actor: Actor
    ) async throws -> Invitation {
        let ambient = ambient
        return try await store.read { tx in
            let appointment = try Self.appointment(id, for: actor, ambient: ambient, in: tx)
            if appointment.status == .held { throw Self.settled(appointment) }
            return try Self.invitation(to: appointment, for: actor, in: tx)
        }
    }

    /// `asking`: the client is named, where there is an address, so that programs may answer.
    package static func invitation(
        to appointment: Appointment, asking: Bool = true, for actor: Actor, in tx: Transaction
    ) throws -> Invitation {
        let account = try AccountDirectory.account(appointment.account, for: actor, in: tx)
        guard
            let summary = try AppointmentListQueries.appointment(
                appointment.id, of: account.id, in: tx)
        else { throw Refusal.notFound() }
        let changedAt = try AppointmentQueries.changedAt(appointment.id, of: account.id, in: tx)
        let address = try !asking ? nil : appointment.contact.flatMap {
            try AppointmentQueries.calendarAddress(of: $0, account: account.id, in: tx)
        }
        // The business has no mail address of its own here; this one says so and is never written to.
        let organizer = CalendarPerson(
            name: account.name, address: "urn:autosecretary:account:\(account.id)")
        return Invitation(
            summary, changedAt: changedAt ?? appointment.createdAt, organizer: organizer,
            attendee: address.map { CalendarPerson(name: summary.contactName, address: $0) },
            location: account.address)
    }
}

package struct InvitationRoutes {
    let book: AppointmentBook

    package init(book: AppointmentBook) { self.book = book }

    package func add(to api: APIRoutes) {
        api.raw(.get, "/appointments/:id/invitation.ics", "appointments") { [book] call in
            let invitation = try await book.invitation(to: call.id(), for: call.actor)
            var response = Response(
                status: .ok, headers: [.cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: invitation.text)))
            response.headers[.contentType] = invitation.contentType
            response.headers[.contentDisposition] = #"attachment; filename="invitation.ics""#
            return response
        }
    }
}
