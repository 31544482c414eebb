import Foundation

/// A sum in minor units (cents, pence, kopecks) and its ISO 4217 currency.
package struct Money: Hashable, Sendable {
    package var minor: Int64
    package var currency: String

    package init(minor: Int64, currency: String) {
        self.minor = minor
        self.currency = currency
    }

    package var json: JSONValue { ["amount": .int(minor), "currency": .string(currency)] }

    /// Digits after the point, by ISO 4217.
    package static func digits(_ currency: String) -> Int { digits[currency] ?? 2 }

    private static let digits: [String: Int] = {
        // CLDR says it only by how it writes a sum.
        let style = Decimal.FormatStyle.Currency(code: "USD", locale: Locale(identifier: "en_US"))
        return known.reduce(into: [:]) { digits, code in
            var own = style
            own.currencyCode = code
            let parts = Decimal(1).formatted(own).split(separator: ".")
            let count = parts.count > 1 ? parts[1].filter(\.isNumber).count : 0
            if count != 2 { digits[code] = count }
        }
    }()

    /// For people, in the language of whoever is being answered: `$45`, `£19.50`, `1 990 ₽`.
    package var text: String { text(in: .current) }

    package func text(in tongue: Tongue) -> String {
        let digits = Self.digits(currency)
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        return (Decimal(minor) / Decimal(scale)).formatted(
            .currency(code: currency).presentation(.narrow)
                .precision(.fractionLength(minor % scale == 0 ? 0 : digits))
                .locale(Locale(identifier: tongue.language.rawValue)))
    }

    /// Whether this is an alphabetic code of ISO 4217, in capitals.
    package static func isCurrency(_ text: String) -> Bool { known.contains(text) }

    private static let known = Set(
        Locale.Currency.isoCurrencies.map(\.identifier).filter { $0.utf8.count == 3 }
            .map { $0.uppercased() })
}

/// A BCP 47 language tag whose language ISO 639 knows: `en`, `ru-RU`, `zh-Hant`.
package enum LanguageTag {
    package static func isKnown(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        guard tag.utf8.count <= 35, let language = parts.first,
            (2...3).contains(language.utf8.count),
            language.utf8.allSatisfy({ (97...122).contains($0) }),
            parts.dropFirst().allSatisfy({ part in
                (2...8).contains(part.utf8.count)
                    && part.utf8.allSatisfy {
                        (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0)
                    }
            })
        else { return false }
        return Locale.LanguageCode(String(language)).isISOLanguage
    }
}

/// An e-mail address, folded to lower case; nil unless it has the shape of RFC 5321's `Mailbox`
/// with a dotted or single-label ASCII domain.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-".utf8)
        let folded = text.lowercased()
        guard
            // Other letters may fold to ASCII ones: the Kelvin sign would become k.
            text.utf8.allSatisfy({ $0 < 0x80 }),
            parts.count == 2, (1...64).contains(parts[0].utf8.count),
            (1...253).contains(parts[1].utf8.count),
            folded.utf8.allSatisfy({ allowed.contains($0) || $0 == UInt8(ascii: "@") }),
            !parts[0].hasPrefix("."), !parts[0].hasSuffix("."), !parts[0].contains(".."),
            parts[1].lowercased().split(separator: ".", omittingEmptySubsequences: false)
                .allSatisfy({ label in
                    (1...63).contains(label.utf8.count) && !label.hasPrefix("-")
                        && !label.hasSuffix("-")
                        && label.utf8.allSatisfy {
                            (97...122).contains($0) || (48...57).contains($0) || $0 == 45
                        }
                })
        else { return nil }
        self.text = folded
    }
}

/// Text folded for search: lower case, diacritics and ё-like variants kept as they are typed by
/// most people, words separated by single spaces. Composed first: the same letter may come as one
/// scalar or as two, and databases compare scalars.
package func foldedForSearch(_ text: String) -> String {
    var output = ""
    for character in text.precomposedStringWithCanonicalMapping.lowercased() {
        if character.isLetter || character.isNumber {
            output.append(character == "ё" ? "е" : character)
        } else if !output.hasSuffix(" "), !output.isEmpty {
            output.append(" ")
        }
    }
    return output.hasSuffix(" ") ? String(output.dropLast()) : output
}

/// The folded words to look for; nobody types more while somebody waits.
package func searchWords(_ query: String?) -> [String] {
    foldedForSearch(query ?? "").split(separator: " ").prefix(12).map { String($0.prefix(60)) }
}
