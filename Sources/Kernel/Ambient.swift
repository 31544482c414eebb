import Foundation
import Synchronization

/// What a verb takes from its surroundings: time, ids, randomness and waiting.
///
/// The live value reads the machine; tests and the virtual clock give their own. Nothing else in
/// the program asks for the time or a random number.
package struct Ambient: Sendable {
    package var now: @Sendable () -> Instant
    /// A new id with the given prefix.
    package var newID: @Sendable (_ prefix: String) -> String
    /// Bytes fit for secrets.
    package var randomBytes: @Sendable (_ count: Int) -> [UInt8]
    package var sleep: @Sendable (_ time: Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable (String) -> String,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.newID = newID
        self.randomBytes = randomBytes
        self.sleep = sleep
    }

    /// The machine's clock and random source.
    package static func live() -> Ambient {
        Ambient.with(
            now: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
            randomBytes: systemRandomBytes)
    }

    /// An ambient on another clock: ids are made from that clock and from the random source.
    package static func with(
        now: @escaping @Sendable () -> Instant,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) -> Ambient {
        let ids = IdentifierSource()
        return Ambient(
            now: now,
            newID: { prefix in prefix + "_" + ids.next(at: now(), random: randomBytes(10)) },
            randomBytes: randomBytes,
            sleep: { try await Task.sleep(for: $0) })
    }

    /// Bytes of the operating system's generator.
    package static let systemRandomBytes: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// A secret of `count` random bytes in URL-safe base 64, without padding.
    package func secret(bytes count: Int = 24) -> String {
        Data(randomBytes(count)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// Makes UUIDv7 texts that rise even within one millisecond (RFC 9562 §6.2, method 1).
private final class IdentifierSource: Sendable {
    private let last = Mutex((milliseconds: Int64(0), counter: 0))

    func next(at now: Instant, random: [UInt8]) -> String {
        let (milliseconds, counter) = last.withLock { last -> (Int64, Int) in
            if now.milliseconds > last.milliseconds {
                last = (now.milliseconds, Int(random[0]) & 0x7f)
            } else if last.counter < 0xfff {
                last.counter += 1
            } else {
                last = (last.milliseconds + 1, 0)
            }
            return (last.milliseconds, last.counter)
        }
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * $0)) }
        bytes.append(0x70 | UInt8(counter >> 8))
        bytes.append(UInt8(counter & 0xff))
        bytes.append(0x80 | (random[1] & 0x3f))
        bytes.append(contentsOf: random[2..<9])
        return Self.base32(bytes)
    }

    /// Crockford's base 32 in lower case, most significant bits first: text order is time order.
    private static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var output: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 2  // 128 bits are 26 digits of five with two leading zeros
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                output.append(alphabet[Int(buffer >> UInt32(bits)) & 31])
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
