import ArgumentParser
import Kernel
import Store
import Synchronization
import Work

/// Commits the rows of one incoming message per transaction, as many clients at once as asked.
///
/// The rows are message, event, the update of its conversation and a job. Prints how many a
/// second, and the milliseconds that one takes, as JSON.
struct Commits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Transactions a second of Store.")

    @Option(help: "A database with one business, inbox and conversations, as bench.py makes it.")
    var database: String
    @Option(help: "Clients at once.") var clients = 32
    @Option(help: "Seconds to measure.") var seconds = 5
    @Flag(help: "No job: what the office writes when no program hears of the message.")
    var withoutJob = false

    private struct Place: Sendable {
        var account: String
        var inbox: String
        var conversation: String
    }

    func run() async throws {
        let store = try Store(url: database)
        let ambient = Ambient.live()
        let places = try await store.read { tx in
            try tx.all(
                """
                SELECT account_id, inbox_id, id FROM conversations
                WHERE account_id IS NOT NULL ORDER BY id LIMIT 256
                """
            ) { row in
                Place(
                    account: try row.text(0), inbox: try row.text(1),
                    conversation: try row.text(2))
            }
        }
        guard !places.isEmpty else { throw ValidationError("The database has no conversations.") }
        let end = ContinuousClock.now + .seconds(seconds)
        let (clients, job) = (clients, !withoutJob)
        let taken = Times()
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask { [places] in
                    var number = client
                    while ContinuousClock.now < end {
                        let place = places[number % places.count]
                        let begun = ContinuousClock.now
                        try await Self.commit(place, store, ambient, job: job)
                        taken.add(begun.duration(to: .now) / .milliseconds(1))
                        number += clients
                    }
                }
            }
            try await group.waitForAll()
        }
        let elapsed = started.duration(to: .now) / .seconds(1)
        let times = taken.sorted
        print(
            "{\"rate\":\(Double(times.count) / elapsed),\"p50\":\(times[times.count / 2]),"
                + "\"p99\":\(times[times.count * 99 / 100])}")
        try store.close()
    }

    private final class Times: Sendable {
        private let all = Mutex<[Double]>([])
        var sorted: [Double] { all.withLock { $0.sorted() } }
        func add(_ time: Double) { all.withLock { $0.append(time) } }
    }

    private static func commit(
        _ place: Place, _ store: Store, _ ambient: Ambient, job: Bool
    ) async throws {
        let (message, source) = (ambient.newID("msg"), ambient.newID("src"))
        let now = ambient.now()
        try await store.write { tx in
            try tx.execute(
                """
                UPDATE conversations
                SET last_message_at = \(now), unread = unread + 1, version = version + 1,
                    preview = 'Good morning, do you have a time on Friday?'
                WHERE id = \(place.conversation) AND account_id = \(place.account)
                """)
            try tx.execute(
                """
                INSERT INTO messages
                    (id, account_id, conversation_id, inbox_id, direction, is_private, text,
                     status, source_id, created_at)
                VALUES (\(message), \(place.account), \(place.conversation), \(place.inbox),
                    'incoming', 0, 'Good morning, do you have a time on Friday?', 'delivered',
                    \(source), \(now))
                """)
            if job {
                try JobQueue.enqueue(
                    "bench.none", account: AccountID(place.account),
                    ["message_id": .string(message)], at: .latest, ambient: ambient, in: tx)
            }
            try tx.raise(
                Event(
                    "message.received", account: AccountID(place.account), subject: message,
                    [
                        "conversation_id": .string(place.conversation), "private": false,
                        "direction": "incoming", "inbox_id": .string(place.inbox),
                    ], ambient: ambient))
        }
    }
}
