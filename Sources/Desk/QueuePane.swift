import Conversations
import Kernel
import WebShell

/// The left pane: who waits, over all businesses, the longest waiting first.
struct QueuePane {
    /// After this long a waiting contact is late.
    static let lateMinutes: Int64 = 5

    enum Filter: String { case all, mine, late }

    var items: [ConversationSummary]
    var me: UserID
    var now: Instant
    var filter: Filter

    private var shown: [ConversationSummary] {
        switch filter {
        case .all: items
        case .mine: items.filter { $0.conversation.assignee == me }
        case .late: items.filter { isLate($0) }
        }
    }

    private func isLate(_ item: ConversationSummary) -> Bool {
        guard let since = item.conversation.waitingSince else { return false }
        return now.milliseconds - since.milliseconds >= Self.lateMinutes * 60_000
    }

    var html: HTML {
        let mine = shown.filter { $0.conversation.assignee == me }
        let free = shown.filter { $0.conversation.assignee == nil }
        let others = shown.filter {
            $0.conversation.assignee != nil && $0.conversation.assignee != me
        }
        let late = shown.filter(isLate).count
        var position = 0
        func section(_ id: StaticString, _ title: Phrase, _ list: [ConversationSummary]) -> HTML {
            if list.isEmpty { return HTML() }
            return """
                <h2 class="queue-section overline" id="\(HTML(stringLiteral: id))">\(title) <span class="count count-quiet">\(list.count)</span></h2>
                <ol aria-labelledby="\(HTML(stringLiteral: id))">\(list.html { item in
                    position += 1
                    return self.item(item, position)
                })</ol>
                """
        }
        let body: HTML =
            shown.isEmpty
            ? DeskParts.empty(
                "inbox", t("All answered"),
                t(
                    "New conversations of your businesses appear here by themselves, the longest waiting first."
                ))
            : section("mine", t("Mine"), mine) + section("free", t("Waiting for anyone"), free)
                + section("others", t("With colleagues"), others)
        return """
            <div class="queue-head"><h2>\(t("Conversations"))</h2>
            \(late > 0 ? "<span class=\"badge badge-late\">\(Phrase.plural(late, one: "\(late) late", other: "\(late) late"))</span>" : HTML())
            <div class="segmented" role="group" aria-label="\(t("Show"))">
            \(button(.all, t("All")))\(button(.mine, t("Mine")))\(button(.late, t("Late")))
            </div></div>
            <div class="pane-scroll">\(body)</div>
            """
    }

    private func button(_ value: Filter, _ text: Phrase) -> HTML {
        "<button class=\"btn btn-small btn-quiet\" type=\"button\" data-filter-to=\"\(value.rawValue)\" aria-pressed=\"\(value == filter ? "true" : "false")\">\(text)</button>"
    }

    private func item(_ item: ConversationSummary, _ position: Int) -> HTML {
        let conversation = item.conversation
        let state = conversation.waitingSince == nil ? "" : isLate(item) ? "late" : "waiting"
        let since = conversation.waitingSince ?? conversation.lastMessageAt
        let age = (now.milliseconds - since.milliseconds) / 60_000
        let key: HTML =
            position <= 9
            ? "<kbd class=\"queue-key\" aria-hidden=\"true\">\(position)</kbd>"
            : "<span class=\"queue-key\"></span>"
        return """
            <li><a class="queue-item\(conversation.unread > 0 ? " is-unread" : HTML())" href="/desk/conversations/\(conversation.id)" data-id="\(conversation.id)" data-unread="\(conversation.unread)" data-state="\(state)">
            \(key)
            <span class="queue-contact">\(DeskParts.channel(item.channel))<span class="queue-name" dir="auto">\(item.displayName)</span></span>
            <time class="queue-time" data-since="\(Int(since.milliseconds))"\(attribute: "data-waiting", if: conversation.waitingSince != nil)>\(Self.ago(age))</time>
            <span class="queue-line"><span class="dot" data-hue="\(DeskParts.hue(item.accountHue))"></span><span class="queue-business" data-hue="\(DeskParts.hue(item.accountHue))">\(item.accountName)</span><span class="queue-snippet" dir="auto">\(conversation.preview)</span></span>
            \(conversation.unread > 0 ? "<span class=\"count\" aria-label=\"\(t("\(conversation.unread) unread"))\">\(conversation.unread)</span>" : HTML())
            </a></li>
            """
    }

    static func ago(_ minutes: Int64) -> String {
        switch minutes {
        case ..<1: t("now").text
        case ..<60: t("\(Int(minutes))m").text
        case ..<1440: t("\(Int(minutes / 60))h").text
        default: t("\(Int(minutes / 1440))d").text
        }
    }
}
