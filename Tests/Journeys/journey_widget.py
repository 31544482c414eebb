"""The widget on a foreign origin: typing, read, reload while sending, and a server that restarts."""

import re

from harness import expect, journey
from office import Office


@journey(seconds=180)
def both_sides_see_typing_and_reading(world):
    office = Office(world)
    desk = office.desk()
    visitor = office.visitor()
    visitor.write("Hello")
    desk.locator(".queue-item").first.click()
    expect(desk.locator(".message-incoming")).to_have_count(1)
    # Opened on the desk: the visitor sees that it was read.
    expect(visitor.page.get_by_text("Read", exact=True)).to_have_count(1, timeout=8000)

    visitor.box.type("I wonder", delay=30)
    expect(desk.locator("[data-typing]")).to_contain_text("typing")
    desk.locator("[data-composer] textarea").type("Let me", delay=30)
    expect(visitor.page.get_by_text(re.compile("Rita is typing"))).to_be_visible()

    desk.locator("[data-composer] textarea").press("Enter")
    expect(desk.locator(".message-out .is-read")).to_have_count(1, timeout=8000)


@journey(seconds=180)
def a_restarted_server_loses_and_doubles_nothing(world):
    office = Office(world)
    world.expect_error("Failed to load resource|ERR_CONNECTION_REFUSED|Failed to fetch|ERR_INCOMPLETE|ERR_EMPTY")
    visitor = office.visitor()
    visitor.write("Before")
    visitor.expect_once("Before")
    port = office.server.port
    office.server.kill()
    visitor.write("While it is away")
    visitor.page.reload()
    assert port
    office.server.start_on(port)
    visitor.reload()
    visitor.expect_once("While it is away", timeout=25000)
    visitor.expect_once("Before")
    # What the widget still kept is sent by itself once the server is back.
    texts = []
    for _ in range(60):
        found = office.api("GET", f"/accounts/{office.account}/conversations")["data"]
        assert len(found) <= 1
        if found:
            messages = office.api("GET", f"/conversations/{found[0]['id']}/messages")["data"]
            texts = [message["text"] for message in messages]
        if "While it is away" in texts:
            break
        visitor.page.wait_for_timeout(500)
    assert texts == ["Before", "While it is away"], texts


@journey
def a_closed_business_says_so_instead_of_promising_an_answer(world):
    office = Office(world)
    office.api("PUT", "/me/duty", {"is_on_duty": True})
    visitor = office.visitor()
    visitor.expect_once("Usually answers in a minute")
    office.api("PUT", f"/accounts/{office.account}/schedule", {
        "weekly": [], "overrides": [{"date": "2026-01-01", "windows": []}]})
    for locale, words in (("en-US", "Closed now. We will answer when we are open again."),
                          ("ru-RU", "Сейчас закрыто. Ответим, когда откроемся.")):
        page = world.page(width=390, height=844, locale=locale)
        page.goto(office.site.url)
        page.get_by_role("button", name="Open chat").first.click()
        expect(page.get_by_text(words)).to_be_visible()
        expect(page.get_by_text("Usually answers")).to_have_count(0)
        world.screenshot(page, locale, full=False)
