import Contacts
import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import PhoneNumbers
import Store
import TestSupport
import Testing
import Work

@Suite("Telephone numbers of an office")
struct PhoneTests {
    private static func point(_ address: String, _ channel: String = "phone") -> JSONValue {
        ["channel": .string(channel), "address": .string(address)]
    }

    /// A business somewhere else than New York.
    private static func business(
        _ slug: String, _ zone: String, phone: String? = nil, in office: TestOffice
    ) async throws -> TestOffice.Answer {
        try await office.call(
            .post, "/accounts",
            [
                "name": .string(slug), "slug": .string(slug), "time_zone": .string(zone),
                "phone": phone.map { .string($0) } ?? .null,
            ])
    }

    @Test(arguments: TestEngine.available)
    func `are read as the business's country writes them`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let york = try await office.makeAccount()
            let leeds = try await Self.business("leeds", "Europe/London", in: office)
            let moved = try await Self.business(
                "moved", "Europe/London", phone: "+1 212 555 0114", in: office)
            let nowhere = try await Self.business("nowhere", "UTC", in: office)
            #expect(moved["phone"] == "+12125550114")
            let read: [(String, String, String?)] = [
                (york, "(212) 555-0123", "+12125550123"), (york, "01632 960123", nil),
                (leeds.id, "01632 960123", "+441632960123"),
                (leeds.id, "(212) 555-0123 45", nil),
                (leeds.id, "+1 (212) 555-0123", "+12125550123"),
                (moved.id, "(212) 555-0123", "+12125550123"),
                (nowhere.id, "(212) 555-0123", nil), (nowhere.id, "+441632960123", "+441632960123"),
                (york, "212 555 0123 ext. 9", nil), (york, "911", nil), (york, "Dana", nil),
                (york, "２１２５５５０１２３", "+12125550123"),
                (york, "2125550123'; DROP TABLE contacts; --", nil),
            ]
            for (account, text, stored) in read {
                for channel in ["phone", "sms", "whatsapp"] {
                    let made = try await office.call(
                        .post, "/accounts/\(account)/contacts",
                        ["name": "Dana", "contact_points": [Self.point(text, channel)]])
                    #expect(made.status == (stored == nil ? 422 : 201), "\(text): \(made.text)")
                    if let stored {
                        #expect(made["contact_points"].array?.first?["address"] == .string(stored))
                    } else {
                        #expect(made.badFields == ["contact_points[0].address"])
                        #expect(made["errors"].array?.first?["code"] == "phone")
                    }
                }
                let staff = try await office.call(
                    .post, "/accounts/\(account)/staff", ["name": "Sam", "phone": .string(text)])
                #expect(staff.status == (stored == nil ? 422 : 201), "\(text): \(staff.text)")
                #expect(
                    staff.status == 422
                        ? staff.badFields == ["phone"] : staff["phone"] == .string(stored ?? ""))
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `of a business are numbers, and name every other bad field too`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let id = try await office.makeAccount()
            func change(_ body: JSONValue) async throws -> TestOffice.Answer {
                try await office.call(.patch, "/accounts/\(id)", body)
            }
            #expect(try await change(["phone": "212 555 0114"])["phone"] == "+12125550114")
            #expect(try await change(["name": "Mane"])["phone"] == "+12125550114")
            let both = try await change([
                "phone": "555", "website": "x", "time_zone": "Europe/London",
            ])
            #expect(both.status == 422 && Set(both.badFields) == ["phone", "website"])
            // It moved: its zone and its number say so together, from abroad.
            let moved = try await change(["phone": "+441632960123", "time_zone": "Europe/London"])
            #expect(moved["phone"] == "+441632960123")
            #expect(try await change(["phone": "0161 496 0140"])["phone"] == "+441614960140")
            #expect(try await change(["phone": ""])["phone"] == .null)
            #expect(try await change(["phone": 5]).badFields == ["phone"])
            // What an older version stored may be sent back as it is.
            try await office.wiring.store.write { tx in
                try tx.execute("UPDATE accounts SET phone = 'ask for Jo 12345' WHERE id = \(id)")
            }
            #expect(try await change(["phone": "ask for Jo 12345"]).status == 200)
            #expect(try await change(["phone": "ask for Jo 1234"]).status == 422)
            let unknown = try await office.call(
                .patch, "/accounts/acct_none", ["phone": "+12125550114"])
            #expect(unknown.status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of senders are one, however the channel writes them`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = AccountID(try await office.makeAccount())
            let ambient = office.wiring.ambient
            func sender(_ address: String) async throws -> ContactID {
                try await office.wiring.store.write { tx in
                    try ContactBook.sender(
                        address: address, name: nil, channel: "sms", account: account,
                        ambient: ambient, in: tx)
                }
            }
            let first = try await sender("+12125550123")
            #expect(try await sender("(212) 555-0123") == first)
            #expect(try await sender("+1 212 555 0124") != first)
            let refusal = await #expect(throws: Refusal.self) { try await sender("Dana") }
            #expect(refusal?.kind == .invalid && refusal?.fields.first?.field == "from.address")
        }
    }

    @Test(arguments: TestEngine.available)
    func `are found by what somebody remembers of them`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount()
            let base = "/accounts/\(account)/contacts"
            for (name, address) in [
                ("Dana", "(212) 555-0123"), ("Vera", "+44 161 496 0140"),
                ("Ivan", "+7 926 123-45-67"),
            ] {
                let made = try await office.call(
                    .post, base, ["name": .string(name), "contact_points": [Self.point(address)]])
                #expect(made.status == 201, "\(made.text)")
            }
            try await office.call(.post, base, ["name": "Flat 12 34"])
            let queries: [(String, [String])] = [
                ("(212) 555-01", ["Dana"]), ("+1 212", ["Dana"]), ("555 0123", ["Dana"]),
                ("0123", ["Dana"]), ("12125550123", ["Dana"]), ("212.555.0123", ["Dana"]),
                ("0161 496", ["Vera"]), ("+44 (0)161 496", ["Vera"]), ("4960 140", ["Vera"]),
                ("8 (926) 123", ["Ivan"]), ("+7 926", ["Ivan"]), ("9261", ["Ivan"]),
                ("dana 555-01", ["Dana"]), ("vera 555-01", []), ("555-02", []),
                ("１２１２ ５５５", ["Dana"]), ("12 34", ["Ivan", "Flat 12 34"]), ("1234", ["Ivan"]),
                ("' OR 1=1 --", []), ("%_", ["Dana", "Vera", "Ivan", "Flat 12 34"]),
            ]
            for (query, names) in queries {
                let escaped =
                    query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                let found = try await office.call(.get, base + "?query=\(escaped)")
                #expect(found.data.compactMap { $0["name"]?.string } == names, "\(query)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `are shown as the reader's country writes them`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let account = try await office.makeAccount("mane")
            try await office.call(.patch, "/accounts/\(account)", ["phone": "212 555 0114"])
            let contact = try await office.call(
                .post, "/accounts/\(account)/contacts",
                [
                    "name": "Dana",
                    "contact_points": [Self.point("212 555 0123"), Self.point("+44 1632 960123")],
                ])
            try await office.call(
                .post, "/accounts/\(account)/staff", ["name": "Sam", "phone": "212 555 0199"])
            let owner = try await PortalBrowser.signIn(.owner, of: account, in: office)
            let card = try await owner.get("/portal/mane/contacts/\(contact.id)").text
            #expect(card.contains(#"href="tel:+12125550123">(212) 555-0123</a>"#))
            #expect(card.contains(#"href="tel:+441632960123">+44 1632 960123</a>"#))
            #expect(
                try await owner.get("/portal/mane/contacts").text.contains("(212) 555-0123 · +44"))
            #expect(try await owner.get("/portal/mane/staff").text.contains("(212) 555-0199"))
            #expect(
                try await owner.get("/portal/mane/profile").text.contains(
                    #"value="(212) 555-0114""#)
            )
            // Sent back as it was shown, it is the same.
            let saved = try await owner.post(
                "/portal/mane/profile",
                [
                    ("name", "Mane"), ("phone", "(212) 555-0114"),
                    ("time_zone", "America/New_York"),
                    ("locale", "en"), ("currency", "USD"), ("version", "2"),
                ])
            #expect(saved.status == 303, "\(saved.text)")
            let stored = try await office.call(.get, "/accounts/\(account)")
            #expect(stored["phone"] == "+12125550114")
        }
    }

    @Test(arguments: TestEngine.available)
    func `of earlier versions are put right, once`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let (store, ambient) = (office.wiring.store, office.wiring.ambient)
            let account = try await office.makeAccount()
            let staff = try await office.call(
                .post, "/accounts/\(account)/staff", ["name": "Sam", "phone": "212 555 0199"])
            func contact(_ address: String) async throws -> String {
                try await office.call(
                    .post, "/accounts/\(account)/contacts",
                    ["name": "Dana", "contact_points": [Self.point(address)]]
                ).id
            }
            let spelt = try await contact("+12125550123")
            let twice = try await contact("+12125550124")
            let other = try await contact("+12125550124")
            let odd = try await contact("+12125550125")
            try await store.write { tx in
                try tx.execute("UPDATE accounts SET phone = '(212) 555-0114' WHERE id = \(account)")
                try tx.execute("UPDATE staff SET phone = '212-555-0199' WHERE id = \(staff.id)")
                func spell(_ id: String, _ address: String, verified: Int = 0) throws {
                    try tx.execute(
                        """
                        UPDATE contact_points SET address = \(address), is_verified = \(verified)
                        WHERE contact_id = \(id)
                        """)
                }
                try spell(spelt, "212 555 0123", verified: 1)
                try spell(twice, "(212) 555-0124", verified: 1)
                try spell(other, "+12125550124", verified: 1)
                try spell(odd, "the shop's")
                try tx.execute("UPDATE contacts SET search = 'dana'")
                // More than one page of them.
                for number in 0..<420 {
                    try tx.execute(
                        """
                        INSERT INTO contacts (id, account_id, search, created_at)
                        VALUES (\("ctct_old\(1000 + number)"), \(account), '', 0)
                        """)
                    try tx.execute(
                        """
                        INSERT INTO contact_points
                            (account_id, contact_id, channel, address, created_at)
                        VALUES (\(account), \("ctct_old\(1000 + number)"), 'phone',
                            \("212 555 \(1000 + number)"), 0)
                        """)
                }
            }
            for run in 0..<2 {
                try await store.write { tx in
                    try JobQueue.enqueue(
                        "phones.tidy", account: nil, [:], at: ambient.now(), ambient: ambient,
                        in: tx)
                }
                while try await office.wiring.worker.runDue() > 0 {}
                let number = try await office.call(.get, "/accounts/\(account)")
                #expect(number["phone"] == "+12125550114")
                #expect(
                    try await office.call(.get, "/staff/\(staff.id)")["phone"] == "+12125550199")
                func point(_ id: String) async throws -> JSONValue? {
                    try await office.call(.get, "/contacts/\(id)")["contact_points"].array?.first
                }
                #expect(try await point(spelt)?["address"] == "+12125550123")
                #expect(try await point(spelt)?["verified"] == true)
                // Who proved it first in this form keeps the proof.
                #expect(try await point(twice)?["address"] == "+12125550124")
                #expect(try await point(twice)?["verified"] == false)
                #expect(try await point(other)?["verified"] == true)
                #expect(try await point(odd)?["address"] == "the shop's")
                #expect(try await office.call(.get, "/contacts/\(spelt)")["version"] == 2, "\(run)")
                #expect(try await office.call(.get, "/contacts/\(other)")["version"] == 1, "\(run)")
                let found = try await office.call(
                    .get, "/accounts/\(account)/contacts?query=555%201419")
                #expect(found.data.map { $0["id"] } == ["ctct_old1419"])
                let left = try await store.read { tx in
                    try tx.count("SELECT COUNT(*) FROM contact_points WHERE address LIKE '212%'")
                }
                #expect(left == 0)
            }
        }
    }
}
