import HTTPTypes
import Kernel
import TestSupport
import Testing

/// Series and single visits that many book at once.
@Suite("Visits that repeat, at the same time")
struct SeriesTogetherTests {
    private static let week = 7
    private static let firstDay = LocalDate("2026-03-31")
    private static let visits = 4

    private struct Wish: Sendable {
        var week: Int
        var hour: Int
        var repeats: Bool

        /// The starts that it asks for.
        var starts: [String] {
            (0..<(repeats ? visits : 1)).compactMap { visit in
                firstDay?.adding(days: (self.week + visit) * SeriesTogetherTests.week)
            }.map { "\($0)T\(hour):00:00Z" }
        }
    }

    /// The status of the answer. On a slow machine not all get a connection in time; they try again.
    private static func book(
        _ wish: Wish, _ service: String, at base: String, in office: TestOffice
    ) async -> Int {
        var body: [String: JSONValue] = [
            "service_id": .string(service), "contact": ["name": "Dana"],
            "start": .string(wish.starts[0]),
        ]
        if wish.repeats {
            body["recurrence"] = ["rrule": .string("FREQ=WEEKLY;COUNT=\(visits)")]
        }
        var status = 503
        for _ in 0..<20 where status == 503 {
            do {
                let answer = try await office.call(
                    .post, base + "/appointments", .object(body))
                if answer.status == 409 { #expect(answer["code"].string == "slot_taken") }
                status = answer.status
            } catch {
                Issue.record(error)
            }
        }
        return status
    }

    private static func all(
        _ wishes: [Wish], _ service: String, at base: String, in office: TestOffice
    ) async -> [(Wish, Int)] {
        await withTaskGroup(of: (Wish, Int).self) { group in
            for wish in wishes {
                group.addTask { (wish, await book(wish, service, at: base, in: office)) }
            }
            var answers: [(Wish, Int)] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
    }

    private static func check(_ answers: [(Wish, Int)], _ booked: [JSONValue]) {
        #expect(answers.allSatisfy { [201, 409].contains($0.1) }, "\(answers.map(\.1))")
        var expected: [String: Int] = [:]
        for (wish, status) in answers where status == 201 {
            for start in wish.starts { expected[start, default: 0] += 1 }
        }
        let counts = booked.reduce(into: [String: Int]()) {
            $0[$1["start"]?.string ?? "", default: 0] += 1
        }
        #expect(counts == expected, "of a series all visits are there or none")
        #expect(counts.values.allSatisfy { $0 <= 2 })
        for (wish, status) in answers where status == 409 {
            #expect(wish.starts.contains { counts[$0] == 2 }, "\(wish.starts)")
        }
        #expect(answers.contains { $0.0.repeats && $0.1 == 201 })
        let visits = booked.map { "\($0["start"] ?? .null) \($0["staff_ids"] ?? .null)" }
        #expect(Set(visits).count == visits.count, "one person, one visit at a time")
    }

    @Test(arguments: TestEngine.available)
    func `are each whole or not there, and nobody is refused what stayed free`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let base = "/accounts/\(try await office.makeAccount())"
            for name in ["Ann", "Bob"] {
                let staff = try await office.call(
                    .post, base + "/staff", ["name": .string(name)])
                #expect(staff.status == 201)
            }
            let service = try await office.call(
                .post, base + "/services", ["name": "Lesson", "duration_minutes": 60]
            ).id
            // Series that begin in different weeks lock the same people and meet in the middle.
            let wishes = (0..<36).map { number in
                Wish(week: number / 2 % 4, hour: 14 + number / 3 % 3, repeats: number % 3 != 0)
            }
            let answers = await Self.all(wishes, service, at: base, in: office)
            let booked = try await office.call(.get, base + "/appointments?limit=200").data
            Self.check(answers, booked)
        }
    }
}
