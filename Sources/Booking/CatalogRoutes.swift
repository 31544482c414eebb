import Hummingbird
import Kernel
import WebShell

/// Hours, staff, resources, services and busy times in the API.
struct CatalogRoutes {
    let catalog: Catalog
    let book: AppointmentBook

    func add(to api: APIRoutes) {
        addSchedule(to: api)
        addStaff(to: api)
        addResources(to: api)
        addServices(to: api)
        addBusy(to: api)
    }

    private func addSchedule(to api: APIRoutes) {
        api.put("/accounts/:id/schedule", "schedule") { [catalog, book] call in
            let schedule = try await catalog.setSchedule(
                call.body, of: call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return try await DisplacedRoutes.answer(
                schedule.json, version: schedule.version, of: schedule.account, book,
                for: call.actor)
        }
        api.get("/accounts/:id/schedule", "schedule") { [catalog] call in
            let schedule = try await catalog.hours(of: call.id(), for: call.actor)
            return .ok(schedule.json, version: schedule.version)
        }
    }

    private func addStaff(to api: APIRoutes) {
        api.post("/accounts/:id/staff", "staff") { [catalog] call in
            let member = try await catalog.createStaff(call.body, in: call.id(), by: call.actor)
            return .created(
                member.json, at: "/api/v1/staff/\(member.id)", version: member.version)
        }
        api.get("/accounts/:id/staff", "staff") { [catalog] call in
            let paging = try call.paging()
            let staff = try await catalog.staff(of: call.id(), paging, for: call.actor)
            return paging.answer(staff, cursor: \.id.text, \.json)
        }
        api.get("/staff/:id", "staff") { [catalog] call in
            let member = try await catalog.staffMember(call.id(), for: call.actor)
            return .ok(member.json, version: member.version)
        }
        api.patch("/staff/:id", "staff") { [catalog, book] call in
            let member = try await catalog.updateStaff(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return try await DisplacedRoutes.answer(
                member.json, version: member.version, of: member.account, book, for: call.actor)
        }
    }

    private func addResources(to api: APIRoutes) {
        api.post("/accounts/:id/resources", "resources") { [catalog] call in
            let resource = try await catalog.createResource(
                call.body, in: call.id(), by: call.actor)
            return .created(
                resource.json, at: "/api/v1/resources/\(resource.id)", version: resource.version)
        }
        api.get("/accounts/:id/resources", "resources") { [catalog] call in
            let paging = try call.paging()
            let resources = try await catalog.resources(of: call.id(), paging, for: call.actor)
            return paging.answer(resources, cursor: \.id.text, \.json)
        }
        api.get("/resources/:id", "resources") { [catalog] call in
            let resource = try await catalog.resource(call.id(), for: call.actor)
            return .ok(resource.json, version: resource.version)
        }
        api.patch("/resources/:id", "resources") { [catalog, book] call in
            let resource = try await catalog.updateResource(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return try await DisplacedRoutes.answer(
                resource.json, version: resource.version, of: resource.account, book,
                for: call.actor)
        }
    }

    private func addServices(to api: APIRoutes) {
        api.post("/accounts/:id/services", "services") { [catalog] call in
            let service = try await catalog.createService(call.body, in: call.id(), by: call.actor)
            return .created(
                service.json, at: "/api/v1/services/\(service.id)", version: service.version)
        }
        api.get("/accounts/:id/services", "services") { [catalog] call in
            let paging = try call.paging()
            let services = try await catalog.services(of: call.id(), paging, for: call.actor)
            return paging.answer(services, cursor: \.id.text, \.json)
        }
        api.get("/services/:id", "services") { [catalog] call in
            let service = try await catalog.service(call.id(), for: call.actor)
            return .ok(service.json, version: service.version)
        }
        api.patch("/services/:id", "services") { [catalog] call in
            let service = try await catalog.updateService(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(service.json, version: service.version)
        }
    }

    private func addBusy(to api: APIRoutes) {
        api.post("/accounts/:id/busy", "busy") { [catalog, book] call in
            let busy = try await catalog.createBusy(call.body, in: call.id(), by: call.actor)
            let told = try await DisplacedRoutes.with(
                busy.json, of: busy.account, book, for: call.actor)
            return .created(told, at: "/api/v1/busy/\(busy.id)")
        }
        api.get("/accounts/:id/busy", "busy") { [catalog] call in
            let paging = try call.paging()
            let (from, to) = try call.period()
            let busy = try await catalog.busy(
                of: call.id(), from: from, to: to, paging, for: call.actor)
            return paging.answer(busy, cursor: \.id, \.json)
        }
        api.get("/busy/:id", "busy") { [catalog] call in
            let id = call.context.parameters.get("id") ?? ""
            return .ok(try await catalog.busy(id, for: call.actor).json)
        }
        api.delete("/busy/:id", "busy") { [catalog] call in
            try await catalog.deleteBusy(call.context.parameters.get("id") ?? "", by: call.actor)
            return .noContent
        }
    }
}
