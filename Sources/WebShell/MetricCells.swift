import CoreMetrics
import Synchronization

/// One line (or, for a histogram, a few) under a metric's name.
protocol MetricCell: AnyObject, Sendable {
    func write(_ name: String, _ labels: [(String, String)], to text: inout MetricText)
}

final class CounterCell: CounterHandler, MetricCell {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    func write(_ name: String, _ labels: [(String, String)], to text: inout MetricText) {
        text.sample(name, labels, Double(value.load(ordering: .relaxed)))
    }
}

final class GaugeCell: MeterHandler, RecorderHandler, FloatingPointCounterHandler, MetricCell {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func reset() { set(0.0) }

    func write(_ name: String, _ labels: [(String, String)], to text: inout MetricText) {
        text.sample(name, labels, value.withLock { $0 })
    }
}

/// How often which size occurred; a timer records seconds.
final class HistogramCell: TimerHandler, RecorderHandler, MetricCell {
    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(buckets: [Double]) {
        bounds = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: [(String, String)], to text: inout MetricText) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? bounds[index] : .infinity
            text.sample(
                name + "_bucket", labels + [("le", MetricText.number(bound))], Double(total))
        }
        text.sample(name + "_sum", labels, sum)
        text.sample(name + "_count", labels, Double(total))
    }
}
