import Kernel
import WebShell

/// A QR code (ISO/IEC 18004) of a short text: byte mode, error correction M, versions 7 to 10.
///
/// Written here because the picture holds a secret: no service may draw it, and the page's policy
/// runs no script that could.
package struct QRCode {
    /// Per version from 7: data code words, blocks, correction words per block, and the centre of the
    /// middle alignment patterns.
    private typealias Plan = (data: Int, blocks: Int, correction: Int, centre: Int)
    private static let plans: [Plan] = [
        (124, 4, 18, 22), (154, 4, 22, 24), (182, 5, 22, 26), (216, 5, 26, 28),
    ]

    private(set) var size: Int
    /// Row by row.
    package private(set) var dark: [[Bool]]
    /// Which modules belong to patterns and carry no data.
    private var isFixed: [[Bool]]
    private var version: Int

    /// nil: the text is too long. Without a mask the one is taken that scanners read best.
    package init?(_ text: String, mask: Int? = nil) {
        let bytes = Array(text.utf8)
        // Mode and length go before the text.
        guard let place = Self.plans.firstIndex(where: { bytes.count + 3 <= $0.data })
        else { return nil }
        version = place + 7
        size = version * 4 + 17
        dark = Array(repeating: Array(repeating: false, count: size), count: size)
        isFixed = dark
        drawPatterns([6, Self.plans[place].centre, size - 7])
        drawData(Self.words(bytes, version, Self.plans[place]))
        let plain = self
        let codes = (mask.map { $0...$0 } ?? 0...7).map { plain.masked($0) }
        self = codes.min { $0.penalty < $1.penalty } ?? plain
    }

    // MARK: Words

    private static func words(_ bytes: [UInt8], _ version: Int, _ plan: Plan) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for place in stride(from: count - 1, through: 0, by: -1) {
                bits.append(value >> place & 1 == 1)
            }
        }
        append(0b0100, 4)
        append(bytes.count, version < 10 ? 8 : 16)
        for byte in bytes { append(Int(byte), 8) }
        append(0, min(4, plan.data * 8 - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var data = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        var pad: UInt8 = 0xec
        while data.count < plan.data {
            data.append(pad)
            pad ^= 0xec ^ 0x11
        }
        // The last blocks are one word longer where it does not divide evenly.
        let short = plan.data / plan.blocks
        let longBlocks = plan.data % plan.blocks
        var (blocks, start) = ([[UInt8]](), 0)
        for index in 0..<plan.blocks {
            let length = short + (index >= plan.blocks - longBlocks ? 1 : 0)
            blocks.append(Array(data[start..<start + length]))
            start += length
        }
        let corrections = blocks.map { remainder($0, generator(plan.correction)) }
        var output: [UInt8] = []
        for column in 0...short {
            for block in blocks where column < block.count { output.append(block[column]) }
        }
        for column in 0..<plan.correction { output += corrections.map { $0[column] } }
        return output
    }

    /// Multiplication in GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1.
    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (sum, factor) = (0, Int(left))
        for place in 0..<8 {
            if right >> UInt8(place) & 1 == 1 { sum ^= factor }
            factor <<= 1
            if factor > 255 { factor ^= 0x11d }
        }
        return UInt8(sum)
    }

    private static func generator(_ degree: Int) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for place in 0..<degree {
                output[place] = product(output[place], root)
                if place + 1 < degree { output[place] ^= output[place + 1] }
            }
            root = product(root, 2)
        }
        return output
    }

    private static func remainder(_ data: [UInt8], _ divisor: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ output.removeFirst()
            output.append(0)
            for place in output.indices { output[place] ^= product(divisor[place], factor) }
        }
        return output
    }

    // MARK: Drawing

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return }
        dark[y][x] = isDark
        isFixed[y][x] = true
    }

    private mutating func drawPatterns(_ centres: [Int]) {
        for place in 0..<size {
            set(6, place, place % 2 == 0)
            set(place, 6, place % 2 == 0)
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            for dy in -4...4 {
                for dx in -4...4 {
                    let ring = max(abs(dx), abs(dy))
                    set(x + dx, y + dy, ring != 2 && ring != 4)
                }
            }
        }
        let last = centres.count - 1
        for (column, x) in centres.enumerated() {
            for (row, y) in centres.enumerated()
            where ![[0, 0], [0, last], [last, 0]].contains([column, row]) {
                for dy in -2...2 {
                    for dx in -2...2 { set(x + dx, y + dy, max(abs(dx), abs(dy)) != 1) }
                }
            }
        }
        drawFormat(mask: 0)
        drawVersion()
    }

    /// Error correction M and the mask, with their own check bits, twice.
    private mutating func drawFormat(mask: Int) {
        var rest = mask
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (mask << 10 | rest) ^ 0x5412
        func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
        for place in 0...5 { set(8, place, bit(place)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for place in 9..<15 { set(14 - place, 8, bit(place)) }
        for place in 0..<8 { set(size - 1 - place, 8, bit(place)) }
        for place in 8..<15 { set(8, size - 15 + place, bit(place)) }
        set(8, size - 8, true)
    }

    private mutating func drawVersion() {
        var rest = version
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1f25 }
        let bits = version << 12 | rest
        for place in 0..<18 {
            let (near, far) = (place / 3, size - 11 + place % 3)
            set(far, near, bits >> place & 1 == 1)
            set(near, far, bits >> place & 1 == 1)
        }
    }

    /// Two columns at a time from the right, up and down.
    private mutating func drawData(_ words: [UInt8]) {
        var place = 0
        var isUpward = true
        for right in stride(from: size - 1, through: 1, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 }) {
            for step in 0..<size {
                let y = isUpward ? size - 1 - step : step
                for x in [right, right - 1] where x >= 0 && !isFixed[y][x] {
                    if place < words.count * 8 {
                        dark[y][x] = words[place / 8] >> UInt8(7 - place % 8) & 1 == 1
                    }
                    place += 1
                }
            }
            isUpward.toggle()
        }
    }

    // MARK: Masks

    private static func inverts(_ mask: Int, _ x: Int, _ y: Int) -> Bool {
        switch mask {
        case 0: (x + y) % 2 == 0
        case 1: y % 2 == 0
        case 2: x % 3 == 0
        case 3: (x + y) % 3 == 0
        case 4: (x / 3 + y / 2) % 2 == 0
        case 5: x * y % 2 + x * y % 3 == 0
        case 6: (x * y % 2 + x * y % 3) % 2 == 0
        default: ((x + y) % 2 + x * y % 3) % 2 == 0
        }
    }

    private func masked(_ mask: Int) -> QRCode {
        var code = self
        for y in 0..<size {
            for x in 0..<size where !isFixed[y][x] && Self.inverts(mask, x, y) {
                code.dark[y][x].toggle()
            }
        }
        code.drawFormat(mask: mask)
        return code
    }

    /// How much of it could be taken for something else.
    private var penalty: Int {
        var sum = 0
        let columns = (0..<size).map { x in dark.map { $0[x] } }
        let finder = [true, false, true, true, true, false, true]
        let quiet = [Bool](repeating: false, count: 4)
        for line in dark + columns {
            var run = 0
            for place in line.indices {
                run = place > 0 && line[place] == line[place - 1] ? run + 1 : 1
                sum += run == 5 ? 3 : run > 5 ? 1 : 0
            }
            for start in 0...(size - 11) {
                let part = Array(line[start..<start + 11])
                if part == finder + quiet || part == quiet + finder { sum += 40 }
            }
        }
        let share = dark.joined().count { $0 } * 100 / (size * size)
        return sum + abs(share - 50) / 5 * 10
    }

    /// The picture, dark on white whatever the theme: scanners need it so.
    func picture(_ label: Phrase) -> HTML {
        let rects = (0..<size).flatMap { y in
            (0..<size).filter { dark[y][$0] }.map { "M\($0 + 4) \(y + 4)h1v1h-1z" }
        }
        let edge = size + 8
        return """
            <svg class="qr-code" viewBox="0 0 \(edge) \(edge)" width="\(edge * 4)" height="\(edge * 4)" role="img" aria-label="\(label)" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\(edge)v\(edge)H0z"/><path fill="#000" d="\(rects.joined())"/></svg>
            """
    }
}
