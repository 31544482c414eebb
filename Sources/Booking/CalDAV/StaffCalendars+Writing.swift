import Accounts
import ICalendar
import Kernel
import Store
import Work

/// What a program writes into a calendar.
extension StaffCalendars {
    /// What the writer expects to find there.
    struct Condition: Sendable {
        /// One of these; nil: whatever is there.
        var tags: [String]?
        /// Nothing may be there.
        var isNew = false

        func check(_ entry: CalendarEntry?) throws {
            if isNew, entry != nil { throw Refusal.stale() }
            guard let tags else { return }
            guard let entry, tags.contains("*") || tags.contains(entry.etag) else {
                throw Refusal.stale()
            }
        }
    }

    struct Written: Sendable {
        var isNew: Bool
        /// nil: what is stored differs from what was sent, so that it is to be read again.
        var etag: String?
    }

    /// An event of another name has this UID already.
    struct SameUID: Error {
        var name: String
    }

    /// The bytes are no event that this calendar can keep.
    struct Unfit: Error {
        var reason: Phrase
    }

    func put(
        _ text: String, named name: String, in staff: StaffID, _ condition: Condition,
        by actor: Actor
    ) async throws -> Written {
        let (calendar, entry) = try await store.read { tx in
            let calendar = try Self.calendar(staff, for: actor, in: tx)
            return (calendar, try self.entry(named: name, of: calendar, in: tx))
        }
        try actor.require(.book, in: calendar.account.id)
        try condition.check(entry)
        let object: CalendarObjectReading
        do throws(CalendarFault) {
            object = try CalendarReading.object(text, in: calendar.zone)
        } catch { throw Unfit(reason: error.words) }
        if let entry, entry.uid != object.uid {
            throw Unfit(reason: t("An event keeps its UID. Write a new one under another name."))
        }
        switch entry?.source {
        case .appointment(let summary, _):
            try await move(summary.appointment, object, by: actor)
            return Written(isNew: false, etag: nil)
        case .busy(let busy):
            try await change(busy, object, in: calendar, by: actor)
            return Written(isNew: false, etag: nil)
        case .object, nil:
            if entry == nil, Self.isOurs(name) {
                throw Refusal.forbidden(
                    "This booking was cancelled, or somebody else serves it now.")
            }
            let etag = try await keep(
                object, named: name, in: calendar, condition, by: actor)
            return Written(isNew: entry == nil, etag: object.text == text ? etag : nil)
        }
    }

    /// A booking takes a new start from the program, and the words under it; how long it takes and
    /// what it is follow from its service.
    private func move(
        _ appointment: Appointment, _ object: CalendarObjectReading, by actor: Actor
    ) async throws {
        if object.isCancelled {
            _ = try await book.cancel(
                appointment.id, reason: nil, expecting: appointment.version, by: actor)
            return
        }
        guard let time = object.time, object.component == .event, !object.isRepeating,
            !time.isAllDay
        else { throw Refusal.forbidden("A booking happens once, at a time of the day.") }
        let length = appointment.end.milliseconds - appointment.start.milliseconds
        guard time.end.milliseconds - time.start.milliseconds == length else {
            throw Refusal.forbidden("How long a booking takes follows from its service.")
        }
        var body: [String: JSONValue] = [:]
        if time.start != appointment.start { body["start"] = .instant(time.start) }
        if let notes = object.description, notes != appointment.notes ?? "" {
            body["notes"] = .string(notes)
        }
        if body.isEmpty { return }
        _ = try await book.reschedule(
            appointment.id, .object(body), expecting: appointment.version, keepingPeople: true,
            by: actor)
    }

    /// A busy time that was made here is moved and renamed.
    private func change(
        _ seen: BusyTime, _ object: CalendarObjectReading, in calendar: StaffCalendar,
        by actor: Actor
    ) async throws {
        if object.isRepeating {
            throw Refusal.forbidden("This time happens once. Write a new event for what repeats.")
        }
        guard let time = object.time, object.component == .event,
            let range = TimeRange(start: time.start, end: time.end)
        else {
            throw Unfit(reason: t("The event takes no time."))
        }
        let ambient = ambient
        try await store.write { tx in
            try BusyQueries.lock([calendar.party], of: calendar.account.id, in: tx)
            guard var busy = try BusyQueries.busy(seen.id, in: tx), busy == seen else {
                throw Refusal.stale()
            }
            busy.range = range
            busy.reason = Self.reason(object)
            busy.isTransparent = object.isTransparent || object.isCancelled
            try BusyQueries.update(busy, in: tx)
            try Self.raise(busy.id, calendar, ambient, tx)
            try tx.audit(
                "busy.updated", of: busy.id, in: busy.account, by: actor, before: seen.json,
                after: busy.json, ambient: ambient)
        }
    }

    /// Keeps an event of the program's own, whole, and the time that it takes.
    private func keep(
        _ reading: CalendarObjectReading, named name: String, in calendar: StaffCalendar,
        _ condition: Condition, by actor: Actor
    ) async throws -> String {
        let etag = CalendarEntry.etag([reading.text])
        let (ambient, account) = (ambient, calendar.account.id)
        return try await store.write { tx in
            try BusyQueries.lock([calendar.party], of: account, in: tx)
            let known = try StaffCalendarQueries.object(
                named: name, of: calendar.staff.id, account: account, in: tx)
            try condition.check(known.map { CalendarEntry($0) })
            if known == nil { try checkRoom(for: reading.uid, in: calendar, tx) }
            let now = ambient.now()
            var object =
                known
                ?? CalendarObject(
                    id: CalendarObjectID(from: ambient), account: account,
                    staff: calendar.staff.id, name: name, uid: reading.uid,
                    component: reading.component, content: "", etag: "", isRepeating: false, createdBy: actor.user, createdAt: now,
                    updatedAt: now)
            guard object.uid == reading.uid, object.component == reading.component else {
                throw Refusal.stale()
            }
            object.content = reading.text
            object.etag = etag
            object.isRepeating = reading.isRepeating
            object.updatedAt = now
            if known == nil {
                try StaffCalendarQueries.insert(object, in: tx)
            } else {
                try StaffCalendarQueries.update(object, in: tx)
            }
            try Self.block(object, reason: Self.reason(reading), calendar, ambient, tx)
            try Self.raise(object.id.text, calendar, ambient, tx)
            try tx.audit(
                "calendar_object.saved", of: object.id, in: account, by: actor,
                after: ["staff_id": .id(object.staff)], ambient: ambient)
            return etag
        }
    }

    private func checkRoom(
        for uid: String, in calendar: StaffCalendar, _ tx: Transaction
    ) throws {
        let (staff, account) = (calendar.staff.id, calendar.account.id)
        if let other = try StaffCalendarQueries.object(
            uid: uid, of: staff, account: account, in: tx)
        {
            throw SameUID(name: other.name)
        }
        let suffix = "@autosecretary"
        if uid.hasSuffix(suffix) {
            let name = uid.dropLast(suffix.count) + ".ics"
            if Self.isOurs(String(name)),
                let ours = try entry(named: String(name), of: calendar, in: tx)
            {
                throw SameUID(name: ours.name)
            }
        }
        guard try StaffCalendarQueries.count(of: staff, account: account, in: tx) < Self.mostObjects
        else { throw Refusal.conflict("A calendar keeps at most \(Self.mostObjects) events.") }
    }

    private static func reason(_ object: CalendarObjectReading) -> String? {
        guard let summary = object.summary, !summary.isEmpty, !object.isPrivate else { return nil }
        return CardMask.masked(String(summary.prefix(200)))
    }

    /// Writes the busy rows of an event anew, for the days to come.
    static func block(
        _ object: CalendarObject, reason: String?, _ calendar: StaffCalendar, _ ambient: Ambient,
        _ tx: Transaction
    ) throws {
        try BusyQueries.deleteAll(from: object.id.text, of: object.account, in: tx)
        let now = ambient.now()
        let found: [CalendarOccurrence]
        do throws(CalendarFault) {
            found = try CalendarReading.occurrences(
                object.content, in: calendar.zone, from: now.advanced(byDays: -1),
                to: now.advanced(byDays: comingDays), most: mostOccurrences)
        } catch { throw Unfit(reason: error.words) }
        for occurrence in found where occurrence.takesTime {
            guard let range = TimeRange(start: occurrence.start, end: occurrence.end) else {
                continue
            }
            var busy = BusyTime(
                id: ambient.newID("busy"), account: object.account, party: calendar.party,
                range: range, reason: reason, isTransparent: false, createdAt: now)
            busy.source = object.id.text
            try BusyQueries.insert(busy, in: tx)
        }
    }

    static func raise(
        _ id: String, _ calendar: StaffCalendar, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                "busy.changed", account: calendar.account.id, subject: id,
                ["of": .id(calendar.staff.id)], ambient: ambient))
    }

    // MARK: Taking away

    func delete(
        named name: String, in staff: StaffID, _ condition: Condition, by actor: Actor
    ) async throws {
        let (calendar, entry) = try await store.read { tx in
            let calendar = try Self.calendar(staff, for: actor, in: tx)
            return (calendar, try self.entry(named: name, of: calendar, in: tx))
        }
        try actor.require(.book, in: calendar.account.id)
        guard let entry else { throw Refusal.notFound() }
        try condition.check(entry)
        switch entry.source {
        case .appointment(let summary, _):
            let appointment = summary.appointment
            _ = try await book.cancel(
                appointment.id, reason: nil, expecting: appointment.version, by: actor)
        case .busy(let busy):
            try await Catalog(store: store, ambient: ambient).deleteBusy(busy.id, by: actor)
        case .object(let seen): try await forget(seen, in: calendar, by: actor)
        }
    }

    private func forget(
        _ seen: CalendarObject, in calendar: StaffCalendar, by actor: Actor
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            try BusyQueries.lock([calendar.party], of: seen.account, in: tx)
            let object = try StaffCalendarQueries.object(seen.id, of: seen.account, in: tx)
            guard let object else { throw Refusal.notFound() }
            guard object.etag == seen.etag else { throw Refusal.stale() }
            try BusyQueries.deleteAll(from: object.id.text, of: object.account, in: tx)
            try StaffCalendarQueries.delete(object, in: tx)
            try Self.raise(object.id.text, calendar, ambient, tx)
            try tx.audit(
                "calendar_object.deleted", of: object.id, in: object.account, by: actor,
                before: ["staff_id": .id(object.staff)], ambient: ambient)
        }
    }

    // MARK: As time goes on

    static let extendJob = "calendar.extend"

    package var schedules: [Work.Schedule] {
        Cron("7 4 * * *").map {
            [Work.Schedule(Self.extendJob, $0, kind: Self.extendJob, isHousekeeping: true)]
        } ?? []
    }

    /// What repeats without an end blocks the days that have come near.
    package var jobHandlers: [String: Worker.Handler] {
        [
            Self.extendJob: { _ in
                var last = ""
                while true {
                    let after = last
                    let page = try await store.read { tx in
                        try StaffCalendarQueries.repeating(after: after, limit: 100, in: tx)
                    }
                    guard let end = page.last else { return .done }
                    for one in page {
                        // What cannot be written out any more keeps the rows that it has.
                        do { try await extend(one.id, of: one.account) } catch is Unfit {}
                    }
                    last = end.id.text
                }
            }
        ]
    }

    private func extend(_ id: CalendarObjectID, of account: AccountID) async throws {
        let ambient = ambient
        try await store.write { tx in
            guard let seen = try StaffCalendarQueries.object(id, of: account, in: tx),
                let member = try CatalogQueries.staffMember(seen.staff, of: account, in: tx)
            else { return }
            let owner = try AccountDirectory.account(account, for: .system, in: tx)
            let calendar = StaffCalendar(of: member, owner, for: .system)
            try BusyQueries.lock([calendar.party], of: account, in: tx)
            guard let object = try StaffCalendarQueries.object(id, of: account, in: tx),
                let reading = try? CalendarReading.object(object.content, in: calendar.zone)
            else { return }
            try Self.block(object, reason: Self.reason(reading), calendar, ambient, tx)
        }
    }
}

extension CalendarFault {
    /// Why the event is refused.
    var words: Phrase {
        switch self {
        case .malformed: t("This is no calendar that can be read (RFC 5545).")
        case .noEvent: t("There is no event in it.")
        case .noUID: t("The event has no UID.")
        case .severalUIDs: t("It holds several events; each is written by itself.")
        case .noStart: t("The event has no start (DTSTART).")
        case .endBeforeStart: t("The event ends before it starts.")
        case .outOfRange: t("The event lies outside the years 1970 to 2100.")
        case .tooOften: t("The event repeats more often than every hour.")
        case .tooMany: t("The event repeats too often.")
        }
    }
}
