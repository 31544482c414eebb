import Files
import Kernel

/// Why a message did not go out, and whether trying again can help.
package enum DeliveryFailure: Error, Sendable, Equatable {
    /// The address is wrong, the provider refuses the content: nothing changes by repeating.
    case permanent(String)
    case temporary(String, retryAfterSeconds: Int?)
}

/// A message on its way out, as an adapter sees it.
package struct OutgoingMessage: Sendable {
    package var id: MessageID
    package var conversation: ConversationID
    package var contact: ContactID
    /// The contact's address on this channel, when there is one.
    package var address: String?
    package var text: String
    package var createdAt: Instant
    package var attachments: [StoredFile] = []
}

/// One way of talking to contacts: checks the settings of its inboxes and carries messages out.
///
/// `send` may be called twice for one message when the process died between sending and noting it;
/// adapters pass the message's id on so that the other side can drop the twin.
package protocol ChannelAdapter: Sendable {
    /// As stored in `inboxes.channel`.
    var channel: String { get }

    /// Checks an inbox's settings; problems are reported under their own names.
    func check(_ config: inout Input)

    /// Whether sending is a call to another system (a job), or done once stored.
    func needsDelivery(_ config: JSONValue) -> Bool

    /// Carries the message out; answers the provider's id of it.
    func send(
        _ message: OutgoingMessage, _ config: JSONValue
    ) async throws(DeliveryFailure) -> String?
}

/// The channels that this installation has, by name.
package struct ChannelRegistry: Sendable {
    private let adapters: [String: any ChannelAdapter]

    package init(_ adapters: [any ChannelAdapter]) {
        self.adapters = Dictionary(
            adapters.map { ($0.channel, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(channel: String) -> (any ChannelAdapter)? { adapters[channel] }

    package var names: [String] { adapters.keys.sorted() }
}
