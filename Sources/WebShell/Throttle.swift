import Kernel
import Synchronization

/// Counts attempts per key in a sliding pair of windows, in memory, by real time.
///
/// Bounded: when too many keys are known, the older window is dropped.
package final class Throttle: Sendable {
    private struct State {
        var windowStart: ContinuousClock.Instant
        var current: [String: Int] = [:]
        var previous: [String: Int] = [:]
    }

    private let limit: Int
    private let window: Duration
    private let maxKeys = 50_000
    private let state: Mutex<State>

    package init(limit: Int, per window: Duration) {
        self.limit = limit
        self.window = window
        state = Mutex(State(windowStart: .now))
    }

    /// Counts one attempt; throws 429 when there were too many.
    package func count(_ key: String) throws {
        let allowed = state.withLock { state -> Bool in
            let now = ContinuousClock.now
            let age = state.windowStart.duration(to: now)
            if age >= window {
                state.previous = age < window * 2 ? state.current : [:]
                state.current = [:]
                state.windowStart = now
            }
            if state.current.count >= maxKeys { state.previous = [:] }
            let elapsed = Double(state.windowStart.duration(to: now) / window)
            let carried = Double(state.previous[key] ?? 0) * (1 - elapsed)
            guard Double(state.current[key] ?? 0) + carried < Double(limit) else { return false }
            guard state.current.count < maxKeys || state.current[key] != nil else { return false }
            state.current[key, default: 0] += 1
            return true
        }
        guard allowed else {
            let seconds = Int(window.components.seconds)
            throw Refusal(
                .limited, code: "rate_limited",
                "Too many attempts. Wait a moment and try again.",
                retryAfterSeconds: max(1, seconds / 2))
        }
    }
}
