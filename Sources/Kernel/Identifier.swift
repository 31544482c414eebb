/// The opaque id of one kind of thing: `acct_01jd…`, unguessable and sortable by time.
///
/// The prefix names the kind; the rest is a UUIDv7 (RFC 9562) in Crockford base 32.
package struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Accepts any text as it came from outside: an id that was never issued finds nothing.
    package init(_ text: String) { self.text = text }

    package init(from ambient: Ambient) { text = ambient.newID(Kind.prefix) }

    package var description: String { text }
}

extension Identifier: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

package protocol IdentifierKind: Sendable {
    static var prefix: String { get }
}

package enum AccountKind: IdentifierKind { package static let prefix = "acct" }
package enum UserKind: IdentifierKind { package static let prefix = "user" }
package enum ContactKind: IdentifierKind { package static let prefix = "ctct" }
package enum InboxKind: IdentifierKind { package static let prefix = "inb" }
package enum ConversationKind: IdentifierKind { package static let prefix = "conv" }
package enum MessageKind: IdentifierKind { package static let prefix = "msg" }
package enum ServiceKind: IdentifierKind { package static let prefix = "svc" }
package enum StaffKind: IdentifierKind { package static let prefix = "stf" }
package enum ResourceKind: IdentifierKind { package static let prefix = "res" }
package enum AppointmentKind: IdentifierKind { package static let prefix = "appt" }
package enum InquiryKindOfID: IdentifierKind { package static let prefix = "inq" }
package enum FileKind: IdentifierKind { package static let prefix = "file" }

package typealias AccountID = Identifier<AccountKind>
package typealias UserID = Identifier<UserKind>
package typealias ContactID = Identifier<ContactKind>
package typealias InboxID = Identifier<InboxKind>
package typealias ConversationID = Identifier<ConversationKind>
package typealias MessageID = Identifier<MessageKind>
package typealias ServiceID = Identifier<ServiceKind>
package typealias StaffID = Identifier<StaffKind>
package typealias ResourceID = Identifier<ResourceKind>
package typealias AppointmentID = Identifier<AppointmentKind>
package typealias InquiryID = Identifier<InquiryKindOfID>
package typealias FileID = Identifier<FileKind>
