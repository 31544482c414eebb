import Accounts
import ICalendar
import Kernel
import Store

/// The calendars of the staff, as programs open, read and change them (RFC 4791).
///
/// A booking is moved and called off by `AppointmentBook`, with every check that the API makes.
/// Whatever else a program writes becomes busy time.
package struct StaffCalendars: Sendable {
    static let pastDays = 366
    static let comingDays = 400
    private static let mostAppointments = 10_000
    /// Of one event, within the days that are looked at.
    static let mostOccurrences = 2000
    static let mostBytes = 256 * 1024
    /// Events that one calendar keeps.
    static let mostObjects = 5000

    let store: Store
    let ambient: Ambient
    let book: AppointmentBook
    let tongues: [Language: Tongue]

    package init(
        store: Store, ambient: Ambient, book: AppointmentBook, tongues: [Language: Tongue]
    ) {
        self.store = store
        self.ambient = ambient
        self.book = book
        self.tongues = tongues
    }

    // MARK: Whose

    /// One's own calendars, and those of everybody who works where one manages.
    static func calendars(of actor: Actor, in tx: Transaction) throws -> [StaffCalendar] {
        var found: [StaffCalendar] = []
        for account in actor.memberships.keys.sorted()
        where actor.can(.viewAccount, in: account) {
            let owner = try AccountDirectory.account(account, for: actor, in: tx)
            let isManager = actor.can(.manageAccount, in: account)
            for member in try CatalogQueries.staff(of: account, in: tx)
            where member.isActive && (isManager || member.user == actor.user) {
                found.append(StaffCalendar(of: member, owner, for: actor))
            }
        }
        return found
    }

    /// A stranger's does not exist; a colleague's is not for everybody.
    static func calendar(
        _ id: StaffID, for actor: Actor, in tx: Transaction
    ) throws -> StaffCalendar {
        guard let account = try CatalogQueries.account(of: id, in: tx),
            actor.memberships[account] != nil, actor.can(.viewAccount, in: account),
            let member = try CatalogQueries.staffMember(id, of: account, in: tx)
        else { throw Refusal.notFound() }
        guard actor.can(.manageAccount, in: account) || member.user == actor.user else {
            throw Refusal.forbidden()
        }
        return StaffCalendar(
            of: member, try AccountDirectory.account(account, for: actor, in: tx), for: actor)
    }

    // MARK: What is in it

    /// Everything that the calendar shows: a year back, a year and a month ahead; events that
    /// programs wrote for as long as they keep them.
    func entries(
        of calendar: StaffCalendar, within range: TimeRange? = nil, in tx: Transaction
    ) throws -> [CalendarEntry] {
        let (now, account) = (ambient.now(), calendar.account.id)
        var from = now.advanced(byDays: -Self.pastDays)
        var to = now.advanced(byDays: Self.comingDays)
        if let range { (from, to) = (max(from, range.start), min(to, range.end)) }
        var entries: [CalendarEntry] = []
        if from < to {
            var filter = AppointmentFilter()
            (filter.from, filter.to, filter.staff) = (from, to, calendar.staff.id)
            filter.statuses = [.pending, .confirmed, .completed, .noShow]
            let changes = try CalendarFeedQueries.changes(of: account, from: from, to: to, in: tx)
            entries = try AppointmentListQueries.appointments(
                of: account, filter, after: nil, limit: Self.mostAppointments, now: now, in: tx
            ).map { summary in
                let id = summary.appointment.id
                return CalendarEntry(
                    summary, changedAt: changes[id] ?? summary.appointment.createdAt)
            }
            entries += try BusyQueries.own(
                of: calendar.party, account: account, from: from, to: to, in: tx
            ).map { CalendarEntry($0) }
        }
        return entries
            + (try StaffCalendarQueries.objects(of: calendar.staff.id, account: account, in: tx))
            .map { CalendarEntry($0) }
    }

    /// nil: there is no such member.
    func entry(
        named name: String, of calendar: StaffCalendar, in tx: Transaction
    ) throws -> CalendarEntry? {
        let account = calendar.account.id
        let id = name.hasSuffix(".ics") ? String(name.dropLast(4)) : ""
        if id.hasPrefix(AppointmentKind.prefix + "_") {
            let summary = try AppointmentListQueries.appointment(
                AppointmentID(id), of: account, in: tx)
            guard let summary, summary.appointment.staff.contains(calendar.staff.id),
                summary.appointment.status != .canceled, summary.appointment.status != .held
            else { return nil }
            let changedAt = try AppointmentQueries.changedAt(
                summary.appointment.id, of: account, in: tx)
            return CalendarEntry(
                summary, changedAt: changedAt ?? summary.appointment.createdAt)
        }
        if id.hasPrefix("busy_") {
            guard let busy = try BusyQueries.busy(id, in: tx), busy.account == account,
                busy.party == calendar.party, busy.source == nil
            else { return nil }
            return CalendarEntry(busy)
        }
        return try StaffCalendarQueries.object(
            named: name, of: calendar.staff.id, account: account, in: tx
        ).map { CalendarEntry($0) }
    }

    /// A name that ours have: whoever writes there means one of ours.
    static func isOurs(_ name: String) -> Bool {
        name.hasPrefix(AppointmentKind.prefix + "_") || name.hasPrefix("busy_")
    }

    /// In the business's language.
    func speaking<T>(of calendar: StaffCalendar, _ body: () throws -> T) rethrows -> T {
        let tongue = Language(tag: calendar.account.locale).flatMap { tongues[$0] } ?? .english
        return try Tongue.$current.withValue(tongue, operation: body)
    }

    // MARK: What is new

    /// What became of each member since a program last asked.
    struct Changes: Sendable {
        struct Change: Sendable {
            var name: String
            /// nil: it is gone.
            var etag: String?
        }

        var changes: [Change]
        /// Where the next question begins.
        var position: Int64
        /// That of the newest of all.
        var last: Int64
        var isCut: Bool
    }

    /// The changes after a position; what nobody was told so far is noted first. nil: a position
    /// that was never given out.
    ///
    /// Noted when somebody asks, not when it happens: a name that is corrected, a row that an
    /// import replaced, all that changes what a member shows is seen here, whoever wrote it.
    func changes(
        of calendar: StaffCalendar, after position: Int64, limit: Int?, in tx: Transaction
    ) throws -> Changes? {
        let (account, staff) = (calendar.account.id, calendar.staff.id)
        try BusyQueries.lock([calendar.party], of: account, in: tx)
        var marks = try StaffCalendarQueries.marks(of: staff, account: account, in: tx)
        var last = marks.last?.position ?? 0
        guard position >= 0, position <= last else { return nil }
        var known = Dictionary(marks.map { ($0.name, $0) }) { first, _ in first }
        func note(_ name: String, _ etag: String, isGone: Bool) throws {
            last += 1
            let mark = StaffCalendarQueries.Mark(
                name: name, etag: etag, isGone: isGone, position: last)
            try StaffCalendarQueries.put(mark, of: staff, account: account, in: tx)
            known[name] = mark
        }
        let current = try entries(of: calendar, in: tx)
        for entry in current {
            let mark = known[entry.name]
            if mark?.etag != entry.etag || mark?.isGone != false {
                try note(entry.name, entry.etag, isGone: false)
            }
        }
        let here = Set(current.map(\.name))
        for mark in marks where !mark.isGone && !here.contains(mark.name) {
            try note(mark.name, mark.etag, isGone: true)
        }
        marks = known.values.filter { $0.position > position }.sorted { $0.position < $1.position }
        // Who knows nothing yet need not hear of what is gone.
        if position == 0 { marks.removeAll(where: \.isGone) }
        let isCut = limit.map { marks.count > $0 } ?? false
        if let limit, isCut { marks = Array(marks.prefix(limit)) }
        return Changes(
            changes: marks.map { .init(name: $0.name, etag: $0.isGone ? nil : $0.etag) },
            position: isCut ? marks.last?.position ?? position : last, last: last, isCut: isCut)
    }
}
