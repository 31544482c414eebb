import Foundation

/// Which addresses are of the open Internet and which are not.
package enum AddressRanges {
    static func isLoopback(_ ip: String) -> Bool {
        guard let bytes = bytes(ip) else { return false }
        if bytes.count == 4 { return bytes[0] == 127 }
        // Not where a router would be needed: what is translated leaves this machine.
        return bytes == loopback || (isMapped(bytes) && bytes[12] == 127)
    }

    private static let loopback = [UInt8](repeating: 0, count: 15) + [1]

    /// Loopback, private, link-local, carrier, documentation, multicast and reserved ranges
    /// (RFC 6890), also where IPv6 carries an IPv4 address; what cannot be read is private.
    package static func isPrivate(_ ip: String) -> Bool {
        guard let bytes = bytes(ip) else { return true }
        if bytes.count == 4 { return isPrivateIPv4(bytes) }
        if let inner = embeddedIPv4(bytes), isPrivateIPv4(inner) { return true }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0, 0, _, _): return !isMapped(bytes)  // ::, ::1, IPv4-compatible
        case (0, 0x64, 0xff, 0x9b): return bytes[4] != 0 || bytes[5] != 0  // local NAT64
        case (1, 0, _, _): return true  // discard
        case (0x20, 1, 0, _), (0x20, 1, 1, _): return true  // Teredo and other protocols
        case (0x20, 1, 0x0d, 0xb8), (0x3f, 0xff, _, _): return true  // documentation
        case (0xfc...0xfd, _, _, _), (0xff, _, _, _): return true  // unique local, multicast
        case (0xfe, _, _, _): return true  // link-local and site-local
        default: return false
        }
    }

    private static func isPrivateIPv4(_ bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (169, 254, _), (224..., _, _): true
        case (100, 64...127, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): true
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): true
        default: false
        }
    }

    /// Mapped (`::ffff:a.b.c.d`), translated (`64:ff9b::a.b.c.d`) or 6to4 (`2002:…`): a router may
    /// hand these on to the IPv4 address inside.
    private static func embeddedIPv4(_ bytes: [UInt8]) -> [UInt8]? {
        if bytes.count == 4 { return bytes }
        if isMapped(bytes) { return Array(bytes[12...]) }
        if bytes.starts(with: [0, 0x64, 0xff, 0x9b]) { return Array(bytes[12...]) }
        return bytes.starts(with: [0x20, 2]) ? Array(bytes[2..<6]) : nil
    }

    private static func isMapped(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
    }

    /// 4 or 16 bytes in network order; a zone (`%eth0`) says nothing here.
    private static func bytes(_ ip: String) -> [UInt8]? {
        let text = String(ip.prefix { $0 != "%" })
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, text, &sixteen) == 1 ? sixteen : nil
    }
}
