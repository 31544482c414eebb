/// The names that stand in for `{{contact.name}}`, `{{agent.name}}` and `{{account.name}}` in what
/// an agent says or sends.
package struct Placeholders: Sendable, Equatable {
    /// nil: not known; the placeholder and the space before it go.
    package var contact: String?
    package var agent: String?
    package var account: String?

    package init(contact: String?, agent: String?, account: String?) {
        self.contact = contact
        self.agent = agent
        self.account = account
    }

    /// The text with the names put in; unknown placeholders stay as they were typed.
    ///
    /// It is read once, so a name that looks like a placeholder is a name.
    package func filled(_ text: String) -> String {
        var output = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
            output += rest[..<open.lowerBound]
            let name = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
            switch value(of: name) {
            case .some(.some(let value)): output += value
            case .some(.none): if output.hasSuffix(" ") { output.removeLast() }
            case .none: output += rest[open.lowerBound..<close.upperBound]
            }
            rest = rest[close.upperBound...]
        }
        return output + rest
    }

    private func value(of name: String) -> String?? {
        switch name {
        case "contact.name": .some(contact)
        case "agent.name": .some(agent)
        case "account.name": .some(account)
        default: .none
        }
    }
}
