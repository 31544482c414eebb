import Foundation
import NIOPosix
import Synchronization

/// One connection and thread of their own that hear what other processes on the same database
/// say (`LISTEN`).
final class PostgresListener: Sendable {
    static let channel = "autosecretary"

    private let url: String
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let connection = Mutex<PostgresConnection?>(nil)

    init(url: String) {
        self.url = url
        threads.start()
    }

    var isConnected: Bool { connection.withLock { $0 != nil } }

    func close() throws {
        connection.withLock { $0 = nil }
        try threads.syncShutdownGracefully()
    }

    /// Waits a moment for messages; answers the payloads, and whether the line was down before:
    /// then messages may have been missed.
    func next(milliseconds: Int32) async throws -> (payloads: [String], isNew: Bool) {
        try await threads.runIfActive { [self] in
            do {
                if let known = connection.withLock({ $0 }) {
                    return (try known.notifications(milliseconds: milliseconds), false)
                }
                let fresh = try PostgresConnection(url)
                try fresh.simple("LISTEN \(Self.channel)")
                connection.withLock { $0 = fresh }
                return ([], true)
            } catch {
                connection.withLock { $0 = nil }
                throw error
            }
        }
    }
}

enum ProcessNumber {
    static var own: Int32 { ProcessInfo.processInfo.processIdentifier }
}
