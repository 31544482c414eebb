import Files
import Foundation
import FrontOffice
import HTTPTypes
import Kernel
import Store
import TestSupport
import Testing
import Work

@Suite("Files")
struct FileTests {
    @Test(arguments: TestEngine.available)
    func `are stored as they came and served inertly`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let stored = try await world.upload(Samples.png, name: "cat.png")
            #expect(stored.status == 201, "\(stored.text)")
            #expect(stored["Location"] == "/api/v1/files/\(stored.id)")
            #expect(stored.json["type"] == "image/png")
            #expect(stored.json["size"]?.int == Samples.png.count)
            #expect(stored.json["state"] == "ready")

            let plain = try await world.content(stored.id)
            #expect(plain.status == 200)
            #expect(plain.bytes == Samples.png)
            #expect(plain["Content-Type"] == "image/png")
            #expect(plain["Content-Disposition"]?.hasPrefix("attachment; ") == true)
            #expect(plain["Content-Security-Policy"] == "sandbox; default-src 'none'")
            #expect(plain["X-Content-Type-Options"] == "nosniff")
            #expect(plain["Cross-Origin-Resource-Policy"] == "same-origin")
            let shown = try await world.content(stored.id, query: "?inline=1")
            #expect(shown["Content-Disposition"]?.hasPrefix("inline; ") == true)
        }
    }

    @Test(arguments: [
        ("x.svg", "image/svg+xml", Samples.svg), ("x.html", "text/html", Samples.html),
        ("x.png", "image/png", Samples.html), ("x.xhtml", "application/xhtml+xml", Samples.svg),
        ("x.js", "text/javascript", Array("alert(1)".utf8)),
        ("x.exe", "application/octet-stream", Array("MZ\u{0}\u{1}".utf8)),
    ])
    func `that are programs are only ever downloads`(
        name: String, type: String, bytes: [UInt8]
    ) async throws {
        try await TestOffice.run(on: .sqlite) { office in
            let world = try await FileWorld.make(in: office)
            let stored = try await world.upload(bytes, name: name, type: type)
            for query in ["", "?inline=1"] {
                let answer = try await world.content(stored.id, query: query)
                #expect(answer["Content-Type"] == "application/octet-stream")
                #expect(answer["Content-Disposition"]?.hasPrefix("attachment; ") == true)
                #expect(answer["X-Content-Type-Options"] == "nosniff")
                #expect(answer["Content-Security-Policy"] == "sandbox; default-src 'none'")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `are not there for strangers`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let stored = try await world.upload(Samples.pdf, name: "contract.pdf")
            let path = "/api/v1/files/\(stored.id)"
            let thief = world.stranger
            for answer in [
                try await world.send(.get, path, as: thief),
                try await world.send(.get, path + "/content", as: thief),
                try await world.send(.head, path, as: thief),
                try await world.add([1], to: path, at: 0, as: thief),
                try await world.send(.delete, path, as: thief),
                try await world.send(
                    .post, "/api/v1/accounts/\(world.account)/files?name=a", [:], [1], as: thief),
                try await world.send(.get, path.replacing("file_", with: "file_x"), as: thief),
            ] { #expect(answer.status == 404) }
            #expect(try await world.send(.get, path + "/content").status == 401)
            #expect(try await world.send(.get, "/files/\(stored.id)").status == 401)

            // Another business cannot send what it cannot see.
            let elsewhere = try await office.call(.get, "/accounts", as: thief).data[0]["id"]
            let inbox = try await office.makeInbox(of: elsewhere?.string ?? "")
            let talk = try await office.receive("Hi", source: "e1", inbox: inbox)
            let stolen = try await office.call(
                .post, "/conversations/\(talk["conversation_id"].string ?? "")/messages",
                ["text": "x", "attachments": [.string(stored.id)]], as: thief)
            #expect(stolen.status == 422)
            #expect(stolen.badFields == ["attachments[0]"])
            let inbound = try await office.call(
                .post, "/inboxes/\(inbox)/inbound",
                [
                    "source_id": "e2", "from": ["address": "visitor-1"],
                    "attachments": [["file_id": .string(stored.id)]],
                ], as: thief)
            #expect(inbound.status == 422)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of private notes stay in the office`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let stored = try await world.upload(Samples.pdf, name: "note.pdf")
            let path = "/conversations/\(world.conversation)/messages"
            // Nobody but the office sees it before it hangs on something.
            #expect(try await world.content(stored.id, as: world.owner).status == 404)
            let attached: JSONValue = [.string(stored.id)]
            try await office.call(
                .post, path, ["text": "Look", "private": true, "attachments": attached])
            #expect(try await world.content(stored.id, as: world.owner).status == 404)
            // Who may not read the note cannot pass its file on.
            let passed = try await office.call(
                .post, path, ["text": "x", "attachments": attached], as: world.owner)
            #expect(passed.status == 422)
            try await office.call(.post, path, ["attachments": attached])
            #expect(try await world.content(stored.id, as: world.owner).status == 200)
            let seen = try await office.call(.get, path, as: world.owner)
            #expect(seen.data.last?["attachments"]?.array?.first?["name"] == "note.pdf")
            let talk = try await office.call(.get, "/conversations/\(world.conversation)")
            #expect(talk["preview"] == "note.pdf")
        }
    }

    @Test(arguments: TestEngine.available)
    func `answer ranges and conditions`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let bytes = (0..<1000).map { UInt8($0 % 251) }
            let id = try await world.upload(bytes, name: "data").id
            func part(_ range: String, _ more: [String: String] = [:]) async throws -> FileAnswer {
                try await world.content(id, ["Range": range].merging(more) { $1 })
            }
            let first = try await part("bytes=10-19")
            #expect(first.status == 206)
            #expect(first.bytes == Array(bytes[10...19]))
            #expect(first["Content-Range"] == "bytes 10-19/1000")
            #expect(try await part("bytes=990-").bytes == Array(bytes[990...]))
            #expect(try await part("bytes=-5").bytes == Array(bytes[995...]))
            #expect(try await part("bytes=900-99999").bytes == Array(bytes[900...]))
            let none = try await part("bytes=1000-")
            #expect(none.status == 416)
            #expect(none["Content-Range"] == "bytes */1000")
            for odd in ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=--5"] {
                #expect(try await part(odd).status == 200, "\(odd)")
            }
            let tag = first["ETag"] ?? ""
            #expect(try await world.content(id, ["If-None-Match": tag]).status == 304)
            #expect(try await part("bytes=0-1", ["If-Range": tag]).status == 206)
            #expect(try await part("bytes=0-1", ["If-Range": "\"old\""]).status == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `have bounds for each and for all of a business`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            #expect(try await world.begin("2147483648").status == 201)
            let over = try await world.begin("2147483649")
            #expect(over.status == 413)
            #expect(over.code == "too_large")
            try await office.call(
                .patch, "/settings/files", ["file_bytes": 1000, "account_bytes": 2_147_485_148])
            #expect(
                try await world.upload(Array(repeating: 1, count: 1001), name: "a").status == 413)
            #expect(
                try await world.upload(Array(repeating: 1, count: 1000), name: "a").status == 201)
            let full = try await world.upload(Array(repeating: 1, count: 501), name: "b")
            #expect(full.status == 413)
            #expect(full.code == "quota")
            #expect(
                try await world.upload(Array(repeating: 1, count: 500), name: "b").status == 201)
        }
    }

    @Test(arguments: TestEngine.available)
    func `that hang on nothing go after a day, also from the disk`(
        engine: TestEngine
    ) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            let folder = office.wiring.files.folder
            let kept = try await world.upload(Samples.png, name: "kept.png").id
            let loose = try await world.upload(Samples.png, name: "loose.png").id
            let begun = try await world.begin("10")["Location"] ?? ""
            try await office.call(
                .post, "/conversations/\(world.conversation)/messages",
                ["attachments": [.string(kept)]])
            // The worker writes its schedules down when it begins.
            try await office.wiring.worker.runDue()
            try await office.moveClock(to: TestOffice.start.advanced(bySeconds: 26 * 3600))
            #expect(try await world.content(kept).status == 200)
            #expect(try await world.content(loose).status == 404)
            #expect(try await world.send(.get, begun, as: office.admin).status == 404)
            #expect(folder.exists(FileID(kept)))
            #expect(!folder.exists(FileID(loose)))
            // Attached ones go only when somebody who manages the business says so.
            let agent = try await office.makeAgent("receptionist")
            #expect(try await world.send(.delete, "/api/v1/files/\(kept)", as: agent).status == 403)
            #expect(
                try await world.send(.delete, "/api/v1/files/\(kept)", as: world.owner).status
                    == 204)
            while try await office.wiring.worker.runDue() > 0 {}
            #expect(!folder.exists(FileID(kept)))
        }
    }

    @Test(arguments: TestEngine.available)
    func `come in with messages of programs`(engine: TestEngine) async throws {
        try await TestOffice.run(on: engine) { office in
            let world = try await FileWorld.make(in: office)
            func inbound(_ source: String, _ file: JSONValue) async throws -> TestOffice.Answer {
                try await office.call(
                    .post, "/inboxes/\(world.inbox)/inbound",
                    [
                        "source_id": .string(source), "from": ["address": "visitor-1"],
                        "attachments": [file],
                    ])
            }
            let data = Data(Samples.png).base64EncodedString()
            let body: JSONValue = ["name": "../../a\u{202E}gnp.exe", "data": .string(data)]
            let first = try await inbound("f1", body)
            #expect(first.status == 202, "\(first.text)")
            #expect(try await inbound("f1", body).json == first.json)
            let messages = try await office.call(
                .get, "/conversations/\(world.conversation)/messages"
            ).data
            #expect(messages.count == 2)
            let file = messages.last?["attachments"]?.array?.first
            #expect(file?["name"] == "agnp.exe")
            #expect(file?["type"] == "image/png")
            let count = try await office.wiring.store.read { tx in
                try tx.count("SELECT COUNT(*) FROM files")
            }
            #expect(count == 1, "the twin's file is thrown away")
            #expect(
                try await inbound("f2", ["url": "http://169.254.169.254/"]).badFields
                    == ["attachments[0].url"])
            #expect(
                try await inbound("f3", ["name": "a", "data": "%%%"]).badFields
                    == ["attachments[0].data"])
        }
    }
}

@Suite("Names of files")
struct FileNameTests {
    @Test(arguments: [
        ("../../etc/passwd", "passwd"), ("C:\\Windows\\evil.exe", "evil.exe"), ("", "file"),
        ("..", "file"), (".htaccess", "htaccess"), ("a\u{0}b\r\nc.txt", "abc.txt"),
        ("invoice\u{202E}fdp.exe", "invoicefdp.exe"), ("/", "file"),
        ("card 4111 1111 1111 1111.png", "card •••• •••• •••• 1111.png"),
        ("Прайс-лист 2026.pdf", "Прайс-лист 2026.pdf"), ("a:b?c*.txt", "a_b_c_.txt"),
    ])
    func `lose what could do harm`(sent: String, kept: String) {
        #expect(FileName.clean(sent) == kept)
    }

    @Test func `stay short and keep their ending`() {
        let name = FileName.clean(String(repeating: "я", count: 500) + ".jpeg")
        #expect(name.utf8.count <= 160)
        #expect(name.hasSuffix(".jpeg"))
    }

    @Test func `cannot leave their header`() {
        let header = FileName.disposition("a\";\r\nX: y.html", isInline: false)
        #expect(!header.contains("\r") && !header.contains("\n"))
        #expect(header.filter { $0 == "\"" }.count == 2)
    }
}

@Suite("Sniffing")
struct SniffingTests {
    @Test func `believes the bytes`() {
        #expect(MediaType.sniff(Samples.png).name == "image/png")
        #expect(MediaType.sniff(Samples.pdf).name == "application/pdf")
        #expect(MediaType.sniff(Samples.svg).name == "text/plain")
        #expect(MediaType.sniff([0xFF, 0xD8, 0xFF, 0xE0]).name == "image/jpeg")
        #expect(MediaType.sniff(Array("RIFF\u{0}\u{0}\u{0}\u{0}WEBP".utf8)).name == "image/webp")
        #expect(MediaType.sniff([0, 0, 0, 24] + Array("ftypisom".utf8)).name == "video/mp4")
        #expect(
            MediaType.sniff([0x50, 0x4B, 3, 4] + Array("word/[Content_Types].xml".utf8)).name
                .hasSuffix("wordprocessingml.document"))
        #expect(MediaType.sniff([1, 2, 3]).name == "application/octet-stream")
        #expect(!MediaType.text.mayBeShown && !MediaType("image/svg+xml").mayBeShown)
    }
}
