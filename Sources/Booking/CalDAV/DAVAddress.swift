import Foundation
import Kernel

/// What an address below `/dav` names. Only these exact shapes are anything.
enum DAVAddress: Hashable, Sendable {
    case root
    case principals
    case principal(UserID)
    case home(UserID)
    case calendar(UserID, StaffID)
    case member(UserID, StaffID, name: String)

    static let base = "/dav"

    /// Of a path as it was sent, or a whole address; nil: nothing has such an address.
    init?(_ address: String) {
        var path = Substring(address)
        if let scheme = path.range(of: "://") {
            guard let slash = path[scheme.upperBound...].firstIndex(of: "/") else { return nil }
            path = path[slash...]
        }
        if let end = path.firstIndex(where: { $0 == "?" || $0 == "#" }) { path = path[..<end] }
        var parts: [String] = []
        for part in path.split(separator: "/") {
            // A slash or a dot that was hidden by an escape is a name like any other: none of ours.
            guard let name = String(part).removingPercentEncoding, Self.isName(name) else {
                return nil
            }
            parts.append(name)
        }
        guard parts.first == "dav" else { return nil }
        switch (parts.count, parts.dropFirst().first) {
        case (1, _): self = .root
        case (2, "principals"): self = .principals
        case (3, "principals"): self = .principal(UserID(parts[2]))
        case (3, "calendars"): self = .home(UserID(parts[2]))
        case (4, "calendars"): self = .calendar(UserID(parts[2]), StaffID(parts[3]))
        case (5, "calendars"):
            self = .member(UserID(parts[2]), StaffID(parts[3]), name: parts[4])
        default: return nil
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 250
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7F && $0 != "/" && $0 != "\\"
            }
    }

    var path: String {
        switch self {
        case .root: Self.base + "/"
        case .principals: Self.base + "/principals/"
        case .principal(let user): Self.base + "/principals/\(Self.escaped(user.text))/"
        case .home(let user): Self.base + "/calendars/\(Self.escaped(user.text))/"
        case .calendar(let user, let staff):
            Self.base + "/calendars/\(Self.escaped(user.text))/\(Self.escaped(staff.text))/"
        case .member(let user, let staff, let name):
            DAVAddress.calendar(user, staff).path + Self.escaped(name)
        }
    }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@")

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
