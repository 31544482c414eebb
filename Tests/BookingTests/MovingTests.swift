import Accounts
import Booking
import Kernel
import TestSupport
import Testing

@Suite("Free times for an appointment that moves")
struct MovingTests {
    /// As somebody of this role of the business.
    private static func actor(_ role: Role, in office: BookingOffice) -> Actor {
        Actor(
            user: UserID("user_test"), name: "Test", email: "", officeRole: nil,
            memberships: [office.account.id: role])
    }

    private static func starts(
        _ service: ServiceID, moving: Appointment, for actor: Actor? = nil,
        in office: BookingOffice
    ) async throws -> [Slot] {
        let from = try instant("2026-11-23T00:00:00Z")
        return try await office.book.availability(
            of: service, in: office.account.id, from: from, to: from.advanced(byDays: 1),
            moving: moving.id, for: actor ?? office.owner
        ).slots
    }

    @Test(arguments: TestEngine.available)
    func `its own time counts as free and no other's`(engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service(60, ["slot_interval_minutes": 30])
            let own = try await office.book(service, try office.at(10))
            _ = try await office.book(service, try office.at(12))
            let usual = try await office.starts(service)
            #expect(!usual.contains(try office.at(10)))
            let free = try await Self.starts(service, moving: own, in: office).map(\.start)
            #expect(free.contains(try office.at(9, 30)))
            #expect(free.contains(try office.at(10)))
            #expect(free.contains(try office.at(10, 30)))
            #expect(!free.contains(try office.at(11, 30)))
            // Whatever is offered can be had.
            for start in free where start != own.start {
                let at = try await office.appointment(own.id)
                let moved = try await office.move(at, ["start": .instant(start)])
                #expect(moved.start == start)
            }
            #expect(try await office.overlapCount() == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `only those who may book may ask, and only for what moves`(
        engine: TestEngine
    ) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service()
            let other = try await office.service()
            let own = try await office.book(service, try office.at(10))
            func ask(_ service: ServiceID, _ role: Role) async throws -> Refusal.Kind? {
                do {
                    _ = try await Self.starts(
                        service, moving: own, for: Self.actor(role, in: office), in: office)
                    return nil
                } catch let refusal as Refusal { return refusal.kind }
            }
            #expect(try await ask(service, .staff) == nil)
            #expect(try await ask(service, .specialist) == .forbidden)
            #expect(try await ask(service, .subscriber) == .notFound)
            #expect(try await ask(other, .owner) == .invalid)
            _ = try await office.book.cancel(own.id, reason: nil, by: office.owner)
            #expect(try await ask(service, .owner) == .conflict)
        }
    }

    @Test(arguments: TestEngine.available)
    func `somebody else may take over at the same time, however soon`(
        engine: TestEngine
    ) async throws {
        try await BookingOffice.open(engine) { office in
            let staff = try await office.staff("Ann", "Ben")
            let service = try await office.service(60, ["min_notice_minutes": 120])
            let own = try await office.book(
                service, try office.at(11), ["staff_id": .id(staff[0])])
            office.clock.now = try office.at(10)
            #expect(!(try await office.starts(service)).contains(try office.at(11)))
            let slot = try await Self.starts(service, moving: own, in: office)
                .first { $0.start == own.start }
            #expect(Set(slot?.staff ?? []) == Set(staff))
            let moved = try await office.move(
                own, ["start": .instant(own.start), "staff_id": .id(staff[1])])
            #expect(moved.staff == [staff[1]])
        }
    }

    @Test(arguments: TestEngine.available)
    func `it moves to another room and keeps its people`(engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            let staff = try await office.staff("Ann", "Ben")
            let rooms = [
                try await office.resource("One", kind: "room"),
                try await office.resource("Two", kind: "room"),
            ]
            let service = try await office.service(
                60,
                [
                    "requires": [
                        ["pool": "staff", "count": 1], ["pool": "room", "count": 1],
                    ]
                ])
            let own = try await office.book(
                service, try office.at(10),
                ["staff_id": .id(staff[1]), "resource_ids": [.id(rooms[0])]])
            let moved = try await office.move(own, ["resource_ids": [.id(rooms[1])]])
            #expect(moved.resources == [rooms[1]])
            #expect(moved.staff == [staff[1]])
            #expect(moved.start == own.start)
            await #expect(throws: Refusal.self) {
                try await office.move(moved, ["resource_ids": ["res_unknown"]])
            }
            #expect(try await office.allocationCount() == 2)
        }
    }
}
