import Booking
import Inquiries
import Kernel

/// Writes the story of one business: appointments of the past two weeks and the next, calls, and
/// conversations that were answered or still wait.
struct DemoAuthor {
    static let pastDays = 14

    let premises: DemoPremises
    let now: Instant
    private var random: DemoRandom
    private var story = DemoStory()
    private var taken: [StaffID: [TimeRange]] = [:]
    /// Who comes next: everybody in turn, so that nobody comes twice on one day.
    private var clients: [Int] = []
    private var expected: Set<Attendance> = []

    private struct Attendance: Hashable {
        var date: LocalDate
        var client: Int
    }

    init(_ premises: DemoPremises, now: Instant, seed: UInt64) {
        self.premises = premises
        self.now = now
        random = DemoRandom(seed: seed)
    }

    private var business: DemoCast.Business { premises.business }
    private var zone: Zone { premises.zone }

    mutating func write() -> DemoStory {
        writeConversations()
        writeVisits()
        writeCalls()
        // Equal times stay in the order in which they were written.
        story.steps = story.steps.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element).filter { $0.at <= now }
        return story
    }

    private mutating func add(_ at: Instant, _ act: DemoStory.Act) {
        story.steps.append(.init(at: at, act: act))
    }

    private mutating func agent() -> Int { random.pick([0, 0, 1, 1, 2, 3, 4]) ?? 0 }

    // MARK: Appointments

    private mutating func writeVisits() {
        let today = zone.date(at: now)
        for offset in -Self.pastDays...7 {
            let from = zone.instant(today.adding(days: offset), .midnight)
            let to = zone.instant(today.adding(days: offset + 1), .midnight)
            let count =
                switch offset {
                case 0: 6
                case 1: 4
                case 2...: random.number(1...2)
                default: 1
                }
            for _ in 0..<count {
                guard let service = pickService() else { return }
                if let visit = findTime(for: service, from: from, to: to, choices: 200) {
                    write(visit, of: service)
                }
            }
        }
    }

    /// What stands first on a business's list is asked for most.
    private mutating func pickService() -> BookableService? {
        let last = premises.services.count - 1
        if last < 0 { return nil }
        return premises.services[min(random.number(0...last), random.number(0...last))]
    }

    private mutating func nextClient(on date: LocalDate) -> Int {
        for _ in business.contacts {
            if clients.isEmpty { clients = random.shuffled(Array(business.contacts.indices)) }
            let client = clients.popLast() ?? 0
            let isNew = expected.insert(Attendance(date: date, client: client)).inserted
            if isNew { return client }
        }
        return 0
    }

    private mutating func write(_ visit: DemoStory.Visit, of service: BookableService) {
        let isShort =
            service.rules.minNoticeMinutes < 60 && service.durationMinutes <= 45
            && business.vertical == "food_delivery"
        let lead =
            service.rules.minNoticeMinutes + 15
            + random.number(isShort ? 20...240 : 120...11_000)
        var created = visit.start.advanced(byMinutes: -lead)
        let latest = now.advanced(byMinutes: -random.number(20...(isShort ? 1200 : 3600)))
        if created > latest { created = latest }
        created = inWakingHours(created)
        let number = story.visits.count
        let agent = random.chance(70) ? agent() : nil
        story.visits.append(visit)
        add(created, .book(visit: number, agent: agent))
        if let agent, created > now.advanced(byDays: -Self.pastDays) {
            let channel: Channel =
                random.pick([.phone, .phone, .webChat, .email]) ?? .phone
            let draft = Inquiry.Draft(
                kind: business.vertical == "food_delivery" ? .order : .booking,
                topic: service.name, disposition: "booked", channel: channel)
            add(
                created.advanced(bySeconds: 40),
                .record(draft, thread: nil, visit: number, contact: visit.contact, agent: agent))
        }
        writeEnd(of: number, created: created)
    }

    /// At night nobody rings to book: such a moment moves back to the evening before.
    private mutating func inWakingHours(_ instant: Instant) -> Instant {
        let minute = zone.local(at: instant).minuteOfDay
        let pause = random.number(180...500)
        if minute < 8 * 60 { return instant.advanced(byMinutes: -(minute + pause)) }
        if minute > 21 * 60 { return instant.advanced(byMinutes: -pause) }
        return instant
    }

    private mutating func writeEnd(of number: Int, created: Instant) {
        let visit = story.visits[number]
        let fate = random.number(1...100)
        if visit.end < now {
            switch fate {
            case ...8: add(visit.start.advanced(byMinutes: 20), .settle(visit: number, .noShow))
            // Being told so would open a conversation again that was done with.
            case 9...16 where visit.thread == nil:
                let hours = random.number(2...20)
                let at = max(
                    created.advanced(byMinutes: 10), visit.start.advanced(byMinutes: -60 * hours))
                add(at, .settle(visit: number, .canceled))
            default: add(visit.end.advanced(byMinutes: 3), .settle(visit: number, .completed))
            }
        } else if fate <= 5, visit.start > now, visit.thread == nil {
            let at = max(created.advanced(byMinutes: 10), now.advanced(byMinutes: -90))
            add(at, .settle(visit: number, .canceled))
        }
    }

    /// A free time of somebody who gives the service; one of the first `choices` starts.
    private mutating func findTime(
        for service: BookableService, from: Instant, to: Instant, choices: Int,
        client: Int? = nil
    ) -> DemoStory.Visit? {
        let starts = premises.starts(of: service, from: from, to: to)
        for start in random.shuffled(Array(starts.prefix(choices))).prefix(40) {
            let end = start.advanced(byMinutes: service.durationMinutes)
            guard
                let range = TimeRange(
                    start: start.advanced(byMinutes: -service.rules.bufferBeforeMinutes),
                    end: end.advanced(byMinutes: service.rules.bufferAfterMinutes))
            else { return nil }
            for staff in random.shuffled(premises.members(of: service))
            where !(taken[staff] ?? []).contains(where: range.overlaps) {
                taken[staff, default: []].append(range)
                return DemoStory.Visit(
                    service: service.id, staff: staff, start: start, end: end,
                    contact: client ?? nextClient(on: zone.date(at: start)),
                    remark: random.chance(35) ? random.pick(business.remarks) : nil)
            }
        }
        return nil
    }

    // MARK: Conversations

    private mutating func writeConversations() {
        let people = random.shuffled(Array(business.contacts.indices))
        var daysAgo = random.shuffled([0, 0, 1, 1, 2, 3, 4, 5, 7, 9, 11, 12, 13])
        for (index, script) in business.scripts.enumerated() {
            let person = people[index % people.count]
            if let live = script.live {
                writeLive(script, live, with: person)
            } else {
                writePast(script, daysAgo: daysAgo.popLast() ?? 6, with: person)
            }
        }
    }

    private mutating func writePast(_ script: DemoScript, daysAgo: Int, with person: Int) {
        var at = moment(daysAgo: daysAgo)
        let agent = agent()
        let thread = open(script, with: person)
        var visit: Int?
        if let name = script.service, let service = premises.service(name),
            script.lines.contains(.book)
        {
            let from = at.advanced(byMinutes: service.rules.minNoticeMinutes + 30)
            let days = business.vertical == "food_delivery" ? 2 : 6
            if var found = findTime(
                for: service, from: from, to: from.advanced(byDays: days),
                choices: business.vertical == "food_delivery" ? 12 : 90, client: person)
            {
                expected.insert(Attendance(date: zone.date(at: found.start), client: person))
                found.thread = thread
                visit = story.visits.count
                story.visits.append(found)
            }
        }
        for (index, line) in script.lines.enumerated() {
            if index > 0 { at = at.advanced(bySeconds: pause(before: line)) }
            write(line, of: thread, at: at, agent: agent, person: person, visit: visit)
        }
        let draft = Inquiry.Draft(
            kind: script.kind, topic: script.topic, disposition: script.disposition,
            notes: script.remark)
        at = at.advanced(bySeconds: 30)
        add(at, .record(draft, thread: thread, visit: visit, contact: nil, agent: agent))
        add(at.advanced(bySeconds: 10), .finish(thread: thread, agent: agent, .resolved))
        if let visit { writeEnd(of: visit, created: at) }
    }

    private mutating func writeLive(
        _ script: DemoScript, _ live: DemoScript.Live, with person: Int
    ) {
        let thread = open(script, with: person)
        var at = now.advanced(bySeconds: -live.ageSeconds)
        let last = at
        var moments: [Instant] = []
        for line in script.lines.reversed() {
            moments.append(at)
            at = at.advanced(bySeconds: -pause(before: line))
        }
        for (line, at) in zip(script.lines, moments.reversed()) {
            write(line, of: thread, at: at, agent: live.agent ?? 0, person: person, visit: nil)
        }
        switch live.standing {
        case .open: break
        case .pending:
            add(
                last.advanced(bySeconds: 8),
                .finish(thread: thread, agent: live.agent ?? 0, .pending))
        case .snoozed:
            let morning = zone.instant(
                zone.date(at: now).adding(days: 1), LocalTime(minutes: 540) ?? .midnight)
            add(
                last.advanced(bySeconds: 8),
                .finish(thread: thread, agent: live.agent ?? 0, .snoozed(until: morning)))
        }
    }

    private mutating func open(_ script: DemoScript, with person: Int) -> Int {
        story.threads.append(.init(contact: person, isForwarded: script.isForwarded))
        return story.threads.count - 1
    }

    private mutating func write(
        _ line: DemoScript.Line, of thread: Int, at: Instant, agent: Int, person: Int, visit: Int?
    ) {
        switch line {
        case .them(let text): add(at, .receive(thread: thread, text))
        case .us(let text):
            let filled = fill(text, agent: agent, person: person, visit: visit, at: at)
            add(at, .reply(thread: thread, filled, agent: agent))
        case .note(let text): add(at, .note(thread: thread, text, agent: agent))
        case .book: if let visit { add(at, .book(visit: visit, agent: agent)) }
        }
    }

    /// How long people took: we answer within a minute and a half, clients take their time.
    private mutating func pause(before line: DemoScript.Line) -> Int {
        switch line {
        case .them: random.number(45...200)
        case .us: random.number(18...85)
        case .note, .book: random.number(12...30)
        }
    }

    /// A moment of that day, not less than an hour ago.
    private mutating func moment(daysAgo: Int) -> Instant {
        let date = zone.date(at: now).adding(days: -daysAgo)
        let minute = random.number(9 * 60...20 * 60)
        let at = zone.instant(date, LocalTime(minutes: minute) ?? .midnight)
        let latest = now.advanced(byMinutes: -random.number(60...400))
        return min(at, latest)
    }

    private func fill(
        _ text: String, agent: Int, person: Int, visit: Int?, at: Instant
    ) -> String {
        func first(_ name: String) -> String {
            name.split(separator: " ").first.map(String.init) ?? name
        }
        var text = text.replacing("{contact}", with: first(business.contacts[person].name))
            .replacing("{agent}", with: first(DemoCast.agents[agent].name))
            .replacing("{business}", with: business.name)
        if let visit {
            let visit = story.visits[visit]
            text = text.replacing("{when}", with: premises.when(visit.start, seenFrom: at))
                .replacing("{staff}", with: premises.staffName(visit.staff))
        } else {
            text = text.replacing("{when}", with: "later this week")
                .replacing("{staff}", with: "a colleague")
        }
        return Self.withCapitals(text)
    }

    /// "tomorrow at 9" may have come to stand at the beginning of a sentence.
    private static func withCapitals(_ text: String) -> String {
        var output = ""
        var isStart = true
        for character in text {
            output += isStart ? character.uppercased() : String(character)
            if ".!?".contains(character) {
                isStart = true
            } else if character != " " {
                isStart = false
            }
        }
        return output
    }

    // MARK: Telephone

    private mutating func writeCalls() {
        for script in business.calls {
            for _ in 0..<random.number(1...3) {
                let draft = Inquiry.Draft(
                    kind: script.kind, topic: script.topic, disposition: script.disposition,
                    channel: random.pick([.phone, .phone, .phone, .sms, .email]) ?? .phone,
                    notes: script.remark)
                let person =
                    script.disposition == "spam"
                    ? nil : random.number(0...(business.contacts.count - 1))
                add(
                    moment(daysAgo: random.number(0...(Self.pastDays - 1))),
                    .record(draft, thread: nil, visit: nil, contact: person, agent: agent()))
            }
        }
    }
}
