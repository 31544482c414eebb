import Kernel

/// How a service may be booked, as the business said it. Members that are left out are looked up
/// when it matters, so that who is hired later takes part.
package struct ServiceRules: Sendable, Equatable {
    /// An entry of `requires`.
    package struct Pool: Sendable, Equatable {
        package var label: String
        /// nil: all staff, or all resources of the kind that the label names.
        package var members: [PartyID]?
        package var count: ServicePlan.Requirement.Count
    }

    /// nil: the duration.
    package var slotIntervalMinutes: Int?
    package var slotOffsetMinutes = 0
    package var bufferBeforeMinutes = 0
    package var bufferAfterMinutes = 0
    package var buffersInsideHours = false
    package var minNoticeMinutes = 0
    package var horizon = ServicePlan.Horizon.unlimited
    package var limits = BookingLimits()
    package var capacity = 1
    package var segments: [ServicePlan.Segment] = []
    package var requires = [Pool.anyStaff]
}

extension ServiceRules.Pool {
    static let staffLabel = "staff"
    static let anyStaff = Self(label: staffLabel, members: nil, count: .number(1))

    var json: JSONValue {
        var object: [String: JSONValue] = ["pool": .string(label)]
        if let members { object["members"] = .list(members.map(\.text)) }
        switch count {
        case .number(let number): object["count"] = .number(number)
        case .all: object["count"] = "all"
        }
        return .object(object)
    }
}

extension ServiceRules {
    /// The API's words; without `slot_interval_minutes` when it follows the duration.
    package var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "slot_offset_minutes": .number(slotOffsetMinutes),
            "buffer_before_minutes": .number(bufferBeforeMinutes),
            "buffer_after_minutes": .number(bufferAfterMinutes),
            "buffers_inside_hours": .bool(buffersInsideHours),
            "min_notice_minutes": .number(minNoticeMinutes),
            "horizon": horizonJSON, "limits": limitsJSON, "capacity": .number(capacity),
            "segments": .array(
                segments.map {
                    ["minutes": .number($0.minutes), "occupies": .list($0.occupies)]
                }),
            "requires": .array(requires.map(\.json)),
        ]
        if let slotIntervalMinutes {
            members["slot_interval_minutes"] = .number(slotIntervalMinutes)
        }
        return members
    }

    private var horizonJSON: JSONValue {
        switch horizon {
        case .unlimited: .null
        case .days(let days): ["days": .number(days)]
        case .dates(let from, let to):
            ["from": .string(from.description), "to": .string(to.description)]
        }
    }

    private var limitsJSON: JSONValue {
        if limits.isEmpty { return .null }
        let numbers = [
            "per_day": limits.perDay, "per_week": limits.perWeek, "per_month": limits.perMonth,
            "minutes_per_day": limits.minutesPerDay,
        ]
        var members = numbers.compactMapValues { $0.map { JSONValue.number($0) } }
        members["per_staff"] = .bool(limits.perStaff)
        return .object(members)
    }
}

extension ServiceRules {
    private typealias Bounds = ServicePlan.Bounds

    /// Takes over what the body says and leaves the rest; null brings back what holds by default.
    mutating func read(_ input: inout Input) {
        let initial = ServiceRules()
        func number(
            _ field: String, _ range: ClosedRange<Int>, _ place: inout Int, _ usual: Int
        ) {
            if input.has(field) { place = input.optionalInteger(field, in: range) ?? usual }
        }
        if input.has("slot_interval_minutes") {
            slotIntervalMinutes = input.optionalInteger(
                "slot_interval_minutes", in: Bounds.slotIntervalMinutes)
        }
        number("slot_offset_minutes", Bounds.slotOffsetMinutes, &slotOffsetMinutes, 0)
        number("buffer_before_minutes", Bounds.bufferMinutes, &bufferBeforeMinutes, 0)
        number("buffer_after_minutes", Bounds.bufferMinutes, &bufferAfterMinutes, 0)
        number("min_notice_minutes", Bounds.minNoticeMinutes, &minNoticeMinutes, 0)
        number("capacity", Bounds.capacity, &capacity, 1)
        if input.has("buffers_inside_hours") {
            buffersInsideHours = input.optionalBool("buffers_inside_hours") ?? false
        }
        if input.has("horizon") {
            horizon = input.nested("horizon", Self.horizon) ?? initial.horizon
        }
        if input.has("limits") { limits = input.nested("limits", Self.limits) ?? initial.limits }
        if input.has("segments") {
            segments = input.nestedList("segments", max: Bounds.segments, Self.segment) ?? []
        }
        if input.has("requires") {
            requires =
                input.nestedList("requires", max: Bounds.pools.upperBound, Self.pool)
                ?? initial.requires
        }
    }

    private static func horizon(_ input: inout Input) -> ServicePlan.Horizon {
        input.refuseOthers(than: ["days", "from", "to"])
        if let days = input.optionalInteger("days", in: Bounds.horizonDays) {
            for field in ["from", "to"] where input.has(field) && !input.isNull(field) {
                input.reject(field, "conflict", "must not be sent together with days.")
            }
            return .days(days)
        }
        if input.has("days"), !input.isNull("days") { return .unlimited }
        func date(_ field: String) -> LocalDate? {
            let text = input.text(field, max: 10)
            if text.isEmpty { return nil }
            if let date = LocalDate(text) { return date }
            input.reject(field, "date", "must be a date YYYY-MM-DD between 1970 and 2100.")
            return nil
        }
        guard let from = date("from"), let to = date("to") else { return .unlimited }
        return .dates(from: from, to: to)
    }

    private static func limits(_ input: inout Input) -> BookingLimits {
        input.refuseOthers(
            than: ["per_day", "per_week", "per_month", "minutes_per_day", "per_staff"])
        return BookingLimits(
            perDay: input.optionalInteger("per_day", in: Bounds.limit),
            perWeek: input.optionalInteger("per_week", in: Bounds.limit),
            perMonth: input.optionalInteger("per_month", in: Bounds.limit),
            minutesPerDay: input.optionalInteger("minutes_per_day", in: Bounds.limit),
            perStaff: input.optionalBool("per_staff") ?? false)
    }

    private static func segment(_ input: inout Input) -> ServicePlan.Segment? {
        input.refuseOthers(than: ["minutes", "occupies"])
        return ServicePlan.Segment(
            minutes: input.integer("minutes", in: Bounds.durationMinutes),
            occupies: input.optionalTexts(
                "occupies", max: Bounds.pools.upperBound, length: 60) ?? [])
    }

    private static func pool(_ input: inout Input) -> Pool? {
        input.refuseOthers(than: ["pool", "members", "count"])
        let label = input.text("pool", max: 60)
        var count = ServicePlan.Requirement.Count.number(1)
        if input.members["count"] == "all" {
            count = .all
        } else if let number = input.optionalInteger("count", in: 1...1000) {
            count = .number(number)
        }
        var members: [PartyID]?
        if let texts = input.optionalTexts("members", max: 1000) {
            members = []
            for (index, text) in texts.enumerated() {
                if let party = PartyID(text), party.isStaff || label != Pool.staffLabel {
                    members?.append(party)
                } else {
                    input.reject(
                        "members[\(index)]", "unknown",
                        "must be the id of a staff member or resource.")
                }
            }
        }
        return Pool(label: label, members: members, count: count)
    }
}
