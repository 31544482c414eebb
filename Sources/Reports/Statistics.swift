import Accounts
import Kernel
import Store

/// Counts what happened at a business.
///
/// The API and the pages ask the same function, so they show the same numbers.
package struct Statistics: Sendable {
    package static let maxDays = 366

    let store: Store

    package init(store: Store) { self.store = store }

    /// From `from` until before `to`, at most 366 days.
    package func statistics(
        of account: AccountID, from: Instant, to: Instant, for actor: Actor
    ) async throws -> AccountStatistics {
        try await store.read { tx in
            try Self.statistics(of: account, from: from, to: to, for: actor, in: tx)
        }
    }

    /// The same, in the one read of a page.
    package static func statistics(
        of id: AccountID, from: Instant, to: Instant, for actor: Actor, in tx: Transaction
    ) throws -> AccountStatistics {
        let account = try AccountDirectory.account(id, for: actor, in: tx)
        try check(from, to)
        guard let zone = Zone(account.timeZone) else {
            throw StoreError.corrupt("account \(id) has an unknown time zone")
        }
        var numbers = AccountStatistics(
            account: id, from: from, to: to, timeZone: account.timeZone)
        let range = from..<to
        numbers.inquiries = inquiries(
            try StatisticsQueries.inquiries(of: id, in: range, tx), range, zone)
        numbers.conversations = try StatisticsQueries.conversations(of: id, in: range, tx)
        numbers.messages = try StatisticsQueries.messages(of: id, in: range, tx)
        numbers.appointments = try StatisticsQueries.appointments(of: id, in: range, tx)
        numbers.firstResponse = firstResponse(
            try StatisticsQueries.firstResponses(of: id, in: range, tx))
        return numbers
    }

    private static func check(_ from: Instant, _ to: Instant) throws {
        guard from < to else { throw Refusal.invalid("to", "range", "must be after from.") }
        // One hour more: 366 local days may hold one when the clocks go back.
        guard to <= from.advanced(byDays: maxDays).advanced(byMinutes: 60) else {
            throw Refusal.invalid("to", "range", "must be at most \(maxDays) days after from.")
        }
    }

    // MARK: Arithmetic

    /// Inquiries of the same quarter of an hour and the same particulars.
    struct Bunch: Sendable, Equatable {
        var quarter: Int64
        var kind: String
        var channel: String?
        var disposition: String?
        var count: Int
    }

    /// All of the counts come from the same rows, so that their sums agree.
    static func inquiries(
        _ bunches: [Bunch], _ range: Range<Instant>, _ zone: Zone
    ) -> AccountStatistics.Inquiries {
        var numbers = AccountStatistics.Inquiries()
        numbers.byKind = Dictionary(uniqueKeysWithValues: kinds.map { ($0, 0) })
        var byDate: [LocalDate: Int] = [:]
        for bunch in bunches {
            numbers.total += bunch.count
            numbers.byKind[bunch.kind, default: 0] += bunch.count
            numbers.byChannel[bunch.channel ?? "none", default: 0] += bunch.count
            numbers.byOutcome[bunch.disposition ?? "none", default: 0] += bunch.count
            let start = Instant(milliseconds: bunch.quarter * quarterMilliseconds)
            // The bunch's first moment may lie before the range; its inquiries do not.
            let local = zone.local(at: max(start, range.lowerBound))
            numbers.byHour[local.minuteOfDay / 60] += bunch.count
            byDate[local.date, default: 0] += bunch.count
        }
        let first = zone.local(at: range.lowerBound).date.daysSinceEpoch
        let last = zone.local(at: range.upperBound.advanced(byMilliseconds: -1)).date.daysSinceEpoch
        numbers.byDate = (first...last).map { day in
            let date = LocalDate(daysSinceEpoch: day)
            return .init(date: date, count: byDate[date] ?? 0)
        }
        return numbers
    }

    /// Every offset from UTC since 1972 is a multiple of this.
    static let quarterMilliseconds: Int64 = 900_000

    /// The words of the table's CHECK, in the order in which pages list them.
    package static let kinds = [
        "booking", "question", "hard_question", "complaint", "suggestion", "order", "other",
    ]

    /// The median is the mean of the middle two of an even number; the 90th percentile is by rank.
    ///
    /// Whole seconds, rounded down.
    static func firstResponse(_ milliseconds: [Int64]) -> AccountStatistics.FirstResponse {
        let sorted = milliseconds.map { max(0, $0) }.sorted()
        guard !sorted.isEmpty else { return .init() }
        let middle = sorted.count / 2
        let median =
            sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        let rank = (sorted.count * 9 + 9) / 10
        return .init(median: Int(median / 1000), ninetieth: Int(sorted[rank - 1] / 1000))
    }
}
