import Files
import Foundation
import Kernel

/// The files of a message that a program brings: uploaded before, or small ones in the message.
///
/// Addresses are not fetched: who brings a message brings its files.
struct InboundFiles: Sendable {
    enum Content: Sendable {
        case file(FileID)
        case bytes(name: String, type: String?, [UInt8])
    }

    let cabinet: FileCabinet
    let contents: [Content]

    private static let mostBytes = 256 * 1024

    /// `attachments: [{"file_id"} or {"name", "type"?, "data": base 64}]`.
    static func read(_ input: inout Input) -> [Content] {
        input.nestedList("attachments", max: Attachments.most) { entry -> Content? in
            if entry.has("file_id") { return .file(FileID(entry.text("file_id"))) }
            if entry.has("url") {
                entry.reject(
                    "url", "unsupported", "is not fetched: upload the file and send its file_id.")
                return nil
            }
            let name = entry.text("name", max: 200)
            let type = entry.optionalText("type", max: 120)
            let text = entry.text("data", max: mostBytes * 4 / 3 + 4)
            guard let data = Data(base64Encoded: text) else {
                entry.reject("data", "base64", "must be base 64.")
                return nil
            }
            if data.count > mostBytes {
                entry.reject("data", "too_long", "must be at most 256 KB; upload larger files.")
                return nil
            }
            return .bytes(name: name, type: type, Array(data))
        } ?? []
    }

    /// Stores the contents and takes the message in with them; of a message that is known already
    /// they are thrown away again.
    func send(
        _ incoming: IncomingMessage, by actor: Actor, through correspondence: Correspondence
    ) async throws -> Message {
        if contents.isEmpty { return try await correspondence.receive(incoming) }
        var incoming = incoming
        var kept: [StoredFile] = []
        do {
            for content in contents {
                switch content {
                case .file(let id): incoming.attachments.append(id)
                case .bytes(let name, let type, let bytes):
                    let draft = FileDraft(
                        account: incoming.inbox.account, name: name, claimedType: type,
                        size: Int64(bytes.count))
                    let file = try await cabinet.begin(draft, by: actor)
                    kept.append(file)
                    _ = try await cabinet.keep(bytes, as: file)
                    incoming.attachments.append(file.id)
                }
            }
            let message = try await correspondence.receive(incoming)
            let used = Set(message.attachments.map(\.id))
            for file in kept where !used.contains(file.id) { try await cabinet.discard(file) }
            return message
        } catch {
            for file in kept { try await cabinet.discard(file) }
            throw error
        }
    }
}
