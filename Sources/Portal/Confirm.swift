import Kernel
import WebShell

/// Something that cannot be taken back: a button that first opens its question.
struct Confirm: Sendable {
    var visit: Visit
    /// Under the business's address.
    var action: String
    var label: Phrase
    var question: Phrase
    var button: Phrase
    var icon = "x"
    /// Fields between the question and the button.
    var fields = HTML()
    var version: Int?

    var html: HTML {
        """
        <details class="confirm"><summary class="btn btn-danger">\(Parts.icon(icon))\(label)</summary>
        <form class="card card-body stack stack-tight" method="post" action="\(url: visit.path(action))">\(visit.token)\(version.map { "<input type=\"hidden\" name=\"version\" value=\"\($0)\">" } ?? HTML())
        <p class="small">\(question)</p>\(fields)
        <div class="form-actions"><button class="btn btn-danger">\(button)</button></div></form></details>
        """
    }
}
