import Kernel
import WebShell

/// A place on this server to go on to after signing in; anything else is dropped, so that a link
/// to our sign-in page cannot lead away from here.
struct LocalPath: Equatable {
    let text: String

    init?(_ text: String?) {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 1000,
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    /// Whether a person with this session may be there at all; else they would come straight back.
    func isFor(_ kind: SessionKind) -> Bool {
        let first = text.dropFirst().prefix { !"/?#".contains($0) }
        switch first {
        case "portal": return kind == .account
        case "desk", "control": return kind == .office
        case "sign-in", "sign-up", "sign-out", "reset": return false
        default: return true
        }
    }

    /// As a hidden field of a form.
    static func field(_ next: LocalPath?) -> HTML {
        next.map { "<input type=\"hidden\" name=\"next\" value=\"\($0.text)\">" } ?? HTML()
    }
}

extension LocalPath {
    /// For the query of another address.
    var escaped: String {
        text.replacing("%", with: "%25").replacing("&", with: "%26")
            .replacing("+", with: "%2B").replacing("#", with: "%23").replacing("?", with: "%3F")
    }
}
