import Crypto
import Foundation
import Kernel

/// Keeps secrets that the office must be able to read again (signing secrets, one-time-password
/// seeds, gateway tokens) unreadable in the database: AES-256-GCM with a key from outside it.
///
/// A sealed text is `v1.<key>.<base 64>`: the form, which key, and nonce, cipher text and tag. The
/// context (`webhook:wh_…`) is authenticated with it, so that a sealed text copied into another row
/// does not open there.
package struct Vault: Sendable {
    private struct Key: Sendable {
        let id: String
        let secret: SymmetricKey

        init(_ bytes: Data) {
            // Tells keys apart and nothing about them: a hash of 256 random bits.
            id = SHA256.hash(data: Data("vault key ".utf8) + bytes).prefix(4).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
            secret = SymmetricKey(data: bytes)
        }
    }

    /// The first seals, all of them open; empty: nothing is hidden.
    private let keys: [Key]

    /// Without a key texts are stored readable; this happens only on PostgreSQL without
    /// `AUTOSECRETARY_SECRET_KEY`, and the start says so.
    package static let transparent = Vault(keys: [])

    private init(keys: [Key]) { self.keys = keys }

    /// Keys in base 64, 32 bytes each, separated by white space or commas: the newest first, those
    /// that it replaced after it.
    package init(keys text: String) throws {
        let words = text.split { $0.isWhitespace || $0 == "," }
        keys = try words.map { word in
            guard let bytes = Data(base64Encoded: String(word)), bytes.count == 32 else {
                throw Refusal.invalid(
                    "secret_key", "key",
                    "must be 32 random bytes in base 64: openssl rand -base64 32")
            }
            return Key(bytes)
        }
        guard !keys.isEmpty else {
            throw Refusal.invalid("secret_key", "required", "must hold at least one key.")
        }
    }

    package var hides: Bool { !keys.isEmpty }

    package func seal(_ text: String, context: String) throws -> String {
        guard let key = keys.first else { return "v0." + Data(text.utf8).base64EncodedString() }
        let box = try AES.GCM.seal(
            Data(text.utf8), using: key.secret, authenticating: Self.bound(context, key))
        guard let bytes = box.combined else { throw VaultFailure.unreadable }
        return "v1.\(key.id).\(bytes.base64EncodedString())"
    }

    /// Throws when it was changed, belongs elsewhere, or was sealed with a key that is not here.
    package func open(_ sealed: String, context: String) throws -> String {
        let parts = sealed.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, parts[0] == "v0", let bytes = Data(base64Encoded: parts[1]),
            let text = String(data: bytes, encoding: .utf8)
        {
            return text
        }
        guard parts.count == 3, parts[0] == "v1", let bytes = Data(base64Encoded: parts[2]) else {
            throw VaultFailure.unreadable
        }
        guard let key = keys.first(where: { $0.id == parts[1] }) else {
            throw VaultFailure.noKey(parts[1])
        }
        do {
            let plain = try AES.GCM.open(
                AES.GCM.SealedBox(combined: bytes), using: key.secret,
                authenticating: Self.bound(context, key))
            return String(decoding: plain, as: UTF8.self)
        } catch { throw VaultFailure.unreadable }
    }

    /// Whether it should be sealed anew: it is readable, or an older key seals it.
    package func isOutdated(_ sealed: String) -> Bool {
        guard let key = keys.first else { return false }
        return !sealed.hasPrefix("v1.\(key.id).")
    }

    private static func bound(_ context: String, _ key: Key) -> Data {
        Data("v1.\(key.id).\(context)".utf8)
    }
}

package enum VaultFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case noKey(String)
    case unreadable
    case keyFile(String)

    package var description: String {
        switch self {
        case .noKey(let id): "a secret was sealed with key \(id), which this server does not have"
        case .unreadable: "a sealed secret was changed or belongs elsewhere"
        case .keyFile(let reason): reason
        }
    }
}
