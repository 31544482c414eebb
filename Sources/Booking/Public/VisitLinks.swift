import Accounts
import Crypto
import Foundation
import Kernel
import Store

/// Addresses that open one visit, one hold or one offer to whoever has them: the id with a signature
/// (HMAC-SHA256, RFC 2104), so that nothing is stored and ids alone open nothing.
package struct VisitLinks: Sendable {
    package enum Purpose: String, Sendable {
        /// A time that is kept while somebody types.
        case hold
        /// A booked visit: see, move, cancel.
        case visit
        /// A time that became free for somebody who waits.
        case offer
    }

    private static let keyName = "visit_link_key"

    let ambient: Ambient

    package init(ambient: Ambient) { self.ambient = ambient }

    /// `id.signature`. Needs a transaction that may write: the first one makes the key.
    package func token<Kind>(
        _ id: Identifier<Kind>, _ purpose: Purpose, in tx: Transaction
    ) throws -> String {
        let key = try OfficeKey.make(Self.keyName, ambient: ambient, in: tx)
        let code = HMAC<SHA256>.authenticationCode(
            for: Self.signed(id.text, purpose), using: Self.symmetric(key))
        return "\(id).\(Base64URL.text(code))"
    }

    /// The id in a token that we have signed for this purpose; nil for any other.
    package static func id<Kind>(
        in token: String, _ purpose: Purpose, in tx: Transaction
    ) throws -> Identifier<Kind>? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 150, parts.count == 2,
            let code = Base64URL.bytes(String(parts[1])),
            let key = try OfficeKey.key(keyName, in: tx),
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: signed(String(parts[0]), purpose), using: symmetric(key))
        else { return nil }
        return Identifier(String(parts[0]))
    }

    private static func signed(_ id: String, _ purpose: Purpose) -> Data {
        Data("\(purpose.rawValue):\(id)".utf8)
    }

    private static func symmetric(_ key: String) -> SymmetricKey {
        SymmetricKey(data: Data(key.utf8))
    }
}
