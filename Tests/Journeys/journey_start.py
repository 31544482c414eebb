"""The server starts with the demo office and shows itself."""

from harness import expect, journey


@journey
def the_server_says_that_it_is_up(world):
    server = world.shared_server(demo=True)
    server.request("GET", "/healthz", expect=200)
    server.request("GET", "/readyz", expect=200)


@journey
def a_visitor_sees_the_front_page(world):
    page = world.page(world.shared_server(demo=True))
    answer = page.goto("/")
    assert answer.status == 200
    assert page.title().strip()
    world.screenshot(page, "desktop")


@journey
def the_sign_in_page_asks_who_it_is(world):
    page = world.page(world.shared_server(demo=True), width=390, height=844)
    page.goto("/sign-in")
    expect(page.locator("input[name=email]")).to_be_visible()
    expect(page.locator("input[type=password]")).to_be_visible()
    world.screenshot(page, "phone")


@journey
def a_server_of_ones_own_starts_empty_and_stops(world):
    server = world.server()
    server.request("GET", "/healthz", expect=200)
    server.stop()
