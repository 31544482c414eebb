import Accounts
import ICalendar
import Kernel

/// A thing below `/dav` and what programs may ask of it (RFC 4918 §15, RFC 4791 §5.2).
struct DAVResource: Sendable {
    enum Kind: Sendable {
        case root, principals, principal, home
        case calendar(StaffCalendar)
        case entry(StaffCalendar, CalendarEntry)
    }

    var kind: Kind
    var address: DAVAddress
    var actor: Actor
    /// Where the next question for what is new begins; known when somebody asks for it.
    var position: Int64?

    private static let usual: [DAVName] = [
        .dav("resourcetype"), .dav("displayname"), .dav("current-user-principal"),
        .dav("current-user-privilege-set"), .dav("owner"), .dav("supported-report-set"),
        .dav("principal-collection-set"),
    ]

    /// What it has.
    var names: [DAVName] {
        switch kind {
        case .root, .principals: Self.usual
        case .principal:
            Self.usual + [
                .dav("principal-URL"), .dav("alternate-URI-set"), .dav("group-membership"),
                .calendar("calendar-home-set"), .calendar("calendar-user-address-set"),
                .calendar("calendar-user-type"), .server("email-address-set"),
            ]
        case .home: Self.usual
        case .calendar:
            Self.usual + [
                .dav("sync-token"), .server("getctag"), .calendar("calendar-description"),
                .calendar("supported-calendar-component-set"), .calendar("supported-calendar-data"),
                .calendar("calendar-timezone-id"), .calendar("max-resource-size"),
                .calendar("max-instances"), .calendar("min-date-time"),
                .calendar("max-date-time"), .calendar("supported-collation-set"),
                .calendar("schedule-calendar-transp"),
            ]
        case .entry:
            [
                .dav("resourcetype"), .dav("getetag"), .dav("getcontenttype"),
                .dav("getcontentlength"), .dav("current-user-principal"),
                .dav("current-user-privilege-set"), .dav("owner"),
            ]
        }
    }

    static let needPosition: Set<DAVName> = [.dav("sync-token"), .server("getctag")]

    /// nil: it has no such property.
    func value(_ name: DAVName) -> DAVText? {
        switch name.space {
        case DAVName.davSpace: davValue(name.name)
        case DAVName.calendarSpace: calendarValue(name.name)
        case DAVName.serverSpace: serverValue(name.name)
        default: nil
        }
    }

    private func davValue(_ name: String) -> DAVText? {
        switch (name, kind) {
        case ("resourcetype", _): type
        case ("displayname", .entry): nil
        case ("displayname", _): .text(displayName)
        case ("current-user-principal", _), ("owner", _): .href(principal)
        case ("principal-URL", .principal): .href(principal)
        case ("principal-collection-set", .entry): nil
        case ("principal-collection-set", _): .href(DAVAddress.principals.path)
        case ("alternate-URI-set", .principal), ("group-membership", .principal): DAVText.none
        case ("current-user-privilege-set", _): privileges
        case ("supported-report-set", .entry): nil
        case ("supported-report-set", _): reports
        case ("getetag", .entry(_, let entry)): .text(entry.etag)
        case ("getcontenttype", .entry(_, let entry)):
            .text("text/calendar; charset=utf-8; component=\(entry.component.rawValue)")
        case ("getcontentlength", .entry(_, let entry)): .text(String(entry.text.utf8.count))
        case ("sync-token", .calendar(let calendar)):
            position.map { .text(DAVSyncToken(calendar.staff.id, $0).text) }
        default: nil
        }
    }

    private func calendarValue(_ name: String) -> DAVText? {
        switch (name, kind) {
        case ("calendar-home-set", .principal): return .href(DAVAddress.home(actor.user).path)
        case ("calendar-user-address-set", .principal):
            return .href("mailto:\(actor.email)") + .href(principal)
        case ("calendar-user-type", .principal): return "INDIVIDUAL"
        case ("calendar-description", .calendar(let calendar)):
            return .text(calendar.account.name)
        case ("supported-calendar-component-set", .calendar):
            return DAVText.joined(
                CalendarComponent.allCases.map {
                    DAVText(xml: "<C:comp name=\"\($0.rawValue)\"/>")
                })
        case ("supported-calendar-data", .calendar):
            return DAVText(xml: #"<C:calendar-data content-type="text/calendar" version="2.0"/>"#)
        case ("calendar-timezone-id", .calendar(let calendar)):
            return .text(calendar.zone.identifier)
        case ("max-resource-size", .calendar): return .text(String(StaffCalendars.mostBytes))
        case ("max-instances", .calendar): return .text(String(StaffCalendars.mostOccurrences))
        case ("min-date-time", .calendar): return "19700101T000000Z"
        case ("max-date-time", .calendar): return "21001231T000000Z"
        case ("supported-collation-set", .calendar):
            return DAVText.joined(
                DAVFilter.collations.sorted().map {
                    .element(.calendar("supported-collation"), .text($0))
                })
        case ("schedule-calendar-transp", .calendar): return .element(.calendar("opaque"))
        default: return nil
        }
    }

    private func serverValue(_ name: String) -> DAVText? {
        switch (name, kind) {
        case ("getctag", .calendar): position.map { .text(String($0)) }
        case ("email-address-set", .principal):
            .element(.server("email-address"), .text(actor.email))
        default: nil
        }
    }

    // MARK: Parts

    private var principal: String { DAVAddress.principal(actor.user).path }

    private var displayName: String {
        switch kind {
        case .principal, .home: actor.name
        case .calendar(let calendar): "\(calendar.staff.name) – \(calendar.account.name)"
        default: "Autosecretary"
        }
    }

    private var type: DAVText {
        switch kind {
        case .entry: .none
        case .calendar: .element(.dav("collection")) + .element(.calendar("calendar"))
        case .principal: .element(.dav("principal")) + .element(.dav("collection"))
        case .root, .principals, .home: .element(.dav("collection"))
        }
    }

    private var privileges: DAVText {
        var names: [DAVName] = [.dav("read"), .dav("read-current-user-privilege-set")]
        switch kind {
        case .calendar(let calendar) where calendar.isWritable && actor.mayWriteCalendars:
            names += [.calendar("read-free-busy"), .dav("bind"), .dav("unbind")]
            names += [.dav("write-content")]
        case .calendar: names += [.calendar("read-free-busy")]
        case .entry(let calendar, _) where calendar.isWritable && actor.mayWriteCalendars:
            names += [.dav("write-content")]
        default: break
        }
        return DAVText.joined(names.map { .element(.dav("privilege"), .element($0)) })
    }

    private var reports: DAVText {
        switch kind {
        case .calendar: break
        case .root, .principals, .principal:
            let name = DAVName.dav("principal-property-search")
            return .element(.dav("supported-report"), .element(.dav("report"), .element(name)))
        case .home, .entry: return .none
        }
        let names: [DAVName] = [
            .calendar("calendar-query"), .calendar("calendar-multiget"),
            .calendar("free-busy-query"), .dav("sync-collection"),
        ]
        return DAVText.joined(
            names.map { .element(.dav("supported-report"), .element(.dav("report"), .element($0))) }
        )
    }
}

extension Actor {
    static let calendarScope = "appointments"
    var mayReadCalendars: Bool { hasScope(Self.calendarScope, writes: false) }
    var mayWriteCalendars: Bool { hasScope(Self.calendarScope, writes: true) }
}

/// How far a program knows a calendar (RFC 6578 §3.8).
struct DAVSyncToken: Equatable {
    private static let prefix = "urn:autosecretary:sync:"

    var staff: StaffID
    var position: Int64

    init(_ staff: StaffID, _ position: Int64) {
        self.staff = staff
        self.position = position
    }

    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(separator: ":")
        guard parts.count == 2, let position = Int64(parts[1]), position >= 0 else { return nil }
        self.init(StaffID(String(parts[0])), position)
    }

    var text: String { "\(Self.prefix)\(staff):\(position)" }
}
