import Foundation
import FoundationXML
import Kernel

/// A name of XML with its namespace.
struct DAVName: Hashable, Sendable {
    var space: String
    var name: String

    static let davSpace = "DAV:"
    static let calendarSpace = "urn:ietf:params:xml:ns:caldav"
    static let serverSpace = "http://calendarserver.org/ns/"

    static func dav(_ name: String) -> DAVName { DAVName(space: davSpace, name: name) }
    static func calendar(_ name: String) -> DAVName { DAVName(space: calendarSpace, name: name) }
    static func server(_ name: String) -> DAVName { DAVName(space: serverSpace, name: name) }
}

/// An element of a request's body.
struct DAVElement: Sendable, Equatable {
    var name: DAVName
    var attributes: [String: String] = [:]
    var children: [DAVElement] = []
    var text = ""

    func first(_ name: DAVName) -> DAVElement? { children.first { $0.name == name } }
    func all(_ name: DAVName) -> [DAVElement] { children.filter { $0.name == name } }

    /// Deeper or larger is nobody's honest request.
    private static let deepest = 40

    /// Reads a body; nil when it is no well-formed XML in UTF-8, or has a document type: no request
    /// of WebDAV needs one, and it is how a few bytes are made to mean gigabytes.
    init?(_ bytes: [UInt8], most: Int = 20_000) {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0),
            !text.contains("<!DOCTYPE"), !text.contains("<!ENTITY"), Self.isUTF8(text)
        else { return nil }
        let reader = Reader(deepest: Self.deepest, most: most)
        let parser = XMLParser(data: Data(bytes))
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        guard parser.parse(), parser.parserError == nil, !reader.isTooMuch, let root = reader.root else { return nil }
        self = root
    }

    init(name: DAVName) { self.name = name }

    /// Another encoding could hide what was looked for above.
    private static func isUTF8(_ text: String) -> Bool {
        guard text.hasPrefix("<?xml"), let end = text.range(of: "?>") else { return true }
        let head = text[..<end.lowerBound].lowercased()
        guard let name = head.range(of: "encoding") else { return true }
        let value = head[name.upperBound...].filter { !" =\"'\t\r\n".contains($0) }
        return value.hasPrefix("utf-8") || value.hasPrefix("us-ascii")
    }

    private final class Reader: NSObject, XMLParserDelegate {
        private let deepest: Int
        private let most: Int
        private var open: [DAVElement] = []
        private var count = 0
        var root: DAVElement?
        var isTooMuch = false

        init(deepest: Int, most: Int) {
            self.deepest = deepest
            self.most = most
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI space: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            count += 1
            // A second root is no document.
            if open.count >= deepest || count > most || (open.isEmpty && root != nil) {
                isTooMuch = true
                parser.abortParsing()
                return
            }
            var element = DAVElement(name: DAVName(space: space ?? "", name: name))
            element.attributes = attributes
            open.append(element)
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            guard !open.isEmpty else { return }
            open[open.count - 1].text += text
        }

        func parser(_ parser: XMLParser, foundCDATA block: Data) {
            guard !open.isEmpty else { return }
            open[open.count - 1].text += String(decoding: block, as: UTF8.self)
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI space: String?,
            qualifiedName: String?
        ) {
            guard let element = open.popLast() else { return }
            if open.isEmpty { root = element } else {
                open[open.count - 1].children.append(element)
            }
        }
    }
}

/// XML of an answer.
struct DAVText: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    var xml: String

    init(stringLiteral value: String) { xml = value }
    init(xml: String) { self.xml = xml }

    static let none = DAVText(xml: "")

    static func + (left: DAVText, right: DAVText) -> DAVText { DAVText(xml: left.xml + right.xml) }

    static func joined(_ parts: [DAVText]) -> DAVText { DAVText(xml: parts.map(\.xml).joined()) }

    /// People's words, or any others, as text of an element.
    static func text(_ text: String) -> DAVText {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // A bare carriage return would be read as a line feed.
            case "\r": result += "&#13;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                let isAllowed =
                    scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                if isAllowed { result.unicodeScalars.append(scalar) }
            }
        }
        return DAVText(xml: result)
    }

    static func element(_ name: DAVName, _ content: DAVText = .none) -> DAVText {
        let prefix: String? =
            switch name.space {
            case DAVName.davSpace: "D"
            case DAVName.calendarSpace: "C"
            case DAVName.serverSpace: "S"
            default: nil
            }
        let (open, close) =
            prefix.map { ("\($0):\(name.name)", "\($0):\(name.name)") }
            ?? ("x:\(name.name) xmlns:x=\"\(text(name.space).xml)\"", "x:\(name.name)")
        if content.xml.isEmpty { return DAVText(xml: "<\(open)/>") }
        return DAVText(xml: "<\(open)>\(content.xml)</\(close)>")
    }

    static func href(_ path: String) -> DAVText { element(.dav("href"), text(path)) }

    /// The whole document; `root` is an element of this file's prefixes.
    static func document(_ root: DAVName, _ content: DAVText) -> String {
        let prefix = root.space == DAVName.calendarSpace ? "C" : "D"
        let spaces =
            "xmlns:D=\"\(DAVName.davSpace)\" xmlns:C=\"\(DAVName.calendarSpace)\" "
            + "xmlns:S=\"\(DAVName.serverSpace)\""
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            + "<\(prefix):\(root.name) \(spaces)>\(content.xml)</\(prefix):\(root.name)>\n"
    }
}
