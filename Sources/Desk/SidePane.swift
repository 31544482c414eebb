import Accounts
import Booking
import Contacts
import Conversations
import Guidance
import Inquiries
import Kernel
import PhoneNumbers
import WebShell

/// The right pane: what the business says, who the client is, booking and the inquiry.
struct SidePane {
    var account: Account
    var guidance: GuidanceSheet
    var schedule: Schedule
    var services: [BookableService]
    var articles: [KnowledgeHit]
    var contact: Contact
    var conversation: Conversation
    var appointments: [AppointmentSummary]
    var history: [ConversationSummary]
    var inquiries: [InquiryEntry]
    var zone: Zone
    var now: Instant

    private var hue: Int { DeskParts.hue(account.hue) }

    var html: HTML {
        """
        <header class="side-head" data-account="\(account.id)">
        <h2><span class="dot" data-hue="\(hue)"></span><span class="truncate">\(account.name)</span>\(openBadge)<a class="btn btn-quiet btn-icon btn-small side-calendar" href="\(url: DeskRoutes.base(account))/calendar?view=day" aria-label="\(t("Calendar of \(account.name)"))" title="\(t("Calendar"))">\(DeskParts.icon("calendar"))</a></h2>
        <p class="muted tiny">\(account.address.map { "\($0) · " }) \(t("{1} there now"), with: "<time>\(BusinessTime.clock(zone.local(at: now).minuteOfDay))</time>")</p>
        </header>
        <div class="tabs" role="tablist" aria-label="\(t("About this conversation"))">
        \(tab("business", t("Business"), key: "K", isOn: true))\(tab("client", t("Client"), key: "C"))\(tab("book", t("Book"), key: "B"))\(tab("inquiry", t("Inquiry"), key: "I"))
        </div>
        \(panel("business", business, isOn: true))\(panel("client", client))\(panel("book", booking))\(panel("inquiry", inquiry))
        """
    }

    private func tab(
        _ name: String, _ text: Phrase, key: String, isOn: Bool = false
    ) -> HTML {
        """
        <button class="tab" type="button" role="tab" data-tab="\(name)" id="tab-\(name)" aria-controls="panel-\(name)" aria-selected="\(isOn ? "true" : "false")" tabindex="\(isOn ? 0 : -1)" aria-keyshortcuts="\(key)">\(text) <kbd>\(key)</kbd></button>
        """
    }

    private func panel(_ name: String, _ content: HTML, isOn: Bool = false) -> HTML {
        """
        <div class="pane-scroll side-panel" role="tabpanel" data-panel="\(name)" id="panel-\(name)" aria-labelledby="tab-\(name)" tabindex="0"\(attribute: "hidden", if: !isOn)>\(content)</div>
        """
    }

    private var openBadge: HTML {
        if let opening = schedule.opening(at: now) {
            let minute = zone.local(at: opening.end).minuteOfDay
            let end = minute == 0 ? "24:00" : BusinessTime.clock(minute)
            return "<span class=\"badge badge-booked\">\(t("Open until \(end)"))</span>"
        }
        return "<span class=\"badge badge-waiting\">\(t("Closed now"))</span>"
    }

    // MARK: Business

    private var business: HTML {
        let today = zone.date(at: now)
        let days = (0..<4).map { today.adding(days: $0) }
        let script: HTML =
            guidance.steps.isEmpty
            ? "<p class=\"muted\">\(t("The business has not written a script yet."))</p>"
            : """
            <ol class="script-steps">\(guidance.steps.html { step in
                """
                <li><label class="check"><input type="checkbox"> <span>\(step.title)<span class="say" dir="auto">\(step.say)</span></span></label></li>
                """
            })</ol>
            """
        return """
            <section class="side-section"><h3>\(t("Answers"))</h3>
            <div class="input-with">\(DeskParts.icon("search"))
            <label class="sr-only" for="kb">\(t("Search what \(account.name) says"))</label>
            <input class="input" id="kb" type="search" data-knowledge-search placeholder="\(t("Search what the business says"))" autocomplete="off"><kbd>K</kbd></div>
            <ul data-knowledge="/desk/conversations/\(conversation.id)/knowledge" aria-live="polite">\(Self.results(articles))</ul></section>
            <section class="side-section"><h3>\(t("Script"))</h3>\(guidance.tone.isEmpty ? HTML() : "<p class=\"muted\" dir=\"auto\">\(guidance.tone)</p>")\(script)</section>
            <section class="side-section"><h3>\(t("Services"))</h3>\(servicesTable)</section>
            <section class="side-section"><h3>\(t("Hours and place"))</h3><dl class="facts">
            \(days.html { day in
                "<dt>\(BusinessTime.day(day, today: today))</dt><dd class=\"num\">\(BusinessTime.windows(schedule.windows(on: day), zone))</dd>"
            })
            \(fact(t("Address"), account.address))\(telephone)\(fact(t("Web site"), account.website))
            </dl></section>
            \(guidance.about.isEmpty ? HTML() : "<section class=\"side-section\"><h3>\(t("About the business"))</h3><p dir=\"auto\">\(guidance.about)</p></section>")
            """
    }

    private var telephone: HTML {
        account.phone.map {
            "<dt>\(t("Telephone"))</dt><dd>\(HTML.phone($0, in: account.phoneRegion))</dd>"
        } ?? HTML()
    }

    private func fact(_ name: Phrase, _ value: String?) -> HTML {
        value.map { "<dt>\(name)</dt><dd dir=\"auto\">\($0)</dd>" } ?? HTML()
    }

    private var servicesTable: HTML {
        if services.isEmpty { return "<p class=\"muted\">\(t("No services yet."))</p>" }
        return """
            <table class="table"><thead><tr><th scope="col">\(t("Service"))</th><th scope="col" class="num">\(t("Time"))</th><th scope="col" class="num">\(t("Price"))</th></tr></thead>
            <tbody>\(services.html { service in
                "<tr><th scope=\"row\">\(service.name)</th><td class=\"num\">\(DeskTime.duration(service.durationMinutes))</td><td class=\"num\">\(Self.price(service))</td></tr>"
            })</tbody></table>
            """
    }

    private static func price(_ service: BookableService) -> String? {
        service.price.map { $0.minor == 0 ? t("Free").text : $0.text }
    }

    /// Knowledge that fits the words typed; a click or Enter puts the answer into the reply.
    static func results(_ hits: [KnowledgeHit]) -> HTML {
        if hits.isEmpty {
            return
                "<li class=\"result\"><p class=\"muted\">\(t("Nothing found. Pass it on as a hard question."))</p></li>"
        }
        return hits.html { hit in
            """
            <li class="result"><button class="result-button" type="button" data-answer="\(hit.article.answer)" data-article="\(hit.article.id)"><span class="strong" dir="auto">\(hit.article.question)</span><span class="muted" dir="auto">\(hit.article.answer)</span></button></li>
            """
        }
    }

    // MARK: Client

    private var client: HTML {
        let email = contact.points.first { $0.channel == "email" && !$0.isVerified }
        let phone = contact.points.first {
            ["sms", "phone", "whatsapp"].contains($0.channel) && !$0.isVerified
        }
        return """
            <section class="side-section">
            <form class="form" data-contact-form data-contact="\(contact.id)">
            <div class="client-head"><span class="avatar avatar-large" aria-hidden="true">\(DeskParts.initials(contact.displayName))</span>
            <div class="list-main"><label class="sr-only" for="client-name">\(t("Name"))</label>
            <input class="input client-name" id="client-name" name="name" value="\(contact.name)" placeholder="\(contact.displayName)" maxlength="200" autocomplete="off" dir="auto">
            <p class="muted tiny">\(t("Client since \(BusinessTime.short(zone.date(at: contact.createdAt)))"))</p></div></div>
            <div class="field"><label for="client-phone">\(t("Telephone"))</label><input class="input" id="client-phone" name="phone" type="tel" value="\(phone?.shown(in: account.phoneRegion))" placeholder="+1 202 555 0123" autocomplete="off"></div>
            <div class="field"><label for="client-email">\(t("E-mail"))</label><input class="input" id="client-email" name="email" type="email" value="\(email?.address)" autocomplete="off"></div>
            <div class="field"><label for="client-notes">\(t("Notes"))</label><textarea class="input" id="client-notes" name="notes" rows="2" maxlength="4000" dir="auto">\(contact.notes)</textarea></div>
            <div class="form-actions"><button class="btn">\(t("Save client"))</button></div>
            </form></section>
            <section class="side-section"><h3>\(t("Appointments"))</h3>\(appointmentList)</section>
            <section class="side-section"><h3>\(t("Conversations"))</h3>\(historyList)</section>
            <section class="side-section"><h3>\(t("Inquiries"))</h3>\(inquiryList)</section>
            """
    }

    private var appointmentList: HTML {
        if appointments.isEmpty { return "<p class=\"muted\">\(t("None yet."))</p>" }
        return """
            <ol class="history">\(appointments.html { item in
                let appointment = item.appointment
                let local = zone.local(at: appointment.start)
                let time = BusinessTime.clock(local.minuteOfDay)
                let staff = item.staffNames.joined(separator: ", ")
                return """
                    <li data-appointment="\(appointment.id)"><time>\(BusinessTime.short(local.date))</time><span>\(item.serviceName) <span class="muted">\(staff.isEmpty ? Phrase(verbatim: time) : t("with \(staff), \(time)"))</span></span>\(Self.badge(appointment, now: now))</li>
                    """
            })</ol>
            """
    }

    static func badge(_ appointment: Appointment, now: Instant) -> HTML {
        switch appointment.status {
        case .held: "<span class=\"badge\">\(t("Held"))</span>"
        case .pending: "<span class=\"badge badge-waiting\">\(t("Pending"))</span>"
        case .confirmed where appointment.end > now:
            "<span class=\"badge badge-accent\">\(t("Booked"))</span>"
        case .confirmed, .completed: "<span class=\"badge\">\(t("Came"))</span>"
        case .canceled: "<span class=\"badge\">\(t("Cancelled"))</span>"
        case .noShow: "<span class=\"badge badge-late\">\(t("No-show"))</span>"
        }
    }

    private var historyList: HTML {
        """
        <ol class="history">\(history.html { item in
            """
            <li><time>\(BusinessTime.short(zone.date(at: item.conversation.createdAt)))</time><a class="truncate" href="/desk/conversations/\(item.conversation.id)" dir="auto">\(item.conversation.preview)</a><span class="muted">\(DeskParts.channel(item.channel))</span></li>
            """
        })</ol>
        """
    }

    private var inquiryList: HTML {
        if inquiries.isEmpty {
            return "<p class=\"muted\">\(t("None recorded in this conversation."))</p>"
        }
        return """
            <ol class="history">\(inquiries.html { entry in
                """
                <li><time>\(BusinessTime.short(zone.date(at: entry.inquiry.createdAt)))</time><span>\(Self.kind(entry.inquiry.kind)) <span class="muted" dir="auto">\(entry.inquiry.topic)</span></span><span class="badge">\(entry.inquiry.disposition.map { Self.outcome($0).text })</span></li>
                """
            })</ol>
            """
    }

    static func kind(_ kind: Inquiry.Kind) -> Phrase {
        switch kind {
        case .booking: t("Booking")
        case .question: t("Question")
        case .hardQuestion: t("Hard question")
        case .complaint: t("Complaint")
        case .suggestion: t("Suggestion")
        case .order: t("Order")
        case .other: t("Other")
        }
    }

    private static let outcomes = [
        "booked", "answered", "passed_on", "called_back", "lost", "spam",
    ]

    /// Programs may write other words of their own.
    static func outcome(_ name: String) -> Phrase {
        switch name {
        case "booked": t("Booked")
        case "answered": t("Answered")
        case "passed_on": t("Passed on")
        case "called_back": t("Called back")
        case "lost": t("Lost")
        case "spam": t("Spam")
        default: Phrase(verbatim: name)
        }
    }

    // MARK: Booking and inquiry

    private var booking: HTML {
        """
        <div class="booking" data-booking data-account="\(account.id)" data-conversation="\(conversation.id)" data-contact="\(contact.id)" data-contact-name="\(contact.name)" data-step="services">
        <ol class="steps" aria-label="\(t("Booking"))"><li data-for="services">\(t("Service"))</li><li data-for="slots">\(t("Time"))</li><li data-for="confirm">\(t("Confirm"))</li></ol>
        <div class="service-list" data-booking-services>\(serviceButtons)</div>
        <div class="booking-body" data-booking-body></div>
        </div>
        """
    }

    private var serviceButtons: HTML {
        if services.isEmpty {
            return DeskParts.empty(
                "calendar", t("Nothing to book"),
                t("The business has not listed its services yet."))
        }
        return services.enumerated().html { index, service in
            """
            <button class="choice booking-service" type="button" data-service="\(service.id)" data-name="\(service.name)" data-price="\(Self.price(service))">\(index < 9 ? "<kbd>\(index + 1)</kbd>" : HTML())<span class="choice-main">\(service.name)<small>\(DeskTime.duration(service.durationMinutes))</small></span><span class="price">\(Self.price(service))</span></button>
            """
        }
    }

    private var inquiry: HTML {
        """
        <form class="booking form" data-inquiry-form data-account="\(account.id)" data-conversation="\(conversation.id)" data-contact="\(contact.id)">
        <fieldset class="field"><legend>\(t("What did they want?"))</legend><div class="chips">\(Inquiry.Kind.allCases.enumerated().html { index, kind in
                "<label class=\"chip\"><input type=\"radio\" name=\"kind\" value=\"\(kind.rawValue)\"\(attribute: "checked", if: index == 0)><span>\(Self.kind(kind))</span></label>"
            })</div></fieldset>
        <fieldset class="field"><legend>\(t("How did it end?"))</legend><div class="chips">\(Self.outcomes.html { outcome in
                "<label class=\"chip\"><input type=\"radio\" name=\"disposition\" value=\"\(outcome)\"><span>\(Self.outcome(outcome))</span></label>"
            })</div></fieldset>
        <div class="field"><label for="topic">\(t("Topic")) <span class="optional">\(t("optional"))</span></label><input class="input" id="topic" name="topic" maxlength="200" autocomplete="off" dir="auto"></div>
        <div class="field"><label for="inquiry-notes">\(t("Note for the business")) <span class="optional">\(t("optional"))</span></label><textarea class="input" id="inquiry-notes" name="notes" rows="2" maxlength="4000" dir="auto"></textarea></div>
        <div class="form-actions"><button class="btn btn-primary">\(t("Record inquiry"))</button></div>
        </form>
        """
    }
}
