import Booking
import Kernel
import Testing

@Suite("Classes")
struct AvailabilityClassTests {
    private func studio(staff: [String] = ["ann"]) throws -> Shop {
        var shop = try Shop(staff: staff)
        shop.query.plan.capacity = 4
        return shop
    }

    private func session(
        _ shop: Shop, _ id: String, _ start: String, taken: Int, service: String = "svc_test"
    ) throws -> ClassSession {
        ClassSession(
            id: id, service: ServiceID(service), start: try shop.at(start), seatsTaken: taken)
    }

    @Test func `an ordinary appointment has no seats`() throws {
        let shop = try Shop()
        #expect(try shop.slots("2026-11-23").allSatisfy { $0.seatsLeft == nil })
        #expect(try shop.check("2026-11-23 09:00")?.seatsLeft == nil)
    }

    @Test func `a class can be joined until it is full`() throws {
        var shop = try studio()
        #expect(try shop.slots("2026-11-23").map(\.seatsLeft) == Array(repeating: 4, count: 8))
        let begun = try session(shop, "one", "2026-11-23 10:00", taken: 3)
        try shop.book("ann", "2026-11-23 10:00", minutes: 60, session: begun)
        #expect(try shop.slots("2026-11-23").map(\.seatsLeft) == [4, 1, 4, 4, 4, 4, 4, 4])
        let offer = try #require(try shop.check("2026-11-23 10:00"))
        #expect(offer.joins == "one")
        #expect(offer.allocations.isEmpty)
        #expect(offer.seatsLeft == 1)
        #expect(offer.names == ["ann"])
        shop.query.partySize = 2
        #expect(try shop.slots("2026-11-23").map(\.seatsLeft) == Array(repeating: 4, count: 7))
        #expect(try shop.check("2026-11-23 10:00") == nil)
        shop.query.partySize = 5
        #expect(try shop.slots("2026-11-23").isEmpty)
    }

    @Test func `one joins only the same service at the same start`() throws {
        var shop = try studio()
        shop.query.plan.slotIntervalMinutes = 30
        let own = try session(shop, "one", "2026-11-23 10:00", taken: 1)
        let foreign = try session(shop, "two", "2026-11-23 12:00", taken: 1, service: "svc_other")
        try shop.book("ann", "2026-11-23 10:00", minutes: 60, session: own)
        try shop.book("ann", "2026-11-23 12:00", minutes: 60, session: foreign)
        let starts = try shop.starts("2026-11-23")
        #expect(starts.prefix(5) == ["09:00", "10:00", "11:00", "13:00", "13:30"])
    }

    @Test func `a class keeps its staff and its room`() throws {
        var shop = try studio(staff: ["ann", "bob"])
        try shop.open("room1", nil)
        try shop.open("room2", nil)
        try shop.require("room", ["room1", "room2"])
        let begun = try session(shop, "one", "2026-11-23 10:00", taken: 2)
        try shop.book("bob", "2026-11-23 10:00", minutes: 60, session: begun)
        try shop.book("room2", "2026-11-23 10:00", minutes: 60, session: begun)
        let offer = try #require(try shop.check("2026-11-23 10:00"))
        #expect(offer.joins == "one")
        #expect(offer.names == ["bob", "room2"])
        // Three do not fit in; Ann begins another class in the other room.
        shop.query.partySize = 3
        let second = try #require(try shop.check("2026-11-23 10:00"))
        #expect(second.joins == nil)
        #expect(second.names == ["ann", "room1"])
        #expect(second.seatsLeft == 4)
        shop.query.required = [try Shop.id("bob")]
        #expect(try shop.check("2026-11-23 10:00") == nil)
        // Whoever wants Ann and room 2 wants what no class has.
        shop.query.partySize = 1
        shop.query.required = [try Shop.id("ann"), try Shop.id("room2")]
        #expect(try shop.check("2026-11-23 10:00") == nil)
    }

    @Test func `the fullest class is filled first`() throws {
        var shop = try studio(staff: ["ann", "bob", "cid"])
        try shop.book(
            "bob", "2026-11-23 10:00", minutes: 60,
            session: try session(shop, "one", "2026-11-23 10:00", taken: 1))
        try shop.book(
            "cid", "2026-11-23 10:00", minutes: 60,
            session: try session(shop, "two", "2026-11-23 10:00", taken: 2))
        #expect(try shop.check("2026-11-23 10:00")?.joins == "two")
        let slot = try shop.slots("2026-11-23")[1]
        #expect(slot.names == ["ann", "bob", "cid"])
        #expect(slot.seatsLeft == 4)
        shop.query.partySize = 3
        #expect(try shop.check("2026-11-23 10:00")?.joins == "one")
    }

    @Test func `time off over a class stops further bookings of it`() throws {
        var shop = try studio()
        let begun = try session(shop, "one", "2026-11-23 10:00", taken: 1)
        try shop.book("ann", "2026-11-23 10:00", minutes: 60, session: begun)
        try shop.block("ann", "2026-11-23 10:30", minutes: 10)
        #expect(try shop.check("2026-11-23 10:00") == nil)
        #expect(try !shop.starts("2026-11-23").contains("10:00"))
    }

    @Test func `buffers stored with a class do not keep people from joining it`() throws {
        var shop = try studio()
        shop.query.plan.bufferBeforeMinutes = 30
        shop.query.plan.bufferAfterMinutes = 30
        let begun = try session(shop, "one", "2026-11-23 12:00", taken: 1)
        try shop.book("ann", "2026-11-23 11:30", minutes: 120, session: begun)
        #expect(
            try shop.starts("2026-11-23")
                == ["09:00", "10:00", "12:00", "14:00", "15:00", "16:00"])
    }
}

@Suite("Service plans")
struct AvailabilityClassTests2 {
    private func problems(_ change: (inout ServicePlan) throws -> Void) throws -> [String] {
        var shop = try Shop(staff: ["ann", "bob"])
        try change(&shop.query.plan)
        return shop.query.plan.problems().map { "\($0.field) \($0.code)" }
    }

    @Test func `a sound plan has no problems`() throws {
        #expect(try problems { _ in } == [])
        #expect(
            try problems {
                $0.segments = [
                    .init(minutes: 20, occupies: ["staff"]), .init(minutes: 40, occupies: []),
                ]
            } == [])
    }

    @Test func `problems are named by field`() throws {
        #expect(
            try problems {
                $0.durationMinutes = 0
                $0.slotIntervalMinutes = 0
                $0.bufferAfterMinutes = -1
                $0.capacity = .max
                $0.horizon = .days(-1)
                $0.limits.perWeek = -1
            } == [
                "duration_minutes range", "slot_interval_minutes range",
                "buffer_after_minutes range", "capacity range", "limits.per_week range",
                "horizon.days range",
            ])
        #expect(try problems { $0.requires = [] } == ["requires range"])
        #expect(
            try problems { plan in
                plan.requires[0].count = .number(3)
                plan.requires.append(.init(pool: "staff", members: []))
                let ann = try Shop.id("ann")
                plan.requires.append(.init(pool: "", members: [ann, ann]))
            } == [
                "requires[0].count range", "requires[1].pool duplicate",
                "requires[1].members required", "requires[2].pool required",
                "requires[2].members duplicate",
            ])
        #expect(
            try problems {
                $0.segments = [
                    .init(minutes: 0, occupies: ["staff"]),
                    .init(minutes: 60, occupies: ["staff", "room"]),
                ]
            } == ["segments[0].minutes range", "segments[1].occupies[1] unknown"])
        #expect(
            try problems { $0.segments = [.init(minutes: 59, occupies: ["staff"])] }
                == ["segments sum"])
    }

    @Test func `a plan with absurd numbers finds nothing instead of failing`() throws {
        var shop = try Shop()
        shop.query.plan.durationMinutes = .max
        shop.query.plan.bufferBeforeMinutes = .max
        shop.query.plan.minNoticeMinutes = .max
        #expect(try shop.slots("2026-11-23").isEmpty)
        #expect(try shop.check("2026-11-23 09:00") == nil)
    }
}
