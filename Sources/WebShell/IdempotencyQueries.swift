import HTTPTypes
import Kernel
import Store

enum IdempotencyQueries {
    struct Found {
        var fingerprint: String
        var answer: APIAnswer?
        var isCommitted: Bool
        var isClaimed: Bool
        var createdAt: Instant
    }

    /// Takes away what is no longer kept, and a try that died before it had any effect.
    static func forget(
        _ slot: Slot, before old: Instant, abandonedBefore abandoned: Instant, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM idempotency_keys
            WHERE user_id = \(slot.user) AND key = \(slot.key)
                AND (created_at <= \(old)
                    OR (status IS NULL AND committed_at IS NULL AND created_at <= \(abandoned)))
            """)
    }

    static func claim(
        _ slot: Slot, _ fingerprint: String, at now: Instant, in tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO idempotency_keys (user_id, key, claim, fingerprint, created_at)
            VALUES (\(slot.user), \(slot.key), \(slot.claim), \(fingerprint), \(now))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    static func find(_ slot: Slot, in tx: Transaction) throws -> Found? {
        try tx.first(
            """
            SELECT fingerprint, status, body, location, version, committed_at, created_at, claim
            FROM idempotency_keys
            WHERE user_id = \(slot.user) AND key = \(slot.key)
            """
        ) { row in
            let body = try row.json(2)
            let answer = try row.optionalInt(1).map { status in
                APIAnswer(
                    status: .init(code: status), body: status == 204 ? .none : .some(body),
                    location: row.textOrNil(3), version: try row.optionalInt(4))
            }
            return Found(
                fingerprint: try row.text(0), answer: answer,
                isCommitted: try row.instantOrNil(5) != nil, isClaimed: row.textOrNil(7) != nil,
                createdAt: try row.instant(6))
        }
    }

    /// Marks that the effect is there; false when the claim is no longer ours.
    static func commit(_ slot: Slot, at now: Instant, in tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE idempotency_keys SET committed_at = \(now)
            WHERE user_id = \(slot.user) AND key = \(slot.key) AND claim = \(slot.claim)
            """) == 1
    }

    static func finish(_ slot: Slot, _ answer: APIAnswer, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE idempotency_keys
            SET status = \(answer.status.code), body = \(answer.body ?? .null),
                location = \(answer.location), version = \(answer.version)
            WHERE user_id = \(slot.user) AND key = \(slot.key) AND claim = \(slot.claim)
            """)
    }

    static func free(_ slot: Slot, evenIfCommitted: Bool, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM idempotency_keys
            WHERE user_id = \(slot.user) AND key = \(slot.key) AND claim = \(slot.claim)
                AND status IS NULL AND (committed_at IS NULL OR \(evenIfCommitted) = 1)
            """)
    }

    static func endClaims(before start: Instant, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM idempotency_keys
            WHERE status IS NULL AND committed_at IS NULL AND created_at < \(start)
            """)
        try tx.execute(
            """
            UPDATE idempotency_keys SET claim = NULL
            WHERE status IS NULL AND created_at < \(start)
            """)
    }

    static func purge(before cutoff: Instant, limit: Int, in tx: Transaction) throws -> Int {
        try tx.execute(
            """
            DELETE FROM idempotency_keys
            WHERE (user_id, key) IN (
                SELECT user_id, key FROM idempotency_keys
                WHERE created_at <= \(cutoff)
                LIMIT \(limit)
            )
            """)
    }
}
