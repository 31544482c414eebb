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
        package var body: [UInt8]
        package var retryAfterSeconds: Int?
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
        do {
            var request = HTTPClientRequest(url: url)
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            for (name, value) in headers { request.headers.add(name: name, value: value) }
            request.body = .bytes(ByteBuffer(string: json.serialized))
            let response = try await client.execute(request, timeout: .seconds(Self.timeoutSeconds))
            let body = try await response.body.collect(upTo: Self.maxAnswerBytes)
            try await client.shutdown()
            return Answer(
                status: Int(response.status.code), body: Array(body.readableBytesView),
                retryAfterSeconds: response.headers.first(name: "retry-after").flatMap(Int.init))
        } catch {
            try? await client.shutdown()  // The first error is the one that matters.
            throw .unreachable("\(error)")
        }
    }

    /// Refuses what we do not call; answers the address to pin a named host to.
    private func checked(
        _ url: String, mayBePrivate: Bool
    ) async throws(OutboundFailure) -> (host: String, ip: String)? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
            parts.user == nil
        else { throw .refused("The address must be an http or https URL.") }
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
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
        let isLoopback = Self.isLoopback(ip)
        if onlyLoopback, !isLoopback {
            throw .refused("Only loopback is called on a virtual clock.")
        }
        if !mayBePrivate, Self.isPrivate(ip) {
            throw .refused("The address is a private one.")
        }
        return name == ip ? nil : (name, ip)
    }

    static func isLoopback(_ ip: String) -> Bool {
        ip.hasPrefix("127.") || ip == "::1" || ip.hasPrefix("::ffff:127.")
    }

    /// Loopback, private, link-local, carrier, multicast and reserved ranges (RFC 6890).
    package static func isPrivate(_ ip: String) -> Bool {
        let mapped = ip.lowercased().hasPrefix("::ffff:") ? String(ip.dropFirst(7)) : ip
        let parts = mapped.split(separator: ".").compactMap { Int($0) }
        if parts.count == 4 {
            switch (parts[0], parts[1]) {
            case (0, _), (10, _), (127, _), (169, 254), (192, 168), (224..., _): return true
            case (100, 64...127), (172, 16...31), (198, 18...19), (192, 0): return true
            default: return false
            }
        }
        let low = mapped.lowercased()
        return low == "::1" || low == "::" || low.hasPrefix("fe8") || low.hasPrefix("fe9")
            || low.hasPrefix("fea") || low.hasPrefix("feb") || low.hasPrefix("fc")
            || low.hasPrefix("fd") || low.hasPrefix("ff") || low.hasPrefix("64:ff9b")
    }
}
