import Accounts
import ICalendar
import Kernel
import Store
import WebShell

extension AppointmentBook {
    /// Books every visit of a rule, each with all checks, in one transaction.
    ///
    /// The first is at the wanted start, by a hold when there is one; the others are at the same
    /// time of the business's clock.
    func bookSeries(
        _ request: BookingRequest, _ recurrence: Recurrence, of owner: Account,
        for contact: ContactID, by actor: Actor, in tx: Transaction
    ) throws -> BookedSeries {
        let roster = try Roster(of: owner, in: tx)
        try prepareSeries(request, roster, in: tx)
        var held: Appointment?
        if let hold = request.hold { held = try take(hold, for: request, in: owner.id, in: tx) }
        var wanted = request
        wanted.service = request.service ?? held?.service
        wanted.partySize = request.partySize ?? held?.partySize
        guard let first = request.start ?? held?.start else {
            throw Refusal.invalid("start", "required", "is required.")
        }
        let starts = try Self.starts(of: recurrence, from: first, in: roster.zone)
        var series = BookedSeries(id: SeriesID(from: ambient), rule: recurrence.rule.text)
        try SeriesQueries.insert(series.id, series.rule, of: owner.id, at: ambient.now(), in: tx)
        for start in starts {
            wanted.start = start
            do {
                if start == first, let hold = held {
                    series.appointments.append(
                        try confirm(
                            hold, for: request, contact, series: series.id, by: actor, in: tx))
                    continue
                }
                series.appointments.append(
                    try tx.savepoint {
                        try place(
                            wanted, of: owner, for: contact, by: actor, series: series.id, in: tx)
                    })
            } catch let refusal as Refusal where Self.isAboutTime(refusal) {
                series.refused.append(.init(start: start, refusal: refusal))
            }
        }
        if series.appointments.isEmpty || (!series.refused.isEmpty && !recurrence.skipsTaken) {
            throw Self.refusal(of: series, starts.count)
        }
        return series
    }

    /// Locks at once whoever may serve any of the visits: two series that lock them one by one
    /// could wait for each other.
    private func prepareSeries(
        _ request: BookingRequest, _ roster: Roster, in tx: Transaction
    ) throws {
        let (account, now) = (roster.account.id, ambient.now())
        let held = try request.hold.flatMap {
            try AppointmentQueries.appointment($0, of: account, now: now, in: tx)
        }
        guard let id = request.service ?? held?.service,
            let service = try ServiceQueries.service(id, of: account, in: tx)
        else { return }
        let parties = Diary(of: service, roster, now: now).parties.union(held?.parties ?? [])
        try prepare(parties, of: account, in: tx)
    }

    private static func starts(
        of recurrence: Recurrence, from first: Instant, in zone: Zone
    ) throws -> [Instant] {
        func refuse(_ code: String, _ message: Phrase) -> Refusal {
            .invalid("recurrence.rrule", code, message)
        }
        let dates: [LocalDate]
        do throws(RecurrenceRule.Fault) {
            dates = try recurrence.rule.dates(from: first, in: zone)
        } catch {
            let (code, message) = Recurrence.words(for: error)
            throw refuse(code, message)
        }
        let (date, minute) = zone.local(at: first)
        guard let begin = dates.first, begin == date, let time = LocalTime(minutes: minute) else {
            throw refuse("mismatch", "must begin with the day of the first visit.")
        }
        guard dates.count <= Recurrence.most else {
            let (code, message) = Recurrence.words(for: .tooMany)
            throw refuse(code, message)
        }
        return [first] + dates.dropFirst().map { zone.instant($0, time) }
    }

    /// Whether another time would do: who and what is wanted was right.
    private static func isAboutTime(_ refusal: Refusal) -> Bool {
        refusal.code == "slot_taken" || refusal.fields.map(\.field) == ["start"]
    }

    private static func refusal(of series: BookedSeries, _ count: Int) -> Refusal {
        var refusal = Refusal.conflict(
            "\(series.refused.count) of \(count) visits cannot be had. Nothing was booked.",
            code: "slot_taken")
        refusal.extra["alternatives"] =
            series.refused.first?.refusal.extra["alternatives"] ?? .array([])
        refusal.extra["occurrences"] = .array(series.refused.map(\.json))
        return refusal
    }

    /// Cancels a visit and those of its series that come after it. Answers it and how many more.
    package func cancelFollowing(
        _ id: AppointmentID, reason: String?, expecting version: Int? = nil, by actor: Actor
    ) async throws -> (appointment: Appointment, others: [AppointmentID]) {
        let book = self
        return try await store.write { tx in
            func coming(_ appointment: Appointment) throws -> [Appointment] {
                guard let series = appointment.series else { return [] }
                return try SeriesQueries.coming(
                    of: series, account: appointment.account, from: appointment.start, in: tx
                ).filter { $0.id != id }
            }
            let seen = try Self.appointment(id, for: actor, ambient: book.ambient, in: tx)
            var appointment = try book.locked(
                id, for: actor, with: Set(coming(seen).flatMap(\.parties)), expecting: version,
                in: tx)
            guard appointment.status == .confirmed || appointment.status == .pending else {
                throw Self.settled(appointment)
            }
            func cancel(_ appointment: inout Appointment, following: Int?) throws {
                try book.settle(
                    &appointment, .canceled, "appointment.canceled", following: following,
                    by: actor, in: tx
                ) {
                    $0.canceledReason = CardMask.masked(orNil: reason)
                    $0.canceledAt = $1
                }
            }
            var others: [AppointmentID] = []
            // Read again under the locks.
            for var other in try coming(appointment) {
                try cancel(&other, following: 0)
                others.append(other.id)
            }
            try cancel(&appointment, following: others.isEmpty ? nil : others.count)
            return (appointment, others)
        }
    }
}
