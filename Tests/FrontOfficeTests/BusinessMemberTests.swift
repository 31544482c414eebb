import Accounts
import FrontOffice
import HTTPTypes
import Kernel
import TestSupport
import Testing
import WebShell

extension PortalBrowser {
    /// A browser of somebody of the office, new there.
    static func ofOffice(_ role: Role, in office: TestOffice) async throws -> PortalBrowser {
        let user = try await office.wiring.people.createOfficeUser(
            .init(
                email: "\(role.rawValue)@office.example", name: "Otto \(role.rawValue)",
                role: role, password: nil), by: .system)
        let gatekeeper = office.wiring.gatekeeper
        let secret = try await gatekeeper.openSession(of: user.id, .office)
        let session = try await gatekeeper.session(.office, cookie: secret)?.1
        return PortalBrowser(
            office: office, cookie: "\(SessionKind.office.cookie)=\(secret)",
            csrf: session?.csrf ?? "")
    }
}

@Suite("The members of a business in the control room")
struct BusinessMemberTests {
    @Test(arguments: TestEngine.available)
    func `are listed, invited, changed and taken away`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let path = "/control/businesses/\(account)/members"
            _ = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let admin = try await PortalBrowser.ofOffice(.admin, in: office)
            let list = try await admin.get(path)
            #expect(list.status == 200)
            #expect(list.text.contains("Olive owner") && list.text.contains("Last here"))

            let wrong = try await admin.post(
                path + "/new", [("name", "Ned"), ("email", "nonsense"), ("role", "staff")])
            #expect(wrong.status == 422 && wrong.text.contains("value=\"nonsense\""))
            let invited = try await admin.post(
                path + "/new", [("name", "Ned"), ("email", "ned@mane.test"), ("role", "staff")])
            #expect(invited.status == 200 && invited.text.contains("data-copy-text>http"))
            #expect(try await admin.get(path).text.contains("Has not accepted yet"))

            let members = try await office.call(.get, "/accounts/\(account)/members").data
            let ned = try #require(
                members.first { $0["email"]?.string == "ned@mane.test" }?["id"]?.string)
            let one = path + "/\(ned)"
            #expect(try await admin.get(one).text.contains("Withdraw the invitation"))
            #expect(try await admin.post(one, [("role", "specialist")]).status == 303)
            #expect(try await admin.get(path).text.contains("Specialist"))
            let again = try await admin.post(one, [("act", "invite")])
            #expect(again.text.contains("data-copy-text>http"))
            #expect(try await admin.post(one, [("act", "remove")], csrf: "x").status == 403)
            #expect(try await admin.post(one, [("act", "remove")]).status == 303)
            #expect(!(try await admin.get(path).text.contains("Ned")))
            #expect(try await admin.get(one).status == 404)

            // The last owner stays.
            let olive = try #require(
                members.first { $0["role"]?.string == "owner" }?["id"]?.string)
            let last = try await admin.post(path + "/\(olive)", [("act", "remove")])
            #expect(last.status == 409 && last.text.contains("last owner"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `are nobody else's to see or change`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let path = "/control/businesses/\(account)/members"
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let receptionist = try await PortalBrowser.ofOffice(.receptionist, in: office)
            for browser in [owner, receptionist, PortalBrowser(office: office)] {
                for page in [path, path + "/new", path + "/usr_x"] {
                    #expect([302, 303, 403].contains(try await browser.get(page).status), "\(page)")
                }
                let made = try await browser.post(
                    path + "/new", [("name", "Eve"), ("email", "eve@x.test"), ("role", "owner")])
                #expect([401, 403].contains(made.status))
            }
            let members = try await office.call(.get, "/accounts/\(account)/members")
            #expect(!members.text.contains("eve@x.test"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `set how long their data is kept, asked before it is less`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let inbox = try await office.makeInbox(of: account)
            try await office.receive("Hello", source: "1", inbox: inbox)
            try await office.moveClock(to: office.wiring.ambient.now().advanced(byDays: 40))
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let staff = try await PortalBrowser.signIn(.staff, of: account, in: office)
            let path = "/portal/mane/retention"
            let page = try await owner.get(path)
            #expect(page.status == 200)
            #expect(page.text.contains("As the office: for ever"))
            #expect(page.text.contains("What is older than 2 years is deleted every night."))
            #expect(try await staff.get(path).status == 403)
            #expect(try await staff.post(path, [("messages", "30")]).status == 403)

            func rule() async throws -> JSONValue {
                try await office.call(.get, "/accounts/\(account)/retention").json
            }
            let before = try await rule()
            let asked = try await owner.post(path, [("messages", "30")])
            #expect(asked.status == 200)
            #expect(asked.text.contains("Keep this for less time?"))
            #expect(asked.text.contains("1 would go tonight."))
            #expect(try await rule() == before)
            #expect(try await owner.post(path, [("messages", "x")]).status == 422)
            let saved = try await owner.post(path, [("messages", "30"), ("confirmed", "yes")])
            #expect(saved.status == 303)
            #expect(try await rule() != before)
            // Longer again needs no question.
            #expect(try await owner.post(path, [("messages", "")]).status == 303)
            #expect(try await rule() == before)
        }
    }
}
