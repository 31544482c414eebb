import Crypto
import Foundation
import Kernel
import Outbound
import Store
import Vault
import Work

/// Tells people by Web Push: who asked for it, and the sending.
package struct PushOffice: Sendable {
    package static let jobKind = "push.send"
    /// Browsers that one person may have.
    private static let mostBrowsers = 20
    /// News that nobody could be told for this long is no news.
    private static let timeToLiveSeconds = 3600
    private static let vaultContext = "push:identity"

    let store: Store
    let ambient: Ambient
    let vault: Vault
    let outbound: OutboundClient
    let tongues: [Language: Tongue]
    /// Push services are on the internet; on a virtual clock only loopback is called at all.
    let mayBePrivate: Bool

    package init(
        store: Store, ambient: Ambient, vault: Vault, outbound: OutboundClient,
        tongues: [Language: Tongue], mayBePrivate: Bool
    ) {
        self.store = store
        self.ambient = ambient
        self.vault = vault
        self.outbound = outbound
        self.tongues = tongues
        self.mayBePrivate = mayBePrivate
    }

    package var jobHandlers: [String: @Sendable (Job) async throws -> JobOutcome] {
        [Self.jobKind: send]
    }

    // MARK: Who asked

    /// The server's public key, made when it is first asked for.
    package func publicKey() async throws -> String { try await identity().publicKey }

    package func subscribe(
        _ body: JSONValue, kind: PushSubscription.Kind, by actor: Actor
    ) async throws -> PushSubscription {
        var input = try Input(body)
        let endpoint = input.text("endpoint", max: 1000)
        if !endpoint.isEmpty, !Self.isEndpoint(endpoint) {
            input.reject("endpoint", "url", "must be an http or https URL.")
        }
        let keys = input.nested("keys") { keys in
            let (point, secret) = (keys.text("p256dh", max: 200), keys.text("auth", max: 60))
            if !point.isEmpty, !secret.isEmpty,
                PushEncryption(publicKey: point, secret: secret) == nil
            {
                keys.reject("p256dh", "key", "must be a browser's public key with its secret.")
            }
            return (point, secret)
        }
        if keys == nil { input.reject("keys", "required", "is required.") }
        try input.finish()
        let value = PushSubscription(
            id: PushSubscriptionID(from: ambient), user: actor.user, kind: kind,
            endpoint: endpoint, publicKey: keys?.0 ?? "", secret: keys?.1 ?? "",
            language: Tongue.current.language.rawValue, createdAt: ambient.now())
        return try await store.write { tx in
            try PushQueries.save(value, in: tx)
            try PushQueries.keep(Self.mostBrowsers, of: actor.user, in: tx)
            return value
        }
    }

    private static func isEndpoint(_ text: String) -> Bool {
        guard let url = URL(string: text), let host = url.host, !host.isEmpty else { return false }
        return url.scheme == "https" || url.scheme == "http"
    }

    package func subscriptions(of actor: Actor) async throws -> [PushSubscription] {
        try await store.read { tx in
            try PushQueries.subscriptions(of: actor.user, limit: Self.mostBrowsers, in: tx)
        }
    }

    package func unsubscribe(_ endpoint: String, by actor: Actor) async throws {
        try await store.write { tx in
            try PushQueries.delete(endpoint: endpoint, of: actor.user, in: tx)
        }
    }

    // MARK: Telling

    /// Tells the agent, or with nil all agents on duty, in the caller's transaction.
    package func tellAgents(
        _ notice: PushNotice, assignee: UserID?, account: AccountID?, in tx: Transaction
    ) throws {
        try enqueue(notice, to: PushQueries.ofAgents(assignee, in: tx), account, tx)
    }

    /// Tells a business's members who have one of the roles.
    package func tellMembers(
        _ notice: PushNotice, of account: AccountID, roles: [Role], in tx: Transaction
    ) throws {
        try enqueue(
            notice, to: PushQueries.ofMembers(of: account, roles, in: tx), account, tx)
    }

    private func enqueue(
        _ notice: PushNotice, to browsers: [PushSubscriptionID], _ account: AccountID?,
        _ tx: Transaction
    ) throws {
        guard !browsers.isEmpty else { return }
        var texts: [String: JSONValue] = [:]
        for (language, tongue) in tongues {
            texts[language.rawValue] = [
                "title": .string(notice.title.text(in: tongue)),
                "text": .string(notice.text.text(in: tongue)),
            ]
        }
        for browser in browsers {
            try JobQueue.enqueue(
                Self.jobKind, account: account,
                [
                    "subscription_id": .id(browser), "path": .string(notice.path),
                    "tag": .string(notice.tag), "texts": .object(texts),
                ], at: ambient.now(), uniqueKey: "push:\(browser):\(notice.tag)",
                ambient: ambient, in: tx)
        }
    }

    // MARK: The job

    @Sendable private func send(_ job: Job) async throws -> JobOutcome {
        let age = (ambient.now().milliseconds - job.dueAt.milliseconds) / 1000
        guard age < Self.timeToLiveSeconds else { return .done }
        let id = PushSubscriptionID(job.payload["subscription_id"]?.string ?? "")
        let found = try await store.read { tx in try PushQueries.subscription(id, in: tx) }
        // The browser has left meanwhile, or its keys are of a kind we do not know.
        guard let found,
            let encryption = PushEncryption(publicKey: found.publicKey, secret: found.secret),
            let url = URL(string: found.endpoint)
        else { return .done }
        let identity = try await identity()
        let body = try encryption.body(
            Array(Self.payload(job, found.language).serialized.utf8),
            sender: P256.KeyAgreement.PrivateKey(), salt: ambient.randomBytes(16))
        let headers = [
            ("content-type", "application/octet-stream"), ("content-encoding", "aes128gcm"),
            ("ttl", String(Self.timeToLiveSeconds)), ("urgency", "high"),
            (
                "authorization",
                try identity.authorization(
                    for: url, contact: "mailto:office@localhost", now: ambient.now())
            ),
        ]
        let answer: OutboundClient.Answer
        do {
            answer = try await outbound.post(
                found.endpoint, bytes: body, headers: headers, mayBePrivate: mayBePrivate)
        } catch {
            switch error {
            case .refused: return try await forget(found)
            case .unreachable(let reason): return .again(reason: reason, afterSeconds: nil)
            }
        }
        switch answer.status {
        case 200..<300: return .done
        // Gone for good: the person took the permission away (RFC 8030 §7.3).
        case 404, 410: return try await forget(found)
        case 429, 500...:
            return .again(
                reason: "answered \(answer.status)", afterSeconds: answer.retryAfterSeconds)
        default: return .dead(reason: "The push service answered \(answer.status).")
        }
    }

    private func forget(_ browser: PushSubscription) async throws -> JobOutcome {
        try await store.write { tx in try PushQueries.delete(browser.id, in: tx) }
        return .done
    }

    private static func payload(_ job: Job, _ language: String) -> JSONValue {
        let texts = job.payload["texts"]
        let words = texts?[language] ?? texts?[Language.english.rawValue] ?? .null
        return [
            "title": words["title"] ?? .null, "text": words["text"] ?? .null,
            "path": job.payload["path"] ?? "/", "tag": job.payload["tag"] ?? .null,
        ]
    }

    /// Kept in the database, sealed, so that all processes sign as one and a restart does not end
    /// every subscription.
    private func identity() async throws -> PushIdentity {
        let stored = try await store.read { tx in try PushQueries.identity(in: tx) }
        let sealed: String
        if let stored {
            sealed = stored
        } else {
            let fresh = try vault.seal(
                Base64URL.text(P256.Signing.PrivateKey().rawRepresentation),
                context: Self.vaultContext)
            let now = ambient.now()
            sealed = try await store.write { tx in
                try PushQueries.saveIdentity(fresh, now: now, in: tx)
            }
        }
        let text = try vault.open(sealed, context: Self.vaultContext)
        guard let bytes = Base64URL.bytes(text),
            let key = try? P256.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw StoreError.corrupt("the push identity is not a key") }
        return PushIdentity(key: key)
    }
}
