import Kernel

/// Someone or something that an appointment occupies.
package enum PartyID: Hashable, Sendable {
    case staff(StaffID)
    case resource(ResourceID)

    /// Reads `stf_…` or `res_…`; nil for any other kind of id.
    package init?(_ text: String) {
        if text.hasPrefix(StaffKind.prefix + "_") {
            self = .staff(StaffID(text))
        } else if text.hasPrefix(ResourceKind.prefix + "_") {
            self = .resource(ResourceID(text))
        } else {
            return nil
        }
    }

    package var isStaff: Bool {
        if case .staff = self { true } else { false }
    }

    package var text: String {
        switch self {
        case .staff(let id): id.text
        case .resource(let id): id.text
        }
    }

    package var staffID: StaffID? { if case .staff(let id) = self { id } else { nil } }
    package var resourceID: ResourceID? { if case .resource(let id) = self { id } else { nil } }
}

extension PartyID: Comparable {
    /// By the text of the id, so resources come before staff.
    package static func < (left: PartyID, right: PartyID) -> Bool { left.text < right.text }
}

/// When a party is open and what already occupies it.
package struct Party: Sendable {
    /// Its own hours or those that it inherits; nil is always open, a new day at local midnight.
    package var hours: OpeningHours?
    package var zone: Zone
    /// What bookings and holds occupy, buffers included; in any order.
    package var allocations: [Allocation]
    /// Busy blocks: time off, another calendar's events; in any order.
    package var blocks: [TimeRange]

    package init(
        hours: OpeningHours?, zone: Zone, allocations: [Allocation] = [], blocks: [TimeRange] = []
    ) {
        self.hours = hours
        self.zone = zone
        self.allocations = allocations
        self.blocks = blocks
    }
}

/// Time of one party taken by a booking or a hold, with the buffers of that booking, so that
/// the buffers of neighbours add up.
package struct Allocation: Sendable, Hashable {
    package var range: TimeRange
    /// Set when it belongs to a class that others may still join.
    package var session: ClassSession?

    package init(_ range: TimeRange, session: ClassSession? = nil) {
        self.range = range
        self.session = session
    }
}

/// A class that takes place: one service, one start, its staff and resources taken once.
package struct ClassSession: Sendable, Hashable {
    /// The same for all allocations of this session and for no others.
    package var id: String
    package var service: ServiceID
    package var start: Instant
    /// The sum of `party_size` over its held, pending and confirmed bookings.
    package var seatsTaken: Int

    package init(id: String, service: ServiceID, start: Instant, seatsTaken: Int) {
        self.id = id
        self.service = service
        self.start = start
        self.seatsTaken = seatsTaken
    }
}
