import Crypto
import Foundation
import HTTPTypes
import Kernel
import TestSupport
import Testing

@testable import Push

@Suite("Web Push")
struct PushTests {
    /// The example of RFC 8291, appendix A.
    @Test func `encrypts as the RFC's example does`() throws {
        let encryption = try #require(
            PushEncryption(
                publicKey:
                    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                secret: "BTBZMqHH6r4Tts7J_aSIgg"))
        let key = try #require(
            Base64URL.bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
        let salt = try #require(Base64URL.bytes("DGv6ra1nlYgDCS1FRnbzlw"))
        let body = try encryption.body(
            Array("When I grow up, I want to be a watermelon".utf8),
            sender: P256.KeyAgreement.PrivateKey(rawRepresentation: key), salt: salt)
        #expect(
            Base64URL.text(body)
                == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        )
    }

    @Test(arguments: [
        ("", "BTBZMqHH6r4Tts7J_aSIgg"), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"),
        (
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "AA"
        ),
        (
            "BAVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg"
        ),
    ])
    func `keys that are none are refused`(point: String, secret: String) {
        #expect(PushEncryption(publicKey: point, secret: secret) == nil)
    }

    @Test func `says who sends, for one service and for half a day`() throws {
        let identity = PushIdentity(key: P256.Signing.PrivateKey())
        let now = Instant(milliseconds: 1_800_000_000_000)
        let address = try #require(URL(string: "https://push.example:8443/x/y"))
        let header = try identity.authorization(
            for: address, contact: "mailto:office@example.com", now: now)
        let parts = header.dropFirst("vapid t=".count).split(separator: ",")
        let token = parts[0].split(separator: ".").map(String.init)
        let written = try #require(Base64URL.bytes(token[1]))
        let claims = try #require(JSONValue(parsing: written))
        #expect(claims["aud"]?.string == "https://push.example:8443")
        #expect(claims["exp"]?.int == 1_800_000_000 + 43_200)
        let seal = try #require(Base64URL.bytes(token[2]))
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: seal)
        #expect(
            identity.key.publicKey.isValidSignature(
                signature, for: Data((token[0] + "." + token[1]).utf8)))
        #expect(header.hasSuffix(", k=" + identity.publicKey))
    }

    @Test(arguments: TestEngine.available)
    func `the server keeps one key, and a browser one subscription`(engine: TestEngine) async throws
    {
        try await TestOffice.run(on: engine) { office in
            let key = try await office.call(.get, "/me/push_key")["public_key"].string
            #expect(Base64URL.bytes(key ?? "")?.count == 65)
            #expect(try await office.call(.get, "/me/push_key")["public_key"].string == key)
            let body: JSONValue = [
                "endpoint": "https://push.example/a",
                "keys": [
                    "p256dh":
                        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                ],
            ]
            for _ in 0..<2 {
                let made = try await office.call(.post, "/me/push_subscriptions", body)
                #expect(made.status == 201)
                #expect(!made.text.contains("/a\""), "the address is the browser's secret")
            }
            #expect(try await office.call(.get, "/me/push_subscriptions").data.count == 1)
            let ended = try await office.call(
                .post, "/me/push_subscriptions/end", ["endpoint": "https://push.example/a"])
            #expect(ended.status == 204)
            #expect(try await office.call(.get, "/me/push_subscriptions").data.isEmpty)
            let bad = try await office.call(
                .post, "/me/push_subscriptions",
                ["endpoint": "javascript:alert(1)", "keys": ["p256dh": "AAAA", "auth": "AAAA"]])
            #expect(Set(bad.badFields) == ["endpoint", "keys.p256dh"])
        }
    }
}
