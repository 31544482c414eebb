import Kernel
import Logging
import Synchronization

extension Worker {
    /// Told of each attempt: the job's kind, what became of it in a word, how long it took.
    package typealias Watcher = @Sendable (_ kind: String, _ outcome: String, Duration) -> Void

    package func watch(_ watcher: @escaping Watcher) { self.watcher.withLock { $0 = watcher } }

    /// The attempt's line in the log, without what the job is about.
    func note(_ job: Job, _ end: End, _ taken: Duration) {
        let word = word(for: end, of: job)
        watcher.withLock { $0 }(job.kind, word, taken)
        let (seconds, rest) = taken.components
        let milliseconds = Double(seconds) * 1000 + Double(rest / 10_000_000_000_000) / 100
        var metadata: Logger.Metadata = [
            "job.id": .string(job.id), "job.kind": .string(job.kind),
            "job.attempt": .stringConvertible(job.attempts), "job.outcome": .string(word),
            "duration_ms": .stringConvertible(milliseconds),
        ]
        if let account = job.account { metadata["account.id"] = .string(account.text) }
        logger.log(
            level: word == "dead" ? .error : .info, "Job \(job.kind) \(word)", metadata: metadata)
    }

    private func word(for end: End, of job: Job) -> String {
        switch end {
        case .lost: "lost"
        case .stopped: "released"
        case .outcome(.done): "done"
        case .outcome(.again): job.isLastAttempt ? "dead" : "again"
        case .outcome(.dead): "dead"
        }
    }
}
