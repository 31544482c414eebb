import Booking
import Kernel
import Testing

@Suite("The grid")
struct AvailabilityGridTests {
    @Test func `starts begin at opening and the last one still fits`() throws {
        var shop = try Shop()
        #expect(
            try shop.starts("2026-11-23")
                == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"])
        shop.query.plan.durationMinutes = 90
        #expect(
            try shop.starts("2026-11-23")
                == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00"])
        let slot = try #require(try shop.slots("2026-11-23").first)
        #expect(slot.end == slot.start.advanced(byMinutes: 90))
    }

    @Test func `the offset moves every start`() throws {
        var shop = try Shop()
        shop.query.plan.slotOffsetMinutes = 10
        shop.query.plan.slotIntervalMinutes = 120
        #expect(try shop.starts("2026-11-23") == ["09:10", "11:10", "13:10", "15:10"])
    }

    @Test func `bookings, the question and now do not move the grid`() throws {
        var shop = try Shop()
        try shop.book("ann", "2026-11-23 10:20", minutes: 25)
        shop.query.now = try shop.at("2026-11-23 11:07")
        #expect(
            try shop.starts("2026-11-23") == ["12:00", "13:00", "14:00", "15:00", "16:00"])
        shop.query.now = try shop.at("2026-11-22 11:07")
        shop.query.from = try shop.at("2026-11-23 09:01")
        shop.query.to = try shop.at("2026-11-23 12:01")
        #expect(Availability.slots(shop.query).map { shop.clock($0.start) } == ["11:00", "12:00"])
    }

    @Test func `a start is in the question's half-open range, its end need not be`() throws {
        var shop = try Shop()
        shop.query.from = try shop.at("2026-11-23 10:00")
        shop.query.to = try shop.at("2026-11-23 12:00")
        #expect(Availability.slots(shop.query).map { shop.clock($0.start) } == ["10:00", "11:00"])
        shop.query.to = try shop.at("2026-11-23 10:00")
        #expect(Availability.slots(shop.query) == [])
        shop.query.to = try shop.at("2026-11-22 10:00")
        #expect(Availability.slots(shop.query) == [])
    }

    @Test func `a slot never straddles a gap in opening`() throws {
        var shop = try Shop()
        try shop.open("ann", Shop.hours("1 09:00-12:30", "1 13:15-15:15"))
        #expect(
            try shop.starts("2026-11-23") == ["09:00", "10:00", "11:00", "13:15", "14:15"])
    }

    @Test func `overlapping windows have one grid`() throws {
        var shop = try Shop()
        try shop.open("ann", Shop.hours("1 09:00-11:30", "1 11:10-13:00"))
        #expect(try shop.starts("2026-11-23") == ["09:00", "10:00", "11:00", "12:00"])
    }

    @Test func `touching windows keep their grids and a slot may run on into the next`() throws {
        var shop = try Shop()
        try shop.open("ann", Shop.hours("1 09:00-11:30", "1 11:30-13:00"))
        #expect(try shop.starts("2026-11-23") == ["09:00", "10:00", "11:00", "11:30"])
    }

    @Test func `round-the-clock opening restarts at local midnight`() throws {
        var shop = try Shop()
        try shop.open("ann", .always)
        shop.query.plan.slotIntervalMinutes = 420
        #expect(
            try shop.starts("2026-11-23", days: 2)
                == ["00:00", "07:00", "14:00", "21:00", "00:00", "07:00", "14:00", "21:00"])
        shop.query.plan.durationMinutes = 240
        #expect(try shop.starts("2026-11-23") == ["00:00", "07:00", "14:00", "21:00"])
        try shop.open("ann", nil)
        #expect(try shop.starts("2026-11-23") == ["00:00", "07:00", "14:00", "21:00"])
    }

    @Test func `nights count from their own evening`() throws {
        var shop = try Shop()
        try shop.open("ann", Shop.hours("1234567 22:30-02:00"))
        #expect(try shop.starts("2026-11-24") == ["00:30", "22:30", "23:30"])
        try shop.open("ann", Shop.hours("1234567 22:30-02:00", overrides: ["2026-11-24": []]))
        #expect(try shop.starts("2026-11-24") == ["00:30"])
        #expect(try shop.starts("2026-11-25") == ["22:30", "23:30"])
    }

    @Test func `members of the first pool each bring their grid`() throws {
        var shop = try Shop(staff: ["ann", "bob"])
        try shop.open("ann", Shop.hours("1 09:00-12:00"))
        try shop.open("bob", Shop.hours("1 09:30-12:00"))
        let slots = try shop.slots("2026-11-23")
        #expect(
            slots.map { shop.clock($0.start) } == ["09:00", "09:30", "10:00", "10:30", "11:00"])
        #expect(slots.map(\.names) == [["ann"], ["bob"], ["ann"], ["bob"], ["ann"]])
        shop.query.required = [try Shop.id("bob")]
        #expect(try shop.starts("2026-11-23") == ["09:30", "10:30"])
    }

    @Test func `of two chosen from the first pool one must be on the grid`() throws {
        var shop = try Shop(staff: ["ann", "bob"])
        try shop.open("ann", Shop.hours("1 09:00-12:00"))
        try shop.open("bob", Shop.hours("1 09:30-12:00"))
        shop.query.plan.requires[0].count = .all
        #expect(try shop.starts("2026-11-23") == ["09:30", "10:00", "10:30", "11:00"])
        shop.query.plan.requires[0].count = .number(2)
        #expect(try shop.starts("2026-11-23") == ["09:30", "10:00", "10:30", "11:00"])
    }

    @Test func `the grid comes from the first pool alone`() throws {
        var shop = try Shop()
        try shop.open("room1", Shop.hours("1 09:20-12:20"))
        try shop.require("room", ["room1"])
        #expect(try shop.starts("2026-11-23") == ["10:00", "11:00"])
        shop.query.plan.requires.reverse()
        #expect(try shop.starts("2026-11-23") == ["09:20", "10:20", "11:20"])
    }

    @Test func `a member in another zone opens by its own clock`() throws {
        var shop = try Shop()
        let london = try #require(Zone("Europe/London"))
        try shop.open("ann", Shop.hours("1 14:00-17:00"), zone: london)
        #expect(try shop.starts("2026-11-23") == ["09:00", "10:00", "11:00"])
    }

    @Test func `spring in New York leaves out the hour that the clock skips`() throws {
        var shop = try Shop()
        try shop.open("ann", Shop.hours("7 00:00-06:00"))
        #expect(
            try shop.starts("2026-03-08") == ["00:00", "01:00", "03:00", "04:00", "05:00"])
        #expect(
            try shop.starts("2027-03-14") == ["00:00", "01:00", "03:00", "04:00", "05:00"])
        // An opening at 02:30, which does not exist, is one at 03:30.
        try shop.open("ann", Shop.hours("7 02:30-06:00"))
        #expect(try shop.starts("2026-03-08") == ["03:30", "04:30"])
    }

    @Test func `autumn in New York has starts in both of the repeated hours`() throws {
        var shop = try Shop()
        try shop.open("ann", Shop.hours("7 00:00-03:00"))
        #expect(try shop.starts("2026-11-01") == ["00:00", "01:00", "01:00", "02:00"])
        let slots = try shop.slots("2027-11-07")
        #expect(slots.count == 4)
        #expect(slots[2].start == slots[1].start.advanced(byMinutes: 60))
    }

    @Test func `London's days of change`() throws {
        var shop = try Shop("Europe/London")
        try shop.open("ann", Shop.hours("67 22:00-04:00"))
        #expect(
            try shop.starts("2026-03-29") == ["00:00", "02:00", "03:00", "22:00", "23:00"])
        #expect(
            try shop.starts("2026-10-25")
                == ["00:00", "01:00", "01:00", "02:00", "03:00", "22:00", "23:00"])
        #expect(
            try shop.starts("2027-03-28") == ["00:00", "02:00", "03:00", "22:00", "23:00"])
        #expect(
            try shop.starts("2027-10-31")
                == ["00:00", "01:00", "01:00", "02:00", "03:00", "22:00", "23:00"])
    }
}
