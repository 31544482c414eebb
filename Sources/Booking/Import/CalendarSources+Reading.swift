import Accounts
import Foundation
import ICalendar
import Kernel
import Outbound
import Store
import Vault
import Work

/// Reading them: by jobs, never while a caller waits.
extension CalendarSources {
    private static let everyMinutes = 30
    private static let (pastDays, comingDays) = (1, 180)
    private static let mostBytes = 10 * 1024 * 1024
    private static let (mostEvents, mostRows) = (20_000, 5000)
    private static let mostRedirects = 3
    private static let roundJob = "calendar.import.round"

    package var schedules: [Work.Schedule] {
        Cron("*/15 * * * *").map {
            [Work.Schedule(Self.roundJob, $0, kind: Self.roundJob, isHousekeeping: true)]
        } ?? []
    }

    package var jobHandlers: [String: Worker.Handler] {
        [
            Self.roundJob: { _ in
                try await round()
                return .done
            },
            Self.job: { job in
                // A failure is shown, and the next round tries again.
                try await read(CalendarSourceID(job.payload["source_id"]?.string ?? ""))
                return .done
            },
        ]
    }

    private func round() async throws {
        let (ambient, before) = (ambient, ambient.now().advanced(byMinutes: -Self.everyMinutes))
        var last = ""
        while true {
            let after = last
            let end = try await store.write { tx -> String? in
                let due = try CalendarSourceQueries.due(
                    before: before, after: after, limit: 200, in: tx)
                for one in due {
                    guard let source = try CalendarSourceQueries.source(one.id, in: tx) else {
                        continue
                    }
                    try Self.enqueue(source, ambient, tx)
                }
                return due.last?.id.text
            }
            guard let end else { return }
            last = end
        }
    }

    /// What the other side says, as times.
    private enum Reading {
        case same
        case times([TimeRange], etag: String?, modified: String?)
        case failed(String)
    }

    func read(_ id: CalendarSourceID) async throws {
        let found = try await store.read { tx -> (CalendarSource, Zone)? in
            guard let source = try CalendarSourceQueries.source(id, in: tx) else { return nil }
            let account = try AccountDirectory.account(source.account, for: .system, in: tx)
            return (source, Zone(account.timeZone) ?? .utc)
        }
        guard let (source, zone) = found else { return }
        let reading = await look(at: source, in: zone)
        let ambient = ambient
        try await store.write { tx in
            try BusyQueries.lock([source.party], of: source.account, in: tx)
            let current = try CalendarSourceQueries.source(id, locked: true, in: tx)
            // Changed or taken away meanwhile: its own job comes, or none.
            guard var current, current.version == source.version else { return }
            let now = ambient.now()
            current.checkedAt = now
            switch reading {
            case .failed(let reason):
                current.failure = reason
                current.failedAt = now
            case .same:
                (current.failure, current.failedAt) = (nil, nil)
                current.succeededAt = now
            case .times(let times, let etag, let modified):
                (current.failure, current.failedAt) = (nil, nil)
                (current.etag, current.modified) = (etag, modified)
                current.succeededAt = now
                current.eventCount = times.count
                try Self.replace(times, of: current, ambient, tx)
            }
            try CalendarSourceQueries.update(current, in: tx)
        }
    }

    /// All of it or nothing; what is the same already is not written again.
    private static func replace(
        _ times: [TimeRange], of source: CalendarSource, _ ambient: Ambient, _ tx: Transaction
    ) throws {
        guard try CalendarSourceQueries.ranges(of: source, in: tx) != times else { return }
        try BusyQueries.deleteAll(from: source.id.text, of: source.account, in: tx)
        for range in times {
            // Titles of other calendars are nobody's business here.
            var busy = BusyTime(
                id: ambient.newID("busy"), account: source.account, party: source.party,
                range: range, reason: source.name, isTransparent: false, createdAt: ambient.now())
            busy.source = source.id.text
            try BusyQueries.insert(busy, in: tx)
        }
        try raise(source, ambient, tx)
    }

    // MARK: The call

    private func look(at source: CalendarSource, in zone: Zone) async -> Reading {
        let now = ambient.now()
        let wanted = (
            from: now.advanced(byDays: -Self.pastDays), to: now.advanced(byDays: Self.comingDays)
        )
        do {
            let answer = try await call("GET", source, asksWhetherNew: true)
            if answer.status == 304 { return .same }
            var texts: [String] = []
            if (200..<300).contains(answer.status), Self.isCalendar(answer.body) {
                if answer.isCut { return .failed("The calendar is larger than 10 MB.") }
                let text = String(decoding: answer.body, as: UTF8.self)
                // Half a calendar would open what the other half blocks.
                guard text.suffix(200).uppercased().contains("END:VCALENDAR") else {
                    return .failed("The calendar has no end.")
                }
                texts = [text]
            } else if [401, 403, 404, 410].contains(answer.status) || answer.status >= 500 {
                return .failed("The address answered \(answer.status).")
            } else if let found = try await collection(source, wanted.from, wanted.to) {
                texts = found
            } else {
                return .failed("There is no calendar at this address.")
            }
            var times: [TimeRange] = []
            for text in texts {
                let found = try CalendarReading.occurrences(
                    text, in: zone, from: wanted.from, to: wanted.to, most: Self.mostEvents,
                    skips: true)
                times += found.filter(\.takesTime).compactMap {
                    TimeRange(start: $0.start, end: $0.end)
                }
            }
            let merged = times.merged
            guard merged.count <= Self.mostRows else {
                return .failed("The calendar has more than \(Self.mostRows) times.")
            }
            return .times(merged, etag: answer.etag, modified: answer.modified)
        } catch OutboundFailure.refused(let reason) { return .failed(reason) } catch
            OutboundFailure.unreachable(let reason)
        { return .failed(reason) } catch let fault as CalendarFault {
            return .failed("The calendar cannot be read: \(fault).")
        } catch { return .failed("\(error)") }
    }

    private static func isCalendar(_ body: [UInt8]) -> Bool {
        String(decoding: body.prefix(200), as: UTF8.self).uppercased().contains("BEGIN:VCALENDAR")
    }

    /// The events of a CalDAV collection (RFC 4791 §7.8); nil: it is none.
    private func collection(
        _ source: CalendarSource, _ from: Instant, _ to: Instant
    ) async throws -> [String]? {
        let query = """
            <?xml version="1.0" encoding="utf-8"?>
            <C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop>
            <C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR">
            <C:comp-filter name="VEVENT"><C:time-range start="\(Self.stamp(from))" end="\(Self.stamp(to))"/>
            </C:comp-filter></C:comp-filter></C:filter></C:calendar-query>
            """
        let answer = try await call("REPORT", source, body: query)
        guard answer.status == 207, !answer.isCut else { return nil }
        guard let root = DAVElement(answer.body, most: 200_000) else { return nil }
        return root.all(.dav("response")).flatMap { response in
            response.all(.dav("propstat")).compactMap { status in
                status.first(.dav("prop"))?.first(.calendar("calendar-data"))?.text
            }
        }
    }

    /// `20260323T130000Z`.
    private static func stamp(_ instant: Instant) -> String {
        let text = instant.description.prefix(19)
        return text.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// Follows a few redirects, each to an address that is checked like the first.
    private func call(
        _ method: String, _ source: CalendarSource, body: String? = nil,
        asksWhetherNew: Bool = false
    ) async throws -> OutboundClient.Answer {
        var headers = [
            ("user-agent", "Autosecretary-Calendars/1"),
            ("accept", "text/calendar, application/xml;q=0.5, */*;q=0.1"),
        ]
        if body != nil {
            headers += [("content-type", "application/xml; charset=utf-8"), ("depth", "1")]
        }
        // The first time of a day reads all of it: days that have come near count from then on.
        let today = Zone.utc.date(at: ambient.now())
        let isFresh = source.succeededAt.map { Zone.utc.date(at: $0) == today } ?? false
        if asksWhetherNew, isFresh, source.failure == nil {
            if let etag = source.etag { headers.append(("if-none-match", etag)) }
            if let modified = source.modified { headers.append(("if-modified-since", modified)) }
        }
        let secret = try source.password.map { try vault.open($0, context: source.context) }
        var credentials: String?
        if secret != nil || source.username != nil {
            let pair = "\(source.username ?? ""):\(secret ?? "")"
            credentials = "Basic " + Data(pair.utf8).base64EncodedString()
        }
        var url = source.url
        for _ in 0...Self.mostRedirects {
            let signIn = credentials.map { [("authorization", $0)] } ?? []
            let answer = try await outbound.send(
                method, url, bytes: Array((body ?? "").utf8), headers: headers + signIn,
                mayBePrivate: source.isSetByOffice, keeping: Self.mostBytes)
            guard [301, 302, 303, 307, 308].contains(answer.status), let place = answer.location
            else { return answer }
            guard let base = URL(string: url),
                let next = URL(string: place, relativeTo: base)?.absoluteURL
            else { throw OutboundFailure.refused("It leads to an address that cannot be read.") }
            if base.scheme == "https", next.scheme != "https" {
                throw OutboundFailure.refused("It leads away from https.")
            }
            // A password is for the one whom it was given for.
            let isSame =
                next.host == base.host && next.port == base.port && next.scheme == base.scheme
            if !isSame { credentials = nil }
            url = next.absoluteString
        }
        throw OutboundFailure.refused("It leads to another address too many times.")
    }
}

extension [TimeRange] {
    /// In order; what overlaps or touches is one.
    fileprivate var merged: [TimeRange] {
        var result: [TimeRange] = []
        for next in sorted(by: { $0.start < $1.start }) {
            if let last = result.last, next.start <= last.end,
                let whole = TimeRange(start: last.start, end: Swift.max(last.end, next.end))
            {
                result[result.count - 1] = whole
            } else {
                result.append(next)
            }
        }
        return result
    }
}
