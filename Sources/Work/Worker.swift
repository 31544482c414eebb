import Kernel
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Does the enqueued work: claims due jobs, runs their handlers, records what became of them.
package final class Worker: Service {
    package typealias Handler = @Sendable (Job) async throws -> JobOutcome

    private static let batch = 16
    private static let pollMilliseconds = 1000
    /// A handler that takes longer is given up and tried again.
    private static let deadlineSeconds = 50

    private let store: Store
    private let ambient: Ambient
    private let logger: Logger
    private let handlers: [String: Handler]
    private let ring: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let gate = Gate()

    package init(
        store: Store, ambient: Ambient, logger: Logger, handlers: [String: Handler]
    ) {
        self.store = store
        self.ambient = ambient
        self.logger = logger
        self.handlers = handlers
        (ring, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        store.afterCommit { [bell] committed in if committed.hasWork { bell.yield() } }
    }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                for await _ in ring.cancelOnGracefulShutdown() {
                    do { while try await runDue() > 0 {} } catch {
                        logger.error("Claiming jobs failed", metadata: ["error": "\(error)"])
                    }
                }
            }
            group.addTask { [bell] in
                while !Task.isShuttingDownGracefully {
                    bell.yield()
                    do {
                        try await cancelWhenGracefulShutdown {
                            try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
                        }
                    } catch { return }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Runs what is due now; answers how many jobs it took. One batch at a time: when this
    /// returns, everything that was due before has been done.
    @discardableResult
    package func runDue() async throws -> Int {
        await gate.enter()
        do {
            let count = try await runBatch()
            await gate.leave()
            return count
        } catch {
            await gate.leave()
            throw error
        }
    }

    private func runBatch() async throws -> Int {
        let now = ambient.now()
        let jobs = try await store.write { tx in
            try JobQueue.claim(now: now, limit: Self.batch, in: tx)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for job in jobs { group.addTask { try await self.perform(job) } }
            try await group.waitForAll()
        }
        return jobs.count
    }

    private func perform(_ job: Job) async throws {
        let outcome: JobOutcome
        if let handler = handlers[job.kind] {
            do {
                outcome = try await withDeadline { try await handler(job) }
            } catch let refusal as Refusal {
                outcome = .dead(reason: refusal.detail.english)
            } catch {
                logger.warning(
                    "Job failed",
                    metadata: [
                        "job.kind": "\(job.kind)", "job.id": "\(job.id)", "error": "\(error)",
                    ])
                outcome = .again(reason: "\(error)", afterSeconds: nil)
            }
        } else {
            outcome = .dead(reason: "no handler for \(job.kind)")
        }
        let now = ambient.now()
        try await store.write { tx in try JobQueue.settle(job, outcome, now: now, in: tx) }
    }

    private func withDeadline(
        _ body: @escaping @Sendable () async throws -> JobOutcome
    ) async throws -> JobOutcome {
        try await withThrowingTaskGroup(of: JobOutcome.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: .seconds(Self.deadlineSeconds))
                return .again(
                    reason: "took longer than \(Self.deadlineSeconds) s", afterSeconds: nil)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .again(reason: "was canceled", afterSeconds: nil)
        }
    }
}

/// Lets one in at a time, first come first served.
private actor Gate {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if !isTaken {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
