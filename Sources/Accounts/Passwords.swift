import Crypto
import CryptoExtras
import Foundation
import Kernel
import NIOPosix

/// Password hashes by scrypt (RFC 7914), worked out on threads of their own.
package struct Passwords: Sendable {
    /// scrypt's N; its memory is 128·N·8 bytes.
    package let rounds: Int
    package let rules: PasswordRules
    private let ambient: Ambient
    private let threads: NIOThreadPool

    /// `rounds` must be a power of two; tests take a small one.
    package init(
        rounds: Int = 32_768, rules: PasswordRules = PasswordRules(), ambient: Ambient,
        threads: NIOThreadPool = .singleton
    ) {
        self.rounds = rounds
        self.rules = rules
        self.ambient = ambient
        self.threads = threads
    }

    /// `scrypt$N$salt$key` with base 64 parts.
    package func hash(_ password: String) async throws -> String {
        let salt = ambient.randomBytes(16)
        let key = try await derive(password, salt, rounds)
        return "scrypt$\(rounds)$\(Data(salt).base64EncodedString())$\(key.base64EncodedString())"
    }

    /// Takes the same time whether or not there is a hash to compare with.
    package func verify(_ password: String, against stored: String?) async throws -> Bool {
        let parts = (stored ?? "").split(separator: "$").map(String.init)
        guard parts.count == 4, parts[0] == "scrypt", let rounds = Int(parts[1]),
            let salt = Data(base64Encoded: parts[2]), let key = Data(base64Encoded: parts[3])
        else {
            _ = try await derive(password, [UInt8](repeating: 0, count: 16), rounds)
            return false
        }
        let derived = try await derive(password, Array(salt), rounds)
        // Every byte is compared, so the time does not tell where they differ.
        return derived.count == key.count
            && zip(derived, key).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func derive(_ password: String, _ salt: [UInt8], _ rounds: Int) async throws -> Data {
        try await threads.runIfActive {
            try KDF.Scrypt.deriveKey(
                from: Data(password.utf8), salt: Data(salt), outputByteCount: 32, rounds: rounds,
                blockSize: 8, parallelism: 1
            ).withUnsafeBytes { Data($0) }
        }
    }
}

/// SHA-256 in hexadecimal, for looking random secrets up without storing them.
package func secretHash(_ secret: String) -> String {
    SHA256.hash(data: Data(secret.utf8)).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
}
