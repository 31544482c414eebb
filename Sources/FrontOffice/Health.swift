import Hummingbird
import Kernel
import Logging
import Store
import WebShell

extension Wiring {
    /// `/healthz`: the process is up. `/readyz`: it may be sent requests. `/metrics`: its numbers.
    func addHealth(to router: Router<WebContext>) {
        router.get("/healthz") { _, _ in Response.json(["status": "up"]) }
        router.get("/readyz") { [store, logger, drain] _, _ in
            if drain.isDraining {
                return Response.json(["status": "stopping"], status: .serviceUnavailable)
            }
            do {
                // Who shares out the requests wants to know now.
                let count = try await store.read(waiting: .seconds(1)) { tx in
                    try tx.count("SELECT COUNT(*) FROM schema_migrations")
                }
                return Response.json(["status": "ready", "migrations": .number(count)])
            } catch {
                logger.warning("Not ready", metadata: ["error": "\(error)"])
                return Response.json(["status": "unavailable"], status: .serviceUnavailable)
            }
        }
        MetricsPage(
            office: metrics, access: configuration.metricsAccess, store: store, feed: feed,
            ambient: ambient
        ).add(to: router)
    }
}
