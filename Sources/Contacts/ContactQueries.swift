import Kernel
import PhoneNumbers
import Store

extension PhoneSearch.Term {
    /// That the folded text of `contacts.search` has it. Terms have letters and digits only, so
    /// they hold no LIKE wildcards.
    package var isInSearch: SQL {
        let grouped = parts.dropFirst().reduce(Self.has(parts.first ?? "")) {
            "\($0) AND \(Self.has($1))"
        }
        guard let whole else { return grouped }
        return "(\(Self.has(whole)) OR (\(grouped)))"
    }

    private static func has(_ word: String) -> SQL { "' ' || contacts.search LIKE \("% \(word)%")" }
}

enum ContactQueries {
    static let columns: SQL =
        "id, account_id, name, locale, time_zone, form_of_address, preferred_channel, notes, version, created_at"

    private static func read(_ row: Row) throws -> Contact {
        Contact(
            id: try row.id(0), account: try row.id(1), name: row.textOrNil(2),
            locale: row.textOrNil(3), timeZone: row.textOrNil(4), formOfAddress: row.textOrNil(5),
            preferredChannel: row.textOrNil(6), notes: row.textOrNil(7), points: [],
            version: try row.int(8), createdAt: try row.instant(9))
    }

    static func accountExists(_ account: AccountID, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM accounts WHERE id = \(account)")
    }

    static func insert(_ contact: Contact, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO contacts (\(columns), search)
            VALUES (\(contact.id), \(contact.account), \(contact.name), \(contact.locale),
                \(contact.timeZone), \(contact.formOfAddress), \(contact.preferredChannel),
                \(contact.notes), \(contact.version), \(contact.createdAt), \(contact.searchText))
            """)
        try insertPoints(of: contact, in: tx)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ contact: Contact, in tx: Transaction) throws {
        let written = try tx.execute(
            """
            UPDATE contacts
            SET name = \(contact.name), locale = \(contact.locale),
                time_zone = \(contact.timeZone), form_of_address = \(contact.formOfAddress),
                preferred_channel = \(contact.preferredChannel), notes = \(contact.notes),
                version = \(contact.version), search = \(contact.searchText)
            WHERE id = \(contact.id) AND account_id = \(contact.account)
                AND version = \(contact.version - 1)
            """)
        if written != 1 { throw StoreError.busy("contact \(contact.id)") }
        try tx.execute(
            """
            DELETE FROM contact_points
            WHERE contact_id = \(contact.id) AND account_id = \(contact.account)
            """)
        try insertPoints(of: contact, in: tx)
    }

    static func updateSearch(of contact: Contact, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE contacts SET search = \(contact.searchText)
            WHERE id = \(contact.id) AND account_id = \(contact.account)
                AND search <> \(contact.searchText)
            """)
    }

    /// Contacts of all businesses, by id.
    static func page(
        after: String, limit: Int, in tx: Transaction
    ) throws -> [(ContactID, AccountID)] {
        try tx.all(
            "SELECT id, account_id FROM contacts WHERE id > \(after) ORDER BY id LIMIT \(limit)"
        ) { (try $0.id(0), try $0.id(1)) }
    }

    private static func insertPoints(of contact: Contact, in tx: Transaction) throws {
        for point in contact.points {
            try tx.execute(
                """
                INSERT INTO contact_points
                    (account_id, contact_id, channel, address, is_verified, created_at)
                VALUES (\(contact.account), \(contact.id), \(point.channel), \(point.address),
                    \(point.isVerified), \(contact.createdAt))
                """)
        }
    }

    static func account(of id: ContactID, in tx: Transaction) throws -> AccountID? {
        try tx.first("SELECT account_id FROM contacts WHERE id = \(id)") { try $0.id(0) }
    }

    static func contact(
        _ id: ContactID, of account: AccountID, in tx: Transaction
    ) throws -> Contact? {
        let found = try tx.first(
            "SELECT \(columns) FROM contacts WHERE id = \(id) AND account_id = \(account)", read)
        guard var contact = found else { return nil }
        contact.points = try points(of: [id], account: account, in: tx)[id] ?? []
        return contact
    }

    static func contacts(
        of account: AccountID, query: String?, home: PhoneRegion?, after: String?, limit: Int,
        in tx: Transaction
    ) throws -> [Contact] {
        var filter: SQL = ""
        if let number = PhoneSearch.beginning(of: query, home: home),
            case let owners = owners(ofNumbers: number, account: account), try tx.exists(owners)
        {
            filter = "AND id IN (\(owners))"
        } else {
            for term in PhoneSearch.terms(query) { filter = filter + " AND \(term.isInSearch)" }
        }
        let found = try tx.all(
            """
            SELECT \(columns) FROM contacts
            WHERE account_id = \(account) AND id > \(after ?? "") \(filter)
            ORDER BY id
            LIMIT \(limit)
            """, read)
        let points = try points(of: found.map(\.id), account: account, in: tx)
        return found.map { contact in
            var contact = contact
            contact.points = points[contact.id] ?? []
            return contact
        }
    }

    /// Of the numbers that begin so; a colon is what comes after 9.
    private static func owners(ofNumbers beginning: String, account: AccountID) -> SQL {
        """
        SELECT contact_id FROM contact_points
        WHERE account_id = \(account) AND channel IN ('phone', 'sms', 'whatsapp')
            AND address >= \(beginning) AND address < \(beginning + ":")
        """
    }

    static func points(
        of ids: [ContactID], account: AccountID, in tx: Transaction
    ) throws -> [ContactID: [Contact.Point]] {
        guard let first = ids.map(\.text).min(), let last = ids.map(\.text).max() else {
            return [:]
        }
        // The bounds say the same again: by the list alone PostgreSQL, which plans for a business of
        // usual size, may read the points of all its contacts.
        let rows = try tx.all(
            """
            SELECT contact_id, channel, address, is_verified FROM contact_points
            WHERE account_id = \(account) AND contact_id >= \(first) AND contact_id <= \(last)
                AND contact_id IN (\(list: ids))
            ORDER BY created_at, channel, address
            """
        ) { row in
            (
                try row.id(0, ContactID.self),
                Contact.Point(
                    channel: try row.text(1), address: try row.text(2),
                    isVerified: try row.bool(3))
            )
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    /// Who gave this address without proving it; the first ones.
    static func claimants(
        of address: String, channel: String, account: AccountID, in tx: Transaction
    ) throws -> [ContactID] {
        try tx.all(
            """
            SELECT contact_id FROM contact_points
            WHERE account_id = \(account) AND channel = \(channel) AND address = \(address)
                AND is_verified = 0
            ORDER BY contact_id
            LIMIT 10
            """
        ) { try $0.id(0) }
    }

    static func verifiedOwner(
        of address: String, channel: String, account: AccountID, in tx: Transaction
    ) throws -> ContactID? {
        try tx.first(
            """
            SELECT contact_id FROM contact_points
            WHERE account_id = \(account) AND channel = \(channel) AND address = \(address)
                AND is_verified = 1
            """
        ) { try $0.id(0) }
    }
}
