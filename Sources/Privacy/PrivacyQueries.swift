import Files
import Kernel
import Store

enum PrivacyQueries {
    static func person(
        _ contact: ContactID, locking: Bool = false, in tx: Transaction
    ) throws -> (account: AccountID, name: String?)? {
        let select: SQL = "SELECT account_id, name FROM contacts WHERE id = \(contact)"
        return try tx.first(locking ? "\(select) \(.forUpdate)" : select) {
            (try $0.id(0), $0.textOrNil(1))
        }
    }

    // MARK: Exports

    private static let exportColumns: SQL =
        "id, account_id, contact_id, requested_by, status, file_id, created_at, finished_at"

    static func insert(_ export: ContactExports.Export, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO contact_exports
                (id, account_id, contact_id, requested_by, status, created_at)
            VALUES (\(export.id), \(export.account), \(export.contact), \(export.requester),
                'waiting', \(export.createdAt))
            """)
    }

    static func finish(
        _ export: ContactExports.Export, file: FileID, at now: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE contact_exports
            SET status = 'ready', file_id = \(file), finished_at = \(now)
            WHERE id = \(export.id) AND account_id = \(export.account)
            """)
    }

    static func export(_ id: String, in tx: Transaction) throws -> ContactExports.Export? {
        try exports("SELECT \(exportColumns) FROM contact_exports WHERE id = \(id)", in: tx).first
    }

    static func exports(
        of contact: ContactID, account: AccountID, in tx: Transaction
    ) throws -> [ContactExports.Export] {
        try exports(
            """
            SELECT \(exportColumns) FROM contact_exports
            WHERE account_id = \(account) AND contact_id = \(contact)
            ORDER BY id DESC
            LIMIT 20
            """, in: tx)
    }

    private static func exports(
        _ sql: SQL, in tx: Transaction
    ) throws -> [ContactExports.Export] {
        let rows = try tx.all(sql) { row in
            (
                ContactExports.Export(
                    id: try row.text(0), account: try row.id(1), contact: try row.id(2),
                    requester: try row.id(3), isReady: try row.text(4) == "ready",
                    createdAt: try row.instant(6), finishedAt: try row.instantOrNil(7)),
                row.idOrNil(5, FileID.self)
            )
        }
        return try rows.map { export, file in
            var export = export
            export.file = try file.flatMap { try FileCabinet.file($0, in: tx) }
            return export
        }
    }

    // MARK: Certificates

    private static let certificateColumns: SQL =
        "id, account_id, contact_id, requested_by, status, counts, created_at, finished_at"

    private static func readCertificate(_ row: Row) throws -> ContactErasures.Certificate {
        ContactErasures.Certificate(
            id: try row.text(0), account: try row.id(1), contact: try row.id(2),
            requester: try row.id(3),
            counts: (try row.json(5).object ?? [:]).compactMapValues(\.int),
            isDone: try row.text(4) == "done", createdAt: try row.instant(6),
            finishedAt: try row.instantOrNil(7))
    }

    static func insert(_ certificate: ContactErasures.Certificate, in tx: Transaction) throws {
        let counts = JSONValue.object(certificate.counts.mapValues { .number($0) })
        try tx.execute(
            """
            INSERT INTO contact_erasures
                (id, account_id, contact_id, requested_by, status, counts, created_at)
            VALUES (\(certificate.id), \(certificate.account), \(certificate.contact),
                \(certificate.requester), 'running', \(counts), \(certificate.createdAt))
            """)
    }

    static func close(_ id: String, at now: Instant, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE contact_erasures SET status = 'done', finished_at = \(now)
            WHERE id = \(id) AND status = 'running'
            """)
    }

    static func certificate(
        _ id: String, in tx: Transaction
    ) throws -> ContactErasures.Certificate? {
        try tx.first(
            "SELECT \(certificateColumns) FROM contact_erasures WHERE id = \(id)",
            readCertificate)
    }

    static func certificates(
        of account: AccountID, before: String?, limit: Int, in tx: Transaction
    ) throws -> [ContactErasures.Certificate] {
        let page: SQL = before.map { "id < \($0)" } ?? "1 = 1"
        return try tx.all(
            """
            SELECT \(certificateColumns) FROM contact_erasures
            WHERE account_id = \(account) AND \(page)
            ORDER BY id DESC
            LIMIT \(limit)
            """, readCertificate)
    }
}
