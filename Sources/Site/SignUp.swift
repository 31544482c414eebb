import Accounts
import Guidance
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

extension SiteRoutes {
    func addSignUp(to router: Router<WebContext>) {
        router.get("/sign-up") { [self] request, _ in
            let trial = try await settings.economics().trialDays
            var shown = SignUpForm(templates: templates, trialDays: trial)
            shown.country = Country(
                code: request.uri.queryParameters.get("country") ?? Self.usualCountry)
            let vertical = request.uri.queryParameters.get("vertical") ?? ""
            shown.vertical = templates.named(vertical)?.name ?? templates.first?.name ?? ""
            return shown.page.response()
        }
        router.post("/sign-up") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            let trial = try await settings.economics().trialDays
            var shown = SignUpForm(templates: templates, trialDays: trial)
            shown.take(form)
            do {
                try signUps.count(context.clientAddress(of: request))
                let (account, user) = try await signUp(shown, password: form["password"] ?? "")
                return try await signedIn(
                    user, .account, at: "/portal/\(account.slug)/setup", request)
            } catch let refusal as Refusal {
                shown.problems = FormProblems(refusal, known: SignUpForm.fields)
                var response = shown.page.response(
                    status: HTTPResponse.Status(code: refusal.kind.rawValue))
                if let seconds = refusal.retryAfterSeconds {
                    response.headers[.retryAfter] = "\(seconds)"
                }
                return response
            }
        }
    }

    /// Where most who speak the page's language are; the browser's zone corrects it.
    private static var usualCountry: String {
        switch Tongue.current.language {
        case .english: "us"
        case .russian: "ru"
        }
    }

    /// A business in trial, and its owner signed in.
    private func signUp(
        _ form: SignUpForm, password: String
    ) async throws -> (Account, UserID) {
        let draft = try form.checked(password: password)
        guard let template = templates.named(form.vertical) else {
            throw Refusal.invalid("vertical", "unknown", "Choose what comes nearest.")
        }
        let opened = try await onboarding.open(
            draft.business, template.spoken(), trialDays: form.trialDays,
            owner: .init(email: draft.email, name: draft.name, role: .owner, password: password))
        guard let owner = opened.owner else { throw Refusal.notFound() }
        return (opened.account, owner)
    }

    private var onboarding: Onboarding {
        Onboarding(store: store, ambient: ambient, people: people, catalog: catalog)
    }
}
