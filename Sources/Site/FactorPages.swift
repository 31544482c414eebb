import Accounts
import Kernel
import WebShell

/// Setting the second factor up, or changing it.
struct FactorPage {
    var call: MeCall
    var state: SecondFactors.State
    /// nil: it is on.
    var enrolment: SecondFactors.Enrolment?
    /// The office asks for it before anything else.
    var isRequired: Bool
    /// Which of the page's forms was sent.
    var act = ""
    var problems = FormProblems()

    var page: Page {
        MeFrame(
            call: call, title: t("Second factor"),
            note: state.isOn
                ? t("Signing in asks for a code from your app.")
                : t("Whoever learns your password cannot sign in without your phone."),
            content: "\(required)\(problems.alert)\(enrolment.map(setUp) ?? changes)",
            isPart: !isRequired
        ).page
    }

    private var required: HTML {
        guard isRequired else { return HTML() }
        return """
            <div class="alert alert-waiting" role="status">\(SiteParts.icon("alert"))<div>\(t("The office asks everybody for a second factor. Set yours up to go on."))</div></div>
            """
    }

    /// Two forms of the page have one, so the ids differ.
    private func codeField(_ form: String, _ hint: Phrase) -> HTML {
        let error = act == form ? problems["code"] : nil
        let id = "code-" + form
        let described: HTML =
            error == nil
            ? " aria-describedby=\"\(id)-hint\""
            : " aria-invalid=\"true\" aria-describedby=\"\(id)-error\""
        return """
            <div class="field"><label for="\(id)">\(t("Code"))</label>
            <input class="input input-short" id="\(id)" name="code" autocomplete="one-time-code" maxlength="40" required\(described)>
            \(Field.below(id, error, hint))</div>
            """
    }

    private func setUp(_ enrolment: SecondFactors.Enrolment) -> HTML {
        let groups = stride(from: 0, to: enrolment.secret.count, by: 4).map { start -> String in
            String(enrolment.secret.dropFirst(start).prefix(4))
        }.joined(separator: " ")
        let picture = QRCode(enrolment.address)?.picture(t("QR code for the authenticator app"))
        return """
            <section class="card"><ol class="card-body stack factor-steps">
            <li><p>\(t("Scan this with an authenticator app, such as Aegis, Google Authenticator or 1Password."))</p>\(picture)
            <details><summary>\(t("It cannot be scanned?"))</summary><p class="small">\(t("Type this key into the app:"))</p><p><code class="secret">\(groups)</code></p></details></li>
            <li><form class="form" method="post" action="\(url: call.path("/second-factor"))">\(call.token)
            \(codeField("", t("The six digits that the app shows now.")))
            <div class="form-actions"><button class="btn btn-primary">\(t("Turn on"))</button></div></form></li>
            </ol></section>
            """
    }

    private var changes: HTML {
        let count = state.codesLeft
        let left = Phrase.plural(
            count, one: "\(count) of the recovery codes is left. New ones void those before.",
            other: "\(count) of the recovery codes are left. New ones void those before.")
        return """
            <section class="card"><div class="card-head"><div><h2>\(t("Recovery codes"))</h2><p class="hint">\(left)</p></div></div>
            <form class="card-body form" method="post" action="\(url: call.path("/second-factor"))">\(call.token)<input type="hidden" name="act" value="codes">
            \(codeField("codes", t("From the app.")))
            <div class="form-actions"><button class="btn">\(t("Make new codes"))</button></div></form></section>
            <section class="card"><div class="card-head"><div><h2>\(t("Turn it off"))</h2><p class="hint">\(t("To move to another phone, turn it off and set it up there."))</p></div></div>
            <form class="card-body form" method="post" action="\(url: call.path("/second-factor"))">\(call.token)<input type="hidden" name="act" value="off">
            \(codeField("off", t("From the app, or a recovery code.")))
            <div class="form-actions"><button class="btn btn-danger">\(t("Turn off"))</button></div></form></section>
            """
    }
}

/// The recovery codes, shown this once.
struct CodesPage {
    var call: MeCall
    var codes: [String]

    var page: Page {
        let content: HTML = """
            <section class="card"><div class="card-body stack">
            <p>\(t("Each of them signs you in once when the phone is not at hand. Print them or keep them in a password manager: they are not shown again."))</p>
            <ul class="recovery-codes">\(codes.html { "<li><code>\($0)</code></li>" })</ul>
            <p><a class="btn btn-primary" href="\(url: call.path())">\(t("I have kept them"))</a></p>
            </div></section>
            """
        return MeFrame(
            call: call, title: t("Recovery codes"), note: t("The second factor is on."),
            content: content
        ).page
    }
}
