"""A private Autosecretary server for a journey: own folder, own database, own loopback port."""

import json as json_module
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "var" / "test-logs" / "journeys"
READY_SECONDS = 90
STOP_SECONDS = 10


def binary():
    """The program under test: AUTOSECRETARY_BIN, else the debug build."""
    path = Path(os.environ.get("AUTOSECRETARY_BIN", ROOT / ".build/debug/autosecretary"))
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: swift build first, or set AUTOSECRETARY_BIN")
    return str(path.absolute())


def free_port():
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Reply:
    """An HTTP answer. `body` is parsed JSON when the answer is JSON, else text."""

    status: int
    headers: dict
    body: object

    def __getitem__(self, key):
        return self.body[key]


class Server:
    """One server process. `World.server()` makes it; it is started, ready and stopped for you.

    options:
      demo        seed the demo office
      test_clock  an instant like "2026-03-02T09:00:00Z": run on the virtual clock from there
      engine      "sqlite" (default) or "postgres" (a new database in AUTOSECRETARY_TEST_POSTGRES;
                  the journey is skipped where there is none)
      flags       more command-line flags; env: more environment variables
    """

    def __init__(self, name, *, demo=False, test_clock=None, engine=None, flags=(), env=None):
        self.folder = Path(tempfile.mkdtemp(prefix="as-journey."))
        self.log_path = LOGS / f"{name}.log"
        self.log_path.unlink(missing_ok=True)
        self.engine = engine or os.environ.get("AUTOSECRETARY_TEST_JOURNEY_ENGINE", "sqlite")
        self.database = self._make_database()
        self.flags = [*(["--demo"] if demo else []),
                      *(["--test-clock", test_clock] if test_clock else []), *flags]
        keep = ("PATH", "LANG", "LD_LIBRARY_PATH")
        self.env = {key: os.environ[key] for key in keep if key in os.environ}
        self.env |= {"HOME": str(self.folder), "TZ": "UTC",
                     "AUTOSECRETARY_FILES": str(self.folder / "files")} | (env or {})
        self.port = None
        self.process = None

    # The process

    def start_on(self, port):
        """Starts again on the port that browsers know; they reconnect by themselves."""
        return self.start(port)

    def start(self, port=None):
        """Starts the server, on a free port unless told otherwise, and waits for /readyz."""
        LOGS.mkdir(parents=True, exist_ok=True)
        for attempt in range(3):
            self.port = port or free_port()
            command = [binary(), "serve", "--host", "127.0.0.1", "--port", str(self.port),
                       "--database", self.database, *self.flags]
            with open(self.log_path, "ab") as log:
                self.process = subprocess.Popen(
                    command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL,
                    stdout=log, stderr=subprocess.STDOUT)
            if self._wait_until_ready():
                return self
            # Somebody may have taken the port between the look and the start.
            if "in use" not in self.log_tail():
                break
        code = self.process.poll()
        self.kill()
        raise AssertionError(
            f"the server did not get ready (exit code {code}):\n{self.log_tail()}")

    def stop(self):
        """Asks the server to stop and expects it to, within ten seconds and without a failure."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is not None:
            raise AssertionError(
                f"the server had ended by itself with code {process.returncode}:\n"
                f"{self.log_tail()}")
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(
                f"the server did not stop within {STOP_SECONDS} s of SIGTERM") from None
        if code not in (0, -signal.SIGTERM):
            raise AssertionError(f"the server stopped with code {code}:\n{self.log_tail()}")

    def kill(self):
        """Ends the process at once, as a power cut would; `start()` brings it back."""
        if self.process is not None:
            process, self.process = self.process, None
            process.kill()
            process.wait()

    def remove(self):
        """Stops what still runs and removes folder and database."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            if self.engine == "postgres":
                self._psql(f'DROP DATABASE IF EXISTS "{self.database_name}" WITH (FORCE)')

    def log_tail(self, lines=25):
        """The last lines of the server's log."""
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])

    # The command line

    def cli(self, *arguments, input=None):
        """Runs `autosecretary ARGUMENTS --database …` and returns its output."""
        done = subprocess.run(
            [binary(), *arguments, "--database", self.database], cwd=ROOT, env=self.env,
            input=input or "", capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise AssertionError(
                f"autosecretary {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout.strip()

    def create_user(self, email, name, role, password, account=None):
        """`user create`: an office user, or with `account` (a slug) a member of that account."""
        self.cli("user", "create", "--email", email, "--name", name, "--role", role,
                 *(["--account", account] if account else []), "--password-stdin",
                 input=password + "\n")

    def create_token(self, email, name="journey", scopes=()):
        """`token create`: the API token of that user."""
        return self.cli("token", "create", "--user", email, "--name", name,
                        *[part for scope in scopes for part in ("--scope", scope)])

    # HTTP

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def request(self, method, path, *, json=None, body=None, token=None, headers=None, expect=None):
        """One HTTP exchange, redirects not followed. `expect`: the status it must have."""
        headers = dict(headers or {})
        if json is not None:
            body = json_module.dumps(json).encode()
            headers.setdefault("Content-Type", "application/json")
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        try:
            with _OPENER.open(request, timeout=30) as answer:
                reply = _reply(answer)
        except urllib.error.HTTPError as answer:
            reply = _reply(answer)
        if expect is not None and reply.status != expect:
            raise AssertionError(
                f"{method} {path} answered {reply.status}, not {expect}: {reply.body}")
        return reply

    def api(self, method, path, json=None, token=None, expect=None, headers=None):
        """One call of the API; `path` is without /api/v1. Any 2xx will do unless `expect` says."""
        reply = self.request(
            method, "/api/v1" + path, json=json, token=token, headers=headers, expect=expect)
        if expect is None and not 200 <= reply.status < 300:
            raise AssertionError(f"{method} {path} answered {reply.status}: {reply.body}")
        return reply

    def move_clock(self, now, token):
        """Moves the virtual clock; when this returns, everything due until then has run."""
        return self.api("POST", "/test_clock", json={"now": now}, token=token)

    # Inside

    def _wait_until_ready(self):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            try:
                if self.request("GET", "/readyz").status == 200:
                    return True
            except OSError:
                pass
            time.sleep(0.05)
        return False

    def _make_database(self):
        if self.engine != "postgres":
            return f"sqlite:{self.folder}/journey.db"
        base = os.environ["AUTOSECRETARY_TEST_POSTGRES"]
        self.database_name = f"journey_{os.getpid()}_{self.folder.name.split('.')[-1]}"
        self._psql(f'CREATE DATABASE "{self.database_name}"')
        return base.replace("/postgres?", f"/{self.database_name}?")

    def _psql(self, statement):
        subprocess.run(["psql", os.environ["AUTOSECRETARY_TEST_POSTGRES"], "-qc", statement],
                       check=True, capture_output=True, text=True, timeout=60)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _reply(answer):
    text = answer.read().decode(errors="replace")
    headers = {key.lower(): value for key, value in answer.headers.items()}
    is_json = "json" in headers.get("content-type", "") and text
    return Reply(answer.status, headers, json_module.loads(text) if is_json else text)
