"""The calendar by hand: with the mouse, a finger and the keyboard; a taken time, the way back,
without scripts, and what happens elsewhere."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from harness import expect, journey
from office import WORDS, Office

ZONE = ZoneInfo("America/New_York")


class Calendar(Office):
    """An office whose business has one appointment: tomorrow at 10:00, Dana with Maria."""

    def __init__(self, world):
        super().__init__(world)
        staff = self.api("GET", f"/accounts/{self.account}/staff")["data"]
        self.staff = {member["name"]: member["id"] for member in staff}
        self.day = (datetime.now(ZONE) + timedelta(days=1)).date()
        self.dana = self.book("10:00", "Maria", "Dana Reed")

    def at(self, clock):
        hour, minute = map(int, clock.split(":"))
        local = datetime(self.day.year, self.day.month, self.day.day, hour, minute, tzinfo=ZONE)
        return local.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")

    def book(self, clock, member, name):
        return self.post(f"/accounts/{self.account}/appointments", {
            "service_id": self.service["id"], "start": self.at(clock), "staff_id": self.staff[member],
            "contact": {"name": name}})["id"]

    def where(self, id=None):
        found = self.api("GET", f"/appointments/{id or self.dana}")
        name = {v: k for k, v in self.staff.items()}[found["staff_ids"][0]]
        clock = datetime.fromisoformat(found["start"]).astimezone(ZONE)
        return f"{clock:%H:%M} {name}"

    def open(self, path="", **options):
        page = self.world.page(self.server, **options)
        self.world.sign_in(page, "olga@mane.test", WORDS)
        page.goto(f"/portal/mane/calendar?view=day&date={self.day}{path}")
        return page


def link(page, name="Dana Reed"):
    return page.locator("a[data-movable]", has_text=name).first


def point(page, column, clock):
    """Where this time of a column is in the window, scrolled to if need be."""
    hour, minute = map(int, clock.split(":"))
    page.locator(f".timegrid-hours > li[data-hour='{hour}']").scroll_into_view_if_needed()
    row = page.locator(f".timegrid-hours > li[data-hour='{hour}']").bounding_box()
    head = page.locator(".timegrid-heads > li", has_text=column).bounding_box()
    return head["x"] + head["width"] / 2, row["y"] + row["height"] * minute / 60 + 4


@journey(seconds=180)
def an_appointment_is_dragged_and_taken_back(world):
    office = Calendar(world)
    page = office.open(height=1100)
    box = link(page).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 4)
    page.mouse.down()
    x, y = point(page, "Tim", "13:00")
    page.mouse.move(x, y, steps=8)
    expect(page.locator(".slot-marks > li").first).to_be_visible()
    page.mouse.move(x, y + 2)
    expect(page.locator(".is-target")).to_contain_text("13:00–13:45")
    assert office.where() == "10:00 Maria"
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text(re.compile("Moved to .*13:00.*Tim"))
    assert office.where() == "13:00 Tim"
    assert page.url.endswith(str(office.day)), "the link was followed"
    expect(link(page)).to_contain_text("13:00")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    assert office.where() == "10:00 Maria"
    # Let go over nothing that is free, it stays.
    box = link(page).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 40, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".is-moving")).to_have_count(0)
    assert office.where() == "10:00 Maria"
    # In a week the same people go on.
    page.goto(f"/portal/mane/calendar?view=week&date={office.day}")
    link(page).scroll_into_view_if_needed()
    box = link(page).bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 40, steps=4)
    expect(page.locator(".slot-marks > li").first).to_be_attached()
    number = page.locator(".timegrid-heads > li", has=page.locator(
        f"a[href*='date={office.day}']"))
    x = number.bounding_box()["x"] + 40
    row = page.locator(".timegrid-hours > li[data-hour='12']").bounding_box()
    page.mouse.move(x, row["y"] + 6, steps=4)
    expect(page.locator(".is-target")).to_contain_text("12:00")
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("12:00")
    assert office.where() == "12:00 Maria"


@journey(seconds=180)
def an_appointment_is_moved_by_keys_alone(world):
    office = Calendar(world)
    page = office.open()
    voice = page.locator("body > .sr-only[role=status]")
    link(page).focus()
    page.keyboard.press("m")
    expect(voice).to_contain_text("Picked up Dana Reed")
    page.keyboard.press("ArrowDown")
    expect(voice).to_contain_text("10:30, with Maria")
    page.keyboard.press("Escape")
    expect(voice).to_contain_text("Left where it was")
    assert office.where() == "10:00 Maria"
    page.keyboard.press("m")
    expect(voice).to_contain_text("Picked up")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(voice).to_contain_text("11:00, with Tim")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Moved to")
    assert office.where() == "11:00 Tim"
    expect(link(page)).to_be_focused()
    page.keyboard.press("z")
    expect(link(page)).to_contain_text("10:00")
    assert office.where() == "10:00 Maria"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Pick up the focused appointment")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.wait_for_url("**view=week**")
    link(page).focus()
    page.keyboard.press("m")
    expect(voice).to_contain_text("Picked up")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Moved to")
    assert office.where() == "09:30 Maria"
    # The day's own page has the same times, and follows by itself.
    page.goto(f"/portal/mane/today?date={office.day}")
    link(page).focus()
    page.keyboard.press("m")
    expect(voice).to_contain_text("Picked up")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Moved to")
    assert office.where() == "10:00 Maria"
    expect(link(page)).to_contain_text("10:00")


@journey(seconds=180)
def a_time_taken_meanwhile_says_why_and_what_is_free(world):
    office = Calendar(world)
    world.expect_error("409")
    page = office.open()
    voice = page.locator("body > .sr-only[role=status]")
    link(page).focus()
    page.keyboard.press("m")
    expect(voice).to_contain_text("Picked up")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(voice).to_contain_text("11:00, with Maria")
    office.book("11:00", "Maria", "Kim Faster")
    page.wait_for_timeout(800)
    # Nothing changes under the hand.
    expect(page.locator(".is-target")).to_have_count(1)
    page.keyboard.press("Enter")
    note = page.get_by_role("alert")
    expect(note).to_contain_text("taken")
    expect(note).to_contain_text("Nothing was moved")
    assert office.where() == "10:00 Maria"
    expect(link(page, "Kim Faster")).to_have_count(1)
    note.get_by_role("button").last.click()
    expect(page.locator(".toast")).to_contain_text("Moved to")
    assert office.where() != "10:00 Maria"
    expect(note).to_have_count(0)


@journey(seconds=180)
def an_open_calendar_hears_what_happens_elsewhere(world):
    office = Calendar(world)
    page = office.open()
    link(page).focus()
    desk = world.page(office.server)
    world.sign_in(desk, "rita@office.test", WORDS)
    desk.goto("/desk")
    desk.get_by_role("link", name="Calendar").click()
    desk.goto(f"{desk.url.split('?')[0]}?view=day&date={office.day}")
    office.book("15:00", "Tim", "Lee Later")
    expect(link(page, "Lee Later")).to_have_count(1)
    expect(link(desk, "Lee Later")).to_have_count(1)
    # What the receptionist moves, the business sees at once.
    link(desk, "Lee Later").focus()
    desk.keyboard.press("m")
    expect(desk.locator(".slot-marks > li").first).to_be_attached()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator(".toast")).to_contain_text("Moved to")
    expect(link(page, "Lee Later")).to_contain_text("15:30")
    expect(link(page)).to_be_focused()
    hold = office.post(f"/accounts/{office.account}/holds", {
        "service_id": office.service["id"], "start": office.at("17:00"),
        "staff_id": office.staff["Tim"]})["id"]
    expect(page.get_by_text("Held until")).to_have_count(1)
    office.api("DELETE", f"/holds/{hold}")
    expect(page.get_by_text("Held until")).to_have_count(0)
    office.post(f"/accounts/{office.account}/busy", {
        "of": office.staff["Tim"], "start": office.at("18:00"), "end": office.at("19:00"),
        "reason": "Dentist"})
    expect(page.get_by_text("Dentist")).to_have_count(1)
    office.post(f"/appointments/{office.dana}/cancel", {})
    expect(link(page)).to_have_count(0)


@journey(seconds=180)
def a_finger_drags_after_a_rest(world):
    office = Calendar(world)
    page = office.open(width=390, height=844)
    link(page).scroll_into_view_if_needed()
    box = link(page).bounding_box()
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {
            "type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    start = (box["x"] + 30, box["y"] + 8)
    send("touchStart", start)
    page.wait_for_timeout(600)
    hour = page.locator(".timegrid-hours > li").first.bounding_box()["height"]
    for step in range(1, 9):
        send("touchMove", (start[0], start[1] + hour * step / 8))
    expect(page.locator(".is-target")).to_contain_text("11:00")
    send("touchEnd")
    expect(page.locator(".toast")).to_contain_text("11:00")
    assert office.where() == "11:00 Maria"


@journey(seconds=180)
def it_is_moved_without_scripts(world):
    office = Calendar(world)
    page = office.open(width=390, height=844, script=False)
    link(page).click()
    page.locator("label.move-time", has_text="12:30").first.click()
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("The appointment is moved.")).to_be_visible()
    assert office.where() == "12:30 Maria"
    # The time that it had is somebody else's now.
    link(page).click()
    office.book("10:00", "Maria", "Kim Faster")
    page.locator("label.move-time", has_text="10:00").first.click()
    world.expect_error("409")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("alert")).to_contain_text("taken")
    assert office.where() == "12:30 Maria"


@journey(seconds=300)
def every_page_of_it_fits(world):
    # Not above: its journeys would run here, too.
    from journey_pages import SIZES, check
    office = Calendar(world)
    long = "Александра Константинопольская-Рождественская"
    for number in range(10):
        office.post(f"/accounts/{office.account}/staff", {"name": f"{long} {number}"})
    office.book("10:00", "Tim", long)
    office.book("11:00", "Tim", "Lee")
    for width, height, scheme in SIZES:
        state = None
        for who, base, slug in (("olga@mane.test", "/portal/mane", "portal"),
                                ("rita@office.test", "/desk/businesses/mane", "desk")):
            page = world.page(office.server, width=width, height=height, scheme=scheme,
                              locale="ru-RU" if scheme == "dark" else "en-US", state=state)
            world.sign_in(page, who, WORDS)
            for name, path in (
                    ("day", f"calendar?view=day&date={office.day}"),
                    ("week", f"calendar?view=week&date={office.day}"),
                    ("rooms", f"calendar?view=day&by=resources&canceled=1&date={office.day}"),
                    ("move", f"appointments/{office.dana}/move"),
                    ("one", f"appointments/{office.dana}"),
                    ("sheet", f"day-sheet?date={office.day}")):
                assert page.goto(f"{base}/{path}").status == 200, path
                check(world, page, f"{slug}-{name}-{width}-{scheme}")
            page.context.close()
