import Kernel

/// Trades in other languages: their texts are sentences of the catalogue, so that numbers, hours
/// and rules stand in one file only.
extension VerticalTemplate {
    /// Members whose texts people read. `roles` names what `role` says, so both are translated.
    private static let read: Set<String> = [
        "label", "summary", "greeting", "tone", "about", "title", "say", "role", "roles", "name",
        "description", "question", "answer", "text",
    ]

    static func translated(_ value: JSONValue, into tongue: Tongue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map { translated($0, into: tongue) })
        case .object(let members):
            .object(
                members.reduce(into: [:]) { output, member in
                    output[member.key] =
                        read.contains(member.key)
                        ? said(member.value, in: tongue) : translated(member.value, into: tongue)
                })
        default: value
        }
    }

    private static func said(_ value: JSONValue, in tongue: Tongue) -> JSONValue {
        switch value {
        case .string(let text): .string(Phrase(stringLiteral: text).text(in: tongue))
        case .array(let elements): .array(elements.map { said($0, in: tongue) })
        default: value
        }
    }
}
