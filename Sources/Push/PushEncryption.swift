import Crypto
import Foundation
import Kernel

/// Encrypts a push message for one browser: RFC 8291 over the `aes128gcm` coding of RFC 8188.
struct PushEncryption: Sendable {
    /// The browser's `p256dh`: an uncompressed point, 65 bytes.
    let receiver: P256.KeyAgreement.PublicKey
    /// The browser's `auth`: 16 bytes.
    let secret: [UInt8]

    /// nil when these are not a browser's keys.
    init?(publicKey: String, secret: String) {
        guard let point = Base64URL.bytes(publicKey), point.count == 65,
            let key = try? P256.KeyAgreement.PublicKey(x963Representation: point),
            let bytes = Base64URL.bytes(secret), bytes.count == 16
        else { return nil }
        receiver = key
        self.secret = bytes
    }

    /// The body to post; `salt` has 16 bytes and, like `sender`, is used once.
    func body(
        _ text: [UInt8], sender: P256.KeyAgreement.PrivateKey, salt: [UInt8]
    ) throws -> [UInt8] {
        let shared = try sender.sharedSecretFromKeyAgreement(with: receiver)
        let senderPoint = Array(sender.publicKey.x963Representation)
        let info =
            Array("WebPush: info\0".utf8) + Array(receiver.x963Representation) + senderPoint
        let material = shared.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: secret, sharedInfo: info, outputByteCount: 32)
        func derived(_ name: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: material, salt: salt,
                info: Array("Content-Encoding: \(name)\0".utf8), outputByteCount: count)
        }
        let nonce = derived("nonce", 12).withUnsafeBytes { Array($0) }
        // One record, the last: its text ends with the delimiter 2.
        let box = try AES.GCM.seal(
            text + [2], using: derived("aes128gcm", 16), nonce: AES.GCM.Nonce(data: nonce))
        let recordSize: [UInt8] = [0, 0, 0x10, 0]
        return salt + recordSize + [UInt8(senderPoint.count)] + senderPoint
            + Array(box.ciphertext) + Array(box.tag)
    }
}

/// Tells push services who sends: a signed statement for each of them (VAPID, RFC 8292).
struct PushIdentity: Sendable {
    let key: P256.Signing.PrivateKey

    /// What browsers subscribe with: an uncompressed point in base 64 for URLs.
    var publicKey: String { Base64URL.text(key.publicKey.x963Representation) }

    /// The value of `Authorization` for a message to this endpoint, good for twelve hours.
    func authorization(for endpoint: URL, contact: String, now: Instant) throws -> String {
        var origin = "\(endpoint.scheme ?? "https")://\(endpoint.host ?? "")"
        if let port = endpoint.port { origin += ":\(port)" }
        let claims: JSONValue = [
            "aud": .string(origin), "exp": .int(now.milliseconds / 1000 + 12 * 3600),
            "sub": .string(contact),
        ]
        let head = Base64URL.text(#"{"typ":"JWT","alg":"ES256"}"#.utf8)
        let signed = head + "." + Base64URL.text(claims.serialized.utf8)
        let signature = try key.signature(for: Data(signed.utf8)).rawRepresentation
        return "vapid t=\(signed).\(Base64URL.text(signature)), k=\(publicKey)"
    }
}
