import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// Keeps an answer that shows a secret (a token, a link, a webhook's secret) so that only whoever
/// asked can read it again: sealed with a key made of their credential, which the database knows
/// as a hash alone.
///
/// AES-256-GCM under HKDF-SHA-256 (RFC 5869) of the bearer token or the session cookie.
struct AnswerSeal: Sendable {
    private static let member = "sealed"

    private let key: SymmetricKey

    /// nil: the request has no credential.
    init?(of request: Request, _ context: WebContext) {
        let cookie = context.session.flatMap { Cookies.value($0.kind.cookie, in: request) }
        guard let credential = request.headers[.authorization] ?? cookie else { return nil }
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(credential.utf8)),
            info: Data("autosecretary idempotency answer".utf8), outputByteCount: 32)
    }

    /// What to store instead of the body.
    func sealed(_ body: JSONValue?, of slot: Slot) throws -> JSONValue {
        let box = try AES.GCM.seal(
            Data((body ?? .null).serialized.utf8), using: key,
            authenticating: Self.bound(to: slot))
        return .object([
            Self.member: .string((box.combined ?? Data()).base64EncodedString())
        ])
    }

    static func isSealed(_ body: JSONValue?) -> Bool {
        body?.object?.count == 1 && body?[member] != nil
    }

    /// nil: another credential sealed it, or it was changed.
    func opened(_ body: JSONValue?, of slot: Slot) -> JSONValue? {
        guard let text = body?[Self.member]?.string, let bytes = Data(base64Encoded: text),
            let box = try? AES.GCM.SealedBox(combined: bytes),
            let plain = try? AES.GCM.open(box, using: key, authenticating: Self.bound(to: slot))
        else { return nil }
        return JSONValue(parsing: Array(plain))
    }

    private static func bound(to slot: Slot) -> Data { Data("\(slot.user) \(slot.key)".utf8) }
}
