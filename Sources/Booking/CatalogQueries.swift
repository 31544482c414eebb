import Accounts
import Kernel
import Store

enum CatalogQueries {
    /// More than any business has; keeps a slip from filling the memory.
    private static let most = 1000

    // MARK: Hours

    static func schedule(of account: Account, in tx: Transaction) throws -> Schedule {
        let zone = Zone(account.timeZone) ?? .utc
        let found = try tx.first(
            "SELECT hours, version, updated_at FROM schedules WHERE account_id = \(account.id)"
        ) { row in
            Schedule(
                account: account.id, hours: try row.hours(0), zone: zone,
                version: try row.int(1), updatedAt: try row.instant(2))
        }
        return found
            ?? Schedule(
                account: account.id, hours: OpeningHours(weekly: []), zone: zone, version: 0,
                updatedAt: nil)
    }

    static func save(_ schedule: Schedule, in tx: Transaction) throws {
        let changed = try tx.execute(
            """
            INSERT INTO schedules (account_id, hours, version, updated_at)
            VALUES (\(schedule.account), \(schedule.hours.json), \(schedule.version),
                \(schedule.updatedAt))
            ON CONFLICT (account_id) DO UPDATE
            SET hours = excluded.hours, version = excluded.version,
                updated_at = excluded.updated_at
            WHERE schedules.version = excluded.version - 1
            """)
        guard changed == 1 else { throw StoreError.busy("schedule") }
    }

    // MARK: Staff

    private static let staffColumns: SQL = """
        id, account_id, name, email, phone, user_id, time_zone, hours, is_active, version,
        created_at
        """

    private static func readStaff(_ row: Row) throws -> StaffMember {
        var member = StaffMember(
            id: try row.id(0), account: try row.id(1), createdAt: try row.instant(10))
        member.name = try row.text(2)
        member.email = row.textOrNil(3)
        member.phone = row.textOrNil(4)
        member.user = row.idOrNil(5)
        member.timeZone = row.textOrNil(6)
        member.hours = try row.hoursOrNil(7)
        member.isActive = try row.bool(8)
        member.version = try row.int(9)
        return member
    }

    static func staff(
        of account: AccountID, after: String? = nil, limit: Int = most, in tx: Transaction
    ) throws -> [StaffMember] {
        try tx.all(
            """
            SELECT \(staffColumns) FROM staff
            WHERE account_id = \(account) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, readStaff)
    }

    static func account(of id: StaffID, in tx: Transaction) throws -> AccountID? {
        try tx.first("SELECT account_id FROM staff WHERE id = \(id)") { try $0.id(0) }
    }

    static func staffMember(
        _ id: StaffID, of account: AccountID, in tx: Transaction
    ) throws -> StaffMember? {
        try tx.first(
            "SELECT \(staffColumns) FROM staff WHERE id = \(id) AND account_id = \(account)",
            readStaff)
    }

    static func insert(_ member: StaffMember, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO staff (\(staffColumns))
            VALUES (\(member.id), \(member.account), \(member.name), \(member.email),
                \(member.phone), \(member.user), \(member.timeZone), \(member.hours?.json),
                \(member.isActive), \(member.version), \(member.createdAt))
            """)
    }

    static func update(_ member: StaffMember, in tx: Transaction) throws {
        let changed = try tx.execute(
            """
            UPDATE staff
            SET name = \(member.name), email = \(member.email), phone = \(member.phone),
                user_id = \(member.user), time_zone = \(member.timeZone),
                hours = \(member.hours?.json), is_active = \(member.isActive),
                version = \(member.version)
            WHERE id = \(member.id) AND account_id = \(member.account)
                AND version = \(member.version - 1)
            """)
        guard changed == 1 else { throw StoreError.busy("staff") }
    }

    static func isMember(
        _ user: UserID, of account: AccountID, in tx: Transaction
    ) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM memberships WHERE account_id = \(account) AND user_id = \(user)")
    }

    // MARK: Resources

    private static let resourceColumns: SQL =
        "id, account_id, name, kind, time_zone, hours, is_active, version, created_at"

    private static func readResource(_ row: Row) throws -> BookableResource {
        var resource = BookableResource(
            id: try row.id(0), account: try row.id(1), createdAt: try row.instant(8))
        resource.name = try row.text(2)
        resource.kind = try row.text(3)
        resource.timeZone = row.textOrNil(4)
        resource.hours = try row.hoursOrNil(5)
        resource.isActive = try row.bool(6)
        resource.version = try row.int(7)
        return resource
    }

    static func resources(
        of account: AccountID, after: String? = nil, limit: Int = most, in tx: Transaction
    ) throws -> [BookableResource] {
        try tx.all(
            """
            SELECT \(resourceColumns) FROM resources
            WHERE account_id = \(account) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, readResource)
    }

    static func account(of id: ResourceID, in tx: Transaction) throws -> AccountID? {
        try tx.first("SELECT account_id FROM resources WHERE id = \(id)") { try $0.id(0) }
    }

    static func resource(
        _ id: ResourceID, of account: AccountID, in tx: Transaction
    ) throws -> BookableResource? {
        try tx.first(
            "SELECT \(resourceColumns) FROM resources WHERE id = \(id) AND account_id = \(account)",
            readResource)
    }

    static func insert(_ resource: BookableResource, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO resources (\(resourceColumns))
            VALUES (\(resource.id), \(resource.account), \(resource.name), \(resource.kind),
                \(resource.timeZone), \(resource.hours?.json), \(resource.isActive),
                \(resource.version), \(resource.createdAt))
            """)
    }

    static func update(_ resource: BookableResource, in tx: Transaction) throws {
        let changed = try tx.execute(
            """
            UPDATE resources
            SET name = \(resource.name), kind = \(resource.kind),
                time_zone = \(resource.timeZone), hours = \(resource.hours?.json),
                is_active = \(resource.isActive), version = \(resource.version)
            WHERE id = \(resource.id) AND account_id = \(resource.account)
                AND version = \(resource.version - 1)
            """)
        guard changed == 1 else { throw StoreError.busy("resources") }
    }
}

extension Row {
    fileprivate func hoursOrNil(_ column: Int) throws -> OpeningHours? {
        textOrNil(column) == nil ? nil : try hours(column)
    }

    fileprivate func hours(_ column: Int) throws -> OpeningHours {
        var problems: [Refusal.Field] = []
        let hours = OpeningHours.read(try json(column), problems: &problems)
        if let first = problems.first {
            throw StoreError.corrupt("opening hours: \(first.field) \(first.message)")
        }
        return hours
    }
}
