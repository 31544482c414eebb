import HTTPTypes
import Hummingbird
import Kernel
import WebShell

extension SiteRoutes {
    /// Choosing a language: a cookie, and back to where one was.
    func addLanguages(to router: Router<WebContext>) {
        router.post("/language") { request, context in
            let form = try await Form.readOpen(request, context)
            guard let language = Language(rawValue: form["language"] ?? "") else {
                throw Refusal.invalid("language", "unknown", "Choose a language.")
            }
            var response = Response.redirect(LocalPath(form["back"])?.text ?? "/")
            Cookies.set(
                SpeakMiddleware.cookie, language.rawValue, maxAgeSeconds: 365 * 86_400,
                secure: Cookies.isSecure(request), on: &response)
            return response
        }
    }
}

extension SiteParts {
    /// The switch at the foot of public pages; `back` is the page's own path.
    static func languages(back: String) -> HTML {
        """
        <form class="languages" method="post" action="/language" aria-label="\(t("Language"))"><input type="hidden" name="back" value="\(back)">
        \(Language.allCases.html { language in
            "<button name=\"language\" value=\"\(language.rawValue)\" lang=\"\(language.rawValue)\"\(attribute: "disabled", if: language == Tongue.current.language)>\(language.ownName)</button>"
        })
        </form>
        """
    }
}
