import Crypto
import Foundation

/// Why a backup was not made, or not put back; for the person at the command line.
package struct BackupFailure: Error, CustomStringConvertible, Equatable {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Writes a tar archive (POSIX ustar) that only its owner may read. `tar tvf` reads it too.
final class ArchiveWriter {
    private let path: String
    private let handle: FileHandle

    /// Refuses to write over a file that is there.
    init(_ path: String) throws {
        self.path = path
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else {
            throw BackupFailure("\(path) cannot be made: \(String(cString: strerror(errno))).")
        }
        handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    }

    func add(_ name: String, _ bytes: Data) throws -> String {
        try header(name, bytes.count)
        try handle.write(contentsOf: bytes)
        try pad(bytes.count)
        return SHA256.hash(data: bytes).hex
    }

    /// Adds a file as long as it was when this began; answers its length and hash.
    func add(_ name: String, file: String) throws -> (bytes: Int, sha256: String) {
        let source = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        let size = Int(try source.seekToEnd())
        try source.seek(toOffset: 0)
        try header(name, size)
        var hash = SHA256()
        var left = size
        while left > 0 {
            guard let part = try source.read(upToCount: min(left, 1 << 20)), !part.isEmpty else {
                throw BackupFailure("\(file) became shorter while it was read.")
            }
            hash.update(data: part)
            try handle.write(contentsOf: part)
            left -= part.count
        }
        try pad(size)
        return (size, hash.finalize().hex)
    }

    /// The end marks; what was written is on the disk when this returns.
    func finish() throws {
        try handle.write(contentsOf: Data(count: 1024))
        try handle.synchronize()
        try handle.close()
    }

    private func pad(_ size: Int) throws {
        let rest = size % 512
        if rest > 0 { try handle.write(contentsOf: Data(count: 512 - rest)) }
    }

    private func header(_ name: String, _ size: Int) throws {
        guard let block = ArchiveHeader(name: name, size: size).block else {
            throw BackupFailure("The name \(name) is too long for the archive.")
        }
        try handle.write(contentsOf: block)
    }
}

/// One entry's head: 512 bytes.
struct ArchiveHeader: Equatable {
    var name: String
    var size: Int

    init(name: String, size: Int) {
        self.name = name
        self.size = size
    }

    /// nil: the end of the archive. Throws when the checksum is wrong.
    init?(block: Data) throws {
        let bytes = Array(block)
        if bytes.allSatisfy({ $0 == 0 }) { return nil }
        func text(_ from: Int, _ length: Int) -> String {
            String(decoding: bytes[from..<from + length].prefix { $0 != 0 }, as: UTF8.self)
        }
        let sum = bytes.enumerated().reduce(0) { sum, item in
            sum + ((148..<156).contains(item.offset) ? 32 : Int(item.element))
        }
        guard bytes.count == 512, Self.octal(text(148, 8)) == sum,
            let size = bytes[124] == 0x80
                ? bytes[125..<136].reduce(0, { $0 << 8 | Int($1) }) : Self.octal(text(124, 12))
        else { throw BackupFailure("The archive is damaged: an entry's head is not right.") }
        let prefix = text(345, 155)
        name = prefix.isEmpty ? text(0, 100) : prefix + "/" + text(0, 100)
        self.size = size
    }

    var block: Data? {
        var bytes = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) {
            for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
        }
        guard let (prefix, name) = split else { return nil }
        put(name, 0)
        put("0000600\0", 100)
        put("0000000\0", 108)
        put("0000000\0", 116)
        if size < 1 << 33 {
            put(Self.padded(size, 11), 124)
        } else {
            // GNU tar's way for 8 GiB and more: base 256.
            bytes[124] = 0x80
            for index in 0..<8 {
                bytes[135 - index] = UInt8(truncatingIfNeeded: size >> (8 * index))
            }
        }
        put("00000000000", 136)
        put("        ", 148)
        put("0", 156)
        put("ustar\u{0}00", 257)
        put(prefix, 345)
        let sum = bytes.reduce(0) { $0 + Int($1) }
        put(Self.padded(sum, 6) + "\0 ", 148)
        return Data(bytes)
    }

    /// A long name is cut at a slash.
    private var split: (String, String)? {
        if name.utf8.count <= 100 { return ("", name) }
        for index in name.indices where name[index] == "/" {
            let (prefix, rest) = (name[..<index], name[name.index(after: index)...])
            if prefix.utf8.count <= 155, rest.utf8.count <= 100 {
                return (String(prefix), String(rest))
            }
        }
        return nil
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func octal(_ text: String) -> Int? {
        Int(text.trimmingCharacters(in: CharacterSet(charactersIn: " \0")), radix: 8)
    }
}

enum ArchiveReader {
    /// Goes through the entries in order; `body` gets the pieces of one entry from `next`.
    static func read(
        _ path: String, _ body: (ArchiveHeader, _ next: () throws -> Data?) throws -> Void
    ) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw BackupFailure("\(path) cannot be read.")
        }
        while true {
            guard let block = try handle.read(upToCount: 512), block.count == 512 else {
                throw BackupFailure("The archive is cut off.")
            }
            guard let header = try ArchiveHeader(block: block) else { return }
            var left = header.size
            func next() throws -> Data? {
                if left == 0 { return nil }
                guard let part = try handle.read(upToCount: min(left, 1 << 20)), !part.isEmpty
                else { throw BackupFailure("The archive is cut off.") }
                left -= part.count
                return part
            }
            try body(header, next)
            while try next() != nil {}
            let rest = header.size % 512
            if rest > 0 { _ = try handle.read(upToCount: 512 - rest) }
        }
    }
}

extension Digest {
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
