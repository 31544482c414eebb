import Accounts
import Kernel
import PhoneNumbers
import Store
import WebShell

/// A business's client, with the addresses they can be reached at.
package struct Contact: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package var channel: String
        package var address: String
        /// Proved to be theirs; a typed address proves nothing.
        package var isVerified: Bool

        package init(channel: String, address: String, isVerified: Bool = false) {
            self.channel = channel
            self.address = address
            self.isVerified = isVerified
        }

        /// The number, when the address is one.
        package var phone: PhoneNumber? {
            Channel(rawValue: channel)?.isTelephone == true ? PhoneNumber(e164: address) : nil
        }

        /// As people of `home` read it.
        package func shown(in home: PhoneRegion?) -> String { phone?.shown(in: home) ?? address }

        var json: JSONValue {
            [
                "channel": .string(channel), "address": .string(address),
                "verified": .bool(isVerified),
            ]
        }
    }

    package var id: ContactID
    package var account: AccountID
    package var name: String?
    package var locale: String?
    package var timeZone: String?
    package var formOfAddress: String?
    package var preferredChannel: String?
    package var notes: String?
    package var points: [Point]
    package var version: Int
    package var createdAt: Instant

    /// What people see where there is no name.
    package var displayName: String { name ?? "Visitor \(id.text.suffix(4).uppercased())" }

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "name": .text(name),
            "locale": .text(locale), "time_zone": .text(timeZone),
            "form_of_address": .text(formOfAddress), "preferred_channel": .text(preferredChannel),
            "notes": .text(notes), "contact_points": .array(points.map(\.json)),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }

    var searchText: String {
        let texts = ([name] + points.map(\.address)).compactMap { $0 }
        let numbers = Set(points.compactMap(\.phone)).sorted { $0.text < $1.text }
        return foldedForSearch(
            (texts + numbers.flatMap(PhoneSearch.words)).joined(separator: " "))
    }
}

/// The fields that a contact is made from or changed by.
package struct ContactFields: Sendable {
    package var values: [String: String?] = [:]
    package var points: [Contact.Point]?

    static let names = [
        "name", "locale", "time_zone", "form_of_address", "preferred_channel", "notes",
    ]

    package init() {}

    /// `home` is where national numbers are read.
    package init(reading input: inout Input, home: PhoneRegion?) {
        for name in Self.names where input.has(name) {
            values[name] = input.optionalText(name, max: name == "notes" ? 4000 : 200)
        }
        if case .some(.some(let zone)) = values["time_zone"], Zone(zone) == nil {
            input.reject("time_zone", "time_zone", "must be an IANA name such as Europe/London.")
        }
        if case .some(.some(let tag)) = values["locale"], !LanguageTag.isKnown(tag) {
            input.reject("locale", "locale", "must be a language tag such as en or ru.")
        }
        _ = input.optionalChoice("preferred_channel", Channel.self)
        let sent = input.nestedList("contact_points", max: 40) { point in
            let channel = point.choice("channel", Channel.self)
            let address = point.text("address", max: 254)
            return Self.checked(channel, address, home, in: &point)
        }
        points = sent?.reduce(into: []) { list, point in
            if !list.contains(point) { list.append(point) }
        }
    }

    /// The address in the one form we keep; reports what is wrong with it.
    private static func checked(
        _ channel: Channel?, _ address: String, _ home: PhoneRegion?, in input: inout Input
    ) -> Contact.Point? {
        guard let channel, !address.isEmpty else { return nil }
        switch channel {
        case .email:
            guard let email = EmailAddress(address) else {
                input.reject("address", "email", "is not an e-mail address.")
                return nil
            }
            guard CardMask.masked(email.text) == email.text else {
                input.reject("address", "card", "must not contain a card number.")
                return nil
            }
            return Contact.Point(channel: channel.rawValue, address: email.text)
        case .sms, .phone, .whatsapp:
            let phone = input.phone("address", address, in: home)
            return phone.map { Contact.Point(channel: channel.rawValue, address: $0.text) }
        case .webChat, .telegram, .messenger, .api:
            return Contact.Point(channel: channel.rawValue, address: address)
        }
    }

    func apply(to contact: inout Contact) {
        func sent(_ name: String, _ set: (String?) -> Void) {
            if let value = values[name] { set(value) }
        }
        sent("name") { contact.name = $0.flatMap { $0.isEmpty ? nil : CardMask.masked($0) } }
        sent("locale") { contact.locale = $0 }
        sent("time_zone") { contact.timeZone = $0 }
        sent("form_of_address") { contact.formOfAddress = CardMask.masked(orNil: $0) }
        sent("preferred_channel") { contact.preferredChannel = $0 }
        sent("notes") { contact.notes = CardMask.masked(orNil: $0) }
        if let points {
            // What is sent replaces the list; what was proved stays proved.
            let proved = contact.points.filter(\.isVerified)
            contact.points = points.reduce(into: proved) { list, point in
                let known = list.contains {
                    $0.channel == point.channel && $0.address == point.address
                }
                if !known { list.append(point) }
            }
        }
    }
}

/// The people each business knows.
package struct ContactBook: Sendable {
    let store: Store
    let ambient: Ambient

    package init(store: Store, ambient: Ambient) {
        self.store = store
        self.ambient = ambient
    }

    package func create(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> Contact {
        try actor.require(.converse, in: account)
        let unread = try Input(body)
        let ambient = ambient
        return try await store.write { tx in
            guard try ContactQueries.accountExists(account, in: tx) else {
                throw Refusal.notFound()
            }
            var input = unread
            let fields = try Self.fields(of: &input, in: account, tx)
            try input.finish()
            return try Self.insert(fields, in: account, ambient: ambient, in: tx)
        }
    }

    /// Makes a contact inside a transaction that does more.
    package static func insert(
        _ fields: ContactFields, in account: AccountID, ambient: Ambient, in tx: Transaction
    ) throws -> Contact {
        var contact = Contact(
            id: ContactID(from: ambient), account: account, points: [], version: 1,
            createdAt: ambient.now())
        fields.apply(to: &contact)
        try ContactQueries.insert(contact, in: tx)
        try tx.raise(
            Event("contact.created", account: account, subject: contact.id.text, ambient: ambient))
        return contact
    }

    /// Reads the fields as the business's own country writes numbers.
    private static func fields(
        of input: inout Input, in account: AccountID, _ tx: Transaction
    ) throws -> ContactFields {
        let home =
            input.has("contact_points")
            ? try AccountDirectory.phoneRegion(of: account, in: tx) : nil
        return ContactFields(reading: &input, home: home)
    }

    package func contact(_ id: ContactID, for actor: Actor) async throws -> Contact {
        try await store.read { tx in try Self.contact(id, for: actor, in: tx) }
    }

    package static func contact(
        _ id: ContactID, for actor: Actor, in tx: Transaction
    ) throws -> Contact {
        guard let account = try ContactQueries.account(of: id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: account)
        guard let contact = try ContactQueries.contact(id, of: account, in: tx) else {
            throw Refusal.notFound()
        }
        return contact
    }

    /// Finds by words of name and addresses; all words must begin some word.
    package func contacts(
        of account: AccountID, query: String?, _ paging: Paging, for actor: Actor
    ) async throws -> [Contact] {
        try actor.require(.viewAccount, in: account)
        return try await store.read { tx in
            guard try ContactQueries.accountExists(account, in: tx) else {
                throw Refusal.notFound()
            }
            return try Self.contacts(of: account, query: query, paging, in: tx)
        }
    }

    /// The addresses of some contacts, for a page that has checked who is looking.
    package static func points(
        of contacts: [ContactID], account: AccountID, in tx: Transaction
    ) throws -> [ContactID: [Contact.Point]] {
        var found: [ContactID: [Contact.Point]] = [:]
        // A statement takes only so many values.
        for start in stride(from: 0, to: contacts.count, by: 500) {
            let some = Array(contacts[start..<min(start + 500, contacts.count)])
            found.merge(try ContactQueries.points(of: some, account: account, in: tx)) { $1 }
        }
        return found
    }

    /// The same for a page that has checked who is looking.
    package static func contacts(
        of account: AccountID, query: String?, _ paging: Paging, in tx: Transaction
    ) throws -> [Contact] {
        let isNumber = query?.contains(where: \.isNumber) ?? false
        return try ContactQueries.contacts(
            of: account, query: query,
            home: isNumber ? try AccountDirectory.phoneRegion(of: account, in: tx) : nil,
            after: paging.after, limit: paging.fetch, in: tx)
    }

    package func update(
        _ id: ContactID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> Contact {
        let unread = try Input(body)
        let ambient = ambient
        return try await store.write { tx in
            var contact = try Self.contact(id, for: actor, in: tx)
            try actor.require(.converse, in: contact.account)
            var input = unread
            let fields = try Self.fields(of: &input, in: contact.account, tx)
            try input.finish()
            if let version, version != contact.version { throw Refusal.stale() }
            fields.apply(to: &contact)
            contact.version += 1
            try ContactQueries.update(contact, in: tx)
            try tx.raise(
                Event(
                    "contact.updated", account: contact.account, subject: id.text,
                    ["version": .number(contact.version)], ambient: ambient))
            return contact
        }
    }

    /// The contact that a booking speaks of: `contact_id`, or a new one from `contact`; nil when
    /// neither was sent.
    package static func resolve(
        _ body: JSONValue, in account: AccountID, ambient: Ambient, in tx: Transaction
    ) throws -> ContactID? {
        var input = try Input(body)
        if let text = input.optionalText("contact_id") {
            let id = ContactID(text)
            guard try ContactQueries.account(of: id, in: tx) == account else {
                throw Refusal.invalid("contact_id", "unknown", "is not a contact of this business.")
            }
            return id
        }
        let fields = try input.nested("contact") { try Self.fields(of: &$0, in: account, tx) }
        try input.finish()
        guard let fields else { return nil }
        // Somebody booking again with the same proved address is the same person.
        for point in fields.points ?? [] {
            if let known = try ContactQueries.verifiedOwner(
                of: point.address, channel: point.channel, account: account, in: tx)
            {
                return known
            }
        }
        return try insert(fields, in: account, ambient: ambient, in: tx).id
    }

    /// The contact behind a channel's own sender id, made at the first message. The channel vouches
    /// for the address, so it is verified. A telephone's must be a number (422 `from.address`).
    package static func sender(
        address: String, name: String?, channel: String, account: AccountID, ambient: Ambient,
        in tx: Transaction
    ) throws -> ContactID {
        var address = address
        if Channel(rawValue: channel)?.isTelephone == true {
            let home = try AccountDirectory.phoneRegion(of: account, in: tx)
            do { address = try PhoneNumber.parse(address, in: home).text } catch {
                throw Refusal.invalid("from.address", "phone", error.sentence)
            }
        }
        if let known = try ContactQueries.verifiedOwner(
            of: address, channel: channel, account: account, in: tx)
        {
            return known
        }
        var fields = ContactFields()
        if let name { fields.values["name"] = name }
        fields.points = [Contact.Point(channel: channel, address: address, isVerified: true)]
        return try insert(fields, in: account, ambient: ambient, in: tx).id
    }
}
