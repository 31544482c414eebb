/// A half-open stretch of integers: milliseconds of elapsed time, or the starts that are allowed.
struct Span: Equatable {
    var start: Int64
    var end: Int64

    static let everything = Span(start: .min, end: .max)
}

/// Sets of integers as sorted spans that neither overlap nor touch. All take linear time.
enum Spans {
    /// The union; spans that touch become one.
    static func joined(_ spans: [Span]) -> [Span] {
        var joined: [Span] = []
        joined.reserveCapacity(spans.count)
        for span in spans.sorted(by: { $0.start < $1.start }) {
            if let last = joined.last, span.start <= last.end {
                joined[joined.count - 1].end = max(last.end, span.end)
            } else {
                joined.append(span)
            }
        }
        return joined
    }

    static func intersection(_ left: [Span], _ right: [Span]) -> [Span] {
        var common: [Span] = []
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            let start = max(left[i].start, right[j].start)
            let end = min(left[i].end, right[j].end)
            if start < end { common.append(Span(start: start, end: end)) }
            if left[i].end < right[j].end { i += 1 } else { j += 1 }
        }
        return common
    }

    /// `spans` without `holes`; the holes are sorted by start and by end, and may overlap.
    static func subtracting(_ holes: [Span], from spans: [Span]) -> [Span] {
        var rest: [Span] = []
        var first = 0
        for span in spans {
            var start = span.start
            while first < holes.count, holes[first].end <= start { first += 1 }
            var next = first
            while next < holes.count, holes[next].start < span.end {
                if start < holes[next].start {
                    rest.append(Span(start: start, end: holes[next].start))
                }
                start = holes[next].end
                next += 1
            }
            if start < span.end { rest.append(Span(start: start, end: span.end)) }
        }
        return rest
    }
}

/// Answers whether numbers that only grow lie in a set of spans.
struct SpanReader {
    let spans: [Span]
    private var next = 0

    init(_ spans: [Span]) { self.spans = spans }

    mutating func contains(_ value: Int64) -> Bool {
        while next < spans.count, spans[next].end <= value { next += 1 }
        return next < spans.count && spans[next].start <= value
    }
}
