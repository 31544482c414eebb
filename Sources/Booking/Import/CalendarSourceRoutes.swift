import Hummingbird
import Kernel
import WebShell

/// Outside calendars in the API.
package struct CalendarSourceRoutes {
    let sources: CalendarSources

    package init(sources: CalendarSources) { self.sources = sources }

    package func add(to api: APIRoutes) {
        let kinds: [(String, @Sendable (String) -> PartyID)] = [
            ("staff", { id in PartyID.staff(StaffID(id)) }),
            ("resources", { id in PartyID.resource(ResourceID(id)) }),
        ]
        for (kind, party) in kinds {
            api.post("/\(kind)/:id/calendar_sources", "calendar_sources") { [sources] call in
                let id = call.context.parameters.get("id") ?? ""
                let source = try await sources.create(call.body, for: party(id), by: call.actor)
                return .created(
                    source.json, at: "/api/v1/calendar_sources/\(source.id)",
                    version: source.version)
            }
            api.get("/\(kind)/:id/calendar_sources", "calendar_sources") { [sources] call in
                let id = call.context.parameters.get("id") ?? ""
                let paging = try call.paging()
                let list = try await sources.sources(of: party(id), paging, for: call.actor)
                return paging.answer(list, cursor: \.id.text, \.json)
            }
        }
        api.get("/calendar_sources/:id", "calendar_sources") { [sources] call in
            let source = try await sources.source(call.id(), for: call.actor)
            return .ok(source.json, version: source.version)
        }
        api.patch("/calendar_sources/:id", "calendar_sources") { [sources] call in
            let source = try await sources.update(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(source.json, version: source.version)
        }
        api.delete("/calendar_sources/:id", "calendar_sources") { [sources] call in
            try await sources.delete(call.id(), by: call.actor)
            return .noContent
        }
        api.post("/calendar_sources/:id/refresh", "calendar_sources") { [sources] call in
            .accepted(try await sources.refresh(call.id(), by: call.actor).json)
        }
    }
}
