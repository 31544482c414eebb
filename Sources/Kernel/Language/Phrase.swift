/// A sentence for people that waits for a language: the English text, which is also its key in the
/// catalogue, and what goes into it.
///
///     let late: Phrase = "\(count) late"            // key "%1 late"
///     let days = Phrase.plural(count, one: "\(count) day", other: "\(count) days")
///
/// What people typed (names, addresses) goes in as an argument and is never looked up.
package struct Phrase: Sendable, Hashable, ExpressibleByStringInterpolation {
    package enum Argument: Sendable, Hashable {
        case text(String)
        case number(Int)
        case phrase(Phrase)
    }

    /// The English text with `%1`, `%2` … for the arguments.
    package private(set) var key: String
    package private(set) var arguments: [Argument]
    /// What decides between singular and plural forms, and English's form for one.
    private var count: Int?
    private var one: String?
    /// Whether the catalogue is asked.
    private var isSentence = true

    package init(stringLiteral value: String) {
        key = value
        arguments = []
    }

    package init(stringInterpolation: StringInterpolation) {
        key = stringInterpolation.key
        arguments = stringInterpolation.arguments
    }

    /// Text that is the same in every language: a name, a sum, what somebody wrote.
    package init(verbatim text: String) {
        key = "%1"
        arguments = [.text(text)]
        isSentence = false
    }

    /// Several sentences one after the other.
    package init(joining phrases: [Phrase], separator: String = " ") {
        key = phrases.indices.map { "%\($0 + 1)" }.joined(separator: separator)
        arguments = phrases.map(Argument.phrase)
        isSentence = false
    }

    /// A sentence whose words depend on a number. Both forms take the same arguments in the same
    /// order; the catalogue knows the sentence by `other`.
    package static func plural(_ count: Int, one: Phrase, other: Phrase) -> Phrase {
        var phrase = other
        phrase.count = count
        phrase.one = one.key
        return phrase
    }

    /// One sentence written in two literals because it is long.
    package static func + (left: Phrase, right: Phrase) -> Phrase {
        var whole = left
        whole.arguments += right.arguments
        whole.key += right.renumbered(from: left.arguments.count)
        return whole
    }

    /// The key with places that follow those of the text before it.
    private func renumbered(from offset: Int) -> String {
        var shifted = self
        shifted.arguments = arguments.indices.map { .text("%\($0 + 1 + offset)") }
        return shifted.filled(key) { if case .text(let text) = $0 { text } else { "" } }
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var key = ""
        var arguments: [Argument] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            key.reserveCapacity(literalCapacity + 2 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { key += literal }

        package mutating func appendInterpolation(_ text: String) { append(.text(text)) }
        package mutating func appendInterpolation(_ number: Int) { append(.number(number)) }
        package mutating func appendInterpolation(_ phrase: Phrase) { append(.phrase(phrase)) }

        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            append(.text(value.description))
        }

        private mutating func append(_ argument: Argument) {
            arguments.append(argument)
            key += "%\(arguments.count)"
        }
    }
}

extension Phrase {
    /// In the language of whoever is being answered.
    package var text: String { text(in: .current) }

    package func text(in tongue: Tongue) -> String {
        filled(pattern(in: tongue)) { argument in
            switch argument {
            case .text(let text): text
            case .number(let number): tongue.number(number)
            case .phrase(let phrase): phrase.text(in: tongue)
            }
        }
    }

    /// As programs and logs read it.
    package var english: String { text(in: .english) }

    package func pattern(in tongue: Tongue) -> String {
        if !isSentence { return key }
        if tongue.language == .english { return count == 1 ? one ?? key : key }
        return tongue.pattern(key, count: count) ?? (count == 1 ? one ?? key : key)
    }

    private func filled(_ pattern: String, _ text: (Argument) -> String) -> String {
        if arguments.isEmpty { return pattern }
        var output = ""
        var rest = pattern[...]
        while let sign = rest.firstIndex(of: "%") {
            output += rest[..<sign]
            let after = rest.index(after: sign)
            let digits = rest[after...].prefix { $0.isASCII && $0.isNumber }
            if let place = Int(digits), arguments.indices.contains(place - 1) {
                output += text(arguments[place - 1])
                rest = rest[digits.endIndex...]
            } else {
                output.append("%")
                rest = rest[after...]
            }
        }
        return output + rest
    }
}

extension Phrase: CustomStringConvertible {
    package var description: String { english }
}

/// Marks a sentence for the catalogue: `t("Save")`. What stands in it must be a literal, because
/// `tools/phrases.py` finds the sentences by this mark.
package func t(_ phrase: Phrase) -> Phrase { phrase }
