import Kernel

/// The draws of the demo's story: the same seed tells the same story on every machine.
struct DemoRandom {
    private var numbers: SplitMix64

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(numbers.next() % UInt64(range.count))
    }

    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// nil only of an empty list.
    mutating func pick<T>(_ items: [T]) -> T? {
        items.isEmpty ? nil : items[number(0...(items.count - 1))]
    }

    mutating func shuffled<T>(_ items: [T]) -> [T] {
        var items = items
        for index in items.indices.dropFirst().reversed() {
            items.swapAt(index, number(0...index))
        }
        return items
    }
}
