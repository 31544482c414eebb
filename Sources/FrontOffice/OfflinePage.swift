import Kernel
import WebShell

/// What installed apps show while there is no network; the service worker keeps it.
struct OfflinePage {
    var page: Page {
        Page(
            title: t("No connection").text, bodyClass: "plain",
            content: """
                <main class="error-page" id="main"><h1>\(t("No connection"))</h1>
                <p>\(t("This device is offline. What you wrote is kept by the office as soon as it was sent; open the page again when the network is back."))</p>
                <p><a class="btn" href="">\(t("Try again"))</a></p></main>
                """, stylesheet: "public.css")
    }
}
