import Kernel
import Store

/// Which rows of the database speak of a contact: what an export shows and an erasure takes.
///
/// Every table of the database is in one of the two lists here; a test compares them with the
/// database itself, so that a new table or column is not forgotten.
package struct PersonalTable: Sendable {
    package let name: StaticString
    /// What an export shows.
    package let columns: [StaticString]
    /// Secrets, and copies of what stands elsewhere.
    package let hidden: [StaticString]
    let rows: @Sendable (Subject) -> SQL

    /// Whose data is wanted.
    package struct Subject: Sendable {
        var account: AccountID
        var contact: ContactID
        /// Private notes are the office's own: an export for the business has none.
        var withNotes: Bool

        var conversations: SQL {
            """
            SELECT id FROM conversations
            WHERE account_id = \(account) AND contact_id = \(contact)
            """
        }

        var messages: SQL {
            """
            SELECT id FROM messages
            WHERE account_id = \(account) AND conversation_id IN (\(conversations))
                AND is_private <= \(withNotes)
            """
        }

        var appointments: SQL {
            """
            SELECT id FROM appointments
            WHERE account_id = \(account)
                AND (contact_id = \(contact) OR conversation_id IN (\(conversations)))
            """
        }

        /// Ids are found by their text in what is stored as JSON.
        var mention: String { "%\(contact)%" }
    }

    private init(
        _ name: StaticString, _ columns: [StaticString], hidden: [StaticString] = [],
        _ rows: @escaping @Sendable (Subject) -> SQL
    ) {
        self.name = name
        self.columns = columns
        self.hidden = hidden
        self.rows = rows
    }

    package static let all: [PersonalTable] = people + talk + business + traces

    private static let people: [PersonalTable] = [
        PersonalTable(
            "contacts",
            [
                "id", "account_id", "name", "locale", "time_zone", "form_of_address",
                "preferred_channel", "notes", "version", "created_at",
            ], hidden: ["search"]
        ) { "account_id = \($0.account) AND id = \($0.contact)" },
        PersonalTable(
            "contact_points",
            ["account_id", "contact_id", "channel", "address", "is_verified", "created_at"]
        ) { "account_id = \($0.account) AND contact_id = \($0.contact)" },
        PersonalTable(
            "widget_sessions", ["account_id", "inbox_id", "contact_id", "created_at"],
            hidden: ["token_hash"]
        ) { "account_id = \($0.account) AND contact_id = \($0.contact)" },
        PersonalTable(
            "contact_exports",
            [
                "id", "account_id", "contact_id", "requested_by", "status", "file_id",
                "created_at", "finished_at",
            ]
        ) { "account_id = \($0.account) AND contact_id = \($0.contact)" },
        PersonalTable(
            "contact_erasures",
            [
                "id", "account_id", "contact_id", "requested_by", "status", "counts",
                "created_at", "finished_at",
            ]
        ) { "account_id = \($0.account) AND contact_id = \($0.contact)" },
    ]

    private static let talk: [PersonalTable] = [
        PersonalTable(
            "conversations",
            [
                "id", "account_id", "contact_id", "inbox_id", "status", "assignee_id", "team_id",
                "waiting_since", "snoozed_until", "last_message_at", "preview", "unread",
                "first_replied_at", "resolved_at", "version", "created_at",
            ]
        ) { "account_id = \($0.account) AND contact_id = \($0.contact)" },
        PersonalTable(
            "messages",
            [
                "id", "account_id", "conversation_id", "inbox_id", "direction", "is_private",
                "text", "status", "source_id", "author_id", "author_name", "failure", "sent_at",
                "created_at",
            ]
        ) { "account_id = \($0.account) AND id IN (\($0.messages))" },
        PersonalTable(
            "notices",
            [
                "id", "account_id", "contact_id", "purpose", "about", "channel", "address",
                "subject", "text", "message_id", "status", "reason", "attempts", "created_at",
            ], hidden: ["told_key"]
        ) { "account_id = \($0.account) AND contact_id = \($0.contact)" },
        PersonalTable(
            "message_attachments", ["account_id", "message_id", "file_id", "position"]
        ) { "account_id = \($0.account) AND message_id IN (\($0.messages))" },
        PersonalTable(
            "files",
            [
                "id", "account_id", "contact_id", "created_by", "purpose", "name",
                "claimed_type", "type", "size", "received", "sha256", "state", "expires_at",
                "created_at",
            ]
        ) { subject in
            """
            account_id = \(subject.account) AND purpose = 'attachment'
                AND (id IN (
                        SELECT file_id FROM message_attachments
                        WHERE account_id = \(subject.account)
                            AND message_id IN (\(subject.messages)))
                    OR (contact_id = \(subject.contact)
                        AND NOT EXISTS (
                            SELECT 1 FROM message_attachments
                            WHERE message_attachments.file_id = files.id)))
            """
        },
    ]

    private static let business: [PersonalTable] = [
        PersonalTable(
            "appointments",
            [
                "id", "account_id", "status", "service_id", "contact_id", "conversation_id",
                "starts_at", "ends_at", "party_size", "staff_ids", "resource_ids", "notes",
                "expires_at", "price_minor", "price_currency", "booked_by", "canceled_reason",
                "canceled_at", "version", "created_at", "updated_at",
                "series_id", "fee_minor", "fee_currency", "fee_reason",
                "asked_to_move_at", "sequence",
            ]
        ) { "account_id = \($0.account) AND id IN (\($0.appointments))" },
        PersonalTable(
            "waitlist",
            [
                "id", "account_id", "service_id", "contact_id", "staff_id", "party_size",
                "from_at", "to_at", "status", "hold_id", "offered_start", "offered_until",
                "appointment_id", "version", "created_at",
            ]
        ) { "account_id = \($0.account) AND contact_id = \($0.contact)" },
        PersonalTable(
            "inquiries",
            [
                "id", "account_id", "conversation_id", "contact_id", "appointment_id", "kind",
                "topic", "disposition", "channel", "notes", "created_by", "version", "created_at",
            ]
        ) { subject in
            """
            account_id = \(subject.account)
                AND (contact_id = \(subject.contact)
                    OR conversation_id IN (\(subject.conversations))
                    OR appointment_id IN (\(subject.appointments)))
            """
        },
    ]

    private static let traces: [PersonalTable] = [
        PersonalTable(
            "events",
            ["sequence", "id", "account_id", "type", "subject", "payload", "occurred_at"]
        ) { subject in
            // A private note's event tells that there is one.
            """
            account_id = \(subject.account)
                AND (subject = \(subject.contact.text) OR payload LIKE \(subject.mention))
                AND (payload NOT LIKE '%"private":true%' OR \(subject.withNotes) = 1)
            """
        },
        PersonalTable(
            "webhook_deliveries",
            [
                "id", "account_id", "webhook_id", "event_id", "type", "payload", "status",
                "attempts", "answer_status", "created_at", "finished_at",
            ], hidden: ["resend_of", "failure", "next_attempt_at"]
        ) { "account_id = \($0.account) AND payload LIKE \($0.mention)" },
        PersonalTable(
            "audit_entries",
            [
                "id", "account_id", "action", "subject", "label", "before_values",
                "after_values", "occurred_at",
            ],
            hidden: [
                "actor_id", "actor_name", "is_by_office", "means", "address", "agent", "token_id",
            ]
        ) { "account_id = \($0.account) AND subject = \($0.contact.text)" },
    ]

    /// Tables that hold nothing about contacts but ids, or copies that an erasure takes away.
    package static let others: Set<String> = [
        // The office, its people and its businesses.
        "accounts", "users", "memberships", "tokens", "sessions", "settings", "one_time_links",
        "second_factors", "recovery_codes", "push_subscriptions", "schema_migrations",
        "retention_rules", "webhooks", "calendar_feeds", "booking_pages", "booking_policies",
        "notice_settings",
        // What a business offers and says.
        "inboxes", "canned_responses", "guidance", "knowledge_articles", "job_schedules",
        "schedules", "appointment_series", "staff", "resources", "services", "busy", "allocations",
        // The calendars of its staff, and those that they keep elsewhere.
        "calendar_objects", "calendar_marks", "calendar_sources",
        // Ids of what is to be done, answers kept for a day, what endpoints answered.
        "jobs", "idempotency_keys", "webhook_attempts",
    ]

    func select(_ subject: Subject) -> SQL {
        var list = SQL(stringLiteral: columns[0])
        for column in columns.dropFirst() { list = list + ", " + SQL(stringLiteral: column) }
        return "SELECT \(list) FROM \(SQL(stringLiteral: name)) WHERE \(rows(subject)) ORDER BY 1"
    }

    /// A row as JSON; what a column is follows from its name.
    func json(_ row: Row) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (index, column) in columns.enumerated() {
            members["\(column)"] = try Self.value(row, index, "\(column)")
        }
        return .object(members)
    }

    private static let instants: Set = ["waiting_since", "snoozed_until"]
    private static let numbers: Set = [
        "version", "unread", "position", "size", "received", "party_size", "price_minor",
        "sequence", "attempts", "answer_status",
    ]
    private static let documents: Set = [
        "payload", "counts", "before_values", "after_values",
    ]

    private static func value(_ row: Row, _ index: Int, _ name: String) throws -> JSONValue {
        if name.hasSuffix("_at") || instants.contains(name) {
            return .instant(try row.instantOrNil(index))
        }
        if name.hasPrefix("is_") { return .bool(try row.bool(index)) }
        if numbers.contains(name) { return try row.intOrNil(index).map { .int($0) } ?? .null }
        if documents.contains(name) { return try row.json(index) }
        return .text(row.textOrNil(index))
    }
}
