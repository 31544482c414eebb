import Booking
import Kernel
import WebShell

/// Appointments on a grid of quarter hours; a phone shows the same items as a list.
struct TimeGrid: Sendable {
    /// A column: a member of staff, or a day.
    struct Lane: Sendable {
        var title: HTML
        var isToday = false
        /// Above its items where the grid is a list; empty: nothing.
        var listTitle = HTML()
    }

    struct Item: Sendable {
        var lane: Int
        /// Minutes of the local day, the end up to 1440.
        var start: Int
        var end: Int
        var content: HTML
        /// The style sheet's `is-…` class.
        var state: String?
        /// Places beside others of the same time.
        var part = 1
        var parts = 1
    }

    /// More would be too narrow to read; the style sheet counts no further.
    static let maxLanes = 12
    private static let maxParts = 4

    /// What it shows, for those who hear the page.
    var title: Phrase
    var lanes: [Lane]
    var items: [Item]
    /// Whole hours that are shown at least.
    var hours: Range<Int>
    /// The lane and minute of now, if it is shown.
    var now: Int?

    /// The whole hours in which the business opens on these dates; of a night only the evening.
    static func hours(_ dates: [LocalDate], _ schedule: Schedule) -> Range<Int> {
        let windows = dates.flatMap { schedule.hours.windows(on: $0) }
        guard let first = windows.map(\.start.minutes).min(),
            let last = windows.map({ $0.end > $0.start ? $0.end.minutes : 1440 }).max()
        else { return 9..<17 }
        return (first / 60)..<max(first / 60 + 1, (last + 59) / 60)
    }

    var html: HTML {
        let isGrid = lanes.count <= Self.maxLanes
        let shown = range
        let sorted = placed().sorted { ($0.lane, $0.start, $0.end) < ($1.lane, $1.start, $1.end) }
        let isByLane = lanes.contains { !$0.listTitle.isEmpty }
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
        guard isGrid else {
            return "<ol class=\"timegrid-items\" aria-label=\"\(title)\">\(list)</ol>"
        }
        return """
            <div class="timegrid" data-lanes="\(lanes.count)" data-from="\(shown.lowerBound * 4)">
            <ul class="timegrid-heads" aria-hidden="true">\(lanes.enumerated().html {
                "<li data-lane=\"\($0.offset + 1)\"\($0.element.isToday ? " class=\"is-today\"" : HTML())>\($0.element.title)</li>"
            })</ul>
            <ul class="timegrid-hours" aria-hidden="true">\(shown.html { hour in
                "<li data-start=\"\(hour * 4)\"><span class=\"num\">\(PortalTime.clock(hour * 60))</span></li>"
            })</ul>
            <ol class="timegrid-items" aria-label="\(title)">\(list)</ol>\(line(shown))</div>
            """
    }

    private func item(_ item: Item) -> HTML {
        let start = item.start / 15
        let length = max(1, min(64, (item.end + 14) / 15 - start))
        let share: HTML =
            item.parts > 1
            ? " data-part=\"\(item.part)\" data-parts=\"\(item.parts)\"" : HTML()
        return """
            <li data-lane="\(item.lane + 1)" data-start="\(start)" data-length="\(length)"\(share)\(item.state.map { " class=\"\($0)\"" } ?? HTML())>\(item.content)</li>
            """
    }

    private func line(_ shown: Range<Int>) -> HTML {
        guard let now, shown.contains(now / 60) else { return HTML() }
        return "<div class=\"now-line\" data-start=\"\(now / 15)\" aria-hidden=\"true\"></div>"
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
