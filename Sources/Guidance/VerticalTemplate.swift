import Foundation
import Kernel
import Store

/// What a new business of one trade begins with; a file of `Web/verticals`.
///
/// Services and prices, hours, the words of the desk, and answers to what clients of every such
/// business ask.
package struct VerticalTemplate: Sendable, Equatable {
    package struct Answer: Sendable, Equatable {
        package var question: String
        package var answer: String
    }

    /// One of those who work there.
    package struct Person: Sendable, Equatable {
        package var role: String
        package var name: String
    }

    /// A service as the file has it.
    private struct Offer: Sendable, Equatable {
        /// In the API's words, without price and staff.
        var members: [String: JSONValue]
        /// Minor units by currency.
        var prices: [String: JSONValue]
        /// Who gives it; none: everybody.
        var roles: [String]
    }

    /// The file's name, and the value of an account's `vertical`: `hairdresser`.
    package var name: String
    /// For people, in their language: “Hairdresser”.
    package var label: String { givenLabel.text }
    /// One sentence for whoever chooses.
    package var summary: String { givenSummary.text }
    /// As the file has them, which is how the catalogues know them.
    private var givenLabel: Phrase
    private var givenSummary: Phrase
    package var people: [Person]
    /// `{"weekly": […]}`, ready for `PUT /accounts/{id}/schedule`.
    package var schedule: JSONValue
    package var knowledge: [Answer]
    package var responses: [CannedResponse.Draft]

    private var words: GuidanceSheet
    private var offers: [Offer]
    /// The same in other languages.
    private var translations: [Language: VerticalTemplate] = [:]

    /// In the language of whoever is being answered, or in another one.
    package func spoken(_ language: Language = Tongue.current.language) -> VerticalTemplate {
        translations[language] ?? self
    }

    package var greeting: String { words.greeting }
    package var steps: [GuidanceSheet.Step] { words.steps }
    /// Names for the first staff: `Stylist 1`, `Stylist 2`.
    package var staff: [String] { people.map(\.name) }

    /// Bodies for `POST /accounts/{id}/services`, priced in US dollars, given by whoever is free.
    package var services: [JSONValue] { services(currency: "USD", staff: []) }

    /// The same in another currency; without a price where the file has none in it.
    ///
    /// With the ids of the staff, in the order of `staff`, each service is given by those whose
    /// work it is.
    package func services(currency: String, staff ids: [StaffID]) -> [JSONValue] {
        offers.enumerated().map { position, offer in
            var service = offer.members
            service["position"] = .number(position)
            if let amount = offer.prices[currency] {
                service["price"] = ["amount": amount, "currency": .string(currency)]
            }
            let members = zip(people, ids).filter { offer.roles.contains($0.0.role) }.map(\.1.text)
            if !members.isEmpty {
                service["requires"] = [
                    ["pool": "staff", "members": .list(members), "count": 1]
                ]
            }
            return .object(service)
        }
    }

    /// The words as a sheet of this account.
    func sheet(for account: AccountID) -> GuidanceSheet {
        var sheet = words
        sheet.account = account
        return sheet
    }
}

// MARK: - Reading

extension VerticalTemplate {
    /// All the `*.json` files of a folder, by name, in each of the tongues; a bad one is an error
    /// that names its fields.
    package static func load(
        folder: String, tongues: [Language: Tongue] = [:]
    ) throws -> [VerticalTemplate] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        return try files.filter { $0.hasSuffix(".json") }.map { file in
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            guard let value = JSONValue(parsing: text) else {
                throw Refusal.invalid(file, "json", "is not JSON.")
            }
            do { return try read(String(file.dropLast(5)), value, tongues) } catch let
                refusal as Refusal
            {
                throw Refusal.invalid(
                    refusal.fields.map { .init("\(file): \($0.field)", $0.code, $0.message) })
            }
        }
    }

    private static func read(
        _ name: String, _ value: JSONValue, _ tongues: [Language: Tongue]
    ) throws -> VerticalTemplate {
        var template = try VerticalTemplate(named: name, value)
        for (language, tongue) in tongues where language != .english {
            template.translations[language] = try VerticalTemplate(
                named: name, translated(value, into: tongue))
        }
        return template
    }

    init(named name: String, _ value: JSONValue) throws {
        var input = try Input(value)
        self.name = name
        givenLabel = Phrase(stringLiteral: input.text("label", max: 60))
        givenSummary = Phrase(stringLiteral: input.text("summary", max: 200))
        words = GuidanceSheet(account: AccountID(""))
        words.take(from: &input)
        if words.greeting.isEmpty { input.reject("greeting", "required", "is required.") }
        if words.steps.isEmpty { input.reject("steps", "required", "is required.") }
        people = Self.people(in: &input)
        offers = Self.offers(roles: Set(people.map(\.role)), in: &input)
        schedule = Self.schedule(in: &input)
        knowledge =
            input.nestedList("knowledge", max: 100) { entry in
                Answer(
                    question: entry.text("question", max: 500),
                    answer: entry.text("answer", max: 8000))
            } ?? []
        responses =
            input.nestedList("canned_responses", max: 100) { entry in
                CannedResponse.Draft(reading: &entry)
            } ?? []
        if Set(responses.map(\.shortcut)).count < responses.count {
            input.reject("canned_responses", "twins", "has one shortcut twice.")
        }
        try input.finish()
    }

    /// `[{"role": "Stylist", "count": 2}]` becomes “Stylist 1”, “Stylist 2”.
    private static func people(in input: inout Input) -> [Person] {
        let groups = input.nestedList("staff", max: 20) { group in
            (group.text("role", max: 60), group.integer("count", in: 1...20))
        }
        if groups?.isEmpty ?? true { input.reject("staff", "required", "is required.") }
        return (groups ?? []).flatMap { role, count in
            count == 1
                ? [Person(role: role, name: role)]
                : (1...count).map { Person(role: role, name: "\(role) \($0)") }
        }
    }

    private static let serviceFields: Set<String> = [
        "name", "description", "duration_minutes", "slot_interval_minutes",
        "buffer_before_minutes", "buffer_after_minutes", "min_notice_minutes", "horizon",
        "capacity", "prices", "roles",
    ]

    private static func offers(roles: Set<String>, in input: inout Input) -> [Offer] {
        let offers = input.nestedList("services", max: 100) { service in
            for field in service.members.keys.sorted() where !serviceFields.contains(field) {
                service.reject(field, "unknown", "is not a field of a service here.")
            }
            _ = service.text("name", max: 120)
            _ = service.text("description", max: 1000)
            _ = service.integer("duration_minutes", in: 5...1440)
            _ = service.integer("slot_interval_minutes", in: 5...1440)
            for field in ["buffer_before_minutes", "buffer_after_minutes", "min_notice_minutes"] {
                _ = service.optionalInteger(field, in: 0...10_080)
            }
            _ = service.optionalInteger("capacity", in: 1...1000)
            let prices = service.optionalObject("prices") ?? [:]
            let areSums = prices.allSatisfy { Money.isCurrency($0) && ($1.int ?? -1) >= 0 }
            if !areSums { service.reject("prices", "price", "must be minor units by currency.") }
            let given = service.optionalTexts("roles", max: 20) ?? []
            if !roles.isSuperset(of: given) {
                service.reject("roles", "unknown", "must be roles of the staff.")
            }
            var members = service.members
            members["prices"] = nil
            members["roles"] = nil
            return Offer(members: members, prices: prices, roles: given)
        }
        if offers?.isEmpty ?? true { input.reject("services", "required", "is required.") }
        return offers ?? []
    }

    private static func schedule(in input: inout Input) -> JSONValue {
        let weekly = input.nestedList("weekly", max: 50) { window in
            _ = window.integer("weekday", in: 1...7)
            for field in ["start", "end"] {
                let time = window.text(field, max: 5)
                if !isTime(time) { window.reject(field, "time", "must be HH:MM.") }
            }
            return JSONValue.object(window.members)
        }
        if weekly?.isEmpty ?? true { input.reject("weekly", "required", "is required.") }
        return ["weekly": .array(weekly ?? []), "overrides": []]
    }

    private static func isTime(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Int(parts[0]), let minute = Int(parts[1])
        else { return false }
        return (0..<24).contains(hour) && (0..<60).contains(minute) || text == "24:00"
    }
}

extension [VerticalTemplate] {
    /// nil: no such trade.
    package func named(_ name: String) -> VerticalTemplate? { first { $0.name == name } }
}

// MARK: - Using

extension GuidanceBook {
    /// Gives a new account the words of its trade.
    ///
    /// What the account has already stays: a sheet that was written, articles, and replies with
    /// the same shortcut.
    package static func apply(
        _ template: VerticalTemplate, to account: AccountID, ambient: Ambient, in tx: Transaction
    ) throws {
        if try GuidanceQueries.sheet(of: account, in: tx) == nil {
            _ = try save(template.sheet(for: account), ambient: ambient, in: tx)
        }
        if try KnowledgeQueries.count(of: account, in: tx) == 0 {
            for entry in template.knowledge {
                _ = try insertArticle(
                    question: entry.question, answer: entry.answer, of: account,
                    ambient: ambient, in: tx)
            }
        }
        let taken = try CannedResponseQueries.shortcuts(of: account, in: tx)
        for draft in template.responses where !taken.contains(draft.shortcut) {
            _ = try insertResponse(draft, of: account, ambient: ambient, in: tx)
        }
    }
}
