import Crypto
import Foundation
import Kernel
import Store

/// Addresses that open one visit, or one hold, to whoever has them: the id with a signature
/// (HMAC-SHA256, RFC 2104, cut to 128 bits), so that nothing is stored and ids alone open nothing.
package struct VisitLinks: Sendable {
    package enum Purpose: String, Sendable {
        /// A time that is kept while somebody types.
        case hold
        /// A booked visit: see, move, cancel.
        case visit
        /// A time that became free for somebody who waits.
        case offer
    }

    let ambient: Ambient

    package init(ambient: Ambient) { self.ambient = ambient }

    /// `id.signature`. Needs a transaction that may write: the first one makes the key.
    package func token(
        _ id: AppointmentID, _ purpose: Purpose, in tx: Transaction
    ) throws -> String {
        if try PublicBookingQueries.linkKey(in: tx) == nil {
            try PublicBookingQueries.insertLinkKey(
                ambient.secret(bytes: 32), at: ambient.now(), in: tx)
        }
        guard let key = try PublicBookingQueries.linkKey(in: tx) else {
            throw StoreError.corrupt("no key for links to visits")
        }
        return "\(id).\(Base64URL.text(Self.signature(id, purpose, key)))"
    }

    package func token(offer id: WaitlistID, in tx: Transaction) throws -> String {
        try token(AppointmentID(id.text), .offer, in: tx)
    }

    /// The id in a token that we have signed; nil for any other.
    package static func id(
        in token: String, _ purpose: Purpose, in tx: Transaction
    ) throws -> AppointmentID? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 120, parts.count == 2,
            let claimed = Base64URL.bytes(String(parts[1])),
            let key = try PublicBookingQueries.linkKey(in: tx)
        else { return nil }
        let id = AppointmentID(String(parts[0]))
        let right = signature(id, purpose, key)
        // Every byte is compared, whatever the first ones are.
        guard claimed.count == right.count,
            zip(claimed, right).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0
        else { return nil }
        return id
    }

    private static func signature(
        _ id: AppointmentID, _ purpose: Purpose, _ key: String
    ) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(purpose.rawValue):\(id)".utf8),
            using: SymmetricKey(data: Data(key.utf8)))
        return Array(code.prefix(16))
    }
}
