import Accounts
import Conversations
import Crypto
import Files
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Store
import WebShell

/// Files in the chat widget: a visitor sends what people usually send, and fetches what hangs on
/// its own messages by links that end.
///
/// A link of a page cannot carry the visitor's token, so it is signed: for this visitor, this file
/// and a day.
struct WebChatFiles: Sendable {
    static let mostBytes: Int64 = 20 << 20
    private static let linkSeconds = 86_400
    private static let keyName = "widget_link_key"

    let store: Store
    let ambient: Ambient
    let cabinet: FileCabinet
    private let uploads = Throttle(limit: 20, per: .seconds(600))

    init(store: Store, ambient: Ambient, cabinet: FileCabinet) {
        self.store = store
        self.ambient = ambient
        self.cabinet = cabinet
    }

    // MARK: In

    /// Stores a body that a visitor sends; it can be hung on the visitor's next message.
    func upload(
        _ request: Request, _ context: WebContext, by visitor: WebChatRoutes.Visitor
    ) async throws -> StoredFile {
        try uploads.count(visitor.contact.text)
        try uploads.count(context.clientAddress(of: request))
        guard let length = request.headers[.contentLength].flatMap({ Int64($0) }) else {
            throw Refusal(.malformed, code: "malformed", "The length must be known.")
        }
        guard length <= Self.mostBytes else {
            throw Refusal(
                .tooLarge, code: "too_large",
                "A file may have at most \(ByteCount.text(Self.mostBytes)).",
                extra: ["max_bytes": .int(Self.mostBytes)])
        }
        let begun = try await cabinet.begin(
            FileDraft(
                account: visitor.inbox.account,
                name: request.uri.queryParameters.get("name") ?? "file",
                claimedType: request.headers[.contentType], size: length,
                contact: visitor.contact))
        let file = try await FileRoutes.oneShot(draft: begun, cabinet, request, context)
        guard file.mediaType.isUsual else {
            try await cabinet.discard(file)
            throw Refusal(
                .unsupported, code: "unsupported",
                "Send a picture, a recording, a video, a PDF, a text or an office document.")
        }
        return file
    }

    // MARK: Out

    /// The file behind a link: of this inbox's business, of a visitor who may see it, in time.
    func linked(_ request: Request, _ id: FileID, _ inbox: Inbox) async throws -> StoredFile {
        let query = request.uri.queryParameters
        guard let contact = query.get("contact"), let text = query.get("until"),
            let until = Int64(text), until > ambient.now().milliseconds,
            let signature = query.get("signature").flatMap({ Self.bytes($0) }),
            HMAC<SHA256>.isValidAuthenticationCode(
                signature, authenticating: Self.signed(id, inbox.id, contact, until),
                using: try await key())
        else { throw Refusal.notFound() }
        let file = try await store.read { tx -> StoredFile? in
            guard let file = try FileCabinet.file(id, in: tx), file.account == inbox.account,
                file.contact == ContactID(contact),
                try file.creator == nil || Self.isShown(id, to: ContactID(contact), inbox, in: tx)
            else { return nil }
            return file
        }
        guard let file else { throw Refusal.notFound() }
        return file
    }

    /// Only what hangs on a message to the contact; files of private notes stay with us.
    private static func isShown(
        _ file: FileID, to contact: ContactID, _ inbox: Inbox, in tx: Transaction
    ) throws -> Bool {
        try tx.exists(
            """
            SELECT 1
            FROM message_attachments
            JOIN messages ON messages.id = message_attachments.message_id
            JOIN conversations ON conversations.id = messages.conversation_id
            WHERE message_attachments.account_id = \(inbox.account)
                AND message_attachments.file_id = \(file)
                AND messages.is_private = 0 AND conversations.contact_id = \(contact)
            """)
    }

    /// The files of a message as the widget shows them.
    func json(
        _ files: [StoredFile], for visitor: WebChatRoutes.Visitor, key: SymmetricKey
    ) -> JSONValue {
        let until = ambient.now().advanced(bySeconds: Self.linkSeconds).milliseconds
        return .array(
            files.map { file in
                let code = HMAC<SHA256>.authenticationCode(
                    for: Self.signed(file.id, visitor.inbox.id, visitor.contact.text, until),
                    using: key)
                return [
                    "id": .id(file.id), "name": .string(file.name), "type": .text(file.type),
                    "size": .int(file.size),
                    "url": .string(
                        "/widget/v1/\(visitor.inbox.id)/files/\(file.id)"
                            + "?contact=\(visitor.contact)&until=\(until)"
                            + "&signature=\(Data(code).map(Self.hex).joined())"),
                ]
            })
    }

    private static func signed(
        _ file: FileID, _ inbox: InboxID, _ contact: String, _ until: Int64
    ) -> Data {
        Data("\(file)\n\(inbox)\n\(contact)\n\(until)".utf8)
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = hex.compactMap(\.hexDigitValue)
        guard digits.count == 64, hex.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Made once per office.
    func key() async throws -> SymmetricKey {
        let known = try await store.read { tx in try OfficeKey.key(Self.keyName, in: tx) }
        if let known { return SymmetricKey(data: Data(known.utf8)) }
        let ambient = ambient
        let made = try await store.write { tx in
            try OfficeKey.make(Self.keyName, ambient: ambient, in: tx)
        }
        return SymmetricKey(data: Data(made.utf8))
    }
}
