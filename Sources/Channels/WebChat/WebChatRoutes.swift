import Accounts
import Contacts
import Conversations
import Crypto
import Files
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Live
import NIOCore
import Store
import WebShell

/// What the widget in a visitor's browser speaks with: `/widget/v1/{inbox_id}/…`.
///
/// It runs on foreign origins, so every answer carries CORS headers for the origins that the
/// business allows and for no others. A visitor is known by a random token only: typing somebody's
/// e-mail gains nothing.
package struct WebChatRoutes: Sendable {
    let store: Store
    let ambient: Ambient
    let correspondence: Correspondence
    let inboxes: InboxDirectory
    let feed: EventFeed
    let files: WebChatFiles
    /// When the account's business is open, which a sibling knows.
    let opening: @Sendable (AccountID, Instant, Transaction) throws -> WebChatOpening?
    private let newSessions = Throttle(limit: 30, per: .seconds(600))
    private let messages = Throttle(limit: 60, per: .seconds(60))
    private let typing = Throttle(limit: 120, per: .seconds(60))

    package init(
        store: Store, ambient: Ambient, correspondence: Correspondence, inboxes: InboxDirectory,
        files: FileCabinet, feed: EventFeed,
        opening: @escaping @Sendable (AccountID, Instant, Transaction) throws -> WebChatOpening?
    ) {
        self.opening = opening
        self.files = WebChatFiles(store: store, ambient: ambient, cabinet: files)
        self.store = store
        self.ambient = ambient
        self.correspondence = correspondence
        self.inboxes = inboxes
        self.feed = feed
    }

    /// Events that a returning widget may still catch up with.
    private static let replayed: Int64 = 5000

    /// Who is talking: the visitor's contact in the inbox's account.
    struct Visitor: Sendable {
        var inbox: Inbox
        var contact: ContactID
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/widget/v1/:inbox")
        for path in ["config", "sessions", "messages", "files", "typing", "read", "stream"] {
            group.on(RouterPath(path), method: .options) { request, context in
                let (_, cors) = try await open(request, context)
                return Response(status: .noContent, headers: cors)
            }
        }
        addPublic(to: group)
        addVisitor(to: group)
        addFiles(to: group)
    }

    private func addFiles(to group: RouterGroup<WebContext>) {
        group.post("files") { request, context in
            try await asVisitor(request, context) { visitor in
                let file = try await files.upload(request, context, by: visitor)
                return .json(
                    [
                        "id": .id(file.id), "name": .string(file.name), "type": .text(file.type),
                        "size": .int(file.size),
                    ], status: .created)
            }
        }
        group.get("files/:file") { request, context in
            // A link that somebody clicks carries no origin; its signature is what admits.
            let inbox = try await inboxes.publicInbox(
                InboxID(context.parameters.get("inbox") ?? ""), channel: "web_chat")
            let id = FileID(context.parameters.get("file") ?? "")
            let file = try await files.linked(request, id, inbox)
            return try await FileDownload(file, in: files.cabinet.folder, sharing: "cross-origin")
                .response(to: request, context)
        }
    }

    private func addPublic(to group: RouterGroup<WebContext>) {
        group.get("config") { request, context in
            try await admitted(request, context) { inbox, _ in
                .json(try await config(of: inbox))
            }
        }
        group.post("sessions") { request, context in
            try await admitted(request, context) { inbox, _ in
                try newSessions.count(context.clientAddress(of: request))
                let (token, contact) = try await begin(inbox)
                return .json(
                    ["token": .string(token), "contact_id": .id(contact)], status: .created)
            }
        }
    }

    private func addVisitor(to group: RouterGroup<WebContext>) {
        group.get("messages") { request, context in
            try await asVisitor(request, context) { visitor in
                .json(try await list(visitor, after: request.uri.queryParameters.get("after")))
            }
        }
        group.post("messages") { request, context in
            try await asVisitor(request, context) { visitor in
                var input = try await Self.input(request, context)
                let source = input.text("source_id", max: 100)
                let attachments = Attachments.ids(&input)
                let text =
                    attachments.isEmpty
                    ? input.text("text", max: Correspondence.maxTextLength)
                    : input.optionalText("text", max: Correspondence.maxTextLength) ?? ""
                try input.finish()
                try messages.count(visitor.contact.text)
                let message = try await correspondence.receive(
                    IncomingMessage(
                        inbox: visitor.inbox, sourceID: visitor.contact.text + ":" + source,
                        sender: .contact(visitor.contact), text: text, attachments: attachments))
                return .json(
                    ["message": try await json(message, for: visitor)], status: .accepted)
            }
        }
        group.post("typing") { request, context in
            try await asVisitor(request, context) { visitor in
                var input = try await Self.input(request, context)
                let state = input.choice("state", Typing.self)
                try input.finish()
                try typing.count(visitor.contact.text)
                try await signalTyping(visitor, isOn: state == .on)
                return .noContent()
            }
        }
        group.post("read") { request, context in
            try await asVisitor(request, context) { visitor in
                var input = try await Self.input(request, context)
                let id = MessageID(input.text("message_id", max: 60))
                try input.finish()
                try await correspondence.contactReceived(
                    .read, upTo: id, contact: visitor.contact, account: visitor.inbox.account)
                return .noContent()
            }
        }
        group.get("stream") { request, context in
            try await admitted(request, context) { inbox, cors in
                let visitor = try await visitor(request, inbox)
                return try await stream(visitor, request, context, cors)
            }
        }
    }

    // MARK: Admission

    /// The inbox and the CORS headers for this origin; other origins are refused.
    private func open(_ request: Request, _ context: WebContext) async throws -> (Inbox, HTTPFields)
    {
        let id = InboxID(context.parameters.get("inbox") ?? "")
        let inbox = try await inboxes.publicInbox(id, channel: "web_chat")
        let domains = (inbox.config["allowed_domains"]?.array ?? []).compactMap(\.string)
        guard let origin = request.headers[.origin] else {
            // No origin: our own pages, or no browser at all.
            let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
            guard domains.isEmpty || site == "same-origin" else { throw Self.wrongOrigin }
            return (inbox, [:])
        }
        let isOwn = request.head.authority.map {
            origin == "http://" + $0 || origin == "https://" + $0
        }
        guard isOwn == true || WebChatChannel.allows(origin: origin, domains) else {
            throw Self.wrongOrigin
        }
        return (
            inbox,
            [
                .accessControlAllowOrigin: origin, .vary: "Origin",
                .accessControlAllowMethods: "GET, POST, OPTIONS",
                .accessControlAllowHeaders: "authorization, content-type, last-event-id",
                .accessControlExposeHeaders: "retry-after", .accessControlMaxAge: "600",
            ]
        )
    }

    private static let wrongOrigin = Refusal(
        .forbidden, code: "origin_not_allowed", "This site may not embed the chat.")

    /// Runs the body for an allowed origin. Answers and refusals alike carry CORS headers, so that
    /// the widget can read both; a refusal tells other sites nothing but itself.
    private func admitted(
        _ request: Request, _ context: WebContext,
        _ body: (Inbox, HTTPFields) async throws -> Response
    ) async throws -> Response {
        var cors: HTTPFields = [.accessControlAllowOrigin: "*"]
        var response: Response
        do {
            let (inbox, allowed) = try await open(request, context)
            cors = allowed
            response = try await body(inbox, allowed)
        } catch {
            guard let refusal = ProblemMiddleware.refusal(for: error) else { throw error }
            response = ProblemMiddleware.problem(refusal, id: context.id)
        }
        for field in cors { response.headers[field.name] = field.value }
        return response
    }

    private func asVisitor(
        _ request: Request, _ context: WebContext,
        _ body: (Visitor) async throws -> Response
    ) async throws -> Response {
        try await admitted(request, context) { inbox, _ in
            try await body(try await visitor(request, inbox))
        }
    }

    private func visitor(_ request: Request, _ inbox: Inbox) async throws -> Visitor {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ")
        guard parts.count == 2 else { throw Refusal.unauthenticated("The session is not known.") }
        let hash = secretHash(String(parts[1]))
        let contact = try await store.read { tx in
            try tx.first(
                """
                SELECT contact_id FROM widget_sessions
                WHERE token_hash = \(hash) AND inbox_id = \(inbox.id)
                    AND account_id = \(inbox.account)
                """
            ) { try $0.id(0, ContactID.self) }
        }
        guard let contact else { throw Refusal.unauthenticated("The session is not known.") }
        return Visitor(inbox: inbox, contact: contact)
    }

    private static func input(_ request: Request, _ context: WebContext) async throws -> Input {
        let buffer = try await request.wholeBody(context, upTo: 128 * 1024)
        guard let value = JSONValue(parsing: Array(buffer.readableBytesView)) else {
            throw Refusal(.malformed, code: "malformed", "The body is not JSON.")
        }
        return try Input(value)
    }

    // MARK: What it does

    private func known(
        of inbox: Inbox, _ now: Instant, _ tx: Transaction
    ) throws -> (account: (String, String)?, isStaffed: Bool, opening: WebChatOpening?) {
        let account = try tx.first(
            "SELECT name, locale FROM accounts WHERE id = \(inbox.account)"
        ) { (try $0.text(0), try $0.text(1)) }
        let isStaffed = try tx.exists(
            """
            SELECT 1 FROM users
            WHERE is_on_duty = 1 AND is_active = 1 AND office_role IS NOT NULL
            """)
        return (account, isStaffed, try opening(inbox.account, now, tx))
    }

    /// A page that stays open asks again after `valid_for` seconds: by then the business may have
    /// closed, or somebody has come.
    private func config(of inbox: Inbox) async throws -> JSONValue {
        let now = ambient.now()
        let (account, isStaffed, opening) = try await store.read { tx in
            try known(of: inbox, now, tx)
        }
        let (name, locale) = account ?? (inbox.name, "en")
        let isOpen = opening?.isOpen ?? true
        var reply = inbox.config["reply_time"]?.string ?? t("Usually answers in a minute").text
        if !isStaffed { reply = t("We are away now and will answer when we are back").text }
        if let opening, !isOpen { reply = opening.closedSentence(now: now).text }
        let change = (opening?.until?.milliseconds).map { $0 - now.milliseconds + 999 }
        let seconds = min(3_600_000, change ?? .max) / 1000
        return [
            "name": .string(name), "locale": .string(locale), "online": .bool(isStaffed && isOpen),
            "greeting": inbox.config["greeting"] ?? "Hi! How can we help?",
            "color": inbox.config["color"] ?? "#2563eb", "reply_time": .string(reply),
            "valid_for": .int(seconds),
        ]
    }

    private func begin(_ inbox: Inbox) async throws -> (String, ContactID) {
        let (ambient, token) = (ambient, "vis_" + ambient.secret())
        let contact = try await store.write { tx -> ContactID in
            var fields = ContactFields()
            fields.points = [
                Contact.Point(
                    channel: "web_chat", address: ambient.newID("visitor"), isVerified: true)
            ]
            let contact = try ContactBook.insert(
                fields, in: inbox.account, ambient: ambient, in: tx)
            try tx.execute(
                """
                INSERT INTO widget_sessions
                    (token_hash, account_id, inbox_id, contact_id, created_at)
                VALUES (\(secretHash(token)), \(inbox.account), \(inbox.id), \(contact.id),
                    \(ambient.now()))
                """)
            return contact.id
        }
        return (token, contact)
    }

    private func list(_ visitor: Visitor, after: String?) async throws -> JSONValue {
        let (messages, head) = try await store.read { tx in
            (
                try Correspondence.visible(
                    to: visitor.contact, account: visitor.inbox.account, after: nil, limit: 100,
                    in: tx),
                try EventLog.head(in: tx)
            )
        }
        // Every change of a message is an event, so the stream goes on exactly where this ends.
        let key = try await files.key()
        let data = messages.map { json($0, for: visitor, key) }
        return ["data": .array(data), "cursor": .string("\(head)")]
    }

    private enum Typing: String, CaseIterable { case on, off }

    private func signalTyping(_ visitor: Visitor, isOn: Bool) async throws {
        let conversation = try await store.read { tx in
            try Correspondence.history(
                of: visitor.contact, account: visitor.inbox.account, limit: 1, in: tx
            ).first?.conversation.id
        }
        guard let conversation else { return }
        feed.send(
            Signal(
                "typing", account: visitor.inbox.account, subject: conversation.text,
                [
                    "by": "contact", "state": isOn ? "on" : "off",
                    "contact_id": .id(visitor.contact),
                ]))
    }

    private func stream(
        _ visitor: Visitor, _ request: Request, _ context: WebContext, _ cors: HTTPFields
    ) async throws -> Response {
        let start: Int64
        if let cursor = try EventStream.cursor(of: request) {
            start = cursor
        } else {
            start = try await store.read { tx in try EventLog.head(in: tx) }
        }
        let me = JSONValue.id(visitor.contact)
        return EventStream(
            feed: feed, cursor: start,
            event: { event in
                guard event.account == visitor.inbox.account, event.payload["contact_id"] == me
                else { return nil }
                return try await text(of: event, for: visitor)
            },
            signal: { signal in
                guard signal.type == "typing", signal.account == visitor.inbox.account,
                    signal.payload["contact_id"] == me, signal.payload["by"] == "office"
                else { return nil }
                return (
                    "typing",
                    [
                        "state": signal.payload["state"] ?? "off",
                        "name": .string(Self.firstName(signal.payload["name"]?.string)),
                    ]
                )
            },
            isStillAllowed: {
                do {
                    let (inbox, _) = try await open(request, context)
                    return try await self.visitor(request, inbox).contact == visitor.contact
                } catch is Refusal {
                    return false
                }
            }
        ).response(to: request, headers: cors)
    }

    /// What an event becomes in the visitor's browser.
    private func text(
        of event: Event, for visitor: Visitor
    ) async throws -> (name: String, data: JSONValue)? {
        switch event.type {
        case "message.received", "message.created":
            guard event.payload["private"] != true else { return nil }
            let id = MessageID(event.subject)
            guard
                let message = try await store.read({ tx in try Correspondence.message(id, in: tx) })
            else { return nil }
            if message.direction == .outgoing, message.status == .sent {
                try await correspondence.contactReceived(
                    .delivered, upTo: id, contact: visitor.contact, account: visitor.inbox.account)
            }
            return ("message", ["message": try await json(message, for: visitor)])
        case "message.delivered", "message.read", "message.sent", "message.failed":
            return (
                "receipt",
                [
                    "message_ids": event.payload["message_ids"] ?? [],
                    "status": .string(String(event.type.dropFirst("message.".count))),
                ]
            )
        case "conversation.assigned":
            guard let id = event.payload["assignee_id"]?.string else { return nil }
            let name = try await store.read { tx in
                try tx.first("SELECT name FROM users WHERE id = \(id)") { try $0.text(0) }
            }
            return ("assigned", ["name": .string(Self.firstName(name))])
        default:
            return nil
        }
    }

    /// A message as the widget shows it: no ids of ours but its own.
    private func json(_ message: Message, for visitor: Visitor) async throws -> JSONValue {
        json(message, for: visitor, try await files.key())
    }

    private func json(
        _ message: Message, for visitor: Visitor, _ key: SymmetricKey
    ) -> JSONValue {
        let source = message.sourceID.flatMap { $0.split(separator: ":", maxSplits: 1).last }
        return [
            "id": .id(message.id), "direction": .string(message.direction.rawValue),
            // The widget shows words; of a message without any, the files' names.
            "text": .string(
                message.text.isEmpty
                    ? Attachments.preview(of: message.attachments) : message.text),
            "status": .string(message.status.rawValue),
            "created_at": .instant(message.createdAt), "source_id": .text(source.map(String.init)),
            "author": message.direction == .outgoing && message.authorName != nil
                ? ["name": .string(Self.firstName(message.authorName))] : .null,
            "attachments": files.json(message.attachments, for: visitor, key: key),
            "kind": "text",
        ]
    }

    /// Contacts see first names: the person is known, not findable.
    private static func firstName(_ name: String?) -> String {
        (name ?? "").split(separator: " ").first.map(String.init) ?? ""
    }
}
