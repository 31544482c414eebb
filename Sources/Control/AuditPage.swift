import Accounts
import Hummingbird
import Kernel
import WebShell

extension ControlRoutes {
    /// Who changed what, in the whole office.
    func addAudit(to group: RouterGroup<WebContext>) {
        group.get("audit") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let chosen = AuditTable.Chosen(
                account: call.query("account"), actor: call.query("actor"),
                noun: call.query("noun"))
            let paging = Paging(limit: 50, after: call.query("cursor"))
            let entries = try await AuditLog(store: store).entries(
                chosen.filter, paging, for: call.actor)
            let businesses = try await accounts.accounts(
                for: call.actor, Paging(limit: 199, after: nil))
            let team = try await people.officeUsers(
                Paging(limit: 199, after: nil), for: call.actor)
            let table = AuditTable(
                path: "/control/audit", chosen: chosen, entries: entries, paging: paging,
                businesses: businesses.map { ($0.id.text, $0.name) },
                people: team.map { ($0.id.text, $0.name) }, zone: .utc)
            let content: HTML = """
                \(ControlParts.head(t("Changes"), t("Who changed what, in the office and in every business. Times are UTC.")))
                \(table.html)
                """
            return ControlFrame(call, .people, t("Changes"), content).page.response()
        }
    }
}
