import Accounts
import Booking
import Contacts
import Conversations
import Files
import HTTPTypes
import Hummingbird
import Kernel
import PhoneNumbers
import Privacy
import Store
import WebShell

/// The business's clients: who they are, what is kept of them, and how to hand that out or forget
/// them.
extension PortalRoutes {
    func addContacts(to group: PortalGroup) {
        group.get("contacts") { call in
            let query = call.query("query")
            return try await read(call) { visit, tx in
                ContactListPage(
                    visit: visit, query: query,
                    contacts: try ContactBook.contacts(
                        of: visit.account.id, query: query,
                        Paging(limit: ContactListPage.most, after: nil), in: tx)
                ).page
            }
        }
        group.get("contacts/:id") { call in try await contactPage(call) }
        group.post("contacts/:id/export") { call in
            _ = try await call.form()
            let account = try await account(call)
            let id: ContactID = call.id()
            _ = try await privacy.exports.request(id, by: call.actor)
            return .redirect(Visit.path(account, "contacts/\(id)") + "#data")
        }
        group.post("contacts/:id/erase") { call in
            let form = try await call.form()
            let account = try await account(call)
            do {
                let certificate = try await privacy.erasures.erase(
                    call.id(), confirm: form.text("confirm"), by: call.actor)
                return .redirect(Visit.path(account, "erasures/\(certificate.id)"))
            } catch let refusal as Refusal where refusal.kind == .invalid {
                let sentence = refusal.fields.first?.message
                return try await contactPage(call, problem: sentence).response(
                    status: .init(code: refusal.kind.rawValue))
            }
        }
        group.get("erasures/:id") { call in
            let id = call.context.parameters.get("id") ?? ""
            let certificate = try await privacy.erasures.certificate(id, for: call.actor)
            return try await read(call, requiring: .manageAccount) { visit, _ in
                guard certificate.account == visit.account.id else { throw Refusal.notFound() }
                return ErasurePage(visit: visit, certificate: certificate).page
            }
        }
    }

    private func contactPage(_ call: PortalCall, problem: Phrase? = nil) async throws -> Page {
        let id: ContactID = call.id()
        return try await read(call) { visit, tx in
            let contact = try ContactBook.contact(id, for: visit.actor, in: tx)
            guard contact.account == visit.account.id else { throw Refusal.notFound() }
            return ContactPage(
                visit: visit, contact: contact,
                appointments: try AppointmentBook.summaries(
                    ofContact: id, account: visit.account.id, limit: 20, in: tx),
                conversations: try Correspondence.history(
                    of: id, account: visit.account.id, limit: 20, in: tx),
                exports: visit.canManage
                    ? try ContactExports.exports(
                        of: id, account: visit.account.id, for: visit.actor, in: tx) : [],
                problem: problem
            ).page
        }
    }
}

struct ContactListPage: Sendable {
    static let most = 100

    var visit: Visit
    var query: String?
    var contacts: [Contact]

    var page: Page {
        let content: HTML = """
            \(Parts.head(Section.contacts.name, t("Everybody who wrote, called or booked.")))
            <form class="input-with" role="search" action="\(url: visit.path("contacts"))">\(Parts.icon("search"))
            <label class="sr-only" for="query">\(t("Search"))</label>
            <input class="input" id="query" name="query" type="search" value="\(query)" placeholder="\(t("Name, number or e-mail"))" autocomplete="off"></form>
            \(contacts.isEmpty ? nothing : list)
            """
        return PortalFrame(
            visit: visit, section: .contacts, title: Section.contacts.name, content: content,
            isNarrow: true
        ).page
    }

    private var nothing: HTML {
        query == nil
            ? Parts.empty(
                "users", t("No clients yet"),
                t("Whoever writes, calls or books for the first time appears here."))
            : Parts.empty(
                "search", t("Nothing found for “\(query ?? "")”"),
                t("Try the beginning of a name, a number or an address."))
    }

    private var list: HTML {
        let isCut = contacts.count > Self.most
        return """
            <ul class="card list">\(contacts.prefix(Self.most).html { contact in
                """
                <li><a class="list-item" href="\(url: visit.path("contacts/\(contact.id)"))"><span class="avatar" aria-hidden="true">\(Words.initials(contact.displayName))</span><span class="list-main"><span class="strong" dir="auto">\(contact.displayName)</span><span class="hint setting-note">\(ContactPage.addresses(contact, visit.account.phoneRegion).joined(separator: " · "))</span></span></a></li>
                """
            })</ul>
            \(isCut ? "<p class=\"hint\">\(t("There are more. Search to find the others."))</p>" : HTML())
            """
    }
}

struct ContactPage: Sendable {
    var visit: Visit
    var contact: Contact
    var appointments: [AppointmentSummary]
    var conversations: [ConversationSummary]
    var exports: [ContactExports.Export]
    var problem: Phrase?

    var page: Page {
        let name = Phrase(verbatim: contact.displayName)
        let content: HTML = """
            \(Parts.back(visit, .contacts))\(Parts.head(name))
            <div class="stack">\(problem.map { Parts.alert($0) } ?? HTML())
            \(card)\(booked)\(talks)\(visit.canManage ? data : HTML())</div>
            """
        return PortalFrame(
            visit: visit, section: .contacts, title: name, content: content, isNarrow: true
        ).page
    }

    private static let channels = ["email", "sms", "phone", "whatsapp"]

    /// Numbers and e-mail addresses; what other channels call a client says nothing to people.
    static func addresses(_ contact: Contact, _ home: PhoneRegion?) -> [String] {
        contact.points.filter { channels.contains($0.channel) }
            .map { $0.shown(in: home) }
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Each number and address once, with a link to call or write.
    private var reach: HTML {
        let home = visit.account.phoneRegion
        var seen: Set<String> = []
        let links = contact.points.filter {
            Self.channels.contains($0.channel) && seen.insert($0.address).inserted
        }.map { point -> HTML in
            point.phone == nil
                ? "<span dir=\"auto\">\(point.address)</span>"
                : HTML.phone(point.address, in: home)
        }
        guard let first = links.first else { return HTML() }
        let list = links.dropFirst().reduce(first) { "\($0), \($1)" }
        return
            "<li><span class=\"list-item\"><span class=\"list-main\"><span>\(list)</span><span class=\"hint setting-note\">\(t("Reach them at"))</span></span></span></li>"
    }

    private var card: HTML {
        let rows: [(Phrase, String?)] = [
            (t("Form of address"), contact.formOfAddress), (t("Notes"), contact.notes),
            (t("Client since"), BusinessTime.long(visit.zone.date(at: contact.createdAt))),
        ]
        return """
            <section class="card" aria-label="\(t("Client"))"><ul class="list">\(reach)\(rows.html { row in
                row.1.map { value in
                    "<li><span class=\"list-item\"><span class=\"list-main\"><span dir=\"auto\">\(value)</span><span class=\"hint setting-note\">\(row.0)</span></span></span></li>"
                } ?? HTML()
            })</ul></section>
            """
    }

    private var booked: HTML {
        if appointments.isEmpty { return HTML() }
        return """
            <section class="card"><header class="card-head"><h2>\(t("Appointments"))</h2></header><ul class="list">\(appointments.html { summary in
                let local = visit.zone.local(at: summary.appointment.start)
                return """
                    <li><a class="list-item" href="\(url: visit.path("appointments/\(summary.appointment.id)"))"><span class="list-main"><span class="strong">\(t("\(BusinessTime.heading(local.date)) at \(BusinessTime.clock(local.minuteOfDay))"))</span><span class="hint setting-note" dir="auto">\(summary.serviceName)</span></span>\(Parts.status(summary.appointment.status))</a></li>
                    """
            })</ul></section>
            """
    }

    private var talks: HTML {
        if conversations.isEmpty { return HTML() }
        return """
            <section class="card"><header class="card-head"><h2>\(t("Conversations"))</h2></header><ul class="list">\(conversations.html { summary in
                let talk = summary.conversation
                return """
                    <li><a class="list-item" href="\(url: visit.path("conversations/\(talk.id)"))"><span class="list-main"><span class="strong">\(BusinessTime.long(visit.zone.date(at: talk.lastMessageAt)))</span><span class="hint setting-note truncate" dir="auto">\(talk.preview)</span></span></a></li>
                    """
            })</ul></section>
            """
    }

    // MARK: What is kept of them

    private var data: HTML {
        let path = "contacts/\(contact.id)"
        return """
            <section class="card" id="data"><header class="card-head"><h2>\(t("Their data"))</h2></header><div class="card-body stack">
            <p>\(t("When a client asks what is kept about them, prepare a file with everything and send it to them. When they ask to be forgotten, erase them."))</p>
            <form method="post" action="\(url: visit.path(path + "/export"))">\(visit.token)<button class="btn">\(Parts.icon("box"))\(t("Prepare a file with everything"))</button></form>
            \(exports.isEmpty ? HTML() : "<ul class=\"list\">\(exports.html(export))</ul>")
            \(erase(path).html)
            </div></section>
            """
    }

    private func export(_ export: ContactExports.Export) -> HTML {
        let day = BusinessTime.long(visit.zone.date(at: export.createdAt))
        let state: HTML
        if let file = export.file {
            state = """
                <a class="btn btn-small" href="/files/\(file.id)" download>\(t("Download, \(ByteCount.text(file.size))"))</a>
                """
        } else {
            state =
                "<span class=\"badge\">\(export.isReady ? t("Expired") : t("Being prepared"))</span>"
        }
        return """
            <li><span class="list-item"><span class="list-main">\(day)</span><span class="list-end">\(state)</span></span></li>
            """
    }

    private func erase(_ path: String) -> Confirm {
        Confirm(
            visit: visit, action: path + "/erase", label: t("Erase this client"),
            question: t(
                "Messages, files, addresses and notes go for ever; appointments and inquiries stay without the person. Type “\(contact.name ?? contact.id.text)” to confirm."
            ),
            button: t("Erase for ever"),
            fields: """
                <div class="field"><label for="confirm">\(t("Name of the client"))</label><input class="input" id="confirm" name="confirm" maxlength="200" autocomplete="off" required></div>
                """)
    }
}

struct ErasurePage: Sendable {
    var visit: Visit
    var certificate: ContactErasures.Certificate

    var page: Page {
        let zone = visit.zone
        let day = BusinessTime.long(zone.date(at: certificate.createdAt))
        let clock = BusinessTime.clock(certificate.createdAt, zone)
        let counts = certificate.counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        let content: HTML = """
            \(Parts.back(visit, .contacts))\(Parts.head(t("A client was erased"), t("Keep the number of this page as your proof.")))
            <section class="card"><ul class="list">
            <li><span class="list-item"><span class="list-main">\(t("Certificate"))</span><span class="list-end"><code>\(certificate.id)</code></span></span></li>
            <li><span class="list-item"><span class="list-main">\(t("When"))</span><span class="list-end">\(t("\(day) at \(clock)"))</span></span></li>
            <li><span class="list-item"><span class="list-main">\(t("State"))</span><span class="list-end">\(certificate.isDone ? t("Done, nothing is left") : t("The last files are being removed"))</span></span></li>
            \(counts.html { count in
                "<li><span class=\"list-item\"><span class=\"list-main\"><code>\(count.key)</code></span><span class=\"list-end\">\(Parts.number(count.value))</span></span></li>"
            })</ul></section>
            """
        return PortalFrame(
            visit: visit, section: .contacts, title: t("A client was erased"), content: content,
            isNarrow: true
        ).page
    }
}
