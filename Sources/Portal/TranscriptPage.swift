import Accounts
import Booking
import Conversations
import Files
import Inquiries
import Kernel
import WebShell

/// What was said with a client, to read; and what came of it.
struct TranscriptPage: Sendable {
    var visit: Visit
    var summary: ConversationSummary
    /// Without the office's private notes.
    var messages: [Message]
    /// There is more before these.
    var isCut: Bool
    var inquiries: [InquiryEntry]
    var appointments: [AppointmentSummary]

    var page: Page {
        let conversation = summary.conversation
        let began = BusinessTime.long(visit.zone.date(at: conversation.createdAt))
        let state: HTML =
            switch conversation.status {
            case .resolved: "<span class=\"badge\">\(t("Resolved"))</span>"
            default:
                conversation.waitingSince == nil
                    ? "<span class=\"badge badge-accent\">\(t("In talk"))</span>"
                    : "<span class=\"badge badge-waiting\">\(t("Waits for our answer"))</span>"
            }
        let content: HTML = """
            \(Parts.back(visit, .inquiries))
            \(Parts.head(Phrase(verbatim: summary.displayName), t("\(Words.channel(summary.channel)), \(began)"), state))
            <div class="editor"><section class="card" aria-label="\(t("Conversation"))">\(log)</section>
            <section class="stack" aria-label="\(t("What came of it"))">\(outcome)</section></div>
            """
        return PortalFrame(
            visit: visit, section: .inquiries, title: Phrase(verbatim: summary.displayName),
            content: content,
            isLive: true
        ).page
    }

    // MARK: What was said

    private var log: HTML {
        if messages.isEmpty {
            return Parts.empty("chat", t("Nothing was said yet"), t("Messages appear here."))
        }
        var day: LocalDate?
        return """
            \(isCut ? "<p class=\"card-head small muted\">\(t("Earlier messages are not shown."))</p>" : HTML())<ol class="transcript">\(messages.html { message in
                let local = visit.zone.local(at: message.createdAt)
                defer { day = local.date }
                let line: HTML = local.date == day ? HTML() : """
                    <li class="transcript-day"><time datetime="\(local.date)">\(BusinessTime.day(local.date, today: visit.today))</time></li>
                    """
                return line + item(message, BusinessTime.clock(local.minuteOfDay))
            })</ol>
            """
    }

    private func item(_ message: Message, _ time: String) -> HTML {
        let isClient = message.direction == .incoming
        let name = isClient ? summary.displayName : message.authorName ?? t("Office").text
        return """
            <li><span class="avatar" aria-hidden="true"\(isClient ? HTML() : " data-hue=\"\(visit.hue)\"")>\(Words.initials(name))</span><p class="who"><span class="strong" dir="auto">\(name)</span>\(isClient ? HTML() : "<span class=\"muted\">\(t("for \(visit.account.name)"))</span>") <time>\(time)</time>\(message.status == .failed ? " <span class=\"badge badge-late\">\(t("Not sent"))</span>" : HTML())</p><p class="said" dir="auto">\(message.text)</p>\(files(message))</li>
            """
    }

    private func files(_ message: Message) -> HTML {
        message.attachments.html { file in
            """
            <p class="said"><a href="/files/\(file.id)" download dir="auto">\(Parts.icon("clip"))\(file.name)</a> <span class="muted">\(ByteCount.text(file.size))</span></p>
            """
        }
    }

    // MARK: What came of it

    private var outcome: HTML {
        let wanted: HTML =
            inquiries.isEmpty
            ? "<p class=\"card-body small muted\">\(t("Nothing is written down yet."))</p>"
            : "<ul class=\"list\">\(inquiries.html { "<li>\(inquiry($0))</li>" })</ul>"
        let booked: HTML =
            appointments.isEmpty
            ? HTML()
            : """
            <section class="card"><header class="card-head"><h2>\(t("Booked here"))</h2></header><ul class="list">\(appointments.html { summary in
                """
                <li><a class="list-item" href="\(url: visit.path("appointments/\(summary.appointment.id)"))"><span class="list-main"><span class="strong">\(when(summary.appointment))</span><span class="hint setting-note" dir="auto">\(summary.serviceName)\(summary.staffNames.isEmpty ? "" : " · " + summary.staffNames.joined(separator: ", "))</span></span>\(Parts.status(summary.appointment.status))</a></li>
                """
            })</ul></section>
            """
        return """
            <section class="card"><header class="card-head"><h2>\(t("What they wanted"))</h2></header>\(wanted)</section>\(booked)
            """
    }

    private func when(_ appointment: Appointment) -> Phrase {
        let local = visit.zone.local(at: appointment.start)
        return t("\(BusinessTime.heading(local.date)) at \(BusinessTime.clock(local.minuteOfDay))")
    }

    private func inquiry(_ entry: InquiryEntry) -> HTML {
        let inquiry = entry.inquiry
        return """
            <div class="card-body outcome"><p class="spread"><span class="inquiry-kind"><span class="strong">\(Words.kind(inquiry.kind.rawValue))</span></span>\(InquiryParts.outcome(inquiry))</p>\(inquiry.topic.map { "<p class=\"small\" dir=\"auto\">\($0)</p>" } ?? HTML())\(inquiry.notes.map { "<p class=\"small muted\" dir=\"auto\">\($0)</p>" } ?? HTML())<p class="hint">\(InquiryParts.when(inquiry.createdAt, visit))</p></div>
            """
    }
}
