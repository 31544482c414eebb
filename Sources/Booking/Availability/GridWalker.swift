/// Steps through the starts that one member's opening windows give: the opening plus the offset,
/// then every interval, for as long as the window lasts. Elapsed time, so that in an hour that
/// the clock repeats there are starts in both.
struct GridWalker {
    private let windows: [Span]
    private let offset: Int64
    private let interval: Int64
    private var index = 0
    /// The start at hand; `Int64.max` after the last.
    private(set) var next = Int64.max

    /// The first start is not before `earliest`. Windows are sorted and do not overlap; those
    /// that touch each begin a grid of their own.
    init(windows: [Span], offset: Int64, interval: Int64, earliest: Int64) {
        self.windows = windows
        self.offset = offset
        self.interval = interval
        settle(notBefore: earliest)
    }

    mutating func step() {
        next += interval
        if next >= windows[index].end {
            index += 1
            settle(notBefore: .min)
        }
    }

    private mutating func settle(notBefore earliest: Int64) {
        while index < windows.count {
            let first = windows[index].start + offset
            next = first
            if first < earliest {
                next += (earliest - first + interval - 1) / interval * interval
            }
            if next < windows[index].end { return }
            index += 1
        }
        next = .max
    }
}
