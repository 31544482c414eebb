import Kernel
import WebShell

/// The frame of the control room's pages.
struct ControlFrame {
    enum Place: String { case businesses, people, jobs, settings, privacy }

    let call: ControlCall
    let place: Place
    let title: Phrase
    var content: HTML

    init(_ call: ControlCall, _ place: Place, _ title: Phrase, _ content: HTML) {
        self.call = call
        self.place = place
        self.title = title
        self.content = content
    }

    var page: Page {
        Page(
            title: t("\(title) · Control room · Autosecretary").text, bodyClass: "control-page",
            content: """
                \(topBar)
                <main class="control-main" id="main" tabindex="-1">
                \(call.isSaved ? ControlParts.saved : HTML())
                \(content)
                </main>
                """,
            scripts: ["lib/copy.js", "lib/sign-out.js"])
    }

    private func link(_ to: Place, _ path: String, _ label: Phrase) -> HTML {
        "<a href=\"\(path)\"\(to == place ? " aria-current=\"page\"" : HTML())>\(label)</a>"
    }

    private var topBar: HTML {
        let isAdmin = call.actor.can(.manageOffice)
        let initials = call.actor.name.split(separator: " ").prefix(2).compactMap(\.first)
            .map { String($0) }.joined()
        return """
            <header class="topbar">
            <a class="brand" href="/control" aria-label="\(t("Autosecretary, control room"))"><img class="brand-mark" src="/assets/images/mark.svg" alt="" width="24" height="24"><span class="brand-name">Autosecretary</span></a>
            <nav class="topbar-nav" aria-label="\(t("Places"))">
            <a href="/desk">\(t("Desk"))</a>
            \(link(.businesses, "/control", t("Businesses")))
            \(isAdmin ? link(.people, "/control/people", t("Team")) : HTML())
            \(isAdmin ? link(.jobs, "/control/jobs", t("Work")) : HTML())
            \(isAdmin ? link(.privacy, "/control/privacy", t("Privacy")) : HTML())
            \(isAdmin ? link(.settings, "/control/settings", t("Settings")) : HTML())
            </nav>
            <div class="topbar-end">
            <button class="btn btn-quiet btn-icon" type="button" popovertarget="user-menu" aria-label="\(t("\(call.actor.name), menu"))"><span class="avatar avatar-small" aria-hidden="true">\(initials)</span></button>
            <div class="menu menu-user" id="user-menu" popover>
            <p class="menu-head">\(call.actor.name) · \(call.actor.officeRole?.title.text)</p>
            <a class="menu-item" href="/me?kind=office">\(t("Your sign-in"))</a>
            <form method="post" action="/sign-out"><input type="hidden" name="_csrf" value="\(call.csrf)"><input type="hidden" name="kind" value="office"><button class="menu-item">\(t("Sign out"))</button></form>
            </div>
            </div>
            </header>
            """
    }
}

enum ControlParts {
    static func icon(_ name: String) -> HTML {
        HTML.icon(name)
    }

    /// "no_show" as people write it.
    static func words(_ code: String) -> String {
        let text = code.replacing("_", with: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    static var saved: HTML {
        """
        <div class="alert alert-booked" role="status">\(icon("check"))<div>\(t("Saved."))</div></div>
        """
    }

    static func head(_ title: Phrase, _ text: Phrase? = nil, _ end: HTML = HTML()) -> HTML {
        """
        <header class="page-head"><div><h1>\(title)</h1>\(text.map { "<p>\($0)</p>" } ?? HTML())</div>\(end)</header>
        """
    }

    /// An address to hand over now, and where to go on.
    static func shownOnce(_ address: String, next: Phrase, _ path: String) -> HTML {
        """
        <section class="card"><div class="card-body stack stack-tight"><p class="small">\(t("The link; it is not shown again"))</p>
        \(HTML.copyBox(address, isLine: true))</div>
        <div class="card-foot"><a class="btn" href="\(url: path)">\(next)</a></div></section>
        """
    }

    static func alert(_ state: FormState) -> HTML {
        guard let text = state.alert else { return HTML() }
        return """
            <div class="alert alert-late" role="alert">\(icon("alert"))<div>\(text)</div></div>
            """
    }

    static func csrf(_ call: ControlCall) -> HTML {
        "<input type=\"hidden\" name=\"_csrf\" value=\"\(call.csrf)\">"
    }

    static func below(_ name: String, _ state: FormState, _ hint: Phrase? = nil) -> HTML {
        if let error = state.error(name) {
            return """
                <p class="field-error" id="\(name)-error">\(icon("alert"))<span>\(error)</span></p>
                """
        }
        return hint.map { "<p class=\"hint\" id=\"\(name)-hint\">\($0)</p>" } ?? HTML()
    }

    static func described(_ name: String, _ state: FormState, _ hint: Phrase? = nil) -> HTML {
        if state.error(name) != nil {
            return " aria-invalid=\"true\" aria-describedby=\"\(name)-error\""
        }
        return hint == nil ? HTML() : " aria-describedby=\"\(name)-hint\""
    }

    static func input(
        _ name: String, _ label: Phrase, _ state: FormState, type: String = "text",
        hint: Phrase? = nil, isRequired: Bool = true, max: Int = 200
    ) -> HTML {
        """
        <div class="field"><label for="\(name)">\(label)\(isRequired ? HTML() : " <span class=\"optional\">\(t("optional"))</span>")</label>
        <input class="input" id="\(name)" name="\(name)" type="\(type)" value="\(type == "password" ? "" : state[name])" maxlength="\(max)" autocomplete="\(type == "password" ? "new-password" : "off")"\(attribute: "required", if: isRequired)\(described(name, state, hint))>
        \(below(name, state, hint))</div>
        """
    }

    static func select(
        _ name: String, _ label: Phrase, _ options: [(value: String, label: Phrase)],
        _ state: FormState, hint: Phrase? = nil
    ) -> HTML {
        """
        <div class="field"><label for="\(name)">\(label)</label>
        <select class="input" id="\(name)" name="\(name)"\(described(name, state, hint))>
        \(options.html { one in
            "<option value=\"\(one.value)\"\(attribute: "selected", if: one.value == state[name])>\(one.label)</option>"
        })
        </select>
        \(below(name, state, hint))</div>
        """
    }
}
