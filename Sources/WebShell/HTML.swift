import Kernel

/// A piece of a page. Literal text is markup, interpolated values are escaped, nested `HTML` is
/// spliced: injection has no door.
///
///     let page: HTML = "<a href=\"\(url: link)\">\(name)</a>"
package struct HTML: Sendable, ExpressibleByStringInterpolation {
    package private(set) var bytes: [UInt8]

    package init() { bytes = [] }
    package init(stringLiteral value: StaticString) { bytes = Array("\(value)".utf8) }
    package init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

    /// Large pieces one after the other, each copied once.
    package init(joining pieces: [HTML]) {
        bytes = []
        bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.bytes.count })
        for piece in pieces { bytes.append(contentsOf: piece.bytes) }
    }

    package var isEmpty: Bool { bytes.isEmpty }
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum.bytes.append(contentsOf: right.bytes)
        return sum
    }

    package static func += (left: inout HTML, right: HTML) {
        left.bytes.append(contentsOf: right.bytes)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        package typealias StringLiteralType = StaticString
        var bytes: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
        }

        /// Text or an attribute's value.
        package mutating func appendInterpolation(_ text: String?) {
            if let text { escape(text) }
        }

        /// A sentence in the language of whoever is being answered.
        package mutating func appendInterpolation(_ phrase: Phrase) { escape(phrase.text) }

        /// A sentence in which `{1}`, `{2}` … are replaced by markup.
        package mutating func appendInterpolation(_ phrase: Phrase, with parts: HTML...) {
            var rest = phrase.text[...]
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}")
            {
                escape(String(rest[..<open]))
                if let place = Int(rest[rest.index(after: open)..<close]),
                    parts.indices.contains(place - 1)
                {
                    bytes.append(contentsOf: parts[place - 1].bytes)
                } else {
                    escape(String(rest[open...close]))
                }
                rest = rest[rest.index(after: close)...]
            }
            escape(String(rest))
        }

        package mutating func appendInterpolation(_ number: Int) {
            bytes.append(contentsOf: String(number).utf8)
        }

        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            escape(value.description)
        }

        package mutating func appendInterpolation(_ part: HTML?) {
            if let part { bytes.append(contentsOf: part.bytes) }
        }

        package mutating func appendInterpolation(_ parts: [HTML]) {
            for part in parts { bytes.append(contentsOf: part.bytes) }
        }

        /// A whole boolean attribute: `\(attribute: "checked", if: isOn)`.
        package mutating func appendInterpolation(attribute name: StaticString, if isOn: Bool) {
            guard isOn else { return }
            bytes.append(UInt8(ascii: " "))
            appendLiteral(name)
        }

        /// An address for `href`, `src` or `action`: only http(s), mailto, tel and relative ones.
        package mutating func appendInterpolation(url: String) {
            escape(Self.isHarmless(url) ? url : "#")
        }

        private static func isHarmless(_ url: String) -> Bool {
            if url.unicodeScalars.contains(where: { $0.value < 0x20 }) || url.contains("\\") {
                return false
            }
            guard let colon = url.firstIndex(of: ":") else { return !url.hasPrefix("//") }
            let head = url[..<colon]
            if head.contains("/") || head.contains("?") || head.contains("#") {
                return !url.hasPrefix("//")
            }
            return ["http", "https", "mailto", "tel"].contains(head.lowercased())
        }

        private mutating func escape(_ text: String) {
            var text = text
            text.withUTF8 { escape($0) }
        }

        private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
            let isPlain = text.allSatisfy { byte in
                byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                    && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'")
            }
            if isPlain { return bytes.append(contentsOf: text) }
            for byte in text {
                switch byte {
                case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
                case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
                case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
                case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
                case UInt8(ascii: "'"): bytes.append(contentsOf: "&#39;".utf8)
                default: bytes.append(byte)
                }
            }
        }
    }
}

extension Sequence {
    /// One piece of page per element.
    package func html(_ body: (Element) throws -> HTML) rethrows -> HTML {
        var output = HTML()
        for element in self { output += try body(element) }
        return output
    }
}
