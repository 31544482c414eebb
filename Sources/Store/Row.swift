import Kernel

/// One row of an answer; columns by position. Valid only inside the closure it is handed to.
package struct Row {
    enum Storage {
        case sqlite(SQLiteRow)
        case postgres(PostgresRow)
    }
    let storage: Storage

    private func wrong(_ column: Int, _ wanted: String) -> StoreError {
        let name =
            switch storage {
            case .sqlite(let row): row.name(column)
            case .postgres(let row): row.name(column)
            }
        return .corrupt("column \(column) (\(name)) is not \(wanted)")
    }

    package func textOrNil(_ column: Int) -> String? {
        switch storage {
        case .sqlite(let row): row.text(column)
        case .postgres(let row): row.text(column)
        }
    }

    package func text(_ column: Int) throws -> String {
        guard let value = textOrNil(column) else { throw wrong(column, "text") }
        return value
    }

    package func intOrNil(_ column: Int) throws -> Int64? {
        switch storage {
        case .sqlite(let row):
            return row.int(column)
        case .postgres(let row):
            if row.isNull(column) { return nil }
            guard let value = row.int(column) else { throw wrong(column, "a whole number") }
            return value
        }
    }

    package func int64(_ column: Int) throws -> Int64 {
        guard let value = try intOrNil(column) else { throw wrong(column, "a whole number") }
        return value
    }

    package func int(_ column: Int) throws -> Int { Int(try int64(column)) }
    package func optionalInt(_ column: Int) throws -> Int? { try intOrNil(column).map(Int.init) }
    package func bool(_ column: Int) throws -> Bool { try int64(column) != 0 }

    package func double(_ column: Int) throws -> Double {
        switch storage {
        case .sqlite(let row):
            guard let value = row.double(column) else { throw wrong(column, "a number") }
            return value
        case .postgres:
            guard let value = Double(try text(column)) else { throw wrong(column, "a number") }
            return value
        }
    }

    package func instant(_ column: Int) throws -> Instant {
        Instant(milliseconds: try int64(column))
    }

    package func instantOrNil(_ column: Int) throws -> Instant? {
        try intOrNil(column).map(Instant.init(milliseconds:))
    }

    package func id<Kind>(_ column: Int, _ type: Identifier<Kind>.Type = Identifier<Kind>.self)
        throws -> Identifier<Kind>
    {
        Identifier<Kind>(try text(column))
    }

    package func idOrNil<Kind>(
        _ column: Int, _ type: Identifier<Kind>.Type = Identifier<Kind>.self
    ) -> Identifier<Kind>? {
        textOrNil(column).map(Identifier<Kind>.init)
    }

    /// A JSON text column; null and absent are JSON null.
    package func json(_ column: Int) throws -> JSONValue {
        guard let text = textOrNil(column) else { return .null }
        guard let value = JSONValue(parsing: text) else { throw wrong(column, "JSON") }
        return value
    }

    /// One of the words of an enum.
    package func word<T: RawRepresentable>(_ column: Int, _ type: T.Type = T.self) throws -> T
    where T.RawValue == String {
        guard let value = T(rawValue: try text(column)) else {
            throw wrong(column, "a known \(T.self)")
        }
        return value
    }
}
