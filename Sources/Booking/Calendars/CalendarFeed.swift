import Kernel

package enum CalendarFeedKind: IdentifierKind { package static let prefix = "cal" }
package typealias CalendarFeedID = Identifier<CalendarFeedKind>

/// A secret address at which calendar programs read a business's bookings, or those of one of its
/// staff, again and again. Whoever has the address sees them: it can be revoked.
package struct CalendarFeed: Sendable, Equatable {
    package enum Detail: String, Sendable, CaseIterable {
        /// The service, the client's name, the notes.
        case full
        /// Only that the time is taken.
        case busy
    }

    package let id: CalendarFeedID
    package let account: AccountID
    /// nil: everybody's.
    package let staff: StaffID?
    package let detail: Detail
    package let createdBy: UserID?
    package let createdAt: Instant
    /// When a program last read it, to a quarter of an hour.
    package var lastReadAt: Instant?

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "staff_id": .id(staff),
            "detail": .string(detail.rawValue), "created_by": .id(createdBy),
            "created_at": .instant(createdAt), "last_read_at": .instant(lastReadAt),
        ]
    }

    /// With the address, which is shown this once.
    package func json(at path: String) -> JSONValue {
        var members = json.object ?? [:]
        members["path"] = .string(path)
        return .object(members)
    }
}
