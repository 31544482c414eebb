import Foundation
import Kernel
import TestSupport
import Testing
import Vault

@Suite("The vault")
struct VaultTests {
    private static func key(_ byte: UInt8) -> String {
        Data(repeating: byte, count: 32).base64EncodedString()
    }

    @Test func `opens what it sealed, in its own place only`() throws {
        let vault = try Vault(keys: Self.key(1))
        let sealed = try vault.seal("whsec_тайна", context: "webhook:wh_1")
        #expect(try vault.open(sealed, context: "webhook:wh_1") == "whsec_тайна")
        #expect(!sealed.contains("whsec"))
        #expect(try vault.seal("whsec_тайна", context: "webhook:wh_1") != sealed, "no two alike")
        #expect(throws: VaultFailure.unreadable) {
            try vault.open(sealed, context: "webhook:wh_2")
        }
        let changed = sealed.dropLast(4) + "AAA="
        #expect(throws: VaultFailure.self) {
            try vault.open(String(changed), context: "webhook:wh_1")
        }
        for broken in ["", "v1", "v1..", "v2.x.AAAA", "v1.0a0b0c0d.AAAA", "v0.%%%"] {
            #expect(throws: VaultFailure.self) { try vault.open(broken, context: "c") }
        }
    }

    @Test func `reads with old keys and seals with the newest`() throws {
        let old = try Vault(keys: Self.key(1))
        let sealed = try old.seal("secret", context: "c")
        let both = try Vault(keys: "\(Self.key(2)), \(Self.key(1))\n")
        #expect(try both.open(sealed, context: "c") == "secret")
        #expect(both.isOutdated(sealed))
        let fresh = try both.seal("secret", context: "c")
        #expect(!both.isOutdated(fresh))
        #expect(throws: VaultFailure.self) { try old.open(fresh, context: "c") }
        let without = try Vault(keys: Self.key(2))
        #expect(throws: VaultFailure.self) { try without.open(sealed, context: "c") }
        // What was stored before there was a key can still be read.
        let plain = try Vault.transparent.seal("secret", context: "c")
        #expect(try both.open(plain, context: "c") == "secret")
        #expect(both.isOutdated(plain))
    }

    @Test func `takes no key that is not one`() {
        for text in ["", " ", "short", "AAAA", "not base 64!", Self.key(1) + "x"] {
            #expect(throws: Refusal.self) { try Vault(keys: text) }
        }
    }

    @Test func `makes its file once, for its owner alone`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "vault-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = "sqlite:" + folder.path + "/office.db"
        // Several that start at once end up with one key.
        let sealed = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try Vault.open(keys: nil, database: database).seal("s", context: "c")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let vault = try Vault.open(keys: nil, database: database)
        for text in sealed { #expect(try vault.open(text, context: "c") == "s") }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files == ["office.db.key"])
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.path + "/office.db.key")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        // Given keys come first; a database of several servers has no file beside it.
        let given = try Vault.open(keys: Self.key(9), database: database)
        #expect(throws: VaultFailure.self) { try given.open(sealed[0], context: "c") }
        #expect(try !Vault.open(keys: nil, database: "postgres://localhost/x").hides)
    }
}
