import HTTPTypes
import Hummingbird
import HummingbirdCore
import Kernel
import Logging
import ServiceLifecycle
import Store
import UnixSignals
import WebShell

extension Wiring {
    /// The running server: HTTP, the event feed and the worker, stopped in reverse order.
    package func application(
        onStart: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        var application = Application(
            responder: responder(),
            server: .http1(configuration: .init(idleTimeout: .seconds(300))),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: nil, backlog: 4096),
            onServerRunning: { channel in await onStart(channel.localAddress?.port ?? 0) },
            logger: logger)
        application.addServices(feed, worker)
        return application
    }

    /// What answers every request.
    package func responder() -> some HTTPResponder<WebContext> {
        LeanStreams(inner: router().router.buildResponder())
    }

    /// Serves until SIGTERM or SIGINT; then nothing new is taken, streams are closed, and requests
    /// and jobs that have begun are finished, for as long as `drainLimit` allows.
    package func serve(onStart: @escaping @Sendable (_ port: Int) async -> Void) async throws {
        var group = ServiceGroupConfiguration(
            services: [application(onStart: onStart), drain],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = configuration.drainNotice + configuration.drainLimit
        group.maximumCancellationDuration = .seconds(5)
        do { try await ServiceGroup(configuration: group).run() } catch {
            guard drain.isDraining else { throw error }
            logger.warning(
                "Stopped before everything was finished", metadata: ["error": "\(error)"])
        }
        try store.close()
        logger.info("Stopped")
    }
}

/// Answers a request for a stream in a task of its own.
///
/// A task keeps as much memory as its deepest call took, and the task of a connection lives as long
/// as its stream is open: sign-in and the rest would cost each idle desk some 30 KB.
private struct LeanStreams: HTTPResponder {
    let inner: RouterResponder<WebContext>

    func respond(to request: Request, context: WebContext) async throws -> Response {
        guard request.headers[.accept]?.contains("text/event-stream") ?? false else {
            return try await inner.respond(to: request, context: context)
        }
        async let response = inner.respond(to: request, context: context)
        return try await response
    }
}
