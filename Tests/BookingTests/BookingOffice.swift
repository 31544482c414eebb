import Accounts
import Booking
import Contacts
import Kernel
import Store
import Synchronization
import TestSupport
import Testing

/// One business with a real database, in which tests book. It opens every day 09:00–17:00 UTC and
/// the clock stands at Monday, 2026-11-23 08:00 UTC until it is moved.
struct BookingOffice: Sendable {
    let store: Store
    let clock: HandClock
    let ambient: Ambient
    let account: Account
    let catalog: Catalog
    let book: AppointmentBook
    let owner = Actor.system

    static func open(
        _ engine: TestEngine, connections: Int = 4,
        _ test: @Sendable (BookingOffice) async throws -> Void
    ) async throws {
        let database = try await engine.makeDatabase()
        do {
            let store = try await database.open(connections: connections)
            do {
                try await test(try await BookingOffice(store))
            } catch {
                try store.close()
                throw error
            }
            try store.close()
        } catch {
            try await database.remove()
            throw error
        }
        try await database.remove()
    }

    private init(_ store: Store) async throws {
        let clock = HandClock(try instant("2026-11-23T08:00:00Z"))
        let ambient = Ambient.with(
            now: { clock.now }, randomBytes: Ambient.systemRandomBytes)
        self.store = store
        self.clock = clock
        self.ambient = ambient
        catalog = Catalog(store: store, ambient: ambient)
        book = AppointmentBook(
            store: store, ambient: ambient,
            resolveContact: { body, account, tx in
                try ContactBook.resolve(body, in: account, ambient: ambient, in: tx)
            })
        account = try await AccountDirectory(store: store, ambient: ambient, verticals: []).create(
            .init(name: "Barber", slug: "barber", timeZone: "UTC"), by: .system)
        _ = try await catalog.setSchedule(
            ["weekly": .array((1...7).map { Self.window($0) })], of: account.id, expecting: nil,
            by: owner)
    }

    private static func window(_ weekday: Int) -> JSONValue {
        ["weekday": .number(weekday), "start": "09:00", "end": "17:00"]
    }

    // MARK: What tests say

    func staff(_ names: String...) async throws -> [StaffID] {
        var ids: [StaffID] = []
        for name in names {
            let body: JSONValue = ["name": .string(name)]
            ids.append(try await catalog.createStaff(body, in: account.id, by: owner).id)
        }
        return ids
    }

    func resource(_ name: String, kind: String) async throws -> ResourceID {
        try await catalog.createResource(
            ["name": .string(name), "kind": .string(kind)], in: account.id, by: owner).id
    }

    func service(
        _ minutes: Int = 60, _ more: [String: JSONValue] = [:]
    ) async throws -> ServiceID {
        let body: [String: JSONValue] = ["name": "Cut", "duration_minutes": .number(minutes)]
        return try await catalog.createService(
            .object(body.merging(more) { $1 }), in: account.id, by: owner).id
    }

    func book(
        _ service: ServiceID, _ start: Instant, _ more: [String: JSONValue] = [:]
    ) async throws -> Appointment {
        try await book.book(
            request(service, start, ["contact": ["name": "Kim"]], more), in: account.id, by: owner)
    }

    func hold(
        _ service: ServiceID, _ start: Instant, _ more: [String: JSONValue] = [:]
    ) async throws -> Appointment {
        try await book.hold(request(service, start, [:], more), in: account.id, by: owner)
    }

    private func request(
        _ service: ServiceID, _ start: Instant, _ usual: [String: JSONValue],
        _ more: [String: JSONValue]
    ) -> JSONValue {
        let body: [String: JSONValue] = ["service_id": .id(service), "start": .instant(start)]
        return .object(body.merging(usual) { $1 }.merging(more) { $1 })
    }

    func move(
        _ appointment: Appointment, _ body: JSONValue, expecting version: Int? = nil
    ) async throws -> Appointment {
        try await book.reschedule(appointment.id, body, expecting: version, by: owner)
    }

    /// The bookable starts of a day, 2026-11-23 unless it is told otherwise.
    func starts(
        _ service: ServiceID, day: Int = 23, hold: AppointmentID? = nil, staff: StaffID? = nil
    ) async throws -> [Instant] {
        try await slots(service, day: day, hold: hold, staff: staff).map(\.start)
    }

    func slots(
        _ service: ServiceID, day: Int = 23, hold: AppointmentID? = nil, staff: StaffID? = nil,
        partySize: Int = 1
    ) async throws -> [Slot] {
        let from = try instant("2026-11-\(day)T00:00:00Z")
        return try await book.availability(
            of: service, in: account.id, from: from, to: from.advanced(byDays: 1), staff: staff,
            partySize: partySize, hold: hold, for: owner
        ).slots
    }

    func at(_ hour: Int, _ minute: Int = 0, day: Int = 23) throws -> Instant {
        try instant("2026-11-\(day)T00:00:00Z").advanced(byMinutes: hour * 60 + minute)
    }

    /// Whole hours of 2026-11-23.
    func hours(_ hours: Int...) throws -> [Instant] { try hours.map { try at($0) } }

    func appointment(_ id: AppointmentID) async throws -> Appointment {
        try await book.appointment(id, for: owner)
    }

    /// Types of the events so far, oldest first.
    func events() async throws -> [String] {
        try await store.read { tx in
            try EventLog.events(after: 0, limit: 10_000, in: tx).map(\.type)
        }
    }

    func allocationCount() async throws -> Int {
        try await store.read { tx in try tx.count("SELECT COUNT(*) FROM allocations") }
    }

    /// Pairs of allocations of one party that share any time: never any.
    func overlapCount() async throws -> Int {
        try await store.read { tx in
            try tx.count(
                """
                SELECT COUNT(*) FROM allocations a
                JOIN allocations b ON b.party_id = a.party_id AND b.id > a.id
                    AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
                """)
        }
    }
}

/// A clock that a test moves.
final class HandClock: Sendable {
    private let time: Mutex<Instant>

    init(_ now: Instant) { time = Mutex(now) }

    var now: Instant {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}

func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

/// The refusal that an act ends with.
func refusal(_ act: () async throws -> some Sendable) async throws -> Refusal {
    do { _ = try await act() } catch let refusal as Refusal { return refusal }
    Issue.record("It was not refused.")
    throw StoreError.corrupt("not refused")
}

extension Refusal {
    /// `field code` of everything that is wrong.
    var faults: [String] { fields.map { "\($0.field) \($0.code)" } }

    /// Starts of the times that are offered instead.
    var alternatives: [String] {
        (extra["alternatives"]?.array ?? []).compactMap { $0["start"]?.string }
    }
}
