import Accounts
import Booking
import Kernel
import Store
import TestSupport
import Testing

@Suite("A hold")
struct HoldTests {
    @Test(arguments: TestEngine.available)
    func `keeps a time until the very moment it expires`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service()
            let start = try office.at(10)
            let hold = try await office.hold(service, start, ["ttl_seconds": 60])
            #expect(hold.status == .held)
            #expect(hold.expiresAt == office.clock.now.advanced(bySeconds: 60))
            #expect(try await office.starts(service).contains(start) == false)
            #expect(try await office.starts(service, hold: hold.id).contains(start))
            #expect(
                try await refusal { try await office.hold(service, start) }.code == "slot_taken")

            let expiry = try #require(hold.expiresAt)
            office.clock.now = expiry.advanced(byMilliseconds: -1)
            #expect(
                try await refusal { try await office.book(service, start) }.code == "slot_taken")
            office.clock.now = expiry
            #expect(try await office.starts(service).contains(start))
            let gone = try await refusal {
                try await office.book.extend(hold.id, [:], by: office.owner)
            }
            #expect(gone.kind == .notFound)
            let late = try await refusal {
                try await office.book(service, start, ["hold_id": .id(hold.id)])
            }
            #expect(late.kind == .conflict)
            _ = try await office.book(service, start)
            #expect(try await office.events().filter { $0 == "hold.expired" }.count == 1)
            #expect(try await office.allocationCount() == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `becomes the booking`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann", "Bob")
            let service = try await office.service()
            let hold = try await office.hold(service, try office.at(10))
            let mismatch = try await refusal {
                try await office.book(service, try office.at(11), ["hold_id": .id(hold.id)])
            }
            #expect(mismatch.faults == ["start mismatch"])
            let booked = try await office.book(
                service, try office.at(10), ["hold_id": .id(hold.id), "notes": "Short"])
            #expect(booked.id == hold.id)
            #expect(booked.staff == hold.staff)
            #expect(booked.status == .confirmed)
            #expect(booked.expiresAt == nil)
            #expect(booked.version == 2)
            #expect(try await office.allocationCount() == 1)
            let twice = try await refusal {
                try await office.book(service, try office.at(10), ["hold_id": .id(hold.id)])
            }
            #expect(twice.kind == .conflict)
            // The time limit is over with the hold.
            office.clock.now = office.clock.now.advanced(byDays: 1)
            #expect(try await office.appointment(hold.id).status == .confirmed)
        }
    }

    @Test(arguments: TestEngine.available)
    func `is extended and released`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service()
            let start = try office.at(10)
            let hold = try await office.hold(service, start)
            office.clock.now = office.clock.now.advanced(bySeconds: 299)
            let longer = try await office.book.extend(hold.id, [:], by: office.owner)
            #expect(longer.expiresAt == office.clock.now.advanced(bySeconds: 300))
            office.clock.now = office.clock.now.advanced(bySeconds: 299)
            #expect(try await office.starts(service).contains(start) == false)
            try await office.book.release(hold.id, by: office.owner)
            #expect(try await office.starts(service).contains(start))
            #expect(
                try await refusal { try await office.appointment(hold.id) }.kind == .notFound)
            #expect(
                try await office.events().filter { $0.hasPrefix("hold.") } == [
                    "hold.created", "hold.extended", "hold.released",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `of a class leaves it to those who stay`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let yoga = try await office.service(60, ["capacity": 3])
            let start = try office.at(10)
            _ = try await office.hold(yoga, start)
            _ = try await office.book(yoga, start)
            office.clock.now = office.clock.now.advanced(bySeconds: 300)
            // Seen before and after the row is cleared away.
            #expect(try await office.slots(yoga).first { $0.start == start }?.seatsLeft == 2)
            _ = try await office.book(yoga, start)
            #expect(try await office.slots(yoga).first { $0.start == start }?.seatsLeft == 1)
            #expect(try await office.allocationCount() == 1)
            let other = try await office.service(60)
            #expect(try await office.starts(other).contains(start) == false)
        }
    }
}
