import Kernel

/// Finding people by what is left of a number on a note: any four digits or more that follow each
/// other in it, as it is written at home or for abroad.
package enum PhoneSearch {
    static let fewestDigits = 4

    /// The words under which a number is found: its digits from each place on, so that whatever
    /// somebody remembers begins one of them.
    package static func words(for number: PhoneNumber) -> [String] {
        let international = Array(number.text.utf8.dropFirst())
        var words = suffixes(of: international)
        let national = number.national.utf8.filter { (48...57).contains($0) }
        // The national writing may have a trunk prefix, 0 or 8, that the other has not.
        for word in suffixes(of: national) where !words.contains(word) { words.append(word) }
        return words
    }

    private static func suffixes(of digits: [UInt8]) -> [String] {
        guard digits.count >= fewestDigits else { return [] }
        return (0...(digits.count - fewestDigits)).map {
            String(decoding: digits[$0...], as: UTF8.self)
        }
    }

    /// How the E.164 of what is looked for begins, when the query is the beginning of a number
    /// written internationally (`+1 212`) or a whole number of `home`: then an index has it.
    package static func beginning(of query: String?, home: PhoneRegion?) -> String? {
        guard let query, query.utf8.count <= 60 else { return nil }
        if let number = try? PhoneNumber.parse(query, in: home) { return number.text }
        guard query.drop(while: \.isWhitespace).hasPrefix("+"),
            case let terms = terms(query), terms.count == 1, let term = terms.first
        else { return nil }
        let digits = term.whole ?? term.parts.joined()
        let isNumber = digits.utf8.allSatisfy { (48...57).contains($0) }
        return isNumber && digits.utf8.count >= fewestDigits ? "+" + digits : nil
    }

    /// A query, cut into what must all be found. `whole` is the digits of a number that was written
    /// in groups; either it begins a word or each of `parts` does.
    package struct Term: Sendable, Equatable {
        package var whole: String?
        package var parts: [String]
    }

    /// `Dana (212) 555-01` is `dana`, and `21255501` or `212`, `555` and `01`.
    package static func terms(_ query: String?) -> [Term] {
        // Nobody says the trunk prefix abroad: +44 (0)161 is +44 161.
        let words = searchWords(query?.replacing("(0)", with: ""))
        var terms: [Term] = []
        var group: [String] = []
        func close() {
            let digits = group.joined()
            if group.count > 1, digits.count >= fewestDigits {
                terms.append(Term(whole: digits, parts: group))
            } else {
                terms += group.map { Term(whole: nil, parts: [$0]) }
            }
            group = []
        }
        for word in words.map(asciiDigits) {
            if word.utf8.allSatisfy({ (48...57).contains($0) }) {
                group.append(word)
            } else {
                close()
                terms.append(Term(whole: nil, parts: [word]))
            }
        }
        close()
        return terms
    }

    /// A number in the digits of another script, as it is stored.
    private static func asciiDigits(_ word: String) -> String {
        var digits = ""
        for scalar in word.unicodeScalars {
            guard scalar.properties.numericType == .decimal,
                let value = scalar.properties.numericValue
            else { return word }
            digits += String(Int(value))
        }
        return digits
    }
}
