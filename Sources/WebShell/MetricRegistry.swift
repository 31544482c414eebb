import CoreMetrics
import Synchronization

/// The numbers that the running program keeps about itself, and their Prometheus text.
///
/// It is a factory of swift-metrics: libraries and features make `Counter`, `Meter`, `Recorder` and
/// `Timer` as usual, timers and recorders become histograms (timers in seconds). Names are
/// Prometheus names already; labels come from a small, fixed set of values, never from a client.
package final class MetricRegistry: MetricsFactory {
    /// What kind of family a name is; a name keeps its first kind.
    enum Kind: String, Sendable { case counter, gauge, histogram }

    private struct Family {
        var kind: Kind
        var help: String
        var buckets: [Double]
        var cells: [[Label]: any MetricCell] = [:]
    }

    struct Label: Hashable, Sendable, Comparable {
        var name: String
        var value: String

        static func < (left: Self, right: Self) -> Bool { left.name < right.name }
    }

    /// From a millisecond to ten seconds: what people feel.
    package static let seconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// More children than this under one name is a label that came from outside.
    private static let mostCells = 4000

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    /// Sets the help line and the buckets of a name before its first use.
    package func describe(_ name: String, _ help: String, buckets: [Double] = seconds) {
        families.withLock { families in
            families[name, default: Family(kind: .counter, help: "", buckets: buckets)].help = help
            families[name]?.buckets = buckets
        }
    }

    private func cell<Cell: MetricCell>(
        _ name: String, _ kind: Kind, _ dimensions: [(String, String)],
        _ make: ([Double]) -> Cell
    ) -> Cell {
        let labels = dimensions.map { Label(name: $0.0, value: $0.1) }.sorted()
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind, help: "", buckets: Self.seconds)
            if family.cells.isEmpty { family.kind = kind }
            if let known = family.cells[labels] as? Cell { return known }
            let cell = make(family.buckets)
            // Past the bound, or under another kind: it counts, but is not shown.
            if family.kind == kind, family.cells.count < Self.mostCells {
                family.cells[labels] = cell
                families[name] = family
            }
            return cell
        }
    }

    // MARK: swift-metrics

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, .counter, dimensions) { _ in CounterCell() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        cell(label, .counter, dimensions) { _ in GaugeCell() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, .gauge, dimensions) { _ in GaugeCell() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            return cell(label, .histogram, dimensions) { HistogramCell(buckets: $0) }
        }
        return cell(label, .gauge, dimensions) { _ in GaugeCell() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, .histogram, dimensions) { HistogramCell(buckets: $0) }
    }

    // Whoever lets go of a counter has not undone what it counted.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    // MARK: Text

    /// Everything in the text format of Prometheus 0.0.4, sorted by name.
    package func exposition() -> String {
        let all = families.withLock { $0 }
        var text = MetricText()
        for (name, family) in all.sorted(by: { $0.key < $1.key }) where !family.cells.isEmpty {
            text.family(name, family.kind.rawValue, family.help)
            let cells = family.cells.map { (labels: $0.key, cell: $0.value) }
                .sorted { $0.labels.lexicographicallyPrecedes($1.labels, by: Self.precedes) }
            for (labels, cell) in cells {
                cell.write(name, labels.map { ($0.name, $0.value) }, to: &text)
            }
        }
        return text.output
    }

    private static func precedes(_ left: Label, _ right: Label) -> Bool {
        (left.name, left.value) < (right.name, right.value)
    }
}

/// The lines of the text format; also for numbers that are read at the moment of asking.
package struct MetricText: Sendable {
    package private(set) var output = ""

    package init() {}

    package mutating func family(_ name: String, _ kind: String, _ help: String) {
        if !help.isEmpty {
            output += "# HELP \(name) "
            output += help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") + "\n"
        }
        output += "# TYPE \(name) \(kind)\n"
    }

    package mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        output += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
            output += "{" + pairs.joined(separator: ",") + "}"
        }
        output += " " + Self.number(value) + "\n"
    }

    /// One number that goes up and down.
    package mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        family(name, "gauge", help)
        sample(name, [], value)
    }

    package static func number(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 9e15 { return String(Int64(value)) }
        return String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
            "\n", with: "\\n")
    }
}
