import Files
import Kernel
import Store

/// Takes one contact out of the database, inside one transaction.
final class Eraser {
    private let account: AccountID
    private let contact: ContactID
    private let ambient: Ambient
    private let tx: Transaction
    private var counts: [String: Int] = [:]
    private(set) var files: [FileID] = []

    init(account: AccountID, contact: ContactID, ambient: Ambient, tx: Transaction) {
        self.account = account
        self.contact = contact
        self.ambient = ambient
        self.tx = tx
    }

    private var subject: PersonalTable.Subject {
        .init(account: account, contact: contact, withNotes: true)
    }

    /// Answers how many rows of each table were taken away or lost the person.
    func erase() throws -> [String: Int] {
        let conversations = try ids(subject.conversations)
        let messages = try ids(subject.messages)
        let appointments = try ids(subject.appointments)
        let inquiries = try ids(EraserQueries.inquiries(subject))
        files = try EraserQueries.files(of: subject, in: tx)
        let things = [contact.text] + conversations + appointments + inquiries + files.map(\.text)
        try eraseCopies(things: things, messages: Set(messages))
        counts["message_attachments"] = try EraserQueries.countAttachments(of: files, subject, tx)
        counts["files"] = files.count
        try EraserQueries.deleteExports(of: contact, account: account, in: tx)
        try FileCabinet.delete(files, of: account, ambient: ambient, in: tx)
        counts["inquiries"] = try EraserQueries.anonymiseInquiries(inquiries, account, in: tx)
        counts["appointments"] = try EraserQueries.anonymiseAppointments(
            appointments, account, in: tx)
        for (table, count) in try EraserQueries.deletePerson(subject, in: tx) {
            counts[table] = count
        }
        return counts
    }

    private func ids(_ query: SQL) throws -> [String] { try tx.all(query) { try $0.text(0) } }

    /// Answers that are kept for a day, work that waits, the record of changes, what endpoints
    /// said: wherever a copy of the words may be.
    private func eraseCopies(things: [String], messages: Set<String>) throws {
        for start in stride(from: 0, to: things.count, by: 40) {
            let some = Array(things[start..<min(start + 40, things.count)])
            counts["idempotency_keys", default: 0] += try EraserQueries.blankAnswers(some, in: tx)
            counts["audit_entries", default: 0] += try EraserQueries.blankAudit(
                some, account, in: tx)
            counts["webhook_attempts", default: 0] += try EraserQueries.blankAttempts(
                some, account, in: tx)
        }
        let known = messages.union(things)
        let jobs = try EraserQueries.jobs(of: account, in: tx).filter { job in
            job.payload.split(separator: "\"").contains { known.contains(String($0)) }
        }
        counts["jobs"] = try EraserQueries.deleteJobs(jobs.map(\.id), account, in: tx)
    }
}
