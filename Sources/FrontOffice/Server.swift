import Hummingbird
import HummingbirdCore
import Kernel
import Logging
import ServiceLifecycle
import WebShell

extension Wiring {
    /// The running server: HTTP, the event feed and the worker, stopped in reverse order.
    package func application(
        onStart: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        var application = Application(
            router: router().router,
            server: .http1(configuration: .init(idleTimeout: .seconds(300))),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: nil, backlog: 4096),
            onServerRunning: { channel in await onStart(channel.localAddress?.port ?? 0) },
            logger: logger)
        application.addServices(feed, worker)
        return application
    }
}
