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

    /// What the desk says around the queue.
    struct Frame: Sendable {
        var onDuty: Set<UserID>
        /// The number of the last event.
        var cursor: Int64
    }

    private struct Rows {
        var language = Language.english
        var slice: Int64 = -1
        var rows: [Row] = []
        var panes: [Reader: HTML] = [:]
    }

    /// Who reads the queue how.
    private struct Reader: Hashable {
        /// nil: somebody who has none of it, to whom it looks as to all such.
        var user: UserID?
        var filter: QueuePane.Filter
    }

    /// Ages are said in minutes; so long may one be behind.
    private static let sliceMilliseconds: Int64 = 5000

    let snapshot: String?
    let items: [ConversationSummary]
    private let written = Mutex(Rows())
    private let around = Mutex<Frame?>(nil)

    init(snapshot: String?, items: [ConversationSummary]) {
        self.snapshot = snapshot
        self.items = items
    }

    /// The whole queue for one reader, written by `write` from the rows.
    func pane(
        for user: UserID, _ filter: QueuePane.Filter, at now: Instant, _ write: ([Row]) -> HTML
    ) -> HTML {
        let owns = items.contains { $0.conversation.assignee == user }
        let reader = Reader(user: owns ? user : nil, filter: filter)
        let (language, slice) = Self.time(now)
        let known = written.withLock { written in
            written.language == language && written.slice == slice ? written.panes[reader] : nil
        }
        if let known { return known }
        let html = write(rows(at: now))
        written.withLock { written in
            guard written.language == language, written.slice == slice else { return }
            written.panes[reader] = html
        }
        return html
    }

    private static func time(_ now: Instant) -> (Language, Int64) {
        (Tongue.current.language, now.milliseconds / sliceMilliseconds)
    }

    /// `tx` is one that sees this moment.
    func frame(in tx: Transaction) throws -> Frame {
        if let known = around.withLock({ $0 }) { return known }
        let duty = try tx.all(
            """
            SELECT id FROM users
            WHERE is_on_duty = 1 AND is_active = 1 AND office_role IS NOT NULL
            """
        ) { try $0.id(0, UserID.self) }
        let frame = Frame(onDuty: Set(duty), cursor: try EventLog.head(in: tx))
        around.withLock { $0 = frame }
        return frame
    }

    /// In the order of `items`, in the reader's language.
    private func rows(at now: Instant) -> [Row] {
        let (language, slice) = Self.time(now)
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
