import Kernel

/// The types of events that endpoints may choose, as a list for people.
package enum WebhookEvents {
    package struct Group: Sendable {
        package var name: Phrase
        package var types: [(type: String, text: Phrase)]
    }

    package static let everything = "*"

    /// What one subject's sentence may look like: `*`, `message.*`, `message.received`.
    package static func isKnown(_ pattern: String) -> Bool {
        if pattern == everything || types.contains(pattern) { return true }
        guard pattern.hasSuffix(".*") else { return false }
        return types.contains { $0.hasPrefix(pattern.dropLast()) }
    }

    package static func matches(_ pattern: String, _ type: String) -> Bool {
        if pattern == everything || pattern == type { return true }
        return pattern.hasSuffix(".*") && type.hasPrefix(pattern.dropLast())
    }

    private static let types = Set(groups.flatMap { $0.types.map(\.type) })

    /// Of the office itself: they belong to no business, so no endpoint hears them.
    package static let officeOnly: Set<String> = [
        "user.created", "user.updated", "user.duty_changed", "settings.updated", "job.died",
    ]

    package static let groups: [Group] = [
        Group(
            name: t("Messages"),
            types: [
                ("message.received", t("A client wrote")),
                ("message.created", t("We wrote to a client")),
                ("message.sent", t("Our message went out")),
                ("message.delivered", t("Our message arrived")),
                ("message.read", t("Our message was read")),
                ("message.failed", t("Our message could not be sent")),
                ("conversation.created", t("A conversation began")),
                ("conversation.assigned", t("A conversation was assigned")),
                ("conversation.status_changed", t("A conversation was resolved or opened again")),
            ]),
        Group(
            name: t("Appointments"),
            types: [
                ("appointment.confirmed", t("An appointment was booked")),
                ("appointment.rescheduled", t("An appointment was moved")),
                ("appointment.canceled", t("An appointment was cancelled")),
                ("waitlist.joined", t("A client waits for a time")),
                ("waitlist.offered", t("A client was offered a time that became free")),
                ("waitlist.booked", t("A client took an offered time")),
                ("waitlist.declined", t("A client declined an offered time")),
                ("waitlist.lapsed", t("A client let an offer pass")),
                ("waitlist.left", t("A client waits no longer")),
                (
                    "appointment.asked_to_move",
                    t("A client was asked to choose another time")
                ),
                ("appointment.completed", t("An appointment took place")),
                ("appointment.no_show", t("A client did not come")),
                ("appointment.updated", t("An appointment was changed otherwise")),
                ("hold.created", t("A time was held")),
                ("hold.extended", t("A held time was kept longer")),
                ("hold.released", t("A held time was let go")),
                ("hold.expired", t("A held time ran out")),
                ("busy.created", t("A time was blocked")),
                ("busy.deleted", t("A blocked time was opened")),
                ("busy.changed", t("Blocked times came from a calendar")),
            ]),
        Group(
            name: t("Clients and what they wanted"),
            types: [
                ("notice.made", t("A client was told something, or could not be")),
                ("contact.created", t("A new client")),
                ("contact.updated", t("A client's particulars changed")),
                ("contact.export_requested", t("Somebody asked for a client's data")),
                ("contact.erased", t("A client was erased")),
                ("contact.export_requested", t("A client's data was asked for")),
                ("contact.erased", t("A client was erased")),
                ("inquiry.recorded", t("An inquiry was written down")),
                ("inquiry.updated", t("An inquiry was changed")),
            ]),
        Group(name: t("The business"), types: business),
    ]

    private static let business: [(type: String, text: Phrase)] = [
        ("account.created", t("The business was added")),
        ("account.updated", t("The business profile changed")),
        ("schedule.updated", t("Opening hours changed")),
        ("notice_settings.updated", t("What clients are told changed")),
        ("booking_page.updated", t("The booking page changed")),
        ("booking_policy.updated", t("The rules for changing a visit changed")),
        ("service.created", t("A service was added")),
        ("service.updated", t("A service was changed")),
        ("staff.created", t("A staff member was added")),
        ("staff.updated", t("A staff member was changed")),
        ("resource.created", t("A room or thing was added")),
        ("resource.updated", t("A room or thing was changed")),
        ("member.created", t("Somebody got access")),
        ("member.invited", t("Somebody was invited")),
        ("member.updated", t("Somebody's access was changed")),
        ("member.removed", t("Somebody lost access")),
        ("inbox.created", t("An inbox was connected")),
        ("inbox.updated", t("An inbox was changed")),
        ("guidance.updated", t("The script changed")),
        ("knowledge.created", t("An answer was added")),
        ("knowledge.updated", t("An answer was changed")),
        ("knowledge.deleted", t("An answer was deleted")),
        ("canned_response.created", t("A ready reply was added")),
        ("canned_response.updated", t("A ready reply was changed")),
        ("canned_response.deleted", t("A ready reply was deleted")),
        ("calendar_feed.created", t("A calendar link was made")),
        ("calendar_feed.revoked", t("A calendar link was revoked")),
        ("webhook.created", t("A webhook was added")),
        ("webhook.updated", t("A webhook was changed")),
        ("webhook.deleted", t("A webhook was deleted")),
        ("webhook.disabled", t("A webhook was switched off because it failed")),
    ]
}
