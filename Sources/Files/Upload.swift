import Crypto
import Kernel
import NIOCore
import Store

/// One delivery of bytes to an unfinished file.
///
/// The bytes go to the disk as they come. When the line breaks, what has arrived stays and the next
/// delivery goes on from there.
struct Upload: Sendable {
    /// Why a piece was thrown away: its bytes are not those that the sender hashed.
    struct ChecksumMismatch: Error {}

    let cabinet: FileCabinet
    let file: StoredFile
    /// The piece's hash as its sender computed it.
    var checksum: UploadChecksum?
    /// The content is what comes, however long it is, up to the announced size.
    private static let saveEvery: Int64 = 16 << 20
    /// A line that brings less than this per second is cut after a minute; the rest comes later.
    private static let slowest = 512.0

    init(cabinet: FileCabinet, file: StoredFile, checksum: UploadChecksum? = nil) {
        self.cabinet = cabinet
        self.file = file
        self.checksum = checksum
    }

    /// Adds what comes at an offset; the file is ready when all of it is there. With `isWhole` the
    /// end of what comes is the end of the file.
    func add<Parts: AsyncSequence>(
        _ parts: Parts, at offset: Int64, isWhole: Bool = false
    ) async throws -> StoredFile where Parts.Element == ByteBuffer {
        guard file.state == .uploading, offset == cabinet.offset(of: file) else {
            throw Self.wrongOffset(cabinet.offset(of: file))
        }
        guard let writer = try await cabinet.folder.writer(of: file.id, at: offset) else {
            throw Refusal.conflict(
                "Somebody is sending this file at this moment.", code: "upload_locked")
        }
        var progress = Progress(received: offset, checksum: checksum)
        do {
            try await take(parts, writer, &progress)
        } catch {
            // The line is broken; what it brought is good all the same.
            try? await put(writer, &progress)
            try await save(checksum == nil ? progress.received : offset)
            throw error
        }
        if let checksum, let found = progress.hash?.finalized(), found != checksum.digest {
            try writer.cut(to: offset)
            throw ChecksumMismatch()
        }
        var file = file
        file.received = progress.received
        guard progress.received == file.size || isWhole else {
            try await writer.flush()
            try await save(progress.received)
            return file
        }
        let (sha256, head) = try await cabinet.folder.finish(
            file.id, writer, hash: offset == 0 ? progress.whole.finalize() : nil)
        return try await cabinet.finish(file, sha256: sha256, head: head)
    }

    private struct Progress {
        var received: Int64
        /// Not written yet.
        var gathered = ByteBuffer()
        var whole = SHA256()
        var hash: UploadChecksum.Hash?
        let started = ContinuousClock.now

        init(received: Int64, checksum: UploadChecksum?) {
            self.received = received
            hash = checksum?.algorithm.begin()
        }

        /// Bytes per second so far, once a minute has passed.
        func isTooSlow(since offset: Int64) -> Bool {
            let seconds = Double(started.duration(to: .now).components.seconds)
            return seconds >= 60 && Double(received - offset) / seconds < Upload.slowest
        }
    }

    private func take<Parts: AsyncSequence>(
        _ parts: Parts, _ writer: PartWriter, _ progress: inout Progress
    ) async throws where Parts.Element == ByteBuffer {
        let offset = progress.received
        var (announced, saved) = (offset, offset)
        for try await var part in parts {
            announced += Int64(part.readableBytes)
            guard announced <= file.size else {
                throw Refusal(
                    .tooLarge, code: "too_large", "More bytes came than were announced.")
            }
            progress.gathered.writeBuffer(&part)
            guard progress.gathered.readableBytes >= PartWriter.gathered else {
                if progress.isTooSlow(since: offset) {
                    throw Refusal(
                        .limited, code: "too_slow",
                        "This came too slowly. Go on from where it stopped.",
                        retryAfterSeconds: 1)
                }
                continue
            }
            try await put(writer, &progress)
            if progress.received - saved >= Self.saveEvery {
                try await writer.flush()
                try await save(progress.received)
                saved = progress.received
            }
        }
        try await put(writer, &progress)
    }

    private func put(_ writer: PartWriter, _ progress: inout Progress) async throws {
        let gathered = progress.gathered
        if gathered.readableBytes == 0 { return }
        try await writer.write(gathered)
        gathered.withUnsafeReadableBytes { bytes in
            progress.whole.update(bufferPointer: bytes)
            progress.hash?.update(bytes)
        }
        progress.received += Int64(gathered.readableBytes)
        progress.gathered = ByteBuffer()
    }

    private func save(_ received: Int64) async throws {
        let (file, expires) = (
            file, cabinet.ambient.now().advanced(bySeconds: FileCabinet.keptSeconds)
        )
        try await cabinet.store.write { tx in
            try FileQueries.setReceived(received, of: file, expires: expires, in: tx)
        }
    }

    static func wrongOffset(_ right: Int64) -> Refusal {
        Refusal(
            .conflict, code: "wrong_offset", "The upload goes on at byte \(Int(right)).",
            extra: ["offset": .int(right)])
    }
}

/// `Upload-Checksum` of the tus protocol: the hash of one piece.
struct UploadChecksum: Sendable {
    enum Algorithm: String, CaseIterable {
        case sha1, sha256, md5

        func begin() -> Hash {
            switch self {
            case .sha1: .sha1(Insecure.SHA1())
            case .sha256: .sha256(SHA256())
            case .md5: .md5(Insecure.MD5())
            }
        }
    }

    enum Hash {
        case sha1(Insecure.SHA1), sha256(SHA256), md5(Insecure.MD5)

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            switch self {
            case .sha1(var hash):
                hash.update(bufferPointer: bytes)
                self = .sha1(hash)
            case .sha256(var hash):
                hash.update(bufferPointer: bytes)
                self = .sha256(hash)
            case .md5(var hash):
                hash.update(bufferPointer: bytes)
                self = .md5(hash)
            }
        }

        func finalized() -> [UInt8] {
            switch self {
            case .sha1(let hash): Array(hash.finalize())
            case .sha256(let hash): Array(hash.finalize())
            case .md5(let hash): Array(hash.finalize())
            }
        }
    }

    var algorithm: Algorithm
    var digest: [UInt8]
}
