import Accounts
import Booking
import Conversations
import Inquiries
import Kernel
import Reports
import Store
import WebShell

/// What clients wanted, in numbers and one by one.
extension PortalRoutes {
    private static let listed = 50
    private static let messagesShown = 500

    func addInquiries(to group: PortalGroup) {
        group.get("inquiries") { call in
            let days =
                InquiryListPage.periods.first { "\($0)" == call.query("days") } ?? 7
            return try await read(call) { visit, tx in
                let range = BusinessTime.range(
                    visit.today.adding(days: 1 - days), days: days, visit.zone)
                return InquiryListPage(
                    visit: visit, days: days,
                    numbers: try Statistics.statistics(
                        of: visit.account.id, from: range.lowerBound, to: range.upperBound,
                        for: visit.actor, in: tx),
                    entries: try InquiryLog.inquiries(
                        of: visit.account.id, from: range.lowerBound, to: range.upperBound,
                        limit: Self.listed + 1, in: tx)
                ).page
            }
        }
        group.get("conversations/:id") { call in
            try await read(call) { visit, tx in try Self.transcript(call, visit, in: tx) }
        }
    }

    private static func transcript(
        _ call: PortalCall, _ visit: Visit, in tx: Transaction
    ) throws -> Page {
        let summary = try Correspondence.summary(call.id(), for: visit.actor, in: tx)
        let conversation = summary.conversation
        guard conversation.account == visit.account.id else { throw Refusal.notFound() }
        let messages = try Correspondence.latestMessages(
            of: conversation, limit: messagesShown, in: tx)
        let booked = try AppointmentBook.summaries(
            ofContact: conversation.contact, account: visit.account.id, in: tx)
        return TranscriptPage(
            visit: visit, summary: summary,
            // What the office's people write to each other stays with them.
            messages: messages.filter { !$0.isPrivate }, isCut: messages.count == messagesShown,
            inquiries: try InquiryLog.inquiries(
                ofConversation: conversation.id, of: visit.account.id, in: tx),
            appointments: booked.filter { $0.appointment.conversation == conversation.id }
        ).page
    }
}

/// Pieces that show an inquiry.
enum InquiryParts {
    static func mark(_ kind: String) -> BarChart.Mark? {
        switch kind {
        case "booking": .booked
        case "hard_question": .waiting
        case "complaint": .late
        default: nil
        }
    }

    static func outcome(_ inquiry: Inquiry) -> HTML {
        guard let disposition = inquiry.disposition else {
            return inquiry.kind == .hardQuestion
                ? "<span class=\"badge badge-waiting\">\(t("No answer yet"))</span>" : HTML()
        }
        let look: HTML =
            switch disposition {
            case "booked": " badge-booked"
            case "passed_on": " badge-waiting"
            default: HTML()
            }
        return "<span class=\"badge\(look)\">\(Words.outcome(disposition))</span>"
    }

    static func when(_ instant: Instant, _ visit: Visit) -> HTML {
        let local = visit.zone.local(at: instant)
        let day: HTML =
            local.date == visit.today
            ? HTML() : "\(BusinessTime.day(local.date, today: visit.today)), "
        return
            "<time datetime=\"\(instant.description)\">\(day)\(BusinessTime.clock(local.minuteOfDay))</time>"
    }

    static func client(_ entry: InquiryEntry) -> Phrase {
        if let name = entry.contactName { return Phrase(verbatim: name) }
        guard let contact = entry.inquiry.contact else { return t("Somebody") }
        return t("Visitor \(contact.text.suffix(4).uppercased())")
    }

    /// A line of a list, leading to the conversation or the appointment, if there is one.
    static func row(_ entry: InquiryEntry, _ visit: Visit) -> HTML {
        let inquiry = entry.inquiry
        let kind = Words.kind(inquiry.kind.rawValue)
        let inside: HTML = """
            \(Parts.icon(Words.channelIcon(inquiry.channel)))<span class="sr-only">\(inquiry.channel.map { Words.channel($0).text })</span><span class="list-main"><span class="strong" dir="auto">\(inquiry.topic ?? kind.text)</span><span class="hint setting-note" dir="auto">\(client(entry)) · \(kind.text.lowercased())\(inquiry.notes.map { " · \($0)" })</span></span><span class="list-end">\(outcome(inquiry))<span class="hint setting-note">\(when(inquiry.createdAt, visit))</span></span>
            """
        let target =
            inquiry.conversation.map { "conversations/\($0)" }
            ?? inquiry.appointment.map { "appointments/\($0)" }
        guard let target else { return "<span class=\"list-item\">\(inside)</span>" }
        return "<a class=\"list-item\" href=\"\(url: visit.path(target))\">\(inside)</a>"
    }

    /// A hard question that waits for the business.
    static func question(_ entry: InquiryEntry, _ visit: Visit) -> HTML {
        let inquiry = entry.inquiry
        let words = inquiry.notes ?? inquiry.topic ?? t("Hard question").text
        let (client, when): (HTML, HTML) = ("\(client(entry))", when(inquiry.createdAt, visit))
        let asked: HTML =
            inquiry.channel.map { channel in
                let name: HTML = "\(Words.channel(channel).text.lowercased())"
                return "\(t("{1} asked by {2}, {3}"), with: client, name, when)"
            } ?? "\(t("{1} asked, {2}"), with: client, when)"
        let link: HTML =
            inquiry.conversation.map {
                "<p><a class=\"btn btn-small\" href=\"\(url: visit.path("conversations/\($0)"))\">\(t("Read the conversation"))</a></p>"
            } ?? HTML()
        return """
            <div class="question"><p class="muted tiny">\(asked)</p><blockquote dir="auto">\(words)</blockquote>\(link)</div>
            """
    }
}
