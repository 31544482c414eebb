import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Store

/// `Idempotency-Key`: the same key and body answer the first result again for 24 hours.
///
/// The transaction that has the effect also marks the key (`Store.rider`), so a request is never
/// carried out twice, even when its process died before the answer was kept.
package struct Idempotency: Sendable {
    private enum Found {
        case nothing, running
        case done(APIAnswer)
        /// It had its effect, and the answer was lost with its process.
        case lost
    }

    let store: Store
    let ambient: Ambient

    private static let keptMilliseconds: Int64 = 86_400_000
    /// A first request without any effect by then is taken over. If it lives after all, its
    /// transaction finds that the claim has passed on and is undone.
    private static let abandonedMilliseconds: Int64 = 10_000
    /// One that had its effect and no answer by then died in between.
    private static let lostMilliseconds: Int64 = 30_000
    /// How long an equal request waits for the first one's answer.
    private static let mostWait = Duration.seconds(11)

    func once(
        key: String, by actor: Actor, path: String, body: [UInt8], seal: AnswerSeal?,
        _ act: () async throws -> APIAnswer
    ) async throws -> Response {
        guard (1...255).contains(key.utf8.count), !key.utf8.contains(0) else {
            throw Refusal.invalid(
                "Idempotency-Key", "range", "must have between 1 and 255 characters.")
        }
        let fingerprint = Self.hex(SHA256.hash(data: Data(path.utf8) + [0] + Data(body)))
        let slot = Slot(user: actor.user, key: key, claim: ambient.newID("idem"))
        if let earlier = try await claimOrWait(slot, fingerprint) {
            return try Self.readable(earlier, of: slot, seal).response
        }
        let now = ambient.now()
        let answer: APIAnswer
        do {
            answer = try await Store.$rider.withValue({ tx in
                guard try IdempotencyQueries.commit(slot, at: now, in: tx) else {
                    throw Refusal.conflict("Another request with this key has taken over.")
                }
            }) { try await act() }
        } catch {
            await free(slot, after: error)
            throw error
        }
        // If this fails the mark stays: what was done must not be done again.
        var kept = answer
        if answer.holdsSecret {
            kept.body = try seal?.sealed(answer.body, of: slot) ?? .null
        }
        let stored = kept
        try await store.write { tx in try IdempotencyQueries.finish(slot, stored, in: tx) }
        return answer.response
    }

    /// A sealed answer is shown to the credential that it was made for.
    private static func readable(
        _ answer: APIAnswer, of slot: Slot, _ seal: AnswerSeal?
    ) throws -> APIAnswer {
        guard AnswerSeal.isSealed(answer.body) else { return answer }
        guard let body = seal?.opened(answer.body, of: slot) else { throw lost() }
        var answer = answer
        answer.body = body
        return answer
    }

    private static func lost() -> Refusal {
        .conflict(
            "This was carried out, but its answer was lost. Look before you send it again.",
            code: "answer_lost")
    }

    /// For a raw route: `about` stands for the body, which was not read.
    package func once(
        _ call: APICall, about: String, _ act: () async throws -> APIAnswer
    ) async throws -> Response {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = call.request.headers[name]
        else { return try await act().response }
        return try await once(
            key: key, by: call.actor, path: call.request.uri.description, body: Array(about.utf8),
            seal: AnswerSeal(of: call.request, call.context), act)
    }

    /// nil: it is ours to do. Waits for an equal request that is at work; one process or another.
    private func claimOrWait(_ slot: Slot, _ fingerprint: String) async throws -> APIAnswer? {
        let deadline = ContinuousClock.now + Self.mostWait
        var pause = Duration.milliseconds(20)
        while true {
            switch try await look(slot, fingerprint) {
            case .nothing: return nil
            case .done(let answer): return answer
            case .lost: throw Self.lost()
            case .running:
                guard .now < deadline else {
                    var refusal = Refusal.conflict(
                        "The first request with this key is still running.")
                    refusal.retryAfterSeconds = 5
                    throw refusal
                }
                try await ambient.sleep(pause)
                pause = min(pause * 2, .milliseconds(250))
            }
        }
    }

    private func look(_ slot: Slot, _ fingerprint: String) async throws -> Found {
        let now = ambient.now()
        return try await store.write { tx in
            try IdempotencyQueries.forget(
                slot, before: now.advanced(byMilliseconds: -Self.keptMilliseconds),
                abandonedBefore: now.advanced(byMilliseconds: -Self.abandonedMilliseconds), in: tx)
            if try IdempotencyQueries.claim(slot, fingerprint, at: now, in: tx) { return .nothing }
            guard let found = try IdempotencyQueries.find(slot, in: tx) else { return .running }
            guard found.fingerprint == fingerprint else {
                throw Refusal.conflict(
                    "This idempotency key was used with another request.",
                    code: "idempotency_mismatch")
            }
            if let answer = found.answer { return .done(answer) }
            let isOld = found.createdAt <= now.advanced(byMilliseconds: -Self.lostMilliseconds)
            return found.isCommitted && (isOld || !found.isClaimed) ? .lost : .running
        }
    }

    /// A refusal did nothing, so the key is free for another try; after a fault only if the
    /// mark shows that nothing was done.
    private func free(_ slot: Slot, after error: any Error) async {
        let didNothing = error is Refusal
        // If this fails too, the claim is taken over a little later.
        try? await store.write { tx in
            try IdempotencyQueries.free(slot, evenIfCommitted: didNothing, in: tx)
        }
    }

    /// Ends the claims of a process that was alone on the database and is no more: keys without
    /// effect are free at once, and of the others the answer is lost.
    package static func takeOver(claimedBefore start: Instant, in tx: Transaction) throws {
        try IdempotencyQueries.endClaims(before: start, in: tx)
    }

    /// Takes keys away that are no longer kept, at most `limit`; answers how many.
    package static func purge(now: Instant, limit: Int, in tx: Transaction) throws -> Int {
        try IdempotencyQueries.purge(
            before: now.advanced(byMilliseconds: -keptMilliseconds), limit: limit, in: tx)
    }

    static func hex(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }
}

/// One person's key and one try to use it.
struct Slot: Sendable {
    var user: UserID
    var key: String
    var claim: String
}
