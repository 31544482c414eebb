import Accounts
import Booking
import Contacts
import Kernel
import PhoneNumbers
import Planner
import WebShell

/// One appointment: who, what, when, and what became of it.
struct AppointmentPage: Sendable {
    var visit: Visit
    var summary: AppointmentSummary
    var contact: Contact?
    /// Why the last change was refused.
    var problem: Phrase?
    /// nil: it does not move any more, or not by this person.
    var move: MoveForm?

    private var appointment: Appointment { summary.appointment }

    var page: Page {
        let date = visit.zone.date(at: appointment.start)
        let actions = AppointmentActions(visit: visit, appointment: appointment)
        let outcome = actions.outcome
        let content: HTML = """
            <p class="back-link"><a href="\(url: visit.path("today"))?date=\(date)">\(Parts.icon("left"))\(BusinessTime.day(date, today: visit.today))</a></p>
            \(Parts.head(StatusWords.client(summary), note: when, Parts.status(appointment.status)))
            \(problem.map { Parts.alert($0) } ?? HTML())
            \(outcome.isEmpty ? HTML() : "<div class=\"row\">\(outcome)</div>")
            <section class="card"><dl class="facts card-body">\(facts)</dl></section>
            \(move?.html ?? HTML())\(actions.cancel)
            """
        return PortalFrame(
            visit: visit, section: .today, title: StatusWords.client(summary),
            content: content, isNarrow: true
        ).page
    }

    private var when: HTML {
        let date = visit.zone.date(at: appointment.start)
        let minutes = Int((appointment.end.milliseconds - appointment.start.milliseconds) / 60_000)
        let start = BusinessTime.clock(appointment.start, visit.zone)
        let end = BusinessTime.clock(appointment.end, visit.zone)
        return """
            \(BusinessTime.heading(date)), <time\(visit.moment(appointment.start))>\(start)–\(end)</time> (\(BusinessTime.duration(minutes)))
            """
    }

    private var facts: HTML {
        var output: HTML = "<dt>\(t("Service"))</dt><dd dir=\"auto\">\(summary.serviceName)</dd>"
        func add(_ name: Phrase, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            output += "<dt>\(name)</dt><dd dir=\"auto\">\(value)</dd>"
        }
        add(t("With"), summary.staffNames.joined(separator: ", "))
        if appointment.partySize > 1 { add(t("People"), String(appointment.partySize)) }
        add(t("Price"), appointment.price?.text)
        add(t("Note"), appointment.notes)
        for point in contact?.points ?? [] {
            output += Self.point(point, visit.account.phoneRegion)
        }
        add(t("About the client"), contact?.notes)
        if let conversation = appointment.conversation {
            output +=
                "<dt>\(t("Arranged in"))</dt><dd><a href=\"\(url: visit.path("conversations/\(conversation)"))\">\(t("this conversation"))</a></dd>"
        }
        add(t("Reason"), appointment.canceledReason)
        return output
    }

    /// Addresses that mean something to people; a widget's visitor id does not.
    private static func point(_ point: Contact.Point, _ home: PhoneRegion?) -> HTML {
        switch point.channel {
        case "phone", "sms", "whatsapp":
            "<dt>\(Words.channel(point.channel))</dt><dd>\(HTML.phone(point.address, in: home))</dd>"
        case "email":
            "<dt>\(t("E-mail"))</dt><dd><a href=\"\(url: "mailto:" + point.address)\">\(point.address)</a></dd>"
        default: HTML()
        }
    }
}
