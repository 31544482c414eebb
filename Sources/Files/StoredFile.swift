import Kernel

/// Something that was uploaded: a picture in a message, a contract, an export.
package struct StoredFile: Sendable, Equatable {
    package enum State: String, Sendable { case uploading, ready }
    /// What it is for, which decides who may see it.
    package enum Purpose: String, Sendable { case attachment, export }

    package var id: FileID
    package var account: AccountID
    package var contact: ContactID?
    /// nil: the contact's own.
    package var creator: UserID?
    package var purpose: Purpose
    package var name: String
    /// What the sender said it is; never used to serve it.
    package var claimedType: String?
    /// What its first bytes say; nil until it is whole.
    package var type: String?
    package var size: Int64
    package var received: Int64
    package var sha256: String?
    package var state: State
    package var expiresAt: Instant?
    package var createdAt: Instant

    package var mediaType: MediaType { MediaType(type ?? MediaType.unknown.name) }

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "contact_id": .id(contact),
            "name": .string(name), "type": .text(type), "size": .int(size),
            "received": .int(received), "sha256": .text(sha256),
            "state": .string(state.rawValue), "expires_at": .instant(expiresAt),
            "created_at": .instant(createdAt),
            "url": state == .ready ? .string(contentPath) : .null,
        ]
    }

    package var contentPath: String { "/api/v1/files/\(id)/content" }

    /// As part of a message.
    package var attachmentJSON: JSONValue {
        [
            "id": .id(id), "name": .string(name), "type": .text(type), "size": .int(size),
            "url": .string(contentPath),
        ]
    }
}

/// What a new file is, before its content.
package struct FileDraft: Sendable {
    package var account: AccountID
    package var name: String
    package var claimedType: String?
    package var size: Int64
    package var contact: ContactID?
    package var creator: UserID?
    package var purpose = StoredFile.Purpose.attachment

    package init(
        account: AccountID, name: String, claimedType: String? = nil, size: Int64,
        contact: ContactID? = nil, creator: UserID? = nil,
        purpose: StoredFile.Purpose = .attachment
    ) {
        self.account = account
        self.name = FileName.clean(name)
        self.claimedType = claimedType.map { String($0.prefix(120)) }
        self.size = size
        self.contact = contact
        self.creator = creator
        self.purpose = purpose
    }
}

/// The size of a file, for people.
package enum ByteCount {
    /// `812 B`, `4.2 MB`, in the language of whoever is being answered.
    package static func text(_ bytes: Int64) -> String {
        if bytes < 1000 { return t("\(Int(bytes)) B").text }
        let thousands = Double(bytes) / 1000
        if thousands < 1000 { return t("\(rounded(thousands)) kB").text }
        if thousands < 1_000_000 { return t("\(rounded(thousands / 1000)) MB").text }
        return t("\(rounded(thousands / 1_000_000)) GB").text
    }

    private static func rounded(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        if tenths >= 100 { return Tongue.current.number((tenths + 5) / 10) }
        let point = Tongue.current.language == .russian ? "," : "."
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10)\(point)\(tenths % 10)"
    }
}
