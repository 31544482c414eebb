import Kernel
import WebShell

/// Small pieces that the public pages share.
enum SiteParts {
    static func icon(_ name: String) -> HTML {
        HTML.icon(name)
    }

    static let brand: HTML = """
        <a class="brand" href="/" aria-label="Autosecretary"><img class="brand-mark" src="/assets/images/mark.svg" alt="" width="24" height="24"><span class="brand-name">Autosecretary</span></a>
        """

    static func picture(ofVertical name: String) -> String {
        switch name {
        case "hairdresser": "scissors"
        case "car_service": "car"
        case "appliance_repair": "wrench"
        case "food_delivery": "bowl"
        default: "building"
        }
    }

    /// The foot of every public page.
    static func footer(hasDemo: Bool, back: String) -> HTML {
        """
        <footer class="site-footer"><div class="wrap">
        \(brand)
        \(hasDemo ? "<a href=\"/demo\">\(t("Demo"))</a>" : HTML())
        <a href="/sign-in">\(t("Sign in"))</a>
        <a href="/sign-up">\(t("Start a trial"))</a>
        \(languages(back: back))
        </div></footer>
        """
    }
}

/// One form field with its label, hint and what is wrong with it.
struct Field {
    var name: String
    var label: Phrase
    var value = ""
    var error: String?
    var hint: Phrase?
    var type = "text"
    var autocomplete = "off"
    var isRequired = true
    var maxLength = 200

    private var describedBy: HTML {
        if error != nil { return " aria-invalid=\"true\" aria-describedby=\"\(name)-error\"" }
        return hint == nil ? HTML() : " aria-describedby=\"\(name)-hint\""
    }

    /// The words below the field.
    static func below(_ name: String, _ error: String?, _ hint: Phrase?) -> HTML {
        if let error {
            return """
                <p class="field-error" id="\(name)-error">\(SiteParts.icon("alert"))<span>\(error)</span></p>
                """
        }
        return hint.map { "<p class=\"hint\" id=\"\(name)-hint\">\($0)</p>" } ?? HTML()
    }

    var html: HTML {
        """
        <div class="field">
        <label for="\(name)">\(label)</label>
        <input class="input" id="\(name)" name="\(name)" type="\(type)" value="\(value)" autocomplete="\(autocomplete)" maxlength="\(maxLength)"\(attribute: "required", if: isRequired)\(describedBy)>
        \(Self.below(name, error, hint))
        </div>
        """
    }
}

/// What is wrong with a submitted form, by field; "" stands for the form as a whole.
struct FormProblems {
    private var byField: [String: String] = [:]

    init() {}

    /// `known` are the form's own fields; what is wrong with others concerns the whole form.
    init(_ refusal: Refusal, known: Set<String> = []) {
        for field in refusal.fields where known.contains(field.field) {
            if byField[field.field] == nil {
                byField[field.field] = field.sentence
            }
        }
        if byField.isEmpty { byField[""] = refusal.detail.text }
    }

    var isEmpty: Bool { byField.isEmpty }

    subscript(name: String) -> String? {
        get { byField[name] }
        set { byField[name] = newValue }
    }

    /// Above the form; only for what belongs to no field.
    var alert: HTML {
        guard let text = byField[""] else { return HTML() }
        return """
            <div class="alert alert-late" role="alert">\(SiteParts.icon("alert"))<div>\(text)</div></div>
            """
    }
}
