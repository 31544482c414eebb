"""The public side: the landing page's numbers, a sign-up without anyone's help, and the demo tour."""

import re

from harness import expect, journey
from office import WORDS, Visitor


@journey
def a_changed_setting_changes_the_landing_page(world):
    server = world.server()
    server.create_user("ada@office.test", "Ada", "admin", WORDS)
    token = server.create_token("ada@office.test")
    page = world.page(server)
    page.goto("/")
    expect(page.get_by_role("table")).to_contain_text("$1,920")
    expect(page.get_by_role("table")).to_contain_text("$3,130")
    server.api("PATCH", "/settings", token=token, json={
        "service_hour_minor": 1200, "hours_per_day": 10, "desk_month_minor": 0})
    page.reload()
    expect(page.get_by_role("table")).to_contain_text("$2,880")
    expect(page.get_by_role("table")).to_contain_text("$3,600")
    # All that the page loads, uncompressed.
    loaded = []
    page.on("response", lambda answer: loaded.append(answer))
    page.reload()
    page.wait_for_load_state()
    size = sum(len(answer.body()) for answer in loaded if answer.status == 200)
    assert 10_000 < size < 100_000, f"the page weighs {size} bytes"


@journey(seconds=180)
def a_business_signs_up_and_gets_its_widget_alone(world):
    server = world.server()
    page = world.page(server, width=390, height=844)
    page.goto("/")
    page.get_by_role("link", name=re.compile("free", re.I)).first.click()
    page.get_by_label("Name of the business").fill("Кофе & Hair")
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("E-mail").fill("olga@coffee.test")
    page.get_by_label("Password").fill("short")
    page.get_by_text("Hairdresser").first.click()
    page.locator("form[data-sign-up]").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Start the trial").click()
    world.expect_error("422")
    # The password is too short: the field says so, and nothing else is lost.
    expect(page.get_by_text(re.compile("A password has at least 10")).first).to_be_visible()
    expect(page.locator("input[name=email]")).to_have_value("olga@coffee.test")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Start the trial").click()
    page.wait_for_url("**/portal/**")
    world.screenshot(page, "setup")

    # Set-up is finished in the portal; the snippet is there to copy.
    base = re.match(r".*/portal/[^/]+", page.url).group(0)
    page.goto(base + "/widget")
    snippet = page.locator("[data-copy-text]").first.inner_text()
    assert "widget.js" in snippet and "data-inbox" in snippet, snippet
    site = world.foreign_site(snippet)
    guest = world.page(width=1100, height=800)
    guest.goto(site.url)
    visitor = Visitor(guest)
    visitor.write("First message of the first client")
    visitor.expect_once("First message of the first client")
    page.goto(base + "/services")
    expect(page.get_by_text("Cut and blow-dry").first).to_be_visible()


@journey(seconds=240)
def the_tour_shows_all_three_live(world):
    server = world.server(demo=True)
    page = world.page(width=1600, height=1000)
    page.goto(f"http://localhost:{server.port}/demo")
    site = page.frame_locator("iframe[title*='Website']")
    desk = page.frame_locator("iframe[title*='desk']")
    portal = page.frame_locator("iframe[title*='Portal']")
    expect(portal.locator("h1").first).to_be_visible()
    expect(desk.locator(".queue-item").first).to_be_visible()
    chat = site.get_by_role("button", name=re.compile("chat", re.I)).first
    chat.click()
    box = site.get_by_role("textbox")
    box.fill("Is there a time for a cut this week?")
    box.press("Enter")
    line = desk.locator(".queue-item", has_text="Is there a time for a cut this week?")
    expect(line).to_have_count(1, timeout=4000)
    line.click()
    expect(desk.locator(".message-incoming").last).to_contain_text("a cut this week")
    desk.locator("[data-composer] textarea").fill("Yes, let me look.")
    desk.locator("[data-composer] textarea").press("Enter")
    expect(site.get_by_text("Yes, let me look.")).to_have_count(1, timeout=4000)
    world.screenshot(page, "tour", full=False)
