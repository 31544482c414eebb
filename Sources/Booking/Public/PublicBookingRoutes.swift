import Accounts
import Kernel
import WebShell

/// The settings of a business's booking page and policy, in the API.
package struct PublicBookingRoutes {
    let booking: PublicBooking

    package init(booking: PublicBooking) { self.booking = booking }

    package func add(to api: APIRoutes) {
        api.settings(
            "booking_page", get: booking.settings(of:for:),
            put: booking.setSettings(_:of:expecting:by:))
        api.settings(
            "booking_policy", get: booking.policy(of:for:),
            put: booking.setPolicy(_:of:expecting:by:))
    }
}
