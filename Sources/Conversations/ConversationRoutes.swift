import Files
import Foundation
import Hummingbird
import Kernel
import Live
import PhoneNumbers
import Store
import WebShell

/// Inboxes, conversations and messages in the API.
package struct ConversationRoutes {
    let correspondence: Correspondence
    let inboxes: InboxDirectory
    let files: FileCabinet
    let feed: EventFeed

    package init(
        correspondence: Correspondence, inboxes: InboxDirectory, files: FileCabinet,
        feed: EventFeed
    ) {
        self.correspondence = correspondence
        self.files = files
        self.inboxes = inboxes
        self.feed = feed
    }

    package func add(to api: APIRoutes) {
        addInboxes(to: api)
        addReading(to: api)
        addWriting(to: api)
        addState(to: api)
    }

    private func addInboxes(to api: APIRoutes) {
        api.post("/accounts/:id/inboxes", "inboxes") { [inboxes] call in
            let inbox = try await inboxes.create(call.body, in: call.id(), by: call.actor)
            return .created(inbox.json, at: "/api/v1/inboxes/\(inbox.id)", version: inbox.version)
        }
        api.get("/accounts/:id/inboxes", "inboxes") { [inboxes] call in
            let paging = try call.paging()
            let list = try await inboxes.inboxes(of: call.id(), paging, for: call.actor)
            return paging.answer(list, cursor: \.id.text, \.json)
        }
        api.get("/inboxes/:id", "inboxes") { [inboxes] call in
            let inbox = try await inboxes.inbox(call.id(), for: call.actor)
            return .ok(inbox.json, version: inbox.version)
        }
        api.patch("/inboxes/:id", "inboxes") { [inboxes] call in
            let inbox = try await inboxes.update(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(inbox.json, version: inbox.version)
        }
        api.post("/inboxes/:id/inbound", "messages") { [inboxes, correspondence, files] call in
            let inbox = try await inboxes.inbox(call.id(), for: call.actor)
            try call.actor.require(.converse, in: inbox.account)
            guard inbox.channel == "api", inbox.isActive else {
                throw Refusal.conflict("Only active inboxes of channel api take messages here.")
            }
            let (incoming, contents) = try Self.incoming(call, inbox)
            let message = try await InboundFiles(cabinet: files, contents: contents).send(
                incoming, by: call.actor, through: correspondence)
            return .accepted([
                "conversation_id": .id(message.conversation), "message_id": .id(message.id),
            ])
        }
    }

    private static func incoming(
        _ call: APICall, _ inbox: Inbox
    ) throws -> (IncomingMessage, [InboundFiles.Content]) {
        var input = try call.input()
        let source = input.text("source_id", max: 200)
        let contents = InboundFiles.read(&input)
        let hasFiles = !(input.members["attachments"]?.array ?? []).isEmpty
        let text = Self.text(&input, isNeeded: !hasFiles)
        let sentAt = input.optionalInstant("sent_at")
        let sender = input.nested("from") { from in
            (from.text("address", max: 254), from.optionalText("name", max: 200))
        }
        if !input.has("from") || input.isNull("from") {
            input.reject("from", "required", "is required.")
        }
        try input.finish()
        let message = IncomingMessage(
            inbox: inbox, sourceID: source,
            sender: .address(sender?.0 ?? "", name: sender?.1), text: text, sentAt: sentAt,
            attacher: call.actor)
        return (message, contents)
    }

    /// A message with files needs no words.
    private static func text(_ input: inout Input, isNeeded: Bool) -> String {
        isNeeded
            ? input.text("text", max: Correspondence.maxTextLength)
            : input.optionalText("text", max: Correspondence.maxTextLength) ?? ""
    }

    private func addReading(to api: APIRoutes) {
        api.get("/accounts/:id/conversations", "conversations") { [correspondence] call in
            let paging = try call.paging()
            let list = try await correspondence.conversations(
                try Self.filter(call), of: call.id(), paging, for: call.actor)
            return paging.answer(
                list,
                cursor: {
                    Correspondence.cursor($0.conversation.lastMessageAt, $0.conversation.id.text)
                }, writing: { $0.write(to: &$1) })
        }
        api.get("/conversations/:id", "conversations") { [correspondence] call in
            let id: ConversationID = call.id()
            let actor = call.actor
            let summary = try await correspondence.store.read { tx in
                try Correspondence.summary(id, for: actor, in: tx)
            }
            return .ok(summary.json, version: summary.conversation.version)
        }
        api.get("/conversations/:id/messages", "messages") { [correspondence] call in
            let paging = try call.paging()
            let list = try await correspondence.messages(of: call.id(), paging, for: call.actor)
            return paging.answer(
                list, cursor: { Correspondence.cursor($0.createdAt, $0.id.text) }, \.json)
        }
    }

    private static func filter(_ call: APICall) throws -> ConversationFilter {
        var filter = ConversationFilter()
        if let words = call.query("status") {
            filter.statuses = try words.split(separator: ",").map { word in
                guard let status = Conversation.Status(rawValue: String(word)) else {
                    throw Refusal.invalid(
                        "status", "unknown", "must be open, pending, snoozed or resolved.")
                }
                return status
            }
        }
        switch call.query("assignee") {
        case nil: break
        case "none": filter.assignee = .some(nil)
        case "me": filter.assignee = call.actor.user
        case let id?: filter.assignee = UserID(id)
        }
        filter.inbox = call.query("inbox").map { InboxID($0) }
        filter.terms = PhoneSearch.terms(call.query("query"))
        return filter
    }

    private func addWriting(to api: APIRoutes) {
        api.post("/conversations/:id/messages", "messages") { [correspondence] call in
            var input = try call.input()
            let attachments = Attachments.ids(&input)
            let text = Self.text(&input, isNeeded: attachments.isEmpty)
            let isPrivate = input.optionalBool("private") ?? false
            let inbox = input.optionalText("inbox_id").map { InboxID($0) }
            try input.finish()
            let message = try await correspondence.write(
                text, in: call.id(), isPrivate: isPrivate, inbox: inbox,
                attachments: attachments, by: call.actor)
            return .created(
                message.json, at: "/api/v1/conversations/\(message.conversation)/messages")
        }
        api.post("/messages/:id/receipts", "messages") { [correspondence] call in
            var input = try call.input()
            let status = input.choice("status", Message.Status.self)
            if status == .queued {
                input.reject("status", "unknown", "must be one of: sent, delivered, read, failed.")
            }
            try input.finish()
            try await correspondence.receipt(status ?? .sent, for: call.id(), by: call.actor)
            return .noContent
        }
    }

    private func addState(to api: APIRoutes) {
        api.post("/conversations/:id/assign", "conversations") { [correspondence] call in
            var input = try call.input()
            let user = input.optionalText("user_id").map { UserID($0) }
            if input.optionalText("team_id") != nil {
                input.reject("team_id", "unsupported", "teams are not in this release.")
            }
            if !input.has("user_id"), !input.has("team_id") {
                input.reject("user_id", "required", "is required; null takes the assignee away.")
            }
            try input.finish()
            let conversation = try await correspondence.assign(
                call.id(), to: user, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(conversation.json, version: conversation.version)
        }
        api.post("/conversations/:id/status", "conversations") { [correspondence] call in
            var input = try call.input()
            let status = input.choice("status", Conversation.Status.self)
            let until = input.optionalInstant("snoozed_until")
            try input.finish()
            let conversation = try await correspondence.setStatus(
                status ?? .open, until: until, of: call.id(),
                expecting: try call.expectedVersion(), by: call.actor)
            return .ok(conversation.json, version: conversation.version)
        }
        api.post("/conversations/:id/read", "conversations") { [correspondence] call in
            try await correspondence.markRead(call.id(), by: call.actor)
            return .noContent
        }
        api.post("/conversations/:id/typing", "conversations") { [correspondence, feed] call in
            var input = try call.input()
            let state = input.text("state", max: 3)
            if !["on", "off"].contains(state) {
                input.reject("state", "unknown", "must be on or off.")
            }
            try input.finish()
            let (id, actor): (ConversationID, Actor) = (call.id(), call.actor)
            let conversation = try await correspondence.store.read { tx in
                try Correspondence.conversation(id, for: actor, in: tx)
            }
            try actor.require(.converse, in: conversation.account)
            feed.send(
                Signal(
                    "typing", account: conversation.account, subject: id.text,
                    [
                        "by": "office", "name": .string(actor.name), "state": .string(state),
                        "contact_id": .id(conversation.contact), "user_id": .id(actor.user),
                    ]))
            return .noContent
        }
    }
}
