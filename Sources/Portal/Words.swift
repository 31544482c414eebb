import Booking
import Inquiries
import Kernel
import WebShell

/// The words and pictures for what the office calls by short names.
enum Words {
    static func kind(_ kind: String) -> Phrase {
        switch kind {
        case "booking": t("Booking")
        case "question": t("Question")
        case "hard_question": t("Hard question")
        case "complaint": t("Complaint")
        case "suggestion": t("Suggestion")
        case "order": t("Order")
        default: t("Other")
        }
    }

    static func channel(_ channel: String) -> Phrase {
        switch channel {
        case "web_chat": t("Web chat")
        case "email": t("E-mail")
        case "sms": t("SMS")
        case "telegram": Phrase(verbatim: "Telegram")
        case "whatsapp": Phrase(verbatim: "WhatsApp")
        case "messenger": Phrase(verbatim: "Messenger")
        case "phone": t("Phone")
        case "api": Phrase(verbatim: "API")
        case "none": t("Not known")
        default: Phrase(verbatim: plain(channel))
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

    /// `passed_on` → `Passed on`; programs may have words of their own.
    static func outcome(_ disposition: String) -> Phrase {
        switch disposition {
        case "none": t("No outcome yet")
        case "booked": t("Booked")
        case "answered": t("Answered")
        case "passed_on": t("Passed on")
        case "called_back": t("Called back")
        case "lost": t("Went elsewhere")
        case "spam": t("Spam")
        default: Phrase(verbatim: plain(disposition))
        }
    }

    private static func plain(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst().replacing("_", with: " ")
    }

    /// A hard question without an answer yet.
    static func isOpen(_ inquiry: Inquiry) -> Bool {
        inquiry.disposition == nil || inquiry.disposition == "passed_on"
    }

    static func role(_ role: Role) -> Phrase {
        switch role {
        case .admin: t("Admin")
        case .supervisor: t("Supervisor")
        case .coach: t("Coach")
        case .receptionist: t("Receptionist")
        case .assistant: t("Assistant")
        case .owner: t("Owner")
        case .staff: t("Staff member")
        case .specialist: t("Specialist")
        case .subscriber: t("Subscriber")
        }
    }

    /// The first letters of up to two words of a name.
    static func initials(_ name: String) -> String {
        name.split(separator: " ").prefix(2).compactMap(\.first).map { String($0) }.joined()
            .uppercased()
    }
}
