import Kernel
import Store

enum ServiceQueries {
    private static let columns: SQL = """
        id, account_id, name, description, price_minor, price_currency, duration_minutes, rules,
        position, is_active, version, created_at
        """

    private static func read(_ row: Row) throws -> BookableService {
        var service = BookableService(
            id: try row.id(0), account: try row.id(1), createdAt: try row.instant(11))
        service.name = try row.text(2)
        service.description = row.textOrNil(3)
        if let minor = try row.intOrNil(4) {
            service.price = Money(minor: minor, currency: try row.text(5))
        }
        service.durationMinutes = try row.int(6)
        var rules = try Input(try row.json(7))
        service.rules.read(&rules)
        if let problem = rules.problems.first {
            throw StoreError.corrupt("rules of \(service.id): \(problem.field) \(problem.message)")
        }
        service.position = try row.int(8)
        service.isActive = try row.bool(9)
        service.version = try row.int(10)
        return service
    }

    static func insert(_ service: BookableService, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO services (\(columns))
            VALUES (\(service.id), \(service.account), \(service.name), \(service.description),
                \(service.price?.minor), \(service.price?.currency), \(service.durationMinutes),
                \(JSONValue.object(service.rules.json)), \(service.position),
                \(service.isActive), \(service.version), \(service.createdAt))
            """)
    }

    static func update(_ service: BookableService, in tx: Transaction) throws {
        let changed = try tx.execute(
            """
            UPDATE services
            SET name = \(service.name), description = \(service.description),
                price_minor = \(service.price?.minor),
                price_currency = \(service.price?.currency),
                duration_minutes = \(service.durationMinutes),
                rules = \(JSONValue.object(service.rules.json)), position = \(service.position),
                is_active = \(service.isActive), version = \(service.version)
            WHERE id = \(service.id) AND account_id = \(service.account)
                AND version = \(service.version - 1)
            """)
        // Somebody else was faster: run it again on what they wrote.
        guard changed == 1 else { throw StoreError.busy("service") }
    }

    static func account(of id: ServiceID, in tx: Transaction) throws -> AccountID? {
        try tx.first("SELECT account_id FROM services WHERE id = \(id)") { try $0.id(0) }
    }

    static func service(
        _ id: ServiceID, of account: AccountID, in tx: Transaction
    ) throws -> BookableService? {
        try tx.first(
            "SELECT \(columns) FROM services WHERE id = \(id) AND account_id = \(account)", read)
    }

    static func services(
        of account: AccountID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [BookableService] {
        try tx.all(
            """
            SELECT \(columns) FROM services
            WHERE account_id = \(account) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }
}
