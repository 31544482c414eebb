import Kernel
import PhoneNumbers

extension HTML {
    /// A number to read and to dial: written as people of `home` write it, with a link that has
    /// E.164. It stays on one line and left to right; a text that is no number stays text.
    package static func phone(_ text: String, in home: PhoneRegion?) -> HTML {
        guard let number = PhoneNumber(e164: text) else { return "\(text)" }
        return
            "<a class=\"phone\" dir=\"ltr\" href=\"\(url: number.link)\">\(number.shown(in: home))</a>"
    }
}
