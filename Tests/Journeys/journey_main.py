"""The main job, end to end: a client writes, a receptionist answers and books, the owner sees it."""

import re
import time

from harness import expect, journey

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


@journey(seconds=240)
def a_client_writes_is_answered_and_booked_and_the_owner_sees_it(world):
    office = Office(world)
    desk = office.desk()
    visitor = office.visitor()

    # It arrives within a second, with badge and sound.
    expect(desk.get_by_text("All answered")).to_be_visible()
    visitor.write("Hello, could I come for a cut?")
    started = time.monotonic()
    expect(desk.locator(".queue-item")).to_have_count(1, timeout=3000)
    assert time.monotonic() - started < 2, "the message took too long to reach the desk"
    expect(desk).to_have_title(re.compile(r"^\(1\)"))
    assert desk.evaluate("document.documentElement.dataset.chimes") == "1"

    # From here on the receptionist uses keys alone.
    keys = world.keys(desk)
    keys.press("1")
    expect(desk.locator(".message-incoming")).to_contain_text("could I come for a cut?")
    expect(desk.locator(".answer-as")).to_contain_text("Thank you for writing to Mane Street Hair.")
    expect(desk.locator("#panel-business")).to_contain_text("$65")

    keys.press("r")
    keys.type("/hel")
    keys.press("Enter", "Enter")
    visitor.expect_once("Hello, this is Rita Receptionist!")

    keys.press("Escape", "n")
    keys.type("Prefers Maria")
    keys.press("Enter")
    expect(desk.locator(".message-note")).to_contain_text("Prefers Maria")

    keys.press("Escape", "k")
    keys.type("park")
    expect(desk.locator("[data-knowledge] .result")).to_have_count(1)
    keys.press("Enter", "Enter")
    visitor.expect_once("Two hours are free behind the salon.")

    # Booking: at most twelve keystrokes from the open conversation to the confirmed appointment.
    keys.press("Escape")
    expect(desk.locator("#main")).to_be_focused()
    keys.reset()
    keys.press("b", "1")
    expect(desk.locator(".slot").first).to_be_focused()
    keys.press("Enter")
    expect(desk.get_by_role("button", name=re.compile("Book it"))).to_be_focused()
    keys.press("Enter")
    expect(desk.locator(".booked")).to_be_visible()
    assert keys.strokes <= 12, f"{keys.strokes} keystrokes"
    world.screenshot(desk, "desk-booked", full=False)

    visitor.expect_once("You are booked: Women's cut with")
    assert visitor.page.get_by_text("Prefers Maria").count() == 0

    # The inquiry.
    keys.press("i", "Tab")
    desk.locator("[data-inquiry-form] [name=disposition][value=booked]").press("Space")
    desk.locator("[data-inquiry-form] [name=topic]").press("Enter")
    expect(desk.get_by_text("Inquiry recorded.")).to_be_visible()

    # Reload and lost network: nothing is missing, nothing doubled.
    visitor.reload()
    for text in ("could I come for a cut?", "Hello, this is Rita", "Two hours are free", "You are booked"):
        visitor.expect_once(text)
    visitor.page.context.set_offline(True)
    visitor.write("Thank you, see you then")
    keys.press("Escape", "r")
    keys.type("You are welcome")
    keys.press("Enter")
    visitor.page.wait_for_timeout(500)
    visitor.page.context.set_offline(False)
    visitor.expect_once("You are welcome", timeout=20000)
    visitor.expect_once("Thank you, see you then", timeout=20000)
    expect(desk.locator(".message-incoming", has_text="Thank you, see you then")).to_have_count(1)
    world.expect_error("Failed to load resource|ERR_INTERNET_DISCONNECTED|Failed to fetch")

    # The owner, on a phone.
    portal = office.portal()
    portal.goto("/portal/mane/week")
    expect(portal.get_by_text("Women's cut").first).to_be_visible()
    world.screenshot(portal, "portal-week")
    now = time.time()
    iso = lambda seconds: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    statistics = office.api(
        "GET", f"/accounts/{office.account}/statistics?from={iso(now - 86400)}&to={iso(now + 86400)}")
    assert statistics["inquiries"]["by_kind"]["booking"] == 1
    assert statistics["inquiries"]["by_channel"] == {"web_chat": 1}
    portal.goto("/portal/mane/inquiries")
    row = portal.get_by_role("row", name=re.compile("Booking")).first
    expect(row).to_contain_text("1")
    world.screenshot(portal, "portal-inquiries")


@journey
def a_changed_price_is_on_the_desk_at_once(world):
    office = Office(world)
    desk = office.desk()
    visitor = office.visitor()
    visitor.write("What does a cut cost?")
    desk.locator(".queue-item").first.click()
    expect(desk.locator("#panel-business")).to_contain_text("$65")
    portal = office.portal()
    portal.goto("/portal/mane/services")
    portal.get_by_text("Women's cut").first.click()
    portal.locator("input[name=price]").fill("72.50")
    portal.get_by_role("button", name=re.compile("^Save")).first.click()
    expect(desk.locator("#panel-business")).to_contain_text("$72.50", timeout=3000)


@journey
def script_tags_in_a_message_stay_text(world):
    office = Office(world)
    desk = office.desk()
    visitor = office.visitor()
    attack = '<script>document.title="owned"</script><img src=x onerror="document.title=1">'
    visitor.write(attack)
    desk.locator(".queue-item").first.click()
    expect(desk.locator(".message-incoming .message-text")).to_have_text(attack)
    assert "owned" not in desk.title()
    visitor.expect_once(attack)
    conversation = office.api("GET", f"/accounts/{office.account}/conversations")["data"][0]["id"]
    portal = office.portal()
    portal.goto(f"/portal/mane/conversations/{conversation}")
    expect(portal.get_by_text(attack)).to_have_count(1)


@journey
def several_conversations_are_switched_by_keys_and_drafts_stay(world):
    office = Office(world)
    inbox = office.post(f"/accounts/{office.account}/inboxes",
                        {"name": "API", "channel": "api", "config": {}})["id"]
    for number in range(1, 4):
        office.post(f"/inboxes/{inbox}/inbound", {
            "source_id": f"m{number}", "text": f"Question {number}",
            "from": {"address": f"client-{number}", "name": f"Client {number}"}})
    desk = office.desk()
    expect(desk.locator(".queue-item")).to_have_count(3)
    keys = world.keys(desk)
    keys.press("1")
    expect(desk.locator(".conversation-title h2")).to_have_text("Client 1")
    keys.press("r")
    keys.type("half a sente")
    keys.press("Alt+2")
    expect(desk.locator(".conversation-title h2")).to_have_text("Client 2")
    keys.press("3")
    expect(desk.locator(".conversation-title h2")).to_have_text("Client 3")
    keys.press("1")
    expect(desk.locator(".conversation-title h2")).to_have_text("Client 1")
    expect(desk.locator("[data-composer] textarea")).to_have_value("half a sente")


@journey
def another_site_may_not_embed_the_chat(world):
    office = Office(world)
    office.api("PATCH", f"/inboxes/{office.inbox}", {"config": {"allowed_domains": ["mane.example"]}})
    world.expect_error("403|Failed to load resource|CORS policy|chat")
    page = world.page()
    page.goto(office.site.url)
    page.wait_for_timeout(800)
    assert page.get_by_role("button", name=re.compile("chat", re.I)).count() == 0
