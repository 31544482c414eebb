import Kernel
import Testing

@Suite("Instants")
struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.001Z", 1),
        ("2026-11-23T14:00:00Z", 1_795_442_400_000),
        ("2026-11-23T16:00:00+02:00", 1_795_442_400_000),
        ("2026-11-23T08:30:00-05:30", 1_795_442_400_000),
        ("2026-11-23t14:00:00z", 1_795_442_400_000),
        ("2026-11-23 14:00:00Z", 1_795_442_400_000),
        ("2026-11-23T14:00:00.5Z", 1_795_442_400_500),
        ("2026-11-23T14:00:00.123456789Z", 1_795_442_400_123),
        ("2026-11-23T14:00:00.9999Z", 1_795_442_400_999),
        ("2024-02-29T12:00:00Z", 1_709_208_000_000),
        ("2000-02-29T00:00:00Z", 951_782_400_000),
        // A leap second is read as the second before it.
        ("2016-12-31T23:59:60Z", 1_483_228_799_000),
        ("2100-12-31T23:59:59.999Z", 4_133_980_799_999),
        ("1970-01-01T01:00:00+01:00", 0),
    ])
    func `RFC 3339 is read, whatever its offset and fraction`(
        text: String, milliseconds: Int64
    ) throws {
        let instant = try #require(Instant(rfc3339: text), "\(text)")
        #expect(instant.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "now", "2026-11-23", "2026-11-23T14:00Z", "2026-11-23T14:00:00",
        "2026-11-23T14:00:00.Z",
        "2026-11-23T24:00:00Z", "2026-11-23T14:60:00Z", "2026-11-23T14:00:61Z",
        "2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
        "2100-12-31T23:59:59-00:01", "2026-11-23T14:00:00+24:00", "2026-11-23T14:00:00+02:60",
        "2026-11-23T14:00:00+0200", "2026-11-23T14:00:00 02:00", "2026-11-23T14:00:00ZZ",
        " 2026-11-23T14:00:00Z", "2026-11-23T14:00:00Z ", "2026-11-23T14:00:00Z\0",
        "+026-11-23T14:00:00Z", "-026-11-23T14:00:00Z", "٢٠٢٦-11-23T14:00:00Z",
        "2026-11-23T14:00:00.1234567890Z", "2026/11/23T14:00:00Z", "1795442400",
    ])
    func `what is not RFC 3339 between 1970 and 2100 is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `what is written is read back as the same moment`() throws {
        var random = SplitMix64(seed: 20_261_123)
        for _ in 0..<5000 {
            let instant = Instant(
                milliseconds: Int64.random(in: 0...Instant.latest.milliseconds, using: &random))
            let text = instant.description
            guard Instant(rfc3339: text) == instant else {
                Issue.record("\(instant.milliseconds) became \(text)")
                return
            }
        }
        #expect(Instant.latest.description == "2100-12-31T23:59:59.999Z")
        #expect(Instant(milliseconds: 50).description == "1970-01-01T00:00:00.050Z")
        #expect(Instant(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    }

    @Test func `texts of whole seconds sort as their moments do`() throws {
        var random = SplitMix64(seed: 7)
        let instants = (0..<500).map { _ in
            Instant(milliseconds: Int64.random(in: 0...4_000_000_000, using: &random) * 1000)
        }
        #expect(
            instants.sorted().map(\.description) == instants.map(\.description).sorted())
    }
}
