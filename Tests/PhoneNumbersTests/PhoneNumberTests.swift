import Kernel
import Testing

@testable import PhoneNumbers

/// Numbers of films and textbooks: +1 212 555 01xx, +44 1632 960xxx, +44 161 496 0xxx.
@Suite("Telephone numbers")
struct PhoneNumberTests {
    @Test(arguments: [
        // United States: at home, from abroad, with what people put between.
        ("(212) 555-0114", "US", "+12125550114"), ("212.555.0114", "US", "+12125550114"),
        ("1 212 555 0114", "US", "+12125550114"), ("+1 212 555 0114", "GB", "+12125550114"),
        ("011 44 1632 960123", "US", "+441632960123"), ("2125550114", "CA", "+12125550114"),
        ("1-800-FLOWERS", "US", "+18003569377"), ("1-800-flowers", "US", "+18003569377"),
        // United Kingdom.
        ("01632 960123", "GB", "+441632960123"), ("0161 496 0140", "GB", "+441614960140"),
        ("+44 (0)161 496 0140", "US", "+441614960140"),
        ("0044 161 496 0140", "DE", "+441614960140"),
        ("00 1 212 555 0114", "GB", "+12125550114"), ("07700 900123", "GB", "+447700900123"),
        // Russia and its neighbour in +7.
        ("8 (926) 123-45-67", "RU", "+79261234567"),
        ("+7\u{a0}495\u{a0}123-45-67", "US", "+74951234567"),
        ("8 7172 12 34 56", "KZ", "+77172123456"), ("9261234567", "RU", "+79261234567"),
        // Germany: numbers of many lengths.
        ("030 901820", "DE", "+4930901820"), ("0171 1234567", "DE", "+491711234567"),
        ("030/901820", "DE", "+4930901820"), ("030 23125 000", "DE", "+493023125000"),
        // France, and Italy, which keeps its zero.
        ("06 12 34 56 78", "FR", "+33612345678"), ("+33 1 99 00 12 34", "US", "+33199001234"),
        ("06 1234 5678", "IT", "+390612345678"),
        // Digits and signs of other keyboards.
        ("２１２５５５０１１４", "US", "+12125550114"), ("＋１（２１２）５５５－０１１４", "GB", "+12125550114"),
        ("٢١٢٥٥٥٠١١٤", "US", "+12125550114"), ("212‐555–0114", "US", "+12125550114"),
        (" +12125550114 ", "US", "+12125550114"), ("+800 1234 5678", "US", "+80012345678"),
    ])
    func `are read as people write them`(text: String, region: String, e164: String) throws {
        let number = try PhoneNumber.parse(text, in: PhoneRegion(region))
        #expect(number.text == e164)
        #expect(PhoneNumber(e164: e164) == number)
        // What is shown can be typed again.
        #expect(try PhoneNumber.parse(number.international, in: nil) == number)
        if let home = number.region {
            #expect(try PhoneNumber.parse(number.shown(in: home), in: home) == number)
        }
    }

    @Test(
        arguments: [
            ("", .notANumber), (" ", .notANumber), ("+", .notANumber), ("none", .notANumber),
            ("1", .notANumber), ("----", .notANumber), ("911", .tooShort), ("112", .tooShort),
            ("555-0114", .tooShort), ("+1202555", .tooShort), ("+44 1632 9", .tooShort),
            ("+1234567890123456", .tooLong), ("212 555 01145", .tooLong),
            ("+44 1632 9601234567", .tooLong),
            ("+999 123 4567", .invalidCountry), ("+0123456789", .invalidCountry),
            ("(212) 555-0114 ext. 5", .hasExtension), ("212 555 0114 x5", .hasExtension),
            ("+12125550114;ext=1", .hasExtension), ("212 555 0114 #12", .hasExtension),
            ("+1202555012a", .tooShort), ("+12125550114a", .notANumber),
            ("++12125550114", .notANumber), ("call 212 555 0114", .notANumber),
            ("2125550114; DROP TABLE accounts", .notANumber), ("' OR '1'='1", .notANumber),
            ("+12125550114<script>", .notANumber), ("<b>2125550114</b>", .notANumber),
            ("javascript:+12125550114", .notANumber), ("tel:+12125550114", .notANumber),
            ("+12125550114\0", .notANumber), ("+1\n2125550114", .notANumber),
            ("+1\r\nTo: x@y.test", .notANumber), ("+12125550114\u{301}", .notANumber),
            ("\u{202e}+12125550114", .notANumber), ("📞 2125550114", .notANumber),
            ("٣", .notANumber), ("½125550114", .notANumber), ("dana@example.com", .notANumber),
        ] as [(String, PhoneNumber.Problem)])
    func `are told from what is none`(text: String, problem: PhoneNumber.Problem) {
        #expect(throws: problem) { try PhoneNumber.parse(text, in: PhoneRegion("US")) }
    }

    @Test func `need a region unless they are international`() throws {
        #expect(throws: PhoneNumber.Problem.invalidCountry) {
            try PhoneNumber.parse("212 555 0114", in: nil)
        }
        #expect(try PhoneNumber.parse("+12125550114", in: nil).text == "+12125550114")
        // A length that lies between those of the country.
        #expect(throws: PhoneNumber.Problem.self) {
            try PhoneNumber.parse("+390123456789012345", in: nil)
        }
        let long = String(repeating: "1", count: 100_000)
        #expect(throws: PhoneNumber.Problem.notANumber) {
            try PhoneNumber.parse(long, in: PhoneRegion("US"))
        }
    }

    @Test func `keep an extension apart`() throws {
        let reading = try PhoneNumber.read("0161 496 0140 ext. 57", in: PhoneRegion("GB"))
        #expect(reading.number.text == "+441614960140")
        #expect(reading.dialExtension == "57")
        #expect(try PhoneNumber.read("0161 496 0140", in: PhoneRegion("GB")).dialExtension == nil)
    }

    @Test(arguments: [
        ("+12125550114", "US", "(212) 555-0114", "+1 212-555-0114"),
        ("+441632960123", "GB", "01632 960123", "+44 1632 960123"),
        ("+441614960140", "GB", "0161 496 0140", "+44 161 496 0140"),
        ("+79261234567", "RU", "8 (926) 123-45-67", "+7 926 123-45-67"),
        ("+77172123456", "KZ", "8 (7172) 12 34 56", "+7 7172 12 34 56"),
        ("+4930901820", "DE", "030 901820", "+49 30 901820"),
        ("+33612345678", "FR", "06 12 34 56 78", "+33 6 12 34 56 78"),
    ])
    func `are shown as their readers write them`(
        e164: String, region: String, national: String, international: String
    ) throws {
        let number = try #require(PhoneNumber(e164: e164))
        let home = PhoneRegion(region)
        #expect(number.region == home)
        #expect(number.shown(in: home) == national)
        #expect(number.shown(in: PhoneRegion("NZ")) == international)
        #expect(number.shown(in: nil) == international)
        #expect(number.link == "tel:" + e164)
    }

    @Test func `say of which kind they are`() throws {
        let kinds: [(String, PhoneNumber.Kind, Bool)] = [
            ("+79261234567", .mobile, true), ("+4930901820", .fixed, true),
            ("+12125550114", .fixedOrMobile, true), ("+18003569377", .tollFree, true),
            // Kept for films: possible, of no range that was given out.
            ("+441632960123", .unknown, false),
        ]
        for (text, kind, isValid) in kinds {
            let number = try #require(PhoneNumber(e164: text))
            #expect(number.kind == kind, "\(text)")
            #expect(number.isValid == isValid, "\(text)")
        }
        #expect(PhoneNumber(e164: "+80012345678")?.region == nil)
        for text in ["12125550114", "+1 212 555 0114", "2125550114", "", "+1212"] {
            #expect(PhoneNumber(e164: text) == nil, "\(text)")
        }
    }

    @Test func `belong where a business is`() {
        let places: [(String?, String, String?)] = [
            (nil, "America/Chicago", "US"), (nil, "Europe/London", "GB"),
            (nil, "Europe/Moscow", "RU"), (nil, "Asia/Calcutta", "IN"), (nil, "US/Eastern", "US"),
            (nil, "UTC", nil), (nil, "Mars/Olympus", nil),
            ("+441632960123", "America/Chicago", "GB"),
            ("+12125550114", "UTC", "US"), ("nonsense", "Europe/Berlin", "DE"),
            ("+80012345678", "Europe/Paris", "FR"),
        ]
        for (number, zone, code) in places {
            #expect(PhoneRegion(ofNumber: number, zone: zone)?.code == code, "\(zone)")
        }
        #expect(PhoneRegion("gb")?.code == "GB")
        #expect(PhoneRegion("XX") == nil && PhoneRegion("") == nil && PhoneRegion("001") == nil)
        #expect(PhoneRegion("GB")?.countryCode == 44)
    }

    @Test func `are read by many threads at once`() async {
        let texts = ["(212) 555-0114", "01632 960123", "8 (926) 123-45-67", "030 901820"]
        let regions = ["US", "GB", "RU", "DE"]
        await withTaskGroup(of: Set<String>.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    var seen: Set<String> = []
                    for turn in 0..<400 {
                        let number = try? PhoneNumber.parse(
                            texts[turn % 4], in: PhoneRegion(regions[turn % 4]))
                        seen.insert((number?.text ?? "none") + (number?.national ?? ""))
                    }
                    return seen
                }
            }
            for await seen in group { #expect(seen.count == 4) }
        }
    }

    @Test func `never fail on any text`() {
        var random = SplitMix64(seed: 7)
        let pieces = [
            "+", "0", "1", "44", "212", "555", "0114", " ", "(", ")", "-", "ext", "x", ";", "ext=",
            "A", "é", "٣", "５", "#", "/", "\u{0}", "\u{200b}", "+7", "999999", "~", ",", ".",
        ]
        for _ in 0..<3000 {
            let text = (0..<(random.next() % 12)).map { _ in
                pieces[Int(random.next() % UInt64(pieces.count))]
            }
            .joined()
            guard let number = try? PhoneNumber.parse(text, in: PhoneRegion("US")) else { continue }
            #expect(number.text.hasPrefix("+") && (4...16).contains(number.text.utf8.count))
            #expect(number.text.utf8.dropFirst().allSatisfy { (48...57).contains($0) })
        }
    }
}

@Suite("Looking for a number")
struct PhoneSearchTests {
    @Test(arguments: [
        ("(212) 555-01", true), ("+1 212", true), ("12125550114", true), ("0114", true),
        ("5550114", true), ("555 01", true), ("2125 5501", true), ("212-555-0114", true),
        ("555-02", false), ("+44 212", false),
    ])
    func `finds it by what begins anywhere in it`(query: String, isFound: Bool) throws {
        let number = try #require(PhoneNumber(e164: "+12125550114"))
        let words = PhoneSearch.words(for: number)
        let whole = PhoneSearch.terms(query).map { $0.whole ?? $0.parts.joined() }
        #expect(whole.allSatisfy { term in words.contains { $0.hasPrefix(term) } } == isFound)
    }

    @Test func `knows the prefix that is dialled at home only`() throws {
        let british = PhoneSearch.words(for: try #require(PhoneNumber(e164: "+441614960140")))
        for start in ["0161496", "161496", "4416149", "60140"] {
            #expect(british.contains { $0.hasPrefix(start) }, "\(start)")
        }
        let russian = PhoneSearch.words(for: try #require(PhoneNumber(e164: "+79261234567")))
        #expect(russian.contains { $0.hasPrefix("8926123") })
        #expect(Set(russian).count == russian.count)
    }

    @Test func `knows how the number begins when that is said`() {
        let beginnings: [(String, String?)] = [
            ("+1 212", "+1212"), (" +1 (212) 5", "+12125"), ("(212) 555-0114", "+12125550114"),
            ("+44 (0)161 496 0140", "+441614960140"), ("+1 2", nil), ("555-01", nil), ("dana", nil),
            ("+1 212 dana", nil), ("+", nil), ("0114", nil),
        ]
        for (query, beginning) in beginnings {
            #expect(
                PhoneSearch.beginning(of: query, home: PhoneRegion("US")) == beginning, "\(query)")
        }
    }

    @Test func `takes groups of digits for one number and leaves words`() {
        #expect(
            PhoneSearch.terms("Dana (212) 555-01") == [
                .init(whole: nil, parts: ["dana"]),
                .init(whole: "21255501", parts: ["212", "555", "01"]),
            ])
        #expect(
            PhoneSearch.terms("+44 (0)161 496") == [
                .init(whole: "44161496", parts: ["44", "161", "496"])
            ])
        #expect(
            PhoneSearch.terms("1 2") == [
                .init(whole: nil, parts: ["1"]), .init(whole: nil, parts: ["2"]),
            ])
        #expect(PhoneSearch.terms("٢١٢ ٥٥٥").first?.whole == "212555")
        #expect(PhoneSearch.terms(nil).isEmpty && PhoneSearch.terms("%_").isEmpty)
    }
}
