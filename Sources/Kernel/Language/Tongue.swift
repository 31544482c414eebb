import Foundation
import Synchronization

/// The languages that pages, e-mails and errors speak.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case russian = "ru"

    /// In the language itself, for the list one chooses from.
    package var ownName: String {
        switch self {
        case .english: "English"
        case .russian: "Русский"
        }
    }

    /// The nearest language to a tag such as `ru-RU`; nil when it is none of ours.
    package init?(tag: String) {
        self.init(rawValue: String(tag.lowercased().prefix { $0 != "-" && $0 != "_" }))
    }

    /// The best of an `Accept-Language` header (RFC 9110 §12.5.4).
    package static func accepted(_ header: String?) -> Language? {
        let wishes = (header ?? "").split(separator: ",").prefix(20).enumerated().compactMap {
            place, wish -> (quality: Double, place: Int, language: Language)? in
            let parts = wish.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let tag = parts.first, let language = Language(tag: tag) else { return nil }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }
                .flatMap { Double($0.dropFirst(2)) }
            return (quality ?? 1, place, language)
        }
        return wishes.filter { $0.quality > 0 }
            .max { ($0.quality, -$0.place) < ($1.quality, -$1.place) }?.language
    }

    /// The category of a whole number by CLDR's plural rules (Unicode TR 35, part 3).
    package func plural(_ number: Int) -> String {
        switch self {
        case .english: return number == 1 ? "one" : "other"
        case .russian:
            let (tens, ones) = (abs(number) % 100, abs(number) % 10)
            if (11...14).contains(tens) { return "many" }
            return ones == 1 ? "one" : (2...4).contains(ones) ? "few" : "many"
        }
    }
}

/// A language together with its catalogue: what a sentence needs to be said.
package struct Tongue: Sendable {
    package let language: Language
    private let catalogue: Catalogue?

    init(_ language: Language, _ catalogue: Catalogue?) {
        self.language = language
        self.catalogue = catalogue
    }

    /// The keys themselves are English.
    package static let english = Tongue(.english, nil)

    /// Of whoever is being answered. Requests set it; jobs name the language they speak.
    @TaskLocal package static var current = Tongue.english

    func pattern(_ key: String, count: Int?) -> String? { catalogue?.pattern(key, count: count) }

    /// The calendar's words, from CLDR.
    package var calendar: CalendarWords { CalendarWords.of(language) }

    /// With the language's sign between thousands.
    package func number(_ number: Int) -> String {
        if abs(number) < 1000 { return String(number) }
        let sign = language == .russian ? "\u{a0}" : ","
        if language == .russian, abs(number) < 10_000 { return String(number) }
        var output = ""
        for (place, digit) in String(abs(number)).reversed().enumerated() {
            if place > 0, place % 3 == 0 { output.append(sign) }
            output.append(digit)
        }
        return (number < 0 ? "−" : "") + String(output.reversed())
    }
}

/// The translations, read from `Web/locales/<language>/*.json`: the English sentence to its
/// translation, or to an object of plural forms.
package final class Catalogue: Sendable {
    private enum Entry: Sendable {
        case text(String)
        case plural([String: String])
    }

    private let language: Language
    private let entries: [String: Entry]
    private let unknown = Mutex<Set<String>>([])

    private init(_ language: Language, _ entries: [String: Entry]) {
        self.language = language
        self.entries = entries
    }

    /// The tongues of a folder of locales, one for each language.
    package static func tongues(folder: String) throws -> [Language: Tongue] {
        var tongues: [Language: Tongue] = [.english: .english]
        for language in Language.allCases where language != .english {
            let home = folder + "/" + language.rawValue
            let files = try FileManager.default.contentsOfDirectory(atPath: home).sorted()
            var entries: [String: Entry] = [:]
            for file in files where file.hasSuffix(".json") {
                guard let bytes = FileManager.default.contents(atPath: home + "/" + file),
                    let members = JSONValue(parsing: Array(bytes))?.object
                else { throw Refusal.invalid("locales", "json", "\(file) is not a JSON object.") }
                for (key, value) in members { entries[key] = Self.entry(value) }
            }
            tongues[language] = Tongue(language, Catalogue(language, entries))
        }
        return tongues
    }

    private static func entry(_ value: JSONValue) -> Entry? {
        if let text = value.string { return .text(text) }
        return value.object.map { .plural($0.compactMapValues(\.string)) }
    }

    func pattern(_ key: String, count: Int?) -> String? {
        switch entries[key] {
        case .text(let text): return text
        case .plural(let forms):
            return forms[count.map(language.plural) ?? "other"] ?? forms["other"]
        case nil:
            unknown.withLock { if $0.count < 1000 { _ = $0.insert(key) } }
            return nil
        }
    }

    /// Sentences that were asked for and have no translation.
    package var missing: [String] { unknown.withLock { $0.sorted() } }
}

extension Tongue {
    /// What this tongue's catalogue lacked so far.
    package var missing: [String] { catalogue?.missing ?? [] }
}
