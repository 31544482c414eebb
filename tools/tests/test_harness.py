"""The journey harness, run against a stand-in server and the real Chromium."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAKE = ROOT / "tools" / "tests" / "fake_server.py"
HEAD = "from harness import expect, journey, skip\n"


def run(source, words=(), **env):
    """Runs a file of journeys; returns the summary and what was printed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "journey_sample.py").write_text(HEAD + source)
        summary = Path(folder, "summary.json")
        done = subprocess.run(
            [sys.executable, ROOT / "Tests/Journeys/run.py", "--folder", folder,
             "--summary", summary, *words],
            env=os.environ | {"AUTOSECRETARY_BIN": str(FAKE)} | env,
            capture_output=True, text=True, timeout=120)
        return json.loads(summary.read_text()), done.stdout + done.stderr


class Harness(unittest.TestCase):
    def assert_counts(self, result, passed, failed, skipped=0):
        summary, output = result
        counts = [summary[key] for key in ("passed", "failed", "skipped")]
        self.assertEqual(counts, [passed, failed, skipped], output)

    def test_what_works_passes(self):
        self.assert_counts(run("""
@journey
def pages(world):
    server = world.shared_server()
    page = world.page(server, width=390, scheme="dark")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Hello")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert world.screenshot(page, "sample").exists()
    world.sign_in(page, "ann@example.com", "secret")
    assert page.title() == "Desk"

@journey
def keys_are_counted(world):
    page = world.page(world.shared_server())
    page.goto("/keys")
    keys = world.keys(page)
    keys.press("j", "Enter")
    keys.type("Ann")
    assert (keys.strokes, keys.characters, page.title()) == (2, 3, "5")

@journey
def people_and_the_api(world):
    server = world.server()
    server.create_user("ann@example.com", "Ann", "admin", "secret")
    token = server.create_token("ann@example.com")
    assert server.api("GET", "/me", token=token)["token"] == "Bearer token-of-ann@example.com"
    server.api("GET", "/me", expect=401)

@journey
def a_widget_on_another_site(world):
    server = world.shared_server()
    site = world.foreign_site(f'<script src="{server.url}/widget.js"></script>')
    page = world.page(server)
    page.goto(site.url)
    assert page.locator("body").get_attribute("data-widget") == site.origin

@journey
def a_server_comes_back_after_a_power_cut(world):
    server = world.server()
    server.kill()
    server.start()
    server.request("GET", "/healthz", expect=200)
"""), 5, 0)

    def test_what_a_page_does_wrong_fails(self):
        source = "".join(f"""
@journey
def visits_{path}(world):
    world.page(world.shared_server()).goto("/{path}")
""" for path in ("logs", "throws", "broken", "outside"))
        result = run(source)
        self.assert_counts(result, 0, 4)
        texts = [failure["text"] for failure in result[0]["failures"]]
        for text, part in zip(texts, ("ouch", "kaboom", "500", "ERR_NAME_NOT_RESOLVED")):
            self.assertIn(part, text)

    def test_announced_errors_and_skips(self):
        self.assert_counts(run("""
@journey
def announced(world):
    world.expect_error("ouch")
    world.page(world.shared_server()).goto("/logs")

@journey
def skipped(world):
    skip("not here")

@journey
def needs_postgres(world):
    world.server(engine="postgres")
""", AUTOSECRETARY_TEST_POSTGRES=""), 1, 0, 2)

    def test_a_server_on_postgres_has_a_database_of_its_own(self):
        tool = ROOT / "tools/test-postgres.sh"
        folder = tempfile.mkdtemp(prefix="as-pg.", dir="/tmp")
        url = subprocess.run([tool, "start", folder], check=True, capture_output=True,
                             text=True).stdout.strip()
        try:
            self.assert_counts(run("""
import subprocess

@journey
def own_database(world):
    url = world.server(engine="postgres").database
    name = subprocess.run(["psql", url, "-Atc", "SELECT current_database()"],
                          check=True, capture_output=True, text=True).stdout.strip()
    assert name.startswith("journey_"), name
""", AUTOSECRETARY_TEST_POSTGRES=url), 1, 0)
            names = subprocess.run(["psql", url, "-Atc", "SELECT datname FROM pg_database"],
                                   capture_output=True, text=True).stdout
            self.assertNotIn("journey_", names)
        finally:
            subprocess.run([tool, "stop", folder])

    def test_servers_that_die_or_do_not_stop_fail(self):
        result = run("""
@journey
def dies(world):
    server = world.server()
    try:
        server.request("GET", "/quit")
    except OSError:
        server.process.wait()

@journey
def stays(world):
    world.server(env={"FAKE_STUBBORN": "1"})
""")
        self.assert_counts(result, 0, 2)
        self.assertIn("ended by itself", result[0]["failures"][0]["text"])
        self.assertIn("did not stop", result[0]["failures"][1]["text"])

    def test_a_hang_or_crash_costs_one_journey(self):
        self.assert_counts(run("""
import os, time

@journey(seconds=2)
def hangs(world):
    world.shared_server()
    time.sleep(60)

@journey
def crashes(world):
    os._exit(9)

@journey
def still_runs(world):
    world.shared_server()
"""), 1, 2)

    def test_nothing_chosen_is_a_failure(self):
        summary, output = run("@journey\ndef one(world):\n    pass\n", ["nonesuch"])
        self.assertEqual(summary["passed"], 0)
        self.assertIn("0 passed, 0 failed", output)


if __name__ == "__main__":
    unittest.main()
