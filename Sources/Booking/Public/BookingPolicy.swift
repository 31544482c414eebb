import Accounts
import Kernel
import Store

/// Until when clients of a business may move or cancel by themselves, and what it costs later.
/// Without one, they may until the visit begins.
package struct BookingPolicy: VersionedSettings, Equatable {
    /// Thirty days.
    package static let cutoffMinutes = 0...43_200

    package let account: AccountID
    /// Before the start; counted in elapsed time.
    package var cutoffMinutes = 0
    /// For a visit that is cancelled later than that.
    package var lateFee: Money?
    package var noShowFee: Money?
    /// The business's own words about it, shown before somebody books.
    package var words: String?
    /// 0 until the business has said anything.
    package var version = 0

    package init(account: AccountID) { self.account = account }

    package var json: JSONValue {
        [
            "account_id": .id(account), "cutoff_minutes": .number(cutoffMinutes),
            "late_fee": lateFee?.json ?? .null, "no_show_fee": noShowFee?.json ?? .null,
            "words": .text(words), "version": .number(version),
        ]
    }

    /// Takes over what the body says; what is left out falls back to nothing.
    mutating func read(_ input: inout Input, currency: String) {
        cutoffMinutes = input.optionalInteger("cutoff_minutes", in: Self.cutoffMinutes) ?? 0
        func fee(_ name: String) -> Money? {
            input.nested(name) { fee -> Money in
                fee.refuseOthers(than: ["amount", "currency"])
                let amount = fee.integer("amount", in: 1...1_000_000_000)
                if fee.text("currency", max: 3) != currency {
                    fee.reject("currency", "mismatch", "must be the business's, \(currency).")
                }
                return Money(minor: Int64(amount), currency: currency)
            }
        }
        lateFee = fee("late_fee")
        noShowFee = fee("no_show_fee")
        words = input.optionalText("words", max: 2000).flatMap { $0.isEmpty ? nil : $0 }
        input.refuseOthers(than: ["cutoff_minutes", "late_fee", "no_show_fee", "words"])
    }

    /// The last moment at which a client may still change this visit without a fee.
    package func changeableUntil(_ start: Instant) -> Instant {
        start.advanced(byMinutes: -cutoffMinutes)
    }

    /// What a client may still do about a coming visit by themselves.
    package enum Freedom: Sendable, Equatable {
        /// Move and cancel.
        case free
        /// Cancel for this fee; moving is for people to arrange.
        case cancelFor(Money)
        /// Only by asking the business.
        case none
    }

    package func freedom(of appointment: Appointment, at now: Instant) -> Freedom {
        guard [.confirmed, .pending].contains(appointment.status), now < appointment.start else {
            return .none
        }
        // The business could not keep it: then the cut-off is not the client's matter.
        if appointment.askedToMoveAt != nil { return .free }
        if now <= changeableUntil(appointment.start) { return .free }
        return lateFee.map(Freedom.cancelFor) ?? .none
    }
}

/// What a client owes for a visit that did not take place.
package struct AppointmentFee: Sendable, Equatable {
    package enum Reason: String, Sendable, CaseIterable {
        case lateCancellation = "late_cancellation"
        case noShow = "no_show"
    }

    package var sum: Money
    package var reason: Reason
}

/// The page at which clients of a business book by themselves.
package struct BookingPageSettings: VersionedSettings, Equatable {
    package enum Asks: String, Sendable, CaseIterable { case either, phone, email, both }

    package static let mostServices = 200

    package let account: AccountID
    package var isOpen = false
    package var greeting: String?
    /// How a client must be reachable.
    package var asksFor = Asks.either
    /// nil: everything on offer.
    package var services: [ServiceID]?
    package var version = 0

    package init(account: AccountID) { self.account = account }

    package func offers(_ service: BookableService) -> Bool {
        service.isActive && services?.contains(service.id) ?? true
    }

    package var json: JSONValue {
        [
            "account_id": .id(account), "is_open": .bool(isOpen), "greeting": .text(greeting),
            "asks_for": .string(asksFor.rawValue),
            "service_ids": services.map { .list($0.map(\.text)) } ?? .null,
            "version": .number(version),
        ]
    }

    mutating func read(_ input: inout Input) {
        isOpen = input.optionalBool("is_open") ?? false
        greeting = input.optionalText("greeting", max: 600).flatMap { $0.isEmpty ? nil : $0 }
        asksFor = input.optionalChoice("asks_for", Asks.self) ?? .either
        services = input.optionalTexts("service_ids", max: Self.mostServices)
            .map { Array(Set($0)).sorted().map { ServiceID($0) } }
        input.refuseOthers(than: ["is_open", "greeting", "asks_for", "service_ids"])
    }
}
