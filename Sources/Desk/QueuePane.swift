import Conversations
import Kernel
import WebShell

/// The left pane: who waits, over all businesses, the longest waiting first.
struct QueuePane {
    /// After this long a waiting contact is late.
    static let lateMinutes: Int64 = 5

    enum Filter: String { case all, mine, late }

    var moment: QueueMoment
    var me: UserID
    var now: Instant
    var filter: Filter

    var html: HTML { moment.pane(for: me, filter, at: now, written) }

    private func written(_ rows: [QueueMoment.Row]) -> HTML {
        let items = moment.items
        // By their places: whole rows are too large to be moved about.
        var (mine, free, others) = ([Int](), [Int](), [Int]())
        for place in items.indices {
            let assignee = items[place].conversation.assignee
            switch filter {
            case .mine where assignee != me: continue
            case .late where !rows[place].isLate: continue
            default: break
            }
            if assignee == nil {
                free.append(place)
            } else if assignee == me {
                mine.append(place)
            } else {
                others.append(place)
            }
        }
        let late = (mine + free + others).count(where: { rows[$0].isLate })
        var position = 0
        func section(_ id: StaticString, _ title: Phrase, _ list: [Int]) -> HTML {
            if list.isEmpty { return HTML() }
            return """
                <h2 class="queue-section overline" id="\(HTML(stringLiteral: id))">\(title) <span class="count count-quiet">\(list.count)</span></h2>
                <ol aria-labelledby="\(HTML(stringLiteral: id))">\(list.html { place in
                    position += 1
                    return Self.item(rows[place], position)
                })</ol>
                """
        }
        let body: HTML =
            mine.isEmpty && free.isEmpty && others.isEmpty
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

    private static func item(_ row: QueueMoment.Row, _ position: Int) -> HTML {
        var html = row.head
        html +=
            position <= 9
            ? "<kbd class=\"queue-key\" aria-hidden=\"true\">\(position)</kbd>"
            : "<span class=\"queue-key\"></span>"
        html += row.tail
        return html
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

/// What many rows of one page say alike, said once.
struct RowWords {
    private var channels: [String: HTML] = [:]
    private var ages: [Int64: HTML] = [:]
    private var counts: [Int: HTML] = [:]

    mutating func channel(_ name: String) -> HTML {
        Self.once(name, &channels) { DeskParts.channel(name) }
    }

    mutating func ago(_ minutes: Int64) -> HTML {
        // From one hour on, whole hours and days are said.
        let said = minutes < 60 ? max(minutes, 0) : minutes / 60 * 60
        return Self.once(said, &ages) { "\(QueuePane.ago(said))" }
    }

    mutating func unread(_ number: Int) -> HTML {
        Self.once(number, &counts) {
            guard number > 0 else { return HTML() }
            return
                "<span class=\"count\" aria-label=\"\(t("\(number) unread"))\">\(number)</span>"
        }
    }

    private static func once<Key: Hashable>(
        _ key: Key, _ known: inout [Key: HTML], _ make: () -> HTML
    ) -> HTML {
        if let html = known[key] { return html }
        let html = make()
        known[key] = html
        return html
    }
}
