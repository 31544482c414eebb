"""What journeys are written with. A journey is a function in a file journey_*.py:

    from harness import journey

    @journey
    def a_visitor_reads_the_front_page(world):
        server = world.shared_server(demo=True)
        page = world.page(server, width=390, scheme="dark")
        page.goto("/")
        assert page.title()

Each is one test, named by its function. A page that logs a console error, throws, or gets a 5xx
fails its journey unless `world.expect_error(…)` announced it; so does a server that dies or does
not stop. Pages never reach anything but this machine. Playwright waits by itself: use
`expect(locator)` and never sleep.
"""

import inspect
import os
import re
import shutil
import traceback
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from foreign import ForeignSite
from server import LOGS, ROOT, Reply, Server

__all__ = ["ForeignSite", "Keys", "Reply", "Server", "World", "expect", "journey", "skip"]

SCREENSHOTS = ROOT / "var" / "screenshots"
PAGE_MILLISECONDS = 10_000
JOURNEY_SECONDS = 120

registered = []


class Skipped(Exception):
    """The journey cannot run here."""


def skip(reason):
    """Ends the journey as skipped, for the given reason."""
    raise Skipped(reason)


def journey(function=None, *, seconds=JOURNEY_SECONDS):
    """Registers a journey: `@journey`, or `@journey(seconds=300)` for a long one."""
    def register(function):
        function.seconds = seconds
        registered.append(function)
        return function
    return register(function) if function else register


class Keys:
    """The keyboard of a page, counting: `press` counts strokes, `type` counts characters.

        keys = world.keys(page)
        keys.press("j"); keys.press("Enter"); keys.type("Ann")
        assert keys.strokes <= 2 and keys.characters == 3
    """

    def __init__(self, page):
        self.page = page
        self.strokes = 0
        self.characters = 0

    def press(self, *keys):
        """Presses each key or chord ("Enter", "Control+k") and counts it."""
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1

    def type(self, text):
        """Types text as a person does, key by key."""
        self.page.keyboard.type(text)
        self.characters += len(text)

    def reset(self):
        self.strokes = self.characters = 0


class World:
    """Everything one journey uses. What it opens is closed when the journey ends."""

    def __init__(self, name, browser, shared):
        self.name = name
        self._browser = browser
        self._shared = shared
        self._servers, self._contexts, self._sites = [], [], []
        self._errors, self._expected = [], []

    # Servers

    def server(self, **options):
        """A server of this journey's own, started and ready. Options: see `Server`."""
        self._refuse_missing_postgres(options)
        server = Server(f"{self.name}-server{len(self._servers) + 1}", **options)
        self._servers.append(server)
        return server.start()

    def shared_server(self, **options):
        """A server that the journeys of one file share: same options, same server. For journeys
        that do not mind what the others left."""
        self._refuse_missing_postgres(options)
        key = repr(sorted(options.items()))
        if key not in self._shared:
            file = Path(inspect.stack()[1].filename).stem
            self._shared[key] = Server(f"{file}-shared{len(self._shared) + 1}", **options).start()
        return self._shared[key]

    def foreign_site(self, script_tag, pages=None):
        """Another site with a page that embeds `script_tag`; open it with `page.goto(site.url)`."""
        site = ForeignSite(script_tag, pages)
        self._sites.append(site)
        return site

    # Pages

    def page(self, server=None, *, width=1440, height=900, scheme="light", locale="en-US",
             time_zone="UTC", touch=None, script=True, context=None, state=None):
        """A page in a browser profile of its own (or in `context`, another page's
        `page.context`). Paths in `page.goto` are the server's. `width` 390 means a phone unless
        `touch` says otherwise; `script=False` switches JavaScript off; `state` brings the cookies of another
        page's `context.storage_state()`."""
        if context is None:
            phone = width <= 480 if touch is None else touch
            context = self._browser.new_context(
                base_url=server.url if server else None, locale=locale, timezone_id=time_zone,
                viewport={"width": width, "height": height}, color_scheme=scheme,
                has_touch=phone, is_mobile=phone, java_script_enabled=script,
                reduced_motion="reduce", storage_state=state)
            context.set_default_timeout(PAGE_MILLISECONDS)
            context.on("page", self._watch)
            self._contexts.append(context)
        return context.new_page()

    def sign_in(self, page, email, password):
        """Signs in through the sign-in page, as a person does."""
        page.goto("/sign-in")
        page.locator("input[name=email]").fill(email)
        page.locator("input[type=password]").fill(password)
        page.locator("input[type=password]").press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def keys(self, page):
        """A counting keyboard for the page."""
        return Keys(page)

    def screenshot(self, page, name, full=True):
        """Saves var/screenshots/JOURNEY-NAME.png and returns its path."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{self.name}-{name}.png"
        page.screenshot(path=path, full_page=full)
        return path

    def expect_error(self, pattern):
        """Page errors that match this regular expression are part of the story."""
        self._expected.append(re.compile(pattern))

    # Inside

    def _watch(self, page):
        page.on("pageerror", lambda error: self._errors.append(f"{page.url} threw: {error}"))
        page.on("console", lambda message: message.type == "error" and self._errors.append(
            f"{page.url} logged: {message.text} ({message.location.get('url', '')})"))
        page.on("response", lambda answer: answer.status >= 500 and self._errors.append(
            f"{answer.request.method} {answer.url} answered {answer.status}"))

    def _refuse_missing_postgres(self, options):
        wants = options.get("engine") or os.environ.get("AUTOSECRETARY_TEST_JOURNEY_ENGINE")
        if wants == "postgres" and not os.environ.get("AUTOSECRETARY_TEST_POSTGRES"):
            skip("there is no PostgreSQL")

    def unexpected_errors(self):
        return [error for error in self._errors
                if not any(pattern.search(error) for pattern in self._expected)]

    def keep_evidence(self):
        """After a failure: picture and HTML of every open page, the end of the servers' logs."""
        LOGS.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages, 1):
            stem = LOGS / f"{self.name}-page{number}"
            try:
                stem.with_suffix(".html").write_text(f"<!-- {page.url} -->\n{page.content()}")
                page.screenshot(path=stem.with_suffix(".png"), timeout=5000)
            except Exception as error:  # the page may be what broke
                print(f"    no picture of {page.url}: {error}")
        for server in [*self._servers, *self._shared.values()]:
            print(f"    the end of {server.log_path.relative_to(ROOT)}:")
            print("\n".join("      " + line for line in server.log_tail().splitlines()))

    def close(self):
        """Closes everything; returns what went wrong in that."""
        wrong = []
        for thing in [context.close for context in self._contexts] + \
                [site.close for site in self._sites] + [server.remove for server in self._servers]:
            try:
                thing()
            except Exception as error:
                wrong.append(str(error))
        for server in self._shared.values():
            if server.process is not None and server.process.poll() is not None:
                wrong.append(f"the shared server ended by itself:\n{server.log_tail()}")
        return wrong


def run_journey(function, browser, shared):
    """Runs one journey and returns ("passed" | "failed" | "skipped", what to say of it)."""
    world = World(function.__name__.replace("_", "-"), browser, shared)
    outcome, text = "passed", ""
    try:
        function(world)
        errors = world.unexpected_errors()
        assert not errors, "page errors:\n" + "\n".join(errors)
    except Skipped as reason:
        outcome, text = "skipped", str(reason)
    except Exception as error:
        outcome, text = "failed", story_of_failure(error)
        errors = [line for line in world.unexpected_errors() if line not in text]
        text += "".join(f"also: {line}\n" for line in errors)
        world.keep_evidence()
    wrong = world.close()
    if wrong and outcome != "failed":
        outcome, text = "failed", "\n".join(wrong)
    return outcome, text


def story_of_failure(error):
    """The lines of ours that led to the error, without the browser driver's own."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if "site-packages" not in frame.filename and frame.filename != __file__]
    return "".join([*traceback.format_list(frames),
                    *traceback.format_exception_only(type(error), error)])


def open_browser(playwright):
    """The system's Chromium; nothing is downloaded."""
    wanted = os.environ.get("AUTOSECRETARY_TEST_CHROMIUM", "chromium")
    arguments = ["--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, "
                 "EXCLUDE localhost, EXCLUDE 127.0.0.1"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(
        executable_path=shutil.which(wanted) or wanted, args=arguments)


def run_all(functions, started, finished):
    """Runs journeys in one browser, telling `started(function)` and `finished(function, …)`."""
    shared = {}
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        for function in functions:
            started(function)
            finished(function, *run_journey(function, browser, shared))
        browser.close()
    wrong = []
    for server in shared.values():
        try:
            server.remove()
        except Exception as error:
            wrong.append(str(error))
    return wrong
