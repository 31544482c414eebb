import Booking
import Kernel
import Store
import TestSupport
import Testing

/// What many do at once, on real databases.
@Suite("Booking at the same time")
struct BookingTogetherTests {
    /// How one attempt ended.
    private enum Outcome: Equatable { case won, taken, other(String) }

    /// On a slow machine not all get a connection in time; they hear so and try again.
    private static func attempt(_ act: () async throws -> Appointment) async -> Outcome {
        for _ in 0..<20 {
            do {
                _ = try await act()
                return .won
            } catch let refusal as Refusal where refusal.code == "slot_taken" {
                return .taken
            } catch StoreError.unavailable {
                continue
            } catch {
                return .other("\(error)")
            }
        }
        return .other("never had a connection")
    }

    @Test(arguments: TestEngine.available)
    func `gives each slot to exactly one of 32`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine, connections: 16) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service()
            let starts = try await office.starts(service)
            #expect(starts.count == 8)
            let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
                for booker in 0..<32 {
                    for slot in starts.indices {
                        // Each begins elsewhere.
                        let start = (slot + booker) % starts.count
                        group.addTask {
                            let outcome = await Self.attempt {
                                try await office.book(service, starts[start])
                            }
                            return (start, outcome)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for slot in starts.indices {
                let mine = outcomes.filter { $0.0 == slot }.map(\.1)
                #expect(mine.filter { $0 == .won }.count == 1)
                #expect(mine.filter { $0 == .taken }.count == 31, "\(mine)")
            }
            #expect(try await office.allocationCount() == 8)
            #expect(try await office.overlapCount() == 0)
            #expect(try await office.starts(service).isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `never overlaps and loses no time that stayed free`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine, connections: 16) { office in
            let staff = try await office.staff("Ann", "Bob", "Cleo")
            let room = try await office.resource("Room 1", kind: "room")
            let alone = try await office.service(
                45, ["slot_interval_minutes": 15, "buffer_after_minutes": 15])
            let joint = try await office.service(
                90,
                [
                    "slot_interval_minutes": 30,
                    "requires": [
                        ["pool": "staff"], ["pool": "room", "members": [.id(room)]],
                    ],
                ])
            let attempts = (0..<96).map { number in
                (
                    number.isMultiple(of: 3) ? joint : alone,
                    540 + (number * 5 % 14) * 30, number.isMultiple(of: 2)
                )
            }
            let outcomes = await withTaskGroup(of: Outcome.self) { group in
                for (service, minute, isHold) in attempts {
                    group.addTask {
                        await Self.attempt {
                            let start = try office.at(0, minute)
                            return isHold
                                ? try await office.hold(service, start)
                                : try await office.book(service, start)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(try await office.overlapCount() == 0)
            let wins = outcomes.filter { $0 == .won }.count
            #expect(outcomes.filter { $0 == .taken }.count == attempts.count - wins, "\(outcomes)")
            #expect(wins >= staff.count * 5)
            // Whatever was refused is still refused now: nobody took it and gave it up.
            let free = try await office.slots(alone).map(\.start)
            for (service, minute, _) in attempts where service == alone {
                #expect(!free.contains(try office.at(0, minute)))
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `fills a class to its last seat`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine, connections: 16) { office in
            _ = try await office.staff("Ann")
            let yoga = try await office.service(60, ["capacity": 10])
            let outcomes = await withTaskGroup(of: Outcome.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        await Self.attempt { try await office.book(yoga, try office.at(10)) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .won }.count == 10)
            #expect(outcomes.filter { $0 == .taken }.count == 22, "\(outcomes)")
            #expect(try await office.allocationCount() == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `counts limits over all who book`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine, connections: 16) { office in
            _ = try await office.staff("Ann", "Bob")
            let service = try await office.service(30, ["limits": ["per_day": 3]])
            let outcomes = await withTaskGroup(of: Outcome.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        await Self.attempt {
                            try await office.book(service, try office.at(9, 30 * number))
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .won }.count == 3, "\(outcomes)")
        }
    }
}

@Suite("The database")
struct BookingTogetherTests2 {
    /// Writes past the book, as a bug would.
    private static func insert(
        _ id: String, _ party: String, _ start: Instant, _ end: Instant, like: Appointment,
        in office: BookingOffice
    ) async throws {
        try await office.store.write { tx in
            try tx.execute(
                """
                INSERT INTO allocations
                    (id, account_id, appointment_id, party_id, starts_at, ends_at)
                VALUES (\(id), \(like.account), \(like.id), \(party), \(start), \(end))
                """)
        }
    }

    @Test(arguments: TestEngine.available)
    func `refuses allocations that overlap, whoever writes them`(
        _ engine: TestEngine
    ) async throws {
        try await BookingOffice.open(engine) { office in
            let ann = try await office.staff("Ann")[0]
            let booked = try await office.book(try await office.service(), try office.at(10))
            for (start, end) in [(590, 601), (600, 660), (610, 620), (659, 700), (0, 1440)] {
                await #expect(throws: StoreError.overlap) {
                    try await Self.insert(
                        "alc_\(start)", ann.text, try office.at(0, start), try office.at(0, end),
                        like: booked, in: office)
                }
            }
            // Those that only touch, and those of others, are no overlap.
            try await Self.insert(
                "alc_before", ann.text, try office.at(9), try office.at(10), like: booked, in: office)
            try await Self.insert(
                "alc_other", "stf_other", try office.at(10), try office.at(11), like: booked,
                in: office)
            await #expect(throws: StoreError.overlap) {
                try await office.store.write { tx in
                    try tx.execute(
                        """
                        UPDATE allocations SET ends_at = ends_at + 1
                        WHERE id = 'alc_before' AND account_id = \(booked.account)
                        """)
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `stands behind a diary that knows nothing of it`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            let ann = try await office.staff("Ann")[0]
            let service = try await office.service()
            let canceled = try await office.book(service, try office.at(9))
            _ = try await office.book.cancel(canceled.id, reason: nil, by: office.owner)
            // Hidden from the diary, since the booking behind it is another account's.
            let other = try await office.store.write { tx in
                try tx.execute(
                    """
                    INSERT INTO accounts
                        (id, slug, name, time_zone, locale, currency, state, created_at)
                    VALUES ('acct_other', 'other', 'Other', 'UTC', 'en', 'USD', 'active', 0)
                    """)
                return canceled
            }
            try await office.store.write { tx in
                try tx.execute(
                    """
                    INSERT INTO allocations
                        (id, account_id, appointment_id, party_id, starts_at, ends_at)
                    VALUES ('alc_hidden', 'acct_other', \(other.id), \(ann),
                        \(try office.at(10)), \(try office.at(11)))
                    """)
            }
            let refused = try await refusal { try await office.book(service, try office.at(10)) }
            #expect(refused.code == "slot_taken")
            #expect(refused.alternatives.count == 5)
        }
    }
}
