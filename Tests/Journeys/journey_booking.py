"""Clients book by themselves: with a phone in one hand, without scripts, over the business's own
site, in both languages."""

import re
import urllib.error
import urllib.request

from harness import expect, journey
from office import Office


def booking_office(world):
    office = Office(world)
    office.api("PUT", f"/accounts/{office.account}/booking_page", {"is_open": True})
    office.api("PUT", f"/accounts/{office.account}/booking_policy", {"cutoff_minutes": 60})
    slug = office.api("GET", f"/accounts/{office.account}")["slug"]
    return office, slug


def choose(page):
    page.locator(".book-item").first.click()
    page.locator("a.book-day").nth(1).click()
    start = page.locator(".book-slot").nth(1).get_attribute("value")
    page.locator(".book-slot").nth(1).click()
    return start


def book(page, slug, name="Dana Reed"):
    page.goto(f"/b/{slug}")
    start = choose(page)
    page.fill("[name=name]", name)
    page.fill("[name=email]", "dana@example.com")
    page.locator(".btn-large").click()
    expect(page.locator(".book-tick")).to_be_visible()
    return start


@journey(seconds=240)
def a_client_books_moves_and_cancels_without_scripts(world):
    office, slug = booking_office(world)
    page = world.page(office.server, width=390, height=844, script=False)
    start = book(page, slug)
    booked = office.api("GET", f"/accounts/{office.account}/appointments")["data"]
    assert [one["start"] for one in booked] == [start], booked
    page.locator("a[href$='/move']").click()
    page.locator("a.book-day").nth(2).click()
    moved_to = page.locator(".book-slot").first.get_attribute("value")
    page.locator(".book-slot").first.click()
    expect(page.locator("h1")).to_have_text(re.compile("moved"))
    booked = office.api("GET", f"/accounts/{office.account}/appointments")["data"]
    assert [one["start"] for one in booked] == [moved_to], booked
    page.locator("a[href$='/cancel']").click()
    page.locator("main .btn-primary").click()
    expect(page.locator("h1")).to_have_text(re.compile("cancelled"))
    assert office.api("GET", f"/accounts/{office.account}/appointments")["data"] == []


@journey(seconds=240)
def a_kept_time_is_nobody_elses_and_what_was_typed_stays(world):
    office, slug = booking_office(world)
    world.expect_error("409|422")
    first, second = world.page(office.server, width=390), world.page(office.server, width=390)
    first.goto(f"/b/{slug}")
    second.goto(f"/b/{slug}")
    for page in (first, second):
        page.locator(".book-item").first.click()
        page.get_by_role("link", name="Maria").click()
        page.locator("a.book-day").nth(1).click()
    start = first.locator(".book-slot").nth(1).get_attribute("value")
    looked_at = second.url
    first.locator(".book-slot").nth(1).click()
    expect(first.locator("[data-kept]")).to_contain_text(re.compile(r"another (10:00|9:5\d)"))
    second.locator(f".book-slot[value='{start}']").click()
    expect(second.get_by_role("alert")).to_contain_text("taken")
    # The first one leaves the field for the address empty, and is told beside it.
    first.fill("[name=name]", "Александра <b>")
    first.fill("[name=phone]", "12")
    first.locator(".btn-large").click()
    expect(first.locator("#phone-error")).to_be_visible()
    expect(first.locator("[name=name]")).to_have_value("Александра <b>")
    first.locator("button", has_text="Choose another time").click()
    second.goto(looked_at)
    assert second.locator(f".book-slot[value='{start}']").count() == 1


@journey(seconds=240)
def the_button_opens_the_page_over_another_site(world):
    office, slug = booking_office(world)
    address = f"{office.server.url}/b/{slug}"
    tag = (f'<script src="{office.server.url}/booking.js" async></script>'
           f'<a id="book" href="{address}" data-autosecretary-book>Book a visit</a>')
    site = world.foreign_site(tag)
    page = world.page(width=1440)
    page.goto(site.url)
    page.locator("#book").click()
    frame = page.frame_locator("dialog iframe")
    frame.locator(".book-item").first.click()
    expect(frame.locator(".book-slot").first).to_be_visible()
    page.locator("dialog button[aria-label=Close]").click()
    expect(page.locator("dialog")).to_be_hidden()
    # Forms of other sites are refused all the same.
    request = urllib.request.Request(
        f"{address}/s/{office.service['id']}", method="POST", data=b"start=x",
        headers={"Origin": "https://evil.example"})
    try:
        urllib.request.urlopen(request)
        raise AssertionError("a form of another site was taken")
    except urllib.error.HTTPError as error:
        assert error.code == 403, error.code


@journey(seconds=300)
def every_step_fits_and_can_be_read_by_everybody(world):
    office, slug = booking_office(world)
    office.api("PATCH", f"/accounts/{office.account}",
               {"name": "Парикмахерская «Достопримечательность»",
                "address": "Санкт-Петербург, набережная реки Фонтанки, дом 118, корпус 2"})
    from journey_pages import SIZES, check
    for width, height, scheme in SIZES:
        page = world.page(office.server, width=width, height=height, scheme=scheme, locale="ru-RU")
        page.goto(f"/b/{slug}")
        check(world, page, f"book-1-{width}-{scheme}")
        page.locator(".book-item").first.click()
        check(world, page, f"book-2-{width}-{scheme}")
        page.locator("a.book-day").nth(1).click()
        page.locator(".book-slot").nth(1).click()
        check(world, page, f"book-3-{width}-{scheme}")
        page.fill("[name=name]", "Александра Константинопольская-Рождественская")
        page.fill("[name=email]", f"a{width}{scheme}@example.com")
        page.locator(".btn-large").click()
        check(world, page, f"book-4-{width}-{scheme}")
        page.locator("a[href$='/cancel']").click()
        check(world, page, f"book-5-{width}-{scheme}")
        page.locator("main .btn-primary").click()
        check(world, page, f"book-6-{width}-{scheme}")
