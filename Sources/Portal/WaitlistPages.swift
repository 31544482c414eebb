import Accounts
import Booking
import Contacts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// Who waits for a time.
extension PortalRoutes {
    func addWaitlist(to group: PortalGroup) {
        group.get("waitlist") { call in
            let account = try await account(call, requiring: .viewAccount)
            let entries = try await waitlist.entries(
                of: account.id, [.waiting, .offered], Paging(limit: 200, after: nil),
                for: call.actor)
            return try await read(call) { visit, tx in
                let services = try Catalog.services(of: visit.account.id, in: tx)
                let people = try entries.map {
                    try ContactBook.contact($0.contact, for: visit.actor, in: tx).displayName
                }
                return WaitlistPage(
                    visit: visit, entries: Array(zip(entries, people)),
                    services: Dictionary(services.map { ($0.id, $0.name) }) { first, _ in first }
                ).page
            }
        }
        group.post("waitlist/:id/remove") { call in
            let account = try await account(call, requiring: .book)
            _ = try await call.form()
            let entry = try await waitlist.entry(call.id(), for: call.actor)
            guard entry.account == account.id else { throw Refusal.notFound() }
            do { try await waitlist.leave(entry.id, by: call.actor) } catch let refusal as Refusal
                where refusal.kind == .conflict
            {}
            return .redirect(Visit.path(account, "waitlist") + "?saved=1")
        }
    }

    private var waitlist: Waitlist {
        Waitlist(store: store, ambient: ambient, book: appointments)
    }
}

struct WaitlistPage: Sendable {
    var visit: Visit
    var entries: [(WaitlistEntry, String)]
    var services: [ServiceID: String]

    var page: Page {
        let list: HTML =
            entries.isEmpty
            ? "<div class=\"card\">\(Parts.empty("clock", t("Nobody waits"), t("Clients who find no free time can put themselves on the list at your booking page. When somebody cancels, the first in line is offered the time.")))</div>"
            : "<ol class=\"card list\">\(entries.html(item))</ol>"
        return PortalFrame(
            visit: visit, section: .waitlist, title: Section.waitlist.name,
            content: Parts.head(
                Section.waitlist.name, t("What becomes free is offered in this order.")) + list,
            isNarrow: true
        ).page
    }

    private func item(_ entry: WaitlistEntry, _ name: String) -> HTML {
        let zone = visit.zone
        let from = BusinessTime.short(zone.date(at: entry.from), today: visit.today)
        let last = zone.date(at: entry.to.advanced(byMilliseconds: -1))
        let span = "\(from) – \(BusinessTime.short(last, today: visit.today))"
        let offered: HTML =
            entry.offeredStart.map { start in
                let when =
                    "\(BusinessTime.day(zone.date(at: start), today: visit.today)), \(BusinessTime.clock(start, zone))"
                return "<span class=\"badge badge-waiting\">\(t("Offered: \(when)"))</span>"
            } ?? HTML()
        let remove: HTML =
            visit.canBook
            ? """
            <form method="post" action="\(url: visit.path("waitlist/\(entry.id)/remove"))">\(visit.token)<button class="btn btn-small">\(t("Take off the list"))</button></form>
            """ : HTML()
        return """
            <li class="list-item list-lines"><span class="list-main"><span class="strong" dir="auto">\(name)</span><span class="small muted" dir="auto">\(services[entry.service] ?? "") · \(span)</span>\(offered.isEmpty ? offered : "<span>\(offered)</span>")</span>\(remove)</li>
            """
    }
}
