import Kernel

/// Something that happened, recorded in the transaction of the verb that did it. The event stream,
/// statistics, webhooks and automation all read these rows.
package struct Event: Sendable, Equatable {
    /// Its place in the one order of all events; the cursor of every reader. 0 until recorded.
    package var sequence: Int64
    package var id: String
    /// nil: it concerns the office itself.
    package var account: AccountID?
    /// `noun.verb`, such as `message.received`.
    package var type: String
    /// The id of what it happened to.
    package var subject: String
    /// Ids and versions, no texts of people: readers fetch what they may see.
    package var payload: [String: JSONValue]
    package var occurredAt: Instant

    package init(
        _ type: String, account: AccountID?, subject: String,
        _ payload: [String: JSONValue] = [:], ambient: Ambient
    ) {
        sequence = 0
        id = ambient.newID("evt")
        self.account = account
        self.type = type
        self.subject = subject
        self.payload = payload
        occurredAt = ambient.now()
    }

    init(row: Row) throws {
        sequence = try row.int64(0)
        id = try row.text(1)
        account = row.idOrNil(2)
        type = try row.text(3)
        subject = try row.text(4)
        payload = try row.json(5).object ?? [:]
        occurredAt = try row.instant(6)
    }

    /// As the API shows it.
    package var json: JSONValue {
        [
            "id": .string(id), "type": .string(type), "account_id": .id(account),
            "subject": .string(subject), "occurred_at": .instant(occurredAt),
            "payload": .object(payload),
        ]
    }
}

package enum EventLog {
    /// Events after a cursor, in order, at most `limit`.
    package static func events(
        after cursor: Int64, limit: Int, in tx: Transaction
    ) throws -> [Event] {
        try tx.all(
            """
            SELECT sequence, id, account_id, type, subject, payload, occurred_at
            FROM events
            WHERE sequence > \(cursor)
            ORDER BY sequence
            LIMIT \(limit)
            """, Event.init(row:))
    }

    /// Events of one account after a cursor.
    package static func events(
        of account: AccountID, after cursor: Int64, limit: Int, in tx: Transaction
    ) throws -> [Event] {
        try tx.all(
            """
            SELECT sequence, id, account_id, type, subject, payload, occurred_at
            FROM events
            WHERE account_id = \(account) AND sequence > \(cursor)
            ORDER BY sequence
            LIMIT \(limit)
            """, Event.init(row:))
    }

    /// The cursor of the newest event, 0 when there is none.
    package static func head(in tx: Transaction) throws -> Int64 {
        try tx.first("SELECT COALESCE(MAX(sequence), 0) FROM events") { try $0.int64(0) } ?? 0
    }

    /// Takes old events away, at most `limit`; answers how many. The newest stays whatever its age:
    /// the next number is counted from it.
    package static func purge(before cutoff: Instant, limit: Int, in tx: Transaction) throws -> Int
    {
        try tx.execute(
            """
            DELETE FROM events
            WHERE sequence IN (
                SELECT sequence FROM events
                WHERE sequence < (SELECT MAX(sequence) FROM events)
                ORDER BY sequence
                LIMIT \(limit)
            ) AND occurred_at < \(cutoff)
            """)
    }

    /// Writes the raised events as the last act of a transaction.
    ///
    /// Readers resume from the highest sequence they saw, so sequences must become visible in
    /// order. SQLite has one writer; on PostgreSQL an advisory lock is taken here and released by
    /// the commit, after which the next one numbers its events (docs/decisions).
    static func append(_ events: [Event], in tx: Transaction) throws {
        if tx.engine == .postgres {
            _ = try tx.all("SELECT pg_advisory_xact_lock(7224301)") { _ in () }
        }
        var sequence = try head(in: tx)
        for event in events {
            sequence += 1
            try tx.execute(
                """
                INSERT INTO events
                    (sequence, id, account_id, type, subject, payload, occurred_at)
                VALUES (\(sequence), \(event.id), \(event.account), \(event.type),
                    \(event.subject), \(JSONValue.object(event.payload)), \(event.occurredAt))
                """)
        }
    }
}
