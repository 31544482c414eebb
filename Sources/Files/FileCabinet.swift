import Crypto
import Kernel
import NIOCore
import Store
import WebShell
import Work

/// The files of the businesses: taken in piece by piece, shown to those who may see them, thrown
/// away in time.
package struct FileCabinet: Sendable {
    package let store: Store
    let ambient: Ambient
    package let folder: FileFolder

    /// What arrived of an unfinished upload, or hangs on no message, is kept for a day.
    static let keptSeconds = 86_400
    private static let exportDays = 7
    private static let mostUnfinished = 200

    package init(store: Store, ambient: Ambient, folder: FileFolder) {
        self.store = store
        self.ambient = ambient
        self.folder = folder
    }

    // MARK: In

    /// Makes room for a file whose content comes next.
    package func begin(_ draft: FileDraft, by actor: Actor) async throws -> StoredFile {
        try actor.require(.converse, in: draft.account)
        var draft = draft
        draft.creator = actor.user
        return try await begin(draft)
    }

    /// The same for a caller who has checked who is sending.
    package func begin(_ draft: FileDraft) async throws -> StoredFile {
        let ambient = ambient
        return try await store.write { tx in
            guard try FileQueries.lockAccount(draft.account, in: tx) else {
                throw Refusal.notFound()
            }
            let limits = try FileLimits.stored(in: tx)
            guard draft.size <= limits.fileBytes else { throw Self.tooLarge(limits.fileBytes) }
            let usage = try FileQueries.usage(of: draft.account, in: tx)
            if draft.purpose == .attachment {
                guard usage.bytes + draft.size <= limits.accountBytes else {
                    throw Refusal(
                        .tooLarge, code: "quota",
                        "This business has no room left for files.")
                }
                guard usage.unfinished < Self.mostUnfinished else {
                    throw Refusal(
                        .limited, code: "rate_limited",
                        "Too many uploads are unfinished. Finish or cancel some first.",
                        retryAfterSeconds: 60)
                }
            }
            if let contact = draft.contact,
                try !FileQueries.isContact(contact, of: draft.account, in: tx)
            {
                throw Refusal.invalid("contact_id", "unknown", "is not a contact of this business.")
            }
            let now = ambient.now()
            let file = StoredFile(
                id: FileID(from: ambient), account: draft.account, contact: draft.contact,
                creator: draft.creator, purpose: draft.purpose, name: draft.name,
                claimedType: draft.claimedType, size: draft.size, received: 0, state: .uploading,
                expiresAt: now.advanced(bySeconds: Self.keptSeconds), createdAt: now)
            try FileQueries.insert(file, in: tx)
            return file
        }
    }

    static func tooLarge(_ limit: Int64) -> Refusal {
        Refusal(
            .tooLarge, code: "too_large", "A file may have at most \(ByteCount.text(limit)).",
            extra: ["max_bytes": .int(limit)])
    }

    /// How much of an unfinished file is really there.
    package func offset(of file: StoredFile) -> Int64 {
        file.state == .ready ? file.size : min(file.received, folder.partSize(of: file.id))
    }

    /// Keeps a small content that is at hand.
    package func keep(_ bytes: [UInt8], as file: StoredFile) async throws -> StoredFile {
        let parts = AsyncStream<ByteBuffer> { parts in
            parts.yield(ByteBuffer(bytes: bytes))
            parts.finish()
        }
        return try await Upload(cabinet: self, file: file).add(parts, at: 0, isWhole: true)
    }

    /// Notes that all is there: from now on it can be attached and fetched.
    func finish(
        _ file: StoredFile, sha256: String, head: [UInt8]
    ) async throws -> StoredFile {
        var file = file
        file.state = .ready
        file.sha256 = sha256
        file.size = file.received
        file.type = MediaType.sniff(head).name
        let days = file.purpose == .export ? Self.exportDays : 1
        file.expiresAt = ambient.now().advanced(byDays: days)
        let ready = file
        let isOurs = try await store.write { tx in try FileQueries.setReady(ready, in: tx) }
        guard isOurs else {
            // It was taken away while it arrived.
            try folder.remove(file.id)
            throw Refusal.notFound()
        }
        return ready
    }

    // MARK: Out

    /// The file, for somebody who may see it; a stranger hears that there is nothing.
    package func file(_ id: FileID, for actor: Actor) async throws -> StoredFile {
        try await store.read { tx in try Self.file(id, for: actor, in: tx) }
    }

    package static func file(
        _ id: FileID, for actor: Actor, in tx: Transaction
    ) throws -> StoredFile {
        guard let file = try FileQueries.file(id, in: tx) else { throw Refusal.notFound() }
        try actor.require(.viewAccount, in: file.account)
        if file.purpose == .export {
            try actor.require(.manageAccount, in: file.account)
            // The office's own exports hold private notes.
            if !actor.isOffice, file.creator != actor.user { throw Refusal.notFound() }
        }
        // What hangs on private notes is the office's own, like the notes.
        guard
            try actor.isOffice || file.creator == actor.user || file.purpose == .export
                || FileQueries.isAttached(id, of: file.account, withNotes: false, in: tx)
        else { throw Refusal.notFound() }
        return file
    }

    /// For a caller who has checked who is asking.
    package static func file(_ id: FileID, in tx: Transaction) throws -> StoredFile? {
        try FileQueries.file(id, in: tx)
    }

    // MARK: Away

    /// Takes a file away. What a message carries only those who manage the business take away.
    package func delete(_ id: FileID, by actor: Actor) async throws {
        let ambient = ambient
        try await store.write { tx in
            let file = try Self.file(id, for: actor, in: tx)
            try actor.require(.converse, in: file.account)
            let isAttached = try FileQueries.isAttached(
                id, of: file.account, withNotes: true, in: tx)
            if isAttached || file.creator != actor.user {
                try actor.require(.manageAccount, in: file.account)
            }
            try Self.delete([file.id], of: file.account, ambient: ambient, in: tx)
        }
    }

    /// Takes files away inside a transaction that does more; a job removes what is on the disk.
    package static func delete(
        _ files: [FileID], of account: AccountID, ambient: Ambient, in tx: Transaction
    ) throws {
        for file in files { try FileQueries.delete(file, of: account, in: tx) }
        for start in stride(from: 0, to: files.count, by: 200) {
            let some = files[start..<min(start + 200, files.count)].map(\.text)
            try JobQueue.enqueue(
                "files.remove", account: account, ["files": .list(some)], at: ambient.now(),
                ambient: ambient, in: tx)
        }
    }

    package var jobHandlers: [String: Worker.Handler] {
        ["files.remove": remove, "files.sweep": sweep]
    }

    package var schedules: [Schedule] {
        Cron("29 * * * *").map {
            [Schedule("files.sweep", $0, kind: "files.sweep", isHousekeeping: true)]
        } ?? []
    }

    /// Takes a content off the disk whose row is gone.
    package func remove(_ id: FileID) throws { try folder.remove(id) }

    @Sendable private func remove(_ job: Job) async throws -> JobOutcome {
        for id in job.payload["files"]?.array ?? [] {
            guard let text = id.string else { continue }
            try folder.remove(FileID(text))
        }
        return .done
    }

    /// Takes away uploads that nobody finished, files that no message carries, old exports.
    @Sendable private func sweep(_ job: Job) async throws -> JobOutcome {
        let (ambient, now) = (ambient, ambient.now())
        for _ in 0..<50 {
            let count = try await store.write { tx in
                let files = try FileQueries.expired(now: now, limit: 200, in: tx)
                for (account, some) in Dictionary(grouping: files, by: \.account) {
                    try Self.delete(some.map(\.id), of: account, ambient: ambient, in: tx)
                }
                return files.count
            }
            if count < 200 { break }
        }
        return .done
    }

    // MARK: Settings

    /// Refuses accounts that are not there, or not the actor's.
    func requireAccount(_ account: AccountID, for actor: Actor) async throws {
        try actor.require(.viewAccount, in: account)
        let isThere = try await store.read { tx in
            try tx.exists("SELECT 1 FROM accounts WHERE id = \(account)")
        }
        if !isThere { throw Refusal.notFound() }
    }

    package func limits() async throws -> FileLimits {
        try await store.read { tx in try FileLimits.stored(in: tx) }
    }

    package func setLimits(_ body: JSONValue, by actor: Actor) async throws -> FileLimits {
        try actor.require(.manageOffice)
        let input = try Input(body)
        let ambient = ambient
        return try await store.write { tx in
            var (input, limits) = (input, try FileLimits.stored(in: tx))
            limits.change(&input)
            try input.finish()
            try limits.save(now: ambient.now(), in: tx)
            try tx.raise(
                Event("settings.updated", account: nil, subject: "files", ambient: ambient))
            return limits
        }
    }
}
