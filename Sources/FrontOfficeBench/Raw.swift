import ArgumentParser
import Foundation
import Hummingbird
import Kernel
import NIOCore
import WebShell

/// A server that knows one answer: `/json` encodes the parsed value for every request, `/bytes`
/// writes the file as it is.
struct Raw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve one answer from memory.")

    @Option(help: "The port on the loopback address.") var port: Int
    @Option(help: "A JSON file.") var json: String
    @Option(help: "A page.") var page: String

    func run() async throws {
        guard let jsonBytes = FileManager.default.contents(atPath: json),
            let value = JSONValue(parsing: Array(jsonBytes)),
            let pageBytes = FileManager.default.contents(atPath: page)
        else { throw ValidationError("The files cannot be read.") }
        let buffer = ByteBuffer(bytes: pageBytes)
        let router = Router(context: WebContext.self)
        router.get("/json") { _, _ in Response.json(value) }
        router.get("/bytes") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
                body: ResponseBody(byteBuffer: buffer))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}
