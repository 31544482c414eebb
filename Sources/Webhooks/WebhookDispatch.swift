import Foundation
import Kernel
import Outbound
import Store
import Synchronization
import Vault
import Work

/// Carries events out to the endpoints that want them.
///
/// The body is stored when the event happens: every attempt and every resend sends the same bytes,
/// whatever becomes of the events or of their form meanwhile.
package struct WebhookDispatch: Sendable {
    /// A dead endpoint of a busy business is not called for three days.
    package static let mostFailures = 1000
    /// An hour less than the schedule: the last attempt of the first failed delivery decides.
    static let failingHours = WebhookSchedule.days * 24 - 1
    /// Whoever fails so often in a row gets few places at once, and the rest wait so long.
    private static let failuresBeforeCare = 3
    private static let careSeconds = 60

    let directory: WebhookDirectory
    let outbound: OutboundClient
    private let places = FailingPlaces()
    private var store: Store { directory.store }
    private var ambient: Ambient { directory.ambient }

    package init(directory: WebhookDirectory, outbound: OutboundClient) {
        self.directory = directory
        self.outbound = outbound
    }

    package var jobHandlers: [String: @Sendable (Job) async throws -> JobOutcome] {
        ["webhook.deliver": deliver]
    }

    /// Only for what goes wrong on our side, and for waiting for a place: the pauses between
    /// attempts are those of our own schedule.
    package let policies: [String: RetryPolicy] = ["webhook.deliver": .patient]

    /// In the transaction of the event: one delivery and its job per endpoint that wants it.
    @Sendable package func react(to event: Event, in tx: Transaction) throws {
        guard let account = event.account,
            // Private notes are the office's own: a business does not even hear that there is one.
            event.payload["private"] != true
        else { return }
        for listener in try WebhookQueries.listeners(of: account, in: tx)
        where listener.events.contains(where: { WebhookEvents.matches($0, event.type) }) {
            _ = try WebhookDirectory.dispatch(
                WebhookDelivery(
                    id: WebhookDeliveryID(from: ambient), account: account,
                    webhook: listener.id, event: event.id, type: event.type,
                    payload: WebhookDelivery.payload(of: event), createdAt: ambient.now()),
                ambient, tx)
        }
    }

    // MARK: The job

    private func deliver(_ job: Job) async throws -> JobOutcome {
        let id = WebhookDeliveryID(job.payload["delivery_id"]?.string ?? "")
        let number = job.payload["attempt"]?.int ?? 1
        let found = try await store.read { tx -> (WebhookDelivery, Webhook?)? in
            try WebhookDeliveryQueries.delivery(id, in: tx).map {
                ($0, try WebhookQueries.webhook($0.webhook, in: tx))
            }
        }
        // Removed, sent again by a person, or this attempt was made and the note of it got lost.
        guard let (delivery, endpoint) = found, delivery.status == .waiting,
            delivery.attempts == number - 1
        else { return .done }
        guard let webhook = endpoint else {
            try await store.write { tx in try WebhookDeliveryQueries.delete(delivery, in: tx) }
            return .done
        }
        let isFailing = webhook.failures >= Self.failuresBeforeCare && !delivery.isTest
        if isFailing, !places.take(webhook.id) {
            return .again(
                reason: "Others wait for the same failing address.",
                afterSeconds: Self.careSeconds)
        }
        defer { if isFailing { places.give(back: webhook.id) } }
        let trial =
            webhook.isActive || delivery.isTest
            ? await attempt(delivery, webhook, number) : nil
        let ambient = ambient
        try await store.write { tx in
            try Self.record(trial, of: id, number, ambient: ambient, in: tx)
        }
        return .done
    }

    /// What an attempt brought.
    private struct Trial: Sendable {
        var attempt: WebhookAttempt
        var retryAfterSeconds: Int?
        /// The address is one that we do not call: trying again does not change that.
        var isRefused = false
    }

    private func attempt(
        _ delivery: WebhookDelivery, _ webhook: Webhook, _ number: Int
    ) async -> Trial {
        let (now, started) = (ambient.now(), ContinuousClock.now)
        var trial = Trial(attempt: WebhookAttempt(number: number, at: now, milliseconds: 0))
        do {
            let answer = try await outbound.post(
                webhook.url, body: delivery.payload,
                headers: try headers(delivery, webhook, at: now),
                mayBePrivate: webhook.isSetByOffice, keeping: WebhookDirectory.keptAnswerBytes)
            trial.attempt.answerStatus = answer.status
            trial.attempt.answer = Self.text(answer.body)
            trial.attempt.isAnswerCut = answer.isCut
            trial.retryAfterSeconds = answer.retryAfterSeconds
            if !(200..<300).contains(answer.status) {
                trial.attempt.failure = "answered \(answer.status)"
            }
        } catch OutboundFailure.refused(let reason) {
            trial.attempt.failure = reason
            trial.isRefused = true
        } catch OutboundFailure.unreachable(let reason) {
            trial.attempt.failure = reason
        } catch {
            // The vault: the key that sealed the secret is gone.
            trial.attempt.failure = "\(error)"
        }
        let (seconds, attoseconds) = started.duration(to: .now).components
        trial.attempt.milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        return trial
    }

    private func headers(
        _ delivery: WebhookDelivery, _ webhook: Webhook, at now: Instant
    ) throws -> [(String, String)] {
        var sealed = [webhook.secret]
        if let previous = webhook.previousSecret, let until = webhook.previousUntil, now < until {
            sealed.append(previous)
        }
        let secrets = try sealed.map {
            try directory.vault.open($0, context: webhook.context)
        }
        let timestamp = now.milliseconds / 1000
        return [
            ("user-agent", "Autosecretary-Webhooks/1"), ("webhook-id", delivery.id.text),
            ("webhook-timestamp", "\(timestamp)"),
            (
                "webhook-signature",
                WebhookSignature.header(
                    id: delivery.id.text, timestamp: timestamp, body: delivery.payload,
                    secrets: secrets)
            ),
        ]
    }

    /// As a database keeps it: valid and without NUL.
    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    }

    /// Notes an attempt and settles what comes next; nil: the endpoint is off, nothing was sent.
    private static func record(
        _ trial: Trial?, of id: WebhookDeliveryID, _ number: Int, ambient: Ambient,
        in tx: Transaction
    ) throws {
        guard let seen = try WebhookDeliveryQueries.delivery(id, in: tx),
            var webhook = try WebhookQueries.webhook(seen.webhook, locking: true, in: tx),
            var delivery = try WebhookDeliveryQueries.delivery(id, locking: true, in: tx),
            delivery.attempts == number - 1
        else { return }
        let now = ambient.now()
        guard let trial else {
            delivery.end(.failed, at: now, failure: "The webhook was switched off.")
            return try WebhookDeliveryQueries.update(delivery, in: tx)
        }
        let attempt = trial.attempt
        try WebhookDeliveryQueries.insert(attempt, of: delivery, in: tx)
        delivery.attempts = number
        delivery.answerStatus = attempt.answerStatus
        delivery.failure = attempt.failure
        if attempt.failure == nil {
            delivery.end(.delivered, at: now)
            try WebhookQueries.noteSuccess(webhook, in: tx)
        } else {
            if !delivery.isTest {
                try note(failureOf: &webhook, attempt, at: now, ambient: ambient, in: tx)
            }
            // What a person ended meanwhile stays ended.
            let next =
                delivery.isTest || trial.isRefused || !webhook.isActive
                    || delivery.status != .waiting
                ? nil
                : WebhookSchedule.next(
                    after: number, of: delivery, now: now, wish: trial.retryAfterSeconds)
            delivery.nextAttemptAt = next
            if let next {
                try WebhookDirectory.enqueue(delivery, at: next, ambient, tx)
            } else {
                delivery.end(.failed, at: now, failure: attempt.failure)
            }
        }
        try WebhookDeliveryQueries.update(delivery, in: tx)
    }

    /// Counts a failure, and switches the endpoint off when it was one too many.
    private static func note(
        failureOf webhook: inout Webhook, _ attempt: WebhookAttempt, at now: Instant,
        ambient: Ambient, in tx: Transaction
    ) throws {
        try WebhookQueries.noteFailure(webhook, at: now, in: tx)
        webhook.failures += 1
        let since = webhook.failingSince ?? now
        webhook.failingSince = since
        guard webhook.isActive else { return }
        if attempt.answerStatus == 410 {
            webhook.disabledReason = .gone
        } else if now >= since.advanced(byMinutes: failingHours * 60) {
            webhook.disabledReason = .failing
        } else if webhook.failures >= mostFailures {
            webhook.disabledReason = .tooManyFailures
        } else {
            return
        }
        webhook.isActive = false
        webhook.disabledAt = now
        webhook.version += 1
        try WebhookQueries.update(webhook, in: tx)
        try WebhookDirectory.raise("webhook.disabled", webhook, ambient, tx)
    }
}

/// An address that does not answer holds a worker's place for ten seconds; this many it may hold,
/// so that the messages of everybody else go on.
private final class FailingPlaces: Sendable {
    private static let most = 2
    private let taken = Mutex<[WebhookID: Int]>([:])

    func take(_ id: WebhookID) -> Bool {
        taken.withLock { taken in
            guard taken[id, default: 0] < Self.most else { return false }
            taken[id, default: 0] += 1
            return true
        }
    }

    func give(back id: WebhookID) {
        taken.withLock { taken in
            let left = taken[id, default: 1] - 1
            taken[id] = left > 0 ? left : nil
        }
    }
}

extension WebhookDirectory {
    /// nil: this event is on its way there already.
    static func dispatch(
        _ delivery: WebhookDelivery, _ ambient: Ambient, _ tx: Transaction
    ) throws -> WebhookDelivery? {
        var delivery = delivery
        delivery.nextAttemptAt = delivery.createdAt
        guard try WebhookDeliveryQueries.insert(delivery, in: tx) else { return nil }
        try enqueue(delivery, at: delivery.createdAt, ambient, tx)
        return delivery
    }

    /// A job per attempt, since the pauses are those of our schedule.
    static func enqueue(
        _ delivery: WebhookDelivery, at instant: Instant, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        let number = delivery.attempts + 1
        try JobQueue.enqueue(
            "webhook.deliver", account: delivery.account,
            ["delivery_id": .id(delivery.id), "attempt": .number(number)], at: instant,
            uniqueKey: "webhook.deliver:\(delivery.id):\(number)", ambient: ambient, in: tx)
    }
}
