import Crypto
import Files
import Foundation
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Resumable uploads")
struct ResumableUploadTests {
    @Test(arguments: TestEngine.available)
    func `go on where they stopped`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }
            let begun = try await world.begin("5000", name: "Прайс.bin")
            #expect(begun.status == 201, "\(begun.text)")
            #expect(begun["Tus-Resumable"] == "1.0.0")
            let path = begun["Location"] ?? ""
            #expect(try await world.offset(path) == "0")
            let first = try await world.add(Array(bytes[..<2000]), to: path, at: 0)
            #expect(first.status == 204)
            #expect(first["Upload-Offset"] == "2000")
            #expect(first["Upload-Expires"] == "Tue, 24 Mar 2026 13:00:00 GMT")
            #expect(try await world.offset(path) == "2000")
            // Not there yet: neither fetched nor attached.
            #expect(try await world.send(.get, path + "/content", as: office.admin).status == 404)
            let id = path.split(separator: "/").last.map(String.init) ?? ""
            let early = try await office.call(
                .post, "/conversations/\(world.conversation)/messages",
                ["attachments": [.string(id)]])
            #expect(early.badFields == ["attachments[0]"])
            #expect(try await world.add(Array(bytes[2000...]), to: path, at: 2000).status == 204)
            let whole = try await world.content(id)
            #expect(whole.bytes == bytes)
            let facts = try await world.send(.get, path, as: office.admin).json
            let hash = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
            #expect(facts["sha256"]?.string == hash)
            #expect(facts["name"] == "Прайс.bin")
        }
    }

    @Test(arguments: TestEngine.available)
    func `believe no forged offset or length`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let path = try await world.begin("100")["Location"] ?? ""
            for offset in [1, 99, 100, 101, 1_000_000_000_000] {
                let answer = try await world.add([1], to: path, at: offset)
                #expect([409, 413].contains(answer.status), "\(offset)")
            }
            let long = try await world.add(Array(repeating: 1, count: 101), to: path, at: 0)
            #expect(long.status == 413)
            #expect(try await world.offset(path) == "0")
            for offset in ["-1", "x", "", "1e3", "99999999999999999999"] {
                let answer = try await world.add([1], to: path, at: 0, ["Upload-Offset": offset])
                #expect(answer.status == 422, "\(offset)")
            }
            let typed = try await world.add([1], to: path, at: 0, ["Content-Type": "text/plain"])
            #expect(typed.status == 415)
            let future = try await world.add([1], to: path, at: 0, ["Tus-Resumable": "2.0.0"])
            #expect(future.status == 412)
            #expect(future["Tus-Version"] == "1.0.0")
            for length in ["-1", "x", "1.5"] {
                #expect(try await world.begin(length).status == 422, "\(length)")
            }
            // What is whole is not changed any more.
            #expect(
                try await world.add(Array(repeating: 1, count: 100), to: path, at: 0).status == 204)
            #expect(try await world.add([1], to: path, at: 100).status == 409)
            #expect(try await world.add([1], to: path, at: 0).status == 409)
        }
    }

    @Test(arguments: TestEngine.available)
    func `check each piece when they are asked to`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let path = try await world.begin("10")["Location"] ?? ""
            let piece = Array("hello".utf8)
            let right = Data(Insecure.SHA1.hash(data: piece)).base64EncodedString()
            let wrong = Data(Insecure.SHA1.hash(data: [0])).base64EncodedString()
            let bad = try await world.add(
                piece, to: path, at: 0, ["Upload-Checksum": "sha1 \(wrong)"])
            #expect(bad.status == 460)
            #expect(try await world.offset(path) == "0")
            let odd = try await world.add(piece, to: path, at: 0, ["Upload-Checksum": "crc32 AA=="])
            #expect(odd.status == 400)
            let good = try await world.add(
                piece, to: path, at: 0, ["Upload-Checksum": "sha1 \(right)"])
            #expect(good["Upload-Offset"] == "5")
            let rest = Data(SHA256.hash(data: piece)).base64EncodedString()
            let last = try await world.add(
                piece, to: path, at: 5, ["Upload-Checksum": "sha256 \(rest)"])
            #expect(last.status == 204)
        }
    }

    @Test(arguments: TestEngine.available)
    func `can be given up, and made once`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let path = try await world.begin("10")["Location"] ?? ""
            _ = try await world.add([1, 2, 3], to: path, at: 0)
            let gone = try await world.send(
                .delete, path, ["Tus-Resumable": "1.0.0"], as: office.admin)
            #expect(gone.status == 204)
            #expect(try await world.send(.head, path, as: office.admin).status == 404)
            #expect(try await world.add([4], to: path, at: 3).status == 404)

            let headers = [
                "Tus-Resumable": "1.0.0", "Upload-Length": "7", "Idempotency-Key": "once",
            ]
            let create = "/api/v1/accounts/\(world.account)/files"
            let one = try await world.send(.post, create, headers, as: office.admin)
            let two = try await world.send(.post, create, headers, as: office.admin)
            #expect(one["Location"] == two["Location"])
            let other = try await world.send(
                .post, create, headers.merging(["Upload-Length": "8"]) { $1 }, as: office.admin)
            #expect(other.status == 409)
            let empty = try await world.begin("0")["Location"] ?? ""
            #expect(try await world.send(.get, empty, as: office.admin).json["state"] == "ready")
        }
    }
}
