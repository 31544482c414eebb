import ICalendar
import Kernel

package enum SeriesKind: IdentifierKind { package static let prefix = "ser" }
package typealias SeriesID = Identifier<SeriesKind>

/// That a visit is to be repeated, as somebody asked.
struct Recurrence: Sendable {
    /// Visits of one series at most.
    static let most = 104

    let rule: RecurrenceRule
    /// Books what is free and names the rest; otherwise one that is taken refuses them all.
    let skipsTaken: Bool

    static func read(_ input: inout Input) -> Recurrence? {
        input.refuseOthers(than: ["rrule", "on_conflict"])
        let text = input.text("rrule", max: 400)
        let onConflict = input.optionalText("on_conflict", max: 10, min: 1) ?? "refuse"
        if !["refuse", "skip"].contains(onConflict) {
            input.reject("on_conflict", "unknown", "must be refuse or skip.")
        }
        if text.isEmpty { return nil }
        do throws(RecurrenceRule.Fault) {
            return Recurrence(rule: try RecurrenceRule(text), skipsTaken: onConflict == "skip")
        } catch {
            let (code, message) = words(for: error)
            input.reject("rrule", code, message)
            return nil
        }
    }

    static func words(for fault: RecurrenceRule.Fault) -> (code: String, message: Phrase) {
        switch fault {
        case .malformed:
            ("rrule", "must be a rule of RFC 5545 such as FREQ=WEEKLY;COUNT=10.")
        case .endless: ("endless", "must end: add COUNT or UNTIL.")
        case .tooFrequent: ("too_frequent", "must repeat daily, weekly, monthly or yearly.")
        case .tooMany: ("too_many", "must have at most \(most) visits.")
        }
    }
}

/// What became of a series when it was booked.
package struct BookedSeries: Sendable {
    /// A visit that could not be had.
    struct Refused: Sendable {
        var start: Instant
        var refusal: Refusal

        var json: JSONValue {
            [
                "start": .instant(start),
                "code": .string(refusal.fields.first?.code ?? refusal.code),
                "detail": .string(refusal.fields.first?.message.text ?? refusal.detail.text),
                "alternatives": refusal.extra["alternatives"] ?? .array([]),
            ]
        }
    }

    package let id: SeriesID
    package let rule: String
    /// In order of time.
    package var appointments: [Appointment] = []
    var refused: [Refused] = []

    package var json: JSONValue {
        [
            "id": .id(id), "rrule": .string(rule),
            "appointments": .array(appointments.map(\.json)),
            "refused": .array(refused.map(\.json)),
        ]
    }
}
