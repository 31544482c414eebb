import Kernel
import Synchronization
import WebShell

/// Slows guessing down: of passwords, and of second factors.
///
/// An address is refused after some attempts, for whomever. A sign-in is never closed by strangers:
/// many failures only make each further attempt slower, and when they are very many, only places
/// that it was used from before may go on. The counts are of this process, in memory: with several
/// processes an attacker has that many times the attempts.
package final class SignInBrake: Sendable {
    struct Limits: Sendable {
        /// Attempts from one address.
        var address: Int
        var addressWindow = Duration.seconds(300)
        /// Attempts from one address at one sign-in.
        var pair: Int
        /// Failures at one sign-in after which its attempts become slow.
        var slow: Int
        /// Failures after which strangers are refused.
        var strangers: Int
    }

    private struct Failures {
        var since: ContinuousClock.Instant
        var count = 0
    }

    private static let window = Duration.seconds(900)
    private static let step = Duration.milliseconds(250)
    private static let longest = Duration.seconds(2)
    private static let maxKeys = 50_000

    private let limits: Limits
    private let byAddress: Throttle
    private let byPair: Throttle
    private let failures = Mutex<[String: Failures]>([:])
    private let ambient: Ambient

    init(_ limits: Limits, ambient: Ambient) {
        self.limits = limits
        byAddress = Throttle(limit: limits.address, per: limits.addressWindow)
        byPair = Throttle(limit: limits.pair, per: Self.window)
        self.ambient = ambient
    }

    /// Before an attempt: counts it for its address, throws 429 when there were too many, and waits
    /// when this sign-in was tried in vain too often. `isKnown`: the sign-in was used from there.
    func enter(
        address: String, person: String, isKnown: () async throws -> Bool
    ) async throws {
        try byAddress.count(address)
        try byPair.count(address + " " + person)
        let count = failed(person)
        if count >= limits.strangers, try await !isKnown() {
            throw Refusal(
                .limited, code: "rate_limited",
                "Too many attempts. Wait a moment and try again.", retryAfterSeconds: 300)
        }
        if count >= limits.slow {
            try await ambient.sleep(min(Self.step * (count - limits.slow + 1), Self.longest))
        }
    }

    func noteFailure(of person: String) {
        failures.withLock { failures in
            let now = ContinuousClock.now
            if failures.count >= Self.maxKeys {
                failures = failures.filter { now - $0.value.since < Self.window }
                if failures.count >= Self.maxKeys { failures = [:] }
            }
            var entry = failures[person] ?? Failures(since: now)
            if now - entry.since >= Self.window { entry = Failures(since: now) }
            entry.count += 1
            failures[person] = entry
        }
    }

    private func failed(_ person: String) -> Int {
        failures.withLock { failures in
            guard let entry = failures[person], .now - entry.since < Self.window else { return 0 }
            return entry.count
        }
    }
}

extension String {
    /// The network of an IP address, which is what is kept of it: a /24, or a /48.
    package var network: String {
        if contains(":") {
            return split(separator: ":", omittingEmptySubsequences: false).prefix(3)
                .joined(separator: ":") + "::/48"
        }
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 ? parts.prefix(3).joined(separator: ".") + ".0/24" : self
    }
}
