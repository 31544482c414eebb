import Accounts
import Files
import Kernel
import Store
import Work

/// Forgets a contact (UK GDPR article 17): everything about the person goes; that an appointment
/// took place and that something was asked stays, without the person.
///
/// One transaction takes the rows, a job the contents on the disk. What remains is a certificate:
/// when, by whom, how many rows of what; no names.
package struct ContactErasures: Sendable {
    package struct Certificate: Sendable {
        package var id: String
        package var account: AccountID
        package var contact: ContactID
        package var requester: UserID
        package var counts: [String: Int]
        package var isDone: Bool
        package var createdAt: Instant
        package var finishedAt: Instant?

        package var json: JSONValue {
            [
                "id": .string(id), "account_id": .id(account), "contact_id": .id(contact),
                "requested_by": .id(requester), "status": isDone ? "done" : "running",
                "counts": .object(counts.mapValues { .number($0) }),
                "created_at": .instant(createdAt), "finished_at": .instant(finishedAt),
            ]
        }
    }

    let store: Store
    let ambient: Ambient
    let cabinet: FileCabinet
    /// What others have to end first for this person, in the same transaction.
    let letGo: LetGo

    package typealias LetGo =
        @Sendable (ContactID, AccountID, Actor, Transaction) throws -> Void

    package init(
        store: Store, ambient: Ambient, cabinet: FileCabinet, letGo: @escaping LetGo
    ) {
        self.store = store
        self.ambient = ambient
        self.cabinet = cabinet
        self.letGo = letGo
    }

    /// `confirm` is the contact's name, or its id where there is no name: nobody erases by a slip.
    package func erase(
        _ contact: ContactID, confirm: String, by actor: Actor
    ) async throws -> Certificate {
        let (ambient, letGo) = (ambient, letGo)
        return try await store.write { tx in
            guard let person = try PrivacyQueries.person(contact, locking: true, in: tx) else {
                throw Refusal.notFound()
            }
            try actor.require(.manageAccount, in: person.account)
            guard foldedForSearch(confirm) == foldedForSearch(person.name ?? contact.text),
                !confirm.isEmpty
            else {
                throw Refusal.invalid(
                    "confirm", "mismatch", "must be the client's name as it is written here.")
            }
            try letGo(contact, person.account, actor, tx)
            let eraser = Eraser(
                account: person.account, contact: contact, ambient: ambient, tx: tx)
            let certificate = Certificate(
                id: ambient.newID("era"), account: person.account, contact: contact,
                requester: actor.user, counts: try eraser.erase(), isDone: false,
                createdAt: ambient.now())
            try PrivacyQueries.insert(certificate, in: tx)
            try JobQueue.enqueue(
                "privacy.erase", account: person.account,
                ["erasure_id": .string(certificate.id), "files": .list(eraser.files.map(\.text))],
                at: ambient.now(), ambient: ambient, in: tx)
            try tx.raise(
                Event(
                    "contact.erased", account: person.account, subject: contact.text,
                    ["erasure_id": .string(certificate.id), "user_id": .id(actor.user)],
                    ambient: ambient))
            return certificate
        }
    }

    package func certificate(_ id: String, for actor: Actor) async throws -> Certificate {
        try await store.read { tx in
            guard let found = try PrivacyQueries.certificate(id, in: tx) else {
                throw Refusal.notFound()
            }
            try actor.require(.manageAccount, in: found.account)
            return found
        }
    }

    /// Newest first; one more than `limit` tells that there are more.
    package func certificates(
        of account: AccountID, after: String?, limit: Int, for actor: Actor
    ) async throws -> [Certificate] {
        try actor.require(.manageAccount, in: account)
        return try await store.read { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            return try PrivacyQueries.certificates(of: account, before: after, limit: limit, in: tx)
        }
    }

    /// The job: looks that the disk has nothing left, cleans the database's own left-overs and
    /// closes the certificate.
    @Sendable func finish(_ job: Job) async throws -> JobOutcome {
        guard let id = job.payload["erasure_id"]?.string else { return .done }
        for file in job.payload["files"]?.array ?? [] {
            if let text = file.string { try cabinet.remove(FileID(text)) }
        }
        try await store.leaveNoTraces()
        let now = ambient.now()
        try await store.write { tx in try PrivacyQueries.close(id, at: now, in: tx) }
        return .done
    }
}
