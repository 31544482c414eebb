import Kernel

/// What clients book: a haircut, a consultation, a yoga class.
package struct BookableService: Sendable, Equatable {
    package let id: ServiceID
    package let account: AccountID
    package var name = ""
    package var description: String?
    package var price: Money?
    package var durationMinutes = 0
    package var rules = ServiceRules()
    /// Its place in the business's own list.
    package var position = 0
    package var isActive = true
    package var version = 1
    package let createdAt: Instant

    /// How far apart starts are; the duration, unless the business said otherwise.
    package var slotIntervalMinutes: Int {
        rules.slotIntervalMinutes
            ?? min(durationMinutes, ServicePlan.Bounds.slotIntervalMinutes.upperBound)
    }

    package var json: JSONValue {
        let own: [String: JSONValue] = [
            "id": .id(id), "account_id": .id(account), "name": .string(name),
            "description": .text(description), "price": price?.json ?? .null,
            "duration_minutes": .number(durationMinutes),
            "slot_interval_minutes": .number(slotIntervalMinutes),
            "position": .number(position), "is_active": .bool(isActive),
            "version": .number(version), "created_at": .instant(createdAt),
        ]
        return .object(rules.json.merging(own) { _, own in own })
    }

    /// Takes over what the body says and leaves the rest.
    mutating func read(_ input: inout Input) {
        if name.isEmpty || input.has("name") { name = input.text("name", max: 120) }
        if durationMinutes == 0 || input.has("duration_minutes") {
            durationMinutes = input.integer(
                "duration_minutes", in: ServicePlan.Bounds.durationMinutes)
        }
        if input.has("description") { description = input.optionalText("description", max: 4000) }
        if input.has("price") {
            price = input.nested("price") { price in
                price.refuseOthers(than: ["amount", "currency"])
                let amount = price.integer("amount", in: 0...1_000_000_000_000)
                let currency = price.text("currency", max: 3)
                if !currency.isEmpty, !Money.isCurrency(currency) {
                    price.reject("currency", "currency", "must be an ISO 4217 code such as USD.")
                }
                return Money(minor: Int64(amount), currency: currency)
            }
        }
        if let place = input.optionalInteger("position", in: 0...100_000) { position = place }
        if let active = input.optionalBool("is_active") { isActive = active }
        rules.read(&input)
    }
}
