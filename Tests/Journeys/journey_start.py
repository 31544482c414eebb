"""The server starts with the demo office and shows itself."""

import http.client

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


@journey
def who_sends_too_much_hears_it_whether_the_line_closes_or_not(world):
    server = world.server()
    email = "big@office.test"
    server.create_user(email, "Big", "admin", "a long enough password")
    token = server.create_token(email, scopes=("admin",))
    body = b'{"name": "' + b"x" * 10_000_000 + b'"}'
    for headers in ({}, {"Connection": "close"}):
        for authorization, status in ((f"Bearer {token}", 413), ("Bearer wrong", 401)):
            line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            line.request("POST", "/api/v1/accounts", body, {
                "Content-Type": "application/json", "Authorization": authorization} | headers)
            assert line.getresponse().status == status
            line.close()
    server.request("GET", "/healthz", expect=200)
