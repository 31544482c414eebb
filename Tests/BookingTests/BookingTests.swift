import Accounts
import Booking
import Kernel
import Store
import TestSupport
import Testing

@Suite("Booking a time")
struct BookingTests {
    @Test(arguments: TestEngine.available)
    func `can have every listed slot, once`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann", "Bob")
            let room = try await office.resource("Room", kind: "room")
            let services = [
                try await office.service(
                    50,
                    [
                        "slot_interval_minutes": 20, "buffer_before_minutes": 5,
                        "buffer_after_minutes": 10,
                    ]),
                try await office.service(
                    90,
                    [
                        "slot_interval_minutes": 45,
                        "requires": [["pool": "staff"], ["pool": "room", "count": "all"]],
                        "segments": [
                            ["minutes": 30, "occupies": ["staff", "room"]],
                            ["minutes": 30, "occupies": ["room"]],
                            ["minutes": 30, "occupies": ["staff", "room"]],
                        ],
                    ]),
            ]
            var booked = 0
            for round in 0..<40 {
                let service = services[round % 2]
                let slots = try await office.slots(service)
                guard let slot = slots.dropFirst(round % 3).first ?? slots.first else { continue }
                let staff = try #require(slot.staff.last)
                let appointment = try await office.book(
                    service, slot.start, ["staff_id": .id(staff)])
                #expect(appointment.staff == [staff])
                #expect(appointment.end == slot.end)
                #expect(appointment.resources == (round % 2 == 0 ? [] : [room]))
                booked += 1
                let now = try await office.slots(service, staff: staff)
                #expect(!now.contains { $0.start == slot.start })
            }
            #expect(booked > 8)
            #expect(try await office.overlapCount() == 0)
            for service in services { #expect(try await office.starts(service).isEmpty) }
        }
    }

    @Test(arguments: TestEngine.available)
    func `says when it is taken and offers the nearest times`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service(
                60, ["price": ["amount": 4500, "currency": "USD"]])
            let first = try await office.book(service, try office.at(12))
            #expect(first.status == .confirmed)
            #expect(first.price == Money(minor: 4500, currency: "USD"))
            let refused = try await refusal { try await office.book(service, try office.at(12)) }
            #expect(refused.kind == .conflict)
            #expect(refused.code == "slot_taken")
            #expect(
                refused.alternatives
                    == ["09", "10", "11", "13", "14"].map { "2026-11-23T\($0):00:00Z" })
            let contacts = try await office.store.read { tx in
                try tx.count("SELECT COUNT(*) FROM contacts")
            }
            #expect(contacts == 1, "a refused booking leaves no contact behind")
        }
    }

    @Test(arguments: TestEngine.available)
    func `says why a start is not offered`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service(
                60, ["min_notice_minutes": 120, "horizon": ["days": 3]])
            let refusals = [
                (try office.at(7), "past"), (try office.at(9), "too_soon"),
                (try office.at(9, day: 27), "too_far"), (try office.at(10, 30), "not_offered"),
                (try office.at(16, 30), "closed"), (try office.at(20), "closed"),
            ]
            for (start, code) in refusals {
                let refused = try await refusal { try await office.book(service, start) }
                #expect(refused.faults == ["start \(code)"])
                #expect(refused.kind == .invalid)
                #expect(refused.extra["alternatives"]?.array?.isEmpty == false)
            }
            // Notice is inclusive.
            _ = try await office.book(service, try office.at(10))
            let recurring = try await refusal {
                try await office.book(
                    service, try office.at(13), ["recurrence": ["rrule": "FREQ=WEEKLY"]])
            }
            #expect(recurring.faults == ["recurrence.rrule endless"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `heeds time off and closures`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            let staff = try await office.staff("Ann", "Bob")
            let service = try await office.service()
            func busy(_ of: String, _ hour: Int, transparent: Bool = false) async throws -> BusyTime {
                try await office.catalog.createBusy(
                    [
                        "of": .string(of), "start": .instant(try office.at(hour)),
                        "end": .instant(try office.at(hour + 1)), "transparent": .bool(transparent),
                    ], in: office.account.id, by: office.owner)
            }
            _ = try await busy(staff[0].text, 10)
            let closure = try await busy("account", 12)
            _ = try await busy("account", 14, transparent: true)
            let slots = try await office.slots(service)
            #expect(slots.first { $0.start == (try? office.at(10)) }?.staff == [staff[1]])
            #expect(!slots.map(\.start).contains(try office.at(12)))
            #expect(slots.map(\.start).contains(try office.at(14)))
            let refused = try await refusal { try await office.book(service, try office.at(12)) }
            #expect(refused.code == "slot_taken")
            try await office.catalog.deleteBusy(closure.id, by: office.owner)
            _ = try await office.book(service, try office.at(12))
        }
    }

    @Test(arguments: TestEngine.available)
    func `joins and leaves a class`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let yoga = try await office.service(60, ["capacity": 3])
            let start = try office.at(10)
            let first = try await office.book(yoga, start, ["party_size": 2])
            let second = try await office.book(yoga, start)
            #expect(second.staff == first.staff)
            #expect(try await office.allocationCount() == 1)
            #expect(try await office.starts(yoga).contains(start) == false)
            #expect(
                try await refusal { try await office.book(yoga, start) }.code == "slot_taken")
            let large = try await refusal {
                try await office.book(yoga, start, ["party_size": 4])
            }
            #expect(large.faults == ["party_size range"])
            // The staff member stays taken as long as anybody comes.
            _ = try await office.book.cancel(first.id, reason: "ill", by: office.owner)
            #expect(try await office.allocationCount() == 1)
            #expect(try await office.slots(yoga).first { $0.start == start }?.seatsLeft == 2)
            let moved = try await office.move(second, ["start": .instant(try office.at(11))])
            #expect(moved.start == (try office.at(11)))
            #expect(try await office.slots(yoga).first { $0.start == start }?.seatsLeft == 3)
            _ = try await office.book.cancel(second.id, reason: nil, by: office.owner)
            #expect(try await office.allocationCount() == 0)
        }
    }
}

@Suite("Moving an appointment")
struct BookingTests2 {
    @Test(arguments: TestEngine.available)
    func `loses nothing when the new time is taken`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service()
            let mine = try await office.book(service, try office.at(10))
            _ = try await office.book(service, try office.at(11))
            let before = try await office.events()
            let refused = try await refusal {
                try await office.move(mine, ["start": .instant(try office.at(11))])
            }
            #expect(refused.code == "slot_taken")
            #expect(!refused.alternatives.isEmpty)
            #expect(try await office.appointment(mine.id) == mine)
            #expect(try await office.allocationCount() == 2)
            #expect(try await office.starts(service).contains(try office.at(10)) == false)
            #expect(try await office.events() == before)
        }
    }

    @Test(arguments: TestEngine.available)
    func `may overlap itself, keeps its staff and checks the version`(
        _ engine: TestEngine
    ) async throws {
        try await BookingOffice.open(engine) { office in
            let staff = try await office.staff("Ann", "Bob")
            let service = try await office.service(60, ["slot_interval_minutes": 15])
            let first = try await office.book(
                service, try office.at(10), ["staff_id": .id(staff[1])])
            let moved = try await office.move(
                first, ["start": .instant(try office.at(10, 15))], expecting: 1)
            #expect(moved.staff == [staff[1]])
            #expect(moved.version == 2)
            #expect(try await office.allocationCount() == 1)
            let stale = try await refusal {
                try await office.move(first, ["start": .instant(try office.at(13))], expecting: 1)
            }
            #expect(stale.kind == .stale)
            let toAnn = try await office.move(first, ["staff_id": .id(staff[0])])
            #expect(toAnn.staff == [staff[0]])
            #expect(toAnn.start == (try office.at(10, 15)))
            #expect(
                try await office.events().filter { $0 == "appointment.rescheduled" }.count == 2)
            // Bob is taken, so Ann comes.
            _ = try await office.book(service, try office.at(14), ["staff_id": .id(staff[0])])
            let other = try await office.move(toAnn, ["start": .instant(try office.at(14))])
            #expect(other.staff == [staff[1]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `is over once it is settled`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service()
            let book = office.book
            var settled: [Appointment] = []
            for hour in [9, 10, 11] {
                settled.append(try await office.book(service, try office.at(hour)))
            }
            _ = try await book.cancel(settled[0].id, reason: "ill", by: office.owner)
            _ = try await book.complete(settled[1].id, by: office.owner)
            _ = try await book.noShow(settled[2].id, by: office.owner)
            for one in settled {
                let again = try await refusal {
                    try await book.cancel(one.id, reason: nil, by: office.owner)
                }
                #expect(again.kind == .conflict)
                let moved = try await refusal {
                    try await office.move(one, ["start": .instant(try office.at(15))])
                }
                #expect(moved.kind == .conflict)
            }
            #expect(try await office.appointment(settled[0].id).canceledReason == "ill")
            let free = try await office.starts(service)
            #expect(free.contains(try office.at(9)))
            #expect(!free.contains(try office.at(10)))
        }
    }
}
