import ArgumentParser
import Foundation
import Hummingbird
import Kernel
import NIOCore
import Synchronization
import WebShell

/// A server that knows next to nothing: `/json` encodes the parsed value for every request, `/bytes`
/// writes the file as it is, and what is posted to `/in` is shown on the open streams of `/stream`
/// without being kept anywhere.
struct Raw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve one answer from memory.")

    @Option(help: "The port on the loopback address.") var port: Int
    @Option(help: "A JSON file.") var json: String?
    @Option(help: "A page.") var page: String?

    func run() async throws {
        let files = FileManager.default
        let value = json.flatMap { files.contents(atPath: $0) }.flatMap {
            JSONValue(parsing: Array($0))
        }
        let buffer = ByteBuffer(bytes: page.flatMap { files.contents(atPath: $0) } ?? Data())
        let readers = Readers()
        let router = Router(context: WebContext.self)
        router.get("/readyz") { _, _ in Response(status: .ok) }
        router.get("/json") { _, _ in Response.json(value ?? .null) }
        router.get("/bytes") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
                body: ResponseBody(byteBuffer: buffer))
        }
        router.post("/in") { request, context in
            var request = request
            let body = try await request.collectBody(upTo: context.maxUploadSize)
            let message = JSONValue(parsing: Array(body.readableBytesView))?["source_id"] ?? .null
            readers.tell(["subject": message])
            return Response.json(["message_id": message], status: .accepted)
        }
        router.get("/stream") { request, _ in Self.stream(readers, request) }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }

    private static func stream(_ readers: Readers, _ request: Request) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: ": connected\n\n"))
                let (frames, sink) = AsyncStream<ByteBuffer>.makeStream()
                readers.add(sink)
                try await request.body.consumeWithInboundCloseHandler { _ in
                    for await frame in frames { try await writer.write(frame) }
                } onInboundClosed: {
                    sink.finish()
                }
                try await writer.finish(nil)
            })
    }

    private final class Readers: Sendable {
        private let sinks = Mutex<[AsyncStream<ByteBuffer>.Continuation]>([])

        func add(_ sink: AsyncStream<ByteBuffer>.Continuation) {
            sinks.withLock { $0.append(sink) }
        }

        func tell(_ data: JSONValue) {
            let frame = ByteBuffer(string: "event: message.received\ndata: \(data.serialized)\n\n")
            for sink in sinks.withLock({ $0 }) { sink.yield(frame) }
        }
    }
}
