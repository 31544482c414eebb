import Conversations
import Kernel
import Store
import Synchronization
import WebShell

/// The queue's rows, read and written once for all desks that look at the same moment: whatever
/// happens in the office makes every open desk ask for them again.
final class QueueCache: Sendable {
    /// As many moments as connections may be looking at.
    private static let most = 16
    private let moments = Mutex<[QueueMoment]>([])

    func moment(for actor: Actor, in tx: Transaction) throws -> QueueMoment {
        guard actor.isOffice else { throw Refusal.forbidden() }
        let snapshot = try tx.snapshot()
        let known = moments.withLock { moments in
            moments.first { $0.snapshot == snapshot && snapshot != nil }
        }
        if let known { return known }
        let moment = QueueMoment(
            snapshot: snapshot, items: try Correspondence.queue(for: actor, in: tx))
        if snapshot != nil {
            moments.withLock { moments in
                moments.append(moment)
                moments.removeFirst(max(0, moments.count - Self.most))
            }
        }
        return moment
    }
}

/// What one snapshot of the database shows of the queue.
final class QueueMoment: Sendable {
    /// A row without the key that picks it, which depends on the reader.
    struct Row: Sendable {
        var head: HTML
        var tail: HTML
        var isLate: Bool
    }

    private struct Rows {
        var language = Language.english
        var slice: Int64 = -1
        var rows: [Row] = []
    }

    /// Ages are said in minutes; so long may one be behind.
    private static let sliceMilliseconds: Int64 = 5000

    let snapshot: String?
    let items: [ConversationSummary]
    private let written = Mutex(Rows())

    init(snapshot: String?, items: [ConversationSummary]) {
        self.snapshot = snapshot
        self.items = items
    }

    /// In the order of `items`, in the reader's language.
    func rows(at now: Instant) -> [Row] {
        let language = Tongue.current.language
        let slice = now.milliseconds / Self.sliceMilliseconds
        let known = written.withLock { written in
            written.language == language && written.slice == slice ? written.rows : nil
        }
        if let known { return known }
        var words = RowWords()
        let rows = items.map { Self.row($0, now, &words) }
        written.withLock { $0 = Rows(language: language, slice: slice, rows: rows) }
        return rows
    }

    private static func row(
        _ item: ConversationSummary, _ now: Instant, _ words: inout RowWords
    ) -> Row {
        let conversation = item.conversation
        let isLate =
            conversation.waitingSince.map {
                now.milliseconds - $0.milliseconds >= QueuePane.lateMinutes * 60_000
            } ?? false
        let state = conversation.waitingSince == nil ? "" : isLate ? "late" : "waiting"
        let since = conversation.waitingSince ?? conversation.lastMessageAt
        let age = (now.milliseconds - since.milliseconds) / 60_000
        return Row(
            head: """
                <li><a class="queue-item\(conversation.unread > 0 ? " is-unread" : HTML())" href="/desk/conversations/\(conversation.id)" data-id="\(conversation.id)" data-unread="\(conversation.unread)" data-state="\(state)">

                """,
            tail: """

                <span class="queue-contact">\(words.channel(item.channel))<span class="queue-name" dir="auto">\(item.displayName)</span></span>
                <time class="queue-time" data-since="\(Int(since.milliseconds))"\(attribute: "data-waiting", if: conversation.waitingSince != nil)>\(words.ago(age))</time>
                <span class="queue-line"><span class="dot" data-hue="\(DeskParts.hue(item.accountHue))"></span><span class="queue-business" data-hue="\(DeskParts.hue(item.accountHue))">\(item.accountName)</span><span class="queue-snippet" dir="auto">\(conversation.preview)</span></span>
                \(words.unread(conversation.unread))
                </a></li>
                """, isLate: isLate)
    }
}
