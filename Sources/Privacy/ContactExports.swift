import Files
import Foundation
import Kernel
import Store
import Work

/// What is kept about a contact, in one machine-readable file for whoever manages the business: the
/// answer to "what do you know about me?" (UK GDPR article 15).
///
/// The file lists every row; attachments are listed with their addresses and hashes.
package struct ContactExports: Sendable {
    package struct Export: Sendable {
        package var id: String
        package var account: AccountID
        package var contact: ContactID
        package var requester: UserID
        package var file: StoredFile?
        package var isReady: Bool
        package var createdAt: Instant
        package var finishedAt: Instant?

        package var json: JSONValue {
            [
                "id": .string(id), "account_id": .id(account), "contact_id": .id(contact),
                "status": isReady ? (file == nil ? "expired" : "ready") : "waiting",
                "file": file.map(\.attachmentJSON) ?? .null, "sha256": .text(file?.sha256),
                "expires_at": .instant(file?.expiresAt), "created_at": .instant(createdAt),
                "finished_at": .instant(finishedAt),
            ]
        }
    }

    let store: Store
    let ambient: Ambient
    let cabinet: FileCabinet

    package init(store: Store, ambient: Ambient, cabinet: FileCabinet) {
        self.store = store
        self.ambient = ambient
        self.cabinet = cabinet
    }

    /// Has an export made; a job does it.
    package func request(_ contact: ContactID, by actor: Actor) async throws -> Export {
        let ambient = ambient
        return try await store.write { tx in
            let person = try PrivacyQueries.person(contact, in: tx)
            guard let person else { throw Refusal.notFound() }
            try actor.require(.manageAccount, in: person.account)
            let export = Export(
                id: ambient.newID("exp"), account: person.account, contact: contact,
                requester: actor.user, isReady: false, createdAt: ambient.now())
            try PrivacyQueries.insert(export, in: tx)
            try JobQueue.enqueue(
                "privacy.export", account: person.account,
                ["export_id": .string(export.id), "with_notes": .bool(actor.isOffice)],
                at: ambient.now(), ambient: ambient, in: tx)
            try tx.raise(
                Event(
                    "contact.export_requested", account: person.account, subject: contact.text,
                    ["export_id": .string(export.id), "user_id": .id(actor.user)],
                    ambient: ambient))
            return export
        }
    }

    package func export(_ id: String, for actor: Actor) async throws -> Export {
        try await store.read { tx in
            guard let export = try PrivacyQueries.export(id, in: tx) else {
                throw Refusal.notFound()
            }
            try actor.require(.manageAccount, in: export.account)
            guard actor.isOffice || export.requester == actor.user else {
                throw Refusal.notFound()
            }
            return export
        }
    }

    /// For a page that has checked who is looking: the newest first.
    package static func exports(
        of contact: ContactID, account: AccountID, for actor: Actor, in tx: Transaction
    ) throws -> [Export] {
        try PrivacyQueries.exports(of: contact, account: account, in: tx)
            .filter { actor.isOffice || $0.requester == actor.user }
    }

    // MARK: The job

    @Sendable func make(_ job: Job) async throws -> JobOutcome {
        guard let id = job.payload["export_id"]?.string else { return .done }
        let withNotes = job.payload["with_notes"]?.bool ?? false
        let now = ambient.now()
        let found = try await store.read { tx -> (Export, [UInt8])? in
            guard let export = try PrivacyQueries.export(id, in: tx), !export.isReady else {
                return nil
            }
            let document = try Self.document(
                .init(account: export.account, contact: export.contact, withNotes: withNotes),
                at: now, in: tx)
            var bytes: [UInt8] = []
            document.write(to: &bytes)
            return (export, bytes)
        }
        // Erased meanwhile, or done.
        guard let (export, bytes) = found else { return .done }
        let draft = FileDraft(
            account: export.account, name: "contact-\(export.contact).json",
            claimedType: "application/json", size: Int64(bytes.count), contact: export.contact,
            creator: export.requester, purpose: .export)
        let file = try await cabinet.keep(bytes, as: try await cabinet.begin(draft))
        try await store.write { tx in
            try PrivacyQueries.finish(export, file: file.id, at: now, in: tx)
        }
        return .done
    }

    static func document(
        _ subject: PersonalTable.Subject, at now: Instant, in tx: Transaction
    ) throws -> JSONValue {
        var tables: [String: JSONValue] = [:]
        var files: [JSONValue] = []
        for table in PersonalTable.all {
            let rows = try tx.all(table.select(subject), table.json)
            tables["\(table.name)"] = .array(rows)
            guard "\(table.name)" == "files" else { continue }
            files = rows.filter { $0["state"] == "ready" }.map { row in
                let id = row["id"]?.string ?? ""
                return [
                    "id": .string(id), "name": row["name"] ?? .null,
                    "type": row["type"] ?? .null, "size": row["size"] ?? .null,
                    "sha256": row["sha256"] ?? .null,
                    "url": .string("/api/v1/files/\(id)/content"),
                ]
            }
        }
        return [
            "format": "autosecretary.contact/1", "made_at": .instant(now),
            "account_id": .id(subject.account), "contact_id": .id(subject.contact),
            "with_private_notes": .bool(subject.withNotes), "tables": .object(tables),
            "files": .array(files),
        ]
    }
}
