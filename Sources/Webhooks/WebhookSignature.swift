import Crypto
import Foundation
import Kernel

/// Signatures of the Standard Webhooks specification 1.0: HMAC-SHA256 over id, time and body with
/// a secret that only the receiver and we know.
package enum WebhookSignature {
    private static let prefix = "whsec_"

    /// A new secret as people copy it: `whsec_` and 32 bytes in base 64.
    static func newSecret(_ ambient: Ambient) -> String {
        prefix + Data(ambient.randomBytes(32)).base64EncodedString()
    }

    /// One `v1,…` per secret, separated by spaces: during a change of secrets both are there.
    package static func header(
        id: String, timestamp: Int64, body: String, secrets: [String]
    ) -> String {
        let signed = Data("\(id).\(timestamp).\(body)".utf8)
        return secrets.compactMap { secret -> String? in
            guard let key = Data(base64Encoded: String(secret.dropFirst(prefix.count))) else {
                return nil
            }
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
            return "v1," + Data(code).base64EncodedString()
        }.joined(separator: " ")
    }
}
