import Kernel

extension Refusal.Field {
    /// The message as it stands beside its field: programs read `must be …` after a field's name,
    /// people read a sentence.
    package var sentence: String {
        switch code {
        case "required": return t("Please fill this in.").text
        default:
            let text = message.text
            return text.prefix(1).uppercased() + text.dropFirst()
        }
    }
}
