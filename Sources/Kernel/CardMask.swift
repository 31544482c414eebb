/// Takes payment card numbers out of text before it is stored: `•••• •••• •••• 1234` stays.
///
/// A card number here is 13 to 19 digits with the prefix and length of a known issuer and a right
/// check digit (Luhn, ISO/IEC 7812-1), written in one piece or in groups with spaces, dashes, dots
/// or slashes between, in the digits of any script. Once a card was found, the security code that
/// is named beside it goes too. Telephone numbers with a plus, IBANs and UUIDs stay as they are.
package enum CardMask {
    /// The text without card numbers; mostly the text itself.
    package static func masked(_ text: String) -> String {
        guard mayHoldCard(text) else { return text }
        let glyphs = Array(text.unicodeScalars)
        let cards = CardFinder(glyphs).cards()
        if cards.isEmpty { return text }
        var output = String.UnicodeScalarView()
        var position = 0
        for card in cards {
            output.append(contentsOf: glyphs[position..<card.range.lowerBound])
            output.append(contentsOf: "•••• •••• •••• \(card.lastFour)".unicodeScalars)
            position = card.range.upperBound
        }
        output.append(contentsOf: glyphs[position...])
        return withoutCodes(String(output))
    }

    package static func masked(orNil text: String?) -> String? { text.map { masked($0) } }

    /// Fewer than 13 characters that could be digits: nothing to look for.
    private static func mayHoldCard(_ text: String) -> Bool {
        var count = 0
        for byte in text.utf8 {
            switch byte {
            // ASCII; the first bytes of Arabic and NKo; of everything with three or four bytes.
            case 0x30...0x39, 0xD9, 0xDB, 0xDF, 0xE0...0xF4: count += 1
            default: continue
            }
            if count == 13 { return true }
        }
        return false
    }

    /// `CVV 123` becomes `CVV •••`.
    private static func withoutCodes(_ text: String) -> String {
        let code =
            /(?i)\b(cvv2?|cvc2?|cid|csc|security code|код безопасности)([\s:=№#-]{0,4})\d{3,4}\b/
        return text.replacing(code) { match in "\(match.output.1)\(match.output.2)•••" }
    }
}

/// Finds the numbers in one text.
private struct CardFinder {
    struct Card {
        var range: Range<Int>
        var lastFour: String
    }

    /// Digits without anything between, and where they stand.
    private struct Group {
        var range: Range<Int>
        var digits: [UInt8]
    }

    private let glyphs: [Unicode.Scalar]

    init(_ glyphs: [Unicode.Scalar]) { self.glyphs = glyphs }

    /// From left to right; what overlaps is one.
    func cards() -> [Card] {
        var found: [Card] = []
        for chain in chains() {
            for card in cards(in: chain) {
                if let last = found.last, last.range.upperBound > card.range.lowerBound {
                    let end = max(last.range.upperBound, card.range.upperBound)
                    let isLonger = card.range.upperBound > last.range.upperBound
                    found[found.count - 1] = Card(
                        range: last.range.lowerBound..<end,
                        lastFour: isLonger ? card.lastFour : last.lastFour)
                } else {
                    found.append(card)
                }
            }
        }
        return found
    }

    private func cards(in chain: [Group]) -> [Card] {
        let count = chain.reduce(0) { $0 + $1.digits.count }
        // E.164 has at most 15 digits.
        guard count >= 13, !(count <= 15 && isAfterPlus(chain)) else { return [] }
        var found: [Card] = []
        for start in chain.indices {
            var digits: [UInt8] = []
            for end in start..<chain.endIndex {
                digits += chain[end].digits
                if digits.count > 19 { break }
                if CardNumber.isOne(digits) {
                    found.append(
                        Card(
                            range: chain[start].range.lowerBound..<chain[end].range.upperBound,
                            lastFour: digits.suffix(4).map { "\($0)" }.joined()))
                }
            }
        }
        return found
    }

    private func isAfterPlus(_ chain: [Group]) -> Bool {
        guard let start = chain.first?.range.lowerBound, start > 0 else { return false }
        let before = glyphs[start - 1]
        return before == "+" || before == "＋"
    }

    /// Groups of digits with nothing but separators between them.
    private func chains() -> [[Group]] {
        var all: [[Group]] = []
        var chain: [Group] = []
        var position = 0
        while position < glyphs.count {
            if let end = endOfOtherNumber(at: position) {
                all.append(chain)
                chain = []
                position = end
                continue
            }
            guard Self.digit(glyphs[position]) != nil else {
                position += 1
                continue
            }
            let group = group(at: position)
            if let last = chain.last, !isGap(last.range.upperBound..<group.range.lowerBound) {
                all.append(chain)
                chain = []
            }
            chain.append(group)
            position = group.range.upperBound
        }
        return all + [chain]
    }

    private func group(at start: Int) -> Group {
        var digits: [UInt8] = []
        var end = start
        while end < glyphs.count {
            if let digit = Self.digit(glyphs[end]) {
                digits.append(digit)
            } else if !Self.isInvisible(glyphs[end]) || end + 1 == glyphs.count
                || Self.digit(glyphs[end + 1]) == nil
            {
                break
            }
            end += 1
        }
        return Group(range: start..<end, digits: digits)
    }

    static func digit(_ glyph: Unicode.Scalar) -> UInt8? {
        if glyph.isASCII {
            return (48...57).contains(glyph.value) ? UInt8(glyph.value - 48) : nil
        }
        guard glyph.properties.numericType == .decimal, let value = glyph.properties.numericValue
        else { return nil }
        return UInt8(value)
    }

    private static func isInvisible(_ glyph: Unicode.Scalar) -> Bool {
        glyph.properties.generalCategory == .format
    }

    /// Whether what stands between two groups may stand within a card number.
    private func isGap(_ range: Range<Int>) -> Bool {
        range.count <= 4
            && glyphs[range].allSatisfy { glyph in
                switch glyph {
                case " ", "\t", "-", ".", "_", "/", "·", "−": true
                default:
                    [.spaceSeparator, .dashPunctuation, .format].contains(
                        glyph.properties.generalCategory)
                }
            }
    }

    // MARK: What is something else

    /// Where a UUID or an IBAN that begins here ends.
    private func endOfOtherNumber(at start: Int) -> Int? {
        if start > 0, Self.isLetterOrDigit(glyphs[start - 1]) { return nil }
        return endOfUUID(at: start) ?? endOfIBAN(at: start)
    }

    private func endOfUUID(at start: Int) -> Int? {
        guard start + 36 <= glyphs.count, glyphs[start + 8] == "-" else { return nil }
        let isOne = glyphs[start..<start + 36].enumerated().allSatisfy { index, glyph in
            [8, 13, 18, 23].contains(index) ? glyph == "-" : glyph.properties.isASCIIHexDigit
        }
        let end = start + 36
        guard isOne, end == glyphs.count || !Self.isLetterOrDigit(glyphs[end]) else { return nil }
        return end
    }

    /// ISO 13616: two letters, two check digits, up to thirty more, maybe in groups of four.
    private func endOfIBAN(at start: Int) -> Int? {
        guard start + 4 < glyphs.count, Self.isCapital(glyphs[start]),
            Self.isCapital(glyphs[start + 1]), Self.digit(glyphs[start + 2]) != nil
        else { return nil }
        var text: [Unicode.Scalar] = []
        var best: Int?
        var position = start
        while position < glyphs.count, text.count < 34 {
            let glyph = glyphs[position]
            if glyph.isASCII, Self.isLetterOrDigit(glyph) {
                text.append(glyph)
            } else if !glyph.properties.isWhitespace || glyph == "\n" {
                break
            }
            position += 1
            let isEnd = position == glyphs.count || !Self.isLetterOrDigit(glyphs[position])
            if isEnd, text.count >= 15, Self.isIBAN(text) { best = position }
        }
        return best
    }

    private static func isIBAN(_ text: [Unicode.Scalar]) -> Bool {
        var rest: UInt32 = 0
        for glyph in text[4...] + text[..<4] {
            switch glyph.value {
            case 48...57: rest = (rest * 10 + glyph.value - 48) % 97
            case 65...90: rest = (rest * 100 + glyph.value - 55) % 97
            default: return false
            }
        }
        return rest == 1
    }

    private static func isCapital(_ glyph: Unicode.Scalar) -> Bool {
        (65...90).contains(glyph.value)
    }

    private static func isLetterOrDigit(_ glyph: Unicode.Scalar) -> Bool {
        glyph.properties.isAlphabetic || digit(glyph) != nil
    }
}

/// What makes digits a card number.
private enum CardNumber {
    static func isOne(_ digits: [UInt8]) -> Bool {
        (13...19).contains(digits.count) && isOfIssuer(digits) && isLuhn(digits)
    }

    private static func isLuhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index % 2 == 0 ? Int(digit) : Int(digit) * 2
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    /// Prefixes and lengths of the card schemes.
    private static func isOfIssuer(_ digits: [UInt8]) -> Bool {
        let four = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        let count = digits.count
        switch four {
        case 4000...4999: return true  // Visa
        case 5100...5599, 2221...2720: return count == 16  // Mastercard
        case 3400...3499, 3700...3799: return count == 15  // American Express
        case 3000...3059, 3090...3099, 3600...3699, 3800...3999: return count >= 14  // Diners
        case 3528...3589: return count >= 16  // JCB
        case 2200...2204: return count >= 16  // Mir
        // Maestro, in the ranges that have short numbers.
        case 5018, 5020, 5038, 5893, 6304, 6390, 6759, 6761...6763: return true
        // Maestro, Verve, UnionPay, Discover, RuPay and others.
        case 5000...5099, 5600...5999, 6000...6999: return count >= 16
        case 8100...8299: return count >= 16  // UnionPay, RuPay
        case 8600, 9860, 9792: return count == 16  // Uzcard, Humo, Troy
        default: return false
        }
    }
}
