"""A business's own program hears what happens, checks the signatures with a stranger's library,
and its owner looks after it in the portal."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

from harness import expect, journey
from office import WORDS, Office


class Receiver:
    """A small program on loopback: keeps what it gets and answers as told."""

    def __init__(self):
        self.calls, self.status, self.news = [], 200, threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                with receiver.news:
                    receiver.calls.append((dict(self.headers), body))
                    receiver.news.notify_all()
                self.send_response(receiver.status)
                self.end_headers()
                self.wfile.write(b"<p>noted</p>")

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/crm?key=abc"

    def wait(self, type, count=1):
        """The calls of a type, once there are so many."""
        def found():
            return [call for call in self.calls if json.loads(call[1])["type"] == type]
        with self.news:
            assert self.news.wait_for(lambda: len(found()) >= count, 20), \
                f"{type}: {[json.loads(body)['type'] for _, body in self.calls]}"
            return found()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@journey
def a_program_checks_what_it_hears_with_the_standard_library(world):
    office, receiver = Office(world), Receiver()
    try:
        made = office.post(f"/accounts/{office.account}/webhooks", {
            "url": receiver.url, "events": ["message.received", "contact.*"]})
        first = made["secret"]
        inbox = office.post(f"/accounts/{office.account}/inboxes", {
            "name": "Orders", "channel": "api"})["id"]
        office.post(f"/inboxes/{inbox}/inbound", {
            "source_id": "m1", "from": {"address": "dana", "name": "Dana"},
            "text": "Do you have time today?"})
        headers, body = receiver.wait("message.received")[0]
        heard = Webhook(first).verify(body, headers)
        assert heard["data"]["account_id"] == office.account
        assert heard["data"]["type"] == "message.received"
        message = office.api("GET", f"/conversations/{heard['data']['payload']['conversation_id']}"
                                    "/messages")["data"][0]
        assert message["text"] == "Do you have time today?"

        for forged in (body + b" ", body.replace(office.account.encode(), b"acct_other")):
            expect_refused(first, forged, headers)
        expect_refused(first, body, headers | {"webhook-id": "whd_other"})
        expect_refused("whsec_" + "A" * 43 + "=", body, headers)

        # A new secret: for a day both fit.
        second = office.post(f"/webhooks/{made['id']}/rotate_secret", {})["secret"]
        office.post(f"/accounts/{office.account}/contacts", {"name": "Zoë \U0001f44b </script>"})
        headers, body = receiver.wait("contact.created", 2)[-1]
        assert len(headers["webhook-signature"].split()) == 2
        for secret in (first, second):
            Webhook(secret).verify(body, headers)
        assert not [call for call in receiver.calls
                    if json.loads(call[1])["type"] == "webhook.updated"], "it was not chosen"
    finally:
        receiver.close()


def expect_refused(secret, body, headers):
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return
    raise AssertionError("a forged request was taken for ours")


@journey
def an_owner_looks_after_a_webhook(world):
    office, receiver = Office(world), Receiver()
    try:
        page = office.portal()
        world.expect_error("status of 422")
        page.goto("/portal/mane/webhooks")
        page.get_by_role("link", name="Add a webhook").click()
        page.get_by_role("button", name="Add the webhook").click()
        expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
        page.get_by_label("Address").fill(receiver.url)
        page.get_by_label("What it is").fill("Our CRM")
        page.get_by_label("Only what I choose").check()
        page.get_by_text("Choose the events").click()
        page.get_by_label(re.compile("A new client")).check()
        world.screenshot(page, "new-phone")
        page.get_by_role("button", name="Add the webhook").click()
        expect(page.get_by_text("it is shown this once")).to_be_visible()
        secret = page.locator("[data-copy-text]").inner_text()
        assert secret.startswith("whsec_")
        world.screenshot(page, "secret-phone")
        page.get_by_role("link", name="I have copied it").click()
        assert secret not in page.content()

        # The owner may not name an address of our own network; the office may.
        with page.expect_navigation():
            page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("The address is a private one.").or_(
            page.get_by_text("Look again"))).to_be_visible()
        page.reload()
        expect(page.get_by_text("The address is a private one.")).to_be_visible()
        assert not receiver.calls
        webhook = office.api("GET", f"/accounts/{office.account}/webhooks")["data"][0]
        office.api("PATCH", f"/webhooks/{webhook['id']}", {"url": receiver.url + "&by=office"})

        office.post(f"/accounts/{office.account}/contacts", {"name": "Dana"})
        headers, body = receiver.wait("contact.created")[0]
        Webhook(secret).verify(body, headers)
        receiver.status = 410
        office.post(f"/accounts/{office.account}/contacts", {"name": "Eve"})
        receiver.wait("contact.created", 2)
        page.goto("/portal/mane/today")
        expect(page.get_by_text("A program of yours no longer hears")).to_be_visible()
        page.get_by_role("link", name="See why").click()
        page.get_by_role("link", name=re.compile("Our CRM")).click()
        expect(page.get_by_text("The other side answered 410")).to_be_visible()
        world.screenshot(page, "stopped-phone")
        receiver.status = 200
        page.get_by_role("button", name="Switch it on").click()
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_role("link", name=re.compile("contact.created.*answered 410")).click()
        with page.expect_navigation():
            page.get_by_role("button", name="Send it again").click()
        again = receiver.wait("contact.created", 3)[-1]
        assert again[1] == receiver.calls[-2][1]
        page.reload()
        expect(page.get_by_text("Delivered")).to_be_visible()
        page.get_by_text("The answer").click()
        expect(page.get_by_text("<p>noted</p>")).to_be_visible()
        world.screenshot(page, "delivery-phone")
    finally:
        receiver.close()
