/// Reads the fields of a request body and collects what is wrong with each of them.
///
/// Getters of required fields return a harmless value when the field is bad; `finish()` throws one
/// refusal that names all the bad fields, so call it before using what was read.
package struct Input: Sendable {
    package let members: [String: JSONValue]
    private let path: String
    package private(set) var problems: [Refusal.Field] = []

    package init(_ value: JSONValue) throws {
        guard case .object(let members) = value else {
            throw Refusal(.invalid, code: "invalid", "The body must be a JSON object.")
        }
        self.members = members
        path = ""
    }

    private init(members: [String: JSONValue], path: String) {
        self.members = members
        self.path = path
    }

    /// Throws one `invalid` refusal naming every bad field.
    package func finish() throws {
        if !problems.isEmpty { throw Refusal.invalid(problems) }
    }

    package mutating func reject(_ field: String, _ code: String, _ message: Phrase) {
        problems.append(.init(path + field, code, message))
    }

    package mutating func absorb(_ fields: [Refusal.Field]) { problems.append(contentsOf: fields) }

    /// Refuses members that nothing reads: of a rule, a misspelt one would silently not hold.
    package mutating func refuseOthers(than known: Set<String>) {
        for name in members.keys.sorted() where !known.contains(name) {
            let words = known.sorted().joined(separator: ", ")
            reject(String(name.prefix(60)), "unknown", "is not known here; known are: \(words).")
        }
    }

    /// Whether the field was sent at all, null included.
    package func has(_ field: String) -> Bool { members[field] != nil }

    package func isNull(_ field: String) -> Bool { members[field] == .null }

    // MARK: Text

    package mutating func text(_ field: String, max: Int = 200, min: Int = 1) -> String {
        guard members[field] != nil, !isNull(field) else {
            reject(field, "required", "is required.")
            return ""
        }
        return optionalText(field, max: max, min: min) ?? ""
    }

    package mutating func optionalText(_ field: String, max: Int = 200, min: Int = 0) -> String? {
        guard let value = members[field], value != .null else { return nil }
        guard case .string(let text) = value else {
            reject(field, "type", "must be text.")
            return nil
        }
        if text.utf8.contains(0) {
            reject(field, "nul", "must not contain a NUL character.")
            return nil
        }
        // A cheap bound first: a character is at least a byte.
        if text.utf8.count > max * 16 || text.count > max {
            reject(field, "too_long", "must be at most \(max) characters.")
            return nil
        }
        if min > 0, text.allSatisfy(\.isWhitespace) || text.count < min {
            reject(field, "required", "must not be empty.")
            return nil
        }
        return text
    }

    /// One of the given words.
    package mutating func choice<T: RawRepresentable & CaseIterable>(
        _ field: String, _ type: T.Type
    ) -> T? where T.RawValue == String {
        guard let text = optionalText(field) else {
            if members[field] == nil || isNull(field) { reject(field, "required", "is required.") }
            return nil
        }
        return known(field, text, type)
    }

    package mutating func optionalChoice<T: RawRepresentable & CaseIterable>(
        _ field: String, _ type: T.Type
    ) -> T? where T.RawValue == String {
        guard let text = optionalText(field) else { return nil }
        return known(field, text, type)
    }

    private mutating func known<T: RawRepresentable & CaseIterable>(
        _ field: String, _ text: String, _ type: T.Type
    ) -> T? where T.RawValue == String {
        if let value = T(rawValue: text) { return value }
        let words = T.allCases.map(\.rawValue).joined(separator: ", ")
        reject(field, "unknown", "must be one of: \(words).")
        return nil
    }

    // MARK: Numbers and booleans

    package mutating func integer(_ field: String, in range: ClosedRange<Int>) -> Int {
        guard members[field] != nil, !isNull(field) else {
            reject(field, "required", "is required.")
            return range.lowerBound
        }
        return optionalInteger(field, in: range) ?? range.lowerBound
    }

    package mutating func optionalInteger(_ field: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = members[field], value != .null else { return nil }
        guard case .int(let number) = value else {
            reject(field, "type", "must be a whole number.")
            return nil
        }
        guard let small = Int(exactly: number), range.contains(small) else {
            reject(
                field, "range", "must be between \(range.lowerBound) and \(range.upperBound).")
            return nil
        }
        return small
    }

    package mutating func optionalBool(_ field: String) -> Bool? {
        guard let value = members[field], value != .null else { return nil }
        guard case .bool(let flag) = value else {
            reject(field, "type", "must be true or false.")
            return nil
        }
        return flag
    }

    // MARK: Instants and nested values

    package mutating func instant(_ field: String) -> Instant {
        guard members[field] != nil, !isNull(field) else {
            reject(field, "required", "is required.")
            return .earliest
        }
        return optionalInstant(field) ?? .earliest
    }

    package mutating func optionalInstant(_ field: String) -> Instant? {
        guard let text = optionalText(field, max: 64) else { return nil }
        guard let value = Instant(rfc3339: text) else {
            reject(field, "instant", "must be an RFC 3339 instant between 1970 and 2100.")
            return nil
        }
        return value
    }

    package mutating func optionalArray(_ field: String, max: Int = 200) -> [JSONValue]? {
        guard let value = members[field], value != .null else { return nil }
        guard case .array(let values) = value else {
            reject(field, "type", "must be a list.")
            return nil
        }
        guard values.count <= max else {
            reject(field, "too_long", "must have at most \(max) entries.")
            return nil
        }
        return values
    }

    package mutating func optionalObject(_ field: String) -> [String: JSONValue]? {
        guard let value = members[field], value != .null else { return nil }
        guard case .object(let object) = value else {
            reject(field, "type", "must be an object.")
            return nil
        }
        return object
    }

    /// Reads a nested object; its problems are reported under `field.`.
    package mutating func nested<T>(
        _ field: String, _ read: (inout Input) throws -> T
    ) rethrows -> T? {
        guard let object = optionalObject(field) else { return nil }
        var inner = Input(members: object, path: path + field + ".")
        let value = try read(&inner)
        problems.append(contentsOf: inner.problems)
        return value
    }

    /// Reads a list of objects; problems are reported under `field[n].`.
    package mutating func nestedList<T>(
        _ field: String, max: Int = 200, _ read: (inout Input) throws -> T?
    ) rethrows -> [T]? {
        guard let values = optionalArray(field, max: max) else { return nil }
        var output: [T] = []
        for (index, value) in values.enumerated() {
            guard case .object(let object) = value else {
                reject("\(field)[\(index)]", "type", "must be an object.")
                continue
            }
            var inner = Input(members: object, path: path + "\(field)[\(index)].")
            if let element = try read(&inner) { output.append(element) }
            problems.append(contentsOf: inner.problems)
        }
        return output
    }

    /// Reads a list of texts.
    package mutating func optionalTexts(
        _ field: String, max: Int = 200, length: Int = 200
    ) -> [String]? {
        guard let values = optionalArray(field, max: max) else { return nil }
        var output: [String] = []
        for (index, value) in values.enumerated() {
            guard case .string(let text) = value, text.count <= length, !text.utf8.contains(0)
            else {
                reject("\(field)[\(index)]", "type", "must be text.")
                continue
            }
            output.append(text)
        }
        return output
    }
}
