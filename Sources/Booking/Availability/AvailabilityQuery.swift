import Kernel

/// Everything that decides which starts of one service are free. Plain values: whoever asks has
/// loaded them (see `Availability.rangeToLoad`), and leaves out what is to be seen through, such
/// as one's own hold or the appointment being moved.
package struct AvailabilityQuery: Sendable {
    package var plan: ServicePlan
    /// The business's zone: dates of the horizon and the limits are of this zone.
    package var zone: Zone
    package var now: Instant
    /// Starts are in `[from, to)`; an appointment may end later. `check` does not look at these.
    package var from: Instant
    package var to: Instant
    /// Who must take part: the wanted staff member, the wanted resources.
    package var required: [PartyID] = []
    package var partySize = 1
    /// At least the members of the plan's pools; one who is not in here takes no part.
    package var parties: [PartyID: Party]
    /// Busy blocks of the whole business; they apply to everybody.
    package var closures: [TimeRange] = []
    /// The bookings that count for the limits; see `Availability.rangeToCount`.
    package var booked: [CountedBooking] = []

    package init(
        plan: ServicePlan, zone: Zone, now: Instant, from: Instant, to: Instant,
        parties: [PartyID: Party]
    ) {
        self.plan = plan
        self.zone = zone
        self.now = now
        self.from = from
        self.to = to
        self.parties = parties
    }
}

/// A start that can be booked.
package struct Slot: Sendable, Hashable {
    package var start: Instant
    package var end: Instant
    /// Everyone who could serve it, sorted; any one of them may be asked for.
    package var staff: [StaffID]
    package var resources: [ResourceID]
    /// For a class: the largest party that can still book this start. Nil when capacity is 1.
    package var seatsLeft: Int?
}

/// A start that can be booked, with who would serve it.
package struct Offer: Sendable, Hashable {
    package struct Part: Sendable, Hashable {
        package var pool: String
        package var parties: [PartyID]
    }

    /// A row to insert: the party is taken for this range, buffers included.
    package struct NewAllocation: Sendable, Hashable {
        package var party: PartyID
        package var range: TimeRange
    }

    package var start: Instant
    package var end: Instant
    /// In the order of the plan's pools.
    package var parts: [Part]
    /// The class to join, whose staff and resources are taken already; nil for a new allocation.
    package var joins: String?
    /// Sorted by party and time, so that concurrent bookings insert in the same order. Empty when
    /// joining.
    package var allocations: [NewAllocation]
    /// For a class: seats left before this booking. Nil when capacity is 1.
    package var seatsLeft: Int?

    package var staff: [StaffID] { parts.flatMap(\.parties).compactMap(\.staffID).sorted() }
    package var resources: [ResourceID] {
        parts.flatMap(\.parties).compactMap(\.resourceID).sorted()
    }
}
