import Kernel

/// What booking one service takes: time, people, rooms and the rules about when.
///
/// All durations and notice are elapsed minutes.
package struct ServicePlan: Sendable, Hashable {
    package var service: ServiceID
    package var durationMinutes: Int
    /// Starts are this far apart, counted from the opening of a member of the first pool …
    package var slotIntervalMinutes: Int
    /// … and this much later.
    package var slotOffsetMinutes = 0
    package var bufferBeforeMinutes = 0
    package var bufferAfterMinutes = 0
    /// Whether buffers, too, must lie within opening hours.
    package var buffersInsideHours = false
    /// A start is bookable until exactly this long before it.
    package var minNoticeMinutes = 0
    package var horizon = Horizon.unlimited
    package var limits = BookingLimits()
    /// Seats of a class; 1 is an ordinary appointment.
    package var capacity = 1
    /// Who and what is needed. The first entry's members give the grid.
    package var requires: [Requirement]
    /// Empty: one segment of the whole duration that occupies every pool.
    package var segments: [Segment] = []

    package init(
        service: ServiceID, durationMinutes: Int, slotIntervalMinutes: Int,
        requires: [Requirement]
    ) {
        self.service = service
        self.durationMinutes = durationMinutes
        self.slotIntervalMinutes = slotIntervalMinutes
        self.requires = requires
    }
}

extension ServicePlan {
    /// How far ahead one may book, in dates of the business's zone.
    package enum Horizon: Sendable, Hashable {
        case unlimited
        /// Today and this many dates after it.
        case days(Int)
        /// Both inclusive.
        case dates(from: LocalDate, to: LocalDate)
    }

    /// A number of members out of a pool.
    package struct Requirement: Sendable, Hashable {
        package enum Count: Sendable, Hashable {
            case number(Int)
            case all
        }

        package var pool: String
        package var members: [PartyID]
        package var count: Count

        package init(pool: String, members: [PartyID], count: Count = .number(1)) {
            self.pool = pool
            self.members = members
            self.count = count
        }
    }

    /// A part of the appointment and whom it occupies: while the colour develops, nobody but
    /// the chair.
    package struct Segment: Sendable, Hashable {
        package var minutes: Int
        /// Labels of pools.
        package var occupies: [String]

        package init(minutes: Int, occupies: [String]) {
            self.minutes = minutes
            self.occupies = occupies
        }
    }
}

/// The most bookings in a period, by the business-local date of their start. Held, pending and
/// confirmed ones count; weeks are ISO weeks. Nil is no limit.
package struct BookingLimits: Sendable, Hashable {
    package var perDay: Int?
    package var perWeek: Int?
    package var perMonth: Int?
    package var minutesPerDay: Int?
    /// Counts for each staff member alone instead of for the service as a whole.
    package var perStaff: Bool

    package init(
        perDay: Int? = nil, perWeek: Int? = nil, perMonth: Int? = nil, minutesPerDay: Int? = nil,
        perStaff: Bool = false
    ) {
        self.perDay = perDay
        self.perWeek = perWeek
        self.perMonth = perMonth
        self.minutesPerDay = minutesPerDay
        self.perStaff = perStaff
    }

    package var isEmpty: Bool {
        perDay == nil && perWeek == nil && perMonth == nil && minutesPerDay == nil
    }
}

/// An existing booking of the service, as `BookingLimits` count it.
package struct CountedBooking: Sendable, Hashable {
    package var start: Instant
    package var minutes: Int
    package var staff: [StaffID]

    package init(start: Instant, minutes: Int, staff: [StaffID]) {
        self.start = start
        self.minutes = minutes
        self.staff = staff
    }
}
