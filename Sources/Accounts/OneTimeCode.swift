import Crypto
import Foundation
import Kernel

/// Codes of an authenticator app: TOTP (RFC 6238) over HOTP (RFC 4226), SHA-1, 30 seconds, 6
/// digits, which is what all apps can do.
package enum OneTimeCode {
    package static let seconds: Int64 = 30

    package static func step(at now: Instant) -> Int64 { now.milliseconds / 1000 / seconds }

    /// The code of a counter; `digits` is 8 in the RFC's own examples.
    package static func code(secret: [UInt8], step: Int64, digits: Int = 6) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Data($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(
                for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(mac[mac.count - 1] & 15)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String((number & 0x7fff_ffff) % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code this is, one step early or late included; steps up to `last` are used
    /// up.
    package static func match(
        _ code: String, secret: [UInt8], at now: Instant, after last: Int64
    ) -> Int64? {
        let typed = Array(code.utf8)
        var found: Int64?
        for step in (Self.step(at: now) - 1)...(Self.step(at: now) + 1) {
            let expected = Array(Self.code(secret: secret, step: step).utf8)
            // Every digit is compared, so the time does not tell which were right.
            let isEqual =
                typed.count == expected.count
                && zip(typed, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
            if isEqual, step > last { found = step }
        }
        return found
    }

    /// RFC 4648 §6, without padding, as authenticator apps read it.
    package static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var output: [UInt8] = []
        var (buffer, bits) = (UInt32(0), 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                output.append(alphabet[Int(buffer >> UInt32(bits)) & 31])
            }
        }
        if bits > 0 { output.append(alphabet[Int(buffer << UInt32(5 - bits)) & 31]) }
        return String(decoding: output, as: UTF8.self)
    }

    /// What an app reads from the picture (Key Uri Format).
    package static func address(secret: [UInt8], person: String, issuer: String) -> String {
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        return "otpauth://totp/\(escaped(issuer)):\(escaped(person))"
            + "?secret=\(base32(secret))&issuer=\(escaped(issuer))"
    }
}
