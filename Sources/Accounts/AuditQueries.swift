import Kernel
import Store

enum AuditQueries {
    private static let columns: SQL = """
        id, account_id, actor_id, actor_name, is_by_office, action, subject, label, before_values,
        after_values, means, address, agent, token_id, occurred_at
        """

    private static func read(_ row: Row) throws -> AuditEntry {
        AuditEntry(
            id: try row.text(0), account: row.idOrNil(1), actor: try row.id(2),
            actorName: try row.text(3), action: try row.text(5), subject: try row.text(6),
            label: row.textOrNil(7), before: try row.json(8), after: try row.json(9),
            origin: Origin(
                try row.word(10), address: row.textOrNil(11), agent: row.textOrNil(12),
                token: row.textOrNil(13)),
            isByOffice: try row.bool(4), occurredAt: try row.instant(14))
    }

    static func insert(_ entry: AuditEntry, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO audit_entries (\(columns))
            VALUES (\(entry.id), \(entry.account), \(entry.actor), \(entry.actorName),
                \(entry.isByOffice), \(entry.action), \(entry.subject), \(entry.label),
                \(entry.before), \(entry.after), \(entry.origin.means.rawValue),
                \(entry.origin.address), \(entry.origin.agent), \(entry.origin.token),
                \(entry.occurredAt))
            """)
    }

    static func entries(
        _ filter: AuditLog.Filter, before cursor: String?, limit: Int, in tx: Transaction
    ) throws -> [AuditEntry] {
        let account: SQL = filter.account.map { "AND account_id = \($0)" } ?? ""
        let actor: SQL = filter.actor.map { "AND actor_id = \($0)" } ?? ""
        let noun: SQL = filter.noun.map { "AND action LIKE \($0 + ".%")" } ?? ""
        let before: SQL = cursor.map { "AND id < \($0)" } ?? ""
        return try tx.all(
            """
            SELECT \(columns)
            FROM audit_entries
            WHERE 1 = 1 \(account) \(actor) \(noun) \(before)
            ORDER BY id DESC
            LIMIT \(limit)
            """, read)
    }
}
