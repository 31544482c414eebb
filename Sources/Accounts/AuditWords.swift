import Kernel

/// What was done, in the words of people.
enum AuditWords {
    /// What the filter offers.
    static var nouns: [(noun: String, words: Phrase)] {
        [
            ("account", t("Business profile")), ("service", t("Services")),
            ("staff", t("Staff")), ("resource", t("Rooms and things")),
            ("schedule", t("Hours")), ("booking_page", t("Booking page")),
            ("notice_settings", t("What clients are told")),
            ("booking_policy", t("Rules for changing a visit")), ("appointment", t("Appointments")),
            ("busy", t("Blocked times")), ("waitlist", t("Waiting list")), ("guidance", t("Script")), ("knowledge", t("Answers")),
            ("canned_response", t("Ready replies")), ("inbox", t("Channels")),
            ("webhook", t("Webhooks")), ("calendar_feed", t("Calendar links")),
            ("calendar_source", t("Outside calendars")), ("calendar_object", t("Own events")),
            ("member", t("Members")), ("user", t("People")),
            ("token", t("Tokens")), ("second_factor", t("Second factors")),
            ("settings", t("Settings")),
        ]
    }

    static func sentence(_ action: String) -> Phrase {
        switch action {
        case "account.created": t("took the business on:")
        case "account.updated": t("changed the business profile of")
        case "service.created": t("added the service")
        case "service.updated": t("changed the service")
        case "staff.created": t("added to the staff")
        case "staff.updated": t("changed in the staff")
        case "resource.created": t("added the room or thing")
        case "resource.updated": t("changed the room or thing")
        case "schedule.updated": t("changed the opening hours")
        case "notice_settings.updated": t("changed what clients are told")
        case "booking_page.updated": t("changed the booking page")
        case "booking_policy.updated": t("changed the rules for changing a visit")
        case "guidance.updated": t("changed the script")
        case "knowledge.created": t("added the answer to")
        case "knowledge.updated": t("changed the answer to")
        case "knowledge.deleted": t("deleted the answer to")
        case "canned_response.created": t("added the ready reply")
        case "canned_response.updated": t("changed the ready reply")
        case "canned_response.deleted": t("deleted the ready reply")
        case "inbox.created": t("connected the channel")
        case "inbox.updated": t("changed the channel")
        case "busy.updated": t("moved a blocked time")
        case "calendar_object.saved": t("wrote an event into a calendar")
        case "calendar_object.deleted": t("deleted an event from a calendar")
        case "calendar_source.created": t("had an outside calendar read:")
        case "calendar_source.updated": t("changed an outside calendar:")
        case "calendar_source.deleted": t("ended the reading of an outside calendar:")
        case "calendar_feed.created": t("made a calendar link")
        case "calendar_feed.revoked": t("revoked a calendar link")
        case "webhook.created": t("added the webhook")
        case "webhook.updated": t("changed the webhook")
        case "webhook.secret_rotated": t("renewed the secret of the webhook")
        case "webhook.deleted": t("deleted the webhook")
        case "settings.updated": t("changed the settings")
        default: booking(action) ?? people(action)
        }
    }

    private static func booking(_ action: String) -> Phrase? {
        switch action {
        case "appointment.confirmed": t("booked an appointment")
        case "appointment.rescheduled": t("moved an appointment")
        case "appointment.updated": t("changed an appointment")
        case "appointment.canceled": t("canceled an appointment")
        case "waitlist.joined": t("put a client on the waiting list")
        case "waitlist.left": t("took a client off the waiting list")
        case "appointment.asked_to_move": t("asked the client for another time for an appointment")
        case "appointment.completed": t("marked an appointment as completed")
        case "appointment.no_show": t("marked an appointment as a no-show")
        case "busy.created": t("blocked a time")
        case "busy.deleted": t("opened a blocked time")
        default: nil
        }
    }

    private static func people(_ action: String) -> Phrase {
        switch action {
        case "member.created": t("became or made a member:")
        case "member.invited": t("invited as a member")
        case "member.updated": t("changed the member")
        case "member.removed": t("took access away from")
        case "user.created": t("added to the team")
        case "user.updated": t("changed the sign-in of")
        case "user.invited": t("made an invitation for")
        case "user.invitation_accepted": t("accepted the invitation as")
        case "user.password_set", "user.password_changed": t("set the password of")
        case "user.reset_link_made": t("made a link for a new password for")
        case "user.signed_out_everywhere": t("signed out everywhere:")
        case "second_factor.enabled": t("turned the second factor on for")
        case "second_factor.disabled": t("turned the second factor off for")
        case "second_factor.reset": t("reset the second factor of")
        case "second_factor.codes_renewed": t("made new recovery codes for")
        case "token.created": t("made the token")
        case "token.revoked": t("revoked the token")
        default: Phrase(verbatim: action)
        }
    }
}
