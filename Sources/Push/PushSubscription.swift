import Foundation
import Kernel
import Store

package enum PushSubscriptionKind: IdentifierKind { package static let prefix = "push" }
package typealias PushSubscriptionID = Identifier<PushSubscriptionKind>

/// A browser that wants to be told, also while no page of ours is open in it.
package struct PushSubscription: Sendable, Equatable {
    /// Whose news: those of the desk or those of the portal.
    package enum Kind: String, Sendable, CaseIterable { case office, account }

    package var id: PushSubscriptionID
    package var user: UserID
    package var kind: Kind
    /// The push service's address for this browser: a secret of the person.
    package var endpoint: String
    package var publicKey: String
    package var secret: String
    package var language: String
    package var createdAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "kind": .string(kind.rawValue), "language": .string(language),
            "service": .text(URL(string: endpoint)?.host), "created_at": .instant(createdAt),
        ]
    }
}

/// What a person is told: a line, and where to look.
package struct PushNotice: Sendable {
    package var title: Phrase
    package var text: Phrase
    /// Opened by a touch; a path of ours.
    package var path: String
    /// A later notice with the same tag takes the place of this one.
    package var tag: String

    package init(title: Phrase, text: Phrase, path: String, tag: String) {
        self.title = title
        self.text = text
        self.path = path
        self.tag = tag
    }
}
