import Kernel

/// One SQL text for both engines. Literal parts are compile-time text, interpolated values become
/// parameters, so no run-time string can turn into SQL.
///
///     let sql: SQL = "SELECT name FROM users WHERE id = \(id) AND role IN (\(list: roles))"
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
        /// Differs by necessity: the one text for SQLite, the other for PostgreSQL.
        case dialect(sqlite: String, postgres: String)
    }

    var parts: [Part]

    package init(stringLiteral value: StaticString) { parts = [.text("\(value)")] }
    package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// A statement read from a migration file of the program itself.
    init(trusted text: String) { parts = [.text(text)] }

    package struct StringInterpolation: StringInterpolationProtocol {
        package typealias StringLiteralType = StaticString
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            parts.append(.text("\(literal)"))
        }

        package mutating func appendInterpolation(_ value: (any SQLBindable)?) {
            parts.append(.value(value?.sqlValue ?? .null))
        }

        /// Splices another statement.
        package mutating func appendInterpolation(_ fragment: SQL) {
            parts.append(contentsOf: fragment.parts)
        }

        /// `$1, $2, …`; an empty list becomes `NULL`, which matches nothing in `IN`.
        package mutating func appendInterpolation(list values: [any SQLBindable]) {
            if values.isEmpty { parts.append(.text("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.text(", ")) }
                parts.append(.value(value.sqlValue))
            }
        }

        package mutating func appendInterpolation(_ fragment: Dialect) {
            parts.append(fragment.part)
        }
    }

    /// The fragments in which the engines differ by necessity.
    package enum Dialect {
        /// Locks the selected rows; SQLite has one writer, so there is nothing to lock.
        case forUpdate
        /// Locks the rows that nobody else has locked.
        case skipLocked

        var part: Part {
            switch self {
            // Not FOR UPDATE: that would wait for every row that merely refers to this one.
            case .forUpdate: .dialect(sqlite: "", postgres: "FOR NO KEY UPDATE")
            case .skipLocked: .dialect(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED")
            }
        }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.parts.append(contentsOf: right.parts)
        return sum
    }

    /// The text with `$1 … $n` and its values.
    func rendered(for engine: EngineKind) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .value(let value):
                values.append(value)
                text += "$\(values.count)"
            case .dialect(let sqlite, let postgres):
                text += engine == .sqlite ? sqlite : postgres
            }
        }
        return (text, values)
    }
}

package enum EngineKind: String, Sendable { case sqlite, postgres }

package enum SQLValue: Sendable, Equatable {
    case null
    case int(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
}

/// A Swift value that may be a parameter.
package protocol SQLBindable: Sendable {
    var sqlValue: SQLValue { get }
}

extension Int: SQLBindable { package var sqlValue: SQLValue { .int(Int64(self)) } }
extension Int64: SQLBindable { package var sqlValue: SQLValue { .int(self) } }
extension Double: SQLBindable { package var sqlValue: SQLValue { .double(self) } }
extension String: SQLBindable { package var sqlValue: SQLValue { .text(self) } }
/// Booleans are stored as 0 and 1 in INTEGER columns on both engines.
extension Bool: SQLBindable { package var sqlValue: SQLValue { .int(self ? 1 : 0) } }
extension Instant: SQLBindable { package var sqlValue: SQLValue { .int(milliseconds) } }
extension Identifier: SQLBindable { package var sqlValue: SQLValue { .text(text) } }
extension JSONValue: SQLBindable { package var sqlValue: SQLValue { .text(serialized) } }
extension [UInt8]: SQLBindable { package var sqlValue: SQLValue { .bytes(self) } }
