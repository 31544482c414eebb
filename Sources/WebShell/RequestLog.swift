import CoreMetrics
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import Synchronization

/// Who a request turned out to be from; inner middleware finds out, the request's log line tells.
package final class RequestTrace: Sendable {
    private let who = Mutex<(user: String, account: String?)?>(nil)

    func note(_ actor: Actor?) {
        guard let actor else { return }
        // Somebody who belongs to one business acts for that one.
        let only = actor.isOffice || actor.memberships.count != 1 ? nil : actor.memberships.first
        who.withLock { $0 = (actor.user.text, only?.key.text) }
    }

    var user: String? { who.withLock { $0?.user } }
    var account: String? { who.withLock { $0?.account } }
}

/// The first to see a request and the last to see its answer: gives it an id, writes its line in
/// the log and counts it.
///
/// The line names the route's template, never the address as it was asked: paths hold secrets
/// (`/calendars/{secret}.ics`) and queries hold people. Bodies and addresses are not looked at.
package struct RequestLog: RouterMiddleware {
    package typealias Context = WebContext

    package static let duration = "autosecretary_http_request_duration_seconds"
    private static let header = HTTPField.Name("X-Request-Id")
    private static let known: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
        "PROPFIND", "PROPPATCH", "REPORT",
    ]

    /// What a histogram is kept for.
    private struct Key: Hashable {
        var method: String
        var route: String
        var status: Int
    }
    private final class Timers: Sendable {
        let cells = Mutex<[Key: any TimerHandler]>([:])
    }

    private let registry: MetricRegistry
    private let timers = Timers()

    package init(_ registry: MetricRegistry) {
        self.registry = registry
        registry.describe(Self.duration, "Time from a request's head to its answer's head.")
    }

    package func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var context = context
        if let name = Self.header, let given = request.headers[name], Self.isSafe(given) {
            context.logger[metadataKey: "hb.request.id"] = .string(given)
        }
        do {
            var response = try await next(request, context)
            if let name = Self.header { response.headers[name] = context.id }
            record(request, context, response.status.code, started)
            return response
        } catch {
            record(request, context, 500, started)
            throw error
        }
    }

    /// What another system may call a request: letters, digits, `-`, `_` and `.`, 8 to 64 of them.
    package static func isSafe(_ id: String) -> Bool {
        (8...64).contains(id.utf8.count)
            && id.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                    || $0 == 45 || $0 == 46 || $0 == 95
            }
    }

    private func record(
        _ request: Request, _ context: WebContext, _ status: Int,
        _ started: ContinuousClock.Instant
    ) {
        let taken = started.duration(to: .now)
        let method =
            Self.known.contains(request.method.rawValue) ? request.method.rawValue : "OTHER"
        let route = Self.template(of: request, context)
        timer(Key(method: method, route: route, status: status)).recordNanoseconds(
            taken.nanoseconds)
        let level: Logger.Level = Self.isRoutine(route) && status < 500 ? .debug : .info
        guard context.logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "http.method": .string(method), "http.route": .string(route),
            "http.status": .stringConvertible(status),
            "duration_ms": .stringConvertible(taken.milliseconds),
        ]
        if let user = context.trace.user { metadata["user.id"] = .string(user) }
        if let account = Self.account(in: request, route) ?? context.trace.account {
            metadata["account.id"] = .string(account)
        }
        context.logger.log(level: level, "\(method) \(route) \(status)", metadata: metadata)
    }

    private func timer(_ key: Key) -> any TimerHandler {
        timers.cells.withLock { cells in
            if let known = cells[key] { return known }
            let made = registry.makeTimer(
                label: Self.duration,
                dimensions: [
                    ("method", key.method), ("route", key.route), ("status", String(key.status)),
                ])
            cells[key] = made
            return made
        }
    }

    private static func template(of request: Request, _ context: WebContext) -> String {
        // The framework gives what it does not know a name of its own, without a slash.
        if let path = context.endpointPath, path.isEmpty || path.hasPrefix("/") {
            return path.isEmpty ? "/" : path
        }
        return request.uri.path.hasPrefix("/assets/") ? "/assets/*" : "unmatched"
    }

    /// Asked every few seconds by machines, or many times for one page.
    private static func isRoutine(_ route: String) -> Bool {
        ["/healthz", "/readyz", "/metrics", "/assets/*", "/widget.js"].contains(route)
    }

    /// The account that the address names, when what stands there has the shape of an id.
    private static func account(in request: Request, _ route: String) -> String? {
        guard route.hasPrefix("/api/v1/accounts/") else { return nil }
        let parts = request.uri.path.split(separator: "/", maxSplits: 4)
        guard parts.count > 3, parts[3].hasPrefix("acct_"), parts[3].utf8.count == 31,
            isSafe(String(parts[3]))
        else { return nil }
        return String(parts[3])
    }
}

extension Duration {
    package var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// With two digits after the point.
    package var milliseconds: Double { (Double(nanoseconds) / 10_000).rounded() / 100 }
}
