import Kernel

/// How often, how long and with what pauses a kind of job is tried.
package struct RetryPolicy: Sendable, Equatable {
    package var maxAttempts: Int
    /// No further attempt begins later than this after the job was first due; nil: no such end.
    package var maxAgeSeconds: Int?
    /// The pause after the first attempt; each further one is twice as long.
    package var firstPauseSeconds: Int
    package var longestPauseSeconds: Int
    /// A handler that takes longer is stopped, and the job tried again.
    package var deadlineSeconds: Int

    package init(
        maxAttempts: Int = 12, maxAgeSeconds: Int? = nil, firstPauseSeconds: Int = 2,
        longestPauseSeconds: Int = 3600, deadlineSeconds: Int = 50
    ) {
        self.maxAttempts = maxAttempts
        self.maxAgeSeconds = maxAgeSeconds
        self.firstPauseSeconds = firstPauseSeconds
        self.longestPauseSeconds = longestPauseSeconds
        self.deadlineSeconds = deadlineSeconds
    }

    /// Twelve attempts within about an hour and a quarter.
    package static let standard = RetryPolicy()

    /// For programs of others, which may be away over a week-end: three days, at least every
    /// three hours.
    package static let patient = RetryPolicy(
        maxAttempts: .max, maxAgeSeconds: 3 * 86_400, longestPauseSeconds: 3 * 3600)

    /// The full pause after so many attempts.
    func pauseMilliseconds(after attempts: Int) -> Int {
        let doublings = min(max(0, attempts - 1), 24)
        return min(longestPauseSeconds, firstPauseSeconds << doublings) * 1000
    }

    /// The same, up to 15 % shorter by chance: what failed together does not come back together.
    func pauseMilliseconds(after attempts: Int, chance: [UInt8]) -> Int {
        let full = pauseMilliseconds(after: attempts)
        let value = chance.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        return full - full * 15 / 100 * value / 65_536
    }

    /// Whether the attempt that runs now is the last.
    func isLast(_ attempts: Int, dueAt: Instant, now: Instant) -> Bool {
        if attempts >= maxAttempts { return true }
        guard let maxAgeSeconds else { return false }
        let next = now.advanced(byMilliseconds: Int64(pauseMilliseconds(after: attempts)))
        return next > dueAt.advanced(bySeconds: maxAgeSeconds)
    }
}
