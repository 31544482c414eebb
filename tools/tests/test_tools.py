"""The scripts in tools/."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*command, **options):
    options = {"capture_output": True, "text": True, "timeout": 180, "cwd": ROOT} | options
    return subprocess.run([str(part) for part in command], **options)


class ThrowAwayPostgres(unittest.TestCase):
    tool = ROOT / "tools" / "test-postgres.sh"

    def test_starts_answers_and_leaves_nothing(self):
        folder = tempfile.mkdtemp(prefix="as-pg.", dir="/tmp")
        started = run(self.tool, "start", folder)
        try:
            self.assertEqual(started.returncode, 0, started.stderr)
            url = started.stdout.strip()
            self.assertEqual(url, f"postgres://postgres@/postgres?host={folder}")
            facts = run("psql", url, "-Atc", """
                SELECT current_setting('listen_addresses'), current_setting('max_connections'),
                       current_setting('fsync'), current_setting('server_encoding'), datcollate
                FROM pg_database WHERE datname = 'postgres'""")
            self.assertEqual(facts.stdout.strip(), "|400|on|UTF8|C.UTF-8", facts.stderr)
            pid = int(Path(folder, "data/postmaster.pid").read_text().split()[0])
        finally:
            stopped = run(self.tool, "stop", folder)
        self.assertEqual(stopped.returncode, 0, stopped.stderr)
        self.assertFalse(Path(folder).exists())
        self.assertTrue(is_gone(pid))
        self.assertEqual(run(self.tool, "stop", folder).returncode, 0)

    def test_refuses_a_path_too_long_for_a_socket(self):
        with tempfile.TemporaryDirectory() as parent:
            started = run(self.tool, "start", Path(parent, "x" * 90))
        self.assertNotEqual(started.returncode, 0)
        self.assertIn("too long", started.stderr)

    def test_removes_only_what_it_made(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "mine.txt").write_text("precious")
            run(self.tool, "stop", folder)
            self.assertTrue(Path(folder, "mine.txt").exists())


def is_gone(pid):
    """No such process, or one that only waits for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


class Setup(unittest.TestCase):
    def test_is_quick_and_silent_when_nothing_is_missing(self):
        began = time.monotonic()
        done = run(ROOT / "tools/setup.sh", "test")
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertLess(time.monotonic() - began, 20)

    def test_says_what_is_missing_where_it_cannot_install(self):
        with tempfile.TemporaryDirectory() as folder:
            copy_tools(folder)
            tools = Path(folder, "bin")
            tools.mkdir()
            for name in ("bash", "dirname", "mkdir", "id", "env"):
                (tools / name).symlink_to(shutil.which(name))
            done = run(Path(folder, "tools/setup.sh"), "run", cwd=folder, env={"PATH": str(tools)})
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("libsqlite3-dev libical-dev libpq-dev", done.stderr)
        self.assertIn("Debian only", done.stderr)


class Run(unittest.TestCase):
    def test_says_that_a_port_is_taken(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket() as listener:
            copy_tools(folder)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = str(listener.getsockname()[1])
            done = run(Path(folder, "tools/run.sh"), env=os.environ | {"PORT": port})
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"Port {port} is in use", done.stderr)


class Smoke(unittest.TestCase):
    def test_asks_a_server_and_stops_it(self):
        done = run(ROOT / "tools/smoke.sh", ROOT / "tools/tests/fake_server.py")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("GET /demo: 200\nstopped", done.stdout)

    def test_fails_with_a_server_that_does_not_start(self):
        done = run(ROOT / "tools/smoke.sh", "/bin/false")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ended by itself", done.stdout)


class TestRun(unittest.TestCase):
    """tools/test.sh in a copy of the project whose swift is a stand-in."""

    def totals(self, build_code, steps, swift_log=""):
        with tempfile.TemporaryDirectory() as folder:
            copy_tools(folder)
            Path(folder, "Web").mkdir()
            Path(folder, "Tests").mkdir()
            Path(folder, "Web/a.test.mjs").write_text(
                "import test from 'node:test'; test('a', () => {}); test.skip('b', () => {})")
            Path(folder, "var").mkdir()
            Path(folder, "var/test-venv").symlink_to(ROOT / "var/test-venv")
            Path(folder, "log").write_text(swift_log)
            fake = Path(folder, "bin/swift")
            fake.parent.mkdir()
            fake.write_text(f"""#!/bin/sh
case "$1" in --version) echo "Swift version 6.3.1" ;; build) exit {build_code} ;;
test) cat {folder}/log; grep -q failed {folder}/log && exit 1; exit 0 ;; esac""")
            fake.chmod(0o755)
            path = f"{fake.parent}:{os.environ['PATH']}"
            done = run(Path(folder, "tools/test.sh"), *steps, cwd=folder, stdin=subprocess.DEVNULL,
                       env=os.environ | {"PATH": path, "CI": "true"})
            return done.stdout.splitlines()[-1], done.returncode, done.stdout + done.stderr

    good = "✔ Test `a` passed after 0.1 seconds.\n✔ Test run with 1 test in 1 suite passed after 1 seconds."

    def test_the_last_line_adds_everything_up(self):
        last, code, output = self.totals(0, ["build", "swift", "js"], self.good)
        self.assertEqual((last, code), ("2 passed, 0 failed, 1 skipped", 0), output)

    def test_a_failed_build_runs_the_rest_and_fails(self):
        last, code, output = self.totals(1, ["build", "swift", "js"])
        self.assertEqual((last, code), ("1 passed, 1 failed, 1 skipped", 1), output)
        self.assertIn("swift: not run", output)

    def test_no_swift_test_at_all_fails(self):
        none = "✔ Test run with 0 tests in 0 suites passed after 0.001 seconds."
        last, code, output = self.totals(0, ["swift"], none)
        self.assertEqual((last, code), ("0 passed, 1 failed, 0 skipped", 1), output)


def copy_tools(folder):
    shutil.copytree(ROOT / "tools", Path(folder, "tools"),
                    ignore=shutil.ignore_patterns("tests", "__pycache__"))


class Lint(unittest.TestCase):
    def lint(self, files, allow=""):
        with tempfile.TemporaryDirectory() as folder:
            copy_tools(folder)
            Path(folder, "tools/lint-allow.txt").write_text(allow)
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            run("git", "init", "-q", cwd=folder)
            done = run(Path(folder, "tools/lint.sh"), cwd=folder)
            return done.returncode, done.stdout + done.stderr

    def test_each_rule_finds_its_offence(self):
        long_function = "func long() {\n" + "    step()\n" * 70 + "}\n"
        offences = {
            "grdb": ("Sources/Booking/A.swift", "import GRDB\n"),
            "libpq": ("Sources/Booking/A.swift", "import CLibpq\n"),
            "http-client": ("Sources/Channels/A.swift", "import AsyncHTTPClient\n"),
            "sibling": ("Sources/Booking/A.swift", "import Guidance\n"),
            "public": ("Sources/Kernel/A.swift", "public struct A {}\n"),
            "ambient": ("Sources/Kernel/A.swift", "let a = Date()\n"),
            "print": ("Sources/Kernel/A.swift", "    print(1)\n"),
            "force": ("Sources/Kernel/A.swift", "let a = try! b()\n"),
            "unsafe": ("Sources/Kernel/A.swift", "struct A: @unchecked Sendable {}\n"),
            "task": ("Sources/Kernel/A.swift", "Task { await a() }\n"),
            "sql": ("Sources/Booking/BookQueries.swift", '"SELECT now()"\n'),
            "todo": ("Sources/Kernel/A.swift", "// TO" + "DO: later\n"),
            "long-file": ("Sources/Kernel/A.swift", "\n" * 501),
            "long-function": ("Sources/Kernel/A.swift", long_function),
            "vendored": ("Web/vendor/x.js", "1\n"),
            "link": ("docs/a.md", "[b](b.md)\n"),
            "script": ("tools/x.sh", "if\n"),
        }
        for rule, (name, text) in offences.items():
            with self.subTest(rule):
                code, output = self.lint({name: text})
                self.assertEqual(code, 1, output)
                self.assertRegex(output, f"(?m)^{rule}: ")
                self.assertIn(name, output)

    def test_what_is_allowed_passes(self):
        code, output = self.lint({
            "Sources/Store/SQLite/A.swift": "import GRDB\n// print(1), try! and Date() in a comment\n",
            "Sources/Desk/A.swift": "import Booking\nimport Guidance\n",
            "Sources/Kernel/AmbientLive.swift": "let a = Date()\n",
            "Sources/Booking/BookQueries.swift": "let at = ambient.now()\n// TO" + "DO(#12): later\n",
            "Sources/Kernel/A.swift": "struct A: @unchecked Sendable {}\n"
                                      "protocol P { func a()\n func b() }\n"
                                      + "func long() {\n" + "    step()\n" * 68 + "}\n",
            "Migrations/1.sqlite.sql": "CREATE TABLE a (b) STRICT;\n",
            "docs/a.md": "[b](https://example.org) [c](#d) [e](a.md)\n",
        }, allow="unsafe Sources/Kernel/A.swift a wrapper of a C handle\n")
        self.assertEqual(code, 0, output)


if __name__ == "__main__":
    unittest.main()
