"""Desk and portal as an app on a phone: installed, without a network, and told by Web Push."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness import expect, journey

PASSWORD = "frontoffice-demo"


def text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class PushService(ThreadingHTTPServer):
    """A push service on the real wire: keeps what it gets, answers 201."""

    def __init__(self):
        self.got = []
        self.came = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.got.append(
                    (self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(410 if self.path == "/gone" else 201)
                self.send_header("Content-Length", "0")
                self.end_headers()
                service.came.set()

            def log_message(self, *arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def address(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"


class Browser:
    """The keys that a browser makes for a subscription."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"

    @property
    def keys(self):
        point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": text(point), "auth": text(self.secret)}

    def read(self, body):
        return json.loads(http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))


@journey
def a_receptionist_is_told_by_push_and_only_the_browser_can_read_it(world):
    server = world.server(test_clock="2026-04-01T12:00:00Z")
    server.create_user("boss@office.test", "Boss", "admin", "a long enough password")
    token = server.create_token("boss@office.test", scopes=("admin",))

    def api(method, path, body=None):
        return server.api(method, path, body, token=token)

    account = api("POST", "/accounts", {
        "name": "Mane Street", "slug": "mane", "time_zone": "Europe/London"})["id"]
    inbox = api("POST", f"/accounts/{account}/inboxes", {"name": "API", "channel": "api"})["id"]
    api("PUT", "/me/duty", {"is_on_duty": True})
    service, browser = PushService(), Browser()
    for path in ("/told", "/gone"):
        api("POST", "/me/push_subscriptions",
            {"endpoint": service.address(path), "keys": browser.keys})
    secret = "My name is Dana and I have a secret"
    for number in range(2):
        api("POST", f"/inboxes/{inbox}/inbound", {
            "source_id": f"m{number}", "from": {"address": "dana"}, "text": secret})
    server.move_clock("2026-04-01T12:00:05Z", token)

    told = [one for one in service.got if one[0] == "/told"]
    assert len(told) == 1, "the second message of one who waits is no news"
    _, headers, body = told[0]
    assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0
    assert headers["authorization"].startswith("vapid t=")
    assert secret.encode() not in body and b"Mane" not in body
    news = browser.read(body)
    assert news["title"] == "Mane Street" and news["path"].startswith("/desk/conversations/conv_")
    assert "Dana" not in json.dumps(news), "lock screens are read by others"
    left = api("GET", "/me/push_subscriptions")["data"]
    assert len(left) == 1, "the browser that is gone is forgotten"
    service.shutdown()


@journey
def the_portal_can_be_installed_and_says_when_there_is_no_network(world):
    server = world.shared_server(demo=True)
    page = world.page(server, width=390, height=844)
    world.sign_in(page, "maria@manestreet.example", PASSWORD)
    manifest = page.locator("link[rel=manifest]").get_attribute("href")
    described = page.evaluate("path => fetch(path).then((answer) => answer.json())", manifest)
    assert described["start_url"] == "/portal" and described["display"] == "standalone"
    for icon in described["icons"]:
        assert page.evaluate("path => fetch(path).then((answer) => answer.status)",
                             icon["src"]) == 200
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    world.expect_error("ERR_INTERNET_DISCONNECTED")
    world.expect_error("Failed to fetch")
    page.goto("/portal/mane-street/week")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    world.screenshot(page, "offline")
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("No connection")
