import HTTPTypes
import Kernel
import WebShell

/// What a form shows: the values, stored or just typed, and what is wrong with them.
struct FormValues: Sendable {
    /// Fields that come in rows, such as the steps of a script: the same fields again and again.
    struct Rows: Sendable {
        var name: String
        var fields: [String]
        var most: Int
    }

    private var texts: [String: [String]]
    private(set) var problems: [Refusal.Field] = []
    /// What is wrong with the whole of it.
    private(set) var alert: Phrase?
    private(set) var status = HTTPResponse.Status.ok

    init(_ texts: [String: String?] = [:]) {
        self.texts = texts.compactMapValues { $0.map { [$0] } }
    }

    /// What was sent, by field; only these names are kept.
    init(_ form: Form, _ names: [String]) {
        texts = [:]
        for name in names {
            texts[name] = form.all(name).map {
                $0.replacing("\r\n", with: "\n").trimmed
            }
        }
    }

    subscript(name: String) -> String {
        get { texts[name]?.first ?? "" }
        set { texts[name] = [newValue] }
    }

    func all(_ name: String) -> [String] { texts[name] ?? [] }

    mutating func set(_ name: String, _ values: [String]) { texts[name] = values }

    func has(_ name: String, _ value: String) -> Bool { all(name).contains(value) }

    func isOn(_ name: String) -> Bool { !self[name].isEmpty }

    /// The version that the form was made from.
    var version: Int? { Int(self["version"]) }

    // MARK: As JSON for the verbs

    /// Text that must be there.
    func text(_ name: String) -> JSONValue { .string(self[name]) }

    /// Text that may be missing.
    func optional(_ name: String) -> JSONValue {
        self[name].isEmpty ? .null : .string(self[name])
    }

    /// A whole number; nothing when the field is empty.
    mutating func number(_ name: String) -> JSONValue {
        if self[name].isEmpty { return .null }
        guard let number = Int64(self[name]) else {
            reject(name, t("must be a whole number."))
            return .null
        }
        return .int(number)
    }

    // MARK: Problems

    /// The message beside a field; also for parts of it, such as `requires[0].members`.
    func problem(_ name: String) -> String? {
        problems.first { Self.concerns($0.field, name) }?.sentence
    }

    static func concerns(_ field: String, _ name: String) -> Bool {
        field == name || field.hasPrefix(name + "[") || field.hasPrefix(name + ".")
    }

    mutating func reject(_ field: String, _ message: Phrase) {
        problems.append(.init(field, "invalid", message))
    }

    /// Throws what was rejected while reading.
    func finish() throws {
        if !problems.isEmpty { throw Refusal.invalid(problems) }
    }

    /// Takes over a refusal that the person can do something about; others go on.
    mutating func take(_ refusal: Refusal, renaming names: [String: String] = [:]) throws {
        guard [.invalid, .conflict, .stale].contains(refusal.kind) else { throw refusal }
        status = HTTPResponse.Status(code: refusal.kind.rawValue)
        problems = refusal.fields.map { field in
            let name = names.first { Self.concerns(field.field, $0.key) }?.value
            return .init(name ?? field.field, field.code, field.message)
        }
        if refusal.kind == .stale {
            alert =
                t(
                    "Somebody else has changed this since you opened it. Open the page again to "
                        + "see their version; what you typed is still here to copy."
                )
        } else if refusal.fields.isEmpty {
            alert = refusal.detail
        }
    }

    /// Problems of fields that the form does not show.
    func otherProblems(than names: [String]) -> [String] {
        problems.filter { problem in !names.contains { Self.concerns(problem.field, $0) } }
            .map { "\($0.field) \($0.message.text)" }
    }

    // MARK: Rows

    func count(_ rows: Rows) -> Int { rows.fields.map { all($0).count }.max() ?? 0 }

    func row(_ rows: Rows, _ index: Int) -> [String] {
        rows.fields.map { field in
            let values = all(field)
            return index < values.count ? values[index] : ""
        }
    }

    /// All the rows in which something was typed, with their places in the form.
    func filled(_ rows: Rows) -> [(place: Int, values: [String])] {
        (0..<count(rows)).map { ($0, row(rows, $0)) }
            .filter { !$0.1.allSatisfy(\.isEmpty) }
    }

    mutating func replace(_ rows: Rows, _ values: [[String]]) {
        for (place, field) in rows.fields.enumerated() { texts[field] = values.map { $0[place] } }
    }

    /// A row's button, pressed where no script runs: `add:step`, `remove:step:2`, `up:step:2`.
    mutating func apply(_ act: String, to groups: [Rows]) {
        let parts = act.split(separator: ":").map(String.init)
        guard parts.count >= 2, let rows = groups.first(where: { $0.name == parts[1] }) else {
            return
        }
        var list = (0..<count(rows)).map { row(rows, $0) }
        let place = parts.count > 2 ? Int(parts[2]) : nil
        switch (parts[0], place) {
        case ("add", _) where list.count < rows.most:
            list.append(rows.fields.map { _ in "" })
        case ("remove", let place?) where list.indices.contains(place):
            list.remove(at: place)
        case ("up", let place?) where place > 0 && list.indices.contains(place):
            list.swapAt(place, place - 1)
        case ("down", let place?) where place >= 0 && list.indices.contains(place + 1):
            list.swapAt(place, place + 1)
        default: return
        }
        replace(rows, list)
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
