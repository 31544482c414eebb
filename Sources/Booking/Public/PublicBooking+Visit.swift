import Accounts
import Kernel
import Store

/// One's own visit, behind its link.
extension PublicBooking {
    /// A visit as its client sees it.
    package struct Visit: Sendable {
        package var front: Front
        package var summary: AppointmentSummary
        package var service: BookableService
        package var freedom: BookingPolicy.Freedom

        package var appointment: Appointment { summary.appointment }
    }

    /// The visit behind a link, also when the page is closed now: what was booked stays theirs.
    package func visit(_ token: String, at slug: String) async throws -> Visit {
        let now = ambient.now()
        return try await store.read { tx in try Self.visit(token, slug, at: now, in: tx) }
    }

    private static func visit(
        _ token: String, _ slug: String, at now: Instant, in tx: Transaction
    ) throws -> Visit {
        let front = try front(slug, at: now, requiringOpen: false, in: tx)
        guard let id: AppointmentID = try VisitLinks.id(in: token, .visit, in: tx),
            let summary = try AppointmentBook.summary(id, of: front.account.id, in: tx),
            // Who was forgotten has nothing left to see.
            summary.appointment.contact != nil, summary.appointment.status != .held,
            let service = try ServiceQueries.service(
                summary.appointment.service, of: front.account.id, in: tx)
        else { throw Refusal.notFound() }
        return Visit(
            front: front, summary: summary, service: service,
            freedom: front.policy.freedom(of: summary.appointment, at: now))
    }

    /// For the client's own calendar: the same event as everywhere, and nobody is asked.
    package func invitation(_ token: String, at slug: String) async throws -> Invitation {
        let now = ambient.now()
        return try await store.read { tx in
            let visit = try Self.visit(token, slug, at: now, in: tx)
            return try AppointmentBook.invitation(
                to: visit.appointment, asking: false,
                for: .visitor(of: visit.front.account.id), in: tx)
        }
    }

    /// Times to which a visit may be moved.
    package func times(
        toMove token: String, at slug: String, staff: StaffID?,
        on days: @escaping @Sendable (Front) -> (first: LocalDate, count: Int)
    ) async throws -> (Visit, Times) {
        let now = ambient.now()
        return try await store.read { tx in
            let visit = try Self.visit(token, slug, at: now, in: tx)
            let wish = Wish(
                service: visit.service.id, staff: staff, partySize: visit.appointment.partySize)
            let (first, count) = days(visit.front)
            var times = try Self.times(
                visit.front, visit.service, wish, first, count,
                seesThrough: visit.appointment.id, in: tx)
            times.slots.removeAll { $0.start == visit.appointment.start }
            return (visit, times)
        }
    }

    /// Moves one's own visit, while the policy lets one.
    package func move(
        _ token: String, at slug: String, to start: Instant, staff: StaffID?, origin: Origin
    ) async throws {
        let (book, ambient) = (book, ambient)
        try await store.write { tx in
            let visit = try Self.visit(token, slug, at: ambient.now(), in: tx)
            let actor = Actor.visitor(of: visit.front.account.id, origin: origin)
            let diary = try book.diary(of: visit.appointment, for: actor, in: tx)
            var appointment = try book.locked(
                visit.appointment.id, for: actor, with: diary.parties, in: tx)
            guard visit.front.policy.freedom(of: appointment, at: diary.now) == .free else {
                throw Self.tooLate
            }
            let before = appointment.auditJSON
            appointment.version += 1
            try book.move(&appointment, to: start, staff: staff, diary, in: tx)
            try tx.raise(appointment.event("appointment.rescheduled", ambient: ambient))
            try tx.audit(
                "appointment.rescheduled", of: appointment.id, in: appointment.account, by: actor,
                before: before, after: appointment.auditJSON, ambient: ambient)
        }
    }

    /// Cancels one's own visit. `agreedFee`: what the client was told that it costs; when the
    /// answer is another one meanwhile, nothing happens (409).
    package func cancel(
        _ token: String, at slug: String, reason: String, agreedFee: Money?, origin: Origin
    ) async throws {
        let (book, ambient) = (book, ambient)
        try await store.write { tx in
            let visit = try Self.visit(token, slug, at: ambient.now(), in: tx)
            let actor = Actor.visitor(of: visit.front.account.id, origin: origin)
            var appointment = try book.locked(visit.appointment.id, for: actor, in: tx)
            var owed: AppointmentFee?
            switch visit.front.policy.freedom(of: appointment, at: ambient.now()) {
            case .free: break
            case .cancelFor(let sum): owed = AppointmentFee(sum: sum, reason: .lateCancellation)
            case .none: throw Self.tooLate
            }
            guard owed?.sum == agreedFee else {
                throw Refusal.conflict("What cancelling costs has just changed. Look again.")
            }
            let words = String(reason.prefix(500))
            try book.settle(
                &appointment, .canceled, "appointment.canceled", by: actor, in: tx
            ) {
                $0.canceledReason = CardMask.masked(orNil: words.isEmpty ? nil : words)
                $0.canceledAt = $1
                $0.fee = owed
            }
        }
    }

    private static var tooLate: Refusal {
        .conflict("This visit can no longer be changed here. Please contact the business.")
    }
}
