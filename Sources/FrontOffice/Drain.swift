import Kernel
import Logging
import ServiceLifecycle
import Synchronization

/// The way out: after SIGTERM or SIGINT `/readyz` says no at once, so that whoever shares out the
/// requests sends no more; after a notice the rest is stopped in order.
package final class Drain: Service {
    private let flag = Atomic<Bool>(false)
    private let notice: Duration
    private let logger: Logger

    init(notice: Duration, logger: Logger) {
        self.notice = notice
        self.logger = logger
    }

    package var isDraining: Bool { flag.load(ordering: .relaxed) }

    package func begin() { flag.store(true, ordering: .relaxed) }

    /// Ends when the notice is over; the services started before this one stop after it.
    package func run() async throws {
        do { try await gracefulShutdown() } catch { return }
        begin()
        logger.info(
            "Stopping: no longer ready",
            metadata: ["notice_ms": .stringConvertible(Int(notice.components.seconds) * 1000)])
        if notice > .zero {
            // Cut short when the whole is cancelled.
            try? await Task.sleep(for: notice)
        }
    }
}
