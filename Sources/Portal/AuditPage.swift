import Accounts
import Kernel
import WebShell

/// Who changed what at the business.
extension PortalRoutes {
    func addAudit(to group: PortalGroup) {
        group.get("audit") { call in
            let chosen = AuditTable.Chosen(actor: call.query("actor"), noun: call.query("noun"))
            let paging = Paging(limit: 50, after: call.query("cursor"))
            return try await read(call, requiring: .manageAccount) { visit, tx in
                var filter = chosen.filter
                filter.account = visit.account.id
                let entries = try AuditLog.entries(filter, paging, for: call.actor, in: tx)
                let table = AuditTable(
                    path: visit.path("audit"), chosen: chosen, entries: entries, paging: paging,
                    businesses: [],
                    people: try PeopleDirectory.names(in: visit.account.id, tx),
                    zone: visit.zone)
                return PortalFrame(
                    visit: visit, section: .audit, title: Section.audit.name,
                    content: Parts.head(
                        Section.audit.name, t("Who changed what here, you and we.")) + table.html
                ).page
            }
        }
    }
}
