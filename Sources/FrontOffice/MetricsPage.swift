import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Live
import NIOCore
import Store
import WebShell

/// Who may read `/metrics`.
package enum MetricsAccess: Sendable, Equatable {
    /// Programs on this machine that came without a proxy; the usual choice.
    case loopback
    /// Everybody who reaches the port; for a private network.
    case open
    /// Whoever sends this bearer token.
    case token(String)

    /// From `AUTOSECRETARY_METRICS`: `loopback`, `open` or `token:SECRET`.
    package init?(_ text: String) {
        switch text {
        case "", "loopback": self = .loopback
        case "open": self = .open
        default:
            guard text.hasPrefix("token:"), text.utf8.count >= 22 else { return nil }
            self = .token(String(text.dropFirst("token:".count)))
        }
    }

    func admits(_ request: Request, from context: WebContext) -> Bool {
        switch self {
        case .open: return true
        case .token(let secret):
            let given = request.headers[.authorization] ?? ""
            // Digests of one length: comparing them tells nothing about the secret.
            return SHA256.hash(data: Data(given.utf8))
                == SHA256.hash(data: Data("Bearer \(secret)".utf8))
        case .loopback:
            let peer = context.remoteAddress?.ipAddress ?? "127.0.0.1"
            let isProxied = ["X-Forwarded-For", "Forwarded", "X-Real-IP"].contains {
                HTTPField.Name($0).map { request.headers.contains($0) } ?? false
            }
            return !isProxied && (peer.hasPrefix("127.") || peer == "::1")
        }
    }
}

/// `GET /metrics`: everything that is counted, and how the office stands at this moment.
struct MetricsPage: Sendable {
    let office: OfficeMetrics
    let access: MetricsAccess
    let store: Store
    let feed: EventFeed
    let ambient: Ambient

    func add(to router: Router<WebContext>) {
        router.get("/metrics") { [self] request, context in
            // Who may not read them does not hear that they are there.
            guard access.admits(request, from: context) else { throw Refusal.notFound() }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/plain; version=0.0.4; charset=utf-8",
                    .cacheControl: "no-store",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await text())))
        }
    }

    func text() async -> String {
        var text = MetricText()
        text.family("autosecretary_build_info", "gauge", "Which program this is.")
        text.sample(
            "autosecretary_build_info",
            [("version", Build.version), ("engine", store.kind.rawValue)], 1)
        ProcessNumbers.write(to: &text)
        text.gauge(
            "autosecretary_event_streams", "Browsers and programs on an event stream.",
            Double(feed.watcherCount))
        do { try await writeOffice(to: &text) } catch {
            // The rest is wanted most when the database is away.
            text.gauge("autosecretary_database_up", "Whether the database answers.", 0)
        }
        return text.output + office.registry.exposition()
    }

    private func writeOffice(to text: inout MetricText) async throws {
        let now = ambient.now()
        let traffic = office.traffic
        let state = try await store.read { tx in
            try OfficeState(at: now, traffic: Set(traffic.keys.map(\.inbox)), in: tx)
        }
        text.gauge("autosecretary_database_up", "Whether the database answers.", 1)
        text.family("autosecretary_jobs", "gauge", "Jobs by state; ready ones may wait.")
        for (name, count) in state.jobs.sorted(by: { $0.key < $1.key }) {
            text.sample("autosecretary_jobs", [("state", name)], Double(count))
        }
        text.gauge(
            "autosecretary_jobs_oldest_due_seconds", "How long the oldest due job has waited.",
            state.oldestDueSeconds)
        text.gauge(
            "autosecretary_events_head", "The number of the newest event.", Double(state.head))
        text.gauge(
            "autosecretary_events_lag", "Events that this process has not told its streams yet.",
            feed.head < 0 ? 0 : Double(max(0, state.head - feed.head)))
        text.family(OfficeMetrics.Name.messages, "counter", "Messages by channel and direction.")
        var counts: [[String]: Int] = [:]
        for (traffic, count) in traffic {
            let channel = state.channels[traffic.inbox] ?? "unknown"
            counts[[channel, traffic.direction], default: 0] += count
        }
        for (key, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            text.sample(
                OfficeMetrics.Name.messages, [("channel", key[0]), ("direction", key[1])],
                Double(count))
        }
    }
}
