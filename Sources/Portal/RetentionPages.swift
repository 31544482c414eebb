import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import Privacy
import WebShell

/// How long the business keeps each class of its data; never longer than the office.
extension PortalRoutes {
    func addRetention(to group: PortalGroup) {
        group.get("retention") { call in
            let account = try await account(call)
            let rules = try await privacy.retention.rules(of: account.id, for: call.actor)
            return try await retentionPage(call, RetentionPage.values(of: rules.own))
        }
        group.post("retention") { call in
            let (account, form) = (try await account(call), try await call.form())
            var values = FormValues(form, RetentionPage.names)
            do {
                let wanted = try RetentionPage.rules(values)
                let present = try await privacy.retention.rules(of: account.id, for: call.actor)
                let office = try await privacy.retention.bounds(for: call.actor, of: account.id)
                let next = Retention.effective(office, wanted)
                let shorter = RetentionClass.allCases.filter { kind in
                    (next[kind] ?? .max) < (present.effective[kind] ?? .max)
                }
                if !shorter.isEmpty, form["confirmed"] != "yes" {
                    return try await confirmation(call, values, next, shorter).response()
                }
                let body = RetentionClass.allCases.map {
                    ($0.rawValue, JSONValue.number(wanted[$0]))
                }
                try await privacy.retention.change(
                    .object(Dictionary(uniqueKeysWithValues: body)), of: account.id,
                    by: call.actor)
                return .redirect(Visit.path(account, "retention") + "?saved=1")
            } catch let refusal as Refusal {
                try values.take(refusal, renaming: [:])
                return try await retentionPage(call, values).response(status: values.status)
            }
        }
    }

    private func retentionPage(_ call: PortalCall, _ values: FormValues) async throws -> Page {
        let account = try await account(call)
        let office = try await privacy.retention.bounds(for: call.actor, of: account.id)
        let effective = try await privacy.retention.rules(of: account.id, for: call.actor).effective
        let counts = try await privacy.retention.preview(
            of: account.id, under: effective, for: call.actor)
        return try await read(call, requiring: .manageAccount) { visit, _ in
            RetentionPage(
                visit: visit, values: values, office: office, effective: effective, counts: counts
            ).page
        }
    }

    private func confirmation(
        _ call: PortalCall, _ values: FormValues, _ next: Retention.Rules,
        _ shorter: [RetentionClass]
    ) async throws -> Page {
        let account = try await account(call)
        let counts = try await privacy.retention.preview(
            of: account.id, under: next.filter { shorter.contains($0.key) }, for: call.actor)
        return try await read(call, requiring: .manageAccount) { visit, _ in
            RetentionQuestion(
                visit: visit, values: values, next: next, shorter: shorter, counts: counts
            ).page
        }
    }
}

struct RetentionPage: Sendable {
    static let names = RetentionClass.allCases.map(\.rawValue)
    private static let choices = [7, 30, 90, 180, 365, 730, 1095, 1825, 3650]

    var visit: Visit
    var values: FormValues
    var office: Retention.Rules
    var effective: Retention.Rules
    var counts: [RetentionClass: Int]

    static func values(of own: Retention.Rules) -> FormValues {
        FormValues(
            Dictionary(uniqueKeysWithValues: own.map { ($0.key.rawValue, "\($0.value)") }))
    }

    static func rules(_ values: FormValues) throws -> Retention.Rules {
        var rules: Retention.Rules = [:]
        for kind in RetentionClass.allCases where !values[kind.rawValue].isEmpty {
            guard let days = Int(values[kind.rawValue]) else {
                throw Refusal.invalid(kind.rawValue, "number", "must be a whole number.")
            }
            rules[kind] = days
        }
        return rules
    }

    var page: Page {
        let form = SettingsForm(
            visit: visit, action: "retention", values: values, names: Self.names,
            body: """
                <div class="card"><div class="card-body form">\(RetentionClass.allCases.html(field))</div></div>
                """)
        let note = t(
            "What gets older is deleted for good every night. You may keep it for less time than the office does, not for more."
        )
        return PortalFrame(
            visit: visit, section: .retention, title: Section.retention.name,
            content: Parts.head(Section.retention.name, note) + form.html, isNarrow: true
        ).page
    }

    private func field(_ kind: RetentionClass) -> HTML {
        let bound = office[kind]
        let asOffice =
            bound.map { t("As the office: \(Self.span($0))") } ?? t("As the office: for ever")
        let own = Int(values[kind.rawValue])
        var days = Self.choices.filter { $0 <= min(bound ?? .max, kind.mostDays) }
        if let own, !days.contains(own) { days = (days + [own]).sorted() }
        var hints = [kind.explanation]
        if let shown = effective[kind] {
            hints.append(Self.effect(shown))
            hints.append(Self.tonight(counts[kind] ?? 0))
        } else {
            hints.append(t("Nothing is deleted."))
        }
        return Fields(values).select(
            kind.rawValue, kind.name,
            [(value: "", text: asOffice)] + days.map { (value: "\($0)", text: Self.span($0)) },
            .init(hint: Phrase(joining: hints)))
    }

    /// Whole years as years.
    static func span(_ days: Int) -> Phrase {
        let years = days / 365
        return days % 365 == 0
            ? Phrase.plural(years, one: "\(years) year", other: "\(years) years")
            : Phrase.plural(days, one: "\(days) day", other: "\(days) days")
    }

    static func effect(_ days: Int) -> Phrase {
        let years = days / 365
        return days % 365 == 0
            ? Phrase.plural(
                years, one: "What is older than \(years) year is deleted every night.",
                other: "What is older than \(years) years is deleted every night.")
            : Phrase.plural(
                days, one: "What is older than \(days) day is deleted every night.",
                other: "What is older than \(days) days is deleted every night.")
    }

    static func tonight(_ count: Int) -> Phrase {
        if count >= Retention.mostCounted { return t("More than \(count) would go tonight.") }
        return count == 0
            ? t("Nothing would go tonight.")
            : Phrase.plural(
                count, one: "\(count) would go tonight.", other: "\(count) would go tonight.")
    }
}

/// Asked before anything is kept for less time than until now.
struct RetentionQuestion: Sendable {
    var visit: Visit
    var values: FormValues
    var next: Retention.Rules
    var shorter: [RetentionClass]
    var counts: [RetentionClass: Int]

    var page: Page {
        let content: HTML = """
            \(Parts.back(visit, .retention))\(Parts.head(t("Keep this for less time?"), t("What is deleted cannot be brought back, by you or by us.")))
            <form class="card" method="post" action="\(url: visit.path("retention"))">\(visit.token)<input type="hidden" name="confirmed" value="yes">
            \(RetentionPage.names.html { "<input type=\"hidden\" name=\"\($0)\" value=\"\(values[$0])\">" })
            <ul class="list">\(shorter.html(item))</ul>
            <div class="card-foot"><button class="btn btn-danger">\(t("Yes, delete what is older"))</button><a class="btn btn-quiet" href="\(url: visit.path("retention"))">\(t("Leave it as it was"))</a></div></form>
            """
        return PortalFrame(
            visit: visit, section: .retention, title: t("Keep this for less time?"),
            content: content, isNarrow: true
        ).page
    }

    private func item(_ kind: RetentionClass) -> HTML {
        """
        <li><div class="list-item"><span class="list-main"><span class="strong">\(kind.name)</span><span class="hint setting-note">\(next[kind].map(RetentionPage.effect) ?? Phrase(verbatim: "")) \(RetentionPage.tonight(counts[kind] ?? 0))</span></span></div></li>
        """
    }
}
