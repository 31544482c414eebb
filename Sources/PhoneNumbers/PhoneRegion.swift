import CPhoneNumbers
import Foundation

/// A country or territory with telephones, by its ISO 3166 code: `US`, `GB`.
package struct PhoneRegion: Hashable, Sendable, CustomStringConvertible {
    package let code: String

    package var description: String { code }

    /// Nil when no telephones are known there.
    package init?(_ code: String) {
        let code = code.uppercased()
        guard phone_numbers_country_code(code) != 0 else { return nil }
        self.code = code
    }

    /// What libphonenumber itself named; empty for nothing.
    init?(known code: String) {
        guard !code.isEmpty else { return nil }
        self.code = code
    }

    /// Where a business is at home, for reading and showing numbers: where its own telephone is,
    /// else where the clocks of its zone hang. Nil for a business of `UTC` without a telephone:
    /// then only international numbers can be read.
    package init?(ofNumber number: String?, zone: String) {
        if let own = number.flatMap({ PhoneNumber(e164: $0) })?.region {
            self = own
        } else {
            self.init(zone: zone)
        }
    }

    /// The country of an IANA time zone, by the tables that come with the zones (`zone.tab`, and
    /// `tzdata.zi` for older names such as `US/Eastern`).
    package init?(zone: String) {
        guard let code = Self.zones[zone] ?? Self.links[zone].flatMap({ Self.zones[$0] })
        else { return nil }
        self.init(code)
    }

    /// Such as 44.
    package var countryCode: Int { Int(phone_numbers_country_code(code)) }

    private static let folder = "/usr/share/zoneinfo/"

    private static let zones: [String: String] = {
        lines(of: "zone.tab").reduce(into: [:]) { zones, line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count > 2, !line.hasPrefix("#") else { return }
            zones[String(columns[2])] = String(columns[0])
        }
    }()

    /// `L Europe/London GB` makes `GB` another name of `Europe/London`.
    private static let links: [String: String] = {
        lines(of: "tzdata.zi").reduce(into: [:]) { links, line in
            let words = line.split(separator: " ")
            if words.count == 3, words[0] == "L" { links[String(words[2])] = String(words[1]) }
        }
    }()

    private static func lines(of file: String) -> [Substring] {
        let bytes = FileManager.default.contents(atPath: folder + file) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
