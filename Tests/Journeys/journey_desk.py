"""The desk when the network fails for a moment, and on a keyboard that has no Latin letters."""

from harness import expect, journey
from office import Office


class Clients:
    """Clients who write through the API, so that a journey needs no page for each of them."""

    def __init__(self, office, count):
        self.office = office
        self.inbox = office.post(f"/accounts/{office.account}/inboxes",
                                 {"name": "API", "channel": "api", "config": {}})["id"]
        for number in range(1, count + 1):
            self.write(number, f"Question {number}")

    def write(self, number, text):
        self.office.post(f"/inboxes/{self.inbox}/inbound", {
            "source_id": f"m{number}-{text}", "text": text,
            "from": {"address": f"client-{number}", "name": f"Client {number}"}})


class Fault:
    """Requests for this find no server until it is mended: after so many, or by `mend`."""

    def __init__(self, page, pattern, times=None):
        self.failed, self.answered, self.times, self.is_mended = 0, 0, times, False
        page.route(pattern, self.answer)

    def answer(self, route):
        if self.is_mended or self.failed == self.times:
            self.answered += 1
            route.continue_()
        else:
            self.failed += 1
            route.abort("connectionrefused")

    def mend(self):
        self.is_mended = True


def open_desk(world, clients):
    office = Office(world)
    clients = Clients(office, clients)
    desk = office.desk()
    expect(desk.locator("[data-line]")).to_have_attribute("data-state", "open")
    return desk, clients


@journey
def a_queue_that_failed_once_comes_by_itself(world):
    world.expect_error("ERR_CONNECTION_REFUSED")
    desk, clients = open_desk(world, 1)
    expect(desk.locator(".queue-item")).to_have_count(1)
    queue = Fault(desk, "**/desk/queue?*", times=1)
    clients.write(2, "Somebody new")
    expect(desk.locator(".queue-item", has_text="Somebody new")).to_have_count(1)
    expect(desk.locator(".queue-item")).to_have_count(2)
    assert queue.failed == 1 and queue.answered == 1, "it was asked for again, once"


@journey
def a_conversation_that_failed_for_a_while_shows_the_message_once(world):
    world.expect_error("ERR_CONNECTION_REFUSED")
    desk, clients = open_desk(world, 1)
    desk.locator(".queue-item").click()
    expect(desk.locator(".message-incoming")).to_have_count(1)
    log = Fault(desk, "**/log")
    message = desk.locator(".message-incoming", has_text="Are you there?")
    is_for_log = lambda request: request.url.endswith("/log")
    with desk.expect_event("requestfailed", is_for_log):
        clients.write(1, "Are you there?")
    # What follows of itself, such as the receipt, fails too; then come the tries of the desk.
    for _ in range(2):
        desk.wait_for_event("requestfailed", is_for_log)
    expect(message).to_have_count(0)
    log.mend()
    expect(message).to_have_count(1)
    expect(desk.locator(".message-incoming")).to_have_count(2)


# What a Russian keyboard sends: the letter of its layout, and the place of the key.
RUSSIAN = {"j": ("о", "KeyJ"), "u": ("г", "KeyU"), "r": ("к", "KeyR"), "?": (",", "Slash")}


def press_russian(page, letter, **more):
    """A key of a Russian layout; the driver's own keyboard is American. Says if it was taken."""
    key, code = RUSSIAN[letter]
    return page.evaluate("""(stroke) => !(document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { ...stroke, bubbles: true, cancelable: true }))""",
        {"key": key, "code": code, **more})


@journey
def the_keys_of_the_desk_work_on_a_russian_keyboard(world):
    office = Office(world)
    Clients(office, 3)
    desk = office.desk(locale="ru-RU")
    expect(desk.locator(".queue-item")).to_have_count(3)
    name = desk.locator(".conversation-title h2")
    shown = desk.locator(".queue-item[aria-current]")

    for number in (1, 2, 3):
        assert press_russian(desk, "j")
        expect(name).to_have_text(f"Client {number}")
        expect(shown).to_contain_text(f"Client {number}")
    assert press_russian(desk, "u")
    expect(name).to_have_text("Client 2")

    # In the field letters are letters; Alt with the key still works.
    assert press_russian(desk, "r")
    field = desk.locator("[data-composer] textarea")
    expect(field).to_be_focused()
    assert not press_russian(desk, "j")
    expect(name).to_have_text("Client 2")
    desk.keyboard.insert_text("Добрый день")
    assert press_russian(desk, "j", altKey=True)
    expect(name).to_have_text("Client 3")
    assert press_russian(desk, "u", altKey=False)
    expect(name).to_have_text("Client 2")
    expect(field).to_have_value("Добрый день")

    # The browser's own shortcuts stay the browser's.
    assert not press_russian(desk, "r", ctrlKey=True)
    # The key map opens by the place of its key.
    assert press_russian(desk, "?")


def begin(desk, name, text, note=None):
    """Opens the conversation of that client and begins a reply, and perhaps a note."""
    desk.locator(".queue-item", has_text=name).click()
    expect(desk.locator(".conversation-title h2")).to_have_text(name)
    field = desk.locator("[data-composer] textarea")
    field.fill(text)
    if note:
        desk.get_by_role("button", name="Private note").click()
        expect(field).to_have_value("")
        field.fill(note)


def kept(desk):
    """Everything that the browser keeps for this site."""
    return desk.evaluate("JSON.stringify(localStorage)")


@journey
def what_was_begun_survives_the_page_and_no_one_else_sees_it(world):
    desk, _ = open_desk(world, 2)
    begin(desk, "Client 1", "We are open until", note="Asked twice")
    begin(desk, "Client 2", "The price is")

    # The page dies; another one of the same browser goes on.
    context = desk.context
    desk.close()
    desk = context.new_page()
    desk.goto("/desk")
    field = desk.locator("[data-composer] textarea")
    desk.locator(".queue-item", has_text="Client 2").click()
    expect(field).to_have_value("The price is")
    desk.locator(".queue-item", has_text="Client 1").click()
    expect(field).to_have_value("Asked twice")
    expect(desk.locator("[data-composer]")).to_have_attribute("data-mode", "note")
    desk.get_by_role("button", name="Reply").click()
    expect(field).to_have_value("We are open until")

    # Sent, it is gone; the note is not.
    field.press("Enter")
    expect(desk.locator(".message-out", has_text="We are open until")).to_have_count(1)
    desk.reload()
    expect(field).to_have_value("")
    desk.get_by_role("button", name="Private note").click()
    expect(field).to_have_value("Asked twice")

    # Nothing stays behind whoever signs out, and the next one begins with nothing.
    assert "The price is" in kept(desk)
    desk.locator("[popovertarget=user-menu]").click()
    desk.get_by_role("button", name="Sign out").click()
    desk.wait_for_url("**/sign-in")
    assert "The price is" not in kept(desk) and "Asked twice" not in kept(desk)


@journey
def what_one_began_is_thrown_away_when_another_signs_in(world):
    desk, _ = open_desk(world, 1)
    begin(desk, "Client 1", "Between us")
    desk.context.clear_cookies()
    world.sign_in(desk, "ada@office.test", "a long password")
    desk.goto("/desk")
    desk.locator(".queue-item", has_text="Client 1").click()
    expect(desk.locator("[data-composer] textarea")).to_have_value("")
    assert "Between us" not in kept(desk)


@journey
def resolving_is_taken_back_by_key_or_button_unless_something_came_since(world):
    world.expect_error("412")
    desk, clients = open_desk(world, 2)
    toast = desk.locator(".toast", has_text="Resolved.")
    name = desk.locator(".conversation-title h2")
    desk.locator(".queue-item", has_text="Client 1").click()
    expect(name).to_have_text("Client 1")
    expect(desk.locator(".conversation-title .badge-waiting")).to_have_count(1)

    # By its key, from wherever one is.
    desk.keyboard.press("e")
    expect(toast).to_contain_text("Undo")
    expect(desk.locator(".toasts")).to_have_attribute("role", "status")
    expect(name).to_have_text("Client 2")
    world.screenshot(desk, "undo", full=False)
    desk.keyboard.press("z")
    expect(name).to_have_text("Client 1")
    expect(desk.locator(".queue-item")).to_have_count(2)
    expect(desk.locator(".conversation-title .badge-waiting")).to_have_count(1)
    expect(toast).to_have_count(0)

    # By its button, which stays as long as the focus is on it.
    desk.keyboard.press("e")
    expect(name).to_have_text("Client 2")
    button = toast.get_by_role("button", name="Undo")
    button.focus()
    desk.wait_for_timeout(12_500)
    button.press("Enter")
    expect(name).to_have_text("Client 1")

    # A snooze goes the same way.
    desk.keyboard.press("s")
    snoozed = desk.locator(".toast", has_text="Back in an hour.")
    snoozed.get_by_role("button", name="Undo").click()
    expect(desk.locator(".queue-item")).to_have_count(2)
    expect(name).to_have_text("Client 1")

    # What has changed since is not overwritten.
    desk.keyboard.press("e")
    expect(name).to_have_text("Client 2")
    clients.write(1, "One more thing")
    expect(desk.locator(".queue-item", has_text="One more thing")).to_have_count(1)
    desk.keyboard.press("z")
    expect(desk.locator(".toast", has_text="it has changed since")).to_have_count(1)
