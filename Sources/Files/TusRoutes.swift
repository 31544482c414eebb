import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// Resumable uploads by the tus protocol 1.0.0 (https://tus.io): core, creation, expiration,
/// checksum and termination.
struct TusRoutes: Sendable {
    private static let version = "1.0.0"

    let cabinet: FileCabinet

    static func isSpoken(_ request: Request) -> Bool {
        request.header("Tus-Resumable") != nil || request.header("Upload-Length") != nil
            || request.header("Upload-Defer-Length") != nil
    }

    func add(to api: APIRoutes) {
        api.raw(.options, "/accounts/:id/files", "files") { call in
            try await cabinet.requireAccount(call.id(), for: call.actor)
            var answer = Response(status: .noContent)
            answer.set("Tus-Version", Self.version)
            answer.set("Tus-Extension", "creation,expiration,checksum,termination")
            answer.set(
                "Tus-Checksum-Algorithm",
                UploadChecksum.Algorithm.allCases.map(\.rawValue).joined(separator: ","))
            answer.set("Tus-Max-Size", "\(try await cabinet.limits().fileBytes)")
            return Self.signed(answer)
        }
        api.raw(.head, "/files/:id", "files") { call in
            let file = try await cabinet.file(call.id(), for: call.actor)
            var answer = progress(of: file, status: .ok)
            answer.set("Upload-Length", "\(file.size)")
            answer.headers[.cacheControl] = "no-store"
            return answer
        }
        api.raw(.patch, "/files/:id", "files") { call in try await add(call) }
    }

    // MARK: Creating

    func create(
        _ call: APICall, _ account: AccountID, _ idempotency: Idempotency
    ) async throws -> Response {
        if let answer = Self.unknownVersion(call.request) { return answer }
        if call.request.header("Upload-Defer-Length") != nil {
            throw Refusal.invalid("Upload-Length", "required", "must be known at the beginning.")
        }
        let sent = call.request.header("Upload-Length") ?? ""
        guard let length = Self.number(sent) else {
            throw Refusal.invalid("Upload-Length", "number", "must be a number of bytes.")
        }
        let facts = try Self.metadata(call.request.header("Upload-Metadata") ?? "")
        let draft = FileDraft(
            account: account, name: facts["filename"] ?? facts["name"] ?? "file",
            claimedType: facts["filetype"] ?? facts["type"], size: length,
            contact: facts["contact_id"].map { ContactID($0) })
        let about = sent + " " + (call.request.header("Upload-Metadata") ?? "")
        var answer = try await idempotency.once(call, about: about) {
            var file = try await cabinet.begin(draft, by: call.actor)
            // Nothing will follow.
            if length == 0 { file = try await cabinet.keep([], as: file) }
            return .created(file.json, at: "/api/v1/files/\(file.id)")
        }
        answer.set("Upload-Offset", "0")
        return Self.signed(answer)
    }

    /// `filename d29ybGQ=,is_private`: names with values in base 64.
    private static func metadata(_ header: String) throws -> [String: String] {
        var facts: [String: String] = [:]
        for pair in header.split(separator: ",") {
            let halves = pair.split(separator: " ")
            guard let name = halves.first, halves.count <= 2,
                let data = Data(base64Encoded: String(halves.count == 2 ? halves[1] : ""))
            else {
                throw Refusal.invalid(
                    "Upload-Metadata", "base64", "must be names with values in base 64.")
            }
            let value = String(decoding: data, as: UTF8.self)
            if value.utf8.contains(0) || value.utf8.count > 2000 {
                throw Refusal.invalid("Upload-Metadata", "range", "is too long, or not text.")
            }
            facts[String(name)] = value
        }
        return facts
    }

    // MARK: Adding

    private func add(_ call: APICall) async throws -> Response {
        let file = try await cabinet.file(call.id(), for: call.actor)
        try call.actor.require(.converse, in: file.account)
        guard file.state == .uploading else { throw Upload.wrongOffset(file.size) }
        // Somebody else's upload is theirs to finish.
        guard file.creator == call.actor.user || call.actor.can(.manageAccount, in: file.account)
        else { throw Refusal.forbidden() }
        if let answer = Self.unknownVersion(call.request) { return answer }
        guard let offset = Self.number(call.request.header("Upload-Offset") ?? "") else {
            throw Refusal.invalid("Upload-Offset", "number", "must be a number of bytes.")
        }
        guard call.request.headers[.contentType] == "application/offset+octet-stream" else {
            throw Refusal(
                .unsupported, code: "unsupported",
                "The body must be application/offset+octet-stream.")
        }
        if let length = call.request.headers[.contentLength].flatMap({ Int64($0) }),
            offset <= file.size, length > file.size - offset
        {
            throw Refusal(.tooLarge, code: "too_large", "More bytes came than were announced.")
        }
        let checksum = try Self.checksum(call.request)
        guard let body = call.request.bodyParts(call.context) else { throw Refusal.notFound() }
        do {
            let after = try await Upload(cabinet: cabinet, file: file, checksum: checksum)
                .add(body, at: offset)
            return progress(of: after, status: .noContent)
        } catch is Upload.ChecksumMismatch {
            return Self.signed(
                Response(status: .init(code: 460, reasonPhrase: "Checksum Mismatch")))
        }
    }

    private static func checksum(_ request: Request) throws -> UploadChecksum? {
        guard let header = request.header("Upload-Checksum") else { return nil }
        let halves = header.split(separator: " ")
        guard halves.count == 2,
            let algorithm = UploadChecksum.Algorithm(rawValue: String(halves[0])),
            let digest = Data(base64Encoded: String(halves[1]))
        else {
            throw Refusal(
                .malformed, code: "malformed",
                "Upload-Checksum must be sha1, sha256 or md5 and a hash in base 64.")
        }
        return UploadChecksum(algorithm: algorithm, digest: Array(digest))
    }

    // MARK: Words of the protocol

    private func progress(of file: StoredFile, status: HTTPResponse.Status) -> Response {
        var answer = Response(status: status)
        answer.set("Upload-Offset", "\(cabinet.offset(of: file))")
        if let expires = file.expiresAt, file.state == .uploading {
            answer.set("Upload-Expires", Self.httpDate(expires))
        }
        return Self.signed(answer)
    }

    private static func signed(_ answer: Response) -> Response {
        var answer = answer
        answer.set("Tus-Resumable", version)
        return answer
    }

    private static func unknownVersion(_ request: Request) -> Response? {
        guard let spoken = request.header("Tus-Resumable"), spoken != version else { return nil }
        var answer = Response(status: .preconditionFailed)
        answer.set("Tus-Version", version)
        return signed(answer)
    }

    private static func number(_ text: String) -> Int64? {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int64(text)
    }

    /// RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func httpDate(_ instant: Instant) -> String {
        let local = Zone.utc.local(at: instant)
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let second = Int(instant.milliseconds / 1000 % 60)
        let minutes = local.minuteOfDay
        return "\(days[local.date.weekday - 1]), \(two(local.date.day)) "
            + "\(months[local.date.month - 1]) \(local.date.year) "
            + "\(two(minutes / 60)):\(two(minutes % 60)):\(two(second)) GMT"
    }
}

extension Request {
    fileprivate func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }
}

extension Response {
    fileprivate mutating func set(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { headers[name] = value }
    }
}
