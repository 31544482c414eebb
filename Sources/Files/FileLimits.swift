import Kernel
import Store
import WebShell

/// How much may be stored: one file, and all files of one business.
package struct FileLimits: Sendable, Equatable {
    /// 2 GiB.
    package static let largest: Int64 = 2_147_483_648

    package var fileBytes: Int64 = largest
    package var accountBytes: Int64 = 20 * 1_073_741_824

    private static let key = "files"

    package static func stored(in tx: Transaction) throws -> FileLimits {
        var limits = FileLimits()
        let text = try tx.first("SELECT value FROM settings WHERE key = \(key)") { try $0.text(0) }
        let value = text.flatMap { JSONValue(parsing: $0) }
        if let bytes = value?["file_bytes"]?.int { limits.fileBytes = Int64(bytes) }
        if let bytes = value?["account_bytes"]?.int { limits.accountBytes = Int64(bytes) }
        return limits
    }

    func save(now: Instant, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO settings (key, value, updated_at) VALUES (\(Self.key), \(json), \(now))
            ON CONFLICT (key) DO UPDATE
            SET value = excluded.value, updated_at = excluded.updated_at
            """)
    }

    package var json: JSONValue {
        ["file_bytes": .int(fileBytes), "account_bytes": .int(accountBytes)]
    }

    mutating func change(_ input: inout Input) {
        if input.has("file_bytes") {
            fileBytes = Int64(input.integer("file_bytes", in: 1...Int(Self.largest)))
        }
        if input.has("account_bytes") {
            accountBytes = Int64(input.integer("account_bytes", in: 1...(1 << 50)))
        }
    }
}
