import Kernel
import Store

/// A time that a business keeps for a client, or for a moment while somebody decides.
package struct Appointment: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        /// Kept while somebody decides, until it expires.
        case held
        case pending, confirmed
        case canceled, completed
        case noShow = "no_show"

        /// Nothing changes any more.
        package var isFinal: Bool { [.canceled, .completed, .noShow].contains(self) }
    }

    package let id: AppointmentID
    package let account: AccountID
    package var status: Status
    package let service: ServiceID
    package var contact: ContactID?
    package var conversation: ConversationID?
    package var start: Instant
    package var end: Instant
    package var partySize: Int
    /// Sorted.
    package var staff: [StaffID]
    package var resources: [ResourceID]
    package var notes: String?
    /// Set while held; from this very moment on it is gone.
    package var expiresAt: Instant?
    /// The service's price when it was booked.
    package var price: Money?
    package var bookedBy: UserID?
    /// The visits that were booked together with it.
    package var series: SeriesID?
    package var canceledReason: String?
    package var canceledAt: Instant?
    /// What the client owes because it did not take place.
    package var fee: AppointmentFee?
    /// When its client was asked to choose another time, because this one cannot be kept.
    package var askedToMoveAt: Instant?
    package var version: Int
    package let createdAt: Instant
    /// How often it moved or was called off: what those invited must hear of.
    package var sequence = 0

    package var parties: [PartyID] { resources.map(PartyID.resource) + staff.map(PartyID.staff) }

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "status": .string(status.rawValue),
            "service_id": .id(service), "start": .instant(start), "end": .instant(end),
            "staff_ids": .list(staff.map(\.text)), "resource_ids": .list(resources.map(\.text)),
            "contact_id": .id(contact), "conversation_id": .id(conversation),
            "party_size": .number(partySize), "notes": .text(notes),
            "price": price?.json ?? .null, "expires_at": .instant(expiresAt),
            "booked_by": .id(bookedBy), "series_id": .id(series), "canceled_reason": .text(canceledReason),
            "canceled_at": .instant(canceledAt), "fee": fee?.sum.json ?? .null,
            "fee_reason": .text(fee?.reason.rawValue),
            "asked_to_move_at": .instant(askedToMoveAt), "version": .number(version),
            "created_at": .instant(createdAt),
        ]
    }

    /// For the record of changes: without what was written about the client.
    var auditJSON: JSONValue {
        var members = json.object ?? [:]
        for name in ["notes", "canceled_reason"] { members[name] = nil }
        return .object(members)
    }

    /// The event about what has just become of it. Where the same has happened to several of its
    /// series, `following` counts the others at the first of them, and is 0 at the others.
    func event(_ type: String, following: Int? = nil, ambient: Ambient) -> Event {
        Event(
            type, account: account, subject: id.text,
            [
                "service_id": .id(service), "start": .instant(start), "end": .instant(end),
                "contact_id": .id(contact), "conversation_id": .id(conversation),
                "staff_ids": .list(staff.map(\.text)), "series_id": .id(series),
                "series_following": following.map { .number($0) } ?? .null,
                "version": .number(version),
            ], ambient: ambient)
    }
}

extension Slot {
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "start": .instant(start), "end": .instant(end),
            "staff_ids": .list(staff.map(\.text)), "resource_ids": .list(resources.map(\.text)),
        ]
        if let seatsLeft { members["seats_left"] = .number(seatsLeft) }
        return .object(members)
    }
}

/// What somebody wants to hold or book.
struct BookingRequest: Sendable {
    /// How long a hold lasts, in seconds.
    static let ttlSeconds = 10...3600
    static let usualTTLSeconds = 300

    let body: JSONValue
    /// nil only when a hold says it.
    var service: ServiceID?
    var start: Instant?
    var staff: StaffID?
    var resources: [ResourceID] = []
    var partySize: Int?
    var hold: AppointmentID?
    var conversation: ConversationID?
    var notes: String?
    var ttlSeconds = usualTTLSeconds
    var recurrence: Recurrence?

    init(reading body: JSONValue, mayNameHold: Bool) throws {
        self.body = body
        var input = try Input(body)
        if mayNameHold { hold = input.optionalText("hold_id", min: 1).map(AppointmentID.init) }
        if hold == nil || input.has("service_id") {
            service = ServiceID(input.text("service_id"))
        }
        if hold == nil || input.has("start") { start = input.instant("start") }
        staff = input.optionalText("staff_id", min: 1).map(StaffID.init)
        resources = (input.optionalTexts("resource_ids", max: 100) ?? []).map(ResourceID.init)
        partySize = input.optionalInteger("party_size", in: ServicePlan.Bounds.capacity)
        conversation = input.optionalText("conversation_id", min: 1).map(ConversationID.init)
        notes = CardMask.masked(orNil: input.optionalText("notes", max: 4000))
        ttlSeconds = Self.ttl(&input)
        if mayNameHold { recurrence = input.nested("recurrence", Recurrence.read) ?? nil }
        try input.finish()
    }

    static func ttl(_ input: inout Input) -> Int {
        input.optionalInteger("ttl_seconds", in: ttlSeconds) ?? usualTTLSeconds
    }

    /// Who must take part.
    var required: [PartyID] {
        (staff.map { [PartyID.staff($0)] } ?? []) + resources.map(PartyID.resource)
    }
}
