import Accounts
import Booking
import Kernel
import PhoneNumbers
import Store
import WebShell

/// Who serves the clients.
extension PortalRoutes {
    func addStaff(to group: PortalGroup) {
        group.get("staff") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                StaffListPage(
                    visit: visit, staff: try Catalog.staff(of: visit.account.id, in: tx)
                ).page
            }
        }
        group.get("staff/new") { call in try await showStaff(call, nil) }
        group.post("staff/new") { call in try await submit(call, staffForm) }
        group.get("staff/:id") { call in try await showStaff(call, nil) }
        group.post("staff/:id") { call in try await submit(call, staffForm) }
    }

    private static func member(
        _ call: PortalCall, of account: Account, in tx: Transaction
    ) throws -> StaffMember? {
        guard call.namesOne else { return nil }
        let member = try Catalog.staffMember(call.id(), for: call.actor, in: tx)
        guard member.account == account.id else { throw Refusal.notFound() }
        return member
    }

    private func showStaff(_ call: PortalCall, _ values: FormValues?) async throws -> Page {
        try await read(call, requiring: .manageAccount) { visit, tx in
            let member = try Self.member(call, of: visit.account, in: tx)
            let general = try Catalog.hours(of: visit.account, in: tx)
            return StaffPage(
                visit: visit, member: member,
                values: values
                    ?? StaffPage.values(
                        of: member, home: visit.account.phoneRegion, general: general.hours,
                        today: visit.today)
            ).page
        }
    }

    private var staffForm: Submission {
        Submission(
            fields: StaffPage.names + HoursForm.fields, rows: HoursForm.rows,
            show: { try await showStaff($0, $1) },
            save: { call, account, values in
                let stored = try await store.read { tx in
                    try Self.member(call, of: account, in: tx)
                }
                var body: [String: JSONValue] = [
                    "name": values.text("name"), "email": values.optional("email"),
                    "phone": values.optional("phone"),
                    "is_active": .bool(values.isOn("is_active")), "schedule": .null,
                ]
                if values.isOn("own_hours") {
                    let zone = Zone(stored?.timeZone ?? account.timeZone) ?? .utc
                    body["schedule"] = HoursForm.read(
                        &values, keeping: stored?.hours, today: zone.date(at: ambient.now()))
                    try values.finish()
                }
                if let stored {
                    _ = try await catalog.updateStaff(
                        stored.id, .object(body), expecting: values.version, by: call.actor)
                } else {
                    _ = try await catalog.createStaff(
                        .object(body), in: account.id, by: call.actor)
                }
                return try await next("staff", of: account, by: call.actor)
            })
    }
}

struct StaffListPage: Sendable {
    var visit: Visit
    var staff: [StaffMember]

    var page: Page {
        let sorted = staff.filter(\.isActive) + staff.filter { !$0.isActive }
        let content: HTML = """
            \(Parts.head(Section.staff.name, t("Who serves your clients."), staff.isEmpty ? HTML() : Parts.primary(t("Add somebody"), visit.path("staff/new"))))
            \(staff.isEmpty ? nothing : "<ul class=\"card list\">\(sorted.html(item))</ul>")
            """
        return PortalFrame(
            visit: visit, section: .staff, title: Section.staff.name, content: content,
            isNarrow: true
        ).page
    }

    private func item(_ member: StaffMember) -> HTML {
        let details = [member.shownPhone(in: visit.account.phoneRegion), member.email].compactMap {
            $0
        }.joined(separator: " · ")
        return """
            <li><a class="list-item" href="\(url: visit.path("staff/\(member.id)"))"><span class="avatar" aria-hidden="true">\(Words.initials(member.name))</span><span class="list-main"><span class="strong" dir="auto">\(member.name)</span> \(Parts.off(member.isActive, t("Left")))<span class="hint setting-note">\(details)</span></span>
            <span class="list-end">\(member.hours == nil ? HTML() : "\(t("own hours"))")</span>\(Parts.icon("right"))</a></li>
            """
    }

    private var nothing: HTML {
        "<div class=\"card\">\(Parts.empty("users", t("Nobody here yet"), t("Add everybody whom clients can be booked with, yourself too."), Parts.primary(t("Add the first person"), visit.path("staff/new"))))</div>"
    }
}

struct StaffPage: Sendable {
    static let names = ["name", "email", "phone", "is_active", "own_hours"]

    var visit: Visit
    /// nil: somebody new.
    var member: StaffMember?
    var values: FormValues

    /// Without own hours the form shows the business's, ready to be changed.
    static func values(
        of member: StaffMember?, home: PhoneRegion?, general: OpeningHours, today: LocalDate
    ) -> FormValues {
        var values = FormValues([
            "name": member?.name, "email": member?.email, "phone": member?.shownPhone(in: home),
            "is_active": member?.isActive ?? true ? "1" : nil,
            "own_hours": member?.hours == nil ? nil : "1",
            "version": member.map { String($0.version) },
        ])
        let start = member?.hours ?? OpeningHours(weekly: general.weekly)
        HoursForm.fill(&values, with: start, today: today)
        return values
    }

    /// To the calendars that they keep elsewhere.
    private var calendars: HTML {
        guard let member else { return HTML() }
        return """
            <a class="btn" href="\(url: visit.path("staff/\(member.id)/calendars"))">\(Parts.icon("calendar"))\(t("Outside calendars"))</a>
            """
    }

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.text("name", t("Name"), .init(hint: t("As clients know them."), most: 120)))
            <div class="field-row">
            \(fields.text("phone", t("Telephone"), .init(type: "tel", hint: t("As you dial it; from abroad with + and the country’s code. For us only."), isOptional: true, most: 40)))
            \(fields.text("email", t("E-mail"), .init(type: "email", isOptional: true, most: 254)))
            </div>
            \(fields.onOff("is_active", t("Works here"), hint: t("Off: nobody can be booked with them any more; what is booked stays.")))
            </div></div>
            <div class="own-hours stack"><div class="card"><div class="card-body">\(fields.onOff("own_hours", t("Own working hours"), hint: t("Off: the business's opening hours apply.")))</div></div>
            <div class="own-hours-editor stack">\(HoursEditor(values: values).html)</div></div>
            """
        let form = SettingsForm(
            visit: visit, action: member.map { "staff/\($0.id)" } ?? "staff/new", values: values,
            names: Self.names + HoursForm.shownNames(values), body: body, back: "staff")
        let title = member.map { Phrase(verbatim: $0.name) } ?? t("New staff member")
        return PortalFrame(
            visit: visit, section: .staff, title: title,
            content: Parts.back(visit, .staff) + Parts.head(title, nil, calendars) + form.html, isNarrow: true
        ).page
    }
}
