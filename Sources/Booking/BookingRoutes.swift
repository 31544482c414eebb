import Hummingbird
import Kernel
import WebShell

/// Booking in the API: availability, holds and appointments, and the catalog behind them.
package struct BookingRoutes {
    private static let mostDays = 366

    let catalog: Catalog
    let book: AppointmentBook

    package init(catalog: Catalog, appointments: AppointmentBook) {
        self.catalog = catalog
        book = appointments
    }

    package func add(to api: APIRoutes) {
        CatalogRoutes(catalog: catalog, book: book).add(to: api)
        DisplacedRoutes(book: book).add(to: api)
        addAvailability(to: api)
        addHolds(to: api)
        addAppointments(to: api)
        addChanges(to: api)
    }

    private func addAvailability(to api: APIRoutes) {
        api.get("/accounts/:id/availability", "availability") { [book] call in
            guard let service = call.query("service_id") else {
                throw Refusal.invalid("service_id", "required", "is required.")
            }
            let from = try call.instant("from")
            let to = try call.instant("to")
            guard from < to else {
                throw Refusal.invalid("to", "order", "must be after from.")
            }
            guard to <= from.advanced(byDays: Self.mostDays) else {
                throw Refusal.invalid(
                    "to", "range", "must be at most \(Self.mostDays) days after from.")
            }
            let (zone, slots) = try await book.availability(
                of: ServiceID(service), in: call.id(), from: from, to: to,
                staff: call.query("staff_id").map(StaffID.init),
                partySize: try call.integer("party_size", in: ServicePlan.Bounds.capacity),
                hold: call.query("hold_id").map(AppointmentID.init),
                moving: call.query("appointment_id").map(AppointmentID.init), for: call.actor)
            return .ok([
                "time_zone": .string(zone.identifier), "slots": .array(slots.map(\.json)),
            ])
        }
    }

    private func addHolds(to api: APIRoutes) {
        api.post("/accounts/:id/holds", "holds") { [book] call in
            let hold = try await book.hold(call.body, in: call.id(), by: call.actor)
            return .created(
                hold.json, at: "/api/v1/appointments/\(hold.id)", version: hold.version)
        }
        api.post("/holds/:id/extend", "holds") { [book] call in
            let hold = try await book.extend(call.id(), call.body, by: call.actor)
            return .ok(hold.json, version: hold.version)
        }
        api.delete("/holds/:id", "holds") { [book] call in
            try await book.release(call.id(), by: call.actor)
            return .noContent
        }
    }

    private func addAppointments(to api: APIRoutes) {
        api.post("/accounts/:id/appointments", "appointments") { [book] call in
            let (appointment, series) = try await book.bookAll(
                call.body, in: call.id(), by: call.actor)
            var members = appointment.json.object ?? [:]
            if let series { members["series"] = series.json }
            return .created(
                .object(members), at: "/api/v1/appointments/\(appointment.id)",
                version: appointment.version)
        }
        api.get("/accounts/:id/appointments", "appointments") { [book] call in
            let paging = try call.paging()
            let list = try await book.appointments(
                of: call.id(), try Self.filter(call), paging, for: call.actor)
            return paging.answer(
                list, cursor: AppointmentCursor.text(after:), \.json)
        }
        api.get("/appointments/:id", "appointments") { [book] call in
            let appointment = try await book.appointment(call.id(), for: call.actor)
            return .ok(appointment.json, version: appointment.version)
        }
    }

    private static func filter(_ call: APICall) throws -> AppointmentFilter {
        var filter = AppointmentFilter()
        (filter.from, filter.to) = try call.period()
        filter.staff = call.query("staff_id").map(StaffID.init)
        filter.contact = call.query("contact_id").map(ContactID.init)
        filter.series = call.query("series_id").map(SeriesID.init)
        if let words = call.query("status") {
            filter.statuses = try words.split(separator: ",").map { word in
                if let status = Appointment.Status(rawValue: String(word)) { return status }
                let known = Appointment.Status.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal.invalid("status", "unknown", "must be one of: \(known).")
            }
        }
        return filter
    }

    private func addChanges(to api: APIRoutes) {
        api.patch("/appointments/:id", "appointments") { [book] call in
            let appointment = try await book.reschedule(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(appointment.json, version: appointment.version)
        }
        api.post("/appointments/:id/cancel", "appointments") { [book] call in
            var input = try call.input()
            let reason = input.optionalText("reason", max: 500)
            let charging = input.optionalBool("charge_fee") ?? false
            let scope = input.optionalText("scope", max: 10, min: 1) ?? "one"
            if !["one", "following"].contains(scope) {
                input.reject("scope", "unknown", "must be one or following.")
            }
            if charging, scope == "following" {
                input.reject("charge_fee", "conflict", "is for one visit: leave scope out.")
            }
            try input.finish()
            if scope == "following" {
                let (appointment, others) = try await book.cancelFollowing(
                    call.id(), reason: reason, expecting: try call.expectedVersion(),
                    by: call.actor)
                var members = appointment.json.object ?? [:]
                members["also_canceled"] = .list(others.map(\.text))
                return .ok(.object(members), version: appointment.version)
            }
            let appointment = try await book.cancel(
                call.id(), reason: reason, charging: charging,
                expecting: try call.expectedVersion(), by: call.actor)
            return .ok(appointment.json, version: appointment.version)
        }
        api.post("/appointments/:id/complete", "appointments") { [book] call in
            let appointment = try await book.complete(
                call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return .ok(appointment.json, version: appointment.version)
        }
        api.post("/appointments/:id/no_show", "appointments") { [book] call in
            var input = try call.input()
            let charging = input.optionalBool("charge_fee") ?? false
            try input.finish()
            let appointment = try await book.noShow(
                call.id(), charging: charging, expecting: try call.expectedVersion(),
                by: call.actor)
            return .ok(appointment.json, version: appointment.version)
        }
    }
}
