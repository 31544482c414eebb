import Kernel
import Store

/// Files that hang on messages.
package enum Attachments {
    package static let most = 10

    /// Who hangs them on.
    package enum Sender: Sendable {
        case actor(Actor)
        /// The contact itself, who may send only what it uploaded itself.
        case contact(ContactID)
    }

    /// Reads `attachments: ["file_…"]` of a message's body.
    package static func ids(_ input: inout Input) -> [FileID] {
        (input.optionalTexts("attachments", max: most) ?? []).reduce(into: []) { ids, text in
            if !ids.contains(FileID(text)) { ids.append(FileID(text)) }
        }
    }

    /// Hangs files on a message, in its transaction. Each must be whole, of this business, seen by
    /// the sender and of no other contact: who may not read a file cannot pass it on.
    package static func attach(
        _ ids: [FileID], to message: MessageID, of contact: ContactID, in account: AccountID,
        by sender: Sender, in tx: Transaction
    ) throws -> [StoredFile] {
        var problems: [Refusal.Field] = []
        var files: [StoredFile] = []
        for (index, id) in ids.enumerated() {
            func reject(_ code: String, _ message: Phrase) {
                problems.append(.init("attachments[\(index)]", code, message))
            }
            guard let file = try FileQueries.file(id, in: tx), file.account == account,
                file.purpose == .attachment, try isSeen(file, by: sender, in: tx)
            else {
                reject("unknown", "is not a file of this business.")
                continue
            }
            if file.state != .ready {
                reject("unfinished", "is not uploaded to its end.")
            } else if file.contact != nil, file.contact != contact {
                reject("other_contact", "belongs to another client.")
            }
            files.append(file)
        }
        if !problems.isEmpty { throw Refusal.invalid(problems) }
        for (index, file) in files.enumerated() {
            try FileQueries.attach(file.id, to: message, of: account, at: index, in: tx)
            try FileQueries.keep(file.id, of: account, for: contact, in: tx)
        }
        return files
    }

    private static func isSeen(
        _ file: StoredFile, by sender: Sender, in tx: Transaction
    ) throws -> Bool {
        switch sender {
        case .contact(let contact): return file.contact == contact && file.creator == nil
        case .actor(let actor):
            do {
                _ = try FileCabinet.file(file.id, for: actor, in: tx)
                return true
            } catch is Refusal {
                return false
            }
        }
    }

    /// The files of messages, in the order of their hanging.
    package static func of(
        _ messages: [MessageID], account: AccountID, in tx: Transaction
    ) throws -> [MessageID: [StoredFile]] {
        let rows = try FileQueries.attachments(of: messages, account: account, in: tx)
        return Dictionary(grouping: rows, by: \.message).mapValues { $0.map(\.file) }
    }

    /// What stands for a message without words.
    package static func preview(of files: [StoredFile]) -> String {
        files.map(\.name).joined(separator: ", ")
    }
}
