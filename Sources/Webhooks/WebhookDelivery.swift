import Crypto
import Foundation
import Kernel
import Store

package enum WebhookDeliveryKind: IdentifierKind { package static let prefix = "whd" }
package typealias WebhookDeliveryID = Identifier<WebhookDeliveryKind>

/// One event on its way to one endpoint.
///
/// Its id is the `webhook-id` that receivers know repeats by.
package struct WebhookDelivery: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable { case waiting, delivered, failed }

    package static let testType = "webhook.test"

    package var id: WebhookDeliveryID
    package var account: AccountID
    package var webhook: WebhookID
    package var event: String
    package var type: String
    package var resendOf: WebhookDeliveryID?
    /// The body, as it is signed and sent each time.
    package var payload: String
    package var status = Status.waiting
    package var attempts = 0
    package var answerStatus: Int?
    package var failure: String?
    package var nextAttemptAt: Instant?
    package var createdAt: Instant
    package var finishedAt: Instant?

    /// A try of the connection: made once, and it decides nothing about the endpoint.
    package var isTest: Bool { type == Self.testType }

    package var json: JSONValue { .object(members) }

    package func json(_ log: [WebhookAttempt]) -> JSONValue {
        var members = members
        members["attempts"] = .array(log.map(\.json))
        return .object(members)
    }

    private var members: [String: JSONValue] {
        [
            "id": .id(id), "account_id": .id(account), "webhook_id": .id(webhook),
            "event_id": .string(event), "type": .string(type), "resend_of": .id(resendOf),
            "status": .string(status.rawValue), "attempt_count": .number(attempts),
            "answer_status": .number(answerStatus), "failure": .text(failure),
            "next_attempt_at": .instant(nextAttemptAt), "created_at": .instant(createdAt),
            "finished_at": .instant(finishedAt),
            "payload": JSONValue(parsing: payload) ?? .string(payload),
        ]
    }

    /// The body of the Standard Webhooks specification around the event as `GET /events` shows it.
    static func payload(of event: Event) -> String {
        let body: JSONValue = [
            "type": .string(event.type), "timestamp": .instant(event.occurredAt),
            "data": event.json,
        ]
        return body.serialized
    }
}

/// One try, and what the other side said.
package struct WebhookAttempt: Sendable, Equatable {
    package var number: Int
    package var at: Instant
    package var answerStatus: Int?
    package var answer: String?
    package var isAnswerCut = false
    /// nil: it was delivered.
    package var failure: String?
    package var milliseconds: Int

    package var json: JSONValue {
        [
            "number": .number(number), "at": .instant(at), "answer_status": .number(answerStatus),
            "answer": .text(answer), "is_answer_cut": .bool(isAnswerCut), "failure": .text(failure),
            "milliseconds": .number(milliseconds),
        ]
    }
}

/// When a delivery that failed is tried again.
package enum WebhookSchedule {
    /// As the Standard Webhooks specification proposes: at once for a hiccup, then ever more rarely.
    static let pauses = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    static let days = 3
    /// The longest that a receiver may ask us to wait.
    static let longestWish = 86_400

    /// nil: three days have passed, this was the last attempt.
    static func next(
        after attempts: Int, of delivery: WebhookDelivery, now: Instant, wish: Int?
    ) -> Instant? {
        let end = delivery.createdAt.advanced(byDays: days)
        if now >= end { return nil }
        let pause = pauses[min(max(attempts, 1), pauses.count) - 1]
        // Up to a tenth longer, by the delivery: what failed together does not come back together.
        let spread = SHA256.hash(data: Data("\(delivery.id) \(attempts)".utf8)).first { _ in true }
        let milliseconds = pause * 1000 + pause * 100 * Int(spread ?? 0) / 255
        let wished = min(max(wish ?? 0, 0), longestWish) * 1000
        return min(now.advanced(byMilliseconds: Int64(max(milliseconds, wished))), end)
    }
}
