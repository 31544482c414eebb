import Kernel

/// Prices as people type them: `45`, `19.50`, `19,50`, `1,200.00`.
enum PriceText {
    /// Minor units in one unit of the currency.
    private static func scale(_ currency: String) -> Int64 {
        (0..<Money.digits(currency)).reduce(1) { scale, _ in scale * 10 }
    }

    /// Minor units; nil when it is not a price of this currency.
    static func minor(_ text: String, _ currency: String) -> Int64? {
        let compact = text.filter { $0 != " " && $0 != "\u{a0}" }
        guard let (units, fraction) = split(compact) else { return nil }
        let digits = Money.digits(currency)
        guard
            !units.isEmpty, units.utf8.count <= 9, fraction.utf8.count <= digits,
            let whole = Int64(units)
        else { return nil }
        let padded = fraction + String(repeating: "0", count: digits - fraction.utf8.count)
        return whole * scale(currency) + (Int64(padded) ?? 0)
    }

    /// The digits before and after the decimal sign, without signs that group thousands.
    private static func split(_ text: String) -> (units: String, fraction: String)? {
        let isSign: (Character) -> Bool = { $0 == "." || $0 == "," }
        guard text.allSatisfy({ $0.isASCII && $0.isNumber || isSign($0) }) else { return nil }
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: isSign)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else {
            return (text, "")
        }
        let signs = text.filter(isSign)
        // Three digits after the only sign are thousands: nobody has a tenth of a cent.
        let isDecimal = last.count != 3 || (signs.count > 1 && signs.last != signs.first)
        let groups = (isDecimal ? parts.dropFirst().dropLast() : parts.dropFirst())
        let grouping = isDecimal ? signs.dropLast() : signs[...]
        guard
            Set(grouping).count <= 1, !grouping.contains(where: { isDecimal && $0 == signs.last }),
            groups.allSatisfy({ $0.count == 3 }),
            groups.isEmpty || (1...3).contains(first.count) && first.first != "0",
            !isDecimal || !last.isEmpty
        else { return nil }
        let units = first + groups.joined()
        return (String(units), isDecimal ? String(last) : "")
    }

    /// As a form shows it: `45`, `19.50`.
    static func text(_ money: Money) -> String {
        let scale = scale(money.currency)
        let (units, rest) = (money.minor / scale, money.minor % scale)
        if rest == 0 { return String(units) }
        let fraction = String(rest)
        let zeros = String(
            repeating: "0", count: Money.digits(money.currency) - fraction.utf8.count)
        return "\(units).\(zeros)\(fraction)"
    }
}
