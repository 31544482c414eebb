import Hummingbird
import Kernel
import WebShell

/// Bookings that fall outside, in the API.
struct DisplacedRoutes {
    let book: AppointmentBook

    func add(to api: APIRoutes) {
        api.get("/accounts/:id/displaced", "appointments") { [book] call in
            let found = try await book.displaced(of: call.id(), for: call.actor)
            return .ok(["data": .array(found.map(\.json))])
        }
        api.post("/accounts/:id/displaced", "appointments") { [book] call in
            var input = try call.input()
            let action = input.choice("action", DisplacedAction.self)
            let ids = input.optionalTexts("appointment_ids", max: AppointmentBook.mostDisplaced)
            let reason = input.optionalText("reason", max: 500)
            try input.finish()
            guard let action else { throw Refusal.invalid("action", "required", "is required.") }
            let outcomes = try await book.resolveDisplaced(
                action, ids?.map { AppointmentID($0) }, reason: reason, of: call.id(),
                by: call.actor)
            return .ok(["data": .array(outcomes.map(\.json))])
        }
    }

    /// The answer to a change of hours, people or things, with the bookings that fall outside now.
    static func answer(
        _ changed: JSONValue, version: Int, of account: AccountID, _ book: AppointmentBook,
        for actor: Actor
    ) async throws -> APIAnswer {
        .ok(try await with(changed, of: account, book, for: actor), version: version)
    }

    static func with(
        _ changed: JSONValue, of account: AccountID, _ book: AppointmentBook, for actor: Actor
    ) async throws -> JSONValue {
        var members = changed.object ?? [:]
        let found = try await book.displaced(of: account, for: actor)
        members["displaced"] = .array(found.map(\.json))
        return .object(members)
    }
}
