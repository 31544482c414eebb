import Accounts
import Booking
import Kernel
import Store
import TestSupport
import Testing
import WebShell

@Suite("Lists of appointments")
struct AppointmentListTests {
    @Test(arguments: TestEngine.available)
    func `show what overlaps, with names, page by page`(_ engine: TestEngine) async throws {
        try await BookingOffice.open(engine) { office in
            let staff = try await office.staff("Ann", "Bob")
            let service = try await office.service()
            for hour in [9, 10, 11] {
                _ = try await office.book(
                    service, try office.at(hour), ["staff_id": .id(staff[hour % 2])])
            }
            let canceled = try await office.book(service, try office.at(15))
            _ = try await office.book.cancel(canceled.id, reason: nil, by: office.owner)
            func list(
                _ paging: Paging = Paging(limit: 50, after: nil),
                _ change: (inout AppointmentFilter) throws -> Void = { _ in }
            ) async throws -> [Appointment] {
                var filter = AppointmentFilter()
                try change(&filter)
                return try await office.book.appointments(
                    of: office.account.id, filter, paging, for: office.owner)
            }
            #expect(try await list().map(\.start) == office.hours(9, 10, 11))
            let within = try await list {
                $0.from = try office.at(9, 59)
                $0.to = try office.at(11)
            }
            #expect(try within.map(\.start) == office.hours(9, 10))
            let exactly = try await list { $0.from = try office.at(10) }
            #expect(try exactly.map(\.start) == office.hours(10, 11))
            #expect(try await list { $0.staff = staff[0] }.map(\.start) == office.hours(10))
            #expect(try await list { $0.statuses = [.canceled] }.map(\.id) == [canceled.id])
            let names = try await office.book.summaries(
                of: office.account.id, from: try office.at(0), to: try office.at(23),
                for: office.owner)
            #expect(names.map(\.staffNames) == [["Bob"], ["Ann"], ["Bob"]])
            #expect(names.first?.whenText == "Monday, 23 November at 09:00")
            #expect(names.first?.contactName == "Kim")
        }
    }
}
