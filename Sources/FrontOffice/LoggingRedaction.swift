/// Takes out of a log line what must never be in one, whoever wrote the line: e-mail and network
/// addresses, phone numbers, tokens, and what an error quotes.
///
/// The callers do not log such things; this is the second lock on that door.
package enum Redaction {
    /// A word ends at one of these.
    private static let separators = Set(" \t\n\r\"'`,;<>()[]{}=|".utf8)
    /// What ends a sentence is not part of the address before it.
    private static let punctuation = Set(".:!?".utf8)

    package static func scrubbed(_ text: String) -> String {
        guard mayHold(text) else { return text }
        var output: [UInt8] = []
        var word: [UInt8] = []
        for byte in withoutSpacedNumbers(Array(text.utf8)) {
            // The rest of a query belongs to it.
            let isQuery = byte == UInt8(ascii: "=") && word.contains(UInt8(ascii: "?"))
            if separators.contains(byte), !isQuery {
                output += replaced(word) + [byte]
                word.removeAll(keepingCapacity: true)
            } else {
                word.append(byte)
            }
        }
        return String(decoding: output + replaced(word), as: UTF8.self)
    }

    /// For the text of an error: what stands between its first and last double quote may have come
    /// from the data.
    package static func error(_ text: String) -> String {
        // Quotes nest when an error is written inside another one: only the outermost are certain.
        guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\"") else {
            return scrubbed(text)
        }
        let tail = first == last ? "" : text[last...]
        return scrubbed("\(text[...first])…\(tail)")
    }

    /// A quick look that most lines pass: no at sign, no query, no token, no long number.
    private static func mayHold(_ text: String) -> Bool {
        var digits = 0
        var last: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 64, 63, 43: return true  // @ ? +
            case 58 where last == 58 || digits > 0: return true  // part of an address or a time
            case 48...57: digits += 1
            case 46, 45, 32, 40, 41: break  // 555-01 23, 10.0.0.7
            case 95 where last == 116: return true  // ast_
            default: digits = 0
            }
            if digits >= 7 || (byte == 46 && digits > 0) { return true }
            last = byte
        }
        return false
    }

    /// `+1 202 555 0123` is several words and one number.
    private static func withoutSpacedNumbers(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex { !isOfNumber($0) } ?? bytes.count
            let run = bytes[index..<end]
            let isAlone =
                (run.first == 32 || (output.last.map { !isLetter($0) } ?? true))
                && (run.last == 32 || end == bytes.count || !isLetter(bytes[end]))
            if isAlone, run.count(where: { (48...57).contains($0) }) >= 9, run.contains(32) {
                output += (run.first == 32 ? " [number]" : "[number]").utf8
                output += (run.last == 32 ? " " : "").utf8
            } else {
                output += run
            }
            if end < bytes.count { output.append(bytes[end]) }
            index = end + 1
        }
        return output
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || " +-()".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
    }

    private static func replaced(_ word: [UInt8]) -> [UInt8] {
        if word.count < 5 { return word }
        let tail = Array(word.reversed().prefix { punctuation.contains($0) })
        let core = Array(word.dropLast(tail.count))
        guard let name = kind(of: core) else { return withoutQuery(core) + tail.reversed() }
        return Array("[\(name)]".utf8) + tail.reversed()
    }

    private static func kind(of word: [UInt8]) -> String? {
        if let at = word.firstIndex(of: 64), at > 0, at < word.count - 1 { return "e-mail" }
        let text = String(decoding: word, as: UTF8.self)
        if text.contains("ast_"), word.count > 20 { return "token" }
        if isAddress(text) { return "address" }
        let digits = word.count { (48...57).contains($0) }
        let isNumber = word.allSatisfy { (48...57).contains($0) || "+-./".utf8.contains($0) }
        return digits >= 7 && isNumber && !isDate(text) ? "number" : nil
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [4, 2, 2]
    }

    /// IPv4 and IPv6, with or without a port; this machine's own are no secret.
    private static func isAddress(_ text: String) -> Bool {
        let host = text.split(separator: "/").first.map(String.init) ?? text
        let four = host.split(separator: ":").first ?? ""
        let parts = four.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) {
            return !four.hasPrefix("127.") && four != "0.0.0.0"
        }
        let colons = host.utf8.count { $0 == 58 }
        return colons >= 2 && host.contains { $0.isHexDigit } && host != "::1"
            && host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." || $0 == "%" }
            && (colons > 2 || host.contains("::"))
    }

    private static func withoutQuery(_ word: [UInt8]) -> [UInt8] {
        guard let mark = word.firstIndex(of: 63), word.first == 47 || word.starts(with: "http".utf8)
        else { return word }
        return word[..<mark] + Array("?…".utf8)
    }
}
