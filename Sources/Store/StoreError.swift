/// What an engine refused, in one vocabulary for both.
package enum StoreError: Error, Sendable, Equatable {
    /// A unique index; the name is `table_column_column`.
    case duplicate(String)
    case foreignKey(String)
    case notNull(String)
    case check(String)
    /// Two allocations of one staff member or resource would overlap.
    case overlap
    /// Another transaction was in the way: run it again.
    case busy(String)
    /// A statement of this transaction failed before.
    case aborted
    /// The database cannot be reached now; nothing was done.
    case unavailable(String)
    /// The database went away during the commit: it may have been done or not.
    case unknownOutcome(String)
    case corrupt(String)
    case other(code: String, message: String)

    package func isDuplicate(of name: String) -> Bool {
        if case .duplicate(let found) = self { found == name } else { false }
    }

    /// SQLite says `t.a, t.b`, PostgreSQL the constraint `t_a_b_key`: both become `t_a_b`.
    static func indexName(sqlite columns: String) -> String {
        let names = columns.split(separator: ",").map { part in
            part.split(separator: ".").map { $0.filter { $0 != " " } }
        }
        guard let table = names.first?.first else { return columns }
        return ([table] + names.compactMap { $0.count > 1 ? $0[1] : nil }).joined(separator: "_")
    }

    static func indexName(postgres constraint: String) -> String {
        for suffix in ["_key", "_idx"] where constraint.hasSuffix(suffix) {
            return String(constraint.dropLast(suffix.count))
        }
        return constraint
    }
}
