import Foundation
import Kernel
import TestSupport

@testable import Store

/// Looks at everything that a database holds, whatever its tables are.
struct DatabaseScan {
    let store: Store

    /// Table → columns, as the database itself knows them.
    func tables() async throws -> [String: [String]] {
        try await store.read { tx in
            let names: SQL =
                tx.engine == .sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                : """
                SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                """
            var tables: [String: [String]] = [:]
            for name in try tx.all(names, { try $0.text(0) }) {
                let columns: SQL =
                    tx.engine == .sqlite
                    ? "SELECT name FROM pragma_table_info(\(name))"
                    : """
                    SELECT column_name FROM information_schema.columns
                    WHERE table_schema = 'public' AND table_name = \(name)
                    """
                tables[name] = try tx.all(columns) { try $0.text(0) }
            }
            return tables
        }
    }

    /// `table.column` of every value that has the text in it, in any case.
    func places(of text: String) async throws -> Set<String> {
        let tables = try await tables()
        return try await store.read { tx in
            var places: Set<String> = []
            for (table, columns) in tables {
                for column in columns {
                    let sql = SQL(trusted: "SELECT CAST(\"\(column)\" AS TEXT) FROM \"\(table)\"")
                    for value in try tx.all(sql, { $0.textOrNil(0) }) {
                        if value?.lowercased().contains(text.lowercased()) == true {
                            places.insert("\(table).\(column)")
                        }
                    }
                }
            }
            return places
        }
    }

    /// Files below a folder whose bytes have the text in them.
    static func files(with text: String, under folder: String) throws -> [String] {
        let needle = Data(text.utf8)
        let paths = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
        return try paths.compactMap { path in
            guard let path = path as? String else { return nil }
            var isFolder: ObjCBool = false
            let full = folder + "/" + path
            guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder),
                !isFolder.boolValue
            else { return nil }
            let data = try Data(contentsOf: URL(fileURLWithPath: full))
            return path.contains(text) || data.range(of: needle) != nil ? path : nil
        }
    }
}
