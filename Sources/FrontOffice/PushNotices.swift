import Accounts
import Booking
import Conversations
import Kernel
import Push
import Store
import WebShell

/// Which events people are told of while no page of ours is open: agents of a client who begins to
/// wait, members of new appointments and hard questions. Lock screens are seen by others, so no
/// client's name or words are in it.
struct PushNotices: Sendable {
    let push: PushOffice

    @Sendable func react(to event: Event, in tx: Transaction) throws {
        guard let account = event.account else { return }
        switch event.type {
        case "message.received": try waiting(event, account, tx)
        case "appointment.confirmed": try booked(event, account, tx)
        case "inquiry.recorded" where event.payload["kind"] == "hard_question":
            try asked(event, account, tx)
        default: break
        }
    }

    /// Only the first message that waits: those who were told need not hear of each word.
    private func waiting(_ event: Event, _ account: AccountID, _ tx: Transaction) throws {
        guard let id = event.payload["conversation_id"]?.string else { return }
        let conversation = try Correspondence.conversation(
            ConversationID(id), for: .system, in: tx)
        guard conversation.waitingSince == conversation.lastMessageAt else { return }
        let business = try AccountDirectory.account(account, for: .system, in: tx)
        try push.tellAgents(
            PushNotice(
                title: Phrase(verbatim: business.name), text: t("A client is waiting for an answer"),
                path: "/desk/conversations/\(id)", tag: id),
            assignee: conversation.assignee, account: account, in: tx)
    }

    private func booked(_ event: Event, _ account: AccountID, _ tx: Transaction) throws {
        let business = try AccountDirectory.account(account, for: .system, in: tx)
        guard
            let summary = try AppointmentBook.summary(
                AppointmentID(event.subject), of: account, in: tx)
        else { return }
        let local = (Zone(business.timeZone) ?? .utc).local(at: summary.appointment.start)
        let clock = BusinessTime.clock(local.minuteOfDay)
        try push.tellMembers(
            PushNotice(
                title: t("New appointment"),
                text: t("\(summary.serviceName), \(local.date.description) at \(clock)"),
                path: "/portal/\(business.slug)/appointments/\(event.subject)",
                tag: event.subject),
            of: account, roles: [.owner, .staff], in: tx)
    }

    private func asked(_ event: Event, _ account: AccountID, _ tx: Transaction) throws {
        let business = try AccountDirectory.account(account, for: .system, in: tx)
        try push.tellMembers(
            PushNotice(
                title: t("A client's question needs you"), text: Phrase(verbatim: business.name),
                path: "/portal/\(business.slug)/inquiries", tag: event.subject),
            of: account, roles: [.owner, .specialist], in: tx)
    }
}
