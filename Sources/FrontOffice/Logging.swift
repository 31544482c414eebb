import Foundation
import Kernel
import Logging

/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: time, level, message, fields.
    case text
    /// One JSON object a line, for collectors.
    case json
}

/// Writes one line for each event, as text or JSON, scrubbed of what must not be logged.
///
/// docs/LOGGING.md lists the fields.
package struct LineLogHandler: LogHandler {
    package typealias Sink = @Sendable (_ line: String) -> Void

    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    private let format: LogFormat
    private let now: @Sendable () -> Instant
    private let sink: Sink

    package init(
        format: LogFormat, now: @escaping @Sendable () -> Instant = Ambient.live().now,
        sink: @escaping Sink = Self.standardError
    ) {
        self.format = format
        self.now = now
        self.sink = sink
    }

    /// The whole line in one write, so that lines of several threads do not mix.
    package static let standardError: Sink = { line in
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { _, new in new } }
        if let error = event.error, fields["error"] == nil { fields["error"] = "\(error)" }
        let named = fields.map { (key: Self.name($0.key), value: $0.value) }
            .sorted { $0.key < $1.key }
        let message = Redaction.scrubbed(event.message.description)
        sink(
            format == .json
                ? json(event.level, message, named) : text(event.level, message, named))
    }

    /// The framework's names in our words.
    private static func name(_ key: String) -> String {
        key == "hb.request.id" ? "request.id" : key
    }

    private func json(
        _ level: Logger.Level, _ message: String,
        _ fields: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        var object: [String: JSONValue] = [:]
        for field in fields { object[field.key] = Self.json(field.key, field.value) }
        object["time"] = .instant(now())
        object["level"] = .string(level.rawValue)
        object["message"] = .string(message)
        return JSONValue.object(object).serialized
    }

    private static func json(_ key: String, _ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(Self.safe(key, text))
        case .stringConvertible(let number as Int): .number(number)
        case .stringConvertible(let number as Double): .double(number)
        case .stringConvertible(let other): .string(Self.safe(key, other.description))
        case .array(let values): .array(values.map { json(key, $0) })
        case .dictionary(let values):
            .object(
                Dictionary(uniqueKeysWithValues: values.map { ($0.key, json($0.key, $0.value)) }))
        }
    }

    private func text(
        _ level: Logger.Level, _ message: String,
        _ fields: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        var line = "\(now()) \(level.rawValue) \(message)"
        for field in fields {
            let value = Self.safe(field.key, field.value.description)
            line += " \(field.key)="
            line +=
                value.contains(" ") || value.contains("\"")
                ? JSONValue.string(value).serialized : value
        }
        return line.replacing("\n", with: " ")
    }

    private static func safe(_ key: String, _ value: String) -> String {
        switch key {
        // Ids of ours: letters and digits that look like nothing else.
        case "request.id", "user.id", "account.id", "job.id", "http.route": value
        case "error": Redaction.error(value)
        default: Redaction.scrubbed(value)
        }
    }
}
