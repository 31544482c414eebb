import Booking
import Inquiries
import Kernel
import WebShell

/// The words and pictures for what the office calls by short names.
enum Words {
    static func kind(_ kind: String) -> String {
        switch kind {
        case "booking": "Booking"
        case "question": "Question"
        case "hard_question": "Hard question"
        case "complaint": "Complaint"
        case "suggestion": "Suggestion"
        case "order": "Order"
        default: "Other"
        }
    }

    static func channel(_ channel: String) -> String {
        switch channel {
        case "web_chat": "Web chat"
        case "email": "E-mail"
        case "sms": "SMS"
        case "telegram": "Telegram"
        case "whatsapp": "WhatsApp"
        case "messenger": "Messenger"
        case "phone": "Phone"
        case "api": "API"
        case "none": "Not known"
        default: outcome(channel)
        }
    }

    static func channelIcon(_ channel: String?) -> String {
        switch channel {
        case "web_chat": "chat"
        case "email": "mail"
        case "sms", "telegram", "whatsapp", "messenger", "phone": channel ?? "inbox"
        default: "inbox"
        }
    }

    /// `passed_on` → `Passed on`.
    static func outcome(_ disposition: String) -> String {
        switch disposition {
        case "none": "No outcome yet"
        case "lost": "Went elsewhere"
        default:
            disposition.prefix(1).uppercased()
                + disposition.dropFirst().replacing("_", with: " ")
        }
    }

    /// A hard question without an answer yet.
    static func isOpen(_ inquiry: Inquiry) -> Bool {
        inquiry.disposition == nil || inquiry.disposition == "passed_on"
    }

    static func role(_ role: Role) -> String {
        role.rawValue.prefix(1).uppercased() + role.rawValue.dropFirst()
    }

    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }

    /// The first letters of up to two words of a name.
    static func initials(_ name: String) -> String {
        name.split(separator: " ").prefix(2).compactMap(\.first).map { String($0) }.joined()
            .uppercased()
    }
}
