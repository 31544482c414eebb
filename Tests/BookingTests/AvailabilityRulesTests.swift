import Booking
import Kernel
import Testing

@Suite("Busy time and buffers")
struct AvailabilityRulesTests {
    @Test func `a slot may touch busy time but not overlap it`() throws {
        var shop = try Shop()
        try shop.book("ann", "2026-11-23 10:00", minutes: 60)
        try shop.block("ann", "2026-11-23 13:59", minutes: 1)
        #expect(
            try shop.starts("2026-11-23")
                == ["09:00", "11:00", "12:00", "14:00", "15:00", "16:00"])
    }

    @Test func `buffers of neighbours add up`() throws {
        var shop = try Shop()
        shop.query.plan.durationMinutes = 30
        shop.query.plan.slotIntervalMinutes = 10
        shop.query.plan.bufferBeforeMinutes = 20
        shop.query.plan.bufferAfterMinutes = 10
        // 12:00–12:30 as stored by an earlier booking of the same service.
        try shop.book("ann", "2026-11-23 11:40", minutes: 60)
        let starts = try shop.starts("2026-11-23")
        #expect(starts.contains("11:00"))
        #expect(!starts.contains("11:10"))
        #expect(!starts.contains("12:50"))
        #expect(starts.contains("13:00"))
    }

    @Test func `buffers apply against blocks of one party and of everybody`() throws {
        var shop = try Shop(staff: ["ann", "bob"])
        shop.query.plan.bufferAfterMinutes = 1
        try shop.block("ann", "2026-11-23 12:00", minutes: 60)
        #expect(try shop.slots("2026-11-23")[2].names == ["bob"])
        shop.query.closures = [try shop.range("2026-11-23 12:00", minutes: 60)]
        #expect(
            try shop.starts("2026-11-23")
                == ["09:00", "10:00", "13:00", "14:00", "15:00", "16:00"])
    }

    @Test func `buffers may lie outside opening unless the service says otherwise`() throws {
        var shop = try Shop()
        shop.query.plan.bufferBeforeMinutes = 15
        shop.query.plan.bufferAfterMinutes = 15
        #expect(try shop.starts("2026-11-23").count == 8)
        shop.query.plan.buffersInsideHours = true
        #expect(
            try shop.starts("2026-11-23")
                == ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00"])
    }

    @Test func `what is booked shuts its time and no more`() throws {
        var shop = try Shop()
        shop.query.plan.bufferAfterMinutes = 10
        let before = try shop.starts("2026-11-23")
        let offer = try #require(try shop.check("2026-11-23 11:00"))
        for row in offer.allocations {
            shop.query.parties[row.party]?.allocations.append(Allocation(row.range))
        }
        #expect(try shop.check("2026-11-23 11:00") == nil)
        // 10:00 would end within its buffer; 12:00 would begin within the buffer of 11:00.
        let shut = ["10:00", "11:00", "12:00"]
        #expect(try shop.starts("2026-11-23") == before.filter { !shut.contains($0) })
    }
}

@Suite("Segments")
struct AvailabilityRulesTests2 {
    private func salon() throws -> Shop {
        var shop = try Shop()
        try shop.open("chair1", nil)
        try shop.require("chair", ["chair1"])
        shop.query.plan.durationMinutes = 90
        shop.query.plan.slotIntervalMinutes = 30
        shop.query.plan.segments = [
            .init(minutes: 30, occupies: ["staff", "chair"]),
            .init(minutes: 30, occupies: ["chair"]),
            .init(minutes: 30, occupies: ["staff", "chair"]),
        ]
        return shop
    }

    @Test func `staff is free while the colour develops`() throws {
        var shop = try salon()
        try shop.book("ann", "2026-11-23 12:30", minutes: 30)
        let starts = try shop.starts("2026-11-23")
        #expect(starts.contains("12:00"))
        #expect(!starts.contains("11:30"))
        #expect(!starts.contains("12:30"))
        #expect(starts.contains("13:00"))
        try shop.book("chair1", "2026-11-23 12:30", minutes: 1)
        #expect(try !shop.starts("2026-11-23").contains("12:00"))
    }

    @Test func `buffers widen the first and the last segment of each party`() throws {
        var shop = try salon()
        shop.query.plan.bufferBeforeMinutes = 10
        shop.query.plan.bufferAfterMinutes = 5
        shop.query.plan.segments[0].occupies = ["chair"]
        let offer = try #require(try shop.check("2026-11-23 12:00"))
        let rows = offer.allocations.map { row in
            "\(row.party.text.dropFirst(4)) \(shop.clock(row.range.start))–"
                + shop.clock(row.range.end)
        }
        #expect(rows == ["chair1 11:50–13:35", "ann 12:50–13:35"])
        #expect(shop.clock(offer.end) == "13:30")
    }

    @Test func `a party with two separate segments has two rows`() throws {
        var shop = try salon()
        shop.query.plan.bufferAfterMinutes = 5
        let offer = try #require(try shop.check("2026-11-23 12:00"))
        let rows = offer.allocations.filter { $0.party.staffID != nil }
        #expect(rows.map { shop.clock($0.range.start) } == ["12:00", "13:00"])
        #expect(rows.map { shop.clock($0.range.end) } == ["12:30", "13:35"])
    }

    @Test func `opening matters only while one is occupied`() throws {
        var shop = try salon()
        try shop.open("ann", Shop.hours("1 09:00-12:30", "1 13:00-17:00"))
        let starts = try shop.starts("2026-11-23")
        #expect(starts.contains("12:00"))
        #expect(!starts.contains("11:30"))
    }

    @Test func `a pool that no segment names is chosen but takes no time`() throws {
        var shop = try salon()
        shop.query.plan.segments = [.init(minutes: 90, occupies: ["staff"])]
        try shop.book("chair1", "2026-11-23 09:00", minutes: 480)
        let offer = try #require(try shop.check("2026-11-23 12:00"))
        #expect(offer.names == ["ann", "chair1"])
        #expect(offer.allocations.map(\.party) == [try Shop.id("ann")])
    }
}

@Suite("Notice, horizon and limits")
struct AvailabilityRulesTests3 {
    @Test func `notice is elapsed time and inclusive`() throws {
        var shop = try Shop()
        shop.query.plan.minNoticeMinutes = 120
        shop.query.now = try shop.at("2026-11-23 10:00")
        #expect(try shop.starts("2026-11-23").first == "12:00")
        shop.query.now = shop.query.now.advanced(byMilliseconds: 1)
        #expect(try shop.starts("2026-11-23").first == "13:00")
        // Two hours before 04:00 in New York it is 01:00 on the day when the clock goes forward.
        try shop.open("ann", .always)
        shop.query.now = try shop.at("2026-03-08 01:00")
        #expect(try shop.starts("2026-03-08").first == "04:00")
    }

    @Test func `the past cannot be booked, the present can`() throws {
        var shop = try Shop()
        shop.query.now = try shop.at("2026-11-23 10:00")
        #expect(try shop.starts("2026-11-23").first == "10:00")
        shop.query.now = shop.query.now.advanced(byMilliseconds: 1)
        #expect(try shop.starts("2026-11-23").first == "11:00")
        #expect(try shop.check("2026-11-23 10:00") == nil)
    }

    @Test func `a horizon of days counts dates after today in the business's zone`() throws {
        var shop = try Shop()
        shop.query.plan.horizon = .days(1)
        // 23:30 on the 22nd in New York, already the 23rd in UTC.
        shop.query.now = try shop.at("2026-11-22 23:30")
        #expect(try shop.slots("2026-11-23", days: 5).count == 8)
        shop.query.plan.horizon = .days(0)
        #expect(try shop.slots("2026-11-22", days: 5).isEmpty)
        shop.query.now = try shop.at("2026-11-22 00:00")
        #expect(try shop.slots("2026-11-22", days: 5).count == 8)
    }

    @Test func `a horizon of dates is inclusive`() throws {
        var shop = try Shop()
        shop.query.plan.horizon = .dates(
            from: try #require(LocalDate("2026-11-24")), to: try #require(LocalDate("2026-11-25")))
        let slots = try shop.slots("2026-11-20", days: 10)
        #expect(slots.count == 16)
        #expect(slots.first?.start == (try shop.at("2026-11-24 09:00")))
        #expect(slots.last?.start == (try shop.at("2026-11-25 16:00")))
    }

    private func booked(_ shop: Shop, _ start: String, _ staff: String) throws -> CountedBooking {
        let id = try #require(try Shop.id(staff).staffID)
        return CountedBooking(start: try shop.at(start), minutes: 60, staff: [id])
    }

    @Test func `limits go by local day, ISO week and month`() throws {
        var shop = try Shop()
        try shop.open("ann", .always)
        shop.query.plan.slotIntervalMinutes = 720
        // 23:30 on Sunday the 29th in New York is the 30th in UTC.
        shop.query.booked = [try booked(shop, "2026-11-29 23:30", "ann")]
        func days(_ limits: BookingLimits) throws -> [Int] {
            shop.query.plan.limits = limits
            let slots = try shop.slots("2026-11-20", days: 14)
            return slots.map { shop.zone.date(at: $0.start).day }.reduce(into: []) {
                if $0.last != $1 { $0.append($1) }
            }
        }
        #expect(try days(.init(perDay: 2)).count == 14)
        #expect(try days(.init(perDay: 1)) == [20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 1, 2, 3])
        #expect(try days(.init(perWeek: 1)) == [20, 21, 22, 30, 1, 2, 3])
        #expect(try days(.init(perMonth: 1)) == [1, 2, 3])
        #expect(try days(.init(minutesPerDay: 120)).count == 14)
        #expect(try days(.init(minutesPerDay: 119)).count == 13)
        #expect(try days(.init(minutesPerDay: 59)).isEmpty)
        #expect(try days(.init(perDay: 0)).isEmpty)
    }

    @Test func `limits for each staff member leave the others free`() throws {
        var shop = try Shop(staff: ["ann", "bob"])
        shop.query.booked = [try booked(shop, "2026-11-23 12:00", "ann")]
        shop.query.plan.limits = BookingLimits(perDay: 1, perStaff: true)
        #expect(Set(try shop.slots("2026-11-23").map(\.names)) == [["bob"]])
        #expect(Set(try shop.slots("2026-11-24").map(\.names)) == [["ann", "bob"]])
        shop.query.plan.limits.perStaff = false
        #expect(try shop.slots("2026-11-23").isEmpty)
    }

    @Test func `what to load covers whole dates, weeks and months`() throws {
        var shop = try Shop()
        shop.query.plan.bufferBeforeMinutes = 600
        let from = try shop.at("2026-12-02 09:00")
        let to = try shop.at("2026-12-30 12:00")
        let loaded = try #require(
            Availability.rangeToLoad(shop.query.plan, zone: shop.zone, from: from, to: to))
        #expect(loaded.start == (try shop.at("2026-12-01 23:00")))
        #expect(loaded.end == (try shop.at("2026-12-31 00:00")))
        #expect(
            Availability.rangeToCount(shop.query.plan, zone: shop.zone, from: from, to: to) == nil)
        shop.query.plan.limits.perDay = 1
        let counted = try #require(
            Availability.rangeToCount(shop.query.plan, zone: shop.zone, from: from, to: to))
        #expect(counted.start == (try shop.at("2026-11-30 00:00")))
        #expect(counted.end == (try shop.at("2027-01-04 00:00")))
    }
}

@Suite("Choosing who serves")
struct AvailabilityRulesTests4 {
    @Test func `the least booked that day is chosen, then the lowest id`() throws {
        var shop = try Shop(staff: ["ann", "bob", "cid"])
        #expect(try shop.check("2026-11-23 12:00")?.names == ["ann"])
        try shop.book("ann", "2026-11-23 09:00", minutes: 60)
        try shop.book("bob", "2026-11-22 09:00", minutes: 400)
        #expect(try shop.check("2026-11-23 12:00")?.names == ["bob"])
        // Time off is not work.
        try shop.block("bob", "2026-11-23 14:00", minutes: 120)
        #expect(try shop.check("2026-11-23 12:00")?.names == ["bob"])
        try shop.book("bob", "2026-11-23 15:00", minutes: 30)
        #expect(try shop.check("2026-11-23 12:00")?.names == ["cid"])
        shop.query.required = [try Shop.id("ann")]
        #expect(try shop.check("2026-11-23 12:00")?.names == ["ann"])
        #expect(try shop.check("2026-11-23 09:00") == nil)
        #expect(try shop.check("2026-11-23 12:30") == nil)
    }

    @Test func `a wanted member who is in no pool leaves nothing`() throws {
        var shop = try Shop()
        shop.query.required = [try Shop.id("bob")]
        #expect(try shop.slots("2026-11-23").isEmpty)
    }

    @Test func `staff and room must be free together`() throws {
        var shop = try Shop(staff: ["ann", "bob"])
        try shop.open("room1", nil)
        try shop.open("room2", nil)
        try shop.require("room", ["room1", "room2"])
        try shop.book("ann", "2026-11-23 09:00", minutes: 60)
        try shop.book("room1", "2026-11-23 09:00", minutes: 120)
        try shop.book("room2", "2026-11-23 10:00", minutes: 60)
        let slots = try shop.slots("2026-11-23")
        #expect(slots[0].names == ["bob", "room2"])
        #expect(shop.clock(slots[1].start) == "11:00")
        #expect(slots[1].names == ["ann", "bob", "room1", "room2"])
        shop.query.required = [try Shop.id("bob"), try Shop.id("room1")]
        let offer = try #require(try shop.check("2026-11-23 11:00"))
        #expect(offer.names == ["bob", "room1"])
        #expect(offer.staff.map(\.text) == ["stf_bob"])
        #expect(offer.resources.map(\.text) == ["res_room1"])
        #expect(try shop.check("2026-11-23 09:00") == nil)
    }

    @Test func `nobody serves two pools of one booking`() throws {
        var shop = try Shop(staff: ["ann", "bob"])
        try shop.require("helper", ["ann"])
        let offer = try #require(try shop.check("2026-11-23 12:00"))
        #expect(offer.parts.map(\.pool) == ["staff", "helper"])
        #expect(offer.names == ["bob", "ann"])
        try shop.block("bob", "2026-11-23 12:00", minutes: 60)
        #expect(try shop.check("2026-11-23 12:00") == nil)
        shop.query.plan.requires[1].members = [try Shop.id("ann"), try Shop.id("bob")]
        shop.query.required = [try Shop.id("bob")]
        #expect(try shop.check("2026-11-23 13:00")?.names.sorted() == ["ann", "bob"])
    }

    @Test func `several members of a pool, or all of them`() throws {
        var shop = try Shop(staff: ["ann", "bob", "cid"])
        shop.query.plan.requires[0].count = .number(2)
        try shop.book("bob", "2026-11-23 12:00", minutes: 60)
        let offer = try #require(try shop.check("2026-11-23 12:00"))
        #expect(offer.names == ["ann", "cid"])
        #expect(offer.allocations.count == 2)
        shop.query.plan.requires[0].count = .all
        #expect(try shop.check("2026-11-23 12:00") == nil)
        #expect(try shop.check("2026-11-23 13:00")?.names == ["ann", "bob", "cid"])
        shop.query.parties[try Shop.id("cid")] = nil
        #expect(try shop.check("2026-11-23 13:00") == nil)
    }

    @Test func `alternatives are the nearest slots in order of time`() throws {
        var shop = try Shop()
        try shop.book("ann", "2026-11-23 12:00", minutes: 60)
        shop.query.from = try shop.at("2026-11-23 00:00")
        shop.query.to = try shop.at("2026-11-24 00:00")
        let nearest = Availability.alternatives(
            shop.query, to: try shop.at("2026-11-23 12:00"), limit: 3)
        #expect(nearest.map { shop.clock($0.start) } == ["10:00", "11:00", "13:00"])
    }
}
