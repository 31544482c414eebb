import Kernel
import PhoneNumbers

/// Somebody of a business who serves its clients and can be booked.
package struct StaffMember: Sendable, Equatable {
    package let id: StaffID
    package let account: AccountID
    package var name = ""
    package var email: String?
    package var phone: String?
    /// The member's own sign-in, if there is one.
    package var user: UserID?
    /// Of their own schedule; nil: the business's.
    package var timeZone: String?
    /// nil: the business's hours apply.
    package var hours: OpeningHours?
    package var isActive = true
    package var version = 1
    package let createdAt: Instant

    /// The telephone as people of `home` write it.
    package func shownPhone(in home: PhoneRegion?) -> String? {
        phone.map { PhoneNumber(e164: $0)?.shown(in: home) ?? $0 }
    }

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "name": .string(name),
            "email": .text(email), "phone": .text(phone), "user_id": .id(user),
            "time_zone": .text(timeZone), "schedule": hours?.json ?? .null,
            "is_active": .bool(isActive), "version": .number(version),
            "created_at": .instant(createdAt),
        ]
    }

    /// Takes over what the body says and leaves the rest.
    mutating func read(_ input: inout Input, home: PhoneRegion?) {
        if name.isEmpty || input.has("name") { name = input.text("name", max: 120) }
        if input.has("email") { email = Self.email(&input) }
        if input.has("phone") { phone = input.optionalPhone("phone", in: home)?.text }
        if input.has("user_id") { user = input.optionalText("user_id", min: 1).map(UserID.init) }
        if input.has("time_zone") { timeZone = input.timeZone() }
        if input.has("schedule") { hours = input.schedule() }
        if let active = input.optionalBool("is_active") { isActive = active }
    }

    private static func email(_ input: inout Input) -> String? {
        guard let text = input.optionalText("email", max: 254), !text.isEmpty else { return nil }
        if let address = EmailAddress(text) { return address.text }
        input.reject("email", "email", "is not an e-mail address.")
        return nil
    }
}

/// A room, a chair, a lift: a thing that a booking takes up.
package struct BookableResource: Sendable, Equatable {
    package let id: ResourceID
    package let account: AccountID
    package var name = ""
    /// The business's own word, such as `room`; a pool without members means all of a kind.
    package var kind = ""
    package var timeZone: String?
    /// nil: always open.
    package var hours: OpeningHours?
    package var isActive = true
    package var version = 1
    package let createdAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "name": .string(name),
            "kind": .string(kind), "time_zone": .text(timeZone),
            "schedule": hours?.json ?? .null, "is_active": .bool(isActive),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
    }

    /// Takes over what the body says and leaves the rest.
    mutating func read(_ input: inout Input) {
        if name.isEmpty || input.has("name") { name = input.text("name", max: 120) }
        if kind.isEmpty || input.has("kind") { kind = input.text("kind", max: 60) }
        if input.has("time_zone") { timeZone = input.timeZone() }
        if input.has("schedule") { hours = input.schedule() }
        if let active = input.optionalBool("is_active") { isActive = active }
    }
}

/// Time during which a party, or everybody of a business, is not to be had.
package struct BusyTime: Sendable, Equatable {
    package let id: String
    package let account: AccountID
    /// nil: everybody and everything of the account.
    package var party: PartyID?
    package var range: TimeRange
    package var reason: String?
    /// Shown, but does not keep anyone from being booked.
    package var isTransparent: Bool
    package let createdAt: Instant
    /// The calendar object or source that it comes from; nil: it was made here.
    package var source: String?

    package var json: JSONValue {
        [
            "id": .string(id), "account_id": .id(account),
            "of": .string(party?.text ?? "account"), "start": .instant(range.start),
            "end": .instant(range.end), "reason": .text(reason),
            "transparent": .bool(isTransparent), "source_id": .text(source),
            "created_at": .instant(createdAt),
        ]
    }
}

extension Input {
    fileprivate mutating func timeZone() -> String? {
        guard let name = optionalText("time_zone", max: 64) else { return nil }
        if Zone(name) == nil {
            reject("time_zone", "time_zone", "must be an IANA name such as Europe/London.")
        }
        return name
    }

    fileprivate mutating func schedule() -> OpeningHours? {
        guard let value = members["schedule"], !value.isNull else { return nil }
        var problems: [Refusal.Field] = []
        let hours = OpeningHours.read(value, path: "schedule.", problems: &problems)
        absorb(problems)
        return hours
    }
}
