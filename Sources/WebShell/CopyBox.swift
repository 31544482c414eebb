import Kernel

extension HTML {
    /// Something to be copied as it stands. The button shows where the browser can do it
    /// (`lib/copy.js`); `isLine`: one line, such as an address or a secret.
    package static func copyBox(_ text: String, isLine: Bool = false) -> HTML {
        """
        <div class="snippet\(isLine ? " snippet-line" : HTML())"><pre><code data-copy-text>\(text)</code></pre><button class="btn btn-small" type="button" data-copy hidden>\(icon("copy"))\(t("Copy"))</button></div>
        """
    }
}
