import Crypto
import Foundation
import Kernel
import NIOCore
import NIOPosix

/// Where contents lie: `ab/cd/file_…` below one folder, readable by this program's user alone.
///
/// A content that is still arriving has `.part` behind its name; the whole one takes its place in
/// one step. All servers of one database must see the same folder.
package struct FileFolder: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Beside a SQLite database; else in the folder where the server was started.
    package static func standard(for database: String) -> String {
        guard database.hasPrefix("sqlite:") else { return "files" }
        let file = String(database.dropFirst("sqlite:".count))
        let folder = (file as NSString).deletingLastPathComponent
        return folder.isEmpty ? "files" : folder + "/files"
    }

    /// The name is a hash's beginning, so that no folder holds many; never the uploader's words.
    package func content(of id: FileID) -> String {
        let hash = SHA256.hash(data: Data(id.text.utf8)).hexadecimal
        return "\(path)/\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash)"
    }

    func part(of id: FileID) -> String { content(of: id) + ".part" }

    /// Bytes of an unfinished content that are there.
    func partSize(of id: FileID) -> Int64 {
        var facts = stat()
        return stat(part(of: id), &facts) == 0 ? Int64(facts.st_size) : 0
    }

    package func exists(_ id: FileID) -> Bool { access(content(of: id), F_OK) == 0 }

    func remove(_ id: FileID) throws {
        for path in [content(of: id), part(of: id)] where unlink(path) != 0 && errno != ENOENT {
            throw DiskFailure("unlink", path)
        }
    }

    /// Opens a content to add to it at an offset; nil when somebody else is adding.
    func writer(of id: FileID, at offset: Int64) async throws -> PartWriter? {
        let (path, folder) = (part(of: id), (part(of: id) as NSString).deletingLastPathComponent)
        let file = try await NIOThreadPool.singleton.runIfActive { () -> Int32? in
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw DiskFailure("open", path) }
            // Goes with the process, so a crash leaves nothing locked.
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                return nil
            }
            // What was written after the last saved offset is sent again.
            guard ftruncate(file, off_t(offset)) == 0, lseek(file, 0, SEEK_END) == off_t(offset)
            else {
                close(file)
                throw DiskFailure("truncate", path)
            }
            return file
        }
        return file.map { PartWriter(file: $0, path: path, at: offset) }
    }

    /// Puts a content that is whole in its place; answers its hash and beginning.
    func finish(
        _ id: FileID, _ writer: PartWriter, hash: SHA256Digest?
    ) async throws -> (sha256: String, head: [UInt8]) {
        let (part, whole, file) = (part(of: id), content(of: id), writer.file)
        return try await NIOThreadPool.singleton.runIfActive {
            guard fsync(file) == 0 else { throw DiskFailure("fsync", part) }
            let head = try Self.bytes(file, at: 0, upTo: MediaType.sniffed)
            let digest = try hash?.hexadecimal ?? Self.hash(file)
            guard rename(part, whole) == 0 else { throw DiskFailure("rename", part) }
            let folder = open((whole as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
            if folder >= 0 {
                fsync(folder)
                close(folder)
            }
            return (digest, head)
        }
    }

    private static func hash(_ file: Int32) throws -> String {
        var hash = SHA256()
        var offset: Int64 = 0
        while true {
            let bytes = try bytes(file, at: offset, upTo: 1 << 20)
            if bytes.isEmpty { return hash.finalize().hexadecimal }
            hash.update(data: bytes)
            offset += Int64(bytes.count)
        }
    }

    private static func bytes(_ file: Int32, at offset: Int64, upTo count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            read = 0
            while read < count {
                let got = pread(
                    file, buffer.baseAddress.map { $0 + read }, count - read,
                    off_t(offset) + off_t(read))
                if got < 0 { throw DiskFailure("read", "") }
                if got == 0 { break }
                read += got
            }
        }
    }
}

/// What the disk refused.
struct DiskFailure: Error, CustomStringConvertible {
    let description: String

    init(_ act: String, _ path: String) {
        description = "\(act) \(path): \(String(cString: strerror(errno)))"
    }
}

/// One content that is being added to. Bytes are gathered and written off Swift's threads.
final class PartWriter: Sendable {
    let file: Int32
    private let path: String
    private let start: Int64

    /// Bytes gathered before they are written.
    static let gathered = 1 << 20

    init(file: Int32, path: String, at offset: Int64) {
        self.file = file
        self.path = path
        start = offset
    }

    deinit { close(file) }

    func write(_ buffer: ByteBuffer) async throws {
        let (file, path) = (file, path)
        try await NIOThreadPool.singleton.runIfActive {
            try buffer.withUnsafeReadableBytes { bytes in
                var done = 0
                while done < bytes.count {
                    let count = Foundation.write(
                        file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { throw DiskFailure("write", path) }
                    done += count
                }
            }
        }
    }

    func flush() async throws {
        let (file, path) = (file, path)
        try await NIOThreadPool.singleton.runIfActive {
            guard fsync(file) == 0 else { throw DiskFailure("fsync", path) }
        }
    }

    func cut(to offset: Int64) throws {
        guard ftruncate(file, off_t(offset)) == 0 else { throw DiskFailure("truncate", path) }
    }
}

extension Sequence<UInt8> {
    /// As hexadecimal digits.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
