import Kernel

extension ServicePlan {
    /// What we accept from outside; the search stays within these too.
    package enum Bounds {
        /// 31 days.
        package static let durationMinutes = 1...44_640
        package static let slotIntervalMinutes = 1...10_080
        package static let slotOffsetMinutes = 0...10_080
        package static let bufferMinutes = 0...10_080
        /// Five years.
        package static let minNoticeMinutes = 0...2_628_000
        package static let horizonDays = 0...3660
        package static let capacity = 1...10_000
        package static let limit = 0...100_000
        package static let pools = 1...20
        package static let segments = 50
    }

    /// What is wrong with the plan, by field of the API's service object; empty when it is sound.
    package func problems() -> [Refusal.Field] {
        numberProblems() + horizonProblems() + requirementProblems() + segmentProblems()
    }

    /// Whether all numbers are small enough to reckon with.
    var isWithinBounds: Bool {
        numberProblems().isEmpty && segments.count <= Bounds.segments
            && segments.allSatisfy { Bounds.durationMinutes.contains($0.minutes) }
    }

    private func numberProblems() -> [Refusal.Field] {
        var problems: [Refusal.Field] = []
        func expect(_ field: String, _ value: Int?, in range: ClosedRange<Int>) {
            guard let value, !range.contains(value) else { return }
            problems.append(
                .init(
                    field, "range",
                    "must be between \(range.lowerBound) and \(range.upperBound)."))
        }
        expect("duration_minutes", durationMinutes, in: Bounds.durationMinutes)
        expect("slot_interval_minutes", slotIntervalMinutes, in: Bounds.slotIntervalMinutes)
        expect("slot_offset_minutes", slotOffsetMinutes, in: Bounds.slotOffsetMinutes)
        expect("buffer_before_minutes", bufferBeforeMinutes, in: Bounds.bufferMinutes)
        expect("buffer_after_minutes", bufferAfterMinutes, in: Bounds.bufferMinutes)
        expect("min_notice_minutes", minNoticeMinutes, in: Bounds.minNoticeMinutes)
        expect("capacity", capacity, in: Bounds.capacity)
        expect("limits.per_day", limits.perDay, in: Bounds.limit)
        expect("limits.per_week", limits.perWeek, in: Bounds.limit)
        expect("limits.per_month", limits.perMonth, in: Bounds.limit)
        expect("limits.minutes_per_day", limits.minutesPerDay, in: Bounds.limit)
        if case .days(let days) = horizon { expect("horizon.days", days, in: Bounds.horizonDays) }
        return problems
    }

    private func horizonProblems() -> [Refusal.Field] {
        guard case .dates(let from, let to) = horizon, to < from else { return [] }
        return [.init("horizon.to", "order", "must not be before from.")]
    }

    private func requirementProblems() -> [Refusal.Field] {
        guard Bounds.pools.contains(requires.count) else {
            return [.init("requires", "range", "must have 1 to \(Bounds.pools.upperBound) pools.")]
        }
        var problems: [Refusal.Field] = []
        var labels: Set<String> = []
        for (index, requirement) in requires.enumerated() {
            let path = "requires[\(index)]"
            if requirement.pool.isEmpty {
                problems.append(.init(path + ".pool", "required", "must not be empty."))
            } else if !labels.insert(requirement.pool).inserted {
                problems.append(.init(path + ".pool", "duplicate", "must be unique."))
            }
            let members = Set(requirement.members).count
            if members == 0 {
                problems.append(.init(path + ".members", "required", "must not be empty."))
            } else if members < requirement.members.count {
                problems.append(.init(path + ".members", "duplicate", "must not repeat."))
            } else if case .number(let count) = requirement.count, !(1...members).contains(count) {
                problems.append(
                    .init(path + ".count", "range", "must be between 1 and \(members)."))
            }
        }
        return problems
    }

    private func segmentProblems() -> [Refusal.Field] {
        guard !segments.isEmpty else { return [] }
        guard segments.count <= Bounds.segments else {
            return [.init("segments", "too_long", "must be at most \(Bounds.segments).")]
        }
        var problems: [Refusal.Field] = []
        let labels = Set(requires.map(\.pool))
        var total = 0
        for (index, segment) in segments.enumerated() {
            let path = "segments[\(index)]"
            if Bounds.durationMinutes.contains(segment.minutes) {
                total += segment.minutes
            } else {
                problems.append(
                    .init(
                        path + ".minutes", "range",
                        "must be between 1 and \(Bounds.durationMinutes.upperBound)."))
            }
            for (place, label) in segment.occupies.enumerated() where !labels.contains(label) {
                problems.append(
                    .init("\(path).occupies[\(place)]", "unknown", "must be a pool of requires."))
            }
        }
        if problems.isEmpty, total != durationMinutes {
            problems.append(
                .init("segments", "sum", "must add up to duration_minutes (\(durationMinutes))."))
        }
        return problems
    }
}
