import AsyncHTTPClient
import Foundation
import Kernel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Why a call to another system did not bring an answer.
package enum OutboundFailure: Error, Sendable, Equatable {
    /// The address is not one that we call: malformed, private, or outside in a test.
    case refused(String)
    /// No answer in time, or none at all.
    case unreachable(String)
}

/// The one way by which the program calls other systems: bounded in time and size, no redirects,
/// and never a private address unless the office itself set it.
///
/// The name is resolved here and the connection is pinned to the checked address, so that a second
/// look-up cannot lead elsewhere.
package struct OutboundClient: Sendable {
    package struct Answer: Sendable {
        package var status: Int
        /// The beginning of it, when it was longer than wanted.
        package var body: [UInt8]
        package var isCut: Bool
        package var retryAfterSeconds: Int?
        /// What tells whether it is the same as last time.
        package var etag: String?
        package var modified: String?
        /// Where it says that it went; nobody follows by itself.
        package var location: String?
    }

    private static let timeoutSeconds: Int64 = 10
    private static let maxAnswerBytes = 64 * 1024

    /// With a virtual clock nothing but loopback is called.
    private let onlyLoopback: Bool

    package init(onlyLoopback: Bool) { self.onlyLoopback = onlyLoopback }

    /// Posts JSON.
    package func post(
        _ url: String, json: JSONValue, headers: [(String, String)] = [], mayBePrivate: Bool
    ) async throws(OutboundFailure) -> Answer {
        try await post(url, body: json.serialized, headers: headers, mayBePrivate: mayBePrivate)
    }

    /// Posts a JSON text as it is, for those who signed its bytes; of the answer at most `keeping`
    /// bytes are read.
    ///
    /// A redirect is an answer like any other: nobody follows it.
    package func post(
        _ url: String, body: String, headers: [(String, String)] = [], mayBePrivate: Bool,
        keeping limit: Int = maxAnswerBytes
    ) async throws(OutboundFailure) -> Answer {
        try await post(
            url, bytes: Array(body.utf8), headers: [("content-type", "application/json")] + headers,
            mayBePrivate: mayBePrivate, keeping: limit)
    }

    /// Posts bytes of the type that the headers name.
    package func post(
        _ url: String, bytes: [UInt8], headers: [(String, String)], mayBePrivate: Bool,
        keeping limit: Int = maxAnswerBytes
    ) async throws(OutboundFailure) -> Answer {
        try await send(
            "POST", url, bytes: bytes, headers: headers, mayBePrivate: mayBePrivate, keeping: limit)
    }

    /// A request of any method.
    package func send(
        _ method: String, _ url: String, bytes: [UInt8] = [], headers: [(String, String)] = [],
        mayBePrivate: Bool, keeping limit: Int = maxAnswerBytes
    ) async throws(OutboundFailure) -> Answer {
        let address = try await checked(url, mayBePrivate: mayBePrivate)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: .seconds(Self.timeoutSeconds)))
        // Who calls tries again later; the library's own repeats would only keep others waiting.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let address { configuration.dnsOverride = [address.host: address.ip] }
        let client = HTTPClient(
            eventLoopGroupProvider: .shared(.singletonMultiThreadedEventLoopGroup),
            configuration: configuration)
        var request = HTTPClientRequest(url: url)
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if !bytes.isEmpty || method == "POST" { request.body = .bytes(ByteBuffer(bytes: bytes)) }
        do {
            let answer = try await Self.answer(to: request, by: client, keeping: limit)
            try await client.shutdown()
            return answer
        } catch {
            try? await client.shutdown()  // The first error is the one that matters.
            throw .unreachable(Self.reason(error))
        }
    }

    /// The whole of it in time: the library's own time-out ends with the answer's head, and a body
    /// that drips would hold us.
    private static func answer(
        to request: HTTPClientRequest, by client: HTTPClient, keeping limit: Int
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask {
                let response = try await client.execute(request, timeout: .seconds(timeoutSeconds))
                var body: [UInt8] = []
                for try await part in response.body where body.count <= limit {
                    body.append(contentsOf: part.readableBytesView)
                    if body.count > limit { break }
                }
                return Answer(
                    status: Int(response.status.code), body: Array(body.prefix(limit)),
                    isCut: body.count > limit,
                    retryAfterSeconds: retryAfter(
                        response.headers.first(name: "retry-after"),
                        at: response.headers.first(name: "date")),
                    etag: response.headers.first(name: "etag"),
                    modified: response.headers.first(name: "last-modified"),
                    location: response.headers.first(name: "location"))
            }
            group.addTask {
                try await Task.sleep(for: .seconds(timeoutSeconds))
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw HTTPClientError.cancelled }
            return answer
        }
    }

    /// `Retry-After` is a number of seconds or a date (RFC 9110 §10.2.3).
    /// The date counts from the answer's own, so that a wrong clock on either side does no harm.
    package static func retryAfter(_ text: String?, at date: String?) -> Int? {
        guard let text else { return nil }
        if let seconds = Int(text) { return max(0, seconds) }
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = .gmt
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let until = form.date(from: text), let now = date.flatMap(form.date) else {
            return nil
        }
        return max(0, Int(until.timeIntervalSince(now)))
    }

    /// In words for people; the library's own are for its authors.
    private static func reason(_ error: any Error) -> String {
        switch error as? HTTPClientError {
        case .deadlineExceeded?, .readTimeout?, .connectTimeout?:
            return "There was no answer within \(timeoutSeconds) seconds."
        case .remoteConnectionClosed?: return "The connection was closed without an answer."
        default: break
        }
        switch error {
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
            return "Nobody answers at \(error.host), port \(error.port)."
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return "Nobody answers there: connection refused."
        default: return "\(error)"
        }
    }

    /// Refuses what we do not call; answers the address to pin a named host to.
    private func checked(
        _ url: String, mayBePrivate: Bool
    ) async throws(OutboundFailure) -> (host: String, ip: String)? {
        // Read as the library reads it: two readers that differ would be two addresses.
        guard let parts = URL(string: url), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
            parts.user == nil
        else { throw .refused("The address must be an http or https URL.") }
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "%") }) else {
            throw .refused("The host must be written in plain letters.")
        }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        let resolved: SocketAddress
        do {
            resolved = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(name, port: port)
            }
        } catch { throw .unreachable("The name \(name) has no address.") }
        guard let ip = resolved.ipAddress else {
            throw .refused("The address is not on a network.")
        }
        if onlyLoopback, !AddressRanges.isLoopback(ip) {
            throw .refused("Only loopback is called on a virtual clock.")
        }
        if !mayBePrivate, AddressRanges.isPrivate(ip) {
            throw .refused("The address is a private one.")
        }
        return name == ip ? nil : (name, ip)
    }
}
