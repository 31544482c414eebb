/// What one process says to the others on the same PostgreSQL, as the payload of a `NOTIFY`:
/// `NODE c ew` (a commit brought events, work) or `NODE s TEXT` (something passing).
enum Notice: Equatable {
    case committed(Store.Committed)
    case said(String)

    /// PostgreSQL's limit is 8000 bytes.
    static let mostBytes = 7900

    static func payload(_ committed: Store.Committed, from node: String) -> String {
        "\(node) c \(committed.hasEvents ? "e" : "")\(committed.hasWork ? "w" : "")"
    }

    static func payload(_ text: String, from node: String) -> String { "\(node) s \(text)" }

    /// nil: our own word, which we have heard already, or nothing that we know.
    init?(_ payload: String, heardBy node: String) {
        let parts = payload.split(
            separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] != node else { return nil }
        switch parts[1] {
        case "c":
            self = .committed(
                .init(hasEvents: parts[2].contains("e"), hasWork: parts[2].contains("w")))
        case "s": self = .said(String(parts[2]))
        default: return nil
        }
    }
}
