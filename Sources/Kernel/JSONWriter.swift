/// Writes one JSON object straight into bytes, for answers of many rows: no values are built in
/// between.
///
/// Whoever writes names the members in the order of their names, as `JSONValue` sorts them, so that
/// both ways give the same bytes.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var isFirst = true

    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    /// A member that is a list of objects.
    package mutating func list<S: Sequence>(
        _ name: StaticString, _ elements: S, _ members: (S.Element, inout JSONWriter) -> Void
    ) {
        self.name(name)
        bytes.append(UInt8(ascii: "["))
        var needsComma = false
        for element in elements {
            if needsComma { bytes.append(UInt8(ascii: ",")) }
            needsComma = true
            object { members(element, &$0) }
        }
        bytes.append(UInt8(ascii: "]"))
        isFirst = false
    }

    package mutating func member(_ name: StaticString, _ text: String?) {
        self.name(name)
        if let text { JSONValue.write(string: text, to: &bytes) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ number: Int) {
        self.name(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    package mutating func member(_ name: StaticString, _ instant: Instant?) {
        self.name(name)
        guard let instant else { return null() }
        // Digits and marks, nothing to escape.
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: instant.description.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func member<Kind>(_ name: StaticString, _ id: Identifier<Kind>?) {
        member(name, id?.text)
    }

    private mutating func null() { bytes.append(contentsOf: "null".utf8) }

    private mutating func name(_ name: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}
