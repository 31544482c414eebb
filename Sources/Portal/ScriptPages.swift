import Accounts
import Guidance
import Kernel
import WebShell

/// How we greet the business's clients and lead the conversation.
extension PortalRoutes {
    func addScript(to group: PortalGroup) {
        group.get("script") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                let sheet = try GuidanceBook.guidance(
                    of: visit.account.id, for: visit.actor, in: tx)
                var values = FormValues([
                    "greeting": sheet.greeting, "tone": sheet.tone, "about": sheet.about,
                    "version": String(sheet.version),
                ])
                values.replace(ScriptPage.steps, sheet.steps.map { [$0.title, $0.say] })
                return ScriptPage(visit: visit, values: values).page
            }
        }
        group.post("script") { call in try await submit(call, scriptForm) }
    }

    private var scriptForm: Submission {
        Submission(
            fields: ["greeting", "tone", "about"], rows: [ScriptPage.steps],
            show: { call, values in
                try await read(call, requiring: .manageAccount) { visit, _ in
                    ScriptPage(visit: visit, values: values).page
                }
            },
            save: { call, account, values in
                let filled = values.filled(ScriptPage.steps)
                // Empty rows go before saving, so that problems stand beside their rows.
                values.replace(ScriptPage.steps, filled.map(\.values))
                let body: JSONValue = [
                    "greeting": values.text("greeting"), "tone": values.text("tone"),
                    "about": values.text("about"),
                    "steps": .array(
                        filled.map {
                            ["title": .string($0.values[0]), "say": .string($0.values[1])]
                        }),
                ]
                _ = try await guidance.update(
                    of: account.id, body, expecting: values.version, by: call.actor)
                return "script"
            })
    }
}

struct ScriptPage: Sendable {
    static let steps = FormValues.Rows(
        name: "step", fields: ["step_title", "step_say"], most: GuidanceSheet.maxSteps)

    var visit: Visit
    var values: FormValues

    var page: Page {
        let fields = Fields(values)
        let body: HTML = """
            <div class="card"><div class="card-body form">
            \(fields.area("greeting", t("Greeting"), .init(hint: t("The first words a client hears or reads. You may write {{contact.name}}, {{agent.name}} and {{account.name}}."), most: 2000), rows: 2))
            \(fields.area("tone", t("Tone"), .init(hint: t("Friendly and brief? Formal? First names?"), isOptional: true, most: 2000), rows: 2))
            \(fields.area("about", t("About the business"), .init(hint: t("What a newcomer at your reception would need to know: parking, payment, what you never promise."), isOptional: true, most: 8000), rows: 5))
            </div></div>
            <fieldset class="stack stack-tight"><legend><h2>\(t("Steps of a conversation"))</h2></legend>
            <p class="hint">\(t("We go through them in this order and tick them off."))</p>
            <div class="card"><ol class="step-editor" data-rows="step" data-most="\(Self.steps.most)">\(stepRows)</ol>
            <div class="card-foot">\(RowButtons.add(Self.steps, t("Add a step")))</div></div></fieldset>
            """
        let form = SettingsForm(
            visit: visit, action: "script", values: values,
            names: ["greeting", "tone", "about", "steps"], body: body)
        return PortalFrame(
            visit: visit, section: .script, title: Section.script.name,
            content: Parts.head(
                Section.script.name,
                t("What our people say in your name. Changes are on their screens at once."))
                + form.html, isNarrow: true
        ).page
    }

    /// One empty row at the end, so that a step can be added where no script runs.
    private var stepRows: HTML {
        (0..<max(1, values.count(Self.steps))).html { place in
            let texts = values.row(Self.steps, place)
            let (title, say) = ("steps[\(place)].title", "steps[\(place)].say")
            let fields = Fields(values)
            return """
                <li data-row><div class="stack stack-tight">
                <input class="input" name="step_title" value="\(texts[0])" maxlength="120" placeholder="\(t("What this step is, for example: Ask for the car"))" aria-label="\(t("Step, title"))"\(fields.isWrong(title))>\(fields.problem(title))
                <textarea class="input" name="step_say" rows="2" maxlength="4000" dir="auto" placeholder="\(t("What we say"))" aria-label="\(t("Step, what we say"))"\(fields.isWrong(say))>
                \(texts[1])</textarea>\(fields.problem(say))</div>
                <div class="step-actions">\(RowButtons.move(Self.steps, place))\(RowButtons.remove(Self.steps, place, t("Remove this step")))</div></li>
                """
        }
    }
}
