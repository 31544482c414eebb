import Kernel
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Something of the moment that is not recorded: somebody is typing, somebody came on duty.
package struct Signal: Sendable, Equatable {
    package var type: String
    package var account: AccountID?
    package var subject: String
    package var payload: [String: JSONValue]

    package init(
        _ type: String, account: AccountID?, subject: String, _ payload: [String: JSONValue]
    ) {
        self.type = type
        self.account = account
        self.subject = subject
        self.payload = payload
    }
}

/// Brings recorded events and passing signals to those who watch.
///
/// One loop reads new events once and keeps the latest in memory; each watcher has a cursor of its
/// own and falls back to the database when it is further behind than that.
package final class EventFeed: Service {
    /// Why a watcher wakes up.
    package enum Wake: Sendable, Equatable {
        case events
        case signal(Signal)
        /// Time to show that the line is alive and to check the watcher's rights again.
        case heartbeat
    }

    private struct State {
        var recent: [Event] = []
        var head: Int64 = -1
        var next = 0
        var watchers: [Int: AsyncStream<Wake>.Continuation] = [:]
    }

    private static let kept = 2048
    private static let heartbeatSeconds = 15
    /// Events of other processes are seen within this time when nobody announces them, and when
    /// PostgreSQL does.
    private static let pollMilliseconds: (alone: Int, listening: Int) = (500, 3000)

    let store: Store
    let logger: Logger
    private let state = Mutex(State())
    private let ring: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    /// Signals on their way to other processes; when they are too many, the oldest are dropped.
    let outgoing: (stream: AsyncStream<Signal>, sink: AsyncStream<Signal>.Continuation)

    package init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
        (ring, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (stream, sink) = AsyncStream<Signal>.makeStream(bufferingPolicy: .bufferingNewest(256))
        outgoing = (stream, sink)
        store.afterCommit { [bell] committed in if committed.hasEvents { bell.yield() } }
    }

    /// The number of the newest event that watchers were told of; −1 before the first look.
    package var head: Int64 { state.withLock { $0.head } }

    package var watcherCount: Int { state.withLock { $0.watchers.count } }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await pump() }
            group.addTask { [self] in await poll() }
            group.addTask { [self] in
                while await pause(.seconds(Self.heartbeatSeconds)) { broadcast(.heartbeat) }
            }
            if store.kind == .postgres {
                group.addTask { [self] in await hearOthers() }
                group.addTask { [self] in await tellOthers() }
            }
            await group.next()
            group.cancelAll()
        }
        let watchers = state.withLock { Array($0.watchers.values) }
        for watcher in watchers { watcher.finish() }
    }

    private func poll() async {
        let (alone, listening) = Self.pollMilliseconds
        repeat {
            bell.yield()
        } while await pause(
            .milliseconds(store.hearsOthers ? listening : alone))
    }

    /// False: the process stops.
    func pause(_ time: Duration) async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: time) }
            return !Task.isShuttingDownGracefully
        } catch {
            return false
        }
    }

    private func pump() async {
        for await _ in ring.cancelOnGracefulShutdown() {
            do { try await pull() } catch {
                logger.error("Reading new events failed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Reads what is new. Called by the loop; tests may call it themselves.
    package func pull() async throws {
        while true {
            let head = state.withLock { $0.head }
            let (fresh, top) = try await store.read { tx -> ([Event], Int64) in
                // The first look only learns where the end is.
                if head < 0 { return ([], try EventLog.head(in: tx)) }
                let events = try EventLog.events(after: head, limit: 500, in: tx)
                return (events, events.last?.sequence ?? head)
            }
            state.withLock { state in
                guard top > state.head else { return }
                state.head = top
                state.recent.append(contentsOf: fresh)
                if state.recent.count > Self.kept {
                    state.recent.removeFirst(state.recent.count - Self.kept)
                }
            }
            if !fresh.isEmpty || head < 0 { broadcast(.events) }
            if fresh.count < 500 { return }
        }
    }

    /// Shows a signal to those who watch here and at the other processes.
    package func send(_ signal: Signal) {
        broadcast(.signal(signal))
        if store.kind == .postgres { outgoing.sink.yield(signal) }
    }

    func broadcast(_ wake: Wake) {
        let watchers = state.withLock { Array($0.watchers.values) }
        for watcher in watchers { watcher.yield(wake) }
    }

    /// A bounded stream of reasons to look, and how to end it; a slow watcher loses passing
    /// signals, never events.
    package func watch() -> (wakes: AsyncStream<Wake>, end: @Sendable () -> Void) {
        let (stream, continuation) = AsyncStream<Wake>.makeStream(
            bufferingPolicy: .bufferingNewest(64))
        let id = state.withLock { state in
            state.next += 1
            state.watchers[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.watchers.removeValue(forKey: id) }
        }
        continuation.yield(.events)
        return (stream, { continuation.finish() })
    }

    /// Up to `limit` events after the cursor, in order.
    package func events(after cursor: Int64, limit: Int = 200) async throws -> [Event] {
        let remembered = state.withLock { state -> [Event]? in
            if state.head >= 0, cursor >= state.head { return [] }
            guard let first = state.recent.first, cursor >= first.sequence - 1 else { return nil }
            let start = state.recent.partitioningIndex { $0.sequence > cursor }
            return Array(state.recent[start...].prefix(limit))
        }
        if let remembered { return remembered }
        return try await store.read { tx in
            try EventLog.events(after: cursor, limit: limit, in: tx)
        }
    }
}

extension Array {
    /// The first index for which the claim holds, given that it holds from there on.
    fileprivate func partitioningIndex(where claim: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if claim(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
