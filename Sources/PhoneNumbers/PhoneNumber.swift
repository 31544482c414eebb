import CPhoneNumbers

/// A telephone number of the world, kept in E.164: `+` and at most 15 digits.
///
/// What a number is, and how each country writes it, is libphonenumber's knowledge; there is no
/// table of ours. A `PhoneNumber` is *possible*: its country has numbers of this length. Whether
/// its range has been given out (`isValid`) changes by the month and excludes the numbers kept for
/// films, so nothing is refused for that.
///
/// Everything here is safe from any thread and takes some microseconds.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// E.164, such as `+12125550114`: what is stored, sent and compared.
    package let text: String

    package var description: String { text }

    private init(text: String) { self.text = text }

    /// A number that was stored as E.164; nil for any other writing. What people type goes
    /// through `parse`.
    package init?(e164 text: String) {
        guard text.hasPrefix("+"), let number = try? Self.parse(text, in: nil),
            number.text == text
        else { return nil }
        self = number
    }

    // MARK: Reading

    /// Why a text is no telephone number.
    package enum Problem: Error, Sendable, Hashable, CaseIterable {
        case notANumber
        /// Also of a number that works only within its town.
        case tooShort
        case tooLong
        /// No country has this code; or the number is a national one and no region was said.
        case invalidCountry
        /// Its country has longer and shorter numbers, but none of this length.
        case notPossible
        /// Something is to be dialled after the answer, which E.164 cannot say.
        case hasExtension
    }

    /// A number and what is dialled after it is answered.
    package struct Reading: Hashable, Sendable {
        package var number: PhoneNumber
        package var dialExtension: String?
    }

    /// Reads what somebody in `region` wrote: as dialled there (`0161 496 0140`, `8 (926) …`,
    /// `011 44 …`), internationally (`+44 161 …`), with letters (`1-800-FLOWERS`), in any digits.
    ///
    /// Only the number itself may stand there: text before or after it is refused, though
    /// libphonenumber would look past it.
    package static func parse(
        _ text: String, in region: PhoneRegion?
    ) throws(Problem) -> PhoneNumber {
        let reading = try read(text, in: region)
        if reading.dialExtension != nil { throw .hasExtension }
        return reading.number
    }

    /// As `parse`, with `ext. 5` and the like kept apart.
    package static func read(
        _ text: String, in region: PhoneRegion?
    ) throws(Problem) -> Reading {
        guard isPlain(text) else { throw .notANumber }
        var (number, rest) = ("", "")
        var problem = PhoneNumbersNotANumber.rawValue
        var ascii = text
        ascii.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { chars in
                number = written { e164 in
                    rest = written { ending in
                        problem = UInt32(
                            phone_numbers_parse(
                                chars.baseAddress, chars.count, region?.code ?? "ZZ", e164, ending))
                        return problem == 0
                    }
                    return problem == 0
                }
            }
        }
        switch PhoneNumbersProblem(rawValue: problem) {
        case PhoneNumbersFine: break
        case PhoneNumbersTooShort: throw .tooShort
        case PhoneNumbersTooLong: throw .tooLong
        case PhoneNumbersInvalidCountry: throw .invalidCountry
        case PhoneNumbersNotPossible: throw .notPossible
        default: throw .notANumber
        }
        // Fewer than three letters spell no number; libphonenumber would drop them.
        let letters = text.unicodeScalars.count { $0.properties.isAlphabetic && $0.isASCII }
        if rest.isEmpty, (1...2).contains(letters) { throw .notANumber }
        return Reading(number: .init(text: number), dialExtension: rest.isEmpty ? nil : rest)
    }

    /// Whether the text begins as a number does and has nothing but what numbers are written with.
    private static func isPlain(_ text: String) -> Bool {
        guard text.utf8.count <= 120, let first = text.unicodeScalars.first(where: { $0 != " " })
        else { return false }
        func isDigit(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.numericType == .decimal
        }
        guard isDigit(first) || "+＋(（".unicodeScalars.contains(first) else { return false }
        guard text.unicodeScalars.count(where: { "+＋".unicodeScalars.contains($0) }) < 2 else {
            return false
        }
        return text.unicodeScalars.allSatisfy { scalar in
            isDigit(scalar) || punctuation.contains(scalar)
                || (scalar.isASCII && scalar.properties.isAlphabetic)
        }
    }

    private static let punctuation = Set(
        " \u{a0}\u{2009}\u{202f}\u{3000}\u{2060}+＋-‐‑‒–—―−－.．()（）/／~#;:=,".unicodeScalars)

    // MARK: What it is

    package enum Kind: Int, Sendable, CaseIterable {
        case fixed, mobile
        /// The plan of North America does not tell.
        case fixedOrMobile
        case tollFree, premium, sharedCost, voip, personal, pager, universal, voicemail
        /// Not of a range that has been given out.
        case unknown

        /// Whether a short message may arrive.
        package var maySMS: Bool { self == .mobile || self == .fixedOrMobile || self == .unknown }
    }

    package var kind: Kind { Kind(rawValue: Int(phone_numbers_kind(text))) ?? .unknown }

    /// Whether its country has given the range out. For telling, not for refusing.
    package var isValid: Bool { phone_numbers_is_valid(text) != 0 }

    /// Where it belongs; the chief country of a shared code (+1, +7, +44) when its range does not
    /// tell. Nil for numbers of no country, such as +800.
    package var region: PhoneRegion? {
        PhoneRegion(known: Self.written { phone_numbers_region(text, $0) != 0 })
    }

    // MARK: Writing

    /// As it is written at home: `(212) 555-0114`, `0161 496 0140`, `8 (926) 123-45-67`.
    package var national: String { formatted(PhoneNumbersNational) }

    /// As it is written for abroad: `+44 161 496 0140`.
    package var international: String { formatted(PhoneNumbersInternational) }

    /// How people of a region read it: their own numbers as at home, others with the country.
    package func shown(in home: PhoneRegion?) -> String {
        home != nil && region == home ? national : international
    }

    /// RFC 3966, for `href`.
    package var link: String { "tel:" + text }

    private func formatted(_ style: PhoneNumbersStyle) -> String {
        let output = Self.written { phone_numbers_format(text, Int32(style.rawValue), $0) != 0 }
        return output.isEmpty ? text : output
    }

    /// What a C function writes into its buffer; empty when it says that it wrote nothing.
    private static func written(_ write: (UnsafeMutablePointer<CChar>) -> Bool) -> String {
        withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(PhoneNumbersCapacity)
        ) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            start.initialize(repeating: 0, count: buffer.count)
            return write(start) ? String(cString: start) : ""
        }
    }
}
