import Accounts
import Booking
import Contacts
import Conversations
import Guidance
import Hummingbird
import Inquiries
import Kernel
import Store
import WebShell

/// The receptionist's screen. The page comes whole; its panes are fetched again as pieces when
/// something happens. What people do goes through the API.
package struct DeskRoutes: Sendable {
    let store: Store
    let ambient: Ambient
    let book: AppointmentBook
    private let cache = QueueCache()

    package init(store: Store, ambient: Ambient, book: AppointmentBook) {
        self.store = store
        self.ambient = ambient
        self.book = book
    }

    /// `group` is `/desk` behind the office's sign-in.
    package func add(to group: RouterGroup<WebContext>) {
        addCalendar(to: group)
        group.get("/") { request, context in try await page(context, selected: nil) }
        group.get("conversations/:id") { request, context in
            try await page(context, selected: Self.id(context))
        }
        group.get("queue") { request, context in
            let actor = try Self.agent(context)
            let filter = request.uri.queryParameters.get("filter").flatMap {
                QueuePane.Filter(rawValue: $0)
            }
            let now = ambient.now()
            return try await store.read { tx in
                QueuePane(
                    moment: try cache.moment(for: actor, in: tx), me: actor.user, now: now,
                    filter: filter ?? .all)
            }.html.response()
        }
        group.get("conversations/:id/thread") { _, context in
            try await thread(context) { $0.html }
        }
        group.get("conversations/:id/log") { _, context in
            try await thread(context) { $0.log }
        }
        group.get("conversations/:id/head") { _, context in
            try await thread(context) { $0.head }
        }
        group.get("conversations/:id/side") { _, context in
            let (actor, id, now) = (try Self.agent(context), Self.id(context), ambient.now())
            return try await store.read { tx in try side(id, actor, now, tx) }.html.response()
        }
        group.get("conversations/:id/knowledge") { request, context in
            let (actor, id) = (try Self.agent(context), Self.id(context))
            let words = request.uri.queryParameters.get("q")
            let found = try await store.read { tx in
                let conversation = try Correspondence.conversation(id, for: actor, in: tx)
                return try GuidanceBook.articles(
                    of: conversation.account, query: words, Paging(limit: 8, after: nil),
                    for: actor, in: tx)
            }
            return SidePane.results(found).response()
        }
    }

    private static func id(_ context: WebContext) -> ConversationID {
        ConversationID(context.parameters.get("id") ?? "")
    }

    /// Only the office's people work here.
    static func agent(_ context: WebContext) throws -> Actor {
        let actor = try context.requireActor()
        guard actor.isOffice else { throw Refusal.forbidden() }
        return actor
    }

    private func page(_ context: WebContext, selected: ConversationID?) async throws -> Response {
        let (actor, now) = (try Self.agent(context), ambient.now())
        // Only reading happens in there; what is read is written down here, in the language of
        // whoever asked.
        let (frame, queue, thread, side) = try await store.read(knowingSnapshot: true) { tx in
            let moment = try cache.moment(for: actor, in: tx)
            return (
                try moment.frame(in: tx),
                QueuePane(moment: moment, me: actor.user, now: now, filter: .all),
                try selected.map { try Self.thread($0, actor, now, tx) },
                try selected.map { try self.side($0, actor, now, tx) }
            )
        }
        return DeskFrame(
            actor: actor, csrf: context.session?.csrf ?? "",
            isOnDuty: frame.onDuty.contains(actor.user), onDutyCount: frame.onDuty.count,
            cursor: frame.cursor, selected: selected?.text, queue: queue.html,
            thread: thread?.html ?? Self.nothingOpen, side: side?.html ?? Self.noSide
        ).page.response()
    }

    private static var nothingOpen: HTML {
        let hint: HTML = """
            \(t("Pick one from the queue, or press {1} for the one that waits longest."), with: "<kbd>1</kbd>")
            """
        return
            "<div class=\"pane-scroll\">\(DeskParts.empty("chat", t("No conversation is open"), html: hint))</div>"
    }

    private static var noSide: HTML {
        "<div class=\"pane-scroll\">\(DeskParts.empty("building", t("Business and client"), t("When you open a conversation, its business’s script, prices and hours appear here, and the client’s card.")))</div>"
    }

    private func thread(
        _ context: WebContext, _ part: (ThreadPane) -> HTML
    ) async throws -> Response {
        let (actor, id, now) = (try Self.agent(context), Self.id(context), ambient.now())
        let pane = try await store.read { tx in try Self.thread(id, actor, now, tx) }
        return part(pane).response()
    }

    private static func thread(
        _ id: ConversationID, _ actor: Actor, _ now: Instant, _ tx: Transaction
    ) throws -> ThreadPane {
        let summary = try Correspondence.summary(id, for: actor, in: tx)
        let account = summary.conversation.account
        let details = try AccountDirectory.account(account, for: actor, in: tx)
        return ThreadPane(
            summary: summary,
            messages: try Correspondence.latestMessages(
                of: summary.conversation, limit: 200, in: tx),
            guidance: try GuidanceBook.guidance(of: account, for: actor, in: tx)
                .filled(
                    with: Placeholders(
                        contact: summary.contactName, agent: actor.name, account: details.name)),
            responses: try GuidanceBook.responses(
                of: account, Paging(limit: 100, after: nil), for: actor, in: tx),
            zone: Zone(details.timeZone) ?? .utc, actor: actor, now: now)
    }

    private func side(
        _ id: ConversationID, _ actor: Actor, _ now: Instant, _ tx: Transaction
    ) throws -> SidePane {
        let conversation = try Correspondence.conversation(id, for: actor, in: tx)
        let account = try AccountDirectory.account(conversation.account, for: actor, in: tx)
        return SidePane(
            account: account,
            guidance: try GuidanceBook.guidance(of: account.id, for: actor, in: tx)
                .filled(
                    with: Placeholders(contact: nil, agent: actor.name, account: account.name)),
            schedule: try Catalog.hours(of: account, in: tx),
            services: try Catalog.services(of: account.id, in: tx).filter(\.isActive),
            articles: try GuidanceBook.articles(
                of: account.id, query: nil, Paging(limit: 5, after: nil), for: actor, in: tx),
            contact: try ContactBook.contact(conversation.contact, for: actor, in: tx),
            conversation: conversation,
            appointments: try AppointmentBook.summaries(
                ofContact: conversation.contact, account: account.id, limit: 20, in: tx),
            history: try Correspondence.history(
                of: conversation.contact, account: account.id, limit: 10, in: tx),
            inquiries: try InquiryLog.inquiries(
                ofConversation: id, of: account.id, in: tx),
            zone: Zone(account.timeZone) ?? .utc, now: now)
    }
}
