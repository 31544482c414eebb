import Kernel
import Store

enum EraserQueries {
    static func inquiries(_ subject: PersonalTable.Subject) -> SQL {
        """
        SELECT id FROM inquiries
        WHERE account_id = \(subject.account)
            AND (contact_id = \(subject.contact)
                OR conversation_id IN (\(subject.conversations))
                OR appointment_id IN (\(subject.appointments)))
        """
    }

    /// Everything that is the contact's or hangs on a message of theirs, exports included.
    static func files(of subject: PersonalTable.Subject, in tx: Transaction) throws -> [FileID] {
        try tx.all(
            """
            SELECT id FROM files
            WHERE account_id = \(subject.account)
                AND (contact_id = \(subject.contact)
                    OR id IN (
                        SELECT file_id FROM message_attachments
                        WHERE account_id = \(subject.account)
                            AND message_id IN (\(subject.messages)))
                    OR id IN (
                        SELECT file_id FROM contact_exports
                        WHERE account_id = \(subject.account)
                            AND contact_id = \(subject.contact)))
            ORDER BY id
            """
        ) { try $0.id(0) }
    }

    static func countAttachments(
        of files: [FileID], _ subject: PersonalTable.Subject, _ tx: Transaction
    ) throws -> Int {
        try tx.count(
            """
            SELECT COUNT(*) FROM message_attachments
            WHERE account_id = \(subject.account) AND message_id IN (\(subject.messages))
            """)
    }

    static func deleteExports(
        of contact: ContactID, account: AccountID, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM contact_exports
            WHERE account_id = \(account) AND contact_id = \(contact)
            """)
    }

    // MARK: Copies

    private static func mentions(_ column: SQL, _ ids: [String]) -> SQL {
        var sql: SQL = "1 = 0"
        for id in ids { sql = sql + " OR \(column) LIKE \("%\"\(id)\"%")" }
        return sql
    }

    /// The key stays, so that nothing is done twice; its answer's words go.
    static func blankAnswers(_ ids: [String], in tx: Transaction) throws -> Int {
        try tx.execute(
            """
            UPDATE idempotency_keys SET body = '{"erased":true}'
            WHERE body IS NOT NULL AND (\(mentions("body", ids)))
            """)
    }

    static func blankAudit(
        _ ids: [String], _ account: AccountID, in tx: Transaction
    ) throws -> Int {
        try tx.execute(
            """
            UPDATE audit_entries SET label = NULL, before_values = NULL, after_values = NULL
            WHERE account_id = \(account)
                AND (subject IN (\(list: ids)) OR \(mentions("before_values", ids))
                    OR \(mentions("after_values", ids)))
            """)
    }

    /// What an endpoint answered may repeat what it was told.
    static func blankAttempts(
        _ ids: [String], _ account: AccountID, in tx: Transaction
    ) throws -> Int {
        try tx.execute(
            """
            UPDATE webhook_attempts SET answer = NULL
            WHERE account_id = \(account) AND answer IS NOT NULL
                AND delivery_id IN (
                    SELECT id FROM webhook_deliveries
                    WHERE account_id = \(account) AND (\(mentions("payload", ids))))
            """)
    }

    static func jobs(
        of account: AccountID, in tx: Transaction
    ) throws -> [(id: String, payload: String)] {
        try tx.all("SELECT id, payload FROM jobs WHERE account_id = \(account)") {
            (try $0.text(0), try $0.text(1))
        }
    }

    static func deleteJobs(
        _ ids: [String], _ account: AccountID, in tx: Transaction
    ) throws -> Int {
        var count = 0
        for id in ids {
            count += try tx.execute(
                "DELETE FROM jobs WHERE id = \(id) AND account_id = \(account)")
        }
        return count
    }

    // MARK: What stays without the person

    static func anonymiseInquiries(
        _ ids: [String], _ account: AccountID, in tx: Transaction
    ) throws -> Int {
        var count = 0
        for id in ids {
            count += try tx.execute(
                """
                UPDATE inquiries
                SET contact_id = NULL, conversation_id = NULL, topic = NULL, disposition = NULL,
                    notes = NULL, version = version + 1
                WHERE id = \(id) AND account_id = \(account)
                """)
        }
        return count
    }

    static func anonymiseAppointments(
        _ ids: [String], _ account: AccountID, in tx: Transaction
    ) throws -> Int {
        var count = 0
        for id in ids {
            count += try tx.execute(
                """
                UPDATE appointments
                SET contact_id = NULL, conversation_id = NULL, notes = NULL,
                    canceled_reason = NULL, version = version + 1
                WHERE id = \(id) AND account_id = \(account)
                """)
        }
        return count
    }

    // MARK: What goes

    static func deletePerson(
        _ subject: PersonalTable.Subject, in tx: Transaction
    ) throws -> [String: Int] {
        let (account, contact) = (subject.account, subject.contact)
        var counts: [String: Int] = [:]
        counts["waitlist"] = try tx.execute(
            "DELETE FROM waitlist WHERE account_id = \(account) AND contact_id = \(contact)")
        counts["notices"] = try tx.execute(
            "DELETE FROM notices WHERE account_id = \(account) AND contact_id = \(contact)")
        counts["messages"] = try tx.execute(
            """
            DELETE FROM messages
            WHERE account_id = \(account) AND conversation_id IN (\(subject.conversations))
            """)
        counts["conversations"] = try tx.execute(
            "DELETE FROM conversations WHERE account_id = \(account) AND contact_id = \(contact)")
        counts["widget_sessions"] = try tx.execute(
            "DELETE FROM widget_sessions WHERE account_id = \(account) AND contact_id = \(contact)")
        counts["contact_points"] = try tx.execute(
            "DELETE FROM contact_points WHERE account_id = \(account) AND contact_id = \(contact)")
        counts["contacts"] = try tx.execute(
            "DELETE FROM contacts WHERE account_id = \(account) AND id = \(contact)")
        return counts
    }
}
