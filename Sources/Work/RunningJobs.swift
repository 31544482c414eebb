import Synchronization

/// The jobs that this process has at work.
final class RunningJobs: Sendable {
    private struct State {
        var jobs: [String: AsyncStream<Void>.Continuation?] = [:]
        var isStopped = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    var count: Int { state.withLock { $0.jobs.count } }

    func add(_ id: String) { state.withLock { $0.jobs[id] = .some(nil) } }

    /// Ends when the job must stop.
    func stopSign(for id: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let isStopped = state.withLock { state in
            state.jobs[id] = continuation
            return state.isStopped
        }
        if isStopped { continuation.finish() }
        return stream
    }

    func remove(_ id: String) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.jobs[id] = nil
            guard state.jobs.isEmpty else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    func stopAll() {
        let signs = state.withLock { state in
            state.isStopped = true
            return Array(state.jobs.values)
        }
        for sign in signs { sign?.finish() }
    }

    /// Answers how many there were to wait for.
    func waitUntilIdle() async -> Int {
        let count = count
        if count == 0 { return 0 }
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.jobs.isEmpty { return true }
                state.waiting.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
        return count
    }
}
