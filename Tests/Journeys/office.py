"""A small office for journeys: one business, its owner, a receptionist, visitors with the chat."""

import re

from harness import expect

WORDS = "a long password"
EVERY_DAY = [{"weekday": day, "start": "00:00", "end": "24:00"} for day in range(1, 8)]


class Office:
    """A server with one business that is always open, its owner, and a receptionist."""

    def __init__(self, world):
        self.world = world
        self.server = server = world.server()
        server.create_user("ada@office.test", "Ada Admin", "admin", WORDS)
        server.create_user("rita@office.test", "Rita Receptionist", "receptionist", WORDS)
        self.token = server.create_token("ada@office.test")
        self.account = self.post("/accounts", {
            "name": "Mane Street Hair", "slug": "mane", "time_zone": "America/New_York"})["id"]
        server.create_user("olga@mane.test", "Olga Owner", "owner", WORDS, account="mane")
        self.api("PUT", f"/accounts/{self.account}/schedule", {"weekly": EVERY_DAY})
        for name in ("Maria", "Tim"):
            self.post(f"/accounts/{self.account}/staff", {"name": name})
        self.service = self.post(f"/accounts/{self.account}/services", {
            "name": "Women's cut", "duration_minutes": 45, "slot_interval_minutes": 30,
            "price": {"amount": 6500, "currency": "USD"},
            "requires": [{"pool": "staff", "count": 1}]})
        self.api("PUT", f"/accounts/{self.account}/guidance", {
            "greeting": "Thank you for writing to {{account.name}}.",
            "steps": [{"title": "Greet", "say": "Say hello"}]})
        self.post(f"/accounts/{self.account}/knowledge", {
            "question": "Is there parking?", "answer": "Two hours are free behind the salon."})
        self.post(f"/accounts/{self.account}/canned_responses", {
            "shortcut": "hello", "title": "Hello", "text": "Hello, this is {{agent.name}}!"})
        self.inbox = self.post(f"/accounts/{self.account}/inboxes", {
            "name": "Site", "channel": "web_chat",
            "config": {"allowed_domains": ["localhost"], "greeting": "Hi! How can we help?"}})["id"]
        self.site = world.foreign_site(
            f'<script src="{server.url}/widget.js" data-inbox="{self.inbox}" async></script>')

    def api(self, method, path, json=None):
        return self.server.api(method, path, json=json, token=self.token)

    def post(self, path, json):
        return self.api("POST", path, json)

    def desk(self, **options):
        page = self.world.page(self.server, **options)
        self.world.sign_in(page, "rita@office.test", WORDS)
        page.goto("/desk")
        return page

    def portal(self):
        page = self.world.page(self.server, width=390, height=844)
        self.world.sign_in(page, "olga@mane.test", WORDS)
        return page

    def visitor(self):
        page = self.world.page(width=1100, height=800)
        page.goto(self.site.url)
        return Visitor(page)


class Visitor:
    """Somebody with the chat of a business's site before them."""

    def __init__(self, page):
        self.page = page
        self.open()

    def open(self):
        self.page.get_by_role("button", name=re.compile("chat", re.I)).first.click()
        self.box = self.page.get_by_role("textbox")
        expect(self.box).to_be_visible()

    def write(self, text):
        self.box.fill(text)
        self.box.press("Enter")

    def expect_once(self, text, **options):
        expect(self.page.get_by_text(text, exact=False)).to_have_count(1, **options)

    def reload(self):
        self.page.reload()
        if not self.page.get_by_role("textbox").is_visible():
            self.open()
        self.box = self.page.get_by_role("textbox")
