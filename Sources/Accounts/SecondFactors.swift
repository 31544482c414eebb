import Foundation
import Kernel
import Store
import Vault
import WebShell

/// The second step of signing in: a code of an authenticator app, or one of ten recovery codes.
package struct SecondFactors: Sendable {
    let store: Store
    let ambient: Ambient
    let vault: Vault
    let brake: SignInBrake

    init(store: Store, ambient: Ambient, vault: Vault) {
        self.store = store
        self.ambient = ambient
        self.vault = vault
        brake = SignInBrake(
            .init(address: 30, pair: 10, slow: 6, strangers: 40), ambient: ambient)
    }

    /// How long a sign-in waits between its two steps.
    static let waitSeconds = 600
    private static let codeCount = 10

    /// How things stand for one person.
    package struct State: Sendable, Equatable {
        package var isOn: Bool
        package var codesLeft: Int
    }

    package func state(of user: UserID) async throws -> State {
        try await store.read { tx in
            State(
                isOn: try FactorQueries.isOn(user, in: tx),
                codesLeft: try FactorQueries.codesLeft(of: user, in: tx))
        }
    }

    // MARK: Setting it up

    /// What an app needs to know; shown until the first code confirms it.
    package struct Enrolment: Sendable {
        package var secret: String
        package var address: String
    }

    /// The secret that waits to be confirmed, made when there is none.
    package func enrol(_ actor: Actor) async throws -> Enrolment {
        let (fresh, vault, ambient) = (ambient.randomBytes(20), vault, ambient)
        let secret = try await store.write { tx -> [UInt8] in
            if let factor = try FactorQueries.factor(of: actor.user, in: tx) {
                if factor.isConfirmed { throw Self.isOn }
                // One that was shown long ago may have been seen by others.
                if factor.createdAt > ambient.now().advanced(bySeconds: -Self.waitSeconds) {
                    return try Self.opened(factor, of: actor.user, vault)
                }
                try FactorQueries.delete(of: actor.user, in: tx)
            }
            try FactorQueries.insert(
                actor.user,
                sealed: try vault.seal(
                    Data(fresh).base64EncodedString(), context: Self.context(actor.user)),
                at: ambient.now(), in: tx)
            return fresh
        }
        return Enrolment(
            secret: OneTimeCode.base32(secret),
            address: OneTimeCode.address(
                secret: secret, person: actor.email, issuer: "Autosecretary"))
    }

    /// The first code turns it on; answers the recovery codes, this once.
    package func confirm(_ code: String, by actor: Actor) async throws -> [String] {
        try await brake(actor)
        let (codes, vault, ambient) = (recoveryCodes(), vault, ambient)
        let digits = Self.digits(code)
        return try await refusingWrong(actor.user) { tx in
            guard let factor = try FactorQueries.factor(of: actor.user, locking: true, in: tx)
            else { throw Refusal.notFound() }
            if factor.isConfirmed { throw Self.isOn }
            guard
                let step = OneTimeCode.match(
                    digits, secret: try Self.opened(factor, of: actor.user, vault),
                    at: ambient.now(), after: factor.lastStep)
            else { return nil }
            try FactorQueries.confirm(actor.user, step: step, at: ambient.now(), in: tx)
            try FactorQueries.replaceCodes(of: actor.user, codes.map(Self.hash), in: tx)
            try tx.audit(
                "second_factor.enabled", of: actor.user,
                in: try PeopleQueries.home(of: actor.user, in: tx), by: actor,
                after: ["email": .string(actor.email)], ambient: ambient)
            return codes
        }
    }

    /// New recovery codes; those before are void.
    package func renewCodes(_ code: String, by actor: Actor) async throws -> [String] {
        try await brake(actor)
        let (codes, ambient) = (recoveryCodes(), ambient)
        return try await refusingWrong(actor.user) { [self] tx in
            guard try passes(code, actor.user, in: tx) else { return nil }
            try FactorQueries.replaceCodes(of: actor.user, codes.map(Self.hash), in: tx)
            try tx.audit(
                "second_factor.codes_renewed", of: actor.user,
                in: try PeopleQueries.home(of: actor.user, in: tx), by: actor,
                after: ["email": .string(actor.email)], ambient: ambient)
            return codes
        }
    }

    /// Turns it off; takes a code, since whoever finds an open browser should not be able to.
    package func turnOff(_ code: String, by actor: Actor) async throws {
        try await brake(actor)
        let ambient = ambient
        _ = try await refusingWrong(actor.user) { [self] tx -> Bool? in
            guard try passes(code, actor.user, in: tx) else { return nil }
            try FactorQueries.delete(of: actor.user, in: tx)
            try tx.audit(
                "second_factor.disabled", of: actor.user,
                in: try PeopleQueries.home(of: actor.user, in: tx), by: actor,
                before: ["email": .string(actor.email)], ambient: ambient)
            return true
        }
    }

    /// For somebody who lost the telephone and the codes; they are signed out everywhere.
    package func reset(of user: UserID, by actor: Actor) async throws {
        let ambient = ambient
        try await store.write { tx in
            let person = try PeopleDirectory.person(user, managedBy: actor, in: tx)
            guard try FactorQueries.factor(of: user, locking: true, in: tx) != nil else {
                throw Refusal.notFound("There is no second factor.")
            }
            try FactorQueries.delete(of: user, in: tx)
            try PeopleQueries.endSessions(of: user, in: tx)
            try tx.audit(
                "second_factor.reset", of: user, in: try PeopleQueries.home(of: user, in: tx),
                by: actor,
                before: ["email": .string(person.email)], ambient: ambient)
            try tx.raise(Event("user.updated", account: nil, subject: user.text, ambient: ambient))
        }
    }

    // MARK: Using it

    /// Whether this code, or recovery code, is good now; it is used up.
    func passes(_ code: String, _ user: UserID, in tx: Transaction) throws -> Bool {
        guard let factor = try FactorQueries.factor(of: user, locking: true, in: tx),
            factor.isConfirmed
        else { return false }
        let digits = Self.digits(code)
        if digits.count == 6 {
            guard
                let step = OneTimeCode.match(
                    digits, secret: try Self.opened(factor, of: user, vault), at: ambient.now(),
                    after: factor.lastStep)
            else { return false }
            return try FactorQueries.use(step, of: user, in: tx)
        }
        return try FactorQueries.useCode(Self.hash(code), of: user, in: tx)
    }

    private func brake(_ actor: Actor) async throws {
        try await brake.enter(
            address: actor.origin.address ?? "local", person: actor.user.text, isKnown: { true })
    }

    private func refusingWrong<T: Sendable>(
        _ user: UserID, _ body: @escaping @Sendable (Transaction) throws -> T?
    ) async throws -> T {
        guard let value = try await store.write(body) else {
            brake.noteFailure(of: user.text)
            throw Self.wrong
        }
        return value
    }

    static let wrong = Refusal.invalid("code", "wrong", "is not right, or it was used already.")
    private static let isOn = Refusal.conflict("The second factor is on already.")

    private static func context(_ user: UserID) -> String { "second_factor:\(user)" }

    private static func opened(
        _ factor: FactorQueries.Factor, of user: UserID, _ vault: Vault
    ) throws -> [UInt8] {
        let text = try vault.open(factor.secret, context: context(user))
        return Array(Data(base64Encoded: text) ?? Data())
    }

    private static func digits(_ code: String) -> String {
        code.filter { !$0.isWhitespace && $0 != "-" }
    }

    /// Eighty random bits, in four groups.
    private func recoveryCodes() -> [String] {
        (0..<Self.codeCount).map { _ in
            let text = Array(OneTimeCode.base32(ambient.randomBytes(10)).lowercased())
            return stride(from: 0, to: 16, by: 4).map { String(text[$0..<$0 + 4]) }
                .joined(separator: "-")
        }
    }

    private static func hash(_ code: String) -> String {
        secretHash("recovery " + digits(code).lowercased())
    }
}
