import Kernel
import WebShell

/// The record of changes as a page shows it, with its filter and paging; the office's and the
/// businesses' pages put it into their own frames.
package struct AuditTable: Sendable {
    /// What the filter is set to.
    package struct Chosen: Sendable {
        package var account: String?
        package var actor: String?
        package var noun: String?

        package init(account: String? = nil, actor: String? = nil, noun: String? = nil) {
            self.account = account
            self.actor = actor
            self.noun = AuditWords.nouns.contains { $0.noun == noun } ? noun : nil
        }

        package var filter: AuditLog.Filter {
            .init(
                account: account.map { AccountID($0) }, actor: actor.map { UserID($0) }, noun: noun)
        }
    }

    let path: String
    let chosen: Chosen
    let entries: [AuditEntry]
    let paging: Paging
    /// Empty: the page is of one business.
    let businesses: [(id: String, name: String)]
    let people: [(id: String, name: String)]
    let zone: Zone

    package init(
        path: String, chosen: Chosen, entries: [AuditEntry], paging: Paging,
        businesses: [(id: String, name: String)], people: [(id: String, name: String)], zone: Zone
    ) {
        self.path = path
        self.chosen = chosen
        self.entries = entries
        self.paging = paging
        self.businesses = businesses
        self.people = people
        self.zone = zone
    }

    package var html: HTML {
        let shown = entries.prefix(paging.limit)
        let list: HTML =
            shown.isEmpty
            ? """
            <div class="empty"><h2>\(t("No changes"))</h2><p>\(t("What people change appears here, with what was there before."))</p></div>
            """
            : "<ol class=\"list audit-list\">\(shown.html(item))</ol>"
        return "\(filter)<section class=\"card card-wide\">\(list)</section>\(older)"
    }

    private var filter: HTML {
        let nouns = AuditWords.nouns.map { (id: $0.noun, name: $0.words.text) }
        return """
            <form class="toolbar" method="get" action="\(path)">
            \(businesses.isEmpty ? HTML() : select("account", t("Business"), t("All businesses"), businesses, chosen.account))
            \(select("actor", t("Who"), t("Everybody"), people, chosen.actor))
            \(select("noun", t("What"), t("Everything"), nouns, chosen.noun))
            <button class="btn">\(t("Show"))</button></form>
            """
    }

    private func select(
        _ name: String, _ label: Phrase, _ all: Phrase, _ options: [(id: String, name: String)],
        _ value: String?
    ) -> HTML {
        """
        <select class="input" name="\(name)" aria-label="\(label)"><option value="">\(all)</option>\(options.html {
            "<option value=\"\($0.id)\"\(attribute: "selected", if: $0.id == value)>\($0.name)</option>"
        })</select>
        """
    }

    private var older: HTML {
        guard entries.count > paging.limit, let last = entries.prefix(paging.limit).last else {
            return HTML()
        }
        var address = path + "?cursor=" + last.id
        for (name, value) in [
            ("account", chosen.account), ("actor", chosen.actor), ("noun", chosen.noun),
        ] {
            if let value {
                address += "&\(name)=\(value.filter { $0.isLetter || $0.isNumber || $0 == "_" })"
            }
        }
        return "<p><a class=\"btn\" href=\"\(url: address)\">\(t("Older"))</a></p>"
    }

    private func item(_ entry: AuditEntry) -> HTML {
        let local = zone.local(at: entry.occurredAt)
        let clock = LocalTime(minutes: local.minuteOfDay)?.description ?? ""
        let time = "\(Tongue.current.calendar.short(local.date)) \(clock)"
        let business = businesses.first { $0.id == entry.account?.text }?.name
        return """
            <li class="audit-item"><div class="spread"><p><span class="strong">\(entry.actorName)</span> · \(AuditWords.sentence(entry.action))\(entry.label.map { " <span class=\"strong\" dir=\"auto\">\($0)</span>" } ?? HTML())</p><time class="muted small" datetime="\(entry.occurredAt.description)">\(time)</time></div>
            \(differences(entry))
            <p class="hint">\(origin(entry, business))</p></li>
            """
    }

    private func origin(_ entry: AuditEntry, _ business: String?) -> HTML {
        let means: Phrase =
            switch entry.origin.means {
            case .browser: t("in a browser")
            case .token: t("by a program with a token")
            case .link: t("by a link")
            case .program: t("on the server")
            }
        let parts = [business, means.text, entry.origin.address].compactMap { $0 }
        return "\(parts.joined(separator: " · "))"
    }

    /// Before and after, field by field, behind a summary.
    private func differences(_ entry: AuditEntry) -> HTML {
        let (before, after) = (entry.before.object ?? [:], entry.after.object ?? [:])
        let names = Set(before.keys).union(after.keys).sorted()
        if names.isEmpty { return HTML() }
        return """
            <details><summary class="small">\(Phrase.plural(names.count, one: "\(names.count) field", other: "\(names.count) fields"))</summary><div class="table-wrap"><table class="table audit-fields"><thead><tr><th scope="col">\(t("Field"))</th><th scope="col">\(t("Before"))</th><th scope="col">\(t("After"))</th></tr></thead><tbody>\(names.html { name in
                "<tr><th scope=\"row\"><code>\(name)</code></th><td dir=\"auto\">\(text(before[name]))</td><td dir=\"auto\">\(text(after[name]))</td></tr>"
            })</tbody></table></div></details>
            """
    }

    private func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "–" }
        return value.string ?? value.serialized
    }
}
