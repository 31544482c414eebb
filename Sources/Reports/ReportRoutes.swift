import Hummingbird
import Kernel
import WebShell

package struct ReportRoutes {
    let statistics: Statistics

    package init(statistics: Statistics) { self.statistics = statistics }

    package func add(to api: APIRoutes) {
        api.get("/accounts/:id/statistics", "statistics") { [statistics] call in
            // A stranger hears 404 before anything about the query.
            try call.actor.require(.viewAccount, in: call.id())
            let numbers = try await statistics.statistics(
                of: call.id(), from: try call.instant("from"), to: try call.instant("to"),
                for: call.actor)
            return .ok(numbers.json)
        }
    }
}
