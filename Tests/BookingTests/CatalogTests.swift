import Accounts
import Booking
import Kernel
import Store
import TestSupport
import Testing

@Suite("The catalog")
struct CatalogTests {
    private static func faults(
        _ body: [String: JSONValue], in office: BookingOffice
    ) async throws -> [String] {
        let service: [String: JSONValue] = ["name": "Cut", "duration_minutes": 60]
        return try await refusal {
            try await office.catalog.createService(
                .object(service.merging(body) { $1 }), in: office.account.id, by: office.owner)
        }.faults
    }

    @Test(arguments: TestEngine.available)
    func `names what is wrong with a service`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            #expect(try await Self.faults([:], in: office) == ["requires required"])
            let ann = try await office.staff("Ann")[0]
            let pool: JSONValue = ["pool": "staff", "members": [.id(ann)]]
            let bodies: [([String: JSONValue], [String])] = [
                (["duration_minutes": 0], ["duration_minutes range"]),
                (
                    ["requires": [["pool": "staff", "members": [.id(ann), "stf_nobody"]]]],
                    ["requires[0].members[1] unknown"]
                ),
                (
                    ["requires": [["pool": "staff", "members": ["x"]]]],
                    ["requires[0].members[0] unknown"]
                ),
                (["requires": [pool, pool]], ["requires[1].pool duplicate"]),
                (["requires": [["pool": "room"]]], ["requires[0].members required"]),
                (["requires": [["pool": "staff", "count": 2]]], ["requires[0].count range"]),
                (["requires": []], ["requires range"]),
                (
                    ["segments": [["minutes": 30, "occupies": ["staff"]]]],
                    ["segments sum"]
                ),
                (
                    ["segments": [["minutes": 60, "occupies": ["room"]]]],
                    ["segments[0].occupies[0] unknown"]
                ),
                (["horizon": ["from": "2026-12-01", "to": "x"]], ["horizon.to date"]),
                (["limits": ["per_day": -1]], ["limits.per_day range"]),
                (["price": ["amount": 5, "currency": "dollar"]], ["price.currency too_long"]),
            ]
            for (body, faults) in bodies {
                #expect(try await Self.faults(body, in: office) == faults, "\(body)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `changes only what is sent`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            let ann = try await office.staff("Ann")[0]
            let id = try await office.service(
                60, ["buffer_after_minutes": 10, "limits": ["per_day": 3], "horizon": ["days": 30]])
            let catalog = office.catalog
            let changed = try await catalog.updateService(
                id, ["name": "Long cut", "duration_minutes": 90], expecting: 1, by: office.owner)
            #expect(changed.slotIntervalMinutes == 90)
            #expect(changed.rules.bufferAfterMinutes == 10)
            #expect(changed.rules.limits.perDay == 3)
            #expect(try await catalog.service(id, for: office.owner) == changed)
            let stale = try await refusal {
                try await catalog.updateService(id, [:], expecting: 1, by: office.owner)
            }
            #expect(stale.kind == .stale)
            _ = try await catalog.updateStaff(
                ann, ["is_active": false], expecting: nil, by: office.owner)
            #expect(try await office.starts(id).isEmpty)
            let bob = try await office.staff("Bob")[0]
            #expect(try await office.slots(id).first?.staff == [bob])
            _ = try await catalog.updateService(
                id, ["is_active": false], expecting: nil, by: office.owner)
            #expect(try await office.starts(id).isEmpty)
            let refused = try await refusal { try await office.book(id, try office.at(9)) }
            #expect(refused.faults == ["service_id unknown"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `is for those who may`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            _ = try await office.staff("Ann")
            let service = try await office.service()
            let booked = try await office.book(service, try office.at(10))
            func actor(_ role: Role?) -> Actor {
                Actor(
                    user: UserID("user_x"), name: "X", email: "x@example.com", officeRole: nil,
                    memberships: role.map { [office.account.id: $0] } ?? [:])
            }
            let cases: [(Role?, Refusal.Kind)] = [(nil, .notFound), (.specialist, .forbidden)]
            for (role, kind) in cases {
                let refusals = [
                    try await refusal {
                        try await office.catalog.createService(
                            [:], in: office.account.id, by: actor(role))
                    },
                    try await refusal {
                        try await office.catalog.updateService(
                            service, [:], expecting: nil, by: actor(role))
                    },
                    try await refusal {
                        try await office.catalog.createBusy(
                            [:], in: office.account.id, by: actor(role))
                    },
                    try await refusal {
                        try await office.book.hold([:], in: office.account.id, by: actor(role))
                    },
                    try await refusal {
                        try await office.book.cancel(booked.id, reason: nil, by: actor(role))
                    },
                    try await refusal {
                        try await office.book.reschedule(
                            booked.id, ["start": 1], expecting: nil, by: actor(role))
                    },
                ]
                #expect(refusals.allSatisfy { $0.kind == kind })
            }
            let unseen = try await refusal {
                try await office.book.appointment(booked.id, for: actor(nil))
            }
            #expect(unseen.kind == .notFound)
            // Staff of the business book, but do not change what is on offer.
            _ = try await office.book.cancel(booked.id, reason: nil, by: actor(.staff))
            let schedule = try await refusal {
                try await office.catalog.setSchedule(
                    ["weekly": []], of: office.account.id, expecting: nil, by: actor(.staff))
            }
            #expect(schedule.kind == .forbidden)
        }
    }
}
