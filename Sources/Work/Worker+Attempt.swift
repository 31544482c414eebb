import Kernel
import Logging
import Store

/// One attempt at one job.
extension Worker {
    enum End: Sendable {
        case outcome(JobOutcome)
        /// Another worker has it: what we made of it does not count.
        case lost
        /// The process stops; somebody else shall do it.
        case stopped
    }

    /// An attempt ends whatever happens; what cannot be recorded is repeated after the lease.
    func perform(_ claimed: Job) async {
        defer { running.remove(claimed.id) }
        let policy = policies[claimed.kind] ?? .standard
        var job = claimed
        job.isLastAttempt = policy.isLast(job.attempts, dueAt: job.dueAt, now: ambient.now())
        let started = ContinuousClock.now
        let end = await attempt(job, policy)
        note(job, end, started.duration(to: .now))
        do { try await record(end, of: job, policy) } catch {
            logger.error(
                "Recording a job's outcome failed",
                metadata: [
                    "job.kind": "\(job.kind)", "job.id": "\(job.id)", "error": "\(error)",
                ])
        }
    }

    private func record(_ end: End, of job: Job, _ policy: RetryPolicy) async throws {
        let ambient = ambient
        switch end {
        case .lost: break
        case .stopped:
            try await store.write { tx in
                try JobQueries.release(job, in: tx)
                tx.wakeWorkers()
            }
        case .outcome(let outcome):
            try await store.write { tx in
                try JobQueue.settle(job, outcome, policy, ambient: ambient, in: tx)
            }
        }
    }

    private func attempt(_ job: Job, _ policy: RetryPolicy) async -> End {
        guard let handler = handlers[job.kind] else {
            // While a new version is rolled out, another process may know it.
            return .outcome(.again(reason: "no handler for \(job.kind)", afterSeconds: nil))
        }
        if job.attempts > policy.maxAttempts {
            return .outcome(.dead(reason: "the process ended during each of its attempts"))
        }
        let stop = running.stopSign(for: job.id)
        return await withTaskGroup(of: End?.self) { group in
            group.addTask { await self.outcome(of: handler, job) }
            group.addTask { await self.holdLease(of: job, policy) }
            group.addTask {
                for await _ in stop {}
                return Task.isCancelled ? nil : .stopped
            }
            defer { group.cancelAll() }
            for await end in group { if let end { return end } }
            return .stopped
        }
    }

    private func outcome(of handler: Handler, _ job: Job) async -> End {
        do {
            return .outcome(try await handler(job))
        } catch let refusal as Refusal where refusal.kind != .unavailable {
            return .outcome(.dead(reason: refusal.detail.english))
        } catch {
            if Task.isCancelled { return .stopped }
            logger.warning(
                "Job failed",
                metadata: [
                    "job.kind": "\(job.kind)", "job.id": "\(job.id)", "error": "\(error)",
                ])
            return .outcome(.again(reason: "\(error)", afterSeconds: nil))
        }
    }

    /// Extends the lease while the job runs; ends at its deadline. nil: it was not needed.
    private func holdLease(of job: Job, _ policy: RetryPolicy) async -> End? {
        let deadline = ContinuousClock.now + .seconds(policy.deadlineSeconds)
        let third = Duration.seconds(leaseSeconds) / 3
        while true {
            do { try await Task.sleep(for: min(third, max(.zero, deadline - .now))) } catch {
                return nil
            }
            if .now >= deadline {
                let reason = "took longer than \(policy.deadlineSeconds) s"
                return .outcome(.again(reason: reason, afterSeconds: nil))
            }
            let end = ambient.now().advanced(bySeconds: leaseSeconds)
            do {
                let isOurs = try await store.write { tx in
                    try JobQueries.extend(job, until: end, in: tx)
                }
                if !isOurs { return .lost }
            } catch {
                if Task.isCancelled { return nil }
                // The database is away; the lease may hold until it is back.
                logger.warning("Extending a lease failed", metadata: ["error": "\(error)"])
            }
        }
    }
}
