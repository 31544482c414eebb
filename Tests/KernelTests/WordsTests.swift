import Kernel
import Testing

@Suite("Addresses, sums and search words")
struct WordsTests {
    @Test(arguments: [
        ("dana@example.com", "dana@example.com"), ("Dana@EXAMPLE.com", "dana@example.com"),
        ("a@b", "a@b"), ("first.last+tag@sub.example.co.uk", "first.last+tag@sub.example.co.uk"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("x@xn--80ak6aa92e.com", "x@xn--80ak6aa92e.com"),
    ])
    func `e-mail addresses are folded to one form`(text: String, folded: String) throws {
        #expect(EmailAddress(text)?.text == folded)
    }

    @Test(arguments: [
        "", "@", "a@", "@b", "a b@c.com", "a@b c.com", "a@@b.com", "a@b@c.com", ".a@b.com",
        "a.@b.com",
        "a..b@c.com", "a@b..com", "a@.com", "a@com.", "a@-b.com", "a@b-.com", "a@b_c.com",
        "a@[127.0.0.1]", "\"a b\"@c.com", "a@b.com\n", "a@b.com\r\nBcc: x@y.com", "a@b.com\0",
        "Dana <dana@example.com>", "dana@exämple.com", "jöhn@example.com", "a,b@c.com", "a;b@c.com",
        // The Kelvin sign folds to k, the long s to s: they are other letters.
        "a@\u{212a}.com", "\u{212a}@b.com", "a\u{17f}@b.com", "a\u{301}@b.com",
        String(repeating: "a", count: 65) + "@b.com",
        "a@" + String(repeating: "b", count: 64) + ".com",
        "a@" + Array(repeating: "bcdefgh", count: 40).joined(separator: "."),
    ])
    func `what is not an e-mail address is refused`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test(arguments: [
        (4500, "USD", "$45"), (1950, "GBP", "£19.50"), (5, "EUR", "€0.05"), (0, "USD", "$0"),
        (-1250, "USD", "-$12.50"), (123_456_789, "USD", "$1,234,567.89"),
        (199_000, "RUB", "₽1,990"),
        (1500, "JPY", "¥1,500"), (100, "CHF", "CHF\u{a0}1"), (1500, "KWD", "KWD\u{a0}1.500"),
        (100_000_000_000, "USD", "$1,000,000,000"),
    ])
    func `sums are written for people`(minor: Int64, currency: String, text: String) {
        #expect(Money(minor: minor, currency: currency).text == text)
    }

    @Test(arguments: ["", "US", "USDX", "usd", "U$D", "ЮСД", "US\u{212a}"])
    func `currencies are three capital letters`(text: String) {
        #expect(!Money.isCurrency(text))
    }

    @Test(arguments: [
        ("Dana  Miller", "dana miller"), ("  ÉCOLE,  d'été! ", "école d été"), ("Алёна", "алена"),
        ("АЛЁНА", "алена"), ("Але\u{308}на", "алена"), ("100% _sure_", "100 sure"), ("%_\\", ""),
        ("", ""), ("dana@example.com", "dana example com"), ("שלום", "שלום"), ("a\0b", "a b"),
        ("Jose\u{301}", "josé"), ("😀 Dana", "dana"),
    ])
    func `words are folded for search`(text: String, folded: String) {
        // Scalars are compared: the database knows no canonical equivalence.
        #expect(Array(foldedForSearch(text).unicodeScalars) == Array(folded.unicodeScalars))
    }
}

@Suite("Ids")
struct WordsTests2 {
    private static func frozen(_ milliseconds: Int64) -> Ambient {
        Ambient.with(
            now: { Instant(milliseconds: milliseconds) }, randomBytes: Ambient.systemRandomBytes)
    }

    @Test func `they rise and differ within one millisecond`() {
        let ambient = Self.frozen(1_774_270_800_000)
        let ids = (0..<9000).map { _ in ambient.newID("conv") }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.hasPrefix("conv_") && $0.utf8.count == 31 })
    }

    @Test func `they sort by time, to the last year that we accept`() {
        let times: [Int64] = [0, 1, 1000, 1_774_270_800_000, Instant.latest.milliseconds]
        let ids = times.map { Self.frozen($0).newID("a") }
        #expect(ids == ids.sorted())
    }

    @Test func `they cannot be guessed from the one before`() {
        let ambient = Self.frozen(1_774_270_800_000)
        // The last 60 bits are random: twelve digits of five.
        let tails = (0..<1000).map { _ in String(ambient.newID("a").suffix(12)) }
        #expect(Set(tails).count == 1000)
    }

    @Test func `they rise when many ask at once`() async {
        let ambient = Self.frozen(1_774_270_800_000)
        let all = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { (0..<500).map { _ in ambient.newID("a") } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all.allSatisfy { $0 == $0.sorted() })
        #expect(Set(all.flatMap { $0 }).count == 4000)
    }
}
