"""The main job, end to end: a client writes, a receptionist answers and books, the owner sees it."""

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from harness import expect, journey
from office import Office

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
    now = time.time()
    iso = lambda seconds: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    booked = office.api("GET", f"/accounts/{office.account}/appointments"
                        f"?from={iso(now)}&to={iso(now + 14 * 86400)}")["data"]
    assert len(booked) == 1
    # The first free time may be tomorrow, and so next week.
    day = datetime.fromisoformat(booked[0]["start"]).astimezone(ZoneInfo("America/New_York")).date()
    portal.goto(f"/portal/mane/week?from={day - timedelta(days=day.weekday())}")
    expect(portal.get_by_text("Women's cut").first).to_be_visible()
    world.screenshot(portal, "portal-week")
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
