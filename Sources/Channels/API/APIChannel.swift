import Conversations
import Files
import Foundation
import Kernel
import Outbound

/// The channel of programs: they post what contacts write to `/inboxes/{id}/inbound`, and what we
/// answer is posted to their `webhook_url`, if they gave one.
package struct APIChannel: ChannelAdapter {
    package let channel = "api"
    private let client: OutboundClient

    package init(client: OutboundClient) { self.client = client }

    package func check(_ config: inout Input) {
        config.refuseOthers(than: ["webhook_url", "set_by_office"])
        guard let url = config.optionalText("webhook_url", max: 2000) else { return }
        let parts = URLComponents(string: url)
        if !["http", "https"].contains(parts?.scheme ?? "") || (parts?.host ?? "").isEmpty {
            config.reject("webhook_url", "url", "must be an http or https URL.")
        }
    }

    package func needsDelivery(_ config: JSONValue) -> Bool {
        config["webhook_url"]?.string != nil
    }

    package func send(
        _ message: OutgoingMessage, _ config: JSONValue
    ) async throws(DeliveryFailure) -> String? {
        guard let url = config["webhook_url"]?.string else { return nil }
        let answer: OutboundClient.Answer
        do throws(OutboundFailure) {
            answer = try await client.post(
                url, json: Self.json(message),
                headers: [("idempotency-key", message.id.text)],
                mayBePrivate: config["set_by_office"]?.bool ?? false)
        } catch {
            switch error {
            case .refused(let reason): throw .permanent(reason)
            case .unreachable(let reason): throw .temporary(reason, retryAfterSeconds: nil)
            }
        }
        switch answer.status {
        case 200..<300:
            return nil
        case 408, 425, 429, 500...:
            throw .temporary(
                "answered \(answer.status)", retryAfterSeconds: answer.retryAfterSeconds)
        default:
            throw .permanent("answered \(answer.status)")
        }
    }

    static func json(_ message: OutgoingMessage) -> JSONValue {
        [
            "type": "message", "message_id": .id(message.id),
            "conversation_id": .id(message.conversation), "contact_id": .id(message.contact),
            "to": .text(message.address), "text": .string(message.text),
            "attachments": .array(message.attachments.map(\.attachmentJSON)),
            "created_at": .instant(message.createdAt),
        ]
    }
}
