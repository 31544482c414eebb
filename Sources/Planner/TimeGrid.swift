import Booking
import Kernel
import WebShell

/// Appointments on a grid of five minutes; a phone may show the same items as a list.
package struct TimeGrid: Sendable {
    /// A column: somebody of the staff, a room, or a day.
    struct Lane: Sendable {
        /// What scripts know it by: an id or a date.
        var key: String
        var title: HTML
        var isToday = false
        /// Above its items where the grid is a list; empty: nothing.
        var listTitle = HTML()
        /// When it is open, in minutes of the day; nil: always.
        var openings: [(start: Int, end: Int)]?
    }

    struct Item: Sendable {
        var lane: Int
        /// Minutes of the local day, the end up to 1440.
        var start: Int
        var end: Int
        var content: HTML
        /// Classes of the style sheet.
        var look: String
        var id: String?
        /// Said once already in another lane.
        var isEcho = false
        /// Places beside others of the same time.
        var part = 1
        var parts = 1
    }

    /// The style sheet counts no further.
    static let maxLanes = 31
    private static let maxParts = 4
    /// What is shorter could not be read.
    private static let leastMinutes = 15

    /// What it shows, for those who hear the page.
    var title: Phrase
    var lanes: [Lane]
    var items: [Item]
    /// Whole hours that are shown at least.
    var hours: Range<Int>
    /// The minute of now, and the lane that it is in, or all of them.
    var now: (minute: Int, lane: Int?)?
    /// Whether a phone shows a list.
    var isListOnPhone: Bool
    /// Whether its items are told lane by lane, and not by time.
    var isByLane: Bool

    /// The whole hours in which the business opens on these dates; of a night only the evening.
    static func hours(_ dates: [LocalDate], _ schedule: Schedule) -> Range<Int> {
        let windows = dates.flatMap { schedule.hours.windows(on: $0) }
        guard let first = windows.map(\.start.minutes).min(),
            let last = windows.map({ $0.end > $0.start ? $0.end.minutes : 1440 }).max()
        else { return 9..<17 }
        return (first / 60)..<max(first / 60 + 1, (last + 59) / 60)
    }

    var html: HTML {
        let shown = range
        let sorted = placed().sorted { ($0.lane, $0.start, $0.end) < ($1.lane, $1.start, $1.end) }
        let ordered =
            isByLane
            ? sorted : sorted.sorted { ($0.start, $0.end, $0.lane) < ($1.start, $1.end, $1.lane) }
        var previous: Int?
        let list = ordered.html { item in
            defer { previous = item.lane }
            let title: HTML =
                previous == item.lane || lanes[item.lane].listTitle.isEmpty
                ? HTML() : "<li class=\"agenda-day\">\(lanes[item.lane].listTitle)</li>"
            return title + self.item(item)
        }
        let items: HTML = "<ol class=\"timegrid-items\" aria-label=\"\(title)\">\(list)</ol>"
        guard lanes.count <= Self.maxLanes else {
            return "<div class=\"timegrid is-list\" data-grid>\(items)</div>"
        }
        return """
            <div class="timegrid\(isListOnPhone ? " is-list-on-phone" : HTML())" data-grid data-lanes="\(lanes.count)" data-from="\(shown.lowerBound)" data-until="\(shown.upperBound)">
            <ul class="timegrid-heads" aria-hidden="true">\(lanes.enumerated().html {
                "<li data-lane=\"\($0.offset + 1)\" data-key=\"\($0.element.key)\"\($0.element.isToday ? " class=\"is-today\"" : HTML())>\($0.element.title)</li>"
            })</ul>
            <ul class="timegrid-hours" aria-hidden="true">\(shown.html { hour in
                "<li data-hour=\"\(hour)\" data-five=\"0\"><span class=\"num\">\(BusinessTime.clock(hour * 60))</span></li>"
            })</ul>
            <ul class="timegrid-shades" aria-hidden="true">\(shades(shown))</ul>
            \(items)\(line(shown))</div>
            """
    }

    private static func place(_ start: Int, _ end: Int) -> HTML {
        let (first, last) = (start / 5, (end + 4) / 5)
        let length = max(leastMinutes / 5, last - first)
        return
            " data-hour=\"\(first / 12)\" data-five=\"\(first % 12)\" data-hours=\"\(length / 12)\" data-fives=\"\(length % 12)\""
    }

    private func item(_ item: Item) -> HTML {
        let share: HTML =
            item.parts > 1
            ? " data-part=\"\(item.part)\" data-parts=\"\(item.parts)\"" : HTML()
        let minutes = item.end - item.start
        let size: HTML = minutes < 25 ? "s" : minutes < 45 ? "m" : "l"
        let id: HTML = item.id.map { " data-id=\"\($0)\"" } ?? HTML()
        return """
            <li data-lane="\(item.lane + 1)"\(Self.place(item.start, item.end)) data-size="\(size)"\(share)\(id) class="\(item.look)"\(item.isEcho ? " aria-hidden=\"true\"" : HTML())>\(item.content)</li>
            """
    }

    /// What is closed, lane by lane.
    private func shades(_ shown: Range<Int>) -> HTML {
        let (first, last) = (shown.lowerBound * 60, shown.upperBound * 60)
        return lanes.enumerated().html { place, lane in
            var output: HTML = """
                <li class="lane-line" data-lane="\(place + 1)"\(Self.place(first, last))></li>
                """
            guard let openings = lane.openings else { return output }
            var at = first
            for opening in openings.sorted(by: { $0.start < $1.start }) + [(last, last)] {
                if opening.start - at >= 5 {
                    output +=
                        "<li data-lane=\"\(place + 1)\"\(Self.place(at, min(opening.start, last)))></li>"
                }
                at = min(last, max(at, opening.end))
            }
            return output
        }
    }

    private func line(_ shown: Range<Int>) -> HTML {
        guard let now, shown.contains(now.minute / 60) else { return HTML() }
        let lane: HTML = now.lane.map { " data-lane=\"\($0 + 1)\"" } ?? HTML()
        return """
            <div class="now-line"\(lane) data-hour="\(now.minute / 60)" data-five="\(now.minute % 60 / 5)" data-hours="0" data-fives="1" aria-hidden="true"></div>
            """
    }

    /// The asked hours and those of every item.
    private var range: Range<Int> {
        let first = min(hours.lowerBound, items.map { $0.start / 60 }.min() ?? 24)
        let last = max(hours.upperBound, items.map { ($0.end + 59) / 60 }.max() ?? 0)
        return first..<max(first + 1, min(24, last))
    }

    /// Items of one lane that share time stand side by side.
    private func placed() -> [Item] {
        lanes.indices.flatMap { lane -> [Item] in
            let own = items.filter { $0.lane == lane }.sorted {
                ($0.start, $0.end) < ($1.start, $1.end)
            }
            var output: [Item] = []
            var cluster: [Item] = []
            var end = 0
            for item in own {
                if item.start >= end {
                    output += Self.beside(cluster)
                    cluster = []
                }
                cluster.append(item)
                end = max(end, item.end)
            }
            return output + Self.beside(cluster)
        }
    }

    /// Gives each the first place that is free at its start.
    private static func beside(_ cluster: [Item]) -> [Item] {
        var ends: [Int] = []
        var output = cluster
        for index in output.indices {
            let free = ends.firstIndex { $0 <= output[index].start }
            let place = free ?? min(ends.count, maxParts - 1)
            if place < ends.count {
                ends[place] = output[index].end
            } else {
                ends.append(output[index].end)
            }
            output[index].part = place + 1
        }
        for index in output.indices { output[index].parts = ends.count }
        return output
    }
}
