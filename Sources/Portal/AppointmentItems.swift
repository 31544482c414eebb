import Booking
import Kernel
import Planner
import WebShell

/// How the portal's pages speak of appointments.
struct AppointmentItems: Sendable {
    var visit: Visit

    /// Over, and nobody has said how it went.
    func isToMark(_ appointment: Appointment) -> Bool {
        [.pending, .confirmed].contains(appointment.status) && appointment.end <= visit.now
    }
}

/// What can be done with an appointment, as small forms.
struct AppointmentActions: Sendable {
    var visit: Visit
    var appointment: Appointment

    /// Once it has begun one can say how it went.
    var outcome: HTML {
        guard visit.canBook, !appointment.status.isFinal, appointment.start <= visit.now else {
            return HTML()
        }
        return button("complete", t("Done"), "check", isMain: true)
            + button("no_show", t("Did not come"), "x")
    }

    var cancel: HTML {
        guard visit.canBook, !appointment.status.isFinal else { return HTML() }
        return Confirm(
            visit: visit, action: path("cancel"), label: t("Cancel the appointment"),
            question: t(
                "The time becomes free for others. "
                    + "If it was booked in a chat, the client is told there."),
            button: t("Cancel the appointment"), icon: "x",
            fields: """
                <div class="field"><label for="reason">\(t("Reason")) <span class="optional">\(t("optional"))</span></label><input class="input" id="reason" name="reason" maxlength="500" autocomplete="off"></div>
                """,
            version: appointment.version
        ).html
    }

    private func path(_ act: String) -> String { "appointments/\(appointment.id)/\(act)" }

    private func button(
        _ act: String, _ text: Phrase, _ icon: String, isMain: Bool = false
    ) -> HTML {
        """
        <form method="post" action="\(url: visit.path(path(act)))">\(visit.token)<input type="hidden" name="version" value="\(appointment.version)"><button class="btn\(isMain ? " btn-primary" : HTML())">\(Parts.icon(icon))\(text)</button></form>
        """
    }
}
