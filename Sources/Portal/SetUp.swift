import Accounts
import Booking
import Guidance
import Kernel
import Store

/// How far a new business has come with telling us what we need to answer for it.
struct SetUp: Sendable, Equatable {
    enum Step: String, Sendable, CaseIterable { case profile, hours, services, script, widget }

    var done: Set<Step> = []
    /// Done by the template of the trade, and not touched by the business yet.
    var filledIn: Set<Step> = []

    init(of account: Account, in tx: Transaction) throws {
        if account.phone?.isEmpty == false || account.address?.isEmpty == false {
            done.insert(.profile)
        }
        let schedule = try Catalog.hours(of: account, in: tx)
        if !schedule.hours.weekly.isEmpty { done.insert(.hours) }
        if schedule.version == 1 { filledIn.insert(.hours) }
        let services = try Catalog.services(of: account.id, in: tx)
        if services.contains(where: \.isActive) { done.insert(.services) }
        if account.vertical != nil, services.allSatisfy({ $0.version == 1 }) {
            filledIn.insert(.services)
        }
        let sheet = try GuidanceBook.guidance(of: account.id, for: .system, in: tx)
        if !sheet.greeting.isEmpty, !sheet.steps.isEmpty { done.insert(.script) }
        if sheet.version == 1 { filledIn.insert(.script) }
        if try PortalQueries.hasWidget(account.id, in: tx) { done.insert(.widget) }
    }

    var isDone: Bool { done.count == Step.allCases.count }
    var next: Step? { Step.allCases.first { !done.contains($0) } }
}

enum PortalQueries {
    /// Whether the business has a chat widget that works.
    static func hasWidget(_ account: AccountID, in tx: Transaction) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM inboxes
            WHERE account_id = \(account) AND channel = 'web_chat' AND is_active = 1
            """)
    }
}
