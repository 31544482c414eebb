import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import NIOCore
import TestSupport
import Testing

/// Two businesses and what is needed to send files to the first.
struct FileWorld: Sendable {
    let office: TestOffice
    let account: String
    let owner: String
    let stranger: String
    let inbox: String
    let conversation: String

    static func make(in office: TestOffice) async throws -> FileWorld {
        let account = try await office.makeAccount("here")
        let elsewhere = try await office.makeAccount("elsewhere")
        let inbox = try await office.makeInbox(of: account)
        let received = try await office.receive("Hello", source: "m1", inbox: inbox)
        return FileWorld(
            office: office, account: account,
            owner: try await office.makeMember("owner", of: account),
            stranger: try await office.makeMember("owner", of: elsewhere), inbox: inbox,
            conversation: received["conversation_id"].string ?? "")
    }

    /// One request with bytes as its body.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: [String: String] = [:],
        _ body: [UInt8] = [], as token: String? = nil
    ) async throws -> FileAnswer {
        var fields: HTTPFields = [:]
        if let token { fields[.authorization] = "Bearer \(token)" }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return try await office.client.execute(
            uri: path, method: method, headers: fields, body: ByteBuffer(bytes: body)
        ) { answer in
            FileAnswer(
                status: answer.status.code, headers: answer.headers,
                bytes: Array(answer.body.readableBytesView))
        }
    }

    /// Stores a small file; answers the whole answer.
    @discardableResult
    func upload(
        _ bytes: [UInt8], name: String, type: String = "application/octet-stream",
        as token: String? = nil
    ) async throws -> FileAnswer {
        let escaped = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try await send(
            .post, "/api/v1/accounts/\(account)/files?name=\(escaped)", ["Content-Type": type],
            bytes, as: token ?? office.admin)
    }

    func content(
        _ id: String, _ headers: [String: String] = [:], query: String = "", as token: String? = nil
    ) async throws -> FileAnswer {
        try await send(
            .get, "/api/v1/files/\(id)/content\(query)", headers, as: token ?? office.admin)
    }

    /// Begins a resumable upload; answers its address.
    func begin(_ length: String, name: String = "big.bin") async throws -> FileAnswer {
        let name = Data(name.utf8).base64EncodedString()
        return try await send(
            .post, "/api/v1/accounts/\(account)/files",
            [
                "Tus-Resumable": "1.0.0", "Upload-Length": length,
                "Upload-Metadata": "filename \(name)",
            ], as: office.admin)
    }

    func add(
        _ bytes: [UInt8], to path: String, at offset: Int, _ more: [String: String] = [:],
        as token: String? = nil
    ) async throws -> FileAnswer {
        let headers = [
            "Tus-Resumable": "1.0.0", "Upload-Offset": "\(offset)",
            "Content-Type": "application/offset+octet-stream",
        ].merging(more) { $1 }
        return try await send(.patch, path, headers, bytes, as: token ?? office.admin)
    }

    func offset(_ path: String) async throws -> String? {
        let answer = try await send(
            .head, path, ["Tus-Resumable": "1.0.0"], as: office.admin)
        #expect(answer.status == 200)
        return answer["Upload-Offset"]
    }
}

struct FileAnswer: Sendable {
    var status: Int
    var headers: HTTPFields
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { JSONValue(parsing: text) ?? .null }
    var id: String { json["id"]?.string ?? "" }
    var code: String? { json["code"]?.string }

    subscript(name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

enum Samples {
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 7, count: 200)
    static let pdf = Array("%PDF-1.7\n1 0 obj".utf8)
    static let svg = Array("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".utf8)
    static let html = Array("<!doctype html><script>alert(1)</script>".utf8)
}
