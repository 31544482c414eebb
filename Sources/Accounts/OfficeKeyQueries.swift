import Kernel
import Store

/// A secret of the whole office by which links are signed; made when it is first needed.
package enum OfficeKey {
    package static func key(_ name: String, in tx: Transaction) throws -> String? {
        try tx.first("SELECT value FROM settings WHERE key = \(name)") {
            try $0.json(0).string
        }.flatMap { $0 }
    }

    /// Needs a transaction that may write. Of two that make it at once, both get the first one's.
    package static func make(
        _ name: String, ambient: Ambient, in tx: Transaction
    ) throws -> String {
        if let known = try key(name, in: tx) { return known }
        try tx.execute(
            """
            INSERT INTO settings (key, value, updated_at)
            VALUES (\(name), \(JSONValue.string(ambient.secret(bytes: 32))), \(ambient.now()))
            ON CONFLICT DO NOTHING
            """)
        guard let made = try key(name, in: tx) else {
            throw StoreError.busy("the key \(name) is being made")
        }
        return made
    }
}
