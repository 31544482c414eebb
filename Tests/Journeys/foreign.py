"""Somebody else's web site, on another origin: where the chat widget is embedded."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A business's own site</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
</head><body><h1>Bluebird Dental</h1><p>A page that knows nothing of the office.</p>
{script}
</body></html>"""


class ForeignSite:
    """Serves one page with the given script tag at http://localhost:PORT/.

    The server under test is at 127.0.0.1, so for the browser this is another *site*, not only
    another origin: cookies, CORS and framing are met as a real customer's page meets them.
    `pages` adds further paths: {"/other.html": "<html>…"}.
    """

    def __init__(self, script_tag, pages=None):
        contents = {"/": PAGE.format(script=script_tag)} | (pages or {})

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = contents.get(self.path.split("?")[0])
                body = (page or "not here").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def url(self):
        return self.origin + "/"

    def close(self):
        self._http.shutdown()
        self._http.server_close()
