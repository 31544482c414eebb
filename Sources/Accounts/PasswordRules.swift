import Foundation
import Kernel

/// What a password may be: long, and not one that is guessed first. Nobody is asked for capitals or
/// signs: such rules make passwords worse (NIST SP 800-63B §5.1.1.2).
package struct PasswordRules: Sendable {
    package static let fewest = 10
    package static let most = 200

    private let common: Set<String>

    package init(common: Set<String> = []) { self.common = common }

    /// Reads `passwords/common.txt`, one a line, below the folder.
    package static func load(folder: String) throws -> PasswordRules {
        let text = try String(contentsOfFile: folder + "/passwords/common.txt", encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("# ") }
        return PasswordRules(common: Set(lines.map(String.init)))
    }

    /// `words` are what an attacker knows: the person's e-mail and name, the business's name.
    package func check(
        _ password: String, against words: [String], in input: inout Input,
        field: String = "password"
    ) {
        if let problem = problem(password, against: words) {
            input.reject(field, problem.code, problem.message)
        }
    }

    package func require(
        _ password: String, against words: [String], field: String = "password"
    ) throws {
        if let problem = problem(password, against: words) {
            throw Refusal.invalid(field, problem.code, problem.message)
        }
    }

    private func problem(
        _ password: String, against words: [String]
    ) -> (code: String, message: Phrase)? {
        if password.count < Self.fewest {
            return ("too_short", "must have at least 10 characters.")
        }
        if password.count > Self.most { return ("too_long", "must be at most 200 characters.") }
        let folded = password.lowercased()
        if isCommon(folded) || Self.isMonotonous(folded) {
            return ("common", "is among those that are guessed first. Choose another.")
        }
        if Self.isMadeOf(folded, words) {
            return ("personal", "is nearly the e-mail or a name. Choose another.")
        }
        return nil
    }

    /// Also a common word with digits and signs around it, as people lengthen them.
    private func isCommon(_ folded: String) -> Bool {
        if common.contains(folded) { return true }
        let isFiller = { (character: Character) in !character.isLetter }
        let core = String(
            String(folded.drop(while: isFiller).reversed()).drop(while: isFiller).reversed())
        return core.count >= 4 && folded.count - core.count <= 6 && common.contains(core)
    }

    /// One or two characters over and over, or a run such as `abcdefghij`.
    private static func isMonotonous(_ folded: String) -> Bool {
        if Set(folded).count <= 3 { return true }
        let codes = folded.unicodeScalars.map { Int($0.value) }
        let steps = zip(codes, codes.dropFirst()).map { $1 - $0 }
        return Set(steps).count == 1
    }

    /// Whether little is left when a known word is taken out.
    private static func isMadeOf(_ folded: String, _ words: [String]) -> Bool {
        let password = letters(folded)
        let known = words.flatMap { word -> [String] in
            // Of an address only what is the person's own: the domain is shared by many.
            let word = word.split(separator: "@").first.map(String.init) ?? ""
            let parts = word.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            return parts + [letters(word.lowercased())]
        }
        return known.contains { word in
            word.count >= 4 && password.contains(word) && password.count - word.count < 6
        }
    }

    private static func letters(_ text: String) -> String {
        text.filter { $0.isLetter || $0.isNumber }
    }
}
