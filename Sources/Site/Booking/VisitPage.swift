import Accounts
import Booking
import Kernel
import PhoneNumbers
import WebShell

/// A visit as its client sees it.
struct VisitPage {
    enum News { case booked, moved }

    var visit: PublicBooking.Visit
    var token: String
    /// What has just been done.
    var news: News?

    private var path: String { BookingFrame.path(visit.front.account, "v/\(token)") }

    var frame: BookingFrame {
        BookingFrame(
            account: visit.front.account, title: heading, step: nil,
            content: """
                \(top)
                <section class="book-summary" aria-label="\(t("Your visit"))">
                <h2>\(visit.service.name)</h2><p class="strong">\(BookingWords.span(visit.appointment.start, visit.appointment.end, visit.front.zone))</p>
                \(facts)</section>
                \(actions)\(rules)
                """, back: path)
    }

    private var isCanceled: Bool { visit.appointment.status == .canceled }
    private var isOver: Bool { visit.appointment.end <= visit.front.now }

    private var heading: Phrase {
        switch (visit.appointment.status, news) {
        case (.canceled, _): t("Your visit is cancelled")
        case (_, .booked): t("You are booked")
        case (_, .moved): t("Your visit is moved")
        default: t("Your visit")
        }
    }

    private var top: HTML {
        let isGood = news != nil && !isCanceled
        let note: Phrase? =
            isGood
            ? t("Keep the address of this page: here you can move or cancel the visit.") : nil
        return """
            <div class="book-result"\(isGood ? " role=\"status\"" : HTML())>\(isGood ? "<span class=\"book-tick\">\(SiteParts.icon("check"))</span>" : HTML())<h1>\(heading)</h1>\(note.map { "<p class=\"muted\">\($0)</p>" } ?? HTML())</div>
            """
    }

    private var facts: HTML {
        let appointment = visit.appointment
        var rows: [(Phrase, HTML)] = []
        if !visit.summary.staffNames.isEmpty {
            rows.append((t("With"), "\(visit.summary.staffNames.joined(separator: ", "))"))
        }
        if appointment.partySize > 1 { rows.append((t("People"), "\(appointment.partySize)")) }
        if let price = BookingWords.price(appointment.price) { rows.append((t("Price"), "\(price)")) }
        if let address = visit.front.account.address { rows.append((t("Where"), "\(address)")) }
        if let fee = appointment.fee { rows.append((t("Cancellation fee"), "\(fee.sum.text)")) }
        return """
            <dl class="book-facts">\(rows.html { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" })</dl>
            """
    }

    private var actions: HTML {
        let again: HTML = visit.front.settings.isOpen
            ? """
            <a class="btn" href="\(url: BookingFrame.path(visit.front.account, "s/\(visit.service.id)"))">\(t("Book again"))</a>
            """ : HTML()
        if isCanceled || isOver { return "<div class=\"row\">\(again)</div>" }
        let calendar: HTML = """
            <a class="btn" href="\(url: path + "/visit.ics")">\(SiteParts.icon("calendar"))\(t("Add to calendar"))</a>
            """
        let cancel: HTML =
            "<a class=\"btn btn-danger\" href=\"\(url: path + "/cancel")\">\(t("Cancel the visit"))</a>"
        switch visit.freedom {
        case .free:
            return """
                <div class="row">\(calendar)<a class="btn" href="\(url: path + "/move")">\(SiteParts.icon("clock"))\(t("Move"))</a>\(cancel)</div>
                """
        case .cancelFor: return "<div class=\"row\">\(calendar)\(cancel)</div>\(ask)"
        case .none: return "<div class=\"row\">\(calendar)</div>\(ask)"
        }
    }

    /// It is too late to do it oneself.
    private var ask: HTML {
        let account = visit.front.account
        guard let number = account.phoneNumber else {
            return "<p class=\"muted\">\(t("To change it now, please contact the business."))</p>"
        }
        let link: HTML = "<a href=\"\(url: "tel:" + number.text)\">\(account.shownPhone)</a>"
        return "<p class=\"muted\">\(t("To change it now, please call {1}."), with: link)</p>"
    }

    private var rules: HTML {
        let words = BookingWords.policy(visit.front.policy)
        if words.isEmpty || isCanceled || isOver { return HTML() }
        return "<div class=\"book-policy small muted\">\(words)</div>"
    }
}

/// Asks once before a visit is cancelled, and says what it costs.
struct CancelPage {
    var visit: PublicBooking.Visit
    var token: String
    var problem: Phrase?

    private var path: String { BookingFrame.path(visit.front.account, "v/\(token)") }

    var frame: BookingFrame {
        let appointment = visit.appointment
        var fee: Money?
        if case .cancelFor(let sum) = visit.freedom { fee = sum }
        let cost: HTML =
            fee.map { sum in
                """
                <div class="alert alert-waiting">\(SiteParts.icon("alert"))<div>\(t("It is late: cancelling now costs \(sum.text)."))</div></div>
                """
            } ?? HTML()
        let form: HTML =
            visit.freedom == .none
            ? """
            <p>\(t("This visit can no longer be changed here. Please contact the business."))</p>
            """
            : """
            <form class="form" method="post" action="\(url: path + "/cancel")">\(fee.map { "<input type=\"hidden\" name=\"fee\" value=\"\($0.minor) \($0.currency)\">" } ?? HTML())
            <div class="field"><label for="reason">\(t("Why?")) <span class="optional">\(t("optional"))</span></label><input class="input" id="reason" name="reason" maxlength="300" autocomplete="off"></div>
            <div class="row"><button class="btn btn-primary">\(t("Yes, cancel it"))</button><a class="btn btn-quiet" href="\(url: path)">\(t("Keep it"))</a></div></form>
            """
        return BookingFrame(
            account: visit.front.account, title: t("Cancel the visit?"), step: nil,
            content: """
                <h1>\(t("Cancel the visit?"))</h1>
                \(problem.map { "<div class=\"alert alert-late\" role=\"alert\">\(SiteParts.icon("alert"))<div>\($0)</div></div>" } ?? HTML())
                <section class="book-summary"><h2>\(visit.service.name)</h2><p class="strong">\(BookingWords.span(appointment.start, appointment.end, visit.front.zone))</p></section>
                \(cost)\(form)
                """, back: path + "/cancel")
    }
}
