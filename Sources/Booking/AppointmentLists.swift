import Accounts
import Kernel
import Store
import WebShell

/// Which appointments are wanted; those that overlap `[from, to)`.
package struct AppointmentFilter: Sendable {
    package var from: Instant?
    package var to: Instant?
    package var staff: StaffID?
    package var contact: ContactID?
    package var series: SeriesID?
    /// All but canceled ones, unless they are asked for.
    package var statuses = Appointment.Status.allCases.filter { $0 != .canceled }
    /// Newest first.
    package var isReversed = false

    package init() {}
}

/// An appointment with the names that people want to read.
package struct AppointmentSummary: Sendable {
    package var appointment: Appointment
    package var serviceName: String
    package var contactName: String?
    /// In the order of `appointment.staff`.
    package var staffNames: [String]
    /// The business's.
    package var zone: Zone

    /// The start on the business's wall clock: `Monday, 23 November at 14:00`.
    package var whenText: String {
        let (date, minute) = zone.local(at: appointment.start)
        let time = LocalTime(minutes: minute) ?? .midnight
        let day = "\(date.day) \(Self.months[date.month - 1])"
        return "\(Self.weekdays[date.weekday - 1]), \(day) at \(time)"
    }

    private static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
}

/// Where a list of appointments goes on: they are in order of start, then of id.
package struct AppointmentCursor: Sendable {
    package var start: Instant
    package var id: String

    init?(_ text: String) {
        let parts = text.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 2, let milliseconds = Int64(parts[0]) else { return nil }
        start = Instant(milliseconds: milliseconds)
        id = String(parts[1])
    }

    static func text(after appointment: Appointment) -> String {
        "\(appointment.start.milliseconds)~\(appointment.id)"
    }
}

extension AppointmentBook {
    /// The bookable times of a service, by the business's time zone. `moving`: those to which this
    /// appointment can be moved.
    package func availability(
        of service: ServiceID, in account: AccountID, from: Instant, to: Instant,
        staff: StaffID? = nil, partySize: Int? = nil, hold: AppointmentID? = nil,
        moving: AppointmentID? = nil, for actor: Actor
    ) async throws -> (zone: Zone, slots: [Slot]) {
        let ambient = ambient
        return try await store.read { tx in
            try Self.availability(
                of: service, in: account, from: from, to: to, staff: staff, partySize: partySize,
                hold: hold, moving: moving, for: actor, ambient: ambient, in: tx)
        }
    }

    package static func availability(
        of service: ServiceID, in account: AccountID, from: Instant, to: Instant,
        staff: StaffID? = nil, partySize: Int? = nil, hold: AppointmentID? = nil,
        moving: AppointmentID? = nil, for actor: Actor, ambient: Ambient, in tx: Transaction
    ) throws -> (zone: Zone, slots: [Slot]) {
        let owner = try AccountDirectory.account(account, for: actor, in: tx)
        guard let service = try ServiceQueries.service(service, of: account, in: tx) else {
            throw Refusal.invalid("service_id", "unknown", "is not offered by this business.")
        }
        let roster = try Roster(of: owner, in: tx)
        if let staff, !roster.has(.staff(staff)) {
            throw Refusal.invalid("staff_id", "unknown", "is not of this business.")
        }
        let now = ambient.now()
        let moved = try moving.map { id in
            try actor.require(.book, in: account)
            return try Self.movable(id, service: service.id, of: account, now: now, in: tx)
        }
        guard service.isActive || moved != nil else { return (roster.zone, []) }
        var diary = Diary(of: service, roster, now: now)
        diary.seesThrough = moved?.id
        if let hold,
            let own = try AppointmentQueries.appointment(hold, of: account, now: now, in: tx),
            own.status == .held
        {
            diary.seesThrough = own.id
        }
        func slots(_ diary: Diary, _ from: Instant, _ to: Instant) throws -> [Slot] {
            Availability.slots(
                try diary.query(
                    from: from, to: to, required: staff.map { [.staff($0)] } ?? [],
                    partySize: partySize ?? moved?.partySize ?? 1, in: tx))
        }
        var found = try slots(diary, from, to)
        // At the time it has, somebody else may still serve it, however soon that is.
        if let start = moved?.start, from <= start, start < to,
            !found.contains(where: { $0.start == start })
        {
            let own = try slots(
                diary.withoutNotice, start, start.advanced(byMilliseconds: 1))
            found = (found + own).sorted { $0.start < $1.start }
        }
        return (roster.zone, found)
    }

    private static func movable(
        _ id: AppointmentID, service: ServiceID, of account: AccountID, now: Instant,
        in tx: Transaction
    ) throws -> Appointment {
        let found = try AppointmentQueries.appointment(id, of: account, now: now, in: tx)
        guard let found, found.service == service else {
            throw Refusal.invalid(
                "appointment_id", "unknown", "is not of this business and service.")
        }
        guard found.status == .confirmed || found.status == .pending else {
            throw settled(found)
        }
        return found
    }

    package func appointment(_ id: AppointmentID, for actor: Actor) async throws -> Appointment {
        let ambient = ambient
        return try await store.read { tx in
            try Self.appointment(id, for: actor, ambient: ambient, in: tx)
        }
    }

    package static func appointment(
        _ id: AppointmentID, for actor: Actor, ambient: Ambient, in tx: Transaction
    ) throws -> Appointment {
        guard let account = try AppointmentQueries.account(of: id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: account)
        let found = try AppointmentQueries.appointment(
            id, of: account, now: ambient.now(), in: tx)
        guard let found else { throw Refusal.notFound() }
        return found
    }

    package func appointments(
        of account: AccountID, _ filter: AppointmentFilter, _ paging: Paging, for actor: Actor
    ) async throws -> [Appointment] {
        var cursor: AppointmentCursor?
        if let text = paging.after {
            cursor = AppointmentCursor(text)
            if cursor == nil {
                throw Refusal.invalid("cursor", "cursor", "is not a cursor of this list.")
            }
        }
        let now = ambient.now()
        return try await store.read { [cursor] tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try AppointmentListQueries.appointments(
                of: account, filter, after: cursor, limit: paging.fetch, now: now, in: tx
            ).map(\.appointment)
        }
    }
}

// MARK: - For pages

extension AppointmentBook {
    /// The appointments that overlap a time, with names, in order of start; canceled ones
    /// only when asked for.
    package static func summaries(
        of account: AccountID, from: Instant, to: Instant, withCanceled: Bool = false,
        limit: Int = 500, now: Instant, in tx: Transaction
    ) throws -> [AppointmentSummary] {
        var filter = AppointmentFilter()
        if withCanceled { filter.statuses = Appointment.Status.allCases }
        filter.from = from
        filter.to = to
        return try AppointmentListQueries.appointments(
            of: account, filter, after: nil, limit: limit, now: now, in: tx)
    }

    package func summaries(
        of account: AccountID, from: Instant, to: Instant, for actor: Actor
    ) async throws -> [AppointmentSummary] {
        let now = ambient.now()
        return try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try Self.summaries(of: account, from: from, to: to, now: now, in: tx)
        }
    }

    /// Everything that a contact booked, canceled ones too, the latest start first.
    package static func summaries(
        ofContact contact: ContactID, account: AccountID, limit: Int = 50, in tx: Transaction
    ) throws -> [AppointmentSummary] {
        var filter = AppointmentFilter()
        filter.contact = contact
        filter.statuses = Appointment.Status.allCases.filter { $0 != .held }
        filter.isReversed = true
        return try AppointmentListQueries.appointments(
            of: account, filter, after: nil, limit: limit, now: .earliest, in: tx)
    }

    package func summaries(
        ofContact contact: ContactID, account: AccountID, for actor: Actor
    ) async throws -> [AppointmentSummary] {
        try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try Self.summaries(ofContact: contact, account: account, in: tx)
        }
    }

    /// One appointment with its names; nil when there is none of the account.
    package static func summary(
        _ id: AppointmentID, of account: AccountID, in tx: Transaction
    ) throws -> AppointmentSummary? {
        try AppointmentListQueries.appointment(id, of: account, in: tx)
    }
}
