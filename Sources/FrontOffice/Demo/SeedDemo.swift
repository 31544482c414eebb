import Accounts
import Guidance
import Kernel
import Logging
import Store
import WebShell

extension Wiring {
    /// Fills an empty database with the demo office and its past two weeks; answers the sign-ins.
    ///
    /// A database that has businesses is left as it is; then only the demo's people who are in it
    /// are named.
    package func seedDemo() async throws -> [DemoLogin] {
        if try await accounts.accounts(for: .system, Paging(limit: 1, after: nil)).isEmpty {
            // Without the reactions of today's office, which would answer with today's time.
            let store = try Store(url: configuration.database, connections: 2)
            do { try await play(on: store) } catch {
                try store.close()
                throw error
            }
            try store.close()
        }
        var logins: [DemoLogin] = []
        for login in DemoCast.logins where try await gatekeeper.actor(email: login.email) != nil {
            logins.append(login)
        }
        return logins
    }

    private func play(on store: Store) async throws {
        let now = ambient.now()
        var stage = DemoStage(of: self, store: store, from: now.advanced(byDays: -40))
        try await stage.hire(DemoCast.agents)
        let hash = try await stage.people.hashed(DemoCast.password)
        var plays: [DemoPlay] = []
        for (index, business) in DemoCast.businesses.enumerated() {
            guard let template = templates.named(business.vertical) else { continue }
            stage.clock.advance(to: now.advanced(byDays: -40 + 4 * index))
            let known = try await stage.takeOn(business, template, ownerHash: hash)
            var author = DemoAuthor(known.premises, now: now, seed: UInt64(index + 1))
            plays.append(DemoPlay(author.write(), of: known, on: stage))
        }
        let steps = plays.enumerated().flatMap { index, play in
            play.story.steps.map { (play: index, step: $0) }
        }.sorted { $0.step.at < $1.step.at }
        for (number, entry) in steps.enumerated() {
            try await plays[entry.play].perform(entry.step, number: number)
        }
        stage.clock.advance(to: now)
        logger.info(
            "Seeded the demo office",
            metadata: ["businesses": "\(plays.count)", "steps": "\(steps.count)"])
    }
}
