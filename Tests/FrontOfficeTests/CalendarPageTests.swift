import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import TestSupport
import Testing
import WebShell

/// The calendar in the portal and on the desk, its form, paper and table.
@Suite("The calendar")
struct CalendarPageTests {
    /// A business with two people, a service, and one appointment: Wednesday 10:00 in New York.
    private struct Salon {
        let account: String
        let staff: [String]
        let service: String
        let appointment: JSONValue
        static let start = "2026-03-25T14:00:00Z"

        init(_ office: TestOffice, slug: String = "mane") async throws {
            account = try await office.makeAccount(slug)
            var staff: [String] = []
            for name in ["Ann", "Ben"] {
                staff.append(
                    try await office.call(
                        .post, "/accounts/\(account)/staff", ["name": .string(name)]
                    ).id)
            }
            self.staff = staff
            service = try await office.call(
                .post, "/accounts/\(account)/services",
                ["name": "Cut", "duration_minutes": 60, "slot_interval_minutes": 30]
            ).id
            appointment = try await office.call(
                .post, "/accounts/\(account)/appointments",
                [
                    "service_id": .string(service), "start": .string(Self.start),
                    "staff_id": .string(staff[0]), "notes": "=2+3",
                    "contact": [
                        "name": "Dana \"Dee\" Reed, Jr.",
                        "contact_points": [["channel": "phone", "address": "+12125550123"]],
                    ],
                ]
            ).json
        }

        var id: String { appointment["id"]?.string ?? "" }
    }

    private static let pages = [
        "calendar", "calendar?view=day&date=2026-03-25", "calendar?view=day&by=resources",
        "calendar?view=week&date=2026-03-25&canceled=1", "day-sheet?date=2026-03-25",
        "appointments.csv?from=2026-03-01&to=2026-03-31",
    ]

    @Test(arguments: TestEngine.available)
    func `opens for those who may see the business`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let salon = try await Salon(office)
            let elsewhere = try await office.makeAccount("lotus")
            let roles: [Role] = [.owner, .staff, .specialist]
            let stranger = try await PortalBrowser.signIn(.owner, of: elsewhere, in: office)
            for role in roles {
                let member = try await PortalBrowser.signIn(role, of: salon.account, in: office)
                for page in Self.pages {
                    #expect(try await member.get("/portal/mane/\(page)").status == 200, "\(page)")
                }
                let move = "/portal/mane/appointments/\(salon.id)/move"
                #expect(try await member.get(move).status == (role == .specialist ? 403 : 200))
                let day = try await member.get("/portal/mane/calendar?view=day&date=2026-03-25")
                #expect(day.text.contains("data-movable") == (role != .specialist))
            }
            for page in Self.pages + ["appointments/\(salon.id)/move"] {
                #expect(try await stranger.get("/portal/mane/\(page)").status == 404, "\(page)")
                let own = try await stranger.get("/portal/lotus/appointments/\(salon.id)/move")
                #expect(own.status == 404)
                #expect(try await stranger.get("/desk/businesses/mane/\(page)").status == 303)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `shows columns, states, holds and what is closed`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let salon = try await Salon(office)
            let owner = try await PortalBrowser.signIn(.owner, of: salon.account, in: office)
            let held = try await office.call(
                .post, "/accounts/\(salon.account)/holds",
                [
                    "service_id": .string(salon.service), "start": "2026-03-25T17:00:00Z",
                    "staff_id": .string(salon.staff[1]),
                ])
            #expect(held.status == 201)
            try await office.call(
                .post, "/accounts/\(salon.account)/busy",
                [
                    "of": .string(salon.staff[1]), "start": "2026-03-25T19:00:00Z",
                    "end": "2026-03-25T20:00:00Z", "reason": "Dentist",
                ])
            let path = "/portal/mane/calendar?view=day&date=2026-03-25"
            let day = try await owner.get(path).text
            for member in salon.staff { #expect(day.contains("data-key=\"\(member)\"")) }
            #expect(day.contains("class=\"is-confirmed\""))
            #expect(day.contains("class=\"is-held\""))
            #expect(day.contains("Held until"))
            #expect(day.contains("Dentist"))
            #expect(day.contains("Dana &quot;Dee&quot; Reed, Jr."))
            try await office.call(.post, "/appointments/\(salon.id)/cancel", [:])
            #expect(!(try await owner.get(path).text).contains("is-canceled"))
            #expect(try await owner.get(path + "&canceled=1").text.contains("is-canceled"))
            // It is 09:00 of Monday there.
            let today = try await owner.get("/portal/mane/calendar?view=day").text
            #expect(today.contains("class=\"now-line\" data-hour=\"9\" data-five=\"0\""))
            #expect(!day.contains("now-line"))
            // What an address should not say is as usual.
            for odd in ["view=year", "date=yesterday", "by=%00", "staff=%3Cb%3E"] {
                #expect(try await owner.get("/portal/mane/calendar?\(odd)").status == 200, "\(odd)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `the form moves, or says why not and what is free`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let salon = try await Salon(office)
            let staff = try await PortalBrowser.signIn(.staff, of: salon.account, in: office)
            let viewer = try await PortalBrowser.signIn(
                .specialist, of: salon.account, in: office)
            let path = "/portal/mane/appointments/\(salon.id)/move"
            func form(_ start: String, _ member: String = "", version: String = "1")
                -> [(String, String)]
            {
                [("to", "\(start) \(member)"), ("version", version), ("date", "2026-03-25")]
            }
            let page = try await staff.get("/portal/mane/appointments/\(salon.id)").text
            #expect(page.contains("value=\"2026-03-25T14:30:00Z \""))
            #expect(page.contains("value=\"2026-03-25T14:00:00Z \(salon.staff[1])\""))
            let start = "2026-03-25T15:30:00Z"
            #expect(try await viewer.post(path, form(start)).status == 403)
            #expect(try await staff.post(path, form(start), csrf: "forged").status == 403)
            let moved = try await staff.post(path, form(start, salon.staff[1]))
            #expect(moved.status == 303)
            #expect(
                moved.headers[.location]
                    == "/portal/mane/calendar?view=day&date=2026-03-25&moved=1")
            let now = try await office.call(.get, "/appointments/\(salon.id)")
            #expect(now["start"] == .string(start))
            #expect(now["staff_ids"] == [.string(salon.staff[1])])
            // Somebody else was faster, in one way or the other.
            #expect(try await staff.post(path, form(start, version: "1")).status == 409)
            try await office.call(
                .post, "/accounts/\(salon.account)/appointments",
                [
                    "service_id": .string(salon.service), "start": "2026-03-25T18:00:00Z",
                    "staff_id": .string(salon.staff[1]), "contact": ["name": "Kim"],
                ])
            let taken = try await staff.post(
                path, form("2026-03-25T18:00:00Z", salon.staff[1], version: "2"))
            #expect(taken.status == 409)
            #expect(taken.text.contains("Free instead:"))
            for wrong in ["", "soon", "2026-03-25T03:00:00Z", "2020-03-25T15:00:00Z"] {
                let answer = try await staff.post(path, form(wrong, version: "2"))
                #expect(answer.status == 422, "\(wrong)")
            }
            #expect(try await office.call(.get, "/appointments/\(salon.id)")["version"] == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the table is exact, and no cell is a formula`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let salon = try await Salon(office)
            let owner = try await PortalBrowser.signIn(.owner, of: salon.account, in: office)
            let path = "/portal/mane/appointments.csv"
            let answer = try await owner.get(path + "?from=2026-03-25&to=2026-03-25")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType]?.hasPrefix("text/csv; charset=utf-8") == true)
            #expect(answer.headers[.contentDisposition]?.contains("mane-2026-03-25") == true)
            #expect(Array(answer.text.utf8).starts(with: [0xEF, 0xBB, 0xBF]))
            let rows = Self.parse(answer.text)
            #expect(rows.count == 2)
            #expect(Set(rows.map(\.count)) == [19])
            let row = Dictionary(zip(rows[0], rows[1]), uniquingKeysWith: { $1 })
            #expect(row["Client"] == "Dana \"Dee\" Reed, Jr.")
            #expect(row["Notes"] == "'=2+3")
            #expect(row["Start"] == "10:00")
            #expect(row["Phone"] == "(212) 555-0123")
            #expect(row["Staff"] == "Ann")
            let none = try await owner.get(path + "?from=2026-03-26&to=2026-03-27")
            #expect(Self.parse(none.text).count == 1)
            for wrong in [
                "", "?from=2026-03-25", "?from=x&to=y", "?from=2026-03-25&to=2026-03-24",
                "?from=2020-01-01&to=2026-01-01",
            ] {
                #expect(try await owner.get(path + wrong).status == 422, "\(wrong)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `the desk has it for every business it serves`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let salon = try await Salon(office)
            let other = try await Salon(office, slug: "lotus")
            let desk = try await Self.desk(.receptionist, in: office)
            let coach = try await Self.desk(.coach, in: office)
            let day = "/desk/businesses/mane/calendar?view=day&date=2026-03-25"
            #expect(try await desk.get(day).text.contains("data-movable"))
            #expect(!(try await coach.get(day).text.contains("data-movable")))
            let form = "/desk/businesses/mane/appointments/\(salon.id)/move"
            #expect(try await coach.get(form).status == 403)
            #expect(try await coach.post(form, [("to", "x")]).status == 403)
            #expect(
                try await desk.get("/desk/calendar?view=day&date=2026-03-25").headers[.location]
                    == "/desk/businesses/lotus/calendar?view=day&date=2026-03-25")
            for page in Self.pages {
                for slug in ["mane", "lotus"] {
                    let answer = try await desk.get("/desk/businesses/\(slug)/\(page)")
                    #expect(answer.status == 200, "\(slug) \(page)")
                }
            }
            let base = "/desk/businesses/mane"
            let page = try await desk.get("\(base)/appointments/\(salon.id)")
            #expect(page.text.contains("action=\"\(base)/appointments/\(salon.id)/move\""))
            #expect(try await desk.get("\(base)/appointments/\(other.id)").status == 404)
            #expect(try await desk.get("/desk/businesses/none/calendar").status == 404)
            let moved = try await desk.post(
                "\(base)/appointments/\(salon.id)/move",
                [("to", "2026-03-25T16:00:00Z "), ("version", "1")])
            #expect(moved.status == 303)
            let sheet = try await desk.get("\(base)/day-sheet?date=2026-03-25").text
            #expect(sheet.contains("12:00–13:00"))
            #expect(sheet.contains("(212) 555-0123"))
        }
    }

    /// A browser in which one of the office's people is signed in.
    private static func desk(
        _ role: Role, in office: TestOffice
    ) async throws -> PortalBrowser {
        let user = try await office.wiring.people.createOfficeUser(
            .init(
                email: "\(role.rawValue)@office.test", name: "Rita", role: role, password: nil),
            by: .system)
        let keeper = office.wiring.gatekeeper
        let secret = try await keeper.openSession(of: user.id, .office)
        let csrf = try await keeper.session(.office, cookie: secret)?.1.csrf ?? ""
        return PortalBrowser(
            office: office, cookie: "\(SessionKind.office.cookie)=\(secret)", csrf: csrf)
    }

    /// RFC 4180, read strictly.
    private static func parse(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = "".unicodeScalars
        var isQuoted = false
        let scalars = Array(text.unicodeScalars.dropFirst())
        var at = 0
        while at < scalars.count {
            let scalar = scalars[at]
            if isQuoted {
                if scalar == "\"", at + 1 < scalars.count, scalars[at + 1] == "\"" {
                    cell.append("\"")
                    at += 1
                } else if scalar == "\"" {
                    isQuoted = false
                } else {
                    cell.append(scalar)
                }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "," {
                row.append(String(cell))
                cell = "".unicodeScalars
            } else if scalar == "\r", at + 1 < scalars.count, scalars[at + 1] == "\n" {
                rows.append(row + [String(cell)])
                row = []
                cell = "".unicodeScalars
                at += 1
            } else {
                cell.append(scalar)
            }
            at += 1
        }
        return rows
    }
}
