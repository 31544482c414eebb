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

    func isNull(_ column: Int) -> Bool { PQgetisnull(result, index, Int32(column)) == 1 }

    /// nil: null, or no whole number. Booleans are 0 and 1.
    func int(_ column: Int) -> Int64? {
        let length = Int(PQgetlength(result, index, Int32(column)))
        guard !isNull(column), length > 0, let text = PQgetvalue(result, index, Int32(column))
        else { return nil }
        let digits = UnsafeRawBufferPointer(start: text, count: length)
        if length == 1 {
            if digits[0] == UInt8(ascii: "t") { return 1 }
            if digits[0] == UInt8(ascii: "f") { return 0 }
        }
        let isNegative = digits[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        for digit in digits.dropFirst(isNegative ? 1 : 0) {
            guard (48...57).contains(digit) else { return nil }
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, spills) = tens.subtractingReportingOverflow(Int64(digit - 48))
            if overflows || spills { return nil }
            value = sum
        }
        // Counted downwards: the smallest number has no positive twin.
        if isNegative { return length > 1 ? value : nil }
        return value == .min ? nil : -value
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
