import Kernel
import Store

enum WebhookDeliveryQueries {
    static let columns: SQL = """
        id, account_id, webhook_id, event_id, type, resend_of, payload, status, attempts,
        answer_status, failure, next_attempt_at, created_at, finished_at
        """

    static func read(_ row: Row) throws -> WebhookDelivery {
        WebhookDelivery(
            id: try row.id(0), account: try row.id(1), webhook: try row.id(2),
            event: try row.text(3), type: try row.text(4), resendOf: row.idOrNil(5),
            payload: try row.text(6), status: try row.word(7), attempts: try row.int(8),
            answerStatus: try row.optionalInt(9), failure: row.textOrNil(10),
            nextAttemptAt: try row.instantOrNil(11), createdAt: try row.instant(12),
            finishedAt: try row.instantOrNil(13))
    }

    /// Answers whether it was made: an event goes to an endpoint once.
    static func insert(_ delivery: WebhookDelivery, in tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO webhook_deliveries (\(columns))
            VALUES (\(delivery.id), \(delivery.account), \(delivery.webhook),
                \(delivery.event), \(delivery.type), \(delivery.resendOf), \(delivery.payload),
                \(delivery.status.rawValue), \(delivery.attempts), \(delivery.answerStatus),
                \(delivery.failure), \(delivery.nextAttemptAt), \(delivery.createdAt),
                \(delivery.finishedAt))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    static func update(_ delivery: WebhookDelivery, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE webhook_deliveries
            SET status = \(delivery.status.rawValue), attempts = \(delivery.attempts),
                answer_status = \(delivery.answerStatus), failure = \(delivery.failure),
                next_attempt_at = \(delivery.nextAttemptAt), finished_at = \(delivery.finishedAt)
            WHERE id = \(delivery.id) AND account_id = \(delivery.account)
            """)
    }

    static func delivery(
        _ id: WebhookDeliveryID, locking: Bool = false, in tx: Transaction
    ) throws -> WebhookDelivery? {
        let lock: SQL = locking ? "\(.forUpdate)" : ""
        return try tx.first(
            "SELECT \(columns) FROM webhook_deliveries WHERE id = \(id) \(lock)", read)
    }

    /// Newest first.
    static func deliveries(
        of webhook: Webhook, status: WebhookDelivery.Status?, before: String?, limit: Int,
        in tx: Transaction
    ) throws -> [WebhookDelivery] {
        let which: SQL = status.map { "AND status = \($0.rawValue)" } ?? ""
        let older: SQL = before.map { "AND id < \($0)" } ?? ""
        return try tx.all(
            """
            SELECT \(columns)
            FROM webhook_deliveries
            WHERE webhook_id = \(webhook.id) AND account_id = \(webhook.account) \(which) \(older)
            ORDER BY id DESC
            LIMIT \(limit)
            """, read)
    }

    static func insert(
        _ attempt: WebhookAttempt, of delivery: WebhookDelivery, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO webhook_attempts
                (delivery_id, number, account_id, at, answer_status, answer, is_answer_cut,
                 failure, milliseconds)
            VALUES (\(delivery.id), \(attempt.number), \(delivery.account), \(attempt.at),
                \(attempt.answerStatus), \(attempt.answer), \(attempt.isAnswerCut),
                \(attempt.failure), \(attempt.milliseconds))
            """)
    }

    static func attempts(
        of delivery: WebhookDelivery, in tx: Transaction
    ) throws -> [WebhookAttempt] {
        try tx.all(
            """
            SELECT number, at, answer_status, answer, is_answer_cut, failure, milliseconds
            FROM webhook_attempts
            WHERE delivery_id = \(delivery.id) AND account_id = \(delivery.account)
            ORDER BY number
            """
        ) { row in
            WebhookAttempt(
                number: try row.int(0), at: try row.instant(1),
                answerStatus: try row.optionalInt(2), answer: row.textOrNil(3),
                isAnswerCut: try row.bool(4), failure: row.textOrNil(5),
                milliseconds: try row.int(6))
        }
    }

    /// Of an endpoint that was removed while this was on its way to it.
    static func delete(_ delivery: WebhookDelivery, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM webhook_deliveries
            WHERE id = \(delivery.id) AND account_id = \(delivery.account)
            """)
    }
}
