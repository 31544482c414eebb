"""Every page at three widths and in both themes: it answers, fits, and keeps its console quiet."""

from harness import journey

PASSWORD = "frontoffice-demo"
SIZES = ((1440, 900, "light"), (768, 1024, "dark"), (390, 844, "light"), (390, 844, "dark"))
PUBLIC = ("/", "/sign-in", "/sign-up")
PORTAL = ("today", "week", "inquiries", "profile", "hours", "services", "staff", "resources",
          "script", "knowledge", "replies", "widget", "members", "setup")
CONTROL = ("/control", "/control/people", "/control/settings")


def look(world, page, path, name):
    answer = page.goto(path)
    assert answer.status == 200, f"{path} answered {answer.status}"
    page.wait_for_timeout(80)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} is {wide} px too wide at {page.viewport_size['width']}"
    assert page.locator("h1").count() >= 1, f"{path} has no heading"
    unnamed = page.evaluate("""[...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea')]
        .filter(e => e.checkVisibility())
        .filter(e => !(e.innerText || e.ariaLabel || e.getAttribute('aria-labelledby')
            || e.title || e.placeholder || e.value || e.labels?.length || e.querySelector('img[alt]:not([alt=""])')))
        .map(e => e.outerHTML.slice(0, 120))""")
    assert not unnamed, f"{path}: without a name: {unnamed[:3]}"
    world.screenshot(page, name)


def walk(world, paths, name, sign_in=None):
    server = world.shared_server(demo=True)
    for width, height, scheme in SIZES:
        page = world.page(server, width=width, height=height, scheme=scheme)
        if sign_in:
            world.sign_in(page, sign_in, PASSWORD)
        for path in paths:
            label = path.strip("/").replace("/", "-") or "front"
            look(world, page, path, f"{label}-{width}-{scheme}")
        page.context.close()


@journey(seconds=240)
def the_public_pages_fit(world):
    walk(world, PUBLIC, "site")


@journey(seconds=300)
def the_portal_fits(world):
    walk(world, [f"/portal/mane-street/{page}" for page in PORTAL], "portal",
         "maria@manestreet.example")


@journey(seconds=240)
def the_control_room_fits(world):
    walk(world, CONTROL, "control", "helen@frontoffice.example")


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
