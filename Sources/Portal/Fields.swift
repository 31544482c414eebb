import Kernel
import WebShell

/// The fields of one form, each with its words, its value and what is wrong with it.
struct Fields {
    var values: FormValues

    init(_ values: FormValues) { self.values = values }

    /// `type`, `inputmode` and other attributes come from code, never from people.
    struct Look {
        var type = "text"
        var unit: Phrase?
        var hint: Phrase?
        var isOptional = false
        var isShort = false
        var most: Int?
        var list: String?
        var autocomplete = "off"
        var mode: String?
    }

    func text(_ name: String, _ label: Phrase, _ look: Look = Look()) -> HTML {
        let input: HTML = """
            <input class="input\(look.isShort ? " input-short" : HTML())" id="f-\(name)" name="\(name)" type="\(look.type)" value="\(look.type == "password" ? "" : values[name])" autocomplete="\(look.autocomplete)"\(look.most.map { " maxlength=\"\($0)\"" } ?? HTML())\(look.mode.map { " inputmode=\"\($0)\"" } ?? HTML())\(look.list.map { " list=\"\($0)\"" } ?? HTML())\(described(name, look))>
            """
        let framed: HTML =
            look.unit.map {
                "<div class=\"input-with\">\(input)<span class=\"unit\">\($0)</span></div>"
            } ?? input
        return field(name, label, look, framed)
    }

    func number(
        _ name: String, _ label: Phrase, unit: Phrase? = nil, hint: Phrase? = nil,
        isOptional: Bool = false
    ) -> HTML {
        text(name, label, Look(unit: unit, hint: hint, isOptional: isOptional, mode: "numeric"))
    }

    func area(_ name: String, _ label: Phrase, _ look: Look = Look(), rows: Int = 3) -> HTML {
        field(
            name, label, look,
            """
            <textarea class="input" id="f-\(name)" name="\(name)" rows="\(rows)" dir="auto"\(look.most.map { " maxlength=\"\($0)\"" } ?? HTML())\(described(name, look))>
            \(values[name])</textarea>
            """)
    }

    func select(
        _ name: String, _ label: Phrase, _ options: [(value: String, text: Phrase)],
        _ look: Look = Look()
    ) -> HTML {
        field(
            name, label, look,
            """
            <select class="input" id="f-\(name)" name="\(name)"\(described(name, look))>\(options.html {
                "<option value=\"\($0.value)\"\(attribute: "selected", if: values[name] == $0.value)>\($0.text)</option>"
            })</select>
            """)
    }

    /// On is sent as `1`, off as nothing.
    func onOff(_ name: String, _ label: Phrase, hint: Phrase? = nil) -> HTML {
        """
        <div class="field"><label class="switch-label"><input class="switch" type="checkbox" role="switch" name="\(name)" value="1"\(attribute: "checked", if: values.isOn(name))> \(label)</label>\(hint.map { "<p class=\"hint\">\($0)</p>" } ?? HTML())\(problem(name))</div>
        """
    }

    func check(_ name: String, value: String, _ label: Phrase, type: StaticString = "checkbox")
        -> HTML
    {
        """
        <label class="check"><input type="\(HTML(stringLiteral: type))" name="\(name)" value="\(value)"\(attribute: "checked", if: values.has(name, value))> <span>\(label)</span></label>
        """
    }

    func chip(_ name: String, value: String, _ label: Phrase) -> HTML {
        """
        <label class="chip"><input type="checkbox" name="\(name)" value="\(value)"\(attribute: "checked", if: values.has(name, value))><span>\(label)</span></label>
        """
    }

    /// The message beside a field, with the id that the field names as its description.
    func problem(_ name: String) -> HTML {
        guard let message = values.problem(name) else { return HTML() }
        return "<p class=\"field-error\" id=\"e-\(name)\">\(Parts.icon("alert"))\(message)</p>"
    }

    func isWrong(_ name: String) -> HTML {
        values.problem(name) == nil ? HTML() : " aria-invalid=\"true\""
    }

    private func field(_ name: String, _ label: Phrase, _ look: Look, _ input: HTML) -> HTML {
        """
        <div class="field"><label for="f-\(name)">\(label)\(look.isOptional ? " <span class=\"optional\">\(t("optional"))</span>" : HTML())</label>
        \(input)\(look.hint.map { "<p class=\"hint\" id=\"h-\(name)\">\($0)</p>" } ?? HTML())\(problem(name))</div>
        """
    }

    private func described(_ name: String, _ look: Look) -> HTML {
        let isWrong = values.problem(name) != nil
        let ids = (isWrong ? ["e-" + name] : []) + (look.hint == nil ? [] : ["h-" + name])
        if ids.isEmpty { return HTML() }
        let wrong: HTML = isWrong ? " aria-invalid=\"true\"" : HTML()
        return "\(wrong) aria-describedby=\"\(ids.joined(separator: " "))\""
    }
}

/// A form of the settings with its frame: token, version, what is wrong with the whole, buttons.
struct SettingsForm {
    var visit: Visit
    /// Under the business's address.
    var action: String
    var values: FormValues
    /// Names that the form shows; problems of others are told above it.
    var names: [String]
    var body: HTML
    var button = t("Save")
    /// Where to go without saving.
    var back: String?

    var html: HTML {
        let others = values.otherProblems(than: names)
        return """
            \(summary(others))<form class="form" method="post" action="\(url: visit.path(action))" novalidate>
            \(visit.token)\(values["version"].isEmpty ? HTML() : "<input type=\"hidden\" name=\"version\" value=\"\(values["version"])\">")
            <button class="sr-only" tabindex="-1" aria-hidden="true">\(button)</button>
            \(body)
            <div class="form-actions form-foot"><button class="btn btn-primary">\(button)</button>\(back.map {
                "<a class=\"btn btn-quiet\" href=\"\(url: visit.path($0))\">\(t("Leave without saving"))</a>"
            } ?? HTML())</div>
            </form>
            """
    }

    private func summary(_ others: [String]) -> HTML {
        if let alert = values.alert {
            return Parts.alert(
                alert, "<p><a href=\"\(url: visit.path(action))\">\(t("Open it again"))</a></p>")
        }
        if values.problems.isEmpty { return HTML() }
        let count = values.problems.count
        return Parts.alert(
            Phrase.plural(
                count, one: "Nothing is saved yet: one field needs another look.",
                other: "Nothing is saved yet: \(count) fields need another look."),
            others.isEmpty ? HTML() : "<ul>\(others.html { "<li>\($0)</li>" })</ul>")
    }
}

/// Buttons that add, remove and move rows: by script in the page, without it by the server.
enum RowButtons {
    static func add(_ rows: FormValues.Rows, _ label: Phrase) -> HTML {
        "<button class=\"btn btn-small\" name=\"act\" value=\"add:\(rows.name)\" data-add=\"\(rows.name)\">\(Parts.icon("plus"))\(label)</button>"
    }

    static func remove(_ rows: FormValues.Rows, _ place: Int, _ label: Phrase) -> HTML {
        button("remove", rows, place, icon: "x", label)
    }

    static func move(_ rows: FormValues.Rows, _ place: Int) -> HTML {
        button("up", rows, place, icon: "up", t("Move up"))
            + button("down", rows, place, icon: "down", t("Move down"))
    }

    private static func button(
        _ act: String, _ rows: FormValues.Rows, _ place: Int, icon: String, _ label: Phrase
    ) -> HTML {
        "<button class=\"btn btn-quiet btn-icon btn-small\" name=\"act\" value=\"\(act):\(rows.name):\(place)\" data-row-act=\"\(act)\" aria-label=\"\(label)\" title=\"\(label)\">\(Parts.icon(icon))</button>"
    }
}
