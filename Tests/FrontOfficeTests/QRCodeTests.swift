import Accounts
import Site
import Testing

@Suite struct `QR codes` {
    /// Hashes of what the Python package qrcode 8 makes of the same text, version and mask.
    private static let known: [(text: String, mask: Int, size: Int, hash: String)] = {
        let address =
            "otpauth://totp/Autosecretary:ada%40office%2Etest"
            + "?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Autosecretary"
        return [
            (address, 0, 45, "f81f73c797cf77092dad8cccf5e20863511e2b63fe0b3f10978b4452c4de65be"),
            (address, 5, 45, "5c08f3f07ce8067bbd6c8280d665eb51524bbc980662415f50f57b2b641c75aa"),
            (
                repeated("x", 150), 0, 49,
                "3aba3e3028b777c1787a69ba3a70b68ad63836045fffcb508ac66a614faadd0c"
            ),
            (
                repeated("x", 150), 5, 49,
                "6313591ed080de617c516ccf9dc08b6eb043001923244f012d8fbbf955e9a365"
            ),
            (
                repeated("y", 178), 0, 53,
                "f7c749e8b7c2395f8bb815e7f706ca4bfd6fb6fef95f923a656f86ca67f8f61e"
            ),
            (
                repeated("y", 178), 5, 53,
                "d347b2bf56c482cc707f2608e18d7d4cc3862be15f9f8c7e8a355dd5ea29ae87"
            ),
            (
                repeated("z", 200), 0, 57,
                "c72b8e85f118c6998be665e5ae146bea519a804f5870509e65962acc9a55ad60"
            ),
            (
                repeated("z", 200), 5, 57,
                "67de243a5a0fda36606ad04acec139c094628744cee14bee5264b52406aebf60"
            ),
        ]
    }()

    private static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    private static func rows(_ code: QRCode?) -> String {
        (code?.dark ?? []).map { row in row.map { $0 ? "#" : "." }.joined() }
            .joined(separator: "\n")
    }

    @Test func `are those that another maker draws`() {
        for (text, mask, size, hash) in Self.known {
            let code = QRCode(text, mask: mask)
            #expect(code?.dark.count == size)
            #expect(secretHash(Self.rows(code)) == hash, "\(text.count) characters, mask \(mask)")
        }
    }

    @Test func `choose one of the masks, and refuse what is too long`() {
        let (text, _, _, _) = Self.known[0]
        let all = (0..<8).map { Self.rows(QRCode(text, mask: $0)) }
        #expect(all.contains(Self.rows(QRCode(text))))
        #expect(QRCode(Self.repeated("x", 213)) != nil)
        #expect(QRCode(Self.repeated("x", 214)) == nil)
    }
}
