import Foundation
import Kernel

/// The names of files as they come from strangers.
package enum FileName {
    private static let longest = 160

    /// A name without folders, control characters and tricks of direction, of bounded length; its
    /// ending stays. Card numbers are masked like in any other text.
    package static func clean(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        var scalars = String.UnicodeScalarView()
        for scalar in String(last).precomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar.properties.generalCategory {
            // Marks that turn the direction of writing make "gpj.exe" out of "exe.jpg".
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
                .paragraphSeparator:
                continue
            default: scalars.append("<>:\"|?*".unicodeScalars.contains(scalar) ? "_" : scalar)
            }
        }
        let text = CardMask.masked(String(scalars))
            .trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: ".")))
        return text.isEmpty ? "file" : shortened(text)
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let ending = parts.count > 1 ? parts.last.map { "." + $0 } ?? "" : ""
        let kept = ending.utf8.count <= 12 ? ending : ""
        var stem = String(text.dropLast(kept.count))
        while stem.utf8.count + kept.utf8.count > longest { stem.removeLast() }
        return stem + kept
    }

    /// `Content-Disposition` of RFC 6266, with the name in both of its forms.
    package static func disposition(_ name: String, isInline: Bool) -> String {
        let plain = String(
            name.unicodeScalars.map { scalar -> Character in
                let isSafe =
                    (0x20..<0x7f).contains(scalar.value)
                    && !"\"\\%;".unicodeScalars.contains(scalar)
                return isSafe ? Character(scalar) : "_"
            })
        let allowed = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let escaped = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? "file"
        return "\(isInline ? "inline" : "attachment"); filename=\"\(plain)\"; "
            + "filename*=UTF-8''\(escaped)"
    }
}
