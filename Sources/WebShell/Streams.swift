import HTTPTypes
import Hummingbird
import Kernel
import Live
import NIOCore
import ServiceLifecycle
import Store

/// A line of server-sent events (WHATWG HTML §9.2) over the office's events and signals.
package struct EventStream: Sendable {
    /// What one event or signal becomes for this reader; nil: not for them.
    package typealias EventText = @Sendable (Event) async throws -> (name: String, data: JSONValue)?
    package typealias SignalText = @Sendable (Signal) -> (name: String, data: JSONValue)?

    package var feed: EventFeed
    package var cursor: Int64
    package var event: EventText
    package var signal: SignalText
    /// Asked at every heartbeat: a session that ended or a role that changed closes the stream.
    package var isStillAllowed: @Sendable () async throws -> Bool

    package init(
        feed: EventFeed, cursor: Int64, event: @escaping EventText,
        signal: @escaping SignalText = { _ in nil },
        isStillAllowed: @escaping @Sendable () async throws -> Bool = { true }
    ) {
        self.feed = feed
        self.cursor = cursor
        self.event = event
        self.signal = signal
        self.isStillAllowed = isStillAllowed
    }

    package func response(to request: Request, headers extra: HTTPFields = [:]) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-store",
        ]
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        for field in extra { headers[field.name] = field.value }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: ": connected\nretry: 1000\n\n"))
                let started = ContinuousClock.now
                let (wakes, end) = feed.watch()
                // The stream ends when the reader goes, and when the server shuts down: an open
                // stream would hold up the graceful shutdown.
                try await request.body.consumeWithInboundCloseHandler { _ in
                    try await withGracefulShutdownHandler {
                        try await pump(wakes, &writer)
                    } onGracefulShutdown: {
                        end()
                    }
                } onInboundClosed: {
                    end()
                }
                if Task.isShuttingDownGracefully {
                    // The readers come back, to another server or to this one's successor; not all
                    // of them in one moment.
                    let now = ContinuousClock.now
                    let pause = 500 + started.duration(to: now).nanoseconds / 1000 % 3000
                    try await writer.write(ByteBuffer(string: "retry: \(pause)\n\n"))
                }
                try await writer.finish(nil)
            })
    }

    private func pump(
        _ wakes: AsyncStream<EventFeed.Wake>, _ writer: inout any ResponseBodyWriter
    ) async throws {
        var cursor = cursor
        for await wake in wakes {
            switch wake {
            case .events: cursor = try await send(after: cursor, &writer)
            case .signal(let passing):
                if let (name, data) = signal(passing) {
                    try await writer.write(Self.frame(id: nil, name: name, data: data))
                }
            case .heartbeat:
                guard try await isStillAllowed() else { return }
                // A wake may have been lost among many signals.
                cursor = try await send(after: cursor, &writer)
                try await writer.write(ByteBuffer(string: ": \(cursor)\n\n"))
            }
        }
    }

    private func send(after start: Int64, _ writer: inout any ResponseBodyWriter) async throws
        -> Int64
    {
        var cursor = start
        while true {
            let events = try await feed.events(after: cursor)
            guard !events.isEmpty else { return cursor }
            for item in events {
                cursor = item.sequence
                if let (name, data) = try await event(item) {
                    try await writer.write(Self.frame(id: cursor, name: name, data: data))
                }
            }
        }
    }

    private static func frame(id: Int64?, name: String, data: JSONValue) -> ByteBuffer {
        var bytes: [UInt8] = []
        if let id { bytes.append(contentsOf: "id: \(id)\n".utf8) }
        bytes.append(contentsOf: "event: \(name)\ndata: ".utf8)
        data.write(to: &bytes)
        bytes.append(contentsOf: "\n\n".utf8)
        return ByteBuffer(bytes: bytes)
    }

    /// The cursor to resume from: `Last-Event-ID`, else `after`, else the given start.
    package static func cursor(of request: Request) throws -> Int64? {
        let text =
            HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
            ?? request.uri.queryParameters.get("after")
        guard let text, !text.isEmpty else { return nil }
        guard let cursor = Int64(text), cursor >= 0 else {
            throw Refusal.invalid("after", "cursor", "is not a cursor of the event stream.")
        }
        return cursor
    }
}
