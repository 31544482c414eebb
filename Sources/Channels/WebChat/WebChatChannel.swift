import Conversations
import Foundation
import Kernel

/// The chat widget on a business's site. Messages are done once stored: the visitor's browser
/// fetches them and says when they arrived and were seen.
package struct WebChatChannel: ChannelAdapter {
    package let channel = "web_chat"

    package init() {}

    package func check(_ config: inout Input) {
        // A misspelt list of domains would open the widget to every site. The mark is the inbox's own.
        config.refuseOthers(than: [
            "greeting", "reply_time", "color", "allowed_domains", "set_by_office",
        ])
        _ = config.optionalText("greeting", max: 400)
        _ = config.optionalText("reply_time", max: 120)
        if let color = config.optionalText("color", max: 7), !Self.isColor(color) {
            config.reject("color", "color", "must be a colour such as #2563eb.")
        }
        let domains = config.optionalTexts("allowed_domains", max: 50, length: 253) ?? []
        for (index, domain) in domains.enumerated() where !Self.isDomain(domain) {
            config.reject(
                "allowed_domains[\(index)]", "domain",
                "must be a host such as example.com, *.example.com or localhost:8000.")
        }
    }

    package func needsDelivery(_ config: JSONValue) -> Bool { false }

    package func send(
        _ message: OutgoingMessage, _ config: JSONValue
    ) async throws(DeliveryFailure) -> String? { nil }

    static func isColor(_ text: String) -> Bool {
        text.utf8.count == 7 && text.hasPrefix("#") && text.dropFirst().allSatisfy(\.isHexDigit)
    }

    static func isDomain(_ text: String) -> Bool {
        let host = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        return !host.isEmpty && !host.hasPrefix(".")
            && host.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
                    || $0 == 45 || $0 == 46 || $0 == 58
            }
    }

    /// Whether pages of this origin (`https://host[:port]`) may embed the widget. An empty list
    /// allows every site. A host without a port allows its every port only for loopback names.
    package static func allows(origin: String, _ domains: [String]) -> Bool {
        if domains.isEmpty { return true }
        guard let range = origin.range(of: "://") else { return false }
        let authority = origin[range.upperBound...].lowercased()
        let host = authority.split(separator: ":").first.map(String.init) ?? authority
        let isLocal = host == "localhost" || host == "127.0.0.1"
        return domains.contains { entry in
            let entry = entry.lowercased()
            if entry.hasPrefix("*.") { return host.hasSuffix(entry.dropFirst(1)) }
            return entry == authority || (entry == host && (isLocal || !authority.contains(":")))
        }
    }
}
