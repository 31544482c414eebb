"""Whoever asks for Russian gets Russian, on every page and to the last word."""

from harness import expect, journey
from russian import ADMIN, OWNER, RECEPTIONIST, RussianOffice, expect_russian, leftovers

PORTAL = ("today", "calendar", "calendar?view=day", "day-sheet", "inquiries", "inquiries?days=1", "settings", "setup", "profile",
          "hours", "services", "services/new", "staff", "staff/new", "resources",
          "resources/new", "script", "knowledge", "knowledge/new", "knowledge?query=нет",
          "replies", "replies/new", "widget", "widget/new", "webhooks", "webhooks/new",
          "members", "members/new")


@journey(seconds=180)
def the_portal_speaks_russian(world):
    office = RussianOffice(world)
    page = office.page(OWNER, width=390, height=844)
    things = (f"appointments/{office.appointment}", f"conversations/{office.conversation}",
              f"services/{office.service}", f"staff/{office.staff}", f"resources/{office.room}",
              f"knowledge/{office.article}", f"replies/{office.reply}", f"widget/{office.inbox}")
    expect_russian(page, [f"/portal/master/{path}" for path in (*PORTAL, *things)])


@journey
def refusals_in_the_portal_are_russian(world):
    office = RussianOffice(world)
    page = office.page(OWNER, width=390, height=844)
    world.expect_error("422")
    page.goto("/portal/master/services/new")
    page.locator("input[name=price]").fill("сорок")
    page.get_by_role("button", name="Сохранить").last.click()
    expect(page.locator(".field-error").first).to_be_visible()
    assert not leftovers(page), leftovers(page)
    page.goto("/portal/master/hours")
    page.locator("input[name=start-1]").first.fill("")
    page.get_by_role("button", name="Сохранить").last.click()
    expect(page.locator(".field-error").first).to_be_visible()
    assert not leftovers(page), leftovers(page)


@journey
def times_are_said_on_the_readers_clock_too(world):
    office = RussianOffice(world)
    here = office.page(OWNER, time_zone="Europe/Moscow")
    away = office.page(OWNER, time_zone="Asia/Yekaterinburg")
    for page in (here, away):
        page.goto(f"/portal/master/appointments/{office.appointment}")
        expect(page.locator(".page-head time")).to_have_text("15:00–15:45")
    expect(away.locator(".own-time")).to_have_text("(17:00 по вашему времени)")
    assert here.locator(".own-time").count() == 0


@journey
def the_public_pages_speak_russian(world):
    office = RussianOffice(world)
    for width in (1440, 390):
        page = world.page(office.server, locale="ru-RU", width=width)
        expect_russian(page, ("/", "/sign-in", "/sign-up", "/sign-up?vertical=car_service"))


@journey
def a_visitor_chooses_the_language_at_the_foot_of_the_page(world):
    page = world.page(world.server())
    page.goto("/sign-up?vertical=car_service")
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_role("heading", name="Откройте свой виртуальный офис")).to_be_visible()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@journey
def a_russian_business_begins_with_a_russian_script(world):
    page = world.page(world.server(), locale="ru-RU", width=390, height=844)
    page.goto("/sign-up")
    page.get_by_label("Название бизнеса").fill("Салон «Лён»")
    page.get_by_label("Ваше имя").fill("Ольга")
    page.get_by_label("Эл. почта").fill("olga@len.test")
    page.get_by_label("Пароль").fill("длинный пароль")
    page.get_by_text("Парикмахерская").first.click()
    page.get_by_role("button", name="Начать пробный период").click()
    page.wait_for_url("**/portal/**")
    base = page.url.rsplit("/", 1)[0]
    expect_russian(page, [f"{base}/{place}" for place in ("services", "script", "knowledge", "staff")])
    page.goto(f"{base}/services")
    expect(page.get_by_text("Стрижка и укладка").first).to_be_visible()


@journey(seconds=180)
def the_desk_speaks_russian(world):
    office = RussianOffice(world)
    page = office.page(RECEPTIONIST)

    def expect_no_english():
        assert not leftovers(page), leftovers(page)

    expect_russian(page, ["/desk", f"/desk/conversations/{office.conversation}"])
    for tab in ("client", "book", "inquiry"):
        page.locator(f"[data-tab={tab}]").click()
        expect_no_english()
    page.locator("[data-tab=book]").click()
    page.locator(".booking-service").click()
    expect(page.locator(".slot").first).to_be_visible()
    expect_no_english()
    page.locator(".slot").first.click()
    expect(page.locator(".hold-timer")).to_contain_text("Держим ещё")
    expect_no_english()
    page.locator(".booking-confirm [type=submit]").click()
    expect(page.locator(".booked h3")).to_have_text("Клиент записан: Дана")
    said = page.locator(".message-out", has_text="Вы записаны: Стрижка (")
    expect(said).to_have_count(1)
    expect_no_english()
    # Whoever was booked has been answered.
    expect(page.locator(".queue-item [data-waiting]")).to_have_count(0)
    expect(page.locator("[data-thread-head] .badge-waiting")).to_have_count(0)
    page.keyboard.press("i")
    page.get_by_label("Тема").fill("Покраска")
    page.get_by_role("button", name="Внести обращение").last.click()
    expect(page.locator(".toast")).to_have_text("Обращение внесено.")
    for width in (1100, 390):
        narrow = office.page(RECEPTIONIST, width=width)
        expect_russian(narrow, ["/desk", f"/desk/conversations/{office.conversation}"])


@journey
def the_control_room_speaks_russian(world):
    office = RussianOffice(world)
    for width in (1440, 390):
        page = office.page(ADMIN, width=width)
        expect_russian(page, (
            "/control", "/control/businesses/new", f"/control/businesses/{office.account}",
            "/control/settings"))
    world.expect_error("422")
    page.goto("/control/settings")
    page.locator("input[name=service_hour]").fill("десять")
    page.locator("form.form").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".field-error").first).to_be_visible()
    assert not leftovers(page), leftovers(page)
