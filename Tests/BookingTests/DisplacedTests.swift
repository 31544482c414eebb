import Accounts
import Booking
import Kernel
import TestSupport
import Testing

/// Monday, 2026-11-23 08:00 UTC; open every day 09:00–17:00.
@Suite("Bookings that fall outside")
struct DisplacedTests {
    private static func weekly(_ days: ClosedRange<Int>, _ start: String, _ end: String)
        -> JSONValue
    {
        .array(
            days.map {
                ["weekday": .number($0), "start": .string(start), "end": .string(end)]
            })
    }

    private func set(
        _ office: BookingOffice, _ start: String, _ end: String,
        overrides: JSONValue = .array([])
    ) async throws {
        _ = try await office.catalog.setSchedule(
            ["weekly": Self.weekly(1...7, start, end), "overrides": overrides],
            of: office.account.id, expecting: nil, by: office.owner)
    }

    private func found(
        _ office: BookingOffice
    ) async throws -> [AppointmentID: DisplacedAppointment] {
        let list = try await office.book.displaced(of: office.account.id, for: office.owner)
        #expect(list.map(\.appointment.start) == list.map(\.appointment.start).sorted())
        return Dictionary(uniqueKeysWithValues: list.map { ($0.appointment.id, $0) })
    }

    @Test(arguments: TestEngine.available)
    func `are those whose hours are gone, and no others`(engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ada")
            let service = try await office.service(60)
            let early = try await office.book(service, instant("2026-11-24T09:00:00Z"))
            let late = try await office.book(service, instant("2026-11-24T16:00:00Z"))
            let noon = try await office.book(service, instant("2026-11-25T12:00:00Z"))
            #expect(try await found(office).isEmpty)
            try await set(office, "10:00", "16:30")
            let displaced = try await found(office)
            #expect(Set(displaced.keys) == [early.id, late.id])
            #expect(displaced.values.allSatisfy { $0.reason == .closed })
            #expect(displaced[early.id]?.proposal?.start == (try instant("2026-11-24T10:00:00Z")))
            // A holiday takes the whole day.
            try await set(
                office, "09:00", "17:00",
                overrides: .array([["date": "2026-11-25", "windows": []]]))
            #expect(try await found(office).keys.map { $0 } == [noon.id])
            // What is past or cancelled is nobody's matter any more.
            office.clock.now = try instant("2026-11-25T12:00:00Z")
            #expect(try await found(office).isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `are not all sent to the same free time`(engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ada")
            let service = try await office.service(60)
            for hour in ["09", "10", "11"] {
                _ = try await office.book(service, instant("2026-11-24T\(hour):00:00Z"))
            }
            try await set(office, "14:00", "17:00")
            let proposed = try await found(office).values.compactMap(\.proposal?.start)
            #expect(Set(proposed).count == 3)
            let moved = try await office.book.resolveDisplaced(
                .move, nil, reason: nil, of: office.account.id, by: office.owner)
            #expect(moved.allSatisfy { $0.refusal == nil })
            #expect(Set(moved.compactMap(\.appointment?.start)) == Set(proposed))
        }
    }

    @Test(arguments: TestEngine.available)
    func `say why, and whether notice or limits hold does not matter`(
        engine: TestEngine
    ) async throws {
        try await BookingOffice.open(engine) { office in
            let staff = try await office.staff("Ada", "Bo")
            let service = try await office.service(
                60, ["limits": ["per_day": 1], "slot_interval_minutes": 60])
            let first = try await office.book(
                service, instant("2026-11-24T10:00:00Z"), ["staff_id": .id(staff[0])])
            let second = try await office.book(
                service, instant("2026-11-25T10:00:00Z"), ["staff_id": .id(staff[1])])
            // The rules may grow stricter for those who book from now on.
            _ = try await office.catalog.updateService(
                service, ["min_notice_minutes": 40_000, "slot_interval_minutes": 45],
                expecting: nil, by: office.owner)
            #expect(try await found(office).isEmpty)
            _ = try await office.catalog.createBusy(
                [
                    "of": .id(staff[0]), "start": "2026-11-24T10:30:00Z",
                    "end": "2026-11-24T11:30:00Z",
                ], in: office.account.id, by: office.owner)
            _ = try await office.catalog.updateStaff(
                staff[1], ["is_active": false], expecting: nil, by: office.owner)
            let displaced = try await found(office)
            #expect(displaced[first.id]?.reason == .busy)
            #expect(displaced[second.id]?.reason == .gone)
        }
    }

    @Test(arguments: TestEngine.available)
    func `are moved, asked about or cancelled, each by itself`(engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ada")
            let service = try await office.service(60)
            let first = try await office.book(service, instant("2026-11-24T09:00:00Z"))
            let second = try await office.book(service, instant("2026-11-24T16:00:00Z"))
            let third = try await office.book(service, instant("2026-11-25T16:00:00Z"))
            let kept = try await office.book(service, instant("2026-11-24T12:00:00Z"))
            try await set(office, "10:00", "16:00")
            func act(
                _ action: DisplacedAction, _ ids: [AppointmentID]?
            ) async throws -> [DisplacedOutcome] {
                try await office.book.resolveDisplaced(
                    action, ids, reason: "We close early", of: office.account.id,
                    by: office.owner)
            }
            let moved = try await act(.move, [first.id, kept.id, AppointmentID("appt_none")])
            #expect(moved.map { $0.refusal == nil } == [true, false, false])
            #expect(moved[0].appointment?.start == (try instant("2026-11-24T10:00:00Z")))
            let asked = try await act(.ask, [second.id])
            #expect(asked[0].appointment?.askedToMoveAt == office.clock.now)
            #expect(asked[0].appointment?.start == second.start)
            let canceled = try await act(.cancel, [third.id])
            #expect(canceled[0].appointment?.status == .canceled)
            #expect(canceled[0].appointment?.canceledReason == "We close early")
            // Only the one that was asked about is left; moving it settles that.
            #expect(try await found(office).keys.map { $0 } == [second.id])
            let rest = try await act(.move, nil)
            #expect(rest.map(\.id) == [second.id])
            #expect(rest[0].appointment?.askedToMoveAt == nil)
            #expect(try await found(office).isEmpty)
        }
    }
}
