import CLibpq

/// One row as libpq gives it, in text format.
struct PostgresRow {
    let result: OpaquePointer
    let index: Int32

    func name(_ column: Int) -> String {
        PQfname(result, Int32(column)).map { String(cString: $0) } ?? "?"
    }

    func text(_ column: Int) -> String? {
        if PQgetisnull(result, index, Int32(column)) == 1 { return nil }
        return PQgetvalue(result, index, Int32(column)).map { String(cString: $0) }
    }
}

extension PostgresConnection {
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try run(sql, values) { Int(String(cString: PQcmdTuples($0))) ?? 0 }
    }

    func all<T>(
        _ sql: String, _ values: [SQLValue], _ map: (PostgresRow) throws -> T
    ) throws -> [T] {
        try run(sql, values) { result in
            try (0..<PQntuples(result)).map { try map(PostgresRow(result: result, index: $0)) }
        }
    }
}
