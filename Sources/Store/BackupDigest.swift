import Crypto
import Foundation

/// What a table holds, in two numbers that do not depend on the order of its rows.
package struct TableDigest: Sendable, Equatable {
    package var rows: Int
    package var digest: String

    /// Every table of the database, within the caller's snapshot.
    package static func all(in tx: Transaction) throws -> [String: TableDigest] {
        var tables: [String: TableDigest] = [:]
        for name in try names(in: tx) {
            tables[name] = try tx.engine == .sqlite ? sqlite(name, tx) : postgres(name, tx)
        }
        return tables
    }

    package static func names(in tx: Transaction) throws -> [String] {
        let list: SQL =
            tx.engine == .sqlite
            ? """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            ORDER BY name
            """
            : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        return try tx.all(list) { try $0.text(0) }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// The sum of the rows' hashes, counted here: SQLite has no hash functions.
    private static func sqlite(_ name: String, _ tx: Transaction) throws -> TableDigest {
        let columns = try tx.all("SELECT name FROM pragma_table_info(\(name)) ORDER BY cid") {
            try $0.text(0)
        }
        let texts = columns.map { "CAST(\(quoted($0)) AS TEXT)" }.joined(separator: ", ")
        var rows = 0
        var sum: UInt64 = 0
        _ = try tx.all(SQL(trusted: "SELECT \(texts) FROM \(quoted(name))")) { row in
            var hash = SHA256()
            for index in columns.indices {
                // NULL and the empty text differ, and no value runs into the next.
                let text = row.textOrNil(index)
                hash.update(data: Data((text.map { "\($0.utf8.count):\($0)" } ?? "-").utf8))
            }
            rows += 1
            sum &+= hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        return TableDigest(rows: rows, digest: String(sum, radix: 16))
    }

    private static func postgres(_ name: String, _ tx: Transaction) throws -> TableDigest {
        let sql = """
            SELECT COUNT(*),
                CAST(COALESCE(SUM(CAST(CAST('x' || LEFT(MD5(CAST(t AS TEXT)), 15) AS BIT(60))
                    AS BIGINT)), 0) AS TEXT)
            FROM \(quoted(name)) AS t
            """
        return try tx.first(SQL(trusted: sql)) {
            TableDigest(rows: try $0.int(0), digest: try $0.text(1))
        } ?? TableDigest(rows: 0, digest: "0")
    }
}
