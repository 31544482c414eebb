import Accounts
import Contacts
import Kernel
import PhoneNumbers
import Store
import Work

/// Telephone numbers that earlier versions stored as they were typed become E.164, a page of rows
/// in one transaction with the job that goes on from there: it may be stopped at any moment.
/// Migration 0016 enqueues the first. What cannot be a number stays as it is and is shown as text.
struct PhoneTidying: Sendable {
    static let kind = "phones.tidy"
    private static let rows = 200

    /// A business's own number first: it says how the others are read.
    private enum Stage: String, CaseIterable { case accounts, staff, contacts }

    let store: Store
    let ambient: Ambient

    var jobHandlers: [String: Worker.Handler] {
        [
            Self.kind: { job in
                let stage = job.payload["stage"]?.string.flatMap(Stage.init) ?? .accounts
                let after = job.payload["after"]?.string ?? ""
                try await store.write { tx in try tidy(stage, after: after, in: tx) }
                return .done
            }
        ]
    }

    private func tidy(_ stage: Stage, after: String, in tx: Transaction) throws {
        let last =
            switch stage {
            case .accounts: try accounts(after: after, in: tx)
            case .staff: try staff(after: after, in: tx)
            case .contacts:
                try ContactBook.tidyNumbers(
                    after: after, limit: Self.rows, ambient: ambient, in: tx)
            }
        let next: (Stage, String)? =
            if let last { (stage, last) } else {
                Stage.allCases.drop { $0 != stage }.dropFirst().first.map { ($0, "") }
            }
        guard let next else { return }
        try JobQueue.enqueue(
            Self.kind, account: nil,
            ["stage": .string(next.0.rawValue), "after": .string(next.1)], at: ambient.now(),
            uniqueKey: "\(Self.kind):\(next.0.rawValue):\(next.1)", ambient: ambient, in: tx)
    }

    private func accounts(after: String, in tx: Transaction) throws -> String? {
        let page = try PhoneTidyingQueries.accounts(after: after, limit: Self.rows, in: tx)
        for row in page {
            let home = PhoneRegion(ofNumber: row.phone, zone: row.zone)
            guard let number = Self.number(row.phone, home) else { continue }
            try PhoneTidyingQueries.setPhone(number, ofAccount: AccountID(row.id), in: tx)
            try tx.raise(
                Event(
                    "account.updated", account: AccountID(row.id), subject: row.id,
                    ["version": .number(row.version + 1)], ambient: ambient))
        }
        return page.last?.id
    }

    private func staff(after: String, in tx: Transaction) throws -> String? {
        let page = try PhoneTidyingQueries.staff(after: after, limit: Self.rows, in: tx)
        for row in page {
            let home = try AccountDirectory.phoneRegion(of: row.account, in: tx)
            guard let number = Self.number(row.phone, home) else { continue }
            try PhoneTidyingQueries.setPhone(number, ofStaff: row.id, row.account, in: tx)
            try tx.raise(
                Event(
                    "staff.updated", account: row.account, subject: row.id,
                    ["version": .number(row.version + 1)], ambient: ambient))
        }
        return page.last?.id
    }

    /// nil: it is in order, or cannot be.
    private static func number(_ text: String, _ home: PhoneRegion?) -> PhoneNumber? {
        guard let number = try? PhoneNumber.parse(text, in: home), number.text != text else {
            return nil
        }
        return number
    }
}

enum PhoneTidyingQueries {
    struct Found {
        var id: String
        var account: AccountID
        var phone: String
        var zone: String
        var version: Int
    }

    static func accounts(after: String, limit: Int, in tx: Transaction) throws -> [Found] {
        try tx.all(
            """
            SELECT id, id, phone, time_zone, version FROM accounts
            WHERE id > \(after) AND phone IS NOT NULL
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    static func staff(after: String, limit: Int, in tx: Transaction) throws -> [Found] {
        try tx.all(
            """
            SELECT id, account_id, phone, '', version FROM staff
            WHERE id > \(after) AND phone IS NOT NULL
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    private static func read(_ row: Row) throws -> Found {
        Found(
            id: try row.text(0), account: try row.id(1), phone: try row.text(2),
            zone: try row.text(3), version: try row.int(4))
    }

    static func setPhone(
        _ number: PhoneNumber, ofAccount id: AccountID, in tx: Transaction
    ) throws {
        try tx.execute(
            "UPDATE accounts SET phone = \(number.text), version = version + 1 WHERE id = \(id)")
    }

    static func setPhone(
        _ number: PhoneNumber, ofStaff id: String, _ account: AccountID, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE staff SET phone = \(number.text), version = version + 1
            WHERE id = \(id) AND account_id = \(account)
            """)
    }
}
