import Accounts
import Booking
import Hummingbird
import Kernel
import Store
import WebShell

/// The calendars that a staff member keeps elsewhere, and what came of reading them.
extension PortalRoutes {
    func addCalendarSources(to group: PortalGroup) {
        group.get("staff/:id/calendars") { call in
            try await showSources(call, FormValues([:]))
        }
        group.post("staff/:id/calendars") { call in try await submit(call, sourceForm) }
        group.post("calendar-sources/:id/remove") { call in
            let account = try await account(call)
            _ = try await call.form()
            let source = try await sources.source(call.id(), for: call.actor)
            try await sources.delete(source.id, of: account.id, by: call.actor)
            let back = "staff/\(source.party.text)/calendars"
            return .redirect(Visit.path(account, back) + "?saved=1")
        }
    }

    private func showSources(_ call: PortalCall, _ values: FormValues) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            let member = try Catalog.staffMember(call.id(), for: call.actor, in: tx)
            guard member.account == visit.account.id else { throw Refusal.notFound() }
            return CalendarSourcesPage(
                visit: visit, member: member,
                sources: try CalendarSources.sources(
                    of: .staff(member.id), in: visit.account.id, tx),
                values: values
            ).page
        }
    }

    private var sourceForm: Submission {
        Submission(
            fields: CalendarSourcesPage.names, show: { try await showSources($0, $1) },
            save: { call, account, values in
                let member = try await catalog.staffMember(call.id(), for: call.actor)
                guard member.account == account.id else { throw Refusal.notFound() }
                _ = try await sources.create(
                    [
                        "name": values.optional("name"), "url": values.text("url"),
                        "username": values.optional("username"),
                        "password": values.optional("password"),
                    ], for: .staff(member.id), by: call.actor)
                return "staff/\(member.id)/calendars"
            })
    }
}

struct CalendarSourcesPage: Sendable {
    static let names = ["name", "url", "username", "password"]

    var visit: Visit
    var member: StaffMember
    var sources: [CalendarSource]
    var values: FormValues

    var page: Page {
        let title = t("Outside calendars")
        let content: HTML = """
            <p class="back-link"><a href="\(url: visit.path("staff/\(member.id)"))">\(Parts.icon("left"))<span dir="auto">\(member.name)</span></a></p>
            \(Parts.head(title, t("What stands there blocks the time here. We look every half hour and take nothing but the times.")))
            \(sources.isEmpty ? HTML() : "<ul class=\"card list\">\(sources.html(item))</ul>")
            \(form.html)
            """
        return PortalFrame(
            visit: visit, section: .staff, title: title, content: content, isNarrow: true
        ).page
    }

    private var form: SettingsForm {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form"><h2>\(t("Read another calendar"))</h2>
            \(fields.text("url", t("Address of the calendar"), .init(type: "url", hint: t("A link that ends in .ics, or a CalDAV address. Your calendar program shows it under “Share” or “Integrate”."), most: 2000)))
            \(fields.text("name", t("Name of the calendar"), .init(hint: t("Shown on the blocked times."), isOptional: true, most: 120)))
            <div class="field-row">
            \(fields.text("username", t("User name"), .init(isOptional: true, most: 250)))
            \(fields.text("password", t("Password"), .init(type: "password", hint: t("Kept sealed and never shown again."), isOptional: true, most: 250, autocomplete: "new-password")))
            </div></div></div>
            """
        return SettingsForm(
            visit: visit, action: "staff/\(member.id)/calendars", values: values,
            names: Self.names, body: body, button: t("Read this calendar"),
            back: "staff/\(member.id)")
    }

    private func item(_ source: CalendarSource) -> HTML {
        """
        <li class="card-body stack stack-tight"><div><span class="strong" dir="auto">\(source.name)</span> \(source.failure == nil ? HTML() : "<span class=\"badge\">\(t("Cannot be read"))</span>")
        <span class="hint setting-note">\(state(source))</span>\(source.failure.map { "<span class=\"hint setting-note\">\($0)</span>" } ?? HTML())</div>
        \(Confirm(
            visit: visit, action: "calendar-sources/\(source.id)/remove", label: t("Remove"),
            question: t("The times that it blocks are free again at once."),
            button: t("Remove the calendar")).html)</li>
        """
    }

    private func state(_ source: CalendarSource) -> Phrase {
        guard let at = source.succeededAt else {
            return source.failure == nil
                ? t("It will be read in a moment.") : t("It has not been read yet.")
        }
        let day = BusinessTime.day(visit.zone.date(at: at), today: visit.today)
        let time = BusinessTime.clock(at, visit.zone)
        let count = source.eventCount
        return Phrase.plural(
            count, one: "\(count) time blocked · last read: \(day), \(time)",
            other: "\(count) times blocked · last read: \(day), \(time)")
    }
}
