#!/usr/bin/env python3
"""Stands in for the autosecretary program where the test tools themselves are tested."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGES = {
    "/": "<title>Front</title><h1>Hello</h1>",
    "/demo": "<title>Demo</title>",
    "/sign-in": "<title>Sign in</title><form action=/desk><input name=email type=email>"
                "<input name=password type=password><button>Go</button></form>",
    "/desk": "<title>Desk</title>",
    "/keys": "<title>0</title><script>document.onkeydown = () => document.title++</script>",
    "/logs": "<title>Logs</title><script>console.error('ouch')</script>",
    "/throws": "<title>Throws</title><script>throw new Error('kaboom')</script>",
    "/outside": "<title>Out</title><script src='http://example.com/x.js'></script>",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/quit":
            os._exit(3)
        if path == "/widget.js":
            return self.answer(200, "document.body.dataset.widget = location.origin",
                               "text/javascript")
        if path in ("/healthz", "/readyz"):
            return self.answer(200, "ok", "text/plain")
        if path == "/api/v1/me":
            token = self.headers.get("Authorization")
            return self.answer(200 if token else 401, json.dumps({"token": token}),
                               "application/json")
        if path in PAGES:
            return self.answer(200, "<!doctype html><link rel=icon href=data:,>" + PAGES[path])
        self.answer(500, "<!doctype html>broken")

    def answer(self, status, text, kind="text/html"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        print("asked for", self.path, flush=True)


def option(name):
    return sys.argv[sys.argv.index(name) + 1]


if sys.argv[1] == "serve":
    if os.environ.get("FAKE_STUBBORN"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ThreadingHTTPServer((option("--host"), int(option("--port"))), Handler).serve_forever()
elif sys.argv[1:3] == ["user", "create"]:
    assert sys.stdin.read() == "secret\n" and option("--database")
elif sys.argv[1:3] == ["token", "create"]:
    print("token-of-" + option("--user"))
else:
    sys.exit("unknown command")
