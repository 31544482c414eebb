import Accounts
import Kernel
import Store

/// Whom and what a business has to book, and when it is open, as one transaction sees it.
struct Roster {
    let account: Account
    let schedule: Schedule
    let staff: [StaffMember]
    let resources: [BookableResource]

    init(of account: Account, in tx: Transaction) throws {
        self.account = account
        schedule = try CatalogQueries.schedule(of: account, in: tx)
        staff = try CatalogQueries.staff(of: account.id, in: tx)
        resources = try CatalogQueries.resources(of: account.id, in: tx)
    }

    var zone: Zone { schedule.zone }

    func has(_ party: PartyID) -> Bool {
        switch party {
        case .staff(let id): staff.contains { $0.id == id }
        case .resource(let id): resources.contains { $0.id == id }
        }
    }

    /// The rules with everyone who works here now; who has left takes no part.
    func plan(of service: BookableService) -> ServicePlan {
        var plan = fullPlan(of: service)
        let active = Set(
            staff.filter(\.isActive).map { PartyID.staff($0.id) }
                + resources.filter(\.isActive).map { .resource($0.id) })
        for index in plan.requires.indices {
            plan.requires[index].members.removeAll { !active.contains($0) }
        }
        // "All of nobody" would ask for nobody.
        if plan.requires.contains(where: \.members.isEmpty) { plan.requires = [] }
        return plan
    }

    /// What is wrong with a service for this business, by field.
    func problems(of service: BookableService, requiresWasSent: Bool) -> [Refusal.Field] {
        var problems: [Refusal.Field] = []
        for (index, pool) in service.rules.requires.enumerated() {
            for (place, member) in (pool.members ?? []).enumerated() where !has(member) {
                problems.append(
                    .init(
                        "requires[\(index)].members[\(place)]", "unknown",
                        "is not of this business."))
            }
            if pool.members == nil, members(of: pool).isEmpty {
                let kind =
                    pool.label == ServiceRules.Pool.staffLabel
                    ? "staff" : "resources of the kind \(pool.label)"
                problems.append(
                    .init(
                        requiresWasSent ? "requires[\(index)].members" : "requires", "required",
                        "is required: the business has no \(kind) yet."))
            }
        }
        return problems.isEmpty ? fullPlan(of: service).problems() : problems
    }

    private func fullPlan(of service: BookableService) -> ServicePlan {
        let rules = service.rules
        var plan = ServicePlan(
            service: service.id, durationMinutes: service.durationMinutes,
            slotIntervalMinutes: service.slotIntervalMinutes,
            requires: rules.requires.map {
                .init(pool: $0.label, members: members(of: $0), count: $0.count)
            })
        plan.slotOffsetMinutes = rules.slotOffsetMinutes
        plan.bufferBeforeMinutes = rules.bufferBeforeMinutes
        plan.bufferAfterMinutes = rules.bufferAfterMinutes
        plan.buffersInsideHours = rules.buffersInsideHours
        plan.minNoticeMinutes = rules.minNoticeMinutes
        plan.horizon = rules.horizon
        plan.limits = rules.limits
        plan.capacity = rules.capacity
        plan.segments = rules.segments
        return plan
    }

    private func members(of pool: ServiceRules.Pool) -> [PartyID] {
        if let members = pool.members { return members }
        if pool.label == ServiceRules.Pool.staffLabel {
            return staff.filter(\.isActive).map { .staff($0.id) }
        }
        return resources.filter { $0.isActive && $0.kind == pool.label }.map { .resource($0.id) }
    }

    /// When the plan's parties are open, without what occupies them.
    func parties(of plan: ServicePlan) -> [PartyID: Party] {
        let wanted = Set(plan.requires.flatMap(\.members))
        var parties: [PartyID: Party] = [:]
        for member in staff where wanted.contains(.staff(member.id)) {
            // Inherited hours are those of the business's own clock.
            let zone = member.hours == nil ? zone : member.timeZone.flatMap { Zone($0) } ?? zone
            parties[.staff(member.id)] = Party(hours: member.hours ?? schedule.hours, zone: zone)
        }
        for resource in resources where wanted.contains(.resource(resource.id)) {
            parties[.resource(resource.id)] = Party(
                hours: resource.hours, zone: resource.timeZone.flatMap { Zone($0) } ?? zone)
        }
        return parties
    }
}
