import Kernel
import Testing

@Suite("Card numbers")
struct CardMaskTests {
    @Test(arguments: [
        "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111", "4111111111111111",
        "4111 - 1111 - 1111 - 1111", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "41111111 11111111",
        "4111\u{a0}1111\u{2009}1111\u{202f}1111", "4111–1111—1111−1111",
        "4111\u{200b}1111\u{200b}1111\u{200b}1111", "٤١١١ ١١١١ ١١١١ ١١١١", "４１１１１１１１１１１１１１１１",
        "४१११ ११११ ११११ ११११", "𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏",
    ])
    func `are masked however they are written`(number: String) {
        #expect(CardMask.masked(number) == "•••• •••• •••• 1111")
        #expect(
            CardMask.masked("My card is \(number), ok?") == "My card is •••• •••• •••• 1111, ok?")
        #expect(CardMask.masked("visa\(number)") == "visa•••• •••• •••• 1111")
        #expect(CardMask.masked("12 \(number) 12/27").contains("1111 1111") == false)
    }

    @Test(arguments: [
        ("378282246310005", "0005"), ("3782 822463 10005", "0005"), ("5555555555554444", "4444"),
        ("2223003122003222", "3222"), ("30569309025904", "5904"), ("3530111333300000", "0000"),
        ("6011111111111117", "1117"), ("2200 0000 0000 0004", "0004"), ("4222222222222", "2222"),
        ("6205500000000000004", "0004"), ("6759 6498 2643 8453", "8453"),
    ])
    func `of every large issuer are known`(number: String, last: String) {
        #expect(CardMask.masked("x \(number) y") == "x •••• •••• •••• \(last) y")
    }

    @Test(arguments: [
        "+1 202 555 0123", "+7 (495) 123-45-67", "8 800 555-35-35", "+49 176 12345678",
        "+441632960961", "0049 30 901820", "020 7946 0958, 020 7946 0959", "+380 44 123 45 67",
        "+4915112345674", "+86 138 0013 8000", "(202) 555-0123", "+62 812 3456 7890",
        "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "FR1420041010050500013M02606",
        "550e8400-e29b-41d4-a716-446655440000", "41111111-1111-4111-8111-111111111111",
        "Order 1002003004005006", "Invoice 2026-000123", "4111 1111 1111 1112",
        "2026-11-23 14:30:00", "1774270800000", "12345678901234567890123456789012",
        "ISBN 978-3-16-148410-0", "12.11.2026 10:00–11:30, 4 persons", "no digits at all",
    ])
    func `are not seen in other numbers`(text: String) {
        #expect(CardMask.masked(text) == text)
    }

    @Test func `leave with their security code`() {
        #expect(
            CardMask.masked("4111 1111 1111 1111, 12/27, CVV: 123")
                == "•••• •••• •••• 1111, 12/27, CVV: •••")
        // Without a card beside it, it is a number like others.
        #expect(CardMask.masked("cid 1234") == "cid 1234")
    }

    @Test func `are masked once and stay so`() {
        let once = CardMask.masked("a 5555 5555 5555 4444 b 4111111111111111")
        #expect(once == "a •••• •••• •••• 4444 b •••• •••• •••• 1111")
        #expect(CardMask.masked(once) == once)
    }

    /// No number of a known issuer survives, whatever stands around and between its digits.
    @Test func `never survive`() {
        var random = SplitMix64(seed: 20_261_123)
        let issuers: [(String, ClosedRange<Int>)] = [
            ("4", 13...19), ("51", 16...16), ("55", 16...16), ("2221", 16...16), ("34", 15...15),
            ("37", 15...15), ("300", 14...19), ("36", 14...19), ("3528", 16...19),
            ("2200", 16...19), ("6011", 16...19), ("62", 16...19), ("65", 16...19),
            ("6759", 13...19), ("5018", 13...19), ("9860", 16...16),
        ]
        let gaps = ["", "", " ", "-", ".", " - ", "\u{a0}", "\u{2060}", "/", "_"]
        let around = ["", " ", "card: ", "№", "(", "a", "7 ", "+7 495 123-45-67 ", "12/27 "]
        for _ in 0..<4000 {
            let (prefix, lengths) = issuers.randomElement(using: &random) ?? issuers[0]
            let number = Self.card(prefix, lengths, &random)
            let gap = gaps.randomElement(using: &random) ?? ""
            let every = Int.random(in: 1...6, using: &random)
            var written = ""
            for (index, digit) in number.enumerated() {
                if index > 0, index % every == 0 { written += gap }
                written.append(digit)
            }
            let head = around.randomElement(using: &random) ?? ""
            let text = head + written + " thanks"
            let left = CardMask.masked(text)
            #expect(!left.contains(written), "\(text)")
            #expect(left.filter(\.isNumber).count <= head.filter(\.isNumber).count + 4, "\(text)")
        }
    }

    private static func card(
        _ prefix: String, _ lengths: ClosedRange<Int>, _ random: inout SplitMix64
    ) -> String {
        let length = Int.random(in: lengths, using: &random)
        var digits = prefix.compactMap(\.wholeNumberValue)
        while digits.count < length - 1 { digits.append(Int.random(in: 0...9, using: &random)) }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index % 2 == 0 ? digit * 2 : digit
            sum += value > 9 ? value - 9 : value
        }
        digits.append((10 - sum % 10) % 10)
        return digits.map { "\($0)" }.joined()
    }
}
