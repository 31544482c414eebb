import Booking
import Contacts
import Kernel
import WebShell

/// Who somebody is, as two forms ask it: booking and waiting.
struct VisitorFields {
    static let names: Set<String> = ["name", "phone", "email"]

    var visitor = VisitorDetails()

    init() {}

    init(_ form: Form) {
        visitor.name = String(form.text("name").prefix(200))
        visitor.phone = String(form.text("phone").prefix(100))
        visitor.email = String(form.text("email").prefix(254))
    }

    /// Whether a program filled in what people never see.
    static func isTrapped(_ form: Form) -> Bool { !form.text("website").isEmpty }

    static var trapped: String {
        t("This could not be sent. Please leave the field Website empty.").text
    }

    func html(asking asks: BookingPageSettings.Asks, _ problems: FormProblems) -> HTML {
        let either: Phrase? =
            asks == .either ? t("A telephone number or an e-mail address is enough.") : nil
        return """
            \(Field(name: "name", label: t("Your name"), value: visitor.name, error: problems["name"], autocomplete: "name", maxLength: 120).html)
            \(Field(name: "phone", label: t("Telephone"), value: visitor.phone, error: problems["phone"], hint: either, type: "tel", autocomplete: "tel", isRequired: asks == .phone || asks == .both, maxLength: 40).html)
            \(Field(name: "email", label: t("E-mail"), value: visitor.email, error: problems["email"], type: "email", autocomplete: "email", isRequired: asks == .email || asks == .both, maxLength: 254).html)
            <div class="book-trap" aria-hidden="true"><label for="website">Website</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
            """
    }
}
