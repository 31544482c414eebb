import Booking
import Kernel
import WebShell

/// One of the staff or everybody: side by side where there are few, in a list where there are many.
struct StaffChoice: Sendable {
    private static let mostSideBySide = 6

    var staff: [StaffMember]
    var chosen: StaffID?
    /// What is chosen by it, for those who hear the page.
    var label: Phrase
    /// Where the list leads, and what else its address says.
    var action: String
    var kept: [(name: String, value: String)]

    var html: HTML {
        let active = staff.filter { $0.isActive || $0.id == chosen }
        if active.count < 2 { return HTML() }
        return active.count > Self.mostSideBySide ? list(active) : chips(active)
    }

    private func chips(_ active: [StaffMember]) -> HTML {
        let words = kept.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        func chip(_ id: StaffID?, _ name: Phrase) -> HTML {
            let address = action + "?" + words + (id.map { "&staff=\($0)" } ?? "")
            return
                "<a class=\"chip\" href=\"\(url: address)\"\(id == chosen ? " aria-current=\"true\"" : HTML())>\(name)</a>"
        }
        return
            "<nav class=\"chips\" aria-label=\"\(label)\">\(chip(nil, t("Everybody")))\(active.html { chip($0.id, Phrase(verbatim: $0.name)) })</nav>"
    }

    private func list(_ active: [StaffMember]) -> HTML {
        """
        <form class="staff-jump" method="get" action="\(url: action)" data-jump>\(kept.html {
            "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">"
        })<select class="input" name="staff" aria-label="\(label)"><option value="">\(t("Everybody"))</option>\(active.html {
            "<option value=\"\($0.id)\"\(attribute: "selected", if: $0.id == chosen)>\($0.name)</option>"
        })</select><button class="btn" data-without-script>\(t("Show"))</button></form>
        """
    }
}
