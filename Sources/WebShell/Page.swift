import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// A whole page: the frame around a place's content.
package struct Page: Sendable {
    package var title: String
    /// On `<body>`: which place's look applies (`desk`, `portal`, `site`, `control`, `plain`).
    package var bodyClass: String
    package var content: HTML
    /// ES modules under `/assets/scripts/`.
    package var scripts: [String] = []
    /// Under `/assets/styles/`; the public pages link a smaller one.
    package var stylesheet = "main.css"
    /// Facts for scripts, as `<meta name="as-…">` elements.
    package var facts: [String: String] = [:]
    package var description: String?

    /// Places that can be installed on a phone; each has a manifest in `Web/app`.
    package enum App: String, Sendable { case desk, portal }
    package var app: App?

    package init(
        title: String, bodyClass: String, content: HTML, scripts: [String] = [],
        facts: [String: String] = [:], description: String? = nil,
        stylesheet: String = "main.css", app: App? = nil
    ) {
        self.title = title
        self.bodyClass = bodyClass
        self.content = content
        self.scripts = scripts
        self.facts = facts
        self.description = description
        self.stylesheet = stylesheet
        self.app = app
    }

    package var html: HTML { HTML(joining: [head, content, Self.foot]) }

    private static let foot: HTML = "\n</body>\n</html>"

    private var head: HTML {
        """
        <!doctype html>
        <html lang="\(Tongue.current.language.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        \(description.map { "<meta name=\"description\" content=\"\($0)\">" } ?? HTML())
        \(facts.sorted { $0.key < $1.key }.html {
            "<meta name=\"as-\($0.key)\" content=\"\($0.value)\">"
        })
        <link rel="icon" href="/assets/images/mark.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/styles/\(stylesheet)">
        \(app.map { "<link rel=\"manifest\" href=\"/assets/app/\($0.rawValue).webmanifest\"><link rel=\"apple-touch-icon\" href=\"/assets/images/icon-192.png\">" } ?? HTML())
        \(scripts.html { "<script type=\"module\" src=\"/assets/scripts/\($0)\"></script>" })
        </head>
        <body class="\(bodyClass)">
        <a class="skip-link" href="#main">\(t("Skip to content"))</a>

        """
    }

    /// Everything comes from this server; no inline script or style runs, so markup that slipped in
    /// could do nothing. `frames` are further origins that the page may embed.
    package static func policy(frames: [String] = []) -> String {
        let frameSources = (["'self'"] + frames).joined(separator: " ")
        return "default-src 'self'; img-src 'self' data:; frame-src \(frameSources); "
            + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    }

    package func response(status: HTTPResponse.Status = .ok, frames: [String] = []) -> Response {
        html.response(status: status, policy: Self.policy(frames: frames))
    }
}

extension HTML {
    private static let referrerPolicy = HTTPField.Name("Referrer-Policy")

    /// A page or a fragment of one as an answer.
    package func response(
        status: HTTPResponse.Status = .ok, policy: String = Page.policy()
    ) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: policy,
        ]
        headers[.xContentTypeOptions] = "nosniff"
        if let name = Self.referrerPolicy { headers[name] = "same-origin" }
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
