"""Every page at three widths and in both themes: it answers, fits, keeps its console quiet,
and axe finds nothing that would keep anybody out."""

import re

from axe_playwright_python.sync_playwright import Axe

from harness import expect, journey

AXE = Axe()
# WCAG 2.2 AA and Deque's best practices.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
         "preload": False}

PASSWORD = "frontoffice-demo"
SIZES = ((1440, 900, "light"), (768, 1024, "dark"), (390, 844, "light"), (390, 844, "dark"))
PUBLIC = ("/", "/sign-in", "/sign-up")
PORTAL = ("today", "calendar", "calendar?view=day", "day-sheet", "inquiries", "profile", "hours", "services", "staff", "resources",
          "script", "knowledge", "replies", "widget", "members", "setup", "retention", "calendars",
          "calendars/new", "online", "displaced", "notices", "waitlist",
          "deliveries")
CONTROL = ("/control", "/control/businesses/new", "/control/people", "/control/people/new",
           "/control/settings")
SAMPLES = ("mane-street", "ridgeway-auto", "fixwell", "lotus-kitchen")
# Names as long as they get; no Latin letter in them.
LONG_BUSINESS = "Парикмахерская «Достопримечательность»"
LONG_NAME = "Александра Константинопольская-Рождественская"


def look(world, page, path, name):
    answer = page.goto(path)
    assert answer.status == 200, f"{path} answered {answer.status}"
    check(world, page, name)


def check(world, page, name):
    """The page as it is now fits, has a heading, and breaks no rule of axe."""
    path = page.url
    page.wait_for_timeout(80)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} is {wide} px too wide at {page.viewport_size['width']}"
    assert page.locator("h1").count() >= 1, f"{path} has no heading"
    # What a fixed bar happens to cover is no small target: so high that nothing has to scroll.
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    if height > size["height"]:
        page.set_viewport_size({"width": size["width"], "height": height + 100})
    broken = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(f"{' '.join(map(str, node['target']))} {node['html'][:120]}"
                    for node in rule["nodes"][:3])
        for rule in AXE.run(page, options=RULES).response["violations"]]
    assert not broken, f"{path} ({name}): " + "\n".join(broken)
    page.set_viewport_size(size)
    world.screenshot(page, name)


def walk(world, paths, name, sign_in=None):
    server = world.shared_server(demo=True)
    state = None
    for width, height, scheme in SIZES:
        page = world.page(server, width=width, height=height, scheme=scheme, state=state)
        # Once: an address may sign in only so often.
        if sign_in and not state:
            world.sign_in(page, sign_in, PASSWORD)
            state = page.context.storage_state()
        for path in paths:
            label = path.strip("/").replace("/", "-") or "front"
            look(world, page, path, f"{label}-{width}-{scheme}")
        page.context.close()
    return state


@journey(seconds=240)
def the_public_pages_fit(world):
    walk(world, PUBLIC, "site")


@journey(seconds=300)
def the_portal_fits(world):
    walk(world, [f"/portal/mane-street/{page}" for page in PORTAL], "portal",
         "maria@manestreet.example")


@journey(seconds=240)
def an_appointment_and_a_transcript_fit(world):
    server = world.shared_server(demo=True)
    for width, height, scheme in SIZES:
        page = world.page(server, width=width, height=height, scheme=scheme)
        world.sign_in(page, "maria@manestreet.example", PASSWORD)
        for listing, link in (("calendar", "appointments"), ("inquiries", "conversations")):
            page.goto(f"/portal/mane-street/{listing}")
            path = page.locator(f"main a[href*='/{link}/']").first.get_attribute("href")
            look(world, page, path, f"{link}-{width}-{scheme}")
        page.context.close()


@journey(seconds=300)
def a_new_business_sees_pages_that_fit(world):
    server = world.shared_server(demo=True)
    page = world.page(server)
    page.goto("/sign-up")
    page.get_by_label("Name of the business").fill(LONG_BUSINESS)
    page.get_by_label("Your name").fill(LONG_NAME)
    page.get_by_label("E-mail").fill("alexandra@salon.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Start the trial").click()
    page.wait_for_url("**/portal/**")
    base = re.search(r"/portal/[^/?]+", page.url).group(0)
    page.context.close()
    walk(world, [f"{base}/{page}" for page in PORTAL], "new", "alexandra@salon.test")


@journey(seconds=300)
def the_sample_sites_fit_with_their_chat(world):
    server = world.shared_server(demo=True)
    for width, height, scheme in SIZES:
        for slug in SAMPLES:
            name = f"{slug}-{width}-{scheme}"
            page = world.page(server, width=width, height=height, scheme=scheme)
            look(world, page, f"/demo/sites/{slug}", name)
            page.get_by_role("button", name=re.compile("chat", re.I)).first.click()
            box = page.get_by_role("textbox")
            expect(box).to_be_visible()
            check(world, page, f"{name}-chat")
            text = f"Здравствуйте! {'Достопримечательность' * 3} https://example.com/{'long/' * 12}"
            box.fill(text)
            box.press("Enter")
            expect(page.get_by_text("Здравствуйте!")).to_have_count(1)
            check(world, page, f"{name}-talk")
            page.context.close()


@journey(seconds=180)
def the_tour_fits(world):
    server = world.shared_server(demo=True)
    for width, height, scheme in SIZES:
        page = world.page(width=width, height=height, scheme=scheme)
        look(world, page, f"http://localhost:{server.port}/demo", f"tour-{width}-{scheme}")
        page.context.close()


@journey(seconds=240)
def the_control_room_fits(world):
    state = walk(world, CONTROL, "control", "helen@frontoffice.example")
    server = world.shared_server(demo=True)
    for width, height, scheme in SIZES:
        page = world.page(server, width=width, height=height, scheme=scheme, state=state)
        page.goto("/control")
        page.locator(".business-cell a").first.click()
        page.get_by_role("link", name="Invite and change").click()
        page.wait_for_url("**/members")
        check(world, page, f"members-{width}-{scheme}")
        members = page.url
        look(world, page, members + "/new", f"members-new-{width}-{scheme}")
        page.goto(members)
        page.locator(".list-item").first.click()
        page.locator("summary").last.click()
        check(world, page, f"member-{width}-{scheme}")
        page.context.close()


@journey(seconds=240)
def the_desk_fits(world):
    server = world.shared_server(demo=True)
    for width, height, scheme in SIZES:
        page = world.page(server, width=width, height=height, scheme=scheme)
        world.sign_in(page, "alina@frontoffice.example", PASSWORD)
        look(world, page, "/desk", f"desk-{width}-{scheme}")
        first = page.locator(".queue-item").first.get_attribute("href")
        look(world, page, first, f"desk-open-{width}-{scheme}")
        page.context.close()


@journey(seconds=120)
def an_unknown_page_says_so(world):
    page = world.page(world.shared_server(demo=True), width=390, height=844)
    world.expect_error("404")
    answer = page.goto("/portal-of-nowhere")
    assert answer.status == 404
    assert page.get_by_role("heading", level=1).count() == 1
    world.screenshot(page, "404")
