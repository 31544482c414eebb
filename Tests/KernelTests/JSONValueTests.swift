import Kernel
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.5",
        "\"\"", "\"a\"", "[]", "{}", "[1,[2,[3,[]]]]", #"{"a":{"b":[null,true,"x"]},"c":-7}"#,
        #""tab\u0009quote\"back\\slash""#, #""\u0000""#, #""é 👩‍👩‍👧‍👦 שלום""#,
    ])
    func `a value is written and read back the same`(text: String) throws {
        let value = try #require(JSONValue(parsing: text))
        #expect(JSONValue(parsing: value.serialized) == value)
    }

    @Test func `members are sorted, so that equal values give equal bytes`() {
        let value: JSONValue = ["b": 1, "a": [true, nil], "B": "x"]
        #expect(value.serialized == #"{"B":"x","a":[true,null],"b":1}"#)
    }

    @Test func `members written one by one give the same bytes`() {
        let (at, id) = (Instant(milliseconds: 1_000_001), AccountID("acct_1"))
        var output = JSONWriter()
        output.object { object in
            object.member("a", id)
            object.list("b", ["x", "<\"\\\n\u{1}é"]) { text, row in
                row.member("m", text)
                row.member("n", Int.min)
            }
            object.list("c", [String]()) { _, _ in }
            object.list("d", [0]) { _, _ in }
            object.member("e", at)
            object.member("f", nil as Instant?)
            object.member("g", nil as String?)
        }
        let value: JSONValue = [
            "a": .id(id),
            "b": [["m": "x", "n": .number(.min)], ["m": "<\"\\\n\u{1}é", "n": .number(.min)]],
            "c": [], "d": [[:]], "e": .instant(at), "f": nil, "g": nil,
        ]
        #expect(String(decoding: output.bytes, as: UTF8.self) == value.serialized)
    }

    @Test func `text may stand inside a script element`() {
        let value: JSONValue = ["</script>": "</script><!--<script>"]
        #expect(!value.serialized.contains("<"))
        #expect(JSONValue(parsing: value.serialized) == value)
    }

    @Test func `every control character is escaped`() throws {
        for code in UInt8(0)..<0x20 {
            let value = JSONValue.string("a" + String(UnicodeScalar(code)) + "b")
            let text = value.serialized
            #expect(text.utf8.allSatisfy { $0 >= 0x20 })
            #expect(JSONValue(parsing: text) == value)
        }
    }

    @Test func `numbers that are no numbers become null`() {
        #expect(JSONValue.double(.infinity).serialized == "null")
        #expect(JSONValue.double(.nan).serialized == "null")
    }

    @Test func `whole numbers beyond 64 bits are not whole numbers`() throws {
        let value = try #require(JSONValue(parsing: "9223372036854775808"))
        #expect(value.int == nil)
    }

    @Test(arguments: [
        "", " ", "{", "[1", "{\"a\":}", "{a:1}", "'a'", "nul", "01", "1e999", "\"\\ud800\"",
        "\"\\x\"",
        "[1] [2]", "\"a\nb\"", "\u{feff}1x",
    ])
    func `what is not JSON is no value`(text: String) {
        #expect(JSONValue(parsing: text) == nil)
    }

    @Test func `bytes that are not UTF-8 are no value`() {
        #expect(JSONValue(parsing: [0x22, 0xff, 0xfe, 0x22]) == nil)
        #expect(JSONValue(parsing: [0x22, 0xc0, 0x80, 0x22]) == nil)
    }

    @Test(arguments: [100_000, 1000])
    func `nesting without end is refused, not followed`(depth: Int) {
        #expect(JSONValue(parsing: String(repeating: "[", count: depth)) == nil)
        let closed =
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(JSONValue(parsing: closed) == nil)
    }

    @Test func `random values survive writing and reading`() throws {
        var random = SplitMix64(seed: 99)
        for _ in 0..<300 {
            let value = Self.value(depth: 4, &random)
            #expect(JSONValue(parsing: value.serialized) == value)
        }
    }

    private static func value(depth: Int, _ random: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0...(depth == 0 ? 4 : 6), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .int(Int64.random(in: .min ... .max, using: &random))
        case 3: .double(Double(Int.random(in: -1_000_000...1_000_000, using: &random)) + 0.25)
        case 4: .string(text(&random))
        case 5: .array((0..<3).map { _ in value(depth: depth - 1, &random) })
        default:
            .object(
                Dictionary(
                    (0..<3).map { _ in (text(&random), value(depth: depth - 1, &random)) },
                    uniquingKeysWith: { first, _ in first }))
        }
    }

    private static func text(_ random: inout SplitMix64) -> String {
        var output = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let code = UInt32.random(in: 0...0x1_ffff, using: &random)
            output.append(UnicodeScalar(code) ?? "?")
        }
        return String(output)
    }
}
