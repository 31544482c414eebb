import Hummingbird
import Kernel
import WebShell

/// The settings of a business's booking page and policy, in the API.
package struct PublicBookingRoutes {
    let booking: PublicBooking

    package init(booking: PublicBooking) { self.booking = booking }

    package func add(to api: APIRoutes) {
        api.get("/accounts/:id/booking_page", "booking_page") { [booking] call in
            let settings = try await booking.settings(of: call.id(), for: call.actor)
            return .ok(settings.json, version: settings.version)
        }
        api.put("/accounts/:id/booking_page", "booking_page") { [booking] call in
            let settings = try await booking.setSettings(
                call.body, of: call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return .ok(settings.json, version: settings.version)
        }
        api.get("/accounts/:id/booking_policy", "booking_policy") { [booking] call in
            let policy = try await booking.policy(of: call.id(), for: call.actor)
            return .ok(policy.json, version: policy.version)
        }
        api.put("/accounts/:id/booking_policy", "booking_policy") { [booking] call in
            let policy = try await booking.setPolicy(
                call.body, of: call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return .ok(policy.json, version: policy.version)
        }
    }
}
