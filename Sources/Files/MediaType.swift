/// What a file is by its first bytes. What its sender or its name says is not asked.
package struct MediaType: Sendable, Equatable {
    package let name: String

    package init(_ name: String) { self.name = name }

    package static let unknown = MediaType("application/octet-stream")
    package static let text = MediaType("text/plain")

    /// Bytes that `sniff` looks at.
    package static let sniffed = 4096

    /// Pictures that are pixels only; SVG is a program.
    package var isImage: Bool { Self.images.contains(name) }

    /// Browsers show these without running anything of them.
    package var mayBeShown: Bool {
        isImage || name.hasPrefix("audio/") || name.hasPrefix("video/")
            || name == "application/pdf"
    }

    /// What strangers may send us: what people send each other, and no programs.
    package var isUsual: Bool {
        mayBeShown || self == .text || Self.documents.contains(name)
    }

    private static let images: Set = [
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp",
    ]
    private static let documents: Set = [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation", "application/zip", "image/heic",
    ]

    /// Beginnings that name a format: where they stand, the bytes, the type.
    private static let marks: [(offset: Int, bytes: [UInt8], type: String)] = [
        (0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        (0, [0xFF, 0xD8, 0xFF], "image/jpeg"),
        (0, Array("GIF87a".utf8), "image/gif"), (0, Array("GIF89a".utf8), "image/gif"),
        (0, Array("%PDF-".utf8), "application/pdf"),
        (0, Array("OggS".utf8), "audio/ogg"), (0, Array("fLaC".utf8), "audio/flac"),
        (0, Array("ID3".utf8), "audio/mpeg"),
        (0, [0xFF, 0xFB], "audio/mpeg"), (0, [0xFF, 0xF3], "audio/mpeg"),
        (0, [0xFF, 0xF1], "audio/aac"), (0, [0xFF, 0xF9], "audio/aac"),
        (0, Array("#!AMR".utf8), "audio/amr"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
    ]

    package static func sniff(_ head: [UInt8]) -> MediaType {
        if head.isEmpty { return .text }
        for mark in marks where has(mark.bytes, in: head, at: mark.offset) {
            return MediaType(mark.type)
        }
        if has(Array("RIFF".utf8), in: head, at: 0), let type = riff(head) { return type }
        if has(Array("ftyp".utf8), in: head, at: 4) { return isoMedia(head) }
        if has([0x50, 0x4B, 0x03, 0x04], in: head, at: 0) { return zip(head) }
        // Two letters alone say little: the header's reserved bytes are zero.
        if has(Array("BM".utf8), in: head, at: 0), has([0, 0, 0, 0], in: head, at: 6) {
            return MediaType("image/bmp")
        }
        return isText(head) ? .text : .unknown
    }

    private static func has(_ bytes: [UInt8], in head: [UInt8], at offset: Int) -> Bool {
        head.count >= offset + bytes.count
            && head[offset..<offset + bytes.count].elementsEqual(bytes)
    }

    private static func riff(_ head: [UInt8]) -> MediaType? {
        if has(Array("WEBP".utf8), in: head, at: 8) { return MediaType("image/webp") }
        if has(Array("WAVE".utf8), in: head, at: 8) { return MediaType("audio/wav") }
        if has(Array("AVI ".utf8), in: head, at: 8) { return MediaType("video/x-msvideo") }
        return nil
    }

    /// ISO/IEC 14496-12: the brand says which of its kinds.
    private static func isoMedia(_ head: [UInt8]) -> MediaType {
        guard head.count >= 12 else { return .unknown }
        switch String(decoding: head[8..<12], as: UTF8.self) {
        case "avif", "avis": return MediaType("image/avif")
        case "heic", "heix", "mif1", "heif": return MediaType("image/heic")
        case "M4A ", "M4B ": return MediaType("audio/mp4")
        case "qt  ": return MediaType("video/quicktime")
        default: return MediaType("video/mp4")
        }
    }

    /// The name of the first entry tells office documents from other archives.
    private static func zip(_ head: [UInt8]) -> MediaType {
        let text = String(decoding: head, as: UTF8.self)
        let office = "application/vnd.openxmlformats-officedocument."
        if text.contains("mimetypeapplication/vnd.oasis.opendocument.") {
            for kind in ["text", "spreadsheet", "presentation"]
            where text.contains("opendocument." + kind) {
                return MediaType("application/vnd.oasis.opendocument." + kind)
            }
        }
        if text.contains("[Content_Types].xml") || text.contains("_rels/") {
            if text.contains("word/") { return MediaType(office + "wordprocessingml.document") }
            if text.contains("xl/") { return MediaType(office + "spreadsheetml.sheet") }
            if text.contains("ppt/") { return MediaType(office + "presentationml.presentation") }
        }
        return MediaType("application/zip")
    }

    /// UTF-8 without control characters; the last character may be cut.
    private static func isText(_ head: [UInt8]) -> Bool {
        guard
            head.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0C, 0x0D].contains($0) })
        else { return false }
        for cut in 0...min(3, head.count - 1)
        where String(validating: head.dropLast(cut), as: UTF8.self) != nil {
            return cut == 0 || head.count == sniffed
        }
        return false
    }
}
