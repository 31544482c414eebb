import Accounts
import Booking
import Kernel

/// A service as a form: its fields from what is stored, and back into the API's words.
enum ServiceForm {
    static let names = [
        "name", "description", "price", "duration_minutes", "slot_interval_minutes",
        "buffer_before_minutes", "buffer_after_minutes", "notice", "notice_unit", "horizon_days",
        "who", "staff", "resources", "is_active",
    ]
    static let renaming = [
        "min_notice_minutes": "notice", "horizon": "horizon_days", "requires": "staff",
        "is_active": "is_active",
    ]

    /// Units of the notice, in minutes.
    static let units = [("60", t("hours")), ("1440", t("days")), ("1", t("minutes"))]

    // MARK: Showing

    static func values(
        of service: BookableService?, staff: [StaffMember], resources: [BookableResource]
    ) -> FormValues {
        guard let service else {
            return FormValues([
                "duration_minutes": "60", "notice": "2", "notice_unit": "60", "who": "any",
                "horizon_days": "60", "is_active": "1",
            ])
        }
        let rules = service.rules
        let notice = notice(rules.minNoticeMinutes)
        var values = FormValues([
            "name": service.name, "description": service.description,
            "price": service.price.map(PriceText.text),
            "duration_minutes": String(service.durationMinutes),
            "slot_interval_minutes": rules.slotIntervalMinutes.map { String($0) },
            "buffer_before_minutes": some(rules.bufferBeforeMinutes),
            "buffer_after_minutes": some(rules.bufferAfterMinutes),
            "notice": notice.value, "notice_unit": notice.unit,
            "horizon_days": days(rules.horizon), "who": "any",
            "is_active": service.isActive ? "1" : nil, "version": String(service.version),
        ])
        let pools = rules.requires
        if let pool = pools.first(where: { $0.label == "staff" }) {
            values["who"] = pool.members == nil ? "any" : "some"
            values.set("staff", (pool.members ?? []).compactMap { $0.staffID?.text })
        } else {
            values["who"] = "none"
        }
        let needed = pools.filter { $0.label != "staff" }.flatMap { pool in
            pool.members?.map(\.text)
                ?? resources.filter { $0.isActive && $0.kind == pool.label }.map(\.id.text)
        }
        values.set("resources", needed)
        return values
    }

    private static func some(_ minutes: Int) -> String? { minutes == 0 ? nil : String(minutes) }

    private static func notice(_ minutes: Int) -> (value: String?, unit: String) {
        if minutes == 0 { return (nil, "60") }
        if minutes % 1440 == 0 { return (String(minutes / 1440), "1440") }
        return minutes % 60 == 0 ? (String(minutes / 60), "60") : (String(minutes), "1")
    }

    private static func days(_ horizon: ServicePlan.Horizon) -> String? {
        if case .days(let days) = horizon { return String(days) }
        return nil
    }

    /// Rules that only the API can say; the form leaves them as they are.
    static func isBeyondForm(_ rules: ServiceRules, _ resources: [BookableResource]) -> Bool {
        if !rules.segments.isEmpty { return true }
        return rules.requires.enumerated().contains { place, pool in
            if pool.count != .number(1) { return true }
            // The grid starts at the hours of the first pool, so its place matters.
            if pool.label == "staff" { return place > 0 }
            let members = Set((pool.members ?? []).map(\.text))
            return resources.contains { members.contains($0.id.text) && $0.kind != pool.label }
        }
    }

    // MARK: Reading

    static func body(
        _ values: inout FormValues, account: Account, stored: BookableService?,
        resources: [BookableResource]
    ) -> JSONValue {
        var body: [String: JSONValue] = [
            "name": values.text("name"), "description": values.optional("description"),
            "duration_minutes": values.number("duration_minutes"),
            "slot_interval_minutes": values.number("slot_interval_minutes"),
            "buffer_before_minutes": values.number("buffer_before_minutes"),
            "buffer_after_minutes": values.number("buffer_after_minutes"),
            "is_active": .bool(values.isOn("is_active")),
        ]
        body["price"] = price(&values, account: account, stored: stored)
        body["min_notice_minutes"] = notice(&values)
        if !values["horizon_days"].isEmpty {
            body["horizon"] = ["days": values.number("horizon_days")]
        } else if case .dates = stored?.rules.horizon {
            // Dates are set by the API; an empty field says nothing about them.
        } else {
            body["horizon"] = .null
        }
        if !(stored.map { isBeyondForm($0.rules, resources) } ?? false) {
            body["requires"] = requires(&values, resources)
        }
        return .object(body)
    }

    private static func price(
        _ values: inout FormValues, account: Account, stored: BookableService?
    ) -> JSONValue {
        let text = values["price"]
        if text.isEmpty { return .null }
        // An old price in another currency stays as it is until somebody types a new one.
        if let price = stored?.price, PriceText.text(price) == text,
            price.currency != account.currency
        {
            return price.json
        }
        guard let minor = PriceText.minor(text, account.currency) else {
            values.reject("price", t("must be a sum such as 45 or 19.50."))
            return .null
        }
        return Money(minor: minor, currency: account.currency).json
    }

    private static func notice(_ values: inout FormValues) -> JSONValue {
        let text = values["notice"]
        if text.isEmpty { return .null }
        guard let number = Int(text), (0...1_000_000).contains(number),
            let unit = Int(values["notice_unit"]), units.contains(where: { $0.0 == String(unit) })
        else {
            values.reject("notice", t("must be a whole number."))
            return .null
        }
        return .number(number * unit)
    }

    private static func requires(
        _ values: inout FormValues, _ resources: [BookableResource]
    ) -> JSONValue {
        var pools: [JSONValue] = []
        switch values["who"] {
        case "some":
            let chosen = values.all("staff")
            if chosen.isEmpty { values.reject("staff", t("Choose at least one person.")) }
            pools.append(["pool": "staff", "members": .list(chosen), "count": 1])
        case "none": break
        default: pools.append(["pool": "staff", "count": 1])
        }
        let chosen = Set(values.all("resources"))
        for kind in kinds(resources) {
            let all = resources.filter { $0.kind == kind && $0.isActive }
            let members = resources.filter { $0.kind == kind && chosen.contains($0.id.text) }
            if members.isEmpty { continue }
            var pool: [String: JSONValue] = ["pool": .string(kind), "count": 1]
            // All of a kind: those that are bought later take part too.
            if members.count < all.count { pool["members"] = .list(members.map(\.id.text)) }
            pools.append(.object(pool))
        }
        if pools.isEmpty { values.reject("staff", t("Somebody or something has to be booked.")) }
        return .array(pools)
    }

    /// The kinds of things, in order of the alphabet.
    ///
    /// A kind called `staff` would be people.
    static func kinds(_ resources: [BookableResource]) -> [String] {
        Set(resources.filter(\.isActive).map(\.kind)).subtracting(["staff"]).sorted()
    }
}
